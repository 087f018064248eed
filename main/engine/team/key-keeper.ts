/**
 * Makes the workspace's keys and hands them out, on the desktops of admins (`contract/sealing/key-ring.ts`). Invariants: a key is handed only to desktops
 * that are in the team as this one's rows say, asked only while they are those of the whole log, and that somebody vouched for: they came by an invite
 * that brought the key, were confirmed by an admin, or were there when the first key was made. The relay is never believed that a device has a certain
 * public key, or that somebody has confirmed it (`contract/sealing/voucher.ts`). After somebody was shut out the next key follows, however often it
 * fails before; of two admins' desktops that make one at the same time, the relay's first one counts and the other's is gone.
 */
import { z } from 'zod';
import { AppError } from '../../../contract/app-error.ts';
import type { SyncState } from '../../../contract/entities.ts';
import { errorText, shortId, type Log } from '../../../contract/log.ts';
import { SEALING_LEVEL } from '../../../contract/wire.ts';
import { mayAdminister } from '../../../contract/rules/rights.ts';
import { deriveEpochKeys, derivePublicKey, makeSecret } from '../../../contract/sealing/key-ring.ts';
import { isVouchedFor, writeVoucher } from '../../../contract/sealing/voucher.ts';
import { KEY_COPIES_PATH, NO_COPY, WORKSPACE_KEYS_PATH, type WorkspaceKeys } from '../../../contract/wire-http.ts';
import type { StateTx } from '../../../contract/state.ts';
import type { DeviceQueries, DeviceView } from '../db/device-queries.ts';
import type { SyncQueries } from '../db/sync-queries.ts';
import { makeDeviceCode, type CodeSubject } from '../keys/device-code.ts';
import { linkSecret } from '../keys/linked-secrets.ts';
import { writeRecoveryCode } from '../keys/recovery-code.ts';
import type { Secrets } from '../ports.ts';
import { readPublicKey, sealRing } from '../sync/device-key.ts';
import type { RelayConnection } from '../sync/relay-connection.ts';
import type { RelayHttp } from '../sync/relay-http.ts';
import { askForKeys } from '../sync/relay-keys.ts';
import type { WorkspaceRing } from '../sync/workspace-ring.ts';

const RETRY_MS = 5_000;
/** Whoever is connected to a sealed log has the key, and is about to say so. */
const ASK_AGAIN_MS = 1_000;
/** Another admin's desktop is now and then first; so often in a row, something is wrong. */
const LATE_MAX = 3;
/** The relay's answers without content that is of use here. */
const anything = z.unknown();

type Deps = {
  ring: WorkspaceRing;
  secrets: Secrets;
  http: Pick<RelayHttp, 'call'>;
  queries: Pick<SyncQueries, 'readMeta'>;
  state: Pick<StateTx, 'get'>;
  devices: Pick<DeviceQueries, 'listActive' | 'listReturned'>;
  relay: Pick<RelayConnection, 'listen' | 'state'>;
  /** Says to every desktop that this one is of the team, also if it was shut out before the relay was restored. @throws AppError */
  admit: (deviceId: string) => void;
  /** The newest key is on paper. */
  noteSheet: (key: { epoch: number; publicKey: string }) => void;
  /** Rows here are those of the whole log, and the relay listens. */
  isUpToDate: () => boolean;
  /** Who is vouched for, or who waits, is another than before. */
  onChange: () => void;
  log: Log;
};
type Recipient = DeviceView & { publicKey: string };
type KeyCopy = { deviceId: string; sealed: string; voucher: string };

export type KeyKeeper = {
  /** Keys, devices or members may have changed: the next `look` asks the relay. */
  note(): void;
  /** Does, soon, what there is to do. Cheap where nothing was noted. */
  look(): void;
  /** Resolves when this desktop has made the first key, if it is its turn to. @throws AppError NOT_ALLOWED_NOW: it waits for the newest one; and if the secrets cannot be read */
  ready(): Promise<void>;
  /** Whether a device with this public key may be given what is the team's alone. Everybody may in a workspace without a key, but for those that `listReturned` names; nobody before an admin's desktop has asked the relay. */
  isVouched(device: { id: string; publicKey: string | null }): boolean;
  /** Desktops of the team that have no key and nobody has vouched for, with what to compare; empty for others than admins, and before it is known. */
  listWaiting(): { deviceId: string; code: string }[];
  /** How many they are, without those that were shut out once; cheap, as a code is not. */
  countWaiting(): number;
  /** By an admin, for a device with this code. @throws AppError FORBIDDEN, NOT_FOUND, CHANGED_MEANWHILE, NOT_ALLOWED_NOW, OFFLINE */
  give(input: { deviceId: string; code: string }): Promise<void>;
  /** The newest secret, for paper. @throws AppError FORBIDDEN, NOT_ALLOWED_NOW: there is no key yet, or this desktop waits for it */
  recoveryCode(): Promise<{ code: string; epoch: number }>;
  /** The team has the code of this key on paper. @throws AppError FORBIDDEN, NOT_ALLOWED_NOW; CHANGED_MEANWHILE: the newest key is another one */
  noteSheet(sheet: { epoch: number }): Promise<void>;
  /** Of this desktop; `publicKey` null: it was not compared with the relay's yet. */
  newestKey(): { epoch: number; publicKey: string | null };
  isAdmin(): boolean;
  /** To an admin: desktops that were shut out before the relay was restored, and when (ms; null: not known). They get nothing by themselves. */
  listReturned(): { id: string; at: number | null }[];
  /** To an admin: why the key, the first or the next, is not there yet; null: it is, or there was no reason to make it. */
  trouble(): SyncState['keyTrouble'];
  /** Tells the relay that this desktop has the key of this epoch, which it came to by an invite or from paper. @param logId of the log, where that is not this desktop's yet. @throws AppError OFFLINE … */
  putOwn(epoch: number, logId?: string): Promise<void>;
  /** This desktop has other keys than before: what was known by those counts no more. */
  noteReplaced(): void;
  /** Resolves when nothing is under way. */
  stop(): Promise<void>;
};

export function createKeyKeeper({ ring, secrets, http, queries, state, devices, relay, admit, noteSheet, isUpToDate, onChange, log }: Deps): KeyKeeper {
  let isStopped = false;
  let isDue = true;
  let running: Promise<void> | null = null;
  let retry: NodeJS.Timeout | undefined;
  /** How often in a row the relay said that something else was there first. */
  let late = 0;
  /** A key was tried to be put there in vain. */
  let isFailing = false;
  let isAnnouncing = false;
  /** Devices whose public key is none. */
  const unusable = new Set<string>();
  /** Public keys by device, of the newest epoch that is here; null: not known. */
  let vouched: ReadonlyMap<string, string> | null = null;
  let connected: ReadonlySet<string> = new Set();
  /** Public keys of the first and the newest epoch that are here. */
  let ownKeys: Pick<CodeSubject, 'firstKey' | 'newestKey'> | null = null;
  /** Of this desktop, as it really is: what the log says is the relay's word. */
  let ownPublicKey: string | null = null;

  const isHere = (): boolean => {
    const { logId, deviceId, agentId, syncEnd } = queries.readMeta();
    return logId !== null && deviceId !== null && agentId !== null && syncEnd === null && isUpToDate();
  };
  const isAdmin = (): boolean => {
    const me = state.get('agent', [queries.readMeta().agentId ?? '']);
    return me !== undefined && !me.is_removed && mayAdminister(me);
  };
  /** A desktop that cannot read sealed bodies would be left out of its team. */
  const mayBegin = (): boolean => ring.newest() > 0 || queries.readMeta().writeLevel >= SEALING_LEVEL;

  const listRecipients = (): Recipient[] => {
    const { deviceId } = queries.readMeta();
    return devices
      .listActive()
      .map((device) => (device.id === deviceId ? { ...device, publicKey: ownPublicKey } : device))
      .filter((device): device is Recipient => device.publicKey !== null && !unusable.has(device.id));
  };
  const codeOf = (device: Recipient): string =>
    makeDeviceCode(device.publicKey, { logId: queries.readMeta().logId ?? '', deviceId: device.id, firstKey: ownKeys?.firstKey ?? '', newestKey: ownKeys?.newestKey ?? '' });
  /** Null for a device whose public key is none: it stays without. */
  const sealFor = async (own: readonly string[], device: Recipient, logId = queries.readMeta().logId ?? ''): Promise<KeyCopy | null> => {
    try {
      const sealed = await sealRing([...own], device.publicKey, { logId, deviceId: device.id });
      const keys = deriveEpochKeys(own.length, own.at(-1) ?? '');
      return { deviceId: device.id, sealed, voucher: writeVoucher(keys, { deviceId: device.id, publicKey: device.publicKey }) };
    } catch (error) {
      log('warn', 'keys.bad_device_key', { device: shortId(device.id), error: errorText(error) });
      unusable.add(device.id);
      return null;
    }
  };

  /** Shut out once: what vouched for them then does no more, until an admin says so again, here or at another desktop. */
  const findReturned = (): ReadonlySet<string> => new Set(devices.listReturned().map(({ id }) => id));

  /** By the vouchers of the relay's newest key. */
  const findVouched = (keys: WorkspaceKeys): Map<string, string> => {
    const { deviceId: own } = queries.readMeta();
    const epoch = ring.find(keys.epochs.length);
    const returned = findReturned();
    const vouchers = new Map(keys.holders.map((holder) => [holder.deviceId, holder.voucher]));
    return new Map(
      listRecipients()
        .filter(({ id }) => !returned.has(id))
        .filter(({ id, publicKey }) => id === own || (epoch !== undefined && isVouchedFor(epoch, { deviceId: id, publicKey }, vouchers.get(id) ?? '')))
        .map(({ id, publicKey }) => [id, publicKey]),
    );
  };
  const noteVouched = (next: ReadonlyMap<string, string>): void => {
    const before = vouched;
    vouched = next;
    if (before?.size !== next.size || ![...next].every(([id, publicKey]) => before.get(id) === publicKey)) onChange();
  };

  /**
   * The epoch after the relay's newest: one that this desktop has and the relay has lost, or a new one. A lost one goes to this desktop alone: vouchers of
   * an older key may be of somebody who has been shut out since. Whoever else has it puts their own.
   */
  const announce = async (epoch: number, keys: WorkspaceKeys): Promise<void> => {
    const isLost = ring.newest() >= epoch;
    const own = isLost ? ring.readSecrets().slice(0, epoch) : [...ring.readSecrets(), makeSecret()];
    const trusted = findVouched(keys);
    const isFirst = ring.newest() === 0;
    const returned = findReturned();
    const { deviceId: ownId } = queries.readMeta();
    const copies: KeyCopy[] = [];
    for (const device of listRecipients()) {
      if (device.id !== ownId && (isLost || returned.has(device.id) || !(isFirst || trusted.has(device.id)))) continue;
      const copy = await sealFor(own, device);
      if (copy) copies.push(copy);
    }
    if (isStopped) return;
    // The relay wants one for each of them.
    const given = new Set(copies.map(({ deviceId }) => deviceId));
    for (const { deviceId } of keys.holders) if (!given.has(deviceId)) copies.push({ deviceId, sealed: NO_COPY, voucher: '' });
    const publicKey = await derivePublicKey(deriveEpochKeys(epoch, own[epoch - 1] ?? ''));
    const previous = epoch === 1 ? null : linkSecret(own[epoch - 2] ?? '', own[epoch - 1] ?? '', epoch);
    await http.call({ method: 'POST', path: WORKSPACE_KEYS_PATH, body: { epoch, publicKey, previous, copies } }, anything);
    // What is lost by a crash here comes back as this desktop's own copy.
    await ring.take([...own]);
    log('info', 'keys.announced', { epoch, copies: given.size });
  };

  /** It came by an invite or from paper, or the relay has forgotten: others have to know that this desktop has the key. */
  const putOwn = async (epoch: number, logId?: string): Promise<void> => {
    const { deviceId } = queries.readMeta();
    ownPublicKey = await readPublicKey(secrets);
    const copy = deviceId === null || ownPublicKey === null ? null : await sealFor(ring.readSecrets(), { id: deviceId, publicKey: ownPublicKey, hasGrant: false }, logId);
    if (copy === null || isStopped) return;
    await http.call({ method: 'POST', path: KEY_COPIES_PATH, body: { epoch, ...copy } }, anything);
    log('info', 'keys.own_put', { epoch });
  };

  /** The relay was restored: a desktop that has not fetched its copy before has no key to put. They are vouched for in the key that it is given. */
  const putOthers = async (epoch: number, keys: WorkspaceKeys): Promise<void> => {
    const { deviceId } = queries.readMeta();
    const trusted = findVouched(keys);
    for (const device of listRecipients()) {
      if (device.id === deviceId || !trusted.has(device.id)) continue;
      const copy = await sealFor(ring.readSecrets(), device);
      if (isStopped) return;
      if (copy) await http.call({ method: 'POST', path: KEY_COPIES_PATH, body: { epoch, ...copy } }, anything);
    }
  };

  const work = async (): Promise<void> => {
    await ring.load();
    ownPublicKey = await readPublicKey(secrets);
    while (isDue && !isStopped && isHere()) {
      isDue = false;
      const keys = await askForKeys(http);
      const newest = keys.epochs.length;
      if (isStopped || newest > ring.newest()) return; // somebody hands it to this desktop, and then it looks again
      // Another key of the same number: the connection finds out, too, and waits.
      if (!(await ring.agreesWith(keys.epochs))) return;
      if (isAdmin() && mayBegin() && (newest < ring.newest() || newest === 0 || keys.isOutdated)) {
        isAnnouncing = true;
        await announce(newest + 1, keys);
        isAnnouncing = false;
        noteFailing(false);
        isDue = true;
      } else if (newest > 0 && newest === ring.newest()) {
        const isLost = keys.copy?.sealed === NO_COPY;
        // Its own last: should this be cut short, the next try does it all.
        if (isLost && isAdmin()) await putOthers(newest, keys);
        if (isLost || (keys.copy?.epoch ?? 0) < newest) await putOwn(newest);
        ownKeys = { firstKey: (await ring.publicKeyOf(1)) ?? '', newestKey: (await ring.publicKeyOf(newest)) ?? '' };
        if (isAdmin()) noteVouched(findVouched(keys));
        if (isSomebodyNew()) askAgainIn(ASK_AGAIN_MS);
      }
    }
  };

  const isWaiting = (): boolean => relay.state().state === 'waiting_for_key';
  /** Desktops that nobody has confirmed yet: only an admin's desktop that holds the key can tell. */
  const findWaiting = (): Recipient[] => {
    const known = vouched;
    return known === null || ring.newest() === 0 || isWaiting() || !isAdmin() ? [] : listRecipients().filter(({ id }) => !known.has(id));
  };
  const isSomebodyNew = (): boolean => {
    const known = vouched;
    const unknown = known === null ? [] : [...connected].filter((deviceId) => !known.has(deviceId));
    if (unknown.length === 0) return false;
    const returned = findReturned();
    return unknown.some((deviceId) => !returned.has(deviceId));
  };

  const noteFailing = (next: boolean): void => {
    if (isFailing === next) return;
    isFailing = next;
    onChange();
  };
  const look = (): void => {
    if (isStopped) return;
    if (running || !isDue || !isHere()) return;
    running = work()
      .then(() => {
        late = 0;
        noteFailing(false);
      })
      .catch((error: unknown) => {
        const code = error instanceof AppError ? error.code : null;
        // Another admin's desktop was first, or a relay of before knows no keys.
        late = code === 'CHANGED_MEANWHILE' ? late + 1 : 0;
        if (late >= LATE_MAX || (code !== 'CHANGED_MEANWHILE' && code !== 'NOT_FOUND')) {
          log('warn', 'keys.failed', { error: errorText(error) });
          // Another failure says nothing of the key.
          if (isAnnouncing || code === 'OFFLINE') noteFailing(code !== 'OFFLINE');
        }
        if (code !== 'NOT_FOUND') askAgainIn(RETRY_MS);
      })
      .finally(() => {
        running = null;
        isAnnouncing = false;
        look();
      });
  };
  const askAgainIn = (ms: number): void => {
    clearTimeout(retry);
    if (!isStopped) retry = setTimeout(again, ms);
  };
  const again = (): void => {
    clearTimeout(retry);
    isDue = true;
    look();
  };

  const note = (): void => {
    isDue = true;
  };
  const stopListening = relay.listen({
    // It may have missed something.
    onWelcome: note,
    onFrame: (frame) => {
      if (frame.t === 'keys') again();
      if (frame.t !== 'presence') return;
      connected = new Set(frame.present.map(({ deviceId }) => deviceId));
      if (isSomebodyNew()) again();
    },
    onClose: () => {
      connected = new Set();
    },
  });

  /** Also of one that was never shut out as far as is known here: another admin's desktop may know that it was. */
  const noteAdmitted = (deviceId: string): void => {
    const isReturned = findReturned().has(deviceId);
    try {
      admit(deviceId);
    } catch (error) {
      if (isReturned || !(error instanceof AppError)) throw error;
      log('warn', 'keys.not_admitted', { device: shortId(deviceId), error: errorText(error) });
    }
  };
  const requireAdmin = (): void => {
    if (!isAdmin()) throw new AppError('FORBIDDEN', 'only an admin hands out the key');
  };
  const requireNewest = (): void => {
    if (isWaiting()) throw new AppError('NOT_ALLOWED_NOW', 'this desktop waits for the workspace’s newest key itself');
  };

  const ready: KeyKeeper['ready'] = async () => {
    await ring.load();
    requireNewest();
    if (ring.newest() > 0) return;
    again();
    await running;
  };

  return {
    note,
    look,
    ready,
    isVouched: ({ id, publicKey }) => !findReturned().has(id) && (ring.newest() === 0 || (publicKey !== null && vouched?.get(id) === publicKey)),
    listWaiting: () => findWaiting().map((device) => ({ deviceId: device.id, code: codeOf(device) })),
    countWaiting: () => {
      const returned = findReturned();
      return findWaiting().filter(({ id }) => !returned.has(id)).length;
    },
    give: async ({ deviceId, code }) => {
      requireAdmin();
      const device = listRecipients().find(({ id }) => id === deviceId);
      if (!device) throw new AppError('NOT_FOUND', 'no such desktop waits for the key');
      // What the admin compared is what is sealed to.
      if (codeOf(device) !== code) throw new AppError('CHANGED_MEANWHILE', 'the desktop has another code by now');
      const epoch = ring.newest();
      if (epoch === 0) throw new AppError('NOT_ALLOWED_NOW', 'this workspace has no key yet');
      // It was compared with this desktop's key: the relay must not take it for another one of its number.
      const keys = await askForKeys(http);
      if (keys.epochs.length !== epoch || !(await ring.agreesWith(keys.epochs))) throw new AppError('CHANGED_MEANWHILE', 'the workspace has another key by now');
      const copy = await sealFor(ring.readSecrets(), device);
      if (copy === null) throw new AppError('NOT_FOUND', 'nothing can be sealed to this desktop');
      await http.call({ method: 'POST', path: KEY_COPIES_PATH, body: { epoch, ...copy } }, anything);
      log('info', 'keys.given', { device: shortId(deviceId) });
      noteAdmitted(deviceId);
      noteVouched(new Map([...(vouched ?? []), [deviceId, device.publicKey]]));
      again();
    },
    recoveryCode: async () => {
      requireAdmin();
      await ready();
      const epoch = ring.newest();
      const newest = ring.readSecrets().at(-1);
      if (newest === undefined) throw new AppError('NOT_ALLOWED_NOW', 'this workspace has no key yet');
      return { code: writeRecoveryCode(Buffer.from(newest, 'base64url')), epoch };
    },
    noteSheet: async ({ epoch }) => {
      requireAdmin();
      requireNewest();
      const publicKey = await ring.publicKeyOf(epoch);
      if (epoch !== ring.newest() || publicKey === null) throw new AppError('CHANGED_MEANWHILE', 'the newest key is another one than that of the sheet');
      noteSheet({ epoch, publicKey });
    },
    newestKey: () => ({ epoch: ring.newest(), publicKey: ownKeys?.newestKey ?? null }),
    isAdmin,
    listReturned: () => (isAdmin() && isHere() ? devices.listReturned() : []),
    trouble: () => {
      if (!isAdmin() || !isHere() || isWaiting()) return null;
      if (isFailing) return ring.newest() === 0 ? 'failing_first' : 'failing';
      return mayBegin() ? null : 'old_desktops';
    },
    putOwn,
    noteReplaced: () => {
      [vouched, ownKeys] = [null, null];
      note();
    },
    stop: async () => {
      isStopped = true;
      stopListening();
      clearTimeout(retry);
      await running;
    },
  };
}
