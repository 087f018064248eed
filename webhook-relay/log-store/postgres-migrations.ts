/**
 * Schema of the relay's database on PostgreSQL, one step a version. Invariants: a released step is never changed; a step and its number are one
 * transaction, which relays that start together do one after the other. The tables are those of `migrations.ts`; what stands in `identity` and
 * `counter` there is the one row of `log_head` here, which every write locks.
 */
import type pg from 'pg';
import { DatabaseFromFutureError } from './migrations.ts';
import { describe } from './postgres-session.ts';

const MIGRATIONS = [
  `
  -- moved_to: the log goes on in another store. changes: counts what is a reason for other relays to look.
  CREATE TABLE log_head (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    log_id text NOT NULL,
    seq bigint NOT NULL DEFAULT 0,
    received_at bigint NOT NULL DEFAULT 0,
    changes bigint NOT NULL DEFAULT 0,
    horizon bigint NOT NULL DEFAULT 0,
    erased_through bigint NOT NULL DEFAULT 0,
    webhooks bigint NOT NULL DEFAULT 0,
    ops bigint NOT NULL DEFAULT 0,
    duplicates bigint NOT NULL DEFAULT 0,
    unrecognised bigint NOT NULL DEFAULT 0,
    moved_to text
  );
  CREATE TABLE entry (
    seq bigint PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('webhook', 'op', 'relay')),
    received_at bigint NOT NULL,
    dedupe bytea,
    device_id text,
    actor_id text,
    device_seq bigint,
    op_id text,
    v bigint,
    occurred_at bigint,
    occurred_raw bigint,
    body text NOT NULL,
    CHECK (kind <> 'webhook' OR dedupe IS NOT NULL),
    CHECK (kind <> 'op' OR (device_id IS NOT NULL AND actor_id IS NOT NULL AND device_seq IS NOT NULL AND op_id IS NOT NULL AND v IS NOT NULL AND occurred_at IS NOT NULL))
  );
  CREATE UNIQUE INDEX entry_by_dedupe ON entry (dedupe) WHERE dedupe IS NOT NULL;
  CREATE UNIQUE INDEX entry_by_op ON entry (op_id) WHERE op_id IS NOT NULL;
  CREATE UNIQUE INDEX entry_by_device ON entry (device_id, device_seq) WHERE device_id IS NOT NULL;
  CREATE TABLE consumed_number (
    device_id text NOT NULL,
    device_seq bigint NOT NULL,
    op_id text NOT NULL,
    PRIMARY KEY (device_id, device_seq)
  );
  CREATE TABLE past_dedupe (dedupe bytea PRIMARY KEY, received_at bigint NOT NULL);
  CREATE INDEX past_dedupe_by_age ON past_dedupe (received_at);
  CREATE TABLE agent (
    id text PRIMARY KEY,
    name text NOT NULL,
    role text NOT NULL CHECK (role IN ('agent', 'lead', 'admin')),
    is_removed boolean NOT NULL DEFAULT false
  );
  -- n: the order of enrolment.
  CREATE TABLE device (
    id text PRIMARY KEY,
    n bigint NOT NULL UNIQUE,
    name text NOT NULL,
    agent_id text NOT NULL,
    token_hash bytea NOT NULL UNIQUE,
    public_key text,
    enrolled_at bigint NOT NULL,
    revoked_at bigint,
    wipe boolean NOT NULL DEFAULT false,
    last_device_seq bigint NOT NULL DEFAULT 0,
    last_occurred_at bigint,
    op_level bigint NOT NULL DEFAULT 0,
    last_seen_at bigint
  );
  CREATE TABLE invite (
    code_hash bytea PRIMARY KEY,
    role text NOT NULL CHECK (role IN ('agent', 'lead', 'admin')),
    agent_name text,
    agent_id text,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    used_at bigint,
    created_by text
  );
  CREATE TABLE snapshot (
    id text PRIMARY KEY,
    device_id text NOT NULL,
    seq bigint NOT NULL,
    state_version bigint NOT NULL,
    digest text NOT NULL,
    sha256 text NOT NULL,
    bytes bigint NOT NULL,
    device_seqs text NOT NULL,
    announced_at bigint NOT NULL,
    completed_at bigint,
    trusted_at bigint
  );
  CREATE TABLE digest_report (
    seq bigint NOT NULL,
    device_id text NOT NULL,
    state_version bigint NOT NULL,
    digest text NOT NULL,
    PRIMARY KEY (seq, device_id)
  );
  CREATE TABLE lineage (n bigint PRIMARY KEY, log_id text NOT NULL, seq bigint NOT NULL, ended_at bigint NOT NULL);
  `,
  `
  -- The newest of key_epoch; 0: there is none.
  ALTER TABLE log_head ADD COLUMN epoch bigint NOT NULL DEFAULT 0;
  -- revoked: how many devices had been shut out when it was announced.
  CREATE TABLE key_epoch (
    epoch bigint PRIMARY KEY,
    public_key text NOT NULL,
    device_id text NOT NULL,
    agent_id text NOT NULL,
    announced_at bigint NOT NULL,
    revoked bigint NOT NULL
  );
  -- The secrets of all epochs up to this one, as only the device can open them.
  CREATE TABLE key_copy (device_id text PRIMARY KEY, epoch bigint NOT NULL, sealed text NOT NULL);
  `,
  `
  -- Which key dedupe keys are hashed under; null: none.
  ALTER TABLE log_head ADD COLUMN dedupe_check text;
  `,
  `
  -- The workspace's secrets, sealed under one that is in the invite's link.
  ALTER TABLE invite ADD COLUMN sealed_ring text;
  -- The secret of the epoch before, sealed under this one's.
  ALTER TABLE key_epoch ADD COLUMN previous text;
  -- What other desktops know the device by.
  ALTER TABLE key_copy ADD COLUMN voucher text NOT NULL DEFAULT '';
  `,
  `
  -- What is deleted here opens something, and autovacuum waits for 50 such rows otherwise: small tables never have them (PostgreSQL, "The Autovacuum Daemon").
  ALTER TABLE invite SET (autovacuum_enabled = true, autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0);
  ALTER TABLE key_copy SET (autovacuum_enabled = true, autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0);
  `,
  `
  -- An admin has taken the invite back before anybody used it.
  ALTER TABLE invite ADD COLUMN withdrawn_at bigint;
  `,
];

/** Two relays that make the first table at the same time: one of them is told so (unique_violation, duplicate_table, duplicate_object). */
const MADE_MEANWHILE = new Set(['23505', '42P07', '42710']);

/** Brings the schema of the connection to the newest version. @throws DatabaseFromFutureError, PostgresError */
export async function migratePostgres(client: pg.Client, newLogId: () => string): Promise<void> {
  try {
    await makeVersionTable(client);
    await client.query('BEGIN');
    // Whoever comes second waits here and then finds nothing to do.
    const version = (await client.query<{ version: number }>('SELECT version FROM schema_version FOR UPDATE')).rows[0]?.version ?? 0;
    if (version > MIGRATIONS.length) throw new DatabaseFromFutureError(version, MIGRATIONS.length);
    for (const step of MIGRATIONS.slice(version)) await client.query(step);
    if (version === 0) await client.query('INSERT INTO log_head (log_id) VALUES ($1)', [newLogId()]);
    if (version < MIGRATIONS.length) await client.query('UPDATE schema_version SET version = $1', [MIGRATIONS.length]);
    await client.query('COMMIT');
  } catch (error) {
    throw describe(error);
  }
}

async function makeVersionTable(client: pg.Client): Promise<void> {
  for (let tried = 1; ; tried += 1) {
    try {
      await client.query('CREATE TABLE IF NOT EXISTS schema_version (one boolean PRIMARY KEY DEFAULT true CHECK (one), version integer NOT NULL)');
      await client.query('INSERT INTO schema_version (version) VALUES (0) ON CONFLICT DO NOTHING');
      return;
    } catch (error) {
      if (tried >= 5 || !MADE_MEANWHILE.has((error as { code?: string }).code ?? '')) throw error;
    }
  }
}
