/** The code that opens everything when no desktop is left, for paper: shown to an admin who asks for it, and kept nowhere in the window. */
import { Printer } from 'lucide-react';
import { useState, type ReactNode } from 'react';
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
  const { isBusy, show, dialog } = useRecoveryDialog();
  const trouble = useFrom('session', ({ sync }) => sync?.keyTrouble ?? null);
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
        <SheetState />
        {trouble === 'old_desktops' && <p className={styles['quiet']}>{t('teamKey.trouble.old_desktops')}</p>}
        {dialog}
      </Part>
    </div>
  );
}

/** Whether what the team has on paper opens the workspace. */
export function SheetState() {
  const { t, format } = useTexts();
  const sheet = useFrom('session', ({ sync }) => sync?.sheet ?? null);
  if (sheet === null) return <p className={styles['quiet']}>{t('teamKey.recovery.none')}</p>;
  if (sheet.isVoid) {
    return (
      <p className={styles['warning']}>
        {t('teamKey.recovery.void')}. {t('teamKey.recovery.voidHint', { epoch: sheet.epoch })}
      </p>
    );
  }
  const at = format.short(sheet.at);
  return (
    <p className={styles['quiet']} title={format.exact(sheet.at)}>
      {sheet.byName === null ? t('teamKey.recovery.valid', { epoch: sheet.epoch, at }) : t('teamKey.recovery.validBy', { epoch: sheet.epoch, at, name: sheet.byName })}
    </p>
  );
}

/** From anywhere: `show` asks for the code and opens what is printed; `dialog` is to be rendered. */
export function useRecoveryDialog(): { isBusy: boolean; show(): void; dialog: ReactNode } {
  const client = useClient();
  const { isBusy, run } = useAction();
  const [recovery, setRecovery] = useState<Recovery | null>(null);
  return {
    isBusy,
    show: () => void run(async () => setRecovery(await client.members.recoveryCode())),
    dialog: recovery && <RecoveryDialog recovery={recovery} onClose={() => setRecovery(null)} />,
  };
}

function RecoveryDialog({ recovery, onClose }: { recovery: Recovery; onClose(): void }) {
  const { t, format } = useTexts();
  const client = useClient();
  const { isBusy, run } = useAction();
  const noteSheet = (): Promise<boolean> => run(() => client.members.noteSheet({ epoch: recovery.epoch }));
  const given = useFrom('team', ({ directory }) => directory?.settings.name ?? '');
  const verified = useFrom('session', ({ session }) => session?.number?.verifiedName ?? '');
  const team = given || verified || t('app.name');
  const me = useFrom('session', ({ session }) => session?.me?.name ?? '');
  const now = useFrom('clock', (clock) => clock.now);
  const [shownAt] = useState(now);
  return (
    <Dialog title={t('teamKey.recovery.title')} isWide onClose={onClose}>
      <div className={cx(styles['stack'], styles['inDialog'])}>
        <div className={styles['sheet']} data-print="sheet">
          <h2 className={styles['sheetTitle']}>{t('teamKey.recovery.sheet', { name: team })}</h2>
          <KeyCode label={t('teamKey.recovery.code', { epoch: recovery.epoch })} code={recovery.code} separator="-" />
          <dl className={styles['facts']}>
            <dt>{t('teamKey.recovery.factTeam')}</dt>
            <dd>{team}</dd>
            <dt>{t('teamKey.recovery.factServer')}</dt>
            <dd>{recovery.relayUrl}</dd>
            <dt>{t('teamKey.recovery.factAt')}</dt>
            <dd>{me === '' ? format.exact(shownAt) : t('teamKey.recovery.factAtBy', { at: format.exact(shownAt), name: me })}</dd>
          </dl>
          <p>{t('teamKey.recovery.keep', { way: t('teamKey.recover.title') })}</p>
          <p className={styles['ends']}>{t('teamKey.recovery.ends', { epoch: recovery.epoch })}</p>
        </div>
        <div className={styles['end']}>
          <Button onClick={onClose}>{t('action.close')}</Button>
          <Button aria-disabled={isBusy} onClick={() => void noteSheet().then((isNoted) => isNoted && onClose())}>
            {t('teamKey.recovery.onPaper')}
          </Button>
          <Button
            look="primary"
            icon={<Printer size={16} />}
            aria-disabled={isBusy}
            onClick={() => {
              void noteSheet();
              window.print();
            }}
          >
            {t('teamKey.recovery.print')}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
