/**
 * Hands the number, its Graph token and the model's key from desktop to desktop, so that nobody types them twice. Invariants: they travel
 * sealed to one device and are never logged; a grant is made only while this desktop is up to date, so that a device
 * which is revoked in the log gets none, and only for a device that somebody vouched for; what cannot be opened changes nothing.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { errorText, shortId, type Log } from '../../../contract/log.ts';
import { typeLevel } from '../../../contract/ops/op.ts';
import { mayAdminister } from '../../../contract/rules/rights.ts';
import { PENDING_SEQ } from '../../../contract/state.ts';
import type { SettingQueries } from '../db/setting-queries.ts';
import type { SyncQueries } from '../db/sync-queries.ts';
import type { DeviceQueries, DeviceView } from '../db/device-queries.ts';
import type { Secrets } from '../ports.ts';
import { openGrant, sealGrant, type Grant } from '../sync/device-key.ts';
import type { Replica } from '../sync/replica.ts';

/**
 * `seen`: hash of the last grant for this desktop that was dealt with. `outdated`: devices whose grant holds what has been
 * replaced since. `logId`: the log that this is about; in another one, after the relay was restored, no grant opens.
 */
const bookSchema = z.object({ seen: z.string().nullable(), outdated: z.array(z.string()), logId: z.string().nullable().default(null) });

type Deps = {
  replica: Replica;
  queries: SyncQueries;
  devices: DeviceQueries;
  settings: SettingQueries;
  secrets: Secrets;
  log: Log;
  /** Rows here are those of the whole log, and the relay listens. */
  isUpToDate: () => boolean;
  isVouched: (device: Pick<DeviceView, 'id' | 'publicKey'>) => boolean;
  readNumber: () => { phoneNumberId: string; wabaId: string | null } | null;
  /** Keeps what was granted to this desktop. */
  useGrant: (grant: Grant) => Promise<void>;
};

export type Grants = {
  /** Looks, soon, whether there is something to open or to give. */
  nudge(): void;
  /** This desktop's admin gave it number and token: everybody gets them, also those who have had them. */
  noteReplaced(): void;
  /** Resolves when nothing is under way. */
  stop(): Promise<void>;
};

export function createGrants({ replica, queries, devices, settings, secrets, log, isUpToDate, isVouched, readNumber, useGrant }: Deps): Grants {
  let isStopped = false;
  let isWanted = false;
  let running: Promise<void> | null = null;
  /** Devices whose public key is none. */
  const unusable = new Set<string>();

  const readBook = (): z.infer<typeof bookSchema> => settings.read('grants', bookSchema) ?? { seen: null, outdated: [], logId: null };

  const openMine = async (logId: string, deviceId: string): Promise<void> => {
    const row = replica.state.get('device_grant', [deviceId]);
    if (!row || row.seq === PENDING_SEQ) return;
    const fingerprint = createHash('sha256').update(row.sealed).digest('hex');
    if (readBook().seen === fingerprint) return;
    const grant = await openGrant(row.sealed, secrets, { logId, deviceId });
    if (grant) await useGrant(grant);
    log(grant ? 'info' : 'warn', grant ? 'grant.opened' : 'grant.not_for_this_desktop', { seq: row.seq });
    settings.write('grants', { ...readBook(), seen: fingerprint });
  };

  const listGranted = (): string[] => devices.listActive().flatMap(({ id, hasGrant }) => (hasGrant ? [id] : []));

  const noteLog = (logId: string): void => {
    const book = readBook();
    if (book.logId !== logId) settings.write('grants', { ...book, logId, outdated: book.logId === null ? book.outdated : listGranted() });
  };

  const giveToOthers = async (logId: string, deviceId: string, agentId: string): Promise<void> => {
    const number = readNumber();
    const me = replica.state.get('agent', [agentId]);
    if (!number || !me || me.is_removed || !mayAdminister(me)) return;
    const { outdated } = readBook();
    const isMissing = (device: DeviceView): boolean =>
      device.publicKey !== null && device.id !== deviceId && !unusable.has(device.id) && isVouched(device) && (!device.hasGrant || outdated.includes(device.id));
    const missing = devices.listActive().filter(isMissing);
    if (missing.length === 0) return;
    const graphToken = await secrets.get('graph-token');
    if (graphToken === null) return;
    const modelKey = await secrets.get('model-key');
    for (const device of missing) {
      const sealed = await seal({ phoneNumberId: number.phoneNumberId, wabaId: number.wabaId, graphToken, ...(modelKey === null ? {} : { modelKey }) }, device, logId);
      if (isStopped) return;
      if (sealed === null) continue;
      replica.transact(() => {
        const book = readBook();
        if (book.outdated.includes(device.id)) settings.write('grants', { ...book, outdated: book.outdated.filter((id) => id !== device.id) });
        replica.applyLocal({ type: 'device.grant', args: { deviceId: device.id, sealed } });
      });
      log('info', 'grant.given', { device: shortId(device.id) });
    }
  };

  /** Null for a device whose public key is none: it stays without. */
  const seal = async (grant: Grant, device: DeviceView, logId: string): Promise<string | null> => {
    try {
      return await sealGrant(grant, device.publicKey ?? '', { logId, deviceId: device.id });
    } catch (error) {
      log('warn', 'grant.bad_key', { device: shortId(device.id), error: errorText(error) });
      unusable.add(device.id);
      return null;
    }
  };

  const look = async (): Promise<void> => {
    while (isWanted && !isStopped) {
      isWanted = false;
      const { logId, deviceId, agentId, syncEnd, writeLevel } = queries.readMeta();
      if (logId === null || deviceId === null || agentId === null || syncEnd !== null) return;
      await openMine(logId, deviceId);
      if (isStopped || !isUpToDate()) continue;
      noteLog(logId);
      if (writeLevel >= typeLevel('device.grant')) await giveToOthers(logId, deviceId, agentId);
    }
  };

  const nudge = (): void => {
    isWanted = true;
    running ??= look()
      // A locked keyring, most likely: the next change tries again.
      .catch((error: unknown) => log('warn', 'grant.failed', { error: errorText(error) }))
      .finally(() => {
        running = null;
        if (isWanted && !isStopped) nudge();
      });
  };

  return {
    nudge,
    noteReplaced: () => settings.write('grants', { ...readBook(), outdated: listGranted() }),
    stop: async () => {
      isStopped = true;
      await running;
    },
  };
}
