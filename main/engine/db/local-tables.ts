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
  DROP INDEX job_open;
  CREATE INDEX job_open ON job (kind, lane, id) WHERE state IN ('ready', 'running');
  -- Files that are on this computer under their sha256. source: meta, team (from the relay), own (taken from the window, with what it said of them).
  CREATE TABLE media_file (
    sha256 TEXT PRIMARY KEY, mime_type TEXT NOT NULL, bytes INTEGER NOT NULL, source TEXT NOT NULL CHECK (source IN ('meta', 'team', 'own')),
    width INTEGER, height INTEGER, duration_ms INTEGER, added_at INTEGER NOT NULL, is_shared INTEGER NOT NULL DEFAULT 0, has_thumbnail INTEGER NOT NULL DEFAULT 0
  ) STRICT, WITHOUT ROWID;
  -- Why a file will not come, by Meta's media id (or the sha256, where there is none).
  CREATE TABLE media_trouble (file_key TEXT PRIMARY KEY, state TEXT NOT NULL CHECK (state IN ('expired', 'refused')), at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  -- Messages with a file: of a person, by when they came, and by what they have.
  CREATE INDEX message_file ON message (contact_id, sort_at, seq, id) WHERE json_extract(content, '$.media') IS NOT NULL;
  CREATE INDEX message_file_recent ON message (received_at) WHERE json_extract(content, '$.media') IS NOT NULL;
  CREATE INDEX message_file_hash ON message (json_extract(content, '$.media.sha256')) WHERE json_extract(content, '$.media') IS NOT NULL;
  `,
  `
  -- Files that Meta holds for a number, by its id of them: sent again, they need no second upload.
  CREATE TABLE media_upload (
    sha256 TEXT NOT NULL, phone_number_id TEXT NOT NULL, media_id TEXT NOT NULL, uploaded_at INTEGER NOT NULL,
    PRIMARY KEY (sha256, phone_number_id)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- Files that wait with what I write: JSON array of \`DraftFile\`.
  ALTER TABLE draft ADD COLUMN files TEXT NOT NULL DEFAULT '[]';
  `,
  `
  -- What can be searched, in the order in which it was written: see search-queries.ts. Rows stay when their words go.
  CREATE TABLE search_doc (docid INTEGER PRIMARY KEY, kind TEXT NOT NULL, ref TEXT NOT NULL) STRICT;
  CREATE VIRTUAL TABLE search_words USING fts5 (words, content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 2", prefix = '2 3');
  CREATE TABLE search_person (n INTEGER PRIMARY KEY, contact_id TEXT NOT NULL UNIQUE) STRICT;
  CREATE VIRTUAL TABLE search_names USING fts5 (names, content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 2", prefix = '1 2 3');
  CREATE VIRTUAL TABLE search_name_words USING fts5vocab (search_names, 'row');
  CREATE VIRTUAL TABLE search_numbers USING fts5 (digits, content = '', contentless_delete = 1, tokenize = 'trigram');
  -- What was written and is not in the index as it is now. \`at\`: when it was written, ms, which says where the index has it.
  CREATE TABLE search_todo (n INTEGER PRIMARY KEY, kind TEXT NOT NULL, ref TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
  -- Messages of before the index, by rowid: up to \`done\` they are in it, from \`until\` on they are told one by one.
  CREATE TABLE search_scan (id INTEGER PRIMARY KEY CHECK (id = 1), done INTEGER NOT NULL, until INTEGER NOT NULL) STRICT;
  INSERT INTO search_scan (id, done, until) SELECT 1, 0, coalesce(max(rowid), 0) FROM message;
  INSERT INTO search_todo (kind, ref, at) SELECT 'note', id, created_at FROM note UNION ALL SELECT 'person', id, 0 FROM contact;
  `,
  `
  -- For diagnosis: the story of a message, statuses that came before it was known whose they were, what was not applied, recent failures.
  CREATE INDEX log_entry_message ON log_entry (message_id) WHERE message_id IS NOT NULL;
  -- SQLite reads JSON to a depth of 1000; what is deeper must not stop the log.
  CREATE INDEX log_entry_parked ON log_entry (CASE WHEN json_valid(body) THEN json_extract(body, '$.payload.id') END) WHERE outcome = 'parked';
  CREATE INDEX log_entry_outcome ON log_entry (outcome, seq) WHERE outcome <> 'applied';
  CREATE INDEX message_failed ON message (sent_at) WHERE status = 'failed';
  `,
  `
  -- The account's templates as Meta gave them last: \`key\` is name and language, \`body\` JSON of \`Template\`.
  CREATE TABLE template (key TEXT PRIMARY KEY, waba_id TEXT NOT NULL, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
  -- What this desktop does with them, whether the account has them at the moment or not. \`facts\`: JSON, what its values stood for by slot.
  CREATE TABLE template_use (
    key TEXT PRIMARY KEY, is_favourite INTEGER NOT NULL DEFAULT 0, last_used_at INTEGER, facts TEXT NOT NULL DEFAULT '{}'
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- People by name, as \`SORT_NAME\` of contact-queries.ts.
  CREATE INDEX contact_by_name ON contact (
    replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(lower(coalesce(name, profile_name, '~')), 'á', 'a'), 'é', 'e'), 'í', 'i'), 'ó', 'o'), 'ú', 'u'), 'ü', 'u'), 'ñ', 'n~'), 'Á', 'a'), 'É', 'e'), 'Í', 'i'), 'Ó', 'o'), 'Ú', 'u'), 'Ü', 'u'), 'Ñ', 'n~'), id
  ) WHERE merged_into IS NULL;
  -- Who wrote to whom, who has which kind of service, who had a turn last: see assignment-queries.ts.
  CREATE INDEX message_answer ON message (contact_id, actor_id, sent_at, direction, hold, target_wamid, json_extract(content, '$.kind'))
    WHERE direction = 'out' AND actor_id IS NOT NULL AND hold IS NULL AND target_wamid IS NULL AND json_extract(content, '$.kind') <> 'template';
  CREATE INDEX request_service ON service_request (service_type, created_seq);
  CREATE INDEX activity_routed ON activity (json_extract(detail, '$.to'), seq) WHERE type = 'conversation.route' AND outcome = 'applied';
  `,
  `
  -- What a service request is looked for by, as \`foldWords\` of request-queries.ts: kept by SQLite itself, whichever way its row comes about.
  CREATE TABLE request_words (id TEXT PRIMARY KEY, words TEXT NOT NULL) STRICT, WITHOUT ROWID;
  INSERT INTO request_words SELECT r.id, replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(lower(coalesce(r.external_id, '') || ' ' || coalesce(r.number, '') || ' ' || r.service_type || ' ' || r.customer_name || ' ' || r.contact_email || ' ' || r.address), 'á', 'a'), 'é', 'e'), 'í', 'i'), 'ó', 'o'), 'ú', 'u'), 'ü', 'u'), 'ñ', 'n'), 'Á', 'a'), 'É', 'e'), 'Í', 'i'), 'Ó', 'o'), 'Ú', 'u'), 'Ü', 'u'), 'Ñ', 'n') || ' ' || replace(replace(replace(replace(replace(r.contact_phone, '+', ''), ' ', ''), '-', ''), '(', ''), ')', '') FROM service_request r;
  CREATE TRIGGER request_words_added AFTER INSERT ON service_request BEGIN
    INSERT INTO request_words VALUES (new.id, replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(lower(coalesce(new.external_id, '') || ' ' || coalesce(new.number, '') || ' ' || new.service_type || ' ' || new.customer_name || ' ' || new.contact_email || ' ' || new.address), 'á', 'a'), 'é', 'e'), 'í', 'i'), 'ó', 'o'), 'ú', 'u'), 'ü', 'u'), 'ñ', 'n'), 'Á', 'a'), 'É', 'e'), 'Í', 'i'), 'Ó', 'o'), 'Ú', 'u'), 'Ü', 'u'), 'Ñ', 'n') || ' ' || replace(replace(replace(replace(replace(new.contact_phone, '+', ''), ' ', ''), '-', ''), '(', ''), ')', '')) ON CONFLICT (id) DO UPDATE SET words = excluded.words;
  END;
  CREATE TRIGGER request_words_changed AFTER UPDATE ON service_request BEGIN
    UPDATE request_words SET words = replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(lower(coalesce(new.external_id, '') || ' ' || coalesce(new.number, '') || ' ' || new.service_type || ' ' || new.customer_name || ' ' || new.contact_email || ' ' || new.address), 'á', 'a'), 'é', 'e'), 'í', 'i'), 'ó', 'o'), 'ú', 'u'), 'ü', 'u'), 'ñ', 'n'), 'Á', 'a'), 'É', 'e'), 'Í', 'i'), 'Ó', 'o'), 'Ú', 'u'), 'Ü', 'u'), 'Ñ', 'n') || ' ' || replace(replace(replace(replace(replace(new.contact_phone, '+', ''), ' ', ''), '-', ''), '(', ''), ')', '') WHERE id = new.id;
  END;
  CREATE TRIGGER request_words_removed AFTER DELETE ON service_request BEGIN
    DELETE FROM request_words WHERE id = old.id;
  END;
  -- The orders in which requests are listed, who has a number, and what was done to each.
  CREATE INDEX request_newest ON service_request (created_seq DESC, id DESC);
  CREATE INDEX request_updated ON service_request (updated_seq DESC, id DESC);
  CREATE INDEX request_due ON service_request (coalesce(requested_date, '9999-12-31'), id);
  CREATE INDEX request_phone ON service_request (contact_phone) WHERE contact_phone <> '';
  CREATE INDEX activity_request ON activity (json_extract(detail, '$.requestId'), seq)
    WHERE type IN ('request.add', 'request.change', 'request.link', 'request.notify', 'request.dismiss');
  -- A request that is there already under the id of another system: its author is told, although nothing of theirs was refused.
  CREATE INDEX activity_request_known ON activity (actor_id, seq) WHERE type = 'request.add' AND outcome = 'duplicate';
  -- Ops of files whose import is decided, in the order in which they will be recorded: all at once would stop everything else for too long.
  CREATE TABLE import_op (n INTEGER PRIMARY KEY, import_id TEXT NOT NULL, body TEXT NOT NULL, rows INTEGER NOT NULL) STRICT;
  `,
  `
  -- Answers to calls of the local REST API that came with an Idempotency-Key, for 24 h. \`at\`: ms.
  CREATE TABLE answered_call (key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, answer TEXT NOT NULL, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX answered_call_at ON answered_call (at);
  `,
  `
  -- What the knowledge base is searched in: made from the rows of its articles by every desktop, see knowledge-index-queries.ts.
  CREATE TABLE kb_indexed (n INTEGER PRIMARY KEY, article_id TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE kb_passage (
    n INTEGER PRIMARY KEY, passage_id TEXT NOT NULL, article_id TEXT NOT NULL, revision_id TEXT NOT NULL, no INTEGER NOT NULL,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, headings TEXT NOT NULL, text TEXT NOT NULL, language TEXT NOT NULL, hash TEXT NOT NULL
  ) STRICT;
  CREATE INDEX kb_passage_article ON kb_passage (article_id, no);
  CREATE INDEX kb_passage_id ON kb_passage (passage_id);
  -- Stems. \`asked\`: an article's title and the questions it answers; \`small\`: the same with the words that every question has.
  CREATE VIRTUAL TABLE kb_passage_words USING fts5 (headings, body, content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 0");
  CREATE VIRTUAL TABLE kb_article_words USING fts5 (asked, small, content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 0");
  CREATE VIRTUAL TABLE kb_passage_terms USING fts5vocab (kb_passage_words, 'row');
  CREATE VIRTUAL TABLE kb_article_terms USING fts5vocab (kb_article_words, 'col');
  -- Words as they were written, folded, and each of them with one letter left out: for typing errors.
  CREATE TABLE kb_word (word TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
  CREATE TABLE kb_near_word (variant TEXT NOT NULL, word TEXT NOT NULL, PRIMARY KEY (variant, word)) STRICT, WITHOUT ROWID;
  -- Articles that are not in the index as they are now.
  CREATE TABLE kb_todo (article_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
  -- Embeddings by the hash of the text: 32-bit floats in the order of this machine.
  CREATE TABLE kb_vector (hash TEXT NOT NULL, model TEXT NOT NULL, vector BLOB NOT NULL, PRIMARY KEY (hash, model)) STRICT, WITHOUT ROWID;
  `,
  `
  -- What left this computer for a model's server, word for word, until the workspace's days for it are over; written before it leaves. \`at\`: ms.
  CREATE TABLE ai_sent (n INTEGER PRIMARY KEY, run_id TEXT NOT NULL, at INTEGER NOT NULL, host TEXT NOT NULL, body TEXT NOT NULL) STRICT;
  CREATE INDEX ai_sent_run ON ai_sent (run_id);
  CREATE INDEX ai_sent_at ON ai_sent (at);
  -- Calls of a model by this desktop: what each cost, millionths of a US dollar; while \`record\` is there (JSON of a run so far) it is under way and that much is reserved.
  CREATE TABLE ai_call (
    run_id TEXT PRIMARY KEY, conversation_id TEXT NOT NULL, day TEXT NOT NULL, micros INTEGER NOT NULL, record TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX ai_call_day ON ai_call (day);
  CREATE INDEX ai_call_open ON ai_call (conversation_id) WHERE record IS NOT NULL;
  -- What servers and models were found to be like, and the last run of this desktop. \`value\`: JSON.
  CREATE TABLE ai_learned (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  -- Who waits for an answer.
  CREATE INDEX conversation_unanswered ON conversation (last_inbound_at) WHERE status = 'active' AND last_inbound_seq > last_outbound_seq;
  `,
  `
  -- What became of drafts, in figures (see quality-queries.ts): the share of the text that was changed before it was sent (null: not sent, or not
  -- known any more), and the article that its run cites most. Outlives the words it was counted from.
  CREATE TABLE draft_figure (draft_id TEXT PRIMARY KEY, message_id TEXT, share REAL, article_id TEXT) STRICT, WITHOUT ROWID;
  CREATE TABLE draft_figure_todo (draft_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
  INSERT INTO draft_figure_todo SELECT id FROM ai_draft WHERE state IN ('approved', 'discarded');
  CREATE TRIGGER draft_figure_added AFTER INSERT ON ai_draft WHEN new.state IN ('approved', 'discarded') BEGIN
    INSERT INTO draft_figure_todo VALUES (new.id) ON CONFLICT DO NOTHING;
  END;
  CREATE TRIGGER draft_figure_changed AFTER UPDATE ON ai_draft WHEN new.state IN ('approved', 'discarded') AND (new.state IS NOT old.state OR new.message_id IS NOT old.message_id) BEGIN
    INSERT INTO draft_figure_todo VALUES (new.id) ON CONFLICT DO NOTHING;
  END;
  -- Each holds all that a figure needs: the rows themselves are long.
  CREATE INDEX ai_draft_decided_at ON ai_draft (decided_at, id, state, auto_state, decided_by, reason, body <> '', conversation_id, contact_id, message_id) WHERE state IN ('approved', 'discarded');
  CREATE INDEX ai_draft_stopped ON ai_draft (at) WHERE auto_state = 'stopped';
  CREATE INDEX ai_draft_run ON ai_draft (run_id);
  CREATE INDEX ai_review_at ON ai_review (at, draft_id, verdict, reason);
  CREATE INDEX ai_run_figures ON ai_run (at, outcome, cost_micros, json_extract(record, '$.usage.input'), json_extract(record, '$.usage.output'), conversation_id);
  CREATE INDEX ai_run_shadow ON ai_run (at, id) WHERE json_extract(record, '$.policy.isShadow') = 1 AND json_extract(record, '$.policy.maySend') = 1;
  CREATE INDEX ai_run_hash ON ai_run (hash);
  CREATE INDEX activity_handoff ON activity (occurred_at) WHERE type = 'ai.handoff' AND outcome = 'applied';
  `,
  `
  -- The list in its orders (see conversation-list-queries.ts): by how long somebody waits, those that wait by their newest message, and whose window is open.
  CREATE INDEX conversation_waiting ON conversation (status, coalesce(CASE status WHEN 'active' THEN waiting_since END, 9007199254740991 - last_message_at), id);
  CREATE INDEX conversation_assignee_waiting ON conversation (assignee_id, status, coalesce(CASE status WHEN 'active' THEN waiting_since END, 9007199254740991 - last_message_at), id);
  CREATE INDEX conversation_waiting_newest ON conversation (last_message_at DESC, id DESC) WHERE status = 'active' AND waiting_since IS NOT NULL;
  CREATE INDEX conversation_inbound ON conversation (last_inbound_at, contact_id, phone_number_id);
  -- What was not delivered and is not given up: few rows, asked for with every row of the list.
  CREATE INDEX message_undelivered ON message (conversation_id, seq) WHERE status = 'failed' AND hold IS NULL AND target_wamid IS NULL;
  `,
  `
  -- What reports are counted from: records of each conversation (reports/packed-facts.ts), made when they are asked for, from its rows as they are then.
  CREATE TABLE report_facts (conversation_id TEXT PRIMARY KEY, first_at INTEGER NOT NULL, last_at INTEGER NOT NULL, facts BLOB NOT NULL) STRICT;
  CREATE TABLE report_name (no INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, UNIQUE (kind, name)) STRICT;
  -- Conversations whose records are not those of their rows.
  CREATE TABLE report_todo (conversation_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
  INSERT INTO report_todo SELECT id FROM conversation;
  `,
  `
  -- What the log has erased and this computer may still hold otherwise (erasure-queries.ts); gone when it is done.
  CREATE TABLE erase_todo (kind TEXT NOT NULL, ref TEXT NOT NULL, PRIMARY KEY (kind, ref)) STRICT, WITHOUT ROWID;
  `,
  `
  -- What was done to each request, with what was attached to it.
  DROP INDEX activity_request;
  CREATE INDEX activity_request ON activity (json_extract(detail, '$.requestId'), seq)
    WHERE type IN ('request.add', 'request.change', 'request.link', 'request.attach', 'request.notify', 'request.dismiss');
  -- What stands between the messages of a thread (message-queries.ts, listEvents), by when it was done.
  CREATE INDEX activity_thread ON activity (conversation_id, occurred_at)
    WHERE outcome = 'applied' AND type IN ('conversation.assign', 'conversation.team', 'conversation.snooze', 'conversation.status', 'conversation.label', 'conversation.route',
      'conversation.start', 'conversation.ai', 'ai.handoff', 'draft.stop_auto', 'request.link', 'request.attach', 'request.notify');
  `,
  `
  -- All that the numbers of rail and badge are counted from (conversation-queries.ts): the rows themselves are long.
  CREATE INDEX conversation_counted ON conversation (assignee_id, team_id, snoozed_until, inbound_count, id) WHERE status = 'active';
  `,
  `
  -- What was done with the workspace's key (key-queries.ts).
  CREATE INDEX activity_key ON activity (type, seq) WHERE type IN ('key.sheet', 'key.recover');
  -- Desktops that were shut out, also where a log that was restored since does not know it. \`at\`: relay time, ms; null: from rows that came without it.
  CREATE TABLE shut_out_device (device_id TEXT PRIMARY KEY, at INTEGER) STRICT, WITHOUT ROWID;
  INSERT INTO shut_out_device SELECT id, NULL FROM device WHERE revoked = 1;
  `,
  `
  -- How many conversations there are of each status, person and team, and how many of them this desktop's agent has not read; '' is nobody, or no team. What the
  -- numbers of rail and badge are read from (conversation-queries.ts), so that they cost the same however much there is. Kept by triggers: whatever writes a row, a
  -- pending op that is taken back too, moves them in its transaction.
  CREATE TABLE conversation_tally (
    status TEXT NOT NULL, assignee_id TEXT NOT NULL, team_id TEXT NOT NULL, n INTEGER NOT NULL, unread INTEGER NOT NULL, PRIMARY KEY (status, assignee_id, team_id)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO conversation_tally SELECT c.status, coalesce(c.assignee_id, ''), coalesce(c.team_id, ''), count(*), sum(c.inbound_count > coalesce((SELECT r.inbound_no FROM read_position r WHERE r.agent_id = (SELECT agent_id FROM sync_meta) AND r.conversation_id = c.id), 0)) FROM conversation c GROUP BY 1, 2, 3;
  CREATE TRIGGER tally_added AFTER INSERT ON conversation BEGIN
    INSERT INTO conversation_tally VALUES (new.status, coalesce(new.assignee_id, ''), coalesce(new.team_id, ''), 1, new.inbound_count > coalesce((SELECT r.inbound_no FROM read_position r WHERE r.agent_id = (SELECT agent_id FROM sync_meta) AND r.conversation_id = new.id), 0))
      ON CONFLICT DO UPDATE SET n = n + 1, unread = unread + excluded.unread;
  END;
  CREATE TRIGGER tally_removed AFTER DELETE ON conversation BEGIN
    UPDATE conversation_tally SET n = n - 1, unread = unread - (old.inbound_count > coalesce((SELECT r.inbound_no FROM read_position r WHERE r.agent_id = (SELECT agent_id FROM sync_meta) AND r.conversation_id = old.id), 0))
      WHERE status = old.status AND assignee_id = coalesce(old.assignee_id, '') AND team_id = coalesce(old.team_id, '');
  END;
  CREATE TRIGGER tally_changed AFTER UPDATE ON conversation WHEN new.status <> old.status OR new.assignee_id IS NOT old.assignee_id OR new.team_id IS NOT old.team_id
    OR (new.inbound_count <> old.inbound_count AND coalesce((SELECT r.inbound_no FROM read_position r WHERE r.agent_id = (SELECT agent_id FROM sync_meta) AND r.conversation_id = new.id), 0)
      BETWEEN min(new.inbound_count, old.inbound_count) AND max(new.inbound_count, old.inbound_count) - 1) BEGIN
    UPDATE conversation_tally SET n = n - 1, unread = unread - (old.inbound_count > coalesce((SELECT r.inbound_no FROM read_position r WHERE r.agent_id = (SELECT agent_id FROM sync_meta) AND r.conversation_id = old.id), 0))
      WHERE status = old.status AND assignee_id = coalesce(old.assignee_id, '') AND team_id = coalesce(old.team_id, '');
    INSERT INTO conversation_tally VALUES (new.status, coalesce(new.assignee_id, ''), coalesce(new.team_id, ''), 1, new.inbound_count > coalesce((SELECT r.inbound_no FROM read_position r WHERE r.agent_id = (SELECT agent_id FROM sync_meta) AND r.conversation_id = new.id), 0))
      ON CONFLICT DO UPDATE SET n = n + 1, unread = unread + excluded.unread;
  END;
  CREATE TRIGGER tally_read_added AFTER INSERT ON read_position WHEN new.agent_id = (SELECT agent_id FROM sync_meta) BEGIN
    UPDATE conversation_tally AS t SET unread = t.unread + (c.inbound_count > new.inbound_no) - (c.inbound_count > 0) FROM conversation c
      WHERE c.id = new.conversation_id AND t.status = c.status AND t.assignee_id = coalesce(c.assignee_id, '') AND t.team_id = coalesce(c.team_id, '');
  END;
  CREATE TRIGGER tally_read_changed AFTER UPDATE ON read_position WHEN new.agent_id = (SELECT agent_id FROM sync_meta) BEGIN
    UPDATE conversation_tally AS t SET unread = t.unread + (c.inbound_count > new.inbound_no) - (c.inbound_count > old.inbound_no) FROM conversation c
      WHERE c.id = new.conversation_id AND t.status = c.status AND t.assignee_id = coalesce(c.assignee_id, '') AND t.team_id = coalesce(c.team_id, '');
  END;
  CREATE TRIGGER tally_read_removed AFTER DELETE ON read_position WHEN old.agent_id = (SELECT agent_id FROM sync_meta) BEGIN
    UPDATE conversation_tally AS t SET unread = t.unread + (c.inbound_count > 0) - (c.inbound_count > old.inbound_no) FROM conversation c
      WHERE c.id = old.conversation_id AND t.status = c.status AND t.assignee_id = coalesce(c.assignee_id, '') AND t.team_id = coalesce(c.team_id, '');
  END;
  CREATE TRIGGER tally_agent AFTER UPDATE OF agent_id ON sync_meta WHEN new.agent_id IS NOT old.agent_id BEGIN
    DELETE FROM conversation_tally;
    INSERT INTO conversation_tally SELECT c.status, coalesce(c.assignee_id, ''), coalesce(c.team_id, ''), count(*), sum(c.inbound_count > coalesce((SELECT r.inbound_no FROM read_position r WHERE r.agent_id = (SELECT agent_id FROM sync_meta) AND r.conversation_id = c.id), 0)) FROM conversation c GROUP BY 1, 2, 3;
  END;
  DROP INDEX conversation_counted;
  `,
  `
  -- Also who was let in again (device-queries.ts).
  DROP INDEX activity_key;
  CREATE INDEX activity_key ON activity (type, seq) WHERE type IN ('key.sheet', 'key.recover', 'key.admit');
  -- Relay time, ms: a word for the device that was said before says nothing of it.
  ALTER TABLE shut_out_device ADD COLUMN known_at INTEGER NOT NULL DEFAULT 0;
  UPDATE shut_out_device SET known_at = coalesce(at, unixepoch() * 1000);
  `,
  `
  -- Which desktops got the workspace's key from paper, each key once (key-queries.ts, contract/ops/key-ops.ts).
  CREATE INDEX activity_key_recover ON activity (device_id, json_extract(detail, '$.epoch'), seq) WHERE type = 'key.recover' AND outcome = 'applied';
  `,
  `
  -- Pieces of three characters of everything that the list of conversations looks for people by (conversation-list-queries.ts): folded names, and numbers.
  CREATE VIRTUAL TABLE search_pieces USING fts5 (pieces, content = '', contentless_delete = 1, tokenize = 'trigram');
  CREATE INDEX search_todo_person ON search_todo (ref) WHERE kind = 'person';
  INSERT INTO search_todo (kind, ref, at) SELECT 'person', id, 0 FROM contact;
  `,
];
