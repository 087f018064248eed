/**
 * The team's shared state: the rows that the log folds into, the same on every desktop, and the only way a reducer may
 * touch them. Invariant: a reducer reads nothing but `(StateTx, entry)`. The SQL for these rows is `contract/sqlite/tables.ts`.
 */
import type { AiMode, DiscardReason, HandoffReason, KbLanguage, KbState, ReviewReason, RunPurpose, SupersededBy } from './ai/ai-words.ts';
import type { DeliveryStatus } from './rules/delivery-status.ts';
import type { EventKind, RequestRole, RequestStatus } from './requests/request-rules.ts';
import type { Role } from './wire.ts';

/** `seq` of everything that a pending op wrote: larger than every confirmed one. */
export const PENDING_SEQ = Number.MAX_SAFE_INTEGER;
/** `sort_at` of a pending message is this plus its op's `deviceSeq`: below everything that has a place in the log, in the order of writing. */
export const PENDING_SORT_AT = 8_640_000_000_000_000;

/** `role` of somebody who left the workspace is the one they had last; `is_removed` takes every right away. */
export type AgentRow = { id: string; name: string; role: Role; is_removed: 0 | 1 };
/** `public_key` (base64url): what is meant for this desktop alone is sealed to it. */
export type DeviceRow = { id: string; agent_id: string; revoked: 0 | 1; name: string; public_key: string | null };
/** The number and its Graph token, sealed to one device (`contract/ops/member-ops.ts`). The newest one counts. */
export type DeviceGrantRow = { device_id: string; seq: number; sealed: string };
/** Workspace settings; `value` is JSON (`contract/rules/workspace-settings.ts`). */
export type WorkspaceSettingRow = { key: string; value: string };

/** A group of agents. Deleted rows stay, emptied of members, so that late ops end as `target_missing`. */
export type TeamRow = { id: string; name: string; is_deleted: 0 | 1 };
export type TeamMemberRow = { team_id: string; agent_id: string };
export type LabelRow = { id: string; name: string; color: string; is_deleted: 0 | 1 };
export type ConversationLabelRow = { conversation_id: string; label_id: string };
/** `owner_id` null: for the whole team. */
export type CannedReplyRow = { id: string; owner_id: string | null; shortcut: string; body: string; is_deleted: 0 | 1 };

/** An internal note. Deleted: `deleted_by` is set and the body is empty. `mentions`: JSON array of agent ids. */
export type NoteRow = {
  id: string;
  conversation_id: string;
  contact_id: string;
  body: string;
  mentions: string;
  author_id: string;
  seq: number;
  created_at: number;
  edited_at: number | null;
  deleted_by: string | null;
};

/** `marketing`: what the person last said about advertising (`user_preferences`); null: nothing. `marketing_at`: when, ms. */
export type ContactRow = {
  id: string;
  profile_name: string | null;
  username: string | null;
  created_seq: number;
  marketing: 'stop' | 'resume' | null;
  marketing_at: number | null;
  /** What the team calls them; null: what they call themselves. */
  name: string | null;
  first_name: string | null;
  email: string | null;
  company: string | null;
  is_vendor: 0 | 1;
  /** What a vendor does, sorted, joined by line breaks; empty: anything. */
  service_types: string;
  is_blocked: 0 | 1;
  /** The contact that stands for this one: the same person. The end of the line is what counts; it never goes round. */
  merged_into: string | null;
};
/** What a contact has before anybody says more of them. */
export const NEW_CONTACT = {
  marketing: null,
  marketing_at: null,
  name: null,
  first_name: null,
  email: null,
  company: null,
  is_vendor: 0,
  service_types: '',
  is_blocked: 0,
  merged_into: null,
} as const;
export type ContactAttributeRow = { contact_id: string; key: string; value: string };
export type IdentifierKind = 'wa_id' | 'user_id' | 'parent_user_id' | 'phone' | 'username' | 'anonymous';
/**
 * An identity of a contact. `wa_id`, `user_id`, `parent_user_id` are Meta's; `phone` (digits with country code) is what an agent typed
 * before Meta gave the wa_id. `username` is for showing and searching only: it can pass to somebody else. `anonymous` (value: a phone
 * number id) gathers messages that name nobody.
 */
export type ContactIdentifierRow = { kind: IdentifierKind; value: string; contact_id: string; first_seq: number; last_seq: number };

export type ConversationStatus = 'active' | 'archived' | 'closed';
export type ConversationRow = {
  id: string;
  contact_id: string;
  phone_number_id: string;
  status: ConversationStatus;
  created_seq: number;
  /** Times are ms since the epoch; inbound ones are Meta's timestamps. */
  last_inbound_seq: number;
  last_inbound_at: number | null;
  last_inbound_wamid: string | null;
  inbound_count: number;
  last_outbound_seq: number;
  last_outbound_actor_id: string | null;
  /** Last outbound seq by anybody but `last_outbound_actor_id`: what the hold rule asks for when that is oneself. */
  other_outbound_seq: number;
  /** Newest message by (sort_at, seq, id), for the list. */
  last_message_id: string | null;
  last_message_at: number;
  assignee_id: string | null;
  team_id: string | null;
  /** Relay time (ms) until which it is out of sight; the customer's next message ends it. */
  snoozed_until: number | null;
  /**
   * When the oldest inbound message came (Meta's timestamp) that was not answered since; null: nobody waits for us. It counts
   * while the conversation is active, and goes on when somebody reopens it: to take back an archiving takes back all of it.
   */
  waiting_since: number | null;
};

/** As `last_outbound_actor_id`: the newest answer left by itself. Also the agent whose desktop sent it has not seen it. */
export const AUTOMATIC_ACTOR = 'automatic';

/** What most messages have nothing of. */
export const NO_MESSAGE_EXTRAS = { target_wamid: null, context: null, origin: null, original_content: null, edited_at: null, revoked_at: null, pricing: null } as const;

export type MessageRow = {
  id: string;
  conversation_id: string;
  contact_id: string;
  direction: 'in' | 'out';
  seq: number;
  /** Place in the thread: when it was written for inbound, as near as is known; the relay's time for outbound; from PENDING_SORT_AT on while pending. */
  sort_at: number;
  /** For display: Meta's timestamp, or when the author pressed send. */
  sent_at: number;
  received_at: number;
  wamid: string | null;
  /** JSON of `MessageContent`. */
  content: string;
  /** wamid of the quoted message. */
  quoted_wamid: string | null;
  /** wamid of the message that a reaction, edit or revoke is about; null for every other kind. */
  target_wamid: string | null;
  /** JSON of `MessageContext`; null: nothing to say. */
  context: string | null;
  /** Null: through the Cloud API. `phone_app`: a colleague wrote it on the phone. `history`: imported from the phone. `standby`: while Meta's own agent held the thread. */
  origin: 'phone_app' | 'history' | 'standby' | null;
  /** Before its first edit; null: never edited. Later ones stand in the edits themselves (`target_wamid`). */
  original_content: string | null;
  /** Meta's timestamps, ms. A revoked message keeps its content: who may see it is judged where it is shown. */
  edited_at: number | null;
  revoked_at: number | null;
  /** JSON of `Pricing`. */
  pricing: string | null;
  /** 1, 2, 3… over the inbound messages of the conversation in log order; null for outbound. Unread = count - number read. */
  inbound_no: number | null;
  status: DeliveryStatus | null;
  /** JSON of `MessageError`, kept also when a later status shows it was delivered after all. */
  error: string | null;
  /** `held`: somebody else answered first, its author decides. Never sent while set. */
  hold: 'held' | 'discarded' | null;
  actor_id: string | null;
  device_id: string | null;
};

/** When a message reached a status; `at`: Meta's timestamp, or the log's for our own send result (ms). */
export type MessageStatusRow = { message_id: string; status: DeliveryStatus; at: number };
/** A status whose message is not known (yet): it came before the answer to our own call, or another tool sent the message. */
export type ParkedStatusRow = { wamid: string; status: DeliveryStatus; at: number; error: string | null; seq: number; pricing: string | null };
export type ReadPositionRow = { agent_id: string; conversation_id: string; seq: number; inbound_no: number };

export type Outcome = 'applied' | 'merged' | 'partial' | 'superseded' | 'held' | 'duplicate' | 'target_missing' | 'forbidden';
/** One per op, for ever: who did what, and what became of it. `detail` is JSON, by op type. */
export type ActivityRow = { op_id: string; seq: number; actor_id: string; device_id: string; type: string; conversation_id: string | null; outcome: Outcome; detail: string; occurred_at: number };

/**
 * Something about the number, the account, a template or Meta's side that belongs to no message: `field` is Meta's webhook field
 * (`errors` for `value.errors`), `event` its word for what happened, `detail` the whole value as JSON. `subject`: what it is about
 * (template name, number, account); the newest per field and subject is how things stand.
 */
export type AccountEventRow = { id: string; seq: number; at: number; field: string; event: string; subject: string; severity: 'info' | 'warning' | 'error'; detail: string };

/** Days are `YYYY-MM-DD`; texts that nobody gave are empty. `number`: readable, from log order; null while pending. `external_id`: what another system calls it. */
export type ServiceRequestRow = {
  id: string;
  number: number | null;
  external_id: string | null;
  status: RequestStatus;
  service_type: string;
  customer_id: string | null;
  customer_name: string;
  /** E.164 with its plus where it is a phone number. */
  contact_phone: string;
  contact_email: string;
  address: string;
  requested_date: string | null;
  approved_date: string | null;
  vendor_id: string | null;
  form_url: string;
  description: string;
  source: 'manual' | 'csv' | 'api';
  created_by: string;
  created_seq: number;
  created_at: number;
  updated_seq: number;
  updated_at: number;
};
/** The conversation in which a request is talked about with one of its people. */
export type RequestLinkRow = { request_id: string; role: RequestRole; conversation_id: string; seq: number };
/**
 * Something that happened to a request and has a template (`request-rules.ts`). `contact_id`: whom it is to be told, as of then (a former
 * vendor!); null: the customer was not known. Decided once in the whole team. `obsolete`: what happened later made it untrue.
 */
export type RequestEventRow = {
  id: string;
  request_id: string;
  kind: EventKind;
  role: RequestRole;
  contact_id: string | null;
  mode: 'propose' | 'auto';
  state: 'open' | 'sent' | 'dismissed' | 'obsolete';
  seq: number;
  at: number;
  actor_id: string;
  device_id: string;
  message_id: string | null;
  decided_by: string | null;
};
/** A message that belongs to a request. `at`: when it was attached; `conversation_id`: where it was said. */
export type RequestMessageRow = { request_id: string; message_id: string; conversation_id: string; seq: number; at: number; by: string };
/** Running numbers that the log gives out. `value`: the last one. */
export type CounterRow = { name: 'request'; value: number };

/** `claim_*`: who makes the answer to what (`draft.claim`); `claim_fence`: seq of the claim. `handoff_*`: the automatic mode left it to people, and nobody has answered since. */
export type ConversationAiRow = {
  conversation_id: string;
  mode: AiMode | null;
  claim_about: string | null;
  claim_device: string | null;
  claim_fence: number;
  /** Relay time, ms. */
  claim_until: number;
  handoff_reason: HandoffReason | null;
  handoff_detail: string;
  handoff_about: string | null;
  handoff_at: number | null;
};
export const NO_CONVERSATION_AI = {
  mode: null,
  claim_about: null,
  claim_device: null,
  claim_fence: 0,
  claim_until: 0,
  handoff_reason: null,
  handoff_detail: '',
  handoff_about: null,
  handoff_at: null,
} as const;
/**
 * A draft that was finished. What became of an approved one is its message. `body`: JSON of `DraftBody`, empty once erased. `reason`: why it was
 * discarded, or by what superseded. `auto_at`: when it leaves by itself (relay time, ms); `auto_state`: null: never meant to. What still counts
 * `AUTO_LATE_MAX_MS` after its time never leaves: its desktop went away.
 */
export type AiDraftRow = {
  id: string;
  conversation_id: string;
  contact_id: string;
  about_message_id: string | null;
  state: 'ready' | 'edited' | 'approved' | 'discarded' | 'superseded';
  body: string;
  template: string | null;
  run_id: string;
  is_requested: 0 | 1;
  actor_id: string;
  device_id: string;
  seq: number;
  at: number;
  auto_at: number | null;
  auto_fence: number | null;
  auto_state: 'counting' | 'stopped' | 'sent' | null;
  edited_by: string | null;
  decided_by: string | null;
  decided_at: number | null;
  reason: DiscardReason | SupersededBy | null;
  note: string;
  message_id: string | null;
};
/** The record of a run: `record` is JSON of its `RunRecord`, `text` of its words (`RunWords`) until they are erased (null). `hash`: of the record, for the chain. */
export type AiRunRow = {
  id: string;
  conversation_id: string;
  contact_id: string;
  purpose: RunPurpose;
  outcome: string;
  actor_id: string;
  device_id: string;
  seq: number;
  at: number;
  cost_micros: number | null;
  record: string;
  text: string | null;
  hash: string;
};
/** `sentences`, `facts`: JSON. */
export type ConversationSummaryRow = {
  conversation_id: string;
  contact_id: string;
  through_message_id: string;
  text: string;
  sentences: string;
  facts: string;
  run_id: string;
  actor_id: string;
  seq: number;
  at: number;
};
export type AiReviewRow = { draft_id: string; reviewer_id: string; verdict: 'good' | 'bad'; reason: ReviewReason | null; note: string; seq: number; at: number };
/** What a desktop may spend of a month's cap, millionths of a US dollar. */
export type AiBudgetRow = { month: string; device_id: string; granted: number };

/** `revision_id`: the one that counts; its text are its parts in order. `source`: JSON of the file it came from. */
export type KbArticleRow = {
  id: string;
  kind: 'article' | 'file';
  state: KbState;
  title: string;
  language: KbLanguage;
  folder: string;
  source: string | null;
  revision_id: string;
  revision_no: number;
  parts: number;
  may_auto_answer: 0 | 1;
  draft_id: string | null;
  created_by: string;
  created_at: number;
  updated_by: string;
  updated_at: number;
  updated_seq: number;
};
/** `revision_no` 0: not saved (yet). */
export type KbPartRow = { article_id: string; revision_id: string; no: number; text: string; revision_no: number; seq: number };
export type KbQuestionRow = { id: string; article_id: string; text: string; language: KbLanguage; state: 'pending' | 'approved'; draft_id: string | null; by: string; at: number; seq: number };
/** A question that nothing in the knowledge base answered, by the run that looked. Empty once erased. */
export type KbGapRow = {
  run_id: string;
  conversation_id: string;
  contact_id: string;
  question: string;
  state: 'open' | 'closed';
  article_id: string | null;
  closed_by: string | null;
  at: number;
  seq: number;
};

/** Ids of what was erased with a person: contacts, conversations, outbound messages, notes and drafts that are gone, or would have been made of them later, and requests that no longer name them. An op of before that names one keeps no words. */
export type ErasedRow = { id: string; seq: number };

export type SyncedTables = {
  agent: AgentRow;
  device: DeviceRow;
  contact: ContactRow;
  contact_identifier: ContactIdentifierRow;
  conversation: ConversationRow;
  message: MessageRow;
  message_status: MessageStatusRow;
  parked_status: ParkedStatusRow;
  read_position: ReadPositionRow;
  activity: ActivityRow;
  device_grant: DeviceGrantRow;
  workspace_setting: WorkspaceSettingRow;
  team: TeamRow;
  team_member: TeamMemberRow;
  label: LabelRow;
  conversation_label: ConversationLabelRow;
  canned_reply: CannedReplyRow;
  note: NoteRow;
  account_event: AccountEventRow;
  contact_attribute: ContactAttributeRow;
  service_request: ServiceRequestRow;
  request_link: RequestLinkRow;
  request_event: RequestEventRow;
  request_message: RequestMessageRow;
  counter: CounterRow;
  conversation_ai: ConversationAiRow;
  ai_draft: AiDraftRow;
  ai_run: AiRunRow;
  conversation_summary: ConversationSummaryRow;
  ai_review: AiReviewRow;
  ai_budget: AiBudgetRow;
  kb_article: KbArticleRow;
  kb_part: KbPartRow;
  kb_question: KbQuestionRow;
  kb_gap: KbGapRow;
  erased: ErasedRow;
};
export type TableName = keyof SyncedTables;

/** Primary key of each table, in order. */
export const PRIMARY_KEYS = {
  agent: ['id'],
  device: ['id'],
  contact: ['id'],
  contact_identifier: ['kind', 'value'],
  conversation: ['id'],
  message: ['id'],
  message_status: ['message_id', 'status'],
  parked_status: ['wamid', 'status'],
  read_position: ['agent_id', 'conversation_id'],
  activity: ['op_id'],
  device_grant: ['device_id'],
  workspace_setting: ['key'],
  team: ['id'],
  team_member: ['team_id', 'agent_id'],
  label: ['id'],
  conversation_label: ['conversation_id', 'label_id'],
  canned_reply: ['id'],
  note: ['id'],
  account_event: ['id'],
  contact_attribute: ['contact_id', 'key'],
  service_request: ['id'],
  request_link: ['request_id', 'role'],
  request_event: ['id'],
  request_message: ['request_id', 'message_id'],
  counter: ['name'],
  conversation_ai: ['conversation_id'],
  ai_draft: ['id'],
  ai_run: ['id'],
  conversation_summary: ['conversation_id'],
  ai_review: ['draft_id'],
  ai_budget: ['month', 'device_id'],
  kb_article: ['id'],
  kb_part: ['article_id', 'revision_id', 'no'],
  kb_question: ['id'],
  kb_gap: ['run_id'],
  erased: ['id'],
} as const satisfies { [T in TableName]: readonly (keyof SyncedTables[T])[] };

/**
 * Lookups a reducer may use besides the primary key; `where`: constant SQL, as of the partial index that serves it.
 * Rows come back in primary-key order (binary), never in storage order.
 */
export const LOOKUPS = {
  conversation_by_contact: { table: 'conversation', columns: ['contact_id', 'phone_number_id'] },
  /** Outbound ones that are to be sent, or whose sending has not been recorded. */
  unsent_message_by_device: { table: 'message', columns: ['device_id'], where: "status = 'queued' AND hold IS NULL" },
  message_by_wamid: { table: 'message', columns: ['wamid'] },
  /** Reactions, edits and revokes of a message. */
  message_by_target: { table: 'message', columns: ['target_wamid'] },
  parked_status_by_wamid: { table: 'parked_status', columns: ['wamid'] },
  conversation_by_assignee: { table: 'conversation', columns: ['assignee_id'] },
  conversation_by_team: { table: 'conversation', columns: ['team_id'] },
  team_member_by_team: { table: 'team_member', columns: ['team_id'] },
  team_member_by_agent: { table: 'team_member', columns: ['agent_id'] },
  request_by_external_id: { table: 'service_request', columns: ['external_id'] },
  request_link_by_conversation: { table: 'request_link', columns: ['conversation_id'] },
  request_event_by_request: { table: 'request_event', columns: ['request_id'] },
  request_event_by_contact: { table: 'request_event', columns: ['contact_id'], where: 'contact_id IS NOT NULL' },
  request_event_by_message: { table: 'request_event', columns: ['message_id'] },
  live_draft_by_conversation: { table: 'ai_draft', columns: ['conversation_id'], where: "state IN ('ready', 'edited')" },
  /** What counts down now. */
  draft_by_auto_state: { table: 'ai_draft', columns: ['auto_state'], where: "auto_state = 'counting'" },
  /** The draft that became a message. */
  draft_by_message: { table: 'ai_draft', columns: ['message_id'], where: 'message_id IS NOT NULL' },
  draft_by_conversation: { table: 'ai_draft', columns: ['conversation_id'] },
  draft_by_contact: { table: 'ai_draft', columns: ['contact_id'] },
  run_by_contact: { table: 'ai_run', columns: ['contact_id'] },
  gap_by_contact: { table: 'kb_gap', columns: ['contact_id'] },
  conversation_of_contact: { table: 'conversation', columns: ['contact_id'] },
  contact_by_merged: { table: 'contact', columns: ['merged_into'], where: 'merged_into IS NOT NULL' },
  budget_by_month: { table: 'ai_budget', columns: ['month'] },
  kb_part_by_article: { table: 'kb_part', columns: ['article_id'] },
  kb_question_by_article: { table: 'kb_question', columns: ['article_id'] },
  identifier_by_contact: { table: 'contact_identifier', columns: ['contact_id'] },
  attribute_by_contact: { table: 'contact_attribute', columns: ['contact_id'] },
  message_by_contact: { table: 'message', columns: ['contact_id'] },
  message_of_conversation: { table: 'message', columns: ['contact_id', 'conversation_id'] },
  message_status_by_message: { table: 'message_status', columns: ['message_id'] },
  note_by_contact: { table: 'note', columns: ['contact_id'] },
  read_position_by_conversation: { table: 'read_position', columns: ['conversation_id'] },
  run_by_conversation: { table: 'ai_run', columns: ['conversation_id'] },
  activity_by_conversation: { table: 'activity', columns: ['conversation_id'], where: 'conversation_id IS NOT NULL' },
  activity_by_contact: {
    table: 'activity',
    columns: ["json_extract(detail, '$.contactId')"],
    where: "type IN ('contact.add', 'contact.change', 'contact.phone', 'contact.attribute', 'contact.merge')",
  },
  activity_by_request: {
    table: 'activity',
    columns: ["json_extract(detail, '$.requestId')"],
    where: "type IN ('request.add', 'request.change', 'request.link', 'request.attach', 'request.notify', 'request.dismiss')",
  },
  key_recover_by_device: { table: 'activity', columns: ['device_id', "json_extract(detail, '$.epoch')"], where: "type = 'key.recover' AND outcome = 'applied'" },
  request_by_customer: { table: 'service_request', columns: ['customer_id'], where: 'customer_id IS NOT NULL' },
  request_by_vendor: { table: 'service_request', columns: ['vendor_id'], where: 'vendor_id IS NOT NULL' },
  request_message_by_conversation: { table: 'request_message', columns: ['conversation_id'] },
  request_by_phone: { table: 'service_request', columns: ['contact_phone'], where: "contact_phone <> ''" },
  conversation_label_by_conversation: { table: 'conversation_label', columns: ['conversation_id'] },
  conversation_label_by_label: { table: 'conversation_label', columns: ['label_id'] },
} as const satisfies Record<string, { table: TableName; columns: readonly string[]; where?: string }>;
export type LookupName = keyof typeof LOOKUPS;

export type Key = readonly (string | number)[];

export interface StateTx {
  get<T extends TableName>(table: T, key: Key): SyncedTables[T] | undefined;
  /** Inserts or replaces the row with this primary key. */
  put<T extends TableName>(table: T, row: SyncedTables[T]): void;
  delete(table: TableName, key: Key): void;
  list<L extends LookupName>(lookup: L, key: Key): SyncedTables[(typeof LOOKUPS)[L]['table']][];
}
