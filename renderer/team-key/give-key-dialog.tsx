import { useTexts } from '../i18n/use-texts.tsx';
import type { EngineOutputs } from '../rpc/engine-client.ts';
import { useClient, useStores } from '../ui/app-context.tsx';
import { DialogForm } from '../ui/dialog-form.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { useAction } from '../ui/use-action.ts';
import { KeyCode } from './key-code.tsx';
import styles from './team-key.module.css';

type Device = EngineOutputs['members']['devices'][number];

/** An admin says that the desktop is whose it says it is: both have the same code before their eyes. */
export function GiveKeyDialog({ device, code, onDone, onClose }: { device: Device; code: string; onDone(): void; onClose(): void }) {
  const { t } = useTexts();
  const client = useClient();
  const { toasts } = useStores();
  const { isBusy, failure, run } = useAction({ isQuiet: true });
  const give = async (): Promise<void> => {
    if (!(await run(() => client.members.giveKey({ deviceId: device.id, code })))) return;
    toasts.getState().say('teamKey.give.done');
    onDone();
  };
  return (
    <Dialog title={t('teamKey.give.title', { name: device.name, agent: device.agentName })} onClose={onClose}>
      <DialogForm confirm={t('teamKey.give.same')} isOff={isBusy} failure={failure} onSubmit={() => void give()} onClose={onClose}>
        <div className={styles['stack']}>
          <p>{t('teamKey.give.text', { agent: device.agentName })}</p>
          <KeyCode label={t('teamKey.give.code')} code={code} />
          {device.shutOutBefore !== null && <p className={styles['quiet']}>{t('teamKey.give.noCode')}</p>}
          <p className={styles['quiet']}>{t('teamKey.give.other')}</p>
        </div>
      </DialogForm>
    </Dialog>
  );
}
