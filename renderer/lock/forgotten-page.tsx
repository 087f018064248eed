/** For whoever forgot the passphrase: what is lost and what is not, how to come back, and beginning anew here. */
import { useEffect, useId, useRef, useState } from 'react';
import type { LockState } from '../../contract/lock-api.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { Page } from '../shell/page.tsx';
import buttons from '../ui/button.module.css';
import { cx } from '../ui/cx.ts';
import type { Opened } from './lock-gate.ts';
import styles from './lock-page.module.css';

const LOST = ['unsent', 'unconfirmed', 'files'] as const;
const WAYS = ['admin', 'operator', 'sheet', 'noSheet'] as const;

/** @param onBegun it is under way. */
export function ForgottenPage({ client, state, onBack, onBegun }: Pick<Opened, 'client'> & { state: LockState; onBack(): void; onBegun(): void }) {
  const { t } = useTexts();
  const id = useId();
  const [isAsking, setAsking] = useState(false);
  const [isSure, setSure] = useState(false);
  const [hasFailed, setFailed] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const sure = useRef<HTMLInputElement>(null);
  useEffect(() => heading.current?.focus(), []);
  useEffect(() => {
    if (isAsking) sure.current?.focus();
  }, [isAsking]);
  const startOver = async (): Promise<void> => {
    setFailed(false);
    await client.lock.startOver().then(onBegun, () => setFailed(true));
  };
  return (
    <Page title={t('lock.forgot.title')} heading={heading} isWide>
      <p>{t('lock.forgot.text')}</p>
      <section aria-labelledby={`${id}-lost`}>
        <h2 id={`${id}-lost`} className={styles['heading']}>
          {t('lock.forgot.lostTitle')}
        </h2>
        <ul className={styles['list']}>
          {LOST.map((what) => (
            <li key={what}>{t(`lock.forgot.lost.${what}`)}</li>
          ))}
        </ul>
        <p>{t('lock.forgot.kept')}</p>
      </section>
      <section aria-labelledby={`${id}-ways`}>
        <h2 id={`${id}-ways`} className={styles['heading']}>
          {t('lock.forgot.waysTitle')}
        </h2>
        <ul className={styles['list']}>
          {WAYS.map((way) => (
            <li key={way}>{t(`lock.forgot.ways.${way}`, { entry: t('members.furtherDesktop') })}</li>
          ))}
        </ul>
      </section>
      <section aria-labelledby={`${id}-over`}>
        <h2 id={`${id}-over`} className={styles['heading']}>
          {t('lock.forgot.overTitle')}
        </h2>
        <p>{t('lock.forgot.overText')}</p>
        <p className={styles['folder']}>{state.folder}</p>
        {isAsking && (
          <label className={styles['sure']}>
            <input ref={sure} type="checkbox" checked={isSure} onChange={(event) => setSure(event.target.checked)} />
            {t('lock.forgot.sure')}
          </label>
        )}
        {hasFailed && (
          <p className={styles['wrong']} role="alert">
            {t('lock.answer.failed')}
          </p>
        )}
        <div className={styles['actions']}>
          <button type="button" className={cx(buttons['button'], buttons['plain'])} onClick={onBack}>
            {t('lock.forgot.back')}
          </button>
          {isAsking ? (
            <button type="button" className={cx(buttons['button'], buttons['danger'])} aria-disabled={!isSure} onClick={() => isSure && void startOver()}>
              {t('lock.forgot.confirm')}
            </button>
          ) : (
            <button type="button" className={cx(buttons['button'], buttons['plain'])} onClick={() => setAsking(true)}>
              {t('lock.forgot.begin')}
            </button>
          )}
        </div>
      </section>
    </Page>
  );
}
