/** All that a locked desktop shows: where the passphrase is typed. It knows nothing of the workspace. */
import { useEffect, useRef, useState, type SubmitEvent } from 'react';
import { PASSPHRASE_MAX } from '../../contract/rules/passphrase.ts';
import type { LockState } from '../../contract/lock-api.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { Page, RefusedPage } from '../shell/page.tsx';
import buttons from '../ui/button.module.css';
import { cx } from '../ui/cx.ts';
import { ForgottenPage } from './forgotten-page.tsx';
import { PassphraseField } from './passphrase-field.tsx';
import { useWait } from './use-wait.ts';
import { WaitNote } from './wait-note.tsx';
import type { Opened } from './lock-gate.ts';
import styles from './lock-page.module.css';

const LOOK_AGAIN_MS = 700;
/** Nobody goes on typing after so long, and whoever comes next could have it shown. */
const FORGET_MS = 60_000;

/** Of the page to its program. `gone`: nobody answers; `refused`: the program was started anew, and this window is one of before. */
export type LockLine = 'up' | 'gone' | 'refused';

/** @param onOpen there is more to show than this. */
export function LockPage({ client, state: first, line, onOpen }: Pick<Opened, 'client' | 'state'> & { line: LockLine; onOpen(): void }) {
  const { t } = useTexts();
  const [state, setState] = useState<LockState>(first);
  const [typed, setTyped] = useState('');
  const [isAsking, setAsking] = useState(false);
  const [answer, setAnswer] = useState<'wrong' | 'wait' | 'failed' | null>(null);
  const [isForgotten, setForgotten] = useState(false);
  const wait = useWait(first.waitMs);
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
  const isTyping = busy === null && !isForgotten && line === 'up';
  useEffect(() => {
    if (isTyping) field.current?.focus();
  }, [isTyping]);

  useEffect(() => {
    if (typed === '') return undefined;
    const forget = (): void => setTyped('');
    const forgetHidden = (): void => {
      if (document.hidden) forget();
    };
    const timer = setTimeout(forget, FORGET_MS);
    document.addEventListener('visibilitychange', forgetHidden);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', forgetHidden);
    };
  }, [typed]);

  const isOff = isAsking || typed === '' || wait.seconds > 0;
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (isOff) return;
    setAsking(true);
    setAnswer(null);
    try {
      const { status, waitMs } = await client.lock.unlock({ passphrase: typed });
      // What was wrong stays for a while, to be looked at and mended.
      if (status === 'right') {
        setTyped('');
        setState({ ...state, busy: 'opening' });
      } else setAnswer(status);
      wait.begin(waitMs);
    } catch {
      setAnswer('failed');
    } finally {
      setAsking(false);
      field.current?.focus();
    }
  };
  // If it fails, this page says why.
  const onBegun = (): void => {
    setForgotten(false);
    setState({ ...state, busy: 'opening' });
  };
  if (line === 'refused') return <RefusedPage />;
  if (line === 'gone') {
    return (
      <Page title={t('strip.engineGone')}>
        <p role="status">{window.bandejaShell ? t('strip.engineGoneDesktopHint') : t('strip.engineGoneHint', { command: state.startCommand ?? 'npm start' })}</p>
      </Page>
    );
  }
  if (busy !== null) {
    return (
      <Page title={t(`lock.busy.${busy}`)}>
        <p role="status">{t('lock.busyText')}</p>
      </Page>
    );
  }
  if (isForgotten) return <ForgottenPage client={client} state={state} onBack={() => setForgotten(false)} onBegun={onBegun} />;
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
          error={answer === null ? null : t(`lock.answer.${answer}`)}
          onChange={(event) => setTyped(event.target.value)}
        />
        <WaitNote wait={wait} />
        <div className={styles['actions']}>
          <button type="submit" className={cx(buttons['button'], buttons['primary'])} aria-disabled={isOff}>
            {t(isAsking ? 'lock.unlocking' : 'lock.unlock')}
          </button>
          <button type="button" className={cx(buttons['button'], buttons['quiet'])} onClick={() => setForgotten(true)}>
            {t('lock.forgotten')}
          </button>
        </div>
      </form>
    </Page>
  );
}
