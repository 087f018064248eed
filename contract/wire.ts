/**
 * Frames between a desktop and the relay over one WebSocket (`GET /api/sync`, `Authorization: Bearer <device token>`),
 * and the two enrolment bodies. Invariant: whatever changes a schema here raises PROTOCOL_VERSION and adds a history
 * line; `test/unit/wire-version.test.ts` hashes the schemas and fails until that is done.
 *
 * History
 *  1  hello, welcome, entries, push, ack, refused
 */
import { z } from 'zod';
import { OP_BODY_MAX, PUSH_BATCH_MAX } from './limits.ts';

export const PROTOCOL_VERSION = 1;
/** Oldest desktop that this relay still serves. */
export const PROTOCOL_FLOOR = 1;

export const SYNC_PATH = '/api/sync';
export const ENROLL_PATH = '/api/enroll';
export const WEBHOOK_PATH = '/api/whatsapp/webhook';

export const roleSchema = z.enum(['agent', 'lead', 'admin']);
export type Role = z.infer<typeof roleSchema>;

const seq = z.number().int().nonnegative();
const id = z.string().min(1).max(128);

/** An op as a desktop pushes it. `body` is opaque to the relay (JSON of `OpBody` today, sealed later). `v` is the lowest op version a reader needs. */
export const pushedOpSchema = z.object({
  opId: id,
  deviceSeq: z.number().int().positive(),
  v: z.number().int().positive(),
  occurredAt: z.number().int(),
  body: z.string().min(1).max(OP_BODY_MAX),
});
export type PushedOp = z.infer<typeof pushedOpSchema>;

/**
 * One row of the log. `seq` is 1, 2, 3… without gaps; `receivedAt` is the relay's clock (ms) and never decreases;
 * `actorId`, `deviceId` are stamped by the relay from the authenticated device; `occurredAt` is clamped to
 * [previous op of that device, receivedAt] and is for display only.
 */
export const logEntrySchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('op'),
    seq,
    receivedAt: z.number().int(),
    opId: id,
    deviceId: id,
    actorId: id,
    deviceSeq: z.number().int().positive(),
    v: z.number().int().positive(),
    occurredAt: z.number().int(),
    body: z.string(),
  }),
  z.object({ kind: z.literal('webhook'), seq, receivedAt: z.number().int(), body: z.string() }),
  z.object({ kind: z.literal('relay'), seq, receivedAt: z.number().int(), body: z.string() }),
]);
export type LogEntry = z.infer<typeof logEntrySchema>;
export type OpEntry = Extract<LogEntry, { kind: 'op' }>;

/** What the relay itself puts into the log: it is the authority on who joined. Body of an entry of kind `relay`. */
export const relayEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('device.enrolled'), deviceId: id, agentId: id, agentName: z.string().min(1).max(80), role: roleSchema }),
  z.object({ type: z.literal('device.revoked'), deviceId: id, agentId: id }),
]);
export type RelayEvent = z.infer<typeof relayEventSchema>;

export const clientFrameSchema = z.discriminatedUnion('t', [
  /** First frame of a connection. `logId` is null on a new desktop. `after`: the last seq it holds. */
  z.object({ t: z.literal('hello'), protocol: z.number().int().positive(), logId: id.nullable(), after: seq }),
  z.object({ t: z.literal('push'), ops: z.array(pushedOpSchema).min(1).max(PUSH_BATCH_MAX) }),
]);
export type ClientFrame = z.infer<typeof clientFrameSchema>;

export const refusalSchema = z.discriminatedUnion('code', [
  /** A push began after `last + 1`: send again from there. The connection stays. */
  z.object({ code: z.literal('gap'), last: seq }),
  /** The same deviceSeq came with another opId: this database was copied or restored, enrol as a new device. */
  z.object({ code: z.literal('device_forked'), last: seq }),
  z.object({ code: z.literal('wrong_log'), logId: id }),
  /** The desktop is ahead of the log: the relay was restored from an older backup. */
  z.object({ code: z.literal('cursor_ahead'), head: seq }),
  z.object({ code: z.literal('protocol_too_old'), floor: z.number().int() }),
  z.object({ code: z.literal('revoked') }),
  z.object({ code: z.literal('bad_frame'), detail: z.string() }),
]);
export type Refusal = z.infer<typeof refusalSchema>;

export const serverFrameSchema = z.discriminatedUnion('t', [
  /** Answer to `hello`. `now`: the relay's clock (ms), from which the desktop measures its offset. `lastDeviceSeq`: last op of this device in the log. */
  z.object({
    t: z.literal('welcome'),
    protocol: z.number().int().positive(),
    logId: id,
    head: seq,
    now: z.number().int(),
    lastDeviceSeq: seq,
    device: z.object({ id, agentId: id, agentName: z.string(), role: roleSchema }),
  }),
  z.object({ t: z.literal('entries'), entries: z.array(logEntrySchema).min(1), head: seq }),
  /** Every op up to `last` of this device is committed. */
  z.object({ t: z.literal('ack'), last: seq, head: seq }),
  z.object({ t: z.literal('refused'), refusal: refusalSchema }),
]);
export type ServerFrame = z.infer<typeof serverFrameSchema>;

/** `POST /api/enroll`: an invite code becomes a device. Refusals are 4xx with `{error: EnrollError}`. */
export const enrollRequestSchema = z.object({ invite: z.string().trim().min(8).max(200), agentName: z.string().trim().min(1).max(80), deviceName: z.string().trim().min(1).max(80) });
export type EnrollRequest = z.infer<typeof enrollRequestSchema>;
export const enrollResponseSchema = z.object({ deviceId: id, token: z.string().min(20), logId: id, agentId: id, agentName: z.string(), role: roleSchema });
export type EnrollResponse = z.infer<typeof enrollResponseSchema>;
export const enrollErrorSchema = z.enum(['invite_unknown', 'invite_used', 'invite_expired', 'bad_request', 'too_many_requests']);
export type EnrollError = z.infer<typeof enrollErrorSchema>;
