/** All that a locked desktop shows: where the passphrase is typed. It knows nothing of the workspace. */
import { useEffect, useRef, useState, type SubmitEvent } from 'react';
import { PASSPHRASE_MAX } from '../../contract/rules/passphrase.ts';
import type { LockState } from '../../contract/lock-api.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { Page } from '../shell/page.tsx';
import buttons from '../ui/button.module.css';
import { cx } from '../ui/cx.ts';
import { PassphraseField } from './passphrase-field.tsx';
import type { Opened } from './lock-gate.ts';
import styles from './lock-page.module.css';

const LOOK_AGAIN_MS = 700;

/** @param onOpen there is more to show than this. */
export function LockPage({ client, state: first, onOpen }: Pick<Opened, 'client' | 'state'> & { onOpen(): void }) {
  const { t } = useTexts();
  const [state, setState] = useState<LockState>(first);
  const [typed, setTyped] = useState('');
  const [isAsking, setAsking] = useState(false);
  const [answer, setAnswer] = useState<{ kind: 'wrong' | 'wait' | 'failed'; seconds: number } | null>(null);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const timer = setInterval(() => {
      // Where the line is gone, who opened this page looks for another.
      client.lock.state().then(setState, () => undefined);
    }, LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [client]);
  const { isLocked } = state;
  // Without a lock no passphrase opens it: the engine tries again by itself.
  const busy = state.busy ?? (state.isOn ? null : 'opening');
  useEffect(() => {
    if (!isLocked) onOpen();
  }, [isLocked, onOpen]);
  useEffect(() => {
    if (busy === null) field.current?.focus();
  }, [busy]);

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (isAsking || typed === '') return;
    setAsking(true);
    setAnswer(null);
    try {
      const { status, waitMs } = await client.lock.unlock({ passphrase: typed });
      setTyped('');
      if (status === 'right') setState({ ...state, busy: 'opening' });
      else setAnswer({ kind: status, seconds: Math.ceil(waitMs / 1000) });
    } catch {
      setAnswer({ kind: 'failed', seconds: 0 });
    } finally {
      setAsking(false);
      field.current?.focus();
    }
  };
  if (busy !== null) {
    return (
      <Page title={t(`lock.busy.${busy}`)}>
        <p role="status">{t('lock.busyText')}</p>
      </Page>
    );
  }
  const seconds = answer && answer.seconds > 0 ? t('lock.waitSeconds', { count: answer.seconds }) : '';
  return (
    <Page title={t('lock.lockedTitle')}>
      <form className={styles['form']} onSubmit={(event) => void submit(event)} noValidate>
        <p>{t('lock.lockedText')}</p>
        {state.failure !== null && (
          <p className={styles['wrong']} role="alert">
            {t(`lock.failure.${state.failure}`)}
          </p>
        )}
        <PassphraseField
          ref={field}
          label={t('lock.passphrase')}
          value={typed}
          maxLength={PASSPHRASE_MAX}
          error={answer === null ? null : `${t(`lock.answer.${answer.kind}`)} ${seconds}`.trim()}
          onChange={(event) => setTyped(event.target.value)}
        />
        <div>
          <button type="submit" className={cx(buttons['button'], buttons['primary'])} aria-disabled={isAsking || typed === ''}>
            {t(isAsking ? 'lock.unlocking' : 'lock.unlock')}
          </button>
        </div>
        <p className={styles['quiet']}>{t('lock.forgotten')}</p>
      </form>
    </Page>
  );
}
