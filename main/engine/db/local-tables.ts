/** SQL of the tables that belong to this desktop alone, as numbered migrations: only ever added to. */
export const LOCAL_MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE pending_op (
    device_seq INTEGER PRIMARY KEY, op_id TEXT NOT NULL UNIQUE, v INTEGER NOT NULL, occurred_at INTEGER NOT NULL, body TEXT NOT NULL
  ) STRICT;
  CREATE TABLE undo (n INTEGER PRIMARY KEY, table_name TEXT NOT NULL, key TEXT NOT NULL, prior TEXT NOT NULL) STRICT;
  CREATE TABLE sync_meta (
    id INTEGER PRIMARY KEY CHECK (id = 1), relay_url TEXT, log_id TEXT, device_id TEXT, agent_id TEXT,
    cursor INTEGER NOT NULL, next_device_seq INTEGER NOT NULL, clock_offset INTEGER NOT NULL
  ) STRICT;
  INSERT INTO sync_meta (id, cursor, next_device_seq, clock_offset) VALUES (1, 0, 1, 0);
  -- Webhook entries as they came, with what became of them.
  CREATE TABLE log_entry (
    seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, received_at INTEGER NOT NULL, body TEXT NOT NULL, outcome TEXT NOT NULL, message_id TEXT
  ) STRICT;
  CREATE TABLE job (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, lane TEXT NOT NULL, subject TEXT NOT NULL, payload TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('ready', 'running', 'waiting', 'uncertain', 'done')),
    attempts INTEGER NOT NULL, run_at INTEGER NOT NULL, changed_at INTEGER NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX job_subject ON job (kind, subject);
  CREATE INDEX job_open ON job (lane, id) WHERE state IN ('ready', 'running');
  CREATE INDEX job_uncertain ON job (id) WHERE state = 'uncertain';
  CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  `,
  `
  -- What I have typed and not sent.
  CREATE TABLE draft (conversation_id TEXT PRIMARY KEY, text TEXT NOT NULL, mode TEXT NOT NULL CHECK (mode IN ('reply', 'note')), updated_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  -- Conflicts that I have re-applied or dismissed.
  CREATE TABLE settled_conflict (op_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
  -- Own ops that the relay has confirmed, for 30 days: pushed again to a relay that was restored from an older backup.
  CREATE TABLE confirmed_op (
    device_seq INTEGER PRIMARY KEY, op_id TEXT NOT NULL UNIQUE, v INTEGER NOT NULL, occurred_at INTEGER NOT NULL, body TEXT NOT NULL, confirmed_at INTEGER NOT NULL
  ) STRICT;
  -- Sum over the hashes of all synced rows at the cursor, 64 bits in hex; null: not known, count anew.
  ALTER TABLE sync_meta ADD COLUMN digest TEXT;
  -- The lowest op level in the team, as the relay said last.
  ALTER TABLE sync_meta ADD COLUMN write_level INTEGER NOT NULL DEFAULT 1;
  -- Last op that this database has handed to the relay, written before it is: of a copied database only one has.
  ALTER TABLE sync_meta ADD COLUMN pushed_through INTEGER NOT NULL DEFAULT 0;
  UPDATE sync_meta SET pushed_through = next_device_seq - 1;
  -- Rows are made anew until the cursor gets here (again).
  ALTER TABLE sync_meta ADD COLUMN made_anew_until INTEGER NOT NULL DEFAULT 0;
  -- STATE_VERSION of the program that made the rows; null: before there was one.
  ALTER TABLE sync_meta ADD COLUMN state_version INTEGER;
  -- Why nothing that is recorded here would leave: revoked, forked, wrong_log. Null: it will.
  ALTER TABLE sync_meta ADD COLUMN sync_end TEXT;
  -- Last op of each device up to the cursor. So far every op has had a number of its own, so counting them gives it.
  CREATE TABLE device_position (device_id TEXT PRIMARY KEY, device_seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  INSERT INTO device_position SELECT device_id, count(*) FROM activity WHERE seq < 9007199254740991 GROUP BY device_id;
  `,
  `
  -- What waits for its author's decision: few rows, asked for with every row of the list.
  CREATE INDEX message_held ON message (conversation_id) WHERE hold = 'held';
  CREATE INDEX job_waiting ON job (id) WHERE state = 'waiting';
  `,
  `
  -- For diagnosis: the story of a message, statuses that came before it was known whose they were, what was not applied, recent failures.
  CREATE INDEX log_entry_message ON log_entry (message_id) WHERE message_id IS NOT NULL;
  CREATE INDEX log_entry_parked ON log_entry (json_extract(body, '$.payload.id')) WHERE outcome = 'parked';
  CREATE INDEX log_entry_outcome ON log_entry (outcome, seq) WHERE outcome <> 'applied';
  CREATE INDEX message_failed ON message (sent_at) WHERE status = 'failed';
  `,
];
