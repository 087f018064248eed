/**
 * The phone side of the stand-in: who has written, until when their service window is open, and what becomes of each
 * accepted message. Invariant, as with Meta: accepting a message promises nothing; delivery, failure and a closed window
 * are only told by status webhooks.
 */
import { SERVICE_WINDOW_MS } from '../../../contract/limits.ts';
import type { SendCheck } from '../../../contract/whatsapp/send-message.ts';
import type { FaultBox } from './faults.ts';
import { toStatusError, type GraphError } from './graph-errors.ts';
import type { Customer, Memory } from './memory-file.ts';
import { createWamid, type Random } from './random.ts';
import type { Timers } from './timers.ts';
import type { WebhookSender } from './webhook-sender.ts';

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
  /** wamid of a message of ours that this one quotes. */
  quotes?: string | undefined;
  /** Given by scripts whose messages must be the same ones in every run. */
  id?: string | undefined;
};

export type Traffic = {
  customerWrites(input: CustomerWrites): { id: string };
  /** Whether Meta would refuse this message at once for what it knows of ids and numbers. */
  judge(message: SentMessage, hasMedia: (id: string) => boolean): GraphError | null;
  /** Takes the message and lets its statuses follow. `postEarly`: its first status, to be posted before the answer. */
  accept(message: SentMessage): { messageId: string; contact: Record<string, string>; postEarly: (() => Promise<void>) | null };
  /** Whether a customer wrote this message in the last 30 days, so that it can be marked as read. */
  isReadable(wamid: string): boolean;
  /** When this person (digits or user id) last wrote, ms; null if never. */
  lastInboundAt(person: string): number | null;
  countCustomers(): number;
  remember(): Omit<Memory, 'script'>;
};

const MEDIA_TYPES = new Set(['image', 'video', 'document', 'audio', 'sticker']);
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
  /** Where the bytes of this media can be fetched for a while; null if there is no such media. */
  mediaUrl: (id: string) => string | null;
  /** A message reached this person (digits or user id). */
  onDelivered: (person: string) => void;
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
    const customer: Customer = findCustomer(waId, userId) ?? { waId, userId, name: null, username: null, lastInboundAt: 0 };
    if (!customers.includes(customer)) customers.push(customer);
    return Object.assign(customer, { waId: customer.waId ?? waId, userId: customer.userId ?? userId, name: name ?? customer.name, username: username ?? customer.username });
  };

  const listStatuses = (message: SentMessage, customer: Customer | undefined): Status[] => {
    const failCode = faults.takeFailStatus();
    const { delays } = deps;
    if (failCode !== null) return [{ status: 'failed', afterMs: delays.sent, errorCode: failCode }];
    const isOpen = customer !== undefined && now() < customer.lastInboundAt + SERVICE_WINDOW_MS;
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
      pricing: { billable: true, pricing_model: 'PMP', type: 'regular', category: message.type === 'template' ? 'utility' : 'service' },
    }),
    ...(status.errorCode !== undefined && { errors: [toStatusError(status.errorCode)] }),
  });

  return {
    customerWrites: (input) => {
      const customer = noteCustomer(input);
      const { waId, userId, name, username } = customer;
      const timestamp = input.timestamp ?? Math.floor(now() / 1000);
      customer.lastInboundAt = Math.max(customer.lastInboundAt, timestamp * 1000);
      const id = input.id ?? createWamid(waId ?? userId ?? '', 'in', random);
      inbound.set(id, timestamp * 1000);
      deps.onChange();
      const message = {
        ...(input.quotes !== undefined && { context: { from: metadata.display_phone_number, id: input.quotes } }),
        ...(waId !== null && { from: waId }),
        ...(userId !== null && { from_user_id: userId }),
        id,
        timestamp: String(timestamp),
        ...withMediaUrl(toContent(input), deps.mediaUrl),
      };
      const profile = { ...(name !== null && { name }), ...(username !== null && { username }) };
      const contact = { profile, ...(waId !== null && { wa_id: waId }), ...(userId !== null && { user_id: userId }) };
      void webhooks.post({ field: 'messages', value: valueOf({ contacts: [contact], messages: [message] }) });
      return { id };
    },

    judge: (message, hasMedia) => {
      if (message.recipient_type === 'group') return { code: 131041 };
      if (message.to !== undefined && digitsOf(message.to) === metadata.display_phone_number) return { code: 131021 };
      const mediaId = readMediaId(message);
      if (mediaId !== undefined && !hasMedia(mediaId)) return { code: 131009, details: `${message.type}.id: there is no media with this id` };
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
      if (delivered) timers.after(delivered.afterMs, () => deps.onDelivered(person));
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
function toContent({ type = 'text', text, message = {} }: CustomerWrites): Record<string, unknown> {
  if (type === 'text' && text !== undefined) return { text: { body: text }, type };
  if (type in message || Object.keys(message).length === 0) return { ...message, type };
  return { [type]: message, type };
}

/** Media objects carry a first download address beside their id. */
function withMediaUrl(content: Record<string, unknown>, mediaUrl: Deps['mediaUrl']): Record<string, unknown> {
  const type = String(content['type']);
  const object = content[type];
  if (!MEDIA_TYPES.has(type) || typeof object !== 'object' || object === null || 'url' in object) return content;
  const url = 'id' in object && typeof object.id === 'string' ? mediaUrl(object.id) : null;
  return url === null ? content : { ...content, [type]: { ...object, url } };
}

function readMediaId(message: SentMessage): string | undefined {
  switch (message.type) {
    case 'image':
      return message.image.id;
    case 'video':
      return message.video.id;
    case 'document':
      return message.document.id;
    case 'audio':
      return message.audio.id;
    case 'sticker':
      return message.sticker.id;
    default:
      return undefined;
  }
}

const digitsOf = (phone: string): string => phone.replace(/\D/g, '');

/** Never the order it was given, where there is another one. */
function rotate<T>(list: T[], random: Random): T[] {
  if (list.length < 2) return list;
  const by = random.int(1, list.length - 1);
  return [...list.slice(by), ...list.slice(0, by)];
}
