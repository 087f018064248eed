/** The first message to a number: read as it is typed, with who has it already. */
import { ArrowRight, UserRoundCheck } from 'lucide-react';
import { useRef, useState } from 'react';
import { NAME_MAX } from '../../contract/limits.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useClient, useStores } from '../ui/app-context.tsx';
import { DialogForm } from '../ui/dialog-form.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { PhoneReading, usePhoneReading } from '../ui/phone-reading.tsx';
import { useAction } from '../ui/use-action.ts';
import { useFocusOnMount } from '../ui/use-focus-on-mount.ts';
import styles from './direct-dialog.module.css';

export function DirectDialog({ onClose }: { onClose(): void }) {
  const { t } = useTexts();
  const client = useClient();
  const { conversation, view } = useStores();
  const { isBusy, failure, run, forget } = useAction({ isQuiet: true });
  const [phone, setPhone] = useState('');
  const [name, setName] = useState('');
  const reading = usePhoneReading(phone);
  const first = useRef<HTMLInputElement>(null);
  useFocusOnMount(first);
  const known = reading?.known ?? null;

  function type(text: string): void {
    forget();
    setPhone(text);
  }

  async function start(): Promise<void> {
    let openId = known?.conversationId ?? null;
    const isDone = await run(async () => {
      openId ??= (await client.conversations.start({ phone, name: name.trim() || null })).conversationId;
    });
    if (!isDone || openId === null) return;
    onClose();
    conversation.getState().open(openId);
    view.getState().focusPane('composer', openId);
  }

  return (
    <Dialog title={t('compose.direct.title')} onClose={onClose}>
      <DialogForm
        confirm={t(known?.conversationId ? 'compose.direct.openKnown' : 'compose.direct.start')}
        isOff={isBusy || !(reading?.isComplete ?? false)}
        failure={failure}
        onSubmit={() => void start()}
        onClose={onClose}
      >
        <div>
          <TextField ref={first} label={t('compose.direct.phone')} inputMode="tel" maxLength={40} value={phone} hint={t('compose.direct.hint')} onChange={(event) => type(event.target.value)} />
          <PhoneReading
            phone={phone}
            reading={reading}
            onType={(text) => {
              type(text);
              first.current?.focus();
            }}
          />
        </div>
        {known ? (
          <p className={styles['known']}>
            <UserRoundCheck size={16} aria-hidden="true" />
            <span>
              <strong>{t('compose.direct.known', { name: known.contact.name })}</strong> {known.conversationId && t('compose.direct.knownHint')}
            </span>
          </p>
        ) : (
          <TextField
            label={t('compose.card.optional', { label: t('compose.direct.name') })}
            dir="auto"
            maxLength={NAME_MAX}
            value={name}
            hint={t('compose.direct.nameHint')}
            onChange={(event) => setName(event.target.value)}
          />
        )}
        <p className={styles['rule']}>
          <ArrowRight size={14} aria-hidden="true" />
          {t('compose.direct.rule')}
        </p>
      </DialogForm>
    </Dialog>
  );
}
