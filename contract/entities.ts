/** What screens and REST clients are given. Times are milliseconds since the epoch. */
import { z } from 'zod';
import { DELIVERY_STATUSES } from './rules/delivery-status.ts';
import { messageContentSchema, messageErrorSchema } from './whatsapp/message-content.ts';
import { roleSchema } from './wire.ts';

const id = z.string();
const time = z.number().int();

export const agentSchema = z.object({ id, name: z.string(), isMe: z.boolean() });
export type Agent = z.infer<typeof agentSchema>;

export const contactSchema = z.object({
  id,
  /** Profile name, else phone, else @username, else a placeholder: never empty. */
  name: z.string(),
  /** Formatted for reading (`+502 5555 1234`); null when WhatsApp gave none. */
  phone: z.string().nullable(),
  /** Without the leading @. */
  username: z.string().nullable(),
});
export type Contact = z.infer<typeof contactSchema>;

/**
 * Where an outbound message stands. `waiting`: recorded here, the relay has not confirmed it. `queued`: confirmed, its
 * desktop will send it. `sending`: on its way to Meta. `uncertain`: Meta's answer was lost; a status will settle it.
 * `held`: a colleague answered first. `needs_confirmation`: it waited long and the customer wrote meanwhile. `discarded`: given up.
 */
export const deliverySchema = z.enum(['waiting', ...DELIVERY_STATUSES, 'sending', 'uncertain', 'held', 'needs_confirmation', 'discarded']);
export type Delivery = z.infer<typeof deliverySchema>;

export const serviceWindowSchema = z.object({ state: z.enum(['open', 'closing', 'closed', 'none']), closesAt: time.nullable() });
export const conversationStatusSchema = z.enum(['active', 'archived', 'closed']);

export const messageSchema = z.object({
  id,
  conversationId: id,
  direction: z.enum(['in', 'out']),
  content: messageContentSchema,
  /** Meta's timestamp, or when the author pressed send. */
  sentAt: time,
  receivedAt: time,
  /** Null for inbound ones and for messages that another tool sent. */
  author: agentSchema.nullable(),
  /** Null for inbound messages. */
  delivery: deliverySchema.nullable(),
  /** Why it failed, or what Meta remarked. */
  error: messageErrorSchema.nullable(),
  /** When it reached each status, in order. */
  timeline: z.array(z.object({ status: z.enum(DELIVERY_STATUSES), at: time })),
  quoted: z.object({ id: id.nullable(), direction: z.enum(['in', 'out']).nullable(), text: z.string().nullable() }).nullable(),
});
export type Message = z.infer<typeof messageSchema>;

export const conversationSummarySchema = z.object({
  id,
  contact: contactSchema,
  phoneNumberId: z.string(),
  status: conversationStatusSchema,
  /** Inbound messages that I have not read. */
  unread: z.number().int().nonnegative(),
  window: serviceWindowSchema,
  lastMessage: z.object({ id, direction: z.enum(['in', 'out']), content: messageContentSchema, delivery: deliverySchema.nullable(), author: agentSchema.nullable(), at: time }).nullable(),
});
export type ConversationSummary = z.infer<typeof conversationSummarySchema>;

export const activitySchema = z.object({
  opId: id,
  type: z.string(),
  outcome: z.enum(['applied', 'merged', 'partial', 'superseded', 'held', 'duplicate', 'target_missing', 'forbidden']),
  actor: agentSchema,
  occurredAt: time,
  isPending: z.boolean(),
  detail: z.record(z.string(), z.unknown()),
});
export type Activity = z.infer<typeof activitySchema>;

export const conversationSchema = conversationSummarySchema.extend({
  /** Everything WhatsApp gave to identify the person. */
  identifiers: z.array(z.object({ kind: z.enum(['wa_id', 'user_id', 'parent_user_id', 'anonymous']), value: z.string() })),
  /** When the customer first wrote in this conversation, and their last message. */
  startedAt: time.nullable(),
  lastInboundAt: time.nullable(),
  inboundCount: z.number().int(),
  /** The person's other conversations on this number, newest first. */
  otherConversations: z.array(z.object({ id, status: conversationStatusSchema, lastMessageAt: time })),
  /** Newest first; status changes only, message traffic is in the thread. */
  activity: z.array(activitySchema),
  /** Log position up to which I have read it; 0 if never. */
  readThrough: z.number().int(),
  /** The last log position this conversation was read at: send it back with whatever is decided from it. */
  seenThrough: z.number().int(),
});
export type Conversation = z.infer<typeof conversationSchema>;

export const syncStateSchema = z.object({
  state: z.enum(['not_enrolled', 'offline', 'connecting', 'catching_up', 'live', 'revoked', 'forked', 'wrong_log', 'update_needed', 'stopped']),
  /** Relay time of the last frame. */
  lastContactAt: time.nullable(),
  /** Ops that the relay has not confirmed. */
  pending: z.number().int(),
  cursor: z.number().int(),
  head: z.number().int(),
  logId: z.string().nullable(),
  /** When the next attempt to connect is made, while offline. */
  retryAt: time.nullable(),
  /** Meta: whether the last call could be made. `blocked`: token or account problem, the outbox waits. */
  whatsapp: z.enum(['unknown', 'ok', 'unreachable', 'blocked', 'not_configured']),
  whatsappError: messageErrorSchema.nullable(),
});
export type SyncState = z.infer<typeof syncStateSchema>;

export const sessionSchema = z.object({
  me: z.object({ id, name: z.string(), role: roleSchema }).nullable(),
  number: z.object({ phoneNumberId: z.string(), displayPhoneNumber: z.string().nullable(), verifiedName: z.string().nullable() }).nullable(),
  isDemo: z.boolean(),
  version: z.string(),
  /** Relay time minus this machine's, ms: count windows with it. */
  clockOffset: z.number().int(),
});
export type Session = z.infer<typeof sessionSchema>;

export const preferencesSchema = z.object({
  language: z.enum(['system', 'es', 'en']),
  theme: z.enum(['system', 'light', 'dark']),
  sendKey: z.enum(['enter', 'mod_enter']),
  /** When the customer sees blue ticks: when an agent answers, when one opens the conversation, or never. */
  readReceipts: z.enum(['on_reply', 'on_open', 'never']),
  isSidePanelOpen: z.boolean(),
});
export type Preferences = z.infer<typeof preferencesSchema>;

/** What may have changed since the last one; a screen refetches what it shows of it. */
export const changeSchema = z.object({
  /** Conversations with changed rows; `all` after a bulk change. */
  conversations: z.union([z.literal('all'), z.array(id)]),
  sync: z.boolean(),
  session: z.boolean(),
});
export type Change = z.infer<typeof changeSchema>;
