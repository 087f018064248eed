/** The lock of this desktop: turning it on and off, another passphrase, and when it locks itself. */
import { useEffect, useState } from 'react';
import type { LockState, PassphraseAnswer } from '../../contract/lock-api.ts';
import { IDLE_MINUTES } from '../../contract/rules/idle-minutes.ts';
import { findWeakness, judgePassphrase, PASSPHRASE_MAX } from '../../contract/rules/passphrase.ts';
import { rememberAsked, tellOutcome } from '../lock/asked-change.ts';
import { PassphraseField } from '../lock/passphrase-field.tsx';
import { useWait } from '../lock/use-wait.ts';
import { WaitNote } from '../lock/wait-note.tsx';
import { useTexts } from '../i18n/use-texts.tsx';
import { failureCodeOf } from '../store/failure.ts';
import { useClient, useFrom, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { DialogForm } from '../ui/dialog-form.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { SelectField } from '../ui/field.tsx';
import { useAction } from '../ui/use-action.ts';
import styles from './kept-settings.module.css';

type Asked = 'turnOn' | 'turnOff' | 'change';

export function LockSettings() {
  const { t, format } = useTexts();
  const client = useClient();
  const { toasts } = useStores();
  const { run, isBusy } = useAction();
  const lockNow = useFrom('lock', (lock) => lock.lockNow);
  const [state, setState] = useState<LockState | null>(null);
  const [asked, setAsked] = useState<Asked | null>(null);
  useEffect(() => {
    client.lock.state().then(setState, (error: unknown) => toasts.getState().fail(failureCodeOf(error)));
  }, [client, toasts]);
  if (!state) return null;
  return (
    <div className={styles['part']}>
      {state.isOffered && <p className={styles['title']}>{state.isOn ? (state.since === null ? t('lock.on') : t('lock.onSince', { at: format.exact(state.since) })) : t('lock.off')}</p>}
      <p className={styles['text']}>{t('lock.whileLocked')}</p>
      {state.failure !== null && (
        <p className={styles['text']} role="alert">
          {t(`lock.failure.${state.failure}`)}
        </p>
      )}
      {!state.isOffered && <p className={styles['hint']}>{t('lock.notOffered')}</p>}
      {state.isOffered && !state.isOn && (
        <div>
          <Button onClick={() => setAsked('turnOn')}>{t('lock.turnOn')}</Button>
        </div>
      )}
      {state.isOn && (
        <>
          <div className={styles['form']}>
            <SelectField
              label={t('lock.idle')}
              hint={t('lock.idleHint')}
              disabled={isBusy}
              value={String(state.idleMinutes)}
              onChange={(event) => {
                const minutes = IDLE_MINUTES.find((one) => String(one) === event.target.value) ?? 0;
                void run(async () => setState(await client.lock.setIdle({ minutes })));
              }}
            >
              {IDLE_MINUTES.map((minutes) => (
                <option key={minutes} value={minutes}>
                  {minutes === 0 ? t('lock.idleNever') : t('lock.idleMinutes', { count: minutes })}
                </option>
              ))}
            </SelectField>
          </div>
          <div className={styles['line']}>
            <Button command="lockNow" onClick={() => void run(lockNow)}>
              {t('lock.now')}
            </Button>
            <Button onClick={() => setAsked('change')}>{t('lock.change')}</Button>
            <Button onClick={() => setAsked('turnOff')}>{t('lock.turnOff')}</Button>
          </div>
          <p className={styles['hint']}>{t('lock.restartHint')}</p>
        </>
      )}
      {asked && <LockDialog asked={asked} onClose={() => setAsked(null)} />}
    </div>
  );
}

function LockDialog({ asked, onClose }: { asked: Asked; onClose(): void }) {
  const { t } = useTexts();
  const client = useClient();
  const stores = useStores();
  const action = useAction({ isQuiet: true });
  const flush = useFrom('lock', (lock) => lock.flush);
  const [present, setPresent] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  /** Whoever is still typing it has not mistyped it yet. */
  const [isAgainLeft, setAgainLeft] = useState(false);
  const [refusal, setRefusal] = useState<PassphraseAnswer['status'] | null>(null);
  /** The weak one that its agent was warned of. */
  const [warnedOf, setWarnedOf] = useState<string | null>(null);
  const wait = useWait(0);
  const needsPresent = asked !== 'turnOn';
  const needsNext = asked !== 'turnOff';
  const strength = judgePassphrase(next);
  const isComplete = (!needsPresent || present !== '') && (!needsNext || (strength !== 'too_short' && next === again)) && wait.seconds === 0;
  const weakness = needsNext && warnedOf === next ? findWeakness(next) : null;
  const ask = async (): Promise<void> => {
    setRefusal(null);
    if (needsNext && strength === 'weak' && weakness === null) return setWarnedOf(next);
    await action.run(async () => {
      await flush();
      const answer =
        asked === 'turnOn'
          ? await client.lock.turnOn({ passphrase: next })
          : asked === 'turnOff'
            ? await client.lock.turnOff({ passphrase: present })
            : await client.lock.change({ passphrase: present, next });
      wait.begin(answer.waitMs);
      if (answer.status !== 'right') return setRefusal(answer.status);
      // The other two begin the page anew, or fail at once.
      if (asked === 'change') stores.toasts.getState().say('lock.changed');
      else {
        rememberAsked(asked);
        tellOutcome({ client, stores }, false);
      }
      onClose();
    });
  };
  return (
    <Dialog title={t(`lock.ask.${asked}`)} onClose={onClose}>
      <DialogForm confirm={t(weakness === null ? `lock.confirm.${asked}` : 'lock.useWeak')} isOff={!isComplete || action.isBusy} failure={action.failure} onSubmit={() => void ask()} onClose={onClose}>
        {asked === 'turnOn' && <p className={styles['text']}>{t('lock.askText')}</p>}
        {asked === 'turnOff' && <p className={styles['text']}>{t('lock.askOffText')}</p>}
        {needsPresent && (
          <PassphraseField
            label={t('lock.present')}
            value={present}
            maxLength={PASSPHRASE_MAX}
            error={refusal && refusal !== 'right' ? t(`lock.answer.${refusal}`) : null}
            onChange={(event) => {
              setPresent(event.target.value);
              setRefusal(null);
            }}
          />
        )}
        <WaitNote wait={wait} />
        {needsNext && (
          <>
            <PassphraseField
              label={t('lock.next')}
              value={next}
              maxLength={PASSPHRASE_MAX}
              hint={t(next === '' ? 'lock.nextHint' : `lock.strength.${strength}`)}
              onChange={(event) => setNext(event.target.value)}
            />
            <PassphraseField
              label={t('lock.again')}
              value={again}
              maxLength={PASSPHRASE_MAX}
              error={isAgainLeft && again !== '' && next !== again ? t('lock.differs') : null}
              onChange={(event) => {
                setAgain(event.target.value);
                setAgainLeft(false);
              }}
              onBlur={() => setAgainLeft(true)}
            />
          </>
        )}
        {weakness !== null && (
          <p className={styles['warning']} role="alert">
            {t(`lock.weakness.${weakness}`)} {t('lock.weakness.ask')}
          </p>
        )}
        {asked === 'turnOn' && <p className={styles['hint']}>{t('lock.cannotRecover')}</p>}
      </DialogForm>
    </Dialog>
  );
}
