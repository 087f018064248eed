/** What a person can do about a desktop that no longer follows its workspace. Both remedies lose nothing that is only here. */
import { useState } from 'react';
import type { SyncState } from '../../contract/entities.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useCommands } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import styles from './sync-button.module.css';

export function SyncRemedy({ state }: { state: SyncState['state'] }) {
  const { t } = useTexts();
  const { renewDesktop, rebuildDesktop } = useCommands();
  const [step, setStep] = useState<'offered' | 'asked' | 'running'>('offered');
  const run = (task: () => Promise<void>): void => {
    setStep('running');
    void task().then(() => setStep('offered'));
  };
  if (step === 'running') return <p className={styles['remedy']}>{t('remedy.doing')}</p>;
  if (state === 'forked') {
    return (
      <div className={styles['remedy']}>
        <Button look="primary" onClick={() => run(renewDesktop)}>
          {t('remedy.renew')}
        </Button>
      </div>
    );
  }
  if (state !== 'wrong_log' && state !== 'stopped') return null;
  if (step === 'offered') {
    return (
      <div className={styles['remedy']}>
        <Button onClick={() => setStep('asked')}>{t('remedy.rebuild')}</Button>
      </div>
    );
  }
  return (
    <div className={styles['remedy']} role="group" aria-label={t('remedy.rebuildTitle')}>
      <p>{t('remedy.rebuildText')}</p>
      <div className={styles['choice']}>
        <Button look="primary" onClick={() => run(rebuildDesktop)}>
          {t('remedy.confirm')}
        </Button>
        <Button onClick={() => setStep('offered')}>{t('remedy.cancel')}</Button>
      </div>
    </div>
  );
}
