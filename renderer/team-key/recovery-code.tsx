/** The code that opens everything when no desktop is left, for paper: shown to an admin who asks for it, and kept nowhere in the window. */
import { Printer } from 'lucide-react';
import { useState } from 'react';
import { useTexts } from '../i18n/use-texts.tsx';
import type { EngineOutputs } from '../rpc/engine-client.ts';
import { useClient, useFrom } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Part } from '../ui/part.tsx';
import { useAction } from '../ui/use-action.ts';
import { KeyCode } from './key-code.tsx';
import styles from './team-key.module.css';

type Recovery = EngineOutputs['members']['recoveryCode'];

export function RecoveryCode() {
  const { t } = useTexts();
  const client = useClient();
  const { isBusy, run } = useAction();
  const voidSheet = useFrom('session', ({ sync }) => sync?.voidSheet ?? null);
  const trouble = useFrom('session', ({ sync }) => sync?.keyTrouble ?? null);
  const [recovery, setRecovery] = useState<Recovery | null>(null);
  const show = (): void => void run(async () => setRecovery(await client.members.recoveryCode()));
  return (
    <div className={styles['after']}>
      <Part
        title={t('teamKey.recovery.title')}
        text={t('teamKey.recovery.text')}
        action={
          <Button aria-disabled={isBusy} onClick={show}>
            {t('teamKey.recovery.show')}
          </Button>
        }
      >
        {voidSheet !== null && (
          <p className={styles['warning']}>
            {t('teamKey.recovery.void')}. {t('teamKey.recovery.voidHint', { epoch: voidSheet })}
          </p>
        )}
        {trouble === 'old_desktops' && <p className={styles['quiet']}>{t('teamKey.trouble.old_desktops')}</p>}
        {recovery && <RecoveryDialog recovery={recovery} onClose={() => setRecovery(null)} />}
      </Part>
    </div>
  );
}

function RecoveryDialog({ recovery, onClose }: { recovery: Recovery; onClose(): void }) {
  const { t, format } = useTexts();
  const workspace = useFrom('team', ({ directory }) => directory?.settings.name ?? '');
  const now = useFrom('clock', (clock) => clock.now);
  return (
    <Dialog title={t('teamKey.recovery.title')} isWide onClose={onClose}>
      <div className={cx(styles['stack'], styles['inDialog'])}>
        <div className={styles['sheet']} data-print="sheet">
          <h2 className={styles['sheetTitle']}>{t('teamKey.recovery.sheet', { name: workspace === '' ? t('app.name') : workspace })}</h2>
          <KeyCode label={t('teamKey.recovery.code', { epoch: recovery.epoch, at: format.short(now) })} code={recovery.code} separator="-" />
          <p>{t('teamKey.recovery.keep')}</p>
        </div>
        <p className={styles['quiet']}>{t('teamKey.recovery.renewed')}</p>
        <div className={styles['end']}>
          <Button onClick={onClose}>{t('action.close')}</Button>
          <Button look="primary" icon={<Printer size={16} />} onClick={() => window.print()}>
            {t('teamKey.recovery.print')}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
