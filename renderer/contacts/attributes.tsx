/** What the team notes of somebody besides the usual: named values, each guarded. */
import { Pencil, Plus, X } from 'lucide-react';
import { useRef, useState, type SubmitEvent } from 'react';
import { NAME_MAX, REQUEST_TEXT_MAX } from '../../contract/limits.ts';
import type { ContactDetails } from '../../contract/work-entities.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useClient, useStores } from '../ui/app-context.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { useAction } from '../ui/use-action.ts';
import { useFocusOnMount } from '../ui/use-focus-on-mount.ts';
import styles from './contact-page.module.css';

type Attribute = ContactDetails['attributes'][number];
/** Null: nothing is being typed; `key` null: a new one. `seen`: what stood when typing began. */
type Editing = { key: string | null; seen: string | null } | null;

export function Attributes({ contactId, attributes }: { contactId: string; attributes: readonly Attribute[] }) {
  const { t } = useTexts();
  const client = useClient();
  const { contacts } = useStores();
  const { isBusy, run } = useAction();
  const [editing, setEditing] = useState<Editing>(null);
  /** The one that somebody else changed first. */
  const [lost, setLost] = useState<string | null>(null);

  async function set(key: string, from: string | null, to: string | null): Promise<void> {
    setLost(null);
    const isDone = await run(async () => {
      const { outcome } = await client.contacts.setAttribute({ contactId, key, from, to });
      await contacts.getState().refresh();
      if (outcome === 'superseded') setLost(key);
      return null;
    });
    if (isDone) setEditing(null);
  }

  return (
    <>
      {attributes.length === 0 && editing === null && <p className={styles['none']}>{t('contacts.attributes.none')}</p>}
      <dl className={styles['facts']}>
        {attributes.map(({ key, value }) =>
          editing?.key === key ? (
            <AttributeForm key={key} name={key} value={value} isBusy={isBusy} taken={[]} onCancel={() => setEditing(null)} onSave={(_, to) => void set(key, editing.seen, to)} />
          ) : (
            <div key={key}>
              <dt>
                <bdi>{key}</bdi>
              </dt>
              <dd>
                <bdi className={styles['value']}>{value}</bdi>
                <span className={styles['tools']}>
                  <IconButton label={t('contacts.attributes.edit', { key })} onClick={() => setEditing({ key, seen: value })}>
                    <Pencil size={14} />
                  </IconButton>
                  <IconButton label={t('contacts.attributes.remove', { key })} aria-disabled={isBusy} onClick={() => void set(key, value, null)}>
                    <X size={14} />
                  </IconButton>
                </span>
              </dd>
            </div>
          ),
        )}
      </dl>
      {lost !== null && (
        <p className={styles['contested']} role="alert">
          {t('contacts.attributes.conflict', { key: lost })}
        </p>
      )}
      {editing !== null && editing.key === null ? (
        <AttributeForm name={null} value="" isBusy={isBusy} taken={attributes.map(({ key }) => key)} onCancel={() => setEditing(null)} onSave={(key, to) => void set(key, null, to)} />
      ) : (
        <Button look="quiet" icon={<Plus size={14} />} onClick={() => setEditing({ key: null, seen: null })}>
          {t('contacts.attributes.add')}
        </Button>
      )}
    </>
  );
}

type FormProps = { /** Null: it has none yet. */ name: string | null; value: string; isBusy: boolean; taken: readonly string[]; onCancel(): void; onSave(key: string, value: string): void };

function AttributeForm({ name, value, isBusy, taken, onCancel, onSave }: FormProps) {
  const { t } = useTexts();
  const [key, setKey] = useState(name ?? '');
  const [text, setText] = useState(value);
  const first = useRef<HTMLInputElement>(null);
  useFocusOnMount(first);
  const isTaken = taken.includes(key.trim());
  const isOff = isBusy || isTaken || key.trim() === '' || text.trim() === '';
  return (
    <form
      className={styles['inset']}
      onSubmit={(event: SubmitEvent) => {
        event.preventDefault();
        if (!isOff) onSave(key.trim(), text.trim());
      }}
    >
      <div className={styles['pair']}>
        {name === null && (
          <TextField
            ref={first}
            label={t('contacts.attributes.key')}
            error={isTaken ? t('contacts.attributes.exists') : null}
            dir="auto"
            maxLength={NAME_MAX}
            value={key}
            onChange={(event) => setKey(event.target.value)}
          />
        )}
        <TextField
          {...(name !== null && { ref: first })}
          label={name ?? t('contacts.attributes.value')}
          dir="auto"
          maxLength={REQUEST_TEXT_MAX}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      <div className={styles['save']}>
        <Button onClick={onCancel}>{t('action.cancel')}</Button>
        <Button look="primary" submits aria-disabled={isOff}>
          {t('action.save')}
        </Button>
      </div>
    </form>
  );
}
