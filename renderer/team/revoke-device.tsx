import { useState } from 'react';
import { useTexts } from '../i18n/use-texts.tsx';
import type { EngineOutputs } from '../rpc/engine-client.ts';
import { useClient } from '../ui/app-context.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { Check } from '../ui/field.tsx';
import { useAction } from '../ui/use-action.ts';
import { KeyChanges } from './key-changes.tsx';

type Device = EngineOutputs['members']['devices'][number];

/** Takes a desktop's access away; with `wipe` also what it holds. Of one that was shut out before, and how is not known any more, it asks which. */
export function RevokeDevice({ device, wipe: isForWipe, onDone, onClose }: { device: Device; wipe: boolean; onDone(): void; onClose(): void }) {
  const { t } = useTexts();
  const client = useClient();
  const { isBusy, failure, run } = useAction({ isQuiet: true });
  const [wipe, setWipe] = useState(isForWipe);
  const revoke = async (): Promise<void> => {
    if (await run(() => client.members.revokeDevice({ deviceId: device.id, wipe }))) onDone();
  };
  const word = t('devices.wipeWord');
  return (
    <Confirm
      title={t(wipe ? 'devices.wipeTitle' : 'devices.revokeTitle', { name: device.name })}
      confirm={t(wipe ? 'devices.wipe' : 'devices.revoke')}
      isBusy={isBusy}
      failure={failure}
      onConfirm={() => void revoke()}
      onClose={onClose}
      {...(wipe && { typed: { word, label: t('devices.typeWord', { word }) } })}
    >
      <p>{t('devices.revokeText', { agent: device.agentName })}</p>
      {wipe && <p>{t('devices.wipeText')}</p>}
      {!isForWipe && device.shutOutBefore !== null && <Check label={t('devices.wipeToo')} isOn={wipe} onChange={setWipe} />}
      <KeyChanges />
      {device.isMine && <p>{t('devices.mineText')}</p>}
    </Confirm>
  );
}
