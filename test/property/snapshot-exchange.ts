/**
 * Snapshots between the desktops of a world: made and installed by the real modules, over a relay that keeps the last one
 * in memory. Only the line to it is played.
 */
import { createRing } from '../../contract/sealing/key-ring.ts';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type Database from 'better-sqlite3';
import { copySnapshot } from '../../contract/sqlite/snapshot-file.ts';
import { STATE_VERSION } from '../../contract/sqlite/state-digest.ts';
import { SNAPSHOTS_PATH, type SnapshotMeta } from '../../contract/wire-http.ts';
import type { SyncQueries } from '../../main/engine/db/sync-queries.ts';
import { createJobQueries } from '../../main/engine/db/job-queries.ts';
import { createDraftQueries } from '../../main/engine/db/draft-queries.ts';
import type { ChangeCollector } from '../../main/engine/sync/change-collector.ts';
import type { RelayConnection, RelayListener, Welcome } from '../../main/engine/sync/relay-connection.ts';
import type { RelayHttp } from '../../main/engine/sync/relay-http.ts';
import type { Replica } from '../../main/engine/sync/replica.ts';
import { createScratchDisk } from '../../main/engine/sync/scratch-disk.ts';
import { compressFile } from '../../main/engine/sync/snapshot-transfer.ts';
import { createSnapshots } from '../../main/engine/sync/snapshots.ts';

type Follower = { db: Database.Database; sync: SyncQueries; replica: Replica; changes: ChangeCollector };

export type SnapshotExchange = {
  /** A desktop's confirmed rows as of now, for others to install. */
  make: (maker: Follower) => Promise<void>;
  hasSnapshot: () => boolean;
  /** What a desktop does when the relay says that the entries it needs are gone. */
  install: (desktop: Follower) => Promise<void>;
  /** What a desktop does when somebody asks it to make its rows anew, and there is no snapshot: from the log. */
  rebuild: (desktop: Follower) => Promise<void>;
};

export function createSnapshotExchange(dataDir: string, now: () => number): SnapshotExchange {
  let offered: { meta: SnapshotMeta; bytes: Buffer } | null = null;

  const http: Pick<RelayHttp, 'call' | 'putBytes' | 'getBytes'> = {
    call: async ({ path: asked }, answer) => answer.parse(asked.startsWith(SNAPSHOTS_PATH) ? offered?.meta : {}),
    putBytes: () => Promise.reject(new Error('nothing is uploaded here')),
    getBytes: async () => new Blob([new Uint8Array(offered?.bytes ?? [])]).stream(),
  };

  /** The feature over a line that does what it is told, for as long as `work` takes. */
  const withFeature = async (desktop: Follower, work: (feature: ReturnType<typeof createSnapshots>, listener: RelayListener) => Promise<void>): Promise<void> => {
    const folder = mkdtempSync(path.join(dataDir, 'snapshots-'));
    const listeners: RelayListener[] = [];
    const errors: string[] = [];
    let interruption: Promise<void> = Promise.resolve();
    const relay: Pick<RelayConnection, 'listen' | 'interrupt'> = {
      listen: (listener) => {
        listeners.push(listener);
        return () => undefined;
      },
      interrupt: (change) => {
        interruption = change(new AbortController().signal);
        return interruption;
      },
    };
    const log = (level: string, event: string, fields?: object): void => void (level === 'error' && errors.push(`${event} ${JSON.stringify(fields)}`));
    const feature = createSnapshots({
      noteLosing: () => undefined,
      noteReplacing: () => undefined,
      ...desktop,
      queries: desktop.sync,
      jobs: createJobQueries(desktop.db),
      drafts: createDraftQueries(desktop.db),
      dataDir: folder,
      disk: createScratchDisk(null),
      relay: relay as RelayConnection,
      http,
      ring: createRing([]),
      sealing: { mayInstall: () => true, noteInstalled: () => undefined, continueAs: () => undefined },
      now,
      log,
    });
    const [listener] = listeners;
    if (!listener) throw new Error('nobody listens');
    try {
      await work(feature, listener);
      await interruption;
      if (errors.length > 0) throw new Error(errors.join());
    } finally {
      await feature.stop();
      rmSync(folder, { recursive: true });
    }
  };

  return {
    make: async ({ db, sync }) => {
      const folder = mkdtempSync(path.join(dataDir, 'made-'));
      const [file, compressed] = [path.join(folder, 'rows'), path.join(folder, 'rows.zst')];
      const { cursor: seq, logId } = sync.readMeta();
      const deviceSeqs = Object.fromEntries(sync.listDevicePositions().map(({ deviceId, deviceSeq }) => [deviceId, deviceSeq]));
      const { digest } = await copySnapshot(db.name, file, () => Promise.resolve());
      const { bytes, sha256 } = await compressFile(createScratchDisk(null), file, compressed);
      offered = { meta: { logId: logId ?? '', seq, stateVersion: STATE_VERSION, deviceSeqs, bytes, sha256, digest }, bytes: readFileSync(compressed) };
      rmSync(folder, { recursive: true });
    },
    hasSnapshot: () => offered !== null,
    install: (desktop) =>
      withFeature(desktop, async (_feature, listener) => {
        listener.onRefused?.({ code: 'cursor_too_old', snapshotSeq: offered?.meta.seq ?? 0, epoch: 0, publicKey: null });
      }),
    rebuild: (desktop) =>
      withFeature(desktop, (feature, listener) => {
        listener.onWelcome?.({ snapshots: [] as Welcome['snapshots'] } as Welcome);
        return feature.rebuild();
      }),
  };
}
