/**
 * Ops: the intents of a device. Each names its type and version; `contract/ops/*` hold schema and reducer of each area,
 * `contract/reduce.ts` joins them. Invariant: a released branch is never changed; a new meaning is a new `v`.
 */
import { z } from 'zod';
import { TEXT_BODY_MAX } from '../limits.ts';
import { messageErrorSchema } from '../whatsapp/message-content.ts';

const id = z.string().min(1).max(128);
/** Id of a row that an op makes: never one of those that webhook entries give their rows. */
const newId = id.regex(/^(?![mcp]_\d+$)/);
/** wamids are opaque and short; longer ones are nothing we could answer to. */
export const WAMID_MAX = 1_000;
const wamid = z.string().min(1).max(WAMID_MAX);
const seq = z.number().int().nonnegative();

export const outboundContentSchema = z.discriminatedUnion('kind', [z.object({ kind: z.literal('text'), text: z.string().min(1).max(TEXT_BODY_MAX) })]);
export type OutboundContent = z.infer<typeof outboundContentSchema>;

export const opBodySchema = z.discriminatedUnion('type', [
  /** Puts a message into the outbox. `seenThrough`: the last seq its author had when pressing send. `quotedWamid`: the message it answers. */
  z.object({ type: z.literal('message.queue'), args: z.object({ messageId: newId, conversationId: id, seenThrough: seq, content: outboundContentSchema, quotedWamid: wamid.optional() }) }),
  /** The author of a held message saw what came in between and sends it all the same. */
  z.object({ type: z.literal('message.confirm'), args: z.object({ messageId: id, seenThrough: seq }) }),
  /** The author gives up a message that was not sent: held, waiting or failed. */
  z.object({ type: z.literal('message.discard'), args: z.object({ messageId: id }) }),
  /** What the Graph API answered, by the sending device. */
  z.object({
    type: z.literal('message.result'),
    args: z.union([z.object({ messageId: id, wamid }), z.object({ messageId: id, error: messageErrorSchema })]),
  }),
  /** An agent has seen the conversation up to this message. Max-register: never goes back. */
  z.object({ type: z.literal('read.advance'), args: z.object({ conversationId: id, throughMessageId: id }) }),
  /** Archive, close, reopen. Archive and close are refused when an inbound message came after `seenThrough`. */
  z.object({
    type: z.literal('conversation.status'),
    args: z.object({ conversationId: id, from: z.enum(['active', 'archived', 'closed']), to: z.enum(['active', 'archived', 'closed']), seenThrough: seq }),
  }),
]);
export type OpBody = z.infer<typeof opBodySchema>;
export type OpType = OpBody['type'];
export type OpArgs<T extends OpType> = Extract<OpBody, { type: T }>['args'];

/** Highest version of each op type that this program understands. */
export const OP_VERSIONS: Record<OpType, number> = {
  'message.queue': 1,
  'message.confirm': 1,
  'message.discard': 1,
  'message.result': 1,
  'read.advance': 1,
  'conversation.status': 1,
};

/** An op as the reducer sees it, pending or confirmed. */
export type ReducerOp<T extends OpType = OpType> = { seq: number; receivedAt: number; opId: string; actorId: string; deviceId: string; occurredAt: number; type: T; args: OpArgs<T> };
