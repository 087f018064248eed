/**
 * The log of a support team over some weeks, as the relay would have written it: customers write, agents answer from
 * several desktops, Meta reports statuses, conversations are read, archived, closed. Webhook entries go through the
 * relay's own splitting. The same options give the same log.
 */
import type { OpBody } from '../../../contract/ops/op.ts';
import type { LogEntry } from '../../../contract/wire.ts';
import { inboundMessageId } from '../../../contract/whatsapp/webhook-result.ts';
import { createRandom, createWamid, type Random } from '../../../main/demo/meta/random.ts';
import { splitWebhook } from '../../../webhook-relay/split-webhook.ts';
import { createTalk, type Language } from './support-talk.ts';

/** `biggest`: messages in the one conversation that is far larger than the others. */
export type LogSize = { messages: number; conversations: number; biggest: number };
export type Agent = { agentId: string; deviceId: string; name: string };

export const AGENTS: readonly [Agent, ...Agent[]] = [
  { agentId: 'agent-ana', deviceId: 'device-ana', name: 'Ana' },
  { agentId: 'agent-bo', deviceId: 'device-bo', name: 'Bo' },
  { agentId: 'agent-carla', deviceId: 'device-carla', name: 'Carla' },
];
/** Whose desktop the benchmarks are. */
export const ME = AGENTS[0];
/** The moment after the last entry. */
export const LOG_END = Date.UTC(2026, 10, 20, 18);

const SEED = 20_261_120;
const SPAN_MS = 60 * 24 * 60 * 60 * 1000;
const SESSION_MS = 3 * 60 * 60 * 1000;
const WABA_ID = '102290129340398';
const METADATA = { display_phone_number: '50222334455', phone_number_id: '106540352242922' };

type Customer = { waId: string; name: string; language: Language; conversationId: string | null; lastInboundSeq: number };
/** `endsSession`: nothing more is said for a while. */
type Turn = { at: number; customer: number; endsSession: boolean };

export function* generateSupportLog(size: LogSize): Generator<LogEntry> {
  const random = createRandom(SEED, 'log');
  const talk = createTalk(createRandom(SEED, 'talk'));
  const customers = Array.from({ length: size.conversations }, (_, n): Customer => ({
    waId: waIdOf(n),
    name: talk.personName(),
    language: random.next() < 0.8 ? 'es' : 'en',
    conversationId: null,
    lastInboundSeq: 0,
  }));
  const write = createEntryWriter(random);
  for (const agent of AGENTS) yield write.relay(agent, LOG_END - SPAN_MS);

  for (const { at, customer: index, endsSession } of planTurns(size, random)) {
    const customer = customers[index] as Customer;
    const isInbound = customer.conversationId === null || random.next() < 0.55;
    if (isInbound) {
      const entry = write.inbound(customer, talk.customerSays(customer.language), at);
      customer.conversationId ??= `c_${entry.seq}`;
      customer.lastInboundSeq = entry.seq;
      yield entry;
    } else {
      yield* answer(write, customer, talk.agentSays(customer.language), at, random);
    }
    if (endsSession) yield* finish(write, customer, at, random);
  }
}

/** What goes on after a log of this size, without end: a customer after the other writes once more. @param after the log's last seq. */
export function* generateNextMessages(size: LogSize, after: number): Generator<LogEntry> {
  const random = createRandom(SEED, 'next');
  const talk = createTalk(createRandom(SEED, 'next talk'));
  const write = createEntryWriter(random, after);
  for (let at = LOG_END; ; at += 1_000) yield write.inbound({ waId: waIdOf(random.int(0, size.conversations - 1)), name: talk.personName() }, talk.customerSays('es'), at);
}

/** The first so many entries of a log that is about as long. */
export function* takeSupportLog(entries: number): Generator<LogEntry> {
  for (const entry of generateSupportLog({ messages: Math.ceil(entries / 2), conversations: Math.max(200, Math.ceil(entries / 500)), biggest: 1_000 })) {
    if (entry.seq > entries) return;
    yield entry;
  }
}

/** An answer from queueing to the last tick. Sometimes Meta is quicker than the answer to our own call. */
function* answer(write: EntryWriter, customer: Customer, text: string, at: number, random: Random): Generator<LogEntry> {
  const agent = AGENTS[random.int(0, AGENTS.length - 1)] ?? ME;
  const messageId = `out-${write.nextId()}`;
  const wamid = createWamid(customer.waId, 'out', random);
  const conversationId = customer.conversationId ?? '';
  yield write.op(agent, { type: 'message.queue', args: { messageId, conversationId, seenThrough: write.head(), content: { kind: 'text', text } } }, at);
  const result = (): LogEntry => write.op(agent, { type: 'message.result', args: { messageId, wamid } }, at);
  const status = (name: string, seconds: number): LogEntry => write.status(customer, wamid, name, at + seconds * 1000);
  const isEarly = random.next() < 0.1;
  if (isEarly) yield status('sent', 0);
  yield result();
  if (!isEarly) yield status('sent', 0);
  yield status('delivered', 2);
  if (random.next() < 0.8) yield status('read', random.int(5, 900));
}

/** Most of what was said is read by us in the end, and about half of it is filed away. */
function* finish(write: EntryWriter, customer: Customer, at: number, random: Random): Generator<LogEntry> {
  const conversationId = customer.conversationId ?? '';
  if (random.next() < 0.92) yield write.op(ME, { type: 'read.advance', args: { conversationId, throughMessageId: inboundMessageId(customer.lastInboundSeq) } }, at);
  if (random.next() < 0.5)
    yield write.op(AGENTS[random.int(0, AGENTS.length - 1)] ?? ME, { type: 'conversation.status', args: { conversationId, from: 'active', to: 'archived', seenThrough: write.head() } }, at);
}

/** When which customer has a message, in order of time. Everybody writes in bursts; a few write much more than the rest. */
function planTurns(size: LogSize, random: Random): Turn[] {
  const start = LOG_END - SPAN_MS;
  const turns: Turn[] = [];
  for (const [customer, count] of planCounts(size, random).entries()) {
    for (let left = count; left > 0;) {
      const said = Math.min(left, random.int(1, 12));
      const from = start + random.next() * (SPAN_MS - SESSION_MS);
      const times = Array.from({ length: said }, () => Math.floor(from + random.next() * SESSION_MS)).toSorted((a, b) => a - b);
      turns.push(...times.map((at, n) => ({ at, customer, endsSession: n === said - 1 })));
      left -= said;
    }
  }
  return turns.toSorted((a, b) => a.at - b.at);
}

/** Messages of each customer, as many together as wanted; the first one has by far the most. */
function planCounts({ messages, conversations, biggest }: LogSize, random: Random): number[] {
  const weights = Array.from({ length: conversations - 1 }, () => 0.1 - Math.log(1 - random.next()));
  const scale = (messages - biggest - weights.length) / weights.reduce((sum, weight) => sum + weight, 0);
  let carried = 0;
  const counts = weights.map((weight) => {
    carried += weight * scale;
    const whole = Math.floor(carried);
    carried -= whole;
    return 1 + whole;
  });
  const missing = messages - biggest - counts.reduce((sum, count) => sum + count, 0);
  return [biggest + missing, ...counts];
}

type EntryWriter = ReturnType<typeof createEntryWriter>;

const waIdOf = (customer: number): string => `502${String(30_000_000 + customer * 37)}`;

/** @param after the seq before the first entry's. */
function createEntryWriter(random: Random, after = 0) {
  let seq = after;
  let ids = 0;
  const deviceSeqs = new Map<string, number>();
  let receivedAt = 0;
  const header = (at: number): { seq: number; receivedAt: number } => {
    receivedAt = Math.max(receivedAt, at);
    return { seq: ++seq, receivedAt };
  };
  const webhook = (value: Record<string, unknown>, at: number): LogEntry => {
    const raw = Buffer.from(
      JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: WABA_ID, changes: [{ value: { messaging_product: 'whatsapp', metadata: METADATA, ...value }, field: 'messages' }] }] }),
    );
    return { kind: 'webhook', ...header(at), body: splitWebhook(raw)[0]?.body ?? '' };
  };
  const seconds = (at: number): string => String(Math.floor(at / 1000));
  return {
    head: () => seq,
    nextId: () => String((ids += 1)).padStart(8, '0'),
    relay: ({ agentId, deviceId, name }: Agent, at: number): LogEntry => ({
      kind: 'relay',
      ...header(at),
      body: JSON.stringify({ type: 'device.enrolled', deviceId, agentId, agentName: name, role: 'agent' }),
    }),
    inbound: ({ waId, name }: Pick<Customer, 'waId' | 'name'>, text: string, at: number): LogEntry =>
      webhook({ contacts: [{ profile: { name }, wa_id: waId }], messages: [{ from: waId, id: createWamid(waId, 'in', random), timestamp: seconds(at), text: { body: text }, type: 'text' }] }, at),
    status: ({ waId }: Customer, wamid: string, status: string, at: number): LogEntry =>
      webhook(
        { statuses: [{ id: wamid, status, timestamp: seconds(at), recipient_id: waId, pricing: { billable: false, pricing_model: 'PMP', category: 'service', type: 'free_customer_service' } }] },
        at,
      ),
    op: ({ agentId, deviceId }: Agent, op: OpBody, at: number): LogEntry => {
      const deviceSeq = (deviceSeqs.get(deviceId) ?? 0) + 1;
      deviceSeqs.set(deviceId, deviceSeq);
      return { kind: 'op', ...header(at), opId: `op-${deviceId}-${deviceSeq}`, deviceId, actorId: agentId, deviceSeq, v: 1, occurredAt: at, body: JSON.stringify(op) };
    },
  };
}
