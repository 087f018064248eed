/**
 * Frames between a desktop and the relay over one WebSocket (`GET /api/sync`, `Authorization: Bearer <device token>`),
 * and the two enrolment bodies. Invariant: whatever changes a schema here raises PROTOCOL_VERSION and adds a history
 * line; `test/unit/wire-version.test.ts` hashes the schemas and fails until that is done.
 *
 * History
 *  1  hello, welcome, entries, push, ack, refused
 *  2  presence; op levels in hello and welcome; members and wiping in relay events; digests, snapshots, log lineage;
 *     the HTTP bodies of `wire-http.ts`
 *  3  files of messages, and what the relay knows of its webhook, over HTTP
 *  4  erasures, and what an admin types at Meta, over HTTP
 *  5  sealed bodies: the newest key in welcome, `keys`, `seal_again`; the workspace’s keys, invites that bring them and sealed files over HTTP
 */
import { z } from 'zod';
import { FILES_WANTED_MAX, NAME_MAX, PUSH_BATCH_MAX, SEALED_BODY_MAX } from './limits.ts';

export const PROTOCOL_VERSION = 5;
/** Oldest desktop that this relay still serves. */
export const PROTOCOL_FLOOR = 2;
/** And of a log that has a key: older ones could not read it. */
export const SEALED_PROTOCOL_FLOOR = 5;

/** Desktops of this op level read sealed bodies; while one of a lower level is about there is no first key. */
export const SEALING_LEVEL = 7;

export const SYNC_PATH = '/api/sync';
export const WEBHOOK_PATH = '/api/whatsapp/webhook';

export const roleSchema = z.enum(['agent', 'lead', 'admin']);
export type Role = z.infer<typeof roleSchema>;

const seq = z.number().int().nonnegative();
const id = z.string().min(1).max(128);
const name = z.string().trim().min(1).max(NAME_MAX);
export const publicKeySchema = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
/** Sum over the hashes of all synced rows, 64 bits in hex (`contract/sqlite/state-digest.ts`). */
export const digestSchema = z.string().regex(/^[0-9a-f]{16}$/);
/** Where a log came from, when the relay was restored from a backup: entries up to `seq` are those of `logId`. */
export const lineageSchema = z.object({ logId: id, seq });
export type Lineage = z.infer<typeof lineageSchema>;

/** What an agent does at the moment; nothing of it is stored. */
export const presenceActivitySchema = z.enum(['viewing', 'writing', 'away']);
export const presenceSchema = z.object({ agentId: id, deviceId: id, conversationId: id.nullable(), activity: presenceActivitySchema });
export type Presence = z.infer<typeof presenceSchema>;

/** An op as a desktop pushes it. `body` is opaque to the relay: sealed where the workspace has a key (`contract/sealing/sealed-body.ts`), else JSON of an `OpBody`. `v` is the lowest op version a reader needs. */
export const pushedOpSchema = z.object({
  opId: id,
  deviceSeq: z.number().int().positive(),
  v: z.number().int().positive(),
  occurredAt: z.number().int(),
  body: z.string().min(1).max(SEALED_BODY_MAX),
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

/**
 * What the relay itself puts into the log: it is the authority on who joined and with which role, because it has to know
 * before it obeys. Body of an entry of kind `relay`. `by`: the agent who asked for it, null for the command line.
 */
export const relayEventSchema = z.discriminatedUnion('type', [
  /** `publicKey`: X25519, base64url. `role`, `agentName` count only for an agent who is new. */
  z.object({ type: z.literal('device.enrolled'), deviceId: id, agentId: id, agentName: name, role: roleSchema, deviceName: name.optional(), publicKey: publicKeySchema.optional() }),
  z.object({ type: z.literal('device.revoked'), deviceId: id, agentId: id, by: id.nullable().optional() }),
  /** Fields that are left out stay as they were. `isRemoved`: left the workspace; all their devices are revoked with it. */
  z.object({ type: z.literal('member.changed'), agentId: id, by: id.nullable(), name: name.optional(), role: roleSchema.optional(), isRemoved: z.boolean() }),
]);
export type RelayEvent = z.infer<typeof relayEventSchema>;

export const clientFrameSchema = z.discriminatedUnion('t', [
  /** First frame of a connection. `logId` is null on a new desktop. `after`: the last seq it holds. */
  z.object({ t: z.literal('hello'), protocol: z.number().int().positive(), logId: id.nullable(), after: seq, opLevel: z.number().int().positive() }),
  z.object({ t: z.literal('push'), ops: z.array(pushedOpSchema).min(1).max(PUSH_BATCH_MAX) }),
  /** What I look at, whenever it changes. `conversationId` null: none. */
  z.object({ t: z.literal('presence'), conversationId: id.nullable(), activity: presenceActivitySchema }),
  /** My confirmed rows after `seq`: devices of one `stateVersion` must agree. */
  z.object({ t: z.literal('digest'), seq, stateVersion: z.number().int().positive(), digest: digestSchema }),
]);
export type ClientFrame = z.infer<typeof clientFrameSchema>;

/** The newest key of the workspace, by its number and its public half; 0 and null: it has none, and bodies are not sealed. Desktops compare it with their own. */
const newestKey = { epoch: seq.default(0), publicKey: publicKeySchema.nullable().default(null) };
export type NewestKey = { epoch: number; publicKey: string | null };

export const refusalSchema = z.discriminatedUnion('code', [
  /** A push began after `last + 1`: send again from there. The connection stays. */
  z.object({ code: z.literal('gap'), last: seq }),
  /** The op after `last` was not sealed to the workspace's newest key, of this epoch, or to the one before: get the key and send again from there. The connection stays. */
  z.object({ code: z.literal('seal_again'), last: seq, epoch: seq }),
  /** The same deviceSeq came with another opId: this database was copied or restored, enrol as a new device. */
  z.object({ code: z.literal('device_forked'), last: seq }),
  /** `lineage`: how the relay's log came to be, newest first; empty for a log that was never restored. */
  z.object({ code: z.literal('wrong_log'), logId: id, lineage: z.array(lineageSchema) }),
  /** The desktop is ahead of the log: the relay was restored from an older backup. */
  z.object({ code: z.literal('cursor_ahead'), head: seq }),
  /** The entries after the desktop's cursor are compacted away: install the snapshot at `snapshotSeq`. */
  z.object({ code: z.literal('cursor_too_old'), snapshotSeq: seq, ...newestKey }),
  z.object({ code: z.literal('protocol_too_old'), floor: z.number().int() }),
  /** `wipe`: delete everything that this desktop holds. */
  z.object({ code: z.literal('revoked'), wipe: z.boolean() }),
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
    /** Lowest op level among the team's desktops that were here in the last 30 days: nobody writes above it. */
    writeLevel: z.number().int().positive(),
    ...newestKey,
    /** The newest trusted snapshot for a `stateVersion`: a desktop that is far behind installs it instead of reading the log. */
    snapshots: z.array(z.object({ seq, stateVersion: z.number().int().positive() })),
  }),
  z.object({ t: z.literal('entries'), entries: z.array(logEntrySchema).min(1), head: seq }),
  /** Every op up to `last` of this device is committed. */
  z.object({ t: z.literal('ack'), last: seq, head: seq }),
  z.object({ t: z.literal('refused'), refusal: refusalSchema }),
  /** Everybody who is connected, this desktop too; after each change, at most once a second. */
  z.object({ t: z.literal('presence'), present: z.array(presenceSchema) }),
  /** The workspace has another key from now on. */
  z.object({ t: z.literal('keys'), ...newestKey }),
  /** Sealed files that were not what their names say and are gone: whoever has one brings it again. After `welcome`, and when it happens. */
  z.object({ t: z.literal('files_wanted'), names: z.array(z.string().regex(/^[0-9a-f]{64}$/)).max(FILES_WANTED_MAX) }),
  z.object({ t: z.literal('write_level'), writeLevel: z.number().int().positive() }),
  /** The log has grown: make a snapshot of the rows as of now and upload it. */
  z.object({ t: z.literal('snapshot_wanted') }),
  /** The other desktops agree on another digest at `seq` than this one: rebuild from the team's data. */
  z.object({ t: z.literal('digest_differs'), seq }),
]);
export type ServerFrame = z.infer<typeof serverFrameSchema>;
