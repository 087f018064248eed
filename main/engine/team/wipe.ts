/**
 * What a remote wipe leaves of this desktop: nothing but that it was wiped. Invariants: rows, drafts and keys are gone in
 * one transaction, and their bytes are overwritten before the program goes on; a crash in between is made up for at the
 * next start. The database stays open, so that the window can say what happened.
 */
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type Database from 'better-sqlite3';
import { errorText, type Log } from '../../../contract/log.ts';
import type { SyncQueries } from '../db/sync-queries.ts';
import type { ChangeCollector } from '../sync/change-collector.ts';
import type { RelayConnection } from '../sync/relay-connection.ts';
import { SECRET_NAMES } from '../lock/sealed-secrets.ts';
import { PLAIN_FOLDER } from '../media/disk-format.ts';
import { SEALED_FOLDER } from '../media/sealed-format.ts';
import type { Secrets } from '../ports.ts';

/** What the program puts beside the database. Other files of the folder are not its own. */
const isOurs = (name: string): boolean => name === PLAIN_FOLDER || name === SEALED_FOLDER || name.startsWith('snapshot.');
/** The browser shell's: the window keeps there what was typed and not yet taken. A browser that is open still writes to it. */
const WINDOW_FILES = ['window-profile', 'window-port'];

type Deps = {
  db: Database.Database;
  dataDir: string;
  queries: SyncQueries;
  secrets: Secrets;
  changes: ChangeCollector;
  relay: RelayConnection;
  abandonSnapshot: () => Promise<void>;
  abandonMedia: () => Promise<void>;
  log: Log;
};

/** Listens for the relay's order. `finish` makes up for a run that a crash cut short. `leave`: the same by whoever sits here, and then it belongs to no workspace. */
export function createWipe({ db, dataDir, queries, secrets, changes, relay, abandonSnapshot, abandonMedia, log }: Deps): {
  finish(): Promise<void>;
  leave(): Promise<void>;
  stop(): Promise<void>;
} {
  let running: Promise<void> = Promise.resolve();

  const eraseRest = async (): Promise<void> => {
    // While one is being made, its view of the rows keeps them in the write-ahead log.
    await abandonSnapshot();
    await abandonMedia();
    for (const name of SECRET_NAMES) await secrets.delete(name);
    for (const name of readdirSync(dataDir)) if (isOurs(name)) rmSync(path.join(dataDir, name), { recursive: true, force: true });
    db.exec('VACUUM');
    db.pragma('wal_checkpoint(TRUNCATE)');
    try {
      for (const name of WINDOW_FILES) rmSync(path.join(dataDir, name), { recursive: true, force: true, maxRetries: 3 });
    } catch (error) {
      log('warn', 'engine.wipe_left_window', { error: errorText(error) }); // the next start takes what the window still held
    }
  };

  const erase = async (): Promise<void> => {
    // Without the key that this desktop talks with, nothing comes back after what follows.
    queries.wipe();
    changes.noteWrite('agent', { id: '' });
    changes.noteSync();
    changes.noteConflicts();
    changes.publish();
    await eraseRest();
    log('warn', 'engine.wiped');
  };

  const stopListening = relay.listen({
    onRefused: (refusal) => {
      if (refusal.code !== 'revoked' || !refusal.wipe) return false;
      relay.end('revoked');
      running = erase().catch((error: unknown) => log('error', 'engine.wipe_failed', { error: errorText(error) }));
      return true;
    },
  });

  return {
    finish: async () => {
      const { deviceId, syncEnd } = queries.readMeta();
      if (deviceId === null && syncEnd === 'revoked') await eraseRest();
    },
    leave: async () => {
      relay.end('revoked');
      await running;
      running = erase();
      await running;
      queries.setSyncEnd(null);
      relay.reconnect();
      changes.noteSession();
      changes.noteSync();
      changes.publish();
    },
    stop: async () => {
      stopListening();
      await running;
    },
  };
}
