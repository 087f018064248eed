/**
 * Bodies between the socket and the replica: what comes is opened, what leaves is sealed; rows and pending ops stay plain. Invariants: what cannot be
 * opened with a key that is there counts as nothing, on every desktop alike; where a key is missing, or not known to be the relay's, nothing further is opened; once the log is sealed
 * an op in plain words counts as nothing, because whoever carries the log could have written it, and so does one sealed to a key of long ago, because
 * somebody who was shut out since could have; what is known of one log is not believed of another.
 */
import { z } from 'zod';
import { shortId, type Log } from '../../../contract/log.ts';
import { createWebhookOpener, isSealed, openOp, readEpoch, sealOp } from '../../../contract/sealing/sealed-body.ts';
import type { LogEntry, PushedOp } from '../../../contract/wire.ts';
import type { SettingQueries } from '../db/setting-queries.ts';
import type { SyncQueries } from '../db/sync-queries.ts';
import type { WorkspaceRing } from './workspace-ring.ts';

/**
 * What this desktop has seen of a log. `since`: the log is sealed from this seq on, at the latest; `epochs`: of the first entry of each epoch; `snapshot`: of the first sealed
 * snapshot that was installed. Null: none was seen.
 */
const sealedSchema = z.object({
  logId: z.string().nullable(),
  since: z.number().int().nullable(),
  epochs: z.array(z.object({ epoch: z.number().int(), seq: z.number().int() })),
  snapshot: z.number().int().nullable(),
});
type Sealed = z.infer<typeof sealedSchema>;
/** A new workspace has its key before so many entries: when its first admin's desktop is up to date. */
const FIRST_ENTRIES = 100;
/** What the reducer takes for an op that says nothing: `forbidden`, malformed. */
const UNREADABLE = '';

type Deps = {
  ring: WorkspaceRing;
  queries: Pick<SyncQueries, 'readMeta'>;
  settings: SettingQueries;
  /** Up to which epoch the keys here are known to be the relay's, too; null: nothing is known. */
  agreedEpoch: () => number | null;
  log: Log;
};

export type LogSealing = {
  /** Reads this desktop's keys; the other calls need it. @throws if the secrets cannot be read. */
  load(): Promise<void>;
  /** The newest epoch whose key is here; 0: none is. */
  newest(): number;
  /** In order, up to the first entry whose key is not here, or not known to be the relay's; `missing`: its epoch. */
  open(entries: readonly LogEntry[]): Promise<{ opened: LogEntry[]; missing: number | null }>;
  /** Seals to the newest epoch; without one it leaves them as they are. */
  seal(ops: readonly PushedOp[]): PushedOp[];
  /** The log has a key, and had `head` entries then: what comes after them is sealed. */
  noteSealedAfter(head: number): void;
  /** Whether the team worked together before the log was sealed. */
  hadPlainPast(): boolean;
  /** Whether an entry may be of before the log was sealed, as far as this desktop has seen. */
  isFromBefore(seq: number): boolean;
  /** Whether a snapshot as of `seq` can be the team's. `epoch`: that it is sealed to; null: it is in plain words. */
  mayInstall(snapshot: { seq: number; epoch: number | null }): boolean;
  /** A sealed one was installed. */
  noteInstalled(seq: number): void;
  /** The relay was restored: another log goes on where this one was at `shared`. Call before the log's id changes. */
  continueAs(logId: string, shared: number): void;
};

export function createLogSealing({ ring, queries, settings, agreedEpoch, log }: Deps): LogSealing {
  const webhooks = createWebhookOpener(ring);

  const readSealed = (): Sealed => {
    const { logId } = queries.readMeta();
    const known = settings.read('sealed', sealedSchema);
    return known?.logId === logId ? known : { logId, since: null, epochs: [], snapshot: null };
  };
  const isFromBefore = (seq: number): boolean => seq < (readSealed().since ?? Infinity);
  /** A body of this epoch at this place is later than the relay takes any: two newer keys were in use before it. */
  const isOutdated = ({ epochs }: Sealed, epoch: number, seq: number): boolean => epochs.some((newer) => newer.epoch > epoch + 1 && newer.seq < seq);

  /** What is known with these entries, which need not be newer than those before. */
  const noteSealed = (entries: readonly LogEntry[]): Sealed => {
    const known = readSealed();
    const firsts = new Map(known.epochs.map(({ epoch, seq }) => [epoch, seq]));
    let isNew = false;
    for (const { kind, seq, body } of entries) {
      const epoch = kind === 'relay' ? null : readEpoch(body);
      if (epoch === null || seq >= (firsts.get(epoch) ?? Infinity)) continue;
      firsts.set(epoch, seq);
      isNew = true;
    }
    if (!isNew) return known;
    const epochs = [...firsts].map(([epoch, seq]) => ({ epoch, seq }));
    const next = { ...known, since: Math.min(known.since ?? Infinity, ...firsts.values()), epochs };
    settings.write('sealed', next);
    return next;
  };

  const readPlain = (entry: LogEntry, { since }: Sealed): LogEntry => {
    if (entry.kind !== 'op' || entry.seq < (since ?? Infinity)) return entry;
    log('warn', 'sealing.op_not_sealed', { seq: entry.seq });
    return { ...entry, body: UNREADABLE };
  };

  /** An event that cannot be opened stays as it is, which no reader recognises. */
  const openEntry = async (entry: LogEntry, sealed: Sealed): Promise<LogEntry> => {
    if (entry.kind === 'relay') return entry;
    if (!isSealed(entry.body)) return readPlain(entry, sealed);
    if (entry.kind === 'webhook') return { ...entry, body: (await webhooks.open(entry.body)) ?? entry.body };
    const epoch = readEpoch(entry.body) ?? 0;
    const keys = ring.find(epoch);
    const body = keys && !isOutdated(sealed, epoch, entry.seq) ? openOp(keys, entry, entry.body) : null;
    if (body === null) log('warn', 'sealing.op_unreadable', { seq: entry.seq, device: shortId(entry.deviceId) });
    return { ...entry, body: body ?? UNREADABLE };
  };

  return {
    load: () => ring.load(),
    newest: () => ring.newest(),
    hadPlainPast: () => (readSealed().since ?? 0) > FIRST_ENTRIES,
    isFromBefore,
    noteSealedAfter: (head) => {
      const sealed = readSealed();
      if (head + 1 < (sealed.since ?? Infinity)) settings.write('sealed', { ...sealed, since: head + 1 });
    },
    mayInstall: ({ seq, epoch }) => {
      const sealed = readSealed();
      if (epoch !== null) return !isOutdated(sealed, epoch, seq);
      // Who has read on into the sealed part goes back to no rows that anybody could have made.
      const first = Math.min(sealed.since ?? Infinity, sealed.snapshot ?? Infinity);
      return ring.newest() === 0 || (seq < first && queries.readMeta().cursor < first);
    },
    noteInstalled: (seq) => {
      const sealed = readSealed();
      if (seq < (sealed.snapshot ?? Infinity)) settings.write('sealed', { ...sealed, snapshot: seq });
    },
    continueAs: (logId, shared) => {
      const { since, epochs, snapshot } = readSealed();
      // What comes after the shared part is new, and no reason to take plain words again.
      const clip = (seq: number | null): number | null => (seq === null ? null : Math.min(seq, shared + 1));
      settings.write('sealed', { logId, since: clip(since), epochs: epochs.filter(({ seq }) => seq <= shared), snapshot: clip(snapshot) });
    },
    open: async (entries) => {
      const lacks = (entry: LogEntry): boolean => {
        const epoch = entry.kind === 'relay' ? null : readEpoch(entry.body);
        // Also one that is here, and may not be the one of that number in this log.
        return epoch !== null && (ring.find(epoch) === undefined || epoch > (agreedEpoch() ?? 0));
      };
      const end = entries.findIndex(lacks);
      const readable = end < 0 ? entries : entries.slice(0, end);
      const sealed = noteSealed(readable);
      // Keys of webhooks are asked for side by side.
      const opened = await Promise.all(readable.map((entry) => openEntry(entry, sealed)));
      const missing = end < 0 ? null : readEpoch(entries[end]?.body ?? '');
      return { opened, missing };
    },
    seal: (ops) => {
      const keys = ring.find(ring.newest());
      const { deviceId, agentId } = queries.readMeta();
      if (!keys || deviceId === null || agentId === null) return [...ops];
      return ops.map((op) => ({ ...op, body: sealOp(keys, { ...op, deviceId, actorId: agentId }, op.body) }));
    },
  };
}
