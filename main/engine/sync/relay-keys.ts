/**
 * The workspace's keys as the relay names them, against those of this desktop. Invariants: nothing is opened with a key, or sealed to it, before its
 * public half was found to be the one that the relay names: after a restored backup somebody may have made another key of the same number; where that
 * was done this desktop waits for a person and changes nothing; a desktop without keys takes those of the workspace whose code it showed, and no others,
 * which whoever carries them could have made; an answer counts for the line that it was asked for on, and for no later one: the relay may be another by then.
 */
import { z } from 'zod';
import type { Log } from '../../../contract/log.ts';
import { deriveEpochKeys, derivePublicKey, type RingSecrets } from '../../../contract/sealing/key-ring.ts';
import type { NewestKey } from '../../../contract/wire.ts';
import { KEY_COPIES_PATH, NO_COPY, WORKSPACE_KEYS_PATH, workspaceKeysSchema, type WorkspaceKeys } from '../../../contract/wire-http.ts';
import type { SettingQueries } from '../db/setting-queries.ts';
import type { SyncQueries } from '../db/sync-queries.ts';
import type { CodeSubject } from '../keys/device-code.ts';
import type { Secrets } from '../ports.ts';
import { openRing } from './device-key.ts';
import type { RelayHttp } from './relay-http.ts';
import type { WorkspaceRing } from './workspace-ring.ts';

/** `firstKey`: public key of the first epoch, as the relay said it first to this device, also of a log that was restored since. */
const pinSchema = z.object({ deviceId: z.string(), firstKey: z.string() });
/** The key for which this desktop has said that what it was given is not enough. */
const askedSchema = z.object({ logId: z.string(), publicKey: z.string() });

type Deps = {
  ring: WorkspaceRing;
  queries: Pick<SyncQueries, 'readMeta'>;
  settings: SettingQueries;
  secrets: Secrets;
  http: Pick<RelayHttp, 'call'>;
  /** What the relay names is another key than before. */
  onChange: () => void;
  log: Log;
};

export type RelayKeys = {
  /** Whether the relay's newest key is known to be one of this desktop's. Cheap, and true of a log without keys once that was asked. */
  isAgreed(key: NewestKey): boolean;
  /** Up to which epoch the relay's keys are known to be those here; null: nothing is known, or they are others. */
  agreedEpoch(): number | null;
  /**
   * Compares, and asks for what another desktop has put there for this one. @param key the relay's newest as it said; null: whatever it has.
   * @returns `missing`: nobody has given it, or this desktop has another one of its number; `moved`: the relay has another log by now, or fewer keys, and
   * whoever waits has to connect to find out; `stale`: another line has begun since, which asks for itself. @throws AppError OFFLINE, SYNC_ENDED …
   */
  fetch(key: NewestKey | null): Promise<'here' | 'missing' | 'moved' | 'stale'>;
  /** This desktop begins to connect: what was asked before and is not answered yet changes nothing any more. */
  beginLine(): void;
  /** The relay's keys are others than those here, or than those that it named first, and only a person can say that they are the team's. */
  areOthers(): boolean;
  /** What the code is made from that people compare while this desktop waits; null: the relay was not asked yet. */
  codeSubject(): Omit<CodeSubject, 'deviceId'> | null;
  /** What somebody has put there for this desktop; null: nothing, or nothing that opens. */
  openCopy(keys: WorkspaceKeys): Promise<RingSecrets | null>;
};

export const askForKeys = (http: Pick<RelayHttp, 'call'>): Promise<WorkspaceKeys> => http.call({ method: 'GET', path: WORKSPACE_KEYS_PATH }, workspaceKeysSchema);

export function createRelayKeys({ ring, queries, settings, secrets, http, onChange, log }: Deps): RelayKeys {
  /** `secret`: of this desktop at that epoch when they were compared. */
  let agreed: (NewestKey & { secret: string | undefined }) | null = null;
  let subject: Omit<CodeSubject, 'deviceId'> | null = null;
  let areOthers = false;
  let asking: Promise<WorkspaceKeys | null> | null = null;
  /** Grows with every attempt to connect. */
  let line = 0;

  const secretOf = (epoch: number): string | undefined => ring.readSecrets()[epoch - 1];
  const agree = ({ epoch, publicKey }: NewestKey): void => {
    agreed = { epoch, publicKey, secret: secretOf(epoch) };
    areOthers = false;
  };
  const isStillHere = (): boolean => agreed !== null && agreed.secret === secretOf(agreed.epoch);

  const readFirstKey = (): string | null => {
    const pin = settings.read('first-key', pinSchema);
    return pin && pin.deviceId === queries.readMeta().deviceId ? pin.firstKey : null;
  };
  const noteFirstKey = (firstKey: string): void => {
    const { deviceId } = queries.readMeta();
    if (deviceId !== null && readFirstKey() === null) settings.write('first-key', { deviceId, firstKey });
  };
  /** Where there are keys, others have to begin with them; and what is new in it has to be what the relay names, or this desktop would seal to what nobody else has. */
  const isOfWorkspace = async (given: RingSecrets, { epochs }: WorkspaceKeys): Promise<boolean> => {
    const publicKeyOf = (epoch: number): Promise<string> => derivePublicKey(deriveEpochKeys(epoch, given[epoch - 1] ?? ''));
    if (ring.newest() === 0 && (await publicKeyOf(1)) !== readFirstKey()) return false;
    for (let epoch = ring.newest() + 1; epoch <= given.length; epoch += 1) if ((await publicKeyOf(epoch)) !== epochs[epoch - 1]?.publicKey) return false;
    return true;
  };
  const agrees = async ({ epochs }: WorkspaceKeys): Promise<boolean> => {
    if (ring.newest() > 0) return ring.agreesWith(epochs);
    const [first] = epochs;
    return first === undefined || first.publicKey === (readFirstKey() ?? first.publicKey);
  };

  const openCopy = async ({ copy, logId }: WorkspaceKeys): Promise<RingSecrets | null> => {
    const { deviceId } = queries.readMeta();
    return copy === null || copy.sealed === NO_COPY || deviceId === null ? null : openRing(copy.sealed, secrets, { logId, deviceId });
  };
  const takeCopy = async (keys: WorkspaceKeys, isCurrent: () => boolean): Promise<void> => {
    const { copy } = keys;
    if (copy === null || copy.sealed === NO_COPY) return;
    const given = await openCopy(keys);
    const isRight = given !== null && (await isOfWorkspace(given, keys));
    if (!isCurrent()) return;
    const outcome = !given ? 'unreadable' : isRight ? await ring.take(given) : 'foreign';
    if (outcome === 'taken') log('info', 'sealing.key_taken', { epoch: ring.newest() });
    else if (outcome !== 'known') log('error', 'sealing.key_refused', { outcome, epoch: copy.epoch });
  };

  /** Whoever gave this desktop a key took it for one that has those before, too: an admin has to look at it again. Said once for each key. */
  const askAnew = async ({ logId, epochs }: WorkspaceKeys): Promise<void> => {
    const { deviceId } = queries.readMeta();
    const newest = epochs.at(-1);
    const asked = settings.read('key-asked', askedSchema);
    if (!newest || deviceId === null || (asked?.logId === logId && asked.publicKey === newest.publicKey)) return;
    log('error', 'sealing.other_keys', { epoch: newest.epoch, own: ring.newest() });
    await http.call({ method: 'POST', path: KEY_COPIES_PATH, body: { epoch: newest.epoch, deviceId, sealed: NO_COPY, voucher: '' } }, z.unknown());
    settings.write('key-asked', { logId, publicKey: newest.publicKey });
  };

  const noteSubject = ({ logId, epochs }: WorkspaceKeys): void => {
    const [first, newest] = [epochs[0], epochs.at(-1)];
    if (first) noteFirstKey(first.publicKey);
    const next = first && newest ? { logId, firstKey: first.publicKey, newestKey: newest.publicKey } : null;
    const isNews = JSON.stringify(next) !== JSON.stringify(subject);
    subject = next;
    if (isNews) onChange();
  };

  /** Without asking anybody. */
  const isOwn = async (key: NewestKey): Promise<boolean> => key.epoch === 0 || (key.publicKey !== null && (await ring.publicKeyOf(key.epoch)) === key.publicKey);

  /** @returns null: stale. */
  const askRelay = async (): Promise<WorkspaceKeys | null> => {
    const begun = line;
    const isCurrent = (): boolean => line === begun;
    const keys = await askForKeys(http);
    if (!isCurrent()) return null;
    const { logId } = queries.readMeta();
    const isRight = await agrees(keys);
    if (!isCurrent()) return null;
    const wereOthers = areOthers;
    areOthers = !isRight;
    noteSubject(keys);
    if (areOthers !== wereOthers) onChange();
    if (areOthers) {
      agreed = null;
      await askAnew(keys);
      return keys;
    }
    if (keys.logId === logId) await takeCopy(keys, isCurrent);
    const newest = keys.epochs.at(-1) ?? { epoch: 0, publicKey: null };
    const isHere = await isOwn(newest);
    if (!isCurrent()) return null;
    if (isHere) agree(newest);
    return keys;
  };

  return {
    isAgreed: ({ epoch, publicKey }) => isStillHere() && agreed?.epoch === epoch && (publicKey === null || agreed.publicKey === publicKey),
    agreedEpoch: () => (isStillHere() ? (agreed?.epoch ?? null) : null),
    fetch: async (key) => {
      const begun = line;
      await ring.load();
      const isHere = key !== null && (await isOwn(key));
      if (line !== begun) return 'stale';
      if (key !== null && isHere) {
        agree(key);
        return 'here';
      }
      if (asking === null) {
        const asked: Promise<WorkspaceKeys | null> = askRelay().finally(() => {
          if (asking === asked) asking = null;
        });
        asking = asked;
      }
      const keys = await asking;
      if (keys === null || line !== begun) return 'stale';
      const { logId, epochs } = keys;
      if (areOthers) return 'missing';
      if (logId !== queries.readMeta().logId || epochs.length < (key?.epoch ?? 0)) return 'moved';
      return ring.newest() >= epochs.length ? 'here' : 'missing';
    },
    beginLine: () => {
      line += 1;
      asking = null;
    },
    areOthers: () => areOthers,
    codeSubject: () => subject,
    openCopy,
  };
}
