/** What the team notes of somebody besides the usual: named values, each guarded. */
import { Pencil, Plus, X } from 'lucide-react';
import { useRef, useState, type ReactNode, type SubmitEvent } from 'react';
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
type Editing = { key: string | null; seen: string | null; text: string } | null;

/** Invariant: what is typed stays until it is saved or given up, also when somebody else changes or removes that value meanwhile. */
export function Attributes({ contactId, attributes }: { contactId: string; attributes: readonly Attribute[] }) {
  const { t } = useTexts();
  const client = useClient();
  const { contacts } = useStores();
  const { isBusy, run } = useAction();
  const [editing, setEditing] = useState<Editing>(null);
  const editedKey = editing?.key ?? null;
  const stands = attributes.find(({ key }) => key === editedKey)?.value ?? null;
  const isContested = editing !== null && editedKey !== null && stands !== editing.seen && stands !== editing.text.trim();
  const isGone = editedKey !== null && stands === null;

  const set = (key: string, from: string | null, to: string | null): Promise<boolean> =>
    run(async () => {
      const verdict = await client.contacts.setAttribute({ contactId, key, from, to });
      await contacts.getState().refresh();
      return verdict;
    });
  const save = async (key: string, from: string | null): Promise<void> => {
    if (editing !== null && (await set(key, from, editing.text.trim()))) setEditing(null);
  };
  const form = editing !== null && (
    <AttributeForm
      key={editing.key ?? ''}
      name={editing.key}
      text={editing.text}
      isBusy={isBusy}
      taken={editing.key === null ? attributes.map(({ key }) => key) : []}
      onType={(text) => setEditing({ ...editing, text })}
      onCancel={() => setEditing(null)}
      // What somebody else wrote is shown beside it: whoever saves now has seen that.
      onSave={(key) => void save(key, stands)}
    >
      {isContested && (
        <p className={styles['contested']} role="alert">
          {stands === null ? t('contacts.attributes.conflictGone') : t('contacts.attributes.conflict', { value: stands })}
        </p>
      )}
    </AttributeForm>
  );

  return (
    <>
      {attributes.length === 0 && editing === null && <p className={styles['none']}>{t('contacts.attributes.none')}</p>}
      <dl className={styles['facts']}>
        {attributes.map(({ key, value }) =>
          key === editedKey ? (
            form
          ) : (
            <div key={key}>
              <dt>
                <bdi>{key}</bdi>
              </dt>
              <dd>
                <bdi className={styles['value']}>{value}</bdi>
                <span className={styles['tools']}>
                  <IconButton label={t('contacts.attributes.edit', { key })} onClick={() => setEditing({ key, seen: value, text: value })}>
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
      {editing !== null && (editedKey === null || isGone) ? (
        form
      ) : (
        <Button look="quiet" icon={<Plus size={14} />} onClick={() => setEditing({ key: null, seen: null, text: '' })}>
          {t('contacts.attributes.add')}
        </Button>
      )}
    </>
  );
}

type FormProps = {
  /** Null: it has none yet. */
  name: string | null;
  text: string;
  isBusy: boolean;
  taken: readonly string[];
  children: ReactNode;
  onType(text: string): void;
  onCancel(): void;
  onSave(key: string): void;
};

function AttributeForm({ name, text, isBusy, taken, children, onType, onCancel, onSave }: FormProps) {
  const { t } = useTexts();
  const [key, setKey] = useState(name ?? '');
  const first = useRef<HTMLInputElement>(null);
  useFocusOnMount(first);
  const isTaken = taken.includes(key.trim());
  const isOff = isBusy || isTaken || key.trim() === '' || text.trim() === '';
  return (
    <form
      className={styles['inset']}
      onSubmit={(event: SubmitEvent) => {
        event.preventDefault();
        if (!isOff) onSave(key.trim());
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
          onChange={(event) => onType(event.target.value)}
        />
      </div>
      {children}
      <div className={styles['save']}>
        <Button onClick={onCancel}>{t('action.cancel')}</Button>
        <Button look="primary" submits aria-disabled={isOff}>
          {t('action.save')}
        </Button>
      </div>
    </form>
  );
}
