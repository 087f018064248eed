/**
 * Schema of the relay's database, one step a version. Invariant: a released step is never changed; `user_version` is
 * raised in the transaction of the step, so a database is always at exactly one version.
 */
import type { Database } from 'better-sqlite3';

const MIGRATIONS = [
  `
  CREATE TABLE identity (log_id TEXT NOT NULL) STRICT;
  CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  INSERT INTO counter VALUES ('webhooks', 0), ('ops', 0), ('duplicates', 0), ('unrecognised', 0);

  -- occurred_at is clamped for display, occurred_raw is what the device said.
  CREATE TABLE entry (
    seq INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('webhook', 'op', 'relay')),
    received_at INTEGER NOT NULL,
    dedupe BLOB,
    device_id TEXT,
    actor_id TEXT,
    device_seq INTEGER,
    op_id TEXT,
    v INTEGER,
    occurred_at INTEGER,
    occurred_raw INTEGER,
    body TEXT NOT NULL,
    CHECK (kind <> 'webhook' OR dedupe IS NOT NULL),
    CHECK (kind <> 'op' OR (device_id IS NOT NULL AND actor_id IS NOT NULL AND device_seq IS NOT NULL AND op_id IS NOT NULL AND v IS NOT NULL AND occurred_at IS NOT NULL))
  ) STRICT;
  CREATE UNIQUE INDEX entry_by_dedupe ON entry (dedupe) WHERE dedupe IS NOT NULL;
  CREATE UNIQUE INDEX entry_by_op ON entry (op_id) WHERE op_id IS NOT NULL;
  CREATE UNIQUE INDEX entry_by_device ON entry (device_id, device_seq) WHERE device_id IS NOT NULL;

  -- Numbers of a device whose op was in the log already under another number.
  CREATE TABLE consumed_number (
    device_id TEXT NOT NULL,
    device_seq INTEGER NOT NULL,
    op_id TEXT NOT NULL,
    PRIMARY KEY (device_id, device_seq)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE device (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    agent_name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('agent', 'lead', 'admin')),
    token_hash BLOB NOT NULL UNIQUE,
    enrolled_at INTEGER NOT NULL,
    revoked_at INTEGER,
    last_device_seq INTEGER NOT NULL DEFAULT 0,
    last_occurred_at INTEGER
  ) STRICT;

  CREATE TABLE invite (
    code_hash BLOB PRIMARY KEY,
    role TEXT NOT NULL CHECK (role IN ('agent', 'lead', 'admin')),
    agent_name TEXT,
    agent_id TEXT,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- Who belongs to the workspace. As in the desktops' reducer the first enrolment of an agent gives name and role.
  CREATE TABLE agent (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('agent', 'lead', 'admin')),
    is_removed INTEGER NOT NULL DEFAULT 0
  ) STRICT, WITHOUT ROWID;
  INSERT INTO agent (id, name, role) SELECT agent_id, agent_name, role FROM device WHERE rowid IN (SELECT min(rowid) FROM device GROUP BY agent_id);
  ALTER TABLE device DROP COLUMN agent_name;
  ALTER TABLE device DROP COLUMN role;
  ALTER TABLE device ADD COLUMN public_key TEXT;
  -- What a revoked device is told to do with what it holds.
  ALTER TABLE device ADD COLUMN wipe INTEGER NOT NULL DEFAULT 0;
  -- 0: it has not said hello yet.
  ALTER TABLE device ADD COLUMN op_level INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE device ADD COLUMN last_seen_at INTEGER;
  -- The agent who made it; null: the command line.
  ALTER TABLE invite ADD COLUMN created_by TEXT;
  `,
  `
  -- Copies of the team's rows as of seq, made by desktops; the bytes lie in files. Offered to others once trusted.
  CREATE TABLE snapshot (
    id TEXT PRIMARY KEY,
    device_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    state_version INTEGER NOT NULL,
    digest TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    device_seqs TEXT NOT NULL,
    announced_at INTEGER NOT NULL,
    completed_at INTEGER,
    trusted_at INTEGER
  ) STRICT;
  -- What desktops say about their rows at a few recent seqs.
  CREATE TABLE digest_report (
    seq INTEGER NOT NULL,
    device_id TEXT NOT NULL,
    state_version INTEGER NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (seq, device_id)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- Entries up to horizon are gone; a trusted snapshot has what they did.
  ALTER TABLE identity ADD COLUMN horizon INTEGER NOT NULL DEFAULT 0;
  -- Keys of webhook entries that are gone although they may still be delivered again.
  CREATE TABLE past_dedupe (dedupe BLOB PRIMARY KEY, received_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX past_dedupe_by_age ON past_dedupe (received_at);
  -- Logs that this one continues: entries up to seq are those of log_id.
  CREATE TABLE lineage (n INTEGER PRIMARY KEY, log_id TEXT NOT NULL, seq INTEGER NOT NULL, ended_at INTEGER NOT NULL) STRICT;
  `,
  `
  -- Desktops have erased somebody: entries up to here go as soon as a trusted snapshot from here on is there.
  ALTER TABLE identity ADD COLUMN erased_through INTEGER NOT NULL DEFAULT 0;
  `,
  `
  -- What is sealed is sealed to one of these. revoked: how many devices had been shut out when it was announced.
  CREATE TABLE key_epoch (
    epoch INTEGER PRIMARY KEY,
    public_key TEXT NOT NULL,
    device_id TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    announced_at INTEGER NOT NULL,
    revoked INTEGER NOT NULL
  ) STRICT;
  -- The secrets of all epochs up to this one, as only the device can open them.
  CREATE TABLE key_copy (device_id TEXT PRIMARY KEY, epoch INTEGER NOT NULL, sealed TEXT NOT NULL) STRICT, WITHOUT ROWID;
  `,
  `
  -- Which key dedupe keys are hashed under; null: none.
  ALTER TABLE identity ADD COLUMN dedupe_check TEXT;
  `,
  `
  -- The workspace's secrets, sealed under one that is in the invite's link.
  ALTER TABLE invite ADD COLUMN sealed_ring TEXT;
  -- The secret of the epoch before, sealed under this one's.
  ALTER TABLE key_epoch ADD COLUMN previous TEXT;
  -- What other desktops know the device by.
  ALTER TABLE key_copy ADD COLUMN voucher TEXT NOT NULL DEFAULT '';
  `,
  `
  -- An admin has taken the invite back before anybody used it.
  ALTER TABLE invite ADD COLUMN withdrawn_at INTEGER;
  `,
];

/** The database was written by a newer relay: opening it could destroy what that one knows. */
export class DatabaseFromFutureError extends Error {
  constructor(found: number, known = MIGRATIONS.length) {
    super(`The database was written by a newer version of the relay (schema ${found}, this program knows ${known}). Start that newer version, or choose another folder with RELAY_DATA_DIR.`);
    this.name = 'DatabaseFromFutureError';
  }
}

/**
 * Brings the database to the newest schema, or to that of an earlier version, as its tests need it.
 * @throws DatabaseFromFutureError
 */
export function migrate(db: Database, newLogId: () => string, target = MIGRATIONS.length): void {
  const readVersion = (): number => db.pragma('user_version', { simple: true }) as number;
  if (readVersion() > MIGRATIONS.length) throw new DatabaseFromFutureError(readVersion());
  if (readVersion() >= target) return;
  db.transaction(() => {
    const from = readVersion(); // again: another process may have been first
    for (const step of MIGRATIONS.slice(from, target)) db.exec(step);
    if (from === 0) db.prepare('INSERT INTO identity (log_id) VALUES (?)').run(newLogId());
    db.pragma(`user_version = ${Math.max(from, target)}`);
  }).immediate();
}
