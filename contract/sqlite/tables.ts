/**
 * SQL of the synced tables, as numbered migrations: plain, deterministic, and only ever added to. Row types stand in
 * `contract/state.ts`; a row that lacks a column fails at its first write.
 */
export const SYNCED_MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE agent (id TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE device (id TEXT PRIMARY KEY, agent_id TEXT NOT NULL, revoked INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE contact (id TEXT PRIMARY KEY, profile_name TEXT, username TEXT, created_seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE contact_identifier (
    kind TEXT NOT NULL, value TEXT NOT NULL, contact_id TEXT NOT NULL, first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL,
    PRIMARY KEY (kind, value)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX contact_identifier_contact ON contact_identifier (contact_id);
  CREATE TABLE conversation (
    id TEXT PRIMARY KEY, contact_id TEXT NOT NULL, phone_number_id TEXT NOT NULL, status TEXT NOT NULL, created_seq INTEGER NOT NULL,
    last_inbound_seq INTEGER NOT NULL, last_inbound_at INTEGER, last_inbound_wamid TEXT, inbound_count INTEGER NOT NULL,
    last_outbound_seq INTEGER NOT NULL, last_outbound_actor_id TEXT, other_outbound_seq INTEGER NOT NULL,
    last_message_id TEXT, last_message_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX conversation_contact ON conversation (contact_id, phone_number_id);
  CREATE INDEX conversation_list ON conversation (status, last_message_at DESC, id DESC);
  CREATE TABLE message (
    id TEXT PRIMARY KEY, conversation_id TEXT NOT NULL, contact_id TEXT NOT NULL, direction TEXT NOT NULL, seq INTEGER NOT NULL,
    sort_at INTEGER NOT NULL, sent_at INTEGER NOT NULL, received_at INTEGER NOT NULL, wamid TEXT, content TEXT NOT NULL, quoted_wamid TEXT,
    inbound_no INTEGER, status TEXT, error TEXT, hold TEXT, actor_id TEXT, device_id TEXT
  ) STRICT;
  CREATE INDEX message_thread ON message (contact_id, sort_at, seq, id);
  CREATE INDEX message_wamid ON message (wamid) WHERE wamid IS NOT NULL;
  CREATE TABLE message_status (message_id TEXT NOT NULL, status TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (message_id, status)) STRICT, WITHOUT ROWID;
  CREATE TABLE parked_status (wamid TEXT NOT NULL, status TEXT NOT NULL, at INTEGER NOT NULL, error TEXT, seq INTEGER NOT NULL, PRIMARY KEY (wamid, status)) STRICT, WITHOUT ROWID;
  CREATE TABLE read_position (
    agent_id TEXT NOT NULL, conversation_id TEXT NOT NULL, seq INTEGER NOT NULL, inbound_no INTEGER NOT NULL,
    PRIMARY KEY (agent_id, conversation_id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE activity (
    op_id TEXT PRIMARY KEY, seq INTEGER NOT NULL, actor_id TEXT NOT NULL, device_id TEXT NOT NULL, type TEXT NOT NULL, conversation_id TEXT,
    outcome TEXT NOT NULL, detail TEXT NOT NULL, occurred_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX activity_status ON activity (conversation_id, seq) WHERE type = 'conversation.status';
  `,
  `
  ALTER TABLE agent ADD COLUMN is_removed INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE device ADD COLUMN name TEXT NOT NULL DEFAULT '';
  ALTER TABLE device ADD COLUMN public_key TEXT;
  ALTER TABLE conversation ADD COLUMN assignee_id TEXT;
  ALTER TABLE conversation ADD COLUMN team_id TEXT;
  ALTER TABLE conversation ADD COLUMN snoozed_until INTEGER;
  ALTER TABLE conversation ADD COLUMN waiting_since INTEGER;
  CREATE INDEX conversation_assignee ON conversation (assignee_id, status, last_message_at DESC, id DESC);
  CREATE INDEX conversation_team ON conversation (team_id, status, last_message_at DESC, id DESC) WHERE team_id IS NOT NULL;
  CREATE INDEX conversation_snoozed ON conversation (snoozed_until) WHERE snoozed_until IS NOT NULL;
  CREATE TABLE device_grant (device_id TEXT PRIMARY KEY, seq INTEGER NOT NULL, sealed TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE workspace_setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE team (id TEXT PRIMARY KEY, name TEXT NOT NULL, is_deleted INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE team_member (team_id TEXT NOT NULL, agent_id TEXT NOT NULL, PRIMARY KEY (team_id, agent_id)) STRICT, WITHOUT ROWID;
  CREATE INDEX team_member_agent ON team_member (agent_id);
  CREATE TABLE label (id TEXT PRIMARY KEY, name TEXT NOT NULL, color TEXT NOT NULL, is_deleted INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE conversation_label (conversation_id TEXT NOT NULL, label_id TEXT NOT NULL, PRIMARY KEY (conversation_id, label_id)) STRICT, WITHOUT ROWID;
  CREATE INDEX conversation_label_label ON conversation_label (label_id);
  CREATE TABLE canned_reply (id TEXT PRIMARY KEY, owner_id TEXT, shortcut TEXT NOT NULL, body TEXT NOT NULL, is_deleted INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE note (
    id TEXT PRIMARY KEY, conversation_id TEXT NOT NULL, contact_id TEXT NOT NULL, body TEXT NOT NULL, mentions TEXT NOT NULL, author_id TEXT NOT NULL,
    seq INTEGER NOT NULL, created_at INTEGER NOT NULL, edited_at INTEGER, deleted_by TEXT
  ) STRICT;
  CREATE INDEX note_contact ON note (contact_id, seq);
  DROP INDEX IF EXISTS activity_status;
  CREATE INDEX activity_told ON activity (conversation_id, seq) WHERE type NOT IN ('message.queue', 'message.result', 'read.advance');
  -- What its author has to be told of.
  CREATE INDEX activity_refused ON activity (actor_id, seq) WHERE outcome IN ('superseded', 'held', 'forbidden', 'target_missing', 'partial');
  `,
  `
  CREATE INDEX message_unsent ON message (device_id) WHERE status = 'queued' AND hold IS NULL;
  `,
  `
  ALTER TABLE contact ADD COLUMN marketing TEXT;
  ALTER TABLE contact ADD COLUMN marketing_at INTEGER;
  ALTER TABLE message ADD COLUMN target_wamid TEXT;
  ALTER TABLE message ADD COLUMN context TEXT;
  ALTER TABLE message ADD COLUMN origin TEXT;
  ALTER TABLE message ADD COLUMN original_content TEXT;
  ALTER TABLE message ADD COLUMN edited_at INTEGER;
  ALTER TABLE message ADD COLUMN revoked_at INTEGER;
  ALTER TABLE message ADD COLUMN pricing TEXT;
  ALTER TABLE parked_status ADD COLUMN pricing TEXT;
  CREATE INDEX message_target ON message (target_wamid) WHERE target_wamid IS NOT NULL;
  CREATE TABLE account_event (
    id TEXT PRIMARY KEY, seq INTEGER NOT NULL, at INTEGER NOT NULL, field TEXT NOT NULL, event TEXT NOT NULL, subject TEXT NOT NULL,
    severity TEXT NOT NULL, detail TEXT NOT NULL
  ) STRICT;
  CREATE INDEX account_event_newest ON account_event (field, subject, seq);
  `,
  `
  ALTER TABLE contact ADD COLUMN name TEXT;
  ALTER TABLE contact ADD COLUMN first_name TEXT;
  ALTER TABLE contact ADD COLUMN email TEXT;
  ALTER TABLE contact ADD COLUMN company TEXT;
  ALTER TABLE contact ADD COLUMN is_vendor INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE contact ADD COLUMN service_types TEXT NOT NULL DEFAULT '';
  ALTER TABLE contact ADD COLUMN is_blocked INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE contact ADD COLUMN merged_into TEXT;
  CREATE INDEX contact_merged ON contact (merged_into) WHERE merged_into IS NOT NULL;
  CREATE INDEX contact_vendor ON contact (id) WHERE is_vendor = 1;
  CREATE TABLE contact_attribute (contact_id TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (contact_id, key)) STRICT, WITHOUT ROWID;
  CREATE TABLE service_request (
    id TEXT PRIMARY KEY, number INTEGER, external_id TEXT, status TEXT NOT NULL, service_type TEXT NOT NULL, customer_id TEXT, customer_name TEXT NOT NULL,
    contact_phone TEXT NOT NULL, contact_email TEXT NOT NULL, address TEXT NOT NULL, requested_date TEXT, approved_date TEXT, vendor_id TEXT,
    form_url TEXT NOT NULL, description TEXT NOT NULL, source TEXT NOT NULL, created_by TEXT NOT NULL, created_seq INTEGER NOT NULL,
    created_at INTEGER NOT NULL, updated_seq INTEGER NOT NULL, updated_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX request_external ON service_request (external_id) WHERE external_id IS NOT NULL;
  CREATE INDEX request_number ON service_request (number) WHERE number IS NOT NULL;
  CREATE INDEX request_list ON service_request (status, created_seq DESC, id DESC);
  CREATE INDEX request_customer ON service_request (customer_id, created_seq) WHERE customer_id IS NOT NULL;
  CREATE INDEX request_vendor ON service_request (vendor_id, created_seq) WHERE vendor_id IS NOT NULL;
  CREATE TABLE request_link (
    request_id TEXT NOT NULL, role TEXT NOT NULL, conversation_id TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (request_id, role)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX request_link_conversation ON request_link (conversation_id, seq);
  CREATE TABLE request_event (
    id TEXT PRIMARY KEY, request_id TEXT NOT NULL, kind TEXT NOT NULL, role TEXT NOT NULL, contact_id TEXT, mode TEXT NOT NULL, state TEXT NOT NULL,
    seq INTEGER NOT NULL, at INTEGER NOT NULL, actor_id TEXT NOT NULL, device_id TEXT NOT NULL, message_id TEXT, decided_by TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX request_event_request ON request_event (request_id, seq);
  CREATE INDEX request_event_message ON request_event (message_id) WHERE message_id IS NOT NULL;
  CREATE INDEX request_event_open ON request_event (seq) WHERE state = 'open';
  CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE conversation_ai (
    conversation_id TEXT PRIMARY KEY, mode TEXT, claim_about TEXT, claim_device TEXT, claim_fence INTEGER NOT NULL, claim_until INTEGER NOT NULL,
    handoff_reason TEXT, handoff_detail TEXT NOT NULL, handoff_about TEXT, handoff_at INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX conversation_ai_handoff ON conversation_ai (handoff_at) WHERE handoff_reason IS NOT NULL;
  CREATE TABLE ai_draft (
    id TEXT PRIMARY KEY, conversation_id TEXT NOT NULL, contact_id TEXT NOT NULL, about_message_id TEXT, state TEXT NOT NULL, body TEXT NOT NULL, template TEXT,
    run_id TEXT NOT NULL, is_requested INTEGER NOT NULL, actor_id TEXT NOT NULL, device_id TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL,
    auto_at INTEGER, auto_fence INTEGER, auto_state TEXT, edited_by TEXT, decided_by TEXT, decided_at INTEGER, reason TEXT, note TEXT NOT NULL, message_id TEXT
  ) STRICT;
  CREATE INDEX ai_draft_live ON ai_draft (conversation_id) WHERE state IN ('ready', 'edited');
  CREATE INDEX ai_draft_counting ON ai_draft (auto_state) WHERE auto_state = 'counting';
  CREATE INDEX ai_draft_contact ON ai_draft (contact_id);
  CREATE INDEX ai_draft_conversation ON ai_draft (conversation_id, seq);
  CREATE INDEX ai_draft_message ON ai_draft (message_id) WHERE message_id IS NOT NULL;
  CREATE INDEX ai_draft_decided ON ai_draft (at);
  CREATE TABLE ai_run (
    id TEXT PRIMARY KEY, conversation_id TEXT NOT NULL, contact_id TEXT NOT NULL, purpose TEXT NOT NULL, outcome TEXT NOT NULL, actor_id TEXT NOT NULL,
    device_id TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL, cost_micros INTEGER, record TEXT NOT NULL, text TEXT, hash TEXT NOT NULL
  ) STRICT;
  CREATE INDEX ai_run_contact ON ai_run (contact_id);
  CREATE INDEX ai_run_conversation ON ai_run (conversation_id, at);
  CREATE INDEX ai_run_at ON ai_run (at);
  CREATE TABLE conversation_summary (
    conversation_id TEXT PRIMARY KEY, contact_id TEXT NOT NULL, through_message_id TEXT NOT NULL, text TEXT NOT NULL, sentences TEXT NOT NULL, facts TEXT NOT NULL,
    run_id TEXT NOT NULL, actor_id TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE ai_review (
    draft_id TEXT PRIMARY KEY, reviewer_id TEXT NOT NULL, verdict TEXT NOT NULL, reason TEXT, note TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE ai_budget (month TEXT NOT NULL, device_id TEXT NOT NULL, granted INTEGER NOT NULL, PRIMARY KEY (month, device_id)) STRICT, WITHOUT ROWID;
  CREATE TABLE kb_article (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, state TEXT NOT NULL, title TEXT NOT NULL, language TEXT NOT NULL, folder TEXT NOT NULL, source TEXT,
    revision_id TEXT NOT NULL, revision_no INTEGER NOT NULL, parts INTEGER NOT NULL, may_auto_answer INTEGER NOT NULL, draft_id TEXT, created_by TEXT NOT NULL,
    created_at INTEGER NOT NULL, updated_by TEXT NOT NULL, updated_at INTEGER NOT NULL, updated_seq INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE kb_part (
    article_id TEXT NOT NULL, revision_id TEXT NOT NULL, no INTEGER NOT NULL, text TEXT NOT NULL, revision_no INTEGER NOT NULL, seq INTEGER NOT NULL,
    PRIMARY KEY (article_id, revision_id, no)
  ) STRICT;
  CREATE TABLE kb_question (
    id TEXT PRIMARY KEY, article_id TEXT NOT NULL, text TEXT NOT NULL, language TEXT NOT NULL, state TEXT NOT NULL, draft_id TEXT, by TEXT NOT NULL,
    at INTEGER NOT NULL, seq INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX kb_question_article ON kb_question (article_id);
  CREATE TABLE kb_gap (
    run_id TEXT PRIMARY KEY, conversation_id TEXT NOT NULL, contact_id TEXT NOT NULL, question TEXT NOT NULL, state TEXT NOT NULL, article_id TEXT,
    closed_by TEXT, at INTEGER NOT NULL, seq INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX kb_gap_contact ON kb_gap (contact_id);
  CREATE INDEX kb_gap_open ON kb_gap (at) WHERE state = 'open';
  `,
  `
  -- What was erased with a person: an op that still names it keeps no words.
  CREATE TABLE erased (id TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  -- By whom an erasure finds what was written of somebody.
  CREATE INDEX activity_conversation ON activity (conversation_id) WHERE conversation_id IS NOT NULL;
  CREATE INDEX activity_contact ON activity (json_extract(detail, '$.contactId'))
    WHERE type IN ('contact.add', 'contact.change', 'contact.phone', 'contact.attribute', 'contact.merge');
  CREATE INDEX activity_erasure ON activity (type, seq) WHERE type IN ('contact.erase', 'retention.apply');
  CREATE INDEX read_position_conversation ON read_position (conversation_id);
  CREATE INDEX request_event_contact ON request_event (contact_id) WHERE contact_id IS NOT NULL;
  CREATE INDEX conversation_ended ON conversation (last_message_at) WHERE status <> 'active';
  CREATE TABLE request_message (
    request_id TEXT NOT NULL, message_id TEXT NOT NULL, conversation_id TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL, by TEXT NOT NULL,
    PRIMARY KEY (request_id, message_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX request_message_message ON request_message (message_id);
  CREATE INDEX request_message_conversation ON request_message (conversation_id);
  `,
];
