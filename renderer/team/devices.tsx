/** The desktops of the workspace, as the relay knows them; to be asked for, so not without a connection. */
import { Ellipsis, KeyRound, Laptop, ShieldOff, Trash2 } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { useTexts } from '../i18n/use-texts.tsx';
import type { EngineOutputs } from '../rpc/engine-client.ts';
import { failureCodeOf, type FailureCode } from '../store/failure.ts';
import { toMinute } from '../store/clock-store.ts';
import { useClient, useFrom } from '../ui/app-context.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Menu } from '../ui/menu.tsx';
import { GiveKeyDialog } from '../team-key/give-key-dialog.tsx';
import { RecoveryCode } from '../team-key/recovery-code.tsx';
import { RevokeDevice } from './revoke-device.tsx';
import { Empty, Part, Row, Rows } from '../ui/part.tsx';
import { OpenInvites } from './open-invites.tsx';
import { useNowAndThen } from './use-now-and-then.ts';
import styles from './team.module.css';

type Device = EngineOutputs['members']['devices'][number];

export function Devices() {
  const { t } = useTexts();
  return (
    <>
      <Part title={t('team.part.devices')} text={t('devices.text')}>
        <DeviceList />
        <OpenInvites />
      </Part>
      <RecoveryCode />
    </>
  );
}

/** `agentId`: only theirs. */
export function DeviceList({ agentId }: { agentId?: string }) {
  const { t } = useTexts();
  const { devices, failure, refresh } = useDevices();
  const [waiting, setWaiting] = useState<{ device: Device; code: string } | null>(null);
  const [doomed, setDoomed] = useState<{ device: Device; wipe: boolean } | null>(null);
  const listed = devices?.filter((device) => agentId === undefined || device.agentId === agentId) ?? [];
  const live = listed.filter(({ revokedAt }) => revokedAt === null);
  const revoked = listed.filter(({ revokedAt }) => revokedAt !== null);
  return (
    <>
      {devices === null && failure !== null && (
        <Empty>
          {t(`failure.${failure}`)} <Button onClick={refresh}>{t('action.retry')}</Button>
        </Empty>
      )}
      {live.length > 0 && (
        <Rows label={t('team.part.devices')}>
          {live.map((device) => (
            <DeviceRow key={device.id} device={device} onRevoke={(wipe) => setDoomed({ device, wipe })} onGiveKey={(code) => setWaiting({ device, code })} />
          ))}
        </Rows>
      )}
      {revoked.length > 0 && (
        <div className={styles['group']}>
          <h3 className={styles['groupTitle']}>{t('devices.revoked')}</h3>
          <Rows label={t('devices.revoked')}>
            {revoked.map((device) => (
              <DeviceRow key={device.id} device={device} onRevoke={null} onGiveKey={null} />
            ))}
          </Rows>
        </div>
      )}
      {waiting && (
        <GiveKeyDialog
          {...waiting}
          onDone={() => {
            setWaiting(null);
            refresh();
          }}
          onClose={() => setWaiting(null)}
        />
      )}
      {doomed && (
        <RevokeDevice
          {...doomed}
          onDone={() => {
            setDoomed(null);
            refresh();
          }}
          onClose={() => setDoomed(null)}
        />
      )}
    </>
  );
}

/** Asked again whenever somebody comes, goes, or is changed, and now and then. */
function useDevices(): { devices: readonly Device[] | null; failure: FailureCode | null; refresh(): void } {
  const client = useClient();
  const presence = useFrom('team', (team) => team.presence);
  const round = useFrom('team', (team) => team.round);
  const keyRequests = useFrom('session', ({ sync }) => sync?.keyRequests ?? 0);
  const returned = useFrom('session', ({ sync }) => sync?.returned ?? 0);
  const recovered = useFrom('session', ({ sync }) => sync?.recovered?.seq ?? null);
  const [devices, setDevices] = useState<readonly Device[] | null>(null);
  const [failure, setFailure] = useState<FailureCode | null>(null);
  const refresh = useCallback(() => {
    client.members.devices().then(
      (fresh) => {
        setDevices(fresh);
        setFailure(null);
      },
      (error: unknown) => setFailure(failureCodeOf(error)),
    );
  }, [client]);
  useEffect(refresh, [refresh, presence, round, keyRequests, returned, recovered]);
  useNowAndThen(refresh);
  return { devices, failure, refresh };
}

/** `onRevoke` null: it has no access any more. */
function DeviceRow({ device, onRevoke, onGiveKey }: { device: Device; onRevoke: ((wipe: boolean) => void) | null; onGiveKey: ((code: string) => void) | null }) {
  const { t, format } = useTexts();
  const now = useFrom('clock', toMinute);
  const { keyCode } = device;
  const ownWaits = useFrom('session', ({ sync }) => sync?.state === 'waiting_for_key');
  // Whoever waits for the key is not connected, and was not away either.
  const isWaiting = (keyCode !== null && device.shutOutBefore === null) || (device.isMine && ownWaits);
  const lastSeen =
    device.revokedAt !== null
      ? t('devices.revokedAt', { at: format.relative(device.revokedAt, now) })
      : isWaiting
        ? t('devices.waitsForKey')
        : device.isConnected
          ? t('devices.connected')
          : device.lastSeenAt === null
            ? t('devices.neverSeen')
            : t('devices.lastSeen', { at: format.relative(device.lastSeenAt, now) });
  return (
    <Row>
      <Laptop size={18} strokeWidth={1.75} aria-hidden="true" />
      <span className={styles['who']}>
        <bdi className={styles['name']}>{device.isMine ? t('devices.mine', { name: device.name }) : device.name}</bdi>
        <span className={styles['quiet']}>{device.agentName}</span>
        {device.recoveredAt !== null && (
          <span className={styles['quiet']} title={format.exact(device.recoveredAt)}>
            {t('devices.recoveredAt', { at: format.short(device.recoveredAt) })}
          </span>
        )}
        {device.shutOutBefore !== null && (
          <span className={styles['warning']}>{device.shutOutBefore.at === null ? t('devices.shutOutBeforeNoTime') : t('devices.shutOutBefore', { at: format.short(device.shutOutBefore.at) })}</span>
        )}
      </span>
      {onRevoke && device.shutOutBefore !== null && (
        <Button icon={<ShieldOff size={16} />} onClick={() => onRevoke(false)}>
          {t('teamKey.returned.again')}
        </Button>
      )}
      {onGiveKey && device.shutOutBefore === null && keyCode !== null && (
        <Button icon={<KeyRound size={16} />} onClick={() => onGiveKey(keyCode)}>
          {t('teamKey.give.button')}
        </Button>
      )}
      {onRevoke && keyCode === null && device.shutOutBefore === null && !device.hasNumber && <span className={styles['fact']}>{t('devices.noNumber')}</span>}
      <span className={styles['fact']} title={device.lastSeenAt === null ? undefined : format.exact(device.lastSeenAt)}>
        {onRevoke && <span className={styles['presence']} data-presence={device.isConnected ? 'online' : 'offline'} aria-hidden="true" />}
        {lastSeen}
      </span>
      {onRevoke && (
        <Menu
          trigger={
            <IconButton label={t('devices.actions', { name: device.name })}>
              <Ellipsis size={16} />
            </IconButton>
          }
          entries={[
            // Whoever really means it, after all.
            ...(onGiveKey && device.shutOutBefore !== null && keyCode !== null ? [{ label: t('teamKey.give.button'), icon: <KeyRound size={16} />, run: () => onGiveKey(keyCode) }] : []),
            { label: t('devices.revoke'), icon: <ShieldOff size={16} />, run: () => onRevoke(false) },
            { label: t('devices.wipe'), icon: <Trash2 size={16} />, run: () => onRevoke(true) },
          ]}
        />
      )}
    </Row>
  );
}
