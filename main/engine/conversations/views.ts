/** Turns rows into what screens show (`contract/entities.ts`). */
import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import type { Activity, Agent, Contact, ConversationSummary, Delivery, Label, LinkedRequest, Message, Reaction } from '../../../contract/entities.ts';
import { DELIVERY_STATUSES, type DeliveryStatus } from '../../../contract/rules/delivery-status.ts';
import { LATE_AFTER_MS } from '../../../contract/limits.ts';
import { isEnded, referenceOf } from '../../../contract/requests/request-rules.ts';
import { judgeServiceWindow } from '../../../contract/rules/service-window.ts';
import { PENDING_SEQ } from '../../../contract/state.ts';
import { messageErrorSchema, type MessageContent, type MessageContext, type MessageError, type Pricing } from '../../../contract/whatsapp/message-content.ts';
import type { ActivityView, LastMessageView, LinkedRequestView, SummaryView } from '../db/conversation-queries.ts';
import type { PersonView } from '../db/contact-queries.ts';
import type { MessageView } from '../db/message-queries.ts';

const REMEMBERED_PHONES = 10_000;

/** Formats WhatsApp ids for reading, and remembers: a list shows the same ones again and again. */
export function createPhoneFormatter(): (waId: string) => string {
  const known = new Map<string, string>();
  return (waId) => {
    const phone = known.get(waId) ?? formatPhone(waId);
    if (known.size >= REMEMBERED_PHONES) known.clear();
    known.set(waId, phone);
    return phone;
  };
}

/** `50255551234` → `+502 5555 1234`; digits that are no known number stay as they are. */
export function formatPhone(waId: string): string {
  return parsePhoneNumberFromString(`+${waId.replace(/^\+/, '')}`)?.formatInternational() ?? waId;
}

/** What a person is called: what the team calls them, else their profile name, phone, @username. */
export function nameOf(row: { [K in 'calledName' | 'username' | 'waId']: PersonView[K] }, toPhone: (waId: string) => string): string {
  const username = row.username?.replace(/^@/, '') ?? null;
  return row.calledName ?? (row.waId === null ? null : toPhone(row.waId)) ?? (username === null ? '—' : `@${username}`);
}

export function viewContact(row: PersonView, toPhone: (waId: string) => string): Contact {
  return {
    id: row.contactId,
    name: nameOf(row, toPhone),
    phone: row.waId === null ? null : toPhone(row.waId),
    username: row.username?.replace(/^@/, '') ?? null,
    hasOptedOut: row.hasOptedOut === 1,
    isBlocked: row.isBlocked === 1,
  };
}

export const viewAgent = (id: string, name: string | null, myId: string): Agent => ({ id, name: name ?? '—', isMe: id === myId });

export function viewDelivery(message: Pick<MessageView, 'direction' | 'status' | 'hold' | 'seq' | 'jobState'>): Delivery | null {
  if (message.direction === 'in') return null;
  const status: DeliveryStatus = message.status ?? 'queued';
  if (status !== 'queued' && status !== 'failed') return status;
  if (message.hold !== null) return message.hold;
  if (status === 'failed') return status;
  if (message.seq === PENDING_SEQ) return 'waiting';
  switch (message.jobState) {
    case 'running':
      return 'sending';
    case 'uncertain':
      return 'uncertain';
    case 'waiting':
      return 'needs_confirmation';
    default:
      return 'queued';
  }
}

export const readContent = (json: string): MessageContent => JSON.parse(json) as MessageContent;

/** @param now relay time, ms. */
export function viewSummary(
  row: SummaryView,
  { myId, now, toPhone, targetOf }: { myId: string; now: number; toPhone: (waId: string) => string; targetOf: (waitingSince: number) => ConversationSummary['sla'] },
): ConversationSummary {
  const waitingSince = row.status === 'active' ? row.waitingSince : null;
  return {
    id: row.id,
    contact: viewContact(row, toPhone),
    phoneNumberId: row.phoneNumberId,
    status: row.status,
    unread: Math.max(0, row.inboundCount - row.readCount),
    window: judgeServiceWindow(row.windowOpenedAt, now),
    assignee: row.assigneeId === null ? null : viewAgent(row.assigneeId, row.assigneeName, myId),
    team: row.teamId === null ? null : { id: row.teamId, name: row.teamName ?? '—' },
    labels: row.labels === null ? [] : (JSON.parse(row.labels) as Label[]),
    snoozedUntil: row.snoozedUntil !== null && row.snoozedUntil > now ? row.snoozedUntil : null,
    waitingSince,
    sla: waitingSince === null ? null : targetOf(waitingSince),
    draft: row.draft,
    draftFiles: row.draftFiles ?? 0,
    sortAt: row.lastMessageAt,
    role: row.isVendor ? 'vendor' : 'customer',
    isPending: row.isPending === 1,
    hasHeld: row.hasHeld === 1,
    hasFailed: row.hasFailed === 1,
    ai: row.ai,
    request: viewLinkedRequest(row.request),
    lastMessage: viewLastMessage(row, myId),
  };
}

function viewLastMessage(row: LastMessageView, myId: string): ConversationSummary['lastMessage'] {
  const { lastId: id, lastDirection: direction, lastContent: content, lastSeq: seq, lastSentAt: at } = row;
  if (id === null || direction === null || content === null || seq === null || at === null) return null;
  return {
    id,
    direction,
    content: readContent(content),
    delivery: viewDelivery({ direction, seq, status: row.lastStatus, hold: row.lastHold, jobState: row.lastJobState }),
    author: viewAuthor({ actorId: row.lastActorId, actorName: row.lastActorName }, myId),
    isAutomatic: row.lastDraftId !== null && row.lastIsAutomatic === 1,
    at,
  };
}

function viewLinkedRequest(json: string | null): LinkedRequest | null {
  if (json === null) return null;
  const { id, status, role, open, ...names } = JSON.parse(json) as LinkedRequestView;
  return { id, reference: referenceOf(names), status, role, others: open - (isEnded(status) ? 0 : 1) };
}

type MessageExtra = { timeline: { status: DeliveryStatus; at: number }[]; quoted: Message['quoted']; reactions: Reaction[]; file: Message['file']; requests: Message['requests'] };

export function viewMessage(row: MessageView, extra: MessageExtra, myId: string): Message {
  return {
    id: row.id,
    conversationId: row.conversationId,
    direction: row.direction,
    content: readContent(row.content),
    sentAt: row.sentAt,
    receivedAt: row.receivedAt,
    inboundNo: row.inboundNo,
    author: viewAuthor(row, myId),
    delivery: viewDelivery(row),
    error: readError(row.error),
    timeline: extra.timeline.toSorted((a, b) => DELIVERY_STATUSES.indexOf(a.status) - DELIVERY_STATUSES.indexOf(b.status)),
    quoted: extra.quoted,
    // What was imported is old by nature.
    isLate: row.direction === 'in' && row.origin !== 'history' && row.receivedAt - row.sentAt > LATE_AFTER_MS,
    origin: row.origin,
    context: row.context === null ? null : (JSON.parse(row.context) as MessageContext),
    editedAt: row.editedAt,
    revokedAt: row.revokedAt,
    pricing: row.pricing === null ? null : (JSON.parse(row.pricing) as Pricing),
    reactions: extra.reactions,
    file: extra.file,
    requests: extra.requests,
    ai: row.draftId === null || row.runId === null ? null : { draftId: row.draftId, runId: row.runId, isAutomatic: row.isAutomatic === 1 },
  };
}

const viewAuthor = (row: Pick<MessageView, 'actorId' | 'actorName'>, myId: string): Agent | null => (row.actorId === null ? null : viewAgent(row.actorId, row.actorName, myId));
const readError = (json: string | null): MessageError | null => (json === null ? null : (messageErrorSchema.safeParse(JSON.parse(json)).data ?? null));

/** The message that another one answers; `undefined`: it is not known here. */
export const viewQuoted = (row: MessageView | undefined, myId: string): NonNullable<Message['quoted']> =>
  row ? { id: row.id, direction: row.direction, author: viewAuthor(row, myId), content: readContent(row.content) } : { id: null, direction: null, author: null, content: null };

/**
 * The reactions that stand, the customer's before ours. @param abouts of one message, in reading order. Each side has one at
 * most: its newest, unless that takes it away. One that failed is shown until it is given up; a taking away that failed took nothing.
 */
export function viewReactions(abouts: readonly MessageView[], myId: string): Reaction[] {
  return (['in', 'out'] as const).flatMap((direction) => {
    for (const row of abouts.toReversed()) {
      const content = readContent(row.content);
      if (row.direction !== direction || content.kind !== 'reaction' || row.hold !== null) continue;
      const { emoji } = content;
      if (emoji === '' && row.status === 'failed') continue;
      return emoji === '' ? [] : [{ messageId: row.id, emoji, direction, author: viewAuthor(row, myId), at: row.sentAt, delivery: viewDelivery(row), error: readError(row.error) }];
    }
    return [];
  });
}

export function viewActivity(row: ActivityView, myId: string): Activity {
  return {
    opId: row.opId,
    type: row.type,
    outcome: row.outcome,
    actor: viewAgent(row.actorId, row.actorName, myId),
    occurredAt: row.occurredAt,
    isPending: row.seq === PENDING_SEQ,
    detail: JSON.parse(row.detail) as Record<string, unknown>,
  };
}
