/**
 * The fold of a log from nothing, watched entry by entry: what every desktop must hold, and what must never happen on the
 * way. It knows the rules only as sync.md says them, not as the reducer does.
 */
import type Database from 'better-sqlite3';
import { expect } from 'vitest';
import { applyLogEntry } from '../../contract/reduce.ts';
import { isSoIn } from '../../contract/requests/request-rules.ts';
import { OWN_ERROR } from '../../contract/whatsapp/error-codes.ts';
import { DELIVERY_STATUSES, type DeliveryStatus } from '../../contract/rules/delivery-status.ts';
import { createStateStore, dumpState } from '../../contract/sqlite/state-tx.ts';
import type { ActivityRow, ConversationRow, MessageRow, Outcome, RequestEventRow, ServiceRequestRow, TableName } from '../../contract/state.ts';
import type { LogEntry, OpEntry, RelayEvent, Role } from '../../contract/wire.ts';
import { openEmptyDatabase } from './empty-database.ts';
import { createDraftJudge, keptWhenLate } from './judge-drafts.ts';

export function foldLog(log: LogEntry[]): string[] {
  const db = openEmptyDatabase();
  const { confirmed } = createStateStore(db, () => undefined);
  db.transaction(() => {
    for (const entry of log) applyLogEntry(confirmed, entry);
  })();
  const rows = [...dumpState(db)];
  db.close();
  return rows;
}

type Op = { type: string; args: Record<string, unknown> };
/** Outcomes that leave every row as it was, besides the activity. */
const CHANGES_NOTHING: ReadonlySet<Outcome> = new Set<Outcome>(['forbidden', 'superseded', 'target_missing', 'duplicate']);
const FOR_LEADS = /^(label|team)\.|^contact\.(merge|erase)$|^ai\.erase$/;
const FOR_ADMINS = new Set(['setting.set', 'device.grant', 'key.sheet', 'key.admit']);
const rank = (status: DeliveryStatus | null): number => DELIVERY_STATUSES.indexOf(status ?? 'queued');

export type Fold = { rows: string[]; outcomes: Record<Outcome, number>; activity: Map<string, ActivityRow>; messages: Map<string, MessageRow>; seen: Record<(typeof SEEN)[number], number> };
/** What the rows must contain, over many histories, for the rules to have been tried. */
export const SEEN = [
  'edited',
  'revoked',
  'reacted',
  'echoes',
  'imported',
  'started',
  'joined',
  'filesFound',
  'eventsTold',
  'eventsToldBefore',
  'eventsRefused',
  'eventsDropped',
  'routed',
  'peopleMerged',
  'draftsLate',
  'draftsSent',
  'draftsHeld',
  'claimsRefused',
  'automaticSent',
  'automaticRefused',
  'automaticFailed',
  'handedOff',
  'stopped',
  'budgetGiven',
  'budgetRefused',
  'erased',
  'articlesSaved',
  'peopleErased',
  'letGo',
  'attached',
] as const;

/** Folds and judges I8, I9, I10, I15. */
export function foldAndJudge(log: LogEntry[]): Fold {
  const db = openEmptyDatabase();
  let written: TableName[] = [];
  const drafts = createDraftJudge();
  const statuses = new Map<string, DeliveryStatus | null>();
  /** Also those that were erased since, as they were last. */
  const known = new Map<string, MessageRow>();
  const { confirmed: tx } = createStateStore(db, (table, { after }) => {
    written.push(table);
    drafts.noteWrite(table, after);
    if (table !== 'message' || after === null) return;
    const message = after as unknown as MessageRow;
    known.set(message.id, message);
    expect(rank(message.status), 'I8: a delivery status never goes down').toBeGreaterThanOrEqual(rank(statuses.get(message.id) ?? null));
    statuses.set(message.id, message.status);
  });
  const roles = new Map<string, Role | null>();
  const outcomes: Record<Outcome, number> = { applied: 0, merged: 0, partial: 0, superseded: 0, held: 0, duplicate: 0, target_missing: 0, forbidden: 0 };

  db.transaction(() => {
    for (const entry of log) {
      written = [];
      const result = applyLogEntry(tx, entry);
      if (entry.kind === 'relay') followMember(roles, JSON.parse(entry.body) as RelayEvent);
      drafts.judgeEntry(entry, result.kind === 'op' ? result.outcome : null, entry.kind === 'op' ? (tx.get('activity', [entry.opId])?.detail ?? '') : '');
      if (entry.kind !== 'op' || result.kind !== 'op') continue;
      outcomes[result.outcome] += 1;
      const kept = keptWhenLate(result.op?.type ?? '', result.outcome);
      const changed = written.filter((table) => !kept.includes(table));
      // What a late op would have made of somebody who was erased is noted as gone with them.
      if (CHANGES_NOTHING.has(result.outcome))
        expect(
          changed.filter((table) => table !== 'erased'),
          `I10: ${result.outcome} changes nothing: ${entry.body}`,
        ).toEqual(['activity']);
      else if (result.outcome === 'applied' || result.outcome === 'partial') judgeRight(entry, roles);
    }
  })();

  const conversations = db.prepare('SELECT * FROM conversation').all() as ConversationRow[];
  const activity = new Map((db.prepare('SELECT * FROM activity').all() as ActivityRow[]).map((row) => [row.op_id, row]));
  const messages = new Map((db.prepare('SELECT * FROM message').all() as MessageRow[]).map((row) => [row.id, row]));
  judgeUnseen(log, conversations, activity, messages);
  judgeDelivery(log, activity, messages);
  judgeAbout([...messages.values()]);
  judgeConversations(conversations, [...messages.values()]);
  judgeRequests(db.prepare('SELECT * FROM service_request').all() as ServiceRequestRow[], db.prepare('SELECT * FROM request_event').all() as RequestEventRow[]);
  judgeErased(db);
  const rows = [...dumpState(db)];
  db.close();
  return { rows, outcomes, activity, messages: known, seen: countSeen([...known.values()], [...activity.values()]) };
}

/** Who is a member with which role, as the relay's entries tell. */
function followMember(roles: Map<string, Role | null>, event: RelayEvent): void {
  if (event.type === 'device.enrolled' && !roles.get(event.agentId)) roles.set(event.agentId, event.role);
  if (event.type !== 'member.changed') return;
  roles.set(event.agentId, event.isRemoved ? null : (event.role ?? roles.get(event.agentId) ?? null));
}

/** What applied was allowed at that point of the log. */
function judgeRight(entry: OpEntry, roles: Map<string, Role | null>): void {
  const { type, args } = JSON.parse(entry.body) as Op;
  const role = roles.get(entry.actorId) ?? null;
  if (type === 'message.result') return;
  expect(role, `I10: ${type} by somebody who has left`).not.toBeNull();
  if (FOR_ADMINS.has(type)) expect(role, `I10: ${type}`).toBe('admin');
  if (FOR_LEADS.test(type) || (type === 'canned.add' && args['isPersonal'] === false)) expect(role, `I10: ${type}`).not.toBe('agent');
  if ((type === 'conversation.ai' && args['to'] === 'auto') || (type === 'ai.stop' && args['isStopped'] === false)) expect(role, `I10: ${type}`).not.toBe('agent');
  if (type === 'conversation.assign' && role === 'agent') expect([args['from'], args['to']], 'I10: an agent takes for themselves, or gives what is theirs').toContain(entry.actorId);
}

/** I9, over the whole log: nobody puts a message out of sight that they had not seen. */
function judgeUnseen(log: LogEntry[], conversations: ConversationRow[], activity: Map<string, ActivityRow>, messages: Map<string, MessageRow>): void {
  const inbound = [...messages.values()].filter((message) => message.inbound_no !== null);
  /** When each conversation was last put out of sight, as a seq. */
  const hidden = new Map<string, number>();
  for (const entry of log) {
    if (entry.kind !== 'op' || activity.get(entry.opId)?.outcome !== 'applied') continue;
    const { type, args } = JSON.parse(entry.body) as Op;
    const hides = type === 'conversation.status' ? args['to'] !== 'active' : type === 'conversation.snooze' && args['to'] !== null;
    if (!hides) continue;
    const seenThrough = Number(args['seenThrough']);
    const unseen = inbound.filter((message) => message.conversation_id === args['conversationId'] && message.seq > seenThrough && message.seq < entry.seq);
    expect(unseen, `I9: ${type} hides what its author had not seen`).toEqual([]);
    hidden.set(String(args['conversationId']), entry.seq);
  }
  for (const conversation of conversations) {
    if (conversation.status === 'active' && conversation.snoozed_until === null) continue;
    const last = Math.max(...inbound.filter((message) => message.conversation_id === conversation.id).map((message) => message.seq));
    expect(hidden.get(conversation.id) ?? 0, 'I9: what is out of sight was put there after the last message').toBeGreaterThan(last);
  }
}

/** I8: where a message ended is the furthest of all that was told of it, in whatever order; a desktop that lost its access has failed what nothing was told of. */
function judgeDelivery(log: LogEntry[], activity: Map<string, ActivityRow>, messages: Map<string, MessageRow>): void {
  const furthest = new Map<string, number>();
  const tell = (messageId: string, status: DeliveryStatus): void => void furthest.set(messageId, Math.max(furthest.get(messageId) ?? 0, rank(status)));
  const byWamid = new Map([...messages.values()].flatMap((message) => (message.direction === 'out' && message.wamid !== null ? [[message.wamid, message.id] as const] : [])));
  /** Which desktop is to send what. */
  const senders = new Map<string, string>();
  // What the phone sent was sent, whatever else is told of it.
  for (const { id, direction, origin } of messages.values()) if (direction === 'out' && origin !== null) tell(id, 'sent');
  for (const entry of log) {
    const body = JSON.parse(entry.body) as Partial<Op> & { deviceId?: string; item?: string; payload?: { id: string; status: DeliveryStatus } };
    if (entry.kind === 'webhook' && body.item === 'status' && body.payload) {
      const messageId = byWamid.get(body.payload.id);
      if (messageId !== undefined) tell(messageId, body.payload.status);
    }
    if (entry.kind === 'relay' && body.type === 'device.revoked') {
      for (const [messageId, deviceId] of senders) if (deviceId === body.deviceId && !furthest.has(messageId)) tell(messageId, 'failed');
    }
    if (entry.kind === 'op' && activity.get(entry.opId)?.outcome === 'applied') {
      const messageId = String(body.args?.['messageId']);
      if (body.type === 'message.queue' || body.type === 'message.confirm' || body.type === 'request.notify' || body.type === 'draft.approve') senders.set(messageId, entry.deviceId);
      if (body.type === 'message.discard') senders.delete(messageId);
    }
    if (entry.kind === 'op' && body.type === 'message.result' && activity.get(entry.opId)?.outcome !== 'forbidden')
      tell(String(body.args?.['messageId']), 'wamid' in (body.args ?? {}) ? 'sent' : 'failed');
  }
  for (const message of messages.values()) {
    if (message.direction === 'out') expect(rank(message.status), 'I8: the final status is the furthest that was told').toBe(furthest.get(message.id) ?? 0);
  }
}

/** A message is as the newest edit of its own side left it, and taken back if any of them says so; whatever came first. */
function judgeAbout(messages: MessageRow[]): void {
  const read = (json: string): { kind: string; content?: unknown } => JSON.parse(json) as { kind: string; content?: unknown };
  for (const target of messages.filter(({ wamid, target_wamid }) => wamid !== null && target_wamid === null)) {
    const abouts = messages.filter((about) => about.target_wamid === target.wamid && about.contact_id === target.contact_id && about.direction === target.direction);
    const edits = abouts.filter(({ content }) => read(content).kind === 'edit').toSorted((a, b) => a.sent_at - b.sent_at || ((a.wamid ?? '') < (b.wamid ?? '') ? -1 : 1));
    const newest = edits.at(-1);
    expect(target.edited_at, 'the newest edit counts').toBe(newest?.sent_at ?? null);
    if (newest && read(target.original_content ?? '{}').kind === 'text') expect(read(target.content), 'the newest edit counts').toEqual(read(newest.content).content);
    const revokes = abouts.filter(({ content }) => read(content).kind === 'revoke').map(({ sent_at }) => sent_at);
    expect(target.revoked_at, 'taken back as soon as one says so').toBe(revokes.length === 0 ? null : Math.min(...revokes));
    expect(target.original_content === null, 'what it was before is kept').toBe(newest === undefined);
  }
}

/** Unread counts what the customer wrote and nothing else, and nobody has two open conversations on a number. */
function judgeConversations(conversations: ConversationRow[], messages: MessageRow[]): void {
  const open = new Set<string>();
  for (const conversation of conversations) {
    const numbers = messages.filter((message) => message.conversation_id === conversation.id && message.inbound_no !== null).map((message) => message.inbound_no ?? 0);
    expect(
      numbers.toSorted((a, b) => a - b),
      'inbound messages are numbered without gaps',
    ).toEqual(numbers.map((_, n) => n + 1));
    expect(conversation.inbound_count).toBe(numbers.length);
    if (conversation.status === 'closed') continue;
    const person = `${conversation.contact_id}/${conversation.phone_number_id}`;
    expect(open.has(person), 'one open conversation for a person and a number').toBe(false);
    open.add(person);
  }
  for (const message of messages)
    if (message.target_wamid !== null || message.origin === 'history') expect(message.inbound_no, 'neither what is about another message nor the past is unread').toBeNull();
}

/** Numbers in the order of the log without gaps, one request for an external id, and no open event that is not true. */
function judgeRequests(requests: ServiceRequestRow[], events: RequestEventRow[]): void {
  const inOrder = requests.toSorted((a, b) => (a.number ?? 0) - (b.number ?? 0));
  expect(
    inOrder.map(({ number }) => number),
    'a number is given once, and none is left out',
  ).toEqual(requests.map((_, n) => 1001 + n));
  expect(
    inOrder.map(({ created_seq }) => created_seq),
    'numbers follow the log',
  ).toEqual(requests.map(({ created_seq }) => created_seq).toSorted((a, b) => a - b));
  const externalIds = requests.flatMap(({ external_id }) => external_id ?? []);
  expect(new Set(externalIds).size, 'one request for an external id').toBe(externalIds.length);
  const byId = new Map(requests.map((request) => [request.id, request]));
  for (const { state, kind, role, contact_id, request_id } of events) {
    const request = byId.get(request_id);
    if (state !== 'open' || !request) continue;
    expect(['done', 'cancelled'], 'an ended request has nothing to be told').not.toContain(request.status);
    expect(isSoIn(kind, request.status), 'what was taken back is not told').toBe(true);
    if (contact_id === null) continue;
    if (role === 'customer') expect(contact_id, 'who is not the customer any more is told nothing of it').toBe(request.customer_id);
    if (role === 'customer') continue;
    if (kind === 'vendor_removed') expect(contact_id, 'who has it is not told that they lost it').not.toBe(request.vendor_id);
    else expect(contact_id, 'who lost it is told nothing else of it').toBe(request.vendor_id);
  }
}

/** I16: what was erased comes back by nothing that follows, and nothing points to what is gone. */
function judgeErased(db: Database.Database): void {
  const isErased = 'IN (SELECT id FROM erased)';
  const left = {
    contact: `id ${isErased}`,
    contact_identifier: `contact_id ${isErased}`,
    contact_attribute: `contact_id ${isErased}`,
    conversation: `id ${isErased} OR contact_id ${isErased}`,
    message: `id ${isErased} OR contact_id ${isErased} OR conversation_id NOT IN (SELECT id FROM conversation)`,
    note: `id ${isErased} OR contact_id ${isErased} OR conversation_id NOT IN (SELECT id FROM conversation)`,
    conversation_label: 'conversation_id NOT IN (SELECT id FROM conversation)',
    read_position: 'conversation_id NOT IN (SELECT id FROM conversation)',
    request_link: 'conversation_id NOT IN (SELECT id FROM conversation)',
    request_message: 'message_id NOT IN (SELECT id FROM message)',
    conversation_summary: 'conversation_id NOT IN (SELECT id FROM conversation)',
    service_request: `customer_id ${isErased} OR vendor_id ${isErased}`,
    request_event: `contact_id ${isErased}`,
    ai_run: `contact_id ${isErased} AND text IS NOT NULL`,
    ai_draft: `contact_id ${isErased} AND (body <> '' OR note <> '')`,
    kb_gap: `contact_id ${isErased} AND question <> ''`,
  } satisfies Partial<Record<TableName, string>>;
  for (const [table, where] of Object.entries(left)) expect(db.prepare(`SELECT * FROM ${table} WHERE ${where}`).all(), `I16: nothing of ${table} is left of somebody who was erased`).toEqual([]);
}

function countSeen(messages: MessageRow[], activity: ActivityRow[]): Fold['seen'] {
  const count = <T>(items: T[], is: (item: T) => boolean): number => items.filter(is).length;
  const became = (type: string, outcome: Outcome): number => count(activity, (row) => row.type === type && row.outcome === outcome);
  return {
    edited: count(messages, ({ edited_at }) => edited_at !== null),
    revoked: count(messages, ({ revoked_at }) => revoked_at !== null),
    reacted: count(messages, ({ target_wamid, actor_id }) => target_wamid !== null && actor_id !== null),
    echoes: count(messages, ({ origin }) => origin === 'phone_app'),
    imported: count(messages, ({ origin }) => origin === 'history'),
    started: became('conversation.start', 'applied'),
    joined: became('conversation.start', 'merged'),
    filesFound: became('message.media', 'applied'),
    eventsTold: became('request.notify', 'applied'),
    eventsToldBefore: became('request.notify', 'superseded'),
    eventsRefused: became('request.notify', 'forbidden'),
    eventsDropped: became('request.dismiss', 'applied'),
    routed: became('conversation.route', 'applied'),
    peopleMerged: became('contact.merge', 'applied'),
    draftsLate: became('draft.propose', 'superseded'),
    draftsSent: count(activity, ({ type, outcome, detail }) => type === 'draft.approve' && outcome === 'applied' && detail.includes('"isAutomatic":false')),
    draftsHeld: became('draft.approve', 'held'),
    claimsRefused: became('draft.claim', 'superseded'),
    automaticSent: count(activity, ({ type, outcome, detail }) => type === 'draft.approve' && outcome === 'applied' && detail.includes('"isAutomatic":true')),
    automaticRefused: count(activity, ({ type, outcome, detail }) => type === 'draft.approve' && outcome === 'superseded' && detail.includes('"isAutomatic":true')),
    automaticFailed: count(messages, ({ error }) => error?.includes(String(OWN_ERROR.automaticLate)) === true),
    handedOff: became('ai.handoff', 'applied'),
    stopped: became('ai.stop', 'applied'),
    budgetGiven: became('ai.budget', 'applied'),
    budgetRefused: became('ai.budget', 'superseded'),
    erased: became('ai.erase', 'applied'),
    articlesSaved: became('kb.save', 'applied'),
    peopleErased: became('contact.erase', 'applied'),
    letGo: became('retention.apply', 'applied'),
    attached: became('request.attach', 'applied'),
  };
}
