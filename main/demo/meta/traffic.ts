/**
 * The phone side of the stand-in: who has written, until when their service window is open, and what becomes of each
 * accepted message. Invariant, as with Meta: accepting a message promises nothing; delivery, failure and a closed window
 * are only told by status webhooks.
 */
import { SERVICE_WINDOW_MS } from '../../../contract/limits.ts';
import type { MediaKind } from '../../../contract/whatsapp/message-content.ts';
import type { SendCheck } from '../../../contract/whatsapp/send-message.ts';
import type { FaultBox } from './faults.ts';
import { toStatusError, type GraphError } from './graph-errors.ts';
import type { Customer, Memory } from './memory-file.ts';
import { createWamid, type Random } from './random.ts';
import { readHeaderMedia } from './templates/judge-send.ts';
import type { Timers } from './timers.ts';
import type { WebhookSender, WebhookUpdate } from './webhook-sender.ts';

/** Milliseconds from acceptance to each status. */
export type StatusDelays = { sent: number; delivered: number; read: number };
export type SentMessage = Extract<SendCheck, { status: 'message' }>['message'];

/** What a customer writes. One of `from` (digits) and `userId` is needed. */
export type CustomerWrites = {
  from?: string | undefined;
  userId?: string | undefined;
  name?: string | undefined;
  username?: string | undefined;
  text?: string | undefined;
  /** Another type than text, with its part of the message, for example `{image: {…}}`. */
  type?: string | undefined;
  message?: Record<string, unknown> | undefined;
  /** Seconds since the epoch, as Meta writes them. */
  timestamp?: number | undefined;
  /** wamid of the message that this one quotes. */
  quotes?: string | undefined;
  /** wamid of the message that this one is about, instead of a message of its own: an empty `emoji` takes the reaction away, `edits` needs `text`. */
  reactsTo?: string | undefined;
  emoji?: string | undefined;
  edits?: string | undefined;
  revokes?: string | undefined;
  /** They want no more advertising, or want it again: told by `user_preferences`. */
  marketing?: 'stop' | 'resume' | undefined;
  /** The customer moves to another number (digits), or gets another user id: told by a system message. */
  changesNumberTo?: string | undefined;
  changesUserIdTo?: string | undefined;
  /** Meta's own agent holds the thread. */
  isStandby?: boolean | undefined;
  /** Given by scripts whose messages must be the same ones in every run. */
  id?: string | undefined;
};

/** What a colleague writes on the phone that has the same number; `to`: digits. */
export type PhoneWrites = Pick<CustomerWrites, 'text' | 'type' | 'message' | 'timestamp' | 'quotes' | 'reactsTo' | 'emoji' | 'edits' | 'revokes' | 'id'> & { to: string };

export type Traffic = {
  customerWrites(input: CustomerWrites): { id: string };
  phoneWrites(input: PhoneWrites): { id: string };
  /** Any change of any field, as it is given; fields of the number get its `metadata`. */
  postChange(update: WebhookUpdate): void;
  /** Whether Meta would refuse this message at once for what it knows of ids and numbers. */
  judge(message: SentMessage, hasMedia: (id: string) => boolean): GraphError | null;
  /** Takes the message and lets its statuses follow. `postEarly`: its first status, to be posted before the answer. */
  accept(message: SentMessage): { messageId: string; contact: Record<string, string>; postEarly: (() => Promise<void>) | null };
  /** Whether a customer wrote this message in the last 30 days, so that it can be marked as read. */
  isReadable(wamid: string): boolean;
  /** When this person (digits or user id) last wrote, ms; null if never. */
  lastInboundAt(person: string): number | null;
  countCustomers(): number;
  remember(): Omit<Memory, 'script' | 'templates'>;
};

const MEDIA_TYPES = new Set(['image', 'video', 'document', 'audio', 'sticker']);
/** About another message or about the customer: they do not open the service window. */
const OPENS_NO_WINDOW = new Set(['edit', 'revoke', 'system']);
/** Fields that name the number they belong to in `metadata`; the others name the account alone. */
const NUMBER_FIELDS = new Set(['messages', 'smb_message_echoes', 'smb_app_state_sync', 'history', 'standby', 'user_preferences', 'calls', 'messaging_handovers']);
const READABLE_MS = 30 * 24 * 60 * 60 * 1000;

type Status = { status: 'sent' | 'delivered' | 'read' | 'failed'; afterMs: number; errorCode?: number };
type BusinessNumber = { phoneNumberId: string; displayPhoneNumber: string };

type Deps = {
  number: BusinessNumber;
  delays: StatusDelays;
  hasReadReceipts: boolean;
  memory: Memory;
  now: () => number;
  random: Random;
  timers: Timers;
  faults: FaultBox;
  webhooks: Pick<WebhookSender, 'post'>;
  /** What a webhook tells of this media, with an address that serves it for a while; null if there is no such media. */
  describeMedia: (id: string) => { url: string; mime_type: string; sha256: string } | null;
  /** As what this media can be sent; null: as nothing. */
  kindOfMedia: (id: string) => MediaKind | null;
  /** Category of a template of the account; null: there is no such template. */
  categoryOfTemplate: (name: string, language: string) => string | null;
  /** A message reached this person (digits or user id). `text`: what it says, empty for a picture and the like. */
  onDelivered: (person: string, text: string) => void;
  /** There is more to remember. */
  onChange: () => void;
};

export function createTraffic(deps: Deps): Traffic {
  const { number, now, random, timers, faults, webhooks } = deps;
  const customers: Customer[] = deps.memory.customers.map((customer) => ({ ...customer }));
  const inbound = new Map<string, number>(deps.memory.inbound);
  const outbound = new Set<string>(deps.memory.outbound);
  const metadata = { display_phone_number: digitsOf(number.displayPhoneNumber), phone_number_id: number.phoneNumberId };
  const valueOf = (rest: Record<string, unknown>): Record<string, unknown> => ({ messaging_product: 'whatsapp', metadata, ...rest });
  const findCustomer = (waId: string | null, userId: string | null): Customer | undefined =>
    customers.find((customer) => (waId !== null && customer.waId === waId) || (userId !== null && customer.userId === userId));

  /** The customer who writes, with what is newly known of them. */
  const noteCustomer = ({ from, userId: givenId, name, username }: CustomerWrites): Customer => {
    const waId = from === undefined ? null : digitsOf(from);
    const userId = givenId ?? null;
    const customer: Customer = findCustomer(waId, userId) ?? { waId, userId, name: null, username: null, lastInboundAt: 0, optedOut: false };
    if (!customers.includes(customer)) customers.push(customer);
    return Object.assign(customer, { waId: customer.waId ?? waId, userId: customer.userId ?? userId, name: name ?? customer.name, username: username ?? customer.username });
  };

  const categoryOf = (message: SentMessage): string =>
    message.type === 'template' ? (deps.categoryOfTemplate(message.template.name, message.template.language.code) ?? 'UTILITY').toLowerCase() : 'service';

  const listStatuses = (message: SentMessage, customer: Customer | undefined): Status[] => {
    const failCode = faults.takeFailStatus();
    const { delays } = deps;
    if (failCode !== null) return [{ status: 'failed', afterMs: delays.sent, errorCode: failCode }];
    const isOpen = customer !== undefined && now() < customer.lastInboundAt + SERVICE_WINDOW_MS;
    const media = readMedia(message);
    if (media && deps.kindOfMedia(media.id) !== media.kind) return [{ status: 'failed', afterMs: delays.sent, errorCode: 131053 }];
    if (categoryOf(message) === 'marketing') {
      if (customer?.optedOut) return [{ status: 'failed', afterMs: delays.sent, errorCode: 131050 }];
      // Meta delivers no advertising to numbers of the United States.
      if (digitsOf(message.to ?? '').startsWith('1')) return [{ status: 'failed', afterMs: delays.sent, errorCode: 131049 }];
    }
    if (message.type !== 'template' && !isOpen) return [{ status: 'failed', afterMs: delays.sent, errorCode: 131047 }];
    const sent: Status = { status: 'sent', afterMs: delays.sent };
    // Of a reaction only `sent` is ever told.
    if (message.type === 'reaction') return [sent];
    const delivered: Status = { status: 'delivered', afterMs: delays.delivered };
    return deps.hasReadReceipts && !faults.current().noReadReceipts ? [sent, delivered, { status: 'read', afterMs: delays.read }] : [sent, delivered];
  };

  const toStatusUpdate = (message: SentMessage, messageId: string, recipient: Record<string, string>, status: Status, acceptedAt: number): Record<string, unknown> => ({
    id: messageId,
    status: status.status,
    timestamp: String(Math.floor((acceptedAt + status.afterMs) / 1000)),
    ...recipient,
    ...(message.biz_opaque_callback_data !== undefined && { biz_opaque_callback_data: message.biz_opaque_callback_data }),
    ...((status.status === 'sent' || status.status === 'delivered') && {
      pricing: { billable: true, pricing_model: 'PMP', type: 'regular', category: categoryOf(message) },
    }),
    ...(status.errorCode !== undefined && { errors: [toStatusError(status.errorCode)] }),
  });

  const tellMarketing = (customer: Customer, value: 'stop' | 'resume'): { id: string } => {
    customer.optedOut = value === 'stop';
    deps.onChange();
    const { waId, userId, name } = customer;
    const ids = { ...(waId !== null && { wa_id: waId }), ...(userId !== null && { user_id: userId }) };
    const preference = {
      ...ids,
      detail: value === 'stop' ? 'User requested to stop marketing messages' : 'User requested to resume marketing messages',
      category: 'marketing_messages',
      value,
      timestamp: Math.floor(now() / 1000),
    };
    void webhooks.post({ field: 'user_preferences', value: valueOf({ contacts: [{ ...(name !== null && { profile: { name } }), ...ids }], user_preferences: [preference] }) });
    return { id: '' };
  };

  return {
    customerWrites: (input) => {
      const customer = noteCustomer(input);
      const { waId, userId, name, username } = customer;
      if (input.marketing !== undefined) return tellMarketing(customer, input.marketing);
      const timestamp = input.timestamp ?? Math.floor(now() / 1000);
      const content = toContent(input);
      if (!OPENS_NO_WINDOW.has(String(content['type']))) customer.lastInboundAt = Math.max(customer.lastInboundAt, timestamp * 1000);
      const id = input.id ?? createWamid(waId ?? userId ?? '', 'in', random);
      inbound.set(id, timestamp * 1000);
      deps.onChange();
      const message = {
        ...(waId !== null && { from: waId }),
        ...(userId !== null && { from_user_id: userId }),
        id,
        timestamp: String(timestamp),
        ...withContext(withMedia(content, deps.describeMedia), metadata.display_phone_number, input.quotes),
      };
      if (input.changesNumberTo !== undefined) customer.waId = digitsOf(input.changesNumberTo);
      if (input.changesUserIdTo !== undefined) customer.userId = input.changesUserIdTo;
      const profile = { ...(name !== null && { name }), ...(username !== null && { username }) };
      const contact = { profile, ...(waId !== null && { wa_id: waId }), ...(userId !== null && { user_id: userId }) };
      const items = content['type'] === 'system' ? { messages: [message] } : { contacts: [contact], messages: [message] };
      void webhooks.post(input.isStandby ? { field: 'standby', value: valueOf({ standby: items }) } : { field: 'messages', value: valueOf(items) });
      return { id };
    },

    phoneWrites: (input) => {
      const to = digitsOf(input.to);
      const id = input.id ?? createWamid(to, 'out', random);
      outbound.add(id);
      deps.onChange();
      const echo = {
        from: metadata.display_phone_number,
        to,
        id,
        timestamp: String(input.timestamp ?? Math.floor(now() / 1000)),
        ...withContext(withMedia(toContent(input), deps.describeMedia), to, input.quotes),
      };
      void webhooks.post({ field: 'smb_message_echoes', value: valueOf({ message_echoes: [echo] }) });
      return { id };
    },

    postChange: ({ field, value }) => void webhooks.post({ field, value: NUMBER_FIELDS.has(field) ? valueOf(value) : value }),

    judge: (message, hasMedia) => {
      if (message.recipient_type === 'group') return { code: 131041 };
      if (message.to !== undefined && digitsOf(message.to) === metadata.display_phone_number) return { code: 131021 };
      const media = readMedia(message);
      if (media && !hasMedia(media.id)) return { code: 131009, details: `${message.type === 'template' ? `header.${media.kind}` : message.type}.id: there is no media with this id` };
      if (message.type === 'reaction' && !inbound.has(message.reaction.message_id) && !outbound.has(message.reaction.message_id))
        return { code: 131009, details: 'reaction.message_id: there is no message with this id' };
      return null;
    },

    accept: (message) => {
      const acceptedAt = now();
      const waId = message.to === undefined ? null : digitsOf(message.to);
      const userId = waId === null ? (message.recipient ?? null) : null;
      const person = waId ?? userId ?? '';
      const customer = findCustomer(waId, userId);
      const messageId = createWamid(person, 'out', random);
      outbound.add(messageId);
      deps.onChange();
      const recipient: Record<string, string> = { ...(waId !== null && { recipient_id: waId }), ...(customer?.userId && { recipient_user_id: customer.userId }) };
      const contact: Record<string, string> = waId === null ? { input: person, user_id: person } : { input: message.to ?? '', wa_id: waId };
      const statuses = listStatuses(message, customer);
      const delivered = statuses.find(({ status }) => status === 'delivered');
      if (delivered) timers.after(delivered.afterMs, () => deps.onDelivered(person, message.type === 'text' ? message.text.body : ''));
      const [first, ...rest] = statuses.map((status) => ({ afterMs: status.afterMs, update: toStatusUpdate(message, messageId, recipient, status, acceptedAt) }));
      const post = (update: Record<string, unknown>): Promise<void> => webhooks.post({ field: 'messages', value: valueOf({ statuses: [update] }) });
      const { noStatuses, earlyStatuses, disorder } = faults.current();
      if (!first || noStatuses) return { messageId, contact, postEarly: null };
      const later = earlyStatuses ? rest : [first, ...rest];
      const order = disorder ? rotate(later, random) : later;
      order.forEach(({ update }, place) => timers.after(later[place]?.afterMs ?? 0, () => void post(update)));
      return { messageId, contact, postEarly: earlyStatuses ? () => post(first.update) : null };
    },

    isReadable: (wamid) => {
      const writtenAt = inbound.get(wamid);
      return writtenAt !== undefined && now() - writtenAt < READABLE_MS;
    },
    lastInboundAt: (person) => findCustomer(person, person)?.lastInboundAt ?? null,
    countCustomers: () => customers.length,
    remember: () => ({ customers, inbound: [...inbound], outbound: [...outbound] }),
  };
}

/** `type` and its object, in whichever of the allowed ways they were given. */
function toContent(input: CustomerWrites): Record<string, unknown> {
  const { type = 'text', text, message = {} } = input;
  if (input.reactsTo !== undefined) return { type: 'reaction', reaction: { message_id: input.reactsTo, ...(input.emoji !== '' && { emoji: input.emoji ?? '👍' }) } };
  if (input.edits !== undefined) return { type: 'edit', edit: { original_message_id: input.edits, message: { type: 'text', text: { body: text ?? '' } } } };
  if (input.revokes !== undefined) return { type: 'revoke', revoke: { original_message_id: input.revokes } };
  if (input.changesNumberTo !== undefined) {
    const newId = digitsOf(input.changesNumberTo);
    return { type: 'system', system: { body: `${input.name ?? 'User'} changed from ${input.from ?? ''} to ${newId}`, type: 'user_changed_number', wa_id: newId, new_wa_id: newId } };
  }
  if (input.changesUserIdTo !== undefined)
    return { type: 'system', system: { body: 'User ID changed', type: 'user_changed_user_id', user_id: input.changesUserIdTo, ...(input.userId !== undefined && { previous_user_id: input.userId }) } };
  if (type === 'text' && text !== undefined) return { ...message, text: { body: text }, type };
  if (type in message || Object.keys(message).length === 0) return { ...message, type };
  return { [type]: message, type };
}

/** @param author of the quoted message, digits. */
function withContext(content: Record<string, unknown>, author: string, quotes: string | undefined): Record<string, unknown> {
  if (quotes === undefined) return content;
  return { ...content, context: { ...(typeof content['context'] === 'object' ? content['context'] : {}), from: author, id: quotes } };
}

/** Media objects carry a first download address beside their id; what was not given of the file is filled in. */
function withMedia(content: Record<string, unknown>, describeMedia: Deps['describeMedia']): Record<string, unknown> {
  const type = String(content['type']);
  const object = content[type];
  if (!MEDIA_TYPES.has(type) || typeof object !== 'object' || object === null || !('id' in object) || typeof object.id !== 'string') return content;
  const known = describeMedia(object.id);
  return known === null ? content : { ...content, [type]: { ...known, ...object } };
}

/** The uploaded file that a message shows, and as what. */
function readMedia(message: SentMessage): { id: string; kind: MediaKind } | null {
  switch (message.type) {
    case 'image':
      return toMedia(message.image.id, message.type);
    case 'video':
      return toMedia(message.video.id, message.type);
    case 'document':
      return toMedia(message.document.id, message.type);
    case 'audio':
      return toMedia(message.audio.id, message.type);
    case 'sticker':
      return toMedia(message.sticker.id, message.type);
    case 'template':
      return readHeaderMedia(message.template);
    default:
      return null;
  }
}
const toMedia = (id: string | undefined, kind: MediaKind): { id: string; kind: MediaKind } | null => (id === undefined ? null : { id, kind });

const digitsOf = (phone: string): string => phone.replace(/\D/g, '');

/** Never the order it was given, where there is another one. */
function rotate<T>(list: T[], random: Random): T[] {
  if (list.length < 2) return list;
  const by = random.int(1, list.length - 1);
  return [...list.slice(by), ...list.slice(0, by)];
}
