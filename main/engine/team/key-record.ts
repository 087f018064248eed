/**
 * What the team knows of its key's paper: which key was printed last, and who came in with it. It stands in the log (`contract/ops/key-ops.ts`), so every
 * admin sees the same. Invariant: a record that cannot be written now (the team is not up to date, sync has ended) keeps nobody from the key itself.
 */
import { z } from 'zod';
import { AppError } from '../../../contract/app-error.ts';
import type { SyncState } from '../../../contract/entities.ts';
import { errorText, type Log } from '../../../contract/log.ts';
import type { OpBody } from '../../../contract/ops/op.ts';
import type { KeyQueries } from '../db/key-queries.ts';
import type { SettingQueries } from '../db/setting-queries.ts';
import type { Replica } from '../sync/replica.ts';

/** How long a void sheet is not spoken of after somebody said "later". */
const LATER_MS = 24 * 60 * 60 * 1000;
/**
 * `later`: of the key that counts, until when (relay time, ms) nothing is said. `seen`: up to which entry of which log desktops that came by paper were taken
 * note of here; a log that was restored counts anew.
 */
const putOffSchema = z.object({
  later: z.object({ epoch: z.number().int(), until: z.number().int() }).nullable().default(null),
  seen: z.object({ logId: z.string(), seq: z.number().int() }).nullable().default(null),
});

type Deps = {
  queries: KeyQueries;
  settings: SettingQueries;
  replica: Pick<Replica, 'applyLocal'>;
  isAdmin: () => boolean;
  readMeta: () => { deviceId: string | null; logId: string | null };
  /** Of this desktop; `publicKey` null: not known yet. `epoch` 0: there is none. */
  newestKey: () => { epoch: number; publicKey: string | null };
  /** Relay time, ms. */
  now: () => number;
  onChange: () => void;
  log: Log;
};

export type KeyRecord = {
  /** The code of this key is on paper. */
  noteSheet(key: { epoch: number; publicKey: string }): void;
  /** This desktop got the key from paper. */
  noteRecovered(key: { epoch: number }): void;
  /** To an admin: the sheet that opens the workspace, or else the newest one that did; null: there never was one. */
  sheet(): SyncState['sheet'];
  /** To an admin: the desktops that came by paper and are not shut out, each until it was taken note of here. */
  recovered(): SyncState['recovered'];
  /** When each desktop last got the key from paper, ms. */
  recoveredAt(): ReadonlyMap<string, number>;
  /** Nothing more is said of it here: of a void sheet for a day or until there is another key, of desktops for good, up to the entry `seq` that was shown. */
  putOff(notice: KeyNotice): void;
};
export type KeyNotice = { notice: 'sheet' } | { notice: 'recovered'; seq: number };

export function createKeyRecord({ queries, settings, replica, isAdmin, readMeta, newestKey, now, onChange, log }: Deps): KeyRecord {
  const write = (op: OpBody): void => {
    try {
      replica.applyLocal(op);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      log('warn', 'keys.not_recorded', { type: op.type, error: errorText(error) });
    }
  };
  const readPutOff = (): z.infer<typeof putOffSchema> => settings.read('key-notices', putOffSchema) ?? { later: null, seen: null };
  const seenThrough = (): number => {
    const { seen } = readPutOff();
    return seen !== null && seen.logId === readMeta().logId ? seen.seq : 0;
  };
  /** The newest first. Its own is pending at first, and others' never are: their seq is their place in the log. */
  const listOthers = () => {
    const { deviceId: own } = readMeta();
    return queries.listRecoveries().filter(({ deviceId, isOut }) => isOut === 0 && deviceId !== own);
  };

  return {
    noteSheet: (key) => {
      // Printing it again makes no other sheet.
      if (queries.listSheets()[0]?.publicKey !== key.publicKey) write({ type: 'key.sheet', args: key });
    },
    noteRecovered: (key) => write({ type: 'key.recover', args: key }),
    sheet: () => {
      const { epoch, publicKey } = newestKey();
      if (epoch === 0 || !isAdmin()) return null;
      const sheets = queries.listSheets();
      const right = sheets.find((sheet) => (publicKey === null ? sheet.epoch === epoch : sheet.publicKey === publicKey));
      const sheet = right ?? sheets[0];
      if (!sheet) return null;
      const { later } = readPutOff();
      const isPutOff = later !== null && later.epoch === epoch && now() < later.until;
      return { epoch: sheet.epoch, at: sheet.at, byName: sheet.byName, isVoid: !right, isPutOff };
    },
    recovered: () => {
      if (!isAdmin()) return null;
      const seen = seenThrough();
      const unseen = listOthers().filter(({ seq }) => seq > seen);
      const [newest] = unseen;
      return newest ? { seq: newest.seq, desktops: unseen.map(({ deviceId, deviceName, agentName, at }) => ({ deviceId, deviceName, agentName, at })) } : null;
    },
    recoveredAt: () => new Map(queries.listRecoveries().map(({ deviceId, at }) => [deviceId, at])),
    putOff: (notice) => {
      const before = readPutOff();
      if (notice.notice === 'sheet') settings.write('key-notices', { ...before, later: { epoch: newestKey().epoch, until: now() + LATER_MS } });
      else {
        // Never beyond what there is, nor back.
        const seq = Math.max(seenThrough(), Math.min(notice.seq, listOthers()[0]?.seq ?? 0));
        settings.write('key-notices', { ...before, seen: { logId: readMeta().logId ?? '', seq } });
      }
      onChange();
    },
  };
}
