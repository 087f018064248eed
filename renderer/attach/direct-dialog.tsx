/** The first message to a number: read as it is typed, with who has it already. */
import { ArrowRight, UserRoundCheck } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { NAME_MAX } from '../../contract/limits.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import type { EngineOutputs } from '../rpc/engine-client.ts';
import { useClient, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { DialogForm } from '../ui/dialog-form.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { useAction } from '../ui/use-action.ts';
import { useFocusOnMount } from '../ui/use-focus-on-mount.ts';
import styles from './direct-dialog.module.css';

type Reading = EngineOutputs['conversations']['readPhone'];

const READ_AFTER_MS = 120;
/** A number of Guatemala without its code. */
const LOCAL_NUMBER = /^\s*\d{4}[\s-]?\d{4}\s*$/;

export function DirectDialog({ onClose }: { onClose(): void }) {
  const { t } = useTexts();
  const client = useClient();
  const { conversation, view } = useStores();
  const { isBusy, failure, run, forget } = useAction({ isQuiet: true });
  const [phone, setPhone] = useState('');
  const [name, setName] = useState('');
  const reading = useReading(phone);
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
          <p className={styles['reading']} role="status">
            {LOCAL_NUMBER.test(phone) ? (
              <>
                {t('compose.direct.addCode')}
                <Button
                  look="quiet"
                  onClick={() => {
                    type(`+502 ${phone.trim()}`);
                    first.current?.focus();
                  }}
                >
                  {t('compose.direct.useCode')}
                </Button>
              </>
            ) : (
              reading && <ReadNumber reading={reading} />
            )}
          </p>
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

function ReadNumber({ reading: { country, formatted, isComplete } }: { reading: Reading }) {
  const { t, language } = useTexts();
  if (country === null) return null;
  const place = `${flagOf(country)} ${new Intl.DisplayNames([language], { type: 'region' }).of(country) ?? country}`;
  return <>{isComplete ? t('compose.direct.reads', { country: place, phone: formatted ?? '' }) : t('compose.direct.incomplete', { country: place })}</>;
}

/** What the engine makes of what has been typed; null: nothing yet. */
function useReading(phone: string): Reading | null {
  const client = useClient();
  const [read, setRead] = useState<{ phone: string; reading: Reading } | null>(null);
  const wanted = phone.trim();
  useEffect(() => {
    if (wanted === '') return;
    let isOver = false;
    const timer = setTimeout(() => {
      void client.conversations
        .readPhone({ phone: wanted })
        .then((reading) => {
          if (!isOver) setRead({ phone: wanted, reading });
        })
        // Starting the conversation says what is wrong.
        .catch(() => undefined);
    }, READ_AFTER_MS);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [client, wanted]);
  return wanted !== '' && read?.phone === wanted ? read.reading : null;
}

/** ISO 3166-1 to its flag: the letters as regional indicators (Unicode, annex B of UTS 51). */
const flagOf = (country: string): string => String.fromCodePoint(...Array.from(country.toUpperCase(), (letter) => 0x1f1e6 + letter.charCodeAt(0) - 65));
