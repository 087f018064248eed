import { RefreshCw } from 'lucide-react';
import { useCallback, useEffect, useRef } from 'react';
import type { CheckId } from '../../../contract/rules/connection-codes.ts';
import { CheckList } from '../../diagnostics/connection-part.tsx';
import { useConnectionDoctor } from '../../diagnostics/use-connection-doctor.ts';
import { useTexts } from '../../i18n/use-texts.tsx';
import { useStores } from '../../ui/app-context.tsx';
import { Button } from '../../ui/button.tsx';
import styles from '../setup.module.css';

/** Those checks of the connection doctor that this step is about. `again`: looks anew whenever it changes. */
export function LiveChecks({ ids, again = 0 }: { ids: readonly CheckId[]; again?: number | string }) {
  const { t } = useTexts();
  const { clock, view } = useStores();
  const now = useCallback(() => clock.getState().now, [clock]);
  const { checks, isRunning, failure, run } = useConnectionDoctor(now);
  const looked = useRef(again);
  useEffect(() => {
    if (looked.current === again) return;
    looked.current = again;
    run();
  }, [again, run]);
  return (
    <section className={styles['checks']} aria-label={t('setup.checks')}>
      <div className={styles['checksHead']}>
        <h3>{t('setup.checks')}</h3>
        <Button look="quiet" icon={<RefreshCw size={14} />} disabled={isRunning} onClick={run}>
          {t(isRunning ? 'diagnostics.connection.running' : 'diagnostics.connection.run')}
        </Button>
        <Button look="quiet" onClick={() => view.getState().showDiagnostics('connection')}>
          {t('setup.allChecks')}
        </Button>
      </div>
      {failure !== null && (
        <p className={styles['problem']} role="alert">
          {t(`failure.${failure}`)}
        </p>
      )}
      <CheckList ids={ids} checks={checks} />
    </section>
  );
}
