/**
 * Bodies between a desktop and the relay over HTTP. Besides `POST /api/enroll` every request carries
 * `Authorization: Bearer <device token>`; what changes membership needs an admin. Refusals are 4xx with `{error: <code>}`.
 */
import { z } from 'zod';
import { NAME_MAX } from './limits.ts';
import { digestSchema, publicKeySchema, roleSchema } from './wire.ts';

export const ENROLL_PATH = '/api/enroll';
/** `POST`: a desktop whose database was copied (`device_forked`) becomes a device of its own, of the same agent. Answers like `POST /api/enroll`. */
export const RENEW_PATH = '/api/devices/renew';
/** `GET`: all devices; to an agent, their own. */
export const DEVICES_PATH = '/api/devices';
/** `POST <path>/<device id>`. Answers `{}`; again on a revoked device it may only add the wipe. */
export const REVOKE_PATH = '/api/devices/revoke';
/** `POST` makes one (`inviteRequestSchema`), `GET` lists those that nobody has used yet (`inviteListSchema`). By admins. */
export const INVITES_PATH = '/api/invites';
/** `POST <path>/<invite id>`, by admins. Answers `{}`; `not_found`: it was used, has expired or was withdrawn before. */
export const WITHDRAW_INVITE_PATH = `${INVITES_PATH}/withdraw`;
/** `POST <path>/<agent id>`. Answers `{}`. */
export const MEMBERS_PATH = '/api/members';
/**
 * `POST` announces one, `PUT <path>/<id>/<part>` brings its parts (0, 1, 2… in any order), `POST <path>/<id>` completes it; `GET <path>/<seq>/<state version>` and `GET …/<part>` read.
 * `changed_meanwhile`: there is such a snapshot already, or the log is another one. `bad_request` to the completion: the bytes are not what was announced, begin again.
 */
export const SNAPSHOTS_PATH = '/api/snapshots';

const id = z.string().min(1).max(128);
const name = z.string().trim().min(1).max(NAME_MAX);
const seq = z.number().int().nonnegative();
const time = z.number().int();

/** A ring (`contract/sealing/key-ring.ts`) of thousands of epochs fits. */
const sealedRing = z.string().min(1).max(1_000_000);

export const enrollRequestSchema = z.object({ invite: z.string().trim().min(8).max(200), agentName: name, deviceName: name, publicKey: publicKeySchema.optional() });
export type EnrollRequest = z.infer<typeof enrollRequestSchema>;
/** `sealedRing`: as whoever made the invite left it. */
export const enrollResponseSchema = z.object({
  deviceId: id,
  token: z.string().min(20),
  logId: id,
  agentId: id,
  agentName: z.string(),
  role: roleSchema,
  sealedRing: sealedRing.nullable().default(null),
});
export type EnrollResponse = z.infer<typeof enrollResponseSchema>;
export const enrollErrorSchema = z.enum(['invite_unknown', 'invite_used', 'invite_expired', 'invite_withdrawn', 'bad_request', 'too_many_requests']);
export type EnrollError = z.infer<typeof enrollErrorSchema>;

export const renewRequestSchema = z.object({ deviceName: name, publicKey: publicKeySchema.optional() });

/** Why the relay refused a request of an enrolled desktop. `last_admin`: somebody must keep the keys. `changed_meanwhile`: `from` no longer holds. */
export const adminErrorSchema = z.enum(['unauthorized', 'forbidden', 'bad_request', 'not_found', 'last_admin', 'changed_meanwhile', 'too_many_requests', 'too_large', 'no_room']);
export type AdminError = z.infer<typeof adminErrorSchema>;

export const INVITE_HOURS_MAX = 30 * 24;
/**
 * `agentId`: a further desktop of somebody who is a member; then `role` is theirs and is left out. `sealedRing`: the workspace's secrets, sealed under
 * one that is in the invite's link and never comes here; given out once, to the desktop that enrols with it.
 */
export const inviteRequestSchema = z.object({
  role: roleSchema.optional(),
  agentId: id.optional(),
  agentName: name.optional(),
  expiresInHours: z.number().int().min(1).max(INVITE_HOURS_MAX),
  sealedRing: sealedRing.optional(),
});
export type InviteRequest = z.infer<typeof inviteRequestSchema>;
/** `code` is shown once and never stored in clear. `expiresAt`: relay time, ms. */
export const inviteResponseSchema = z.object({ code: z.string(), expiresAt: time });

/**
 * Open invites, the oldest first; never their codes. `agentId`: of a member who gets a further desktop; then `agentName` and `role` are theirs. `agentName`
 * null: whoever joins types it. `createdBy` null: the relay's command line. Times are relay time, ms.
 */
export const inviteListSchema = z.array(
  z.object({
    id,
    role: roleSchema,
    agentId: id.nullable(),
    agentName: z.string().nullable(),
    createdBy: id.nullable(),
    createdByName: z.string().nullable(),
    createdAt: time,
    expiresAt: time,
  }),
);
export type InviteList = z.infer<typeof inviteListSchema>;

export const deviceListSchema = z.array(
  z.object({
    id,
    name: z.string(),
    agentId: id,
    agentName: z.string(),
    enrolledAt: time,
    revokedAt: time.nullable(),
    isConnected: z.boolean(),
    lastSeenAt: time.nullable(),
    opLevel: z.number().int(),
  }),
);
export type DeviceList = z.infer<typeof deviceListSchema>;

export const revokeRequestSchema = z.object({ wipe: z.boolean() });
/** `from`: the role on the admin's screen. `isRemoved`: they leave the workspace. */
export const memberRequestSchema = z.object({ from: roleSchema, role: roleSchema.optional(), name: name.optional(), isRemoved: z.boolean().default(false) });
export type MemberRequest = z.infer<typeof memberRequestSchema>;

/**
 * Keys of the workspace: the relay keeps their public halves, and copies of the secrets that only one device can open each. `GET`: `workspaceKeysSchema`.
 * `POST`, by admins: announces the next one (`newKeySchema`); `changed_meanwhile`: somebody was first, or the copies are not for all who have the newest
 * one. `POST <path>/copies`, by admins: the newest for one more device (`newCopySchema`); a desktop that got it in another way puts its own. Both answer `{}`.
 */
export const WORKSPACE_KEYS_PATH = '/api/workspace-keys';
export const KEY_COPIES_PATH = `${WORKSPACE_KEYS_PATH}/copies`;
const epoch = z.number().int().positive();
/** `voucher`: that the device has the public key that the log says, as only those can write who have the epoch's secret (`contract/sealing/voucher.ts`). */
const voucher = z.string().max(100);
const copy = z.object({ deviceId: id, sealed: sealedRing, voucher });
/** Stands as `sealed` where a device has the key and its copy opens nothing: its desktop puts its own. */
export const NO_COPY = '-';
/** The secret of the epoch before, sealed under this one's: who has the newest has all of them. Null: of the first. */
const previous = z.string().max(1_000).nullable();
export const workspaceKeysSchema = z.object({
  /** Of which log: whoever waits for a key is not connected, and learns here that the relay was restored. */
  logId: id,
  /** 1, 2, 3… in this order. Times are relay time, ms. */
  epochs: z.array(z.object({ epoch, publicKey: publicKeySchema, previous, deviceId: id, agentId: id, announcedAt: time })),
  /** For who asks; null: nobody has given it one. `epoch`: the newest in it. */
  copy: z.object({ epoch, sealed: sealedRing }).nullable(),
  /** Active devices that the newest key was given to; to others than admins, none. */
  holders: z.array(z.object({ deviceId: id, voucher })),
  /** A device was shut out since the newest key was announced: it is time for the next one. */
  isOutdated: z.boolean(),
});
export type WorkspaceKeys = z.infer<typeof workspaceKeysSchema>;
export const newKeySchema = z.object({ epoch, publicKey: publicKeySchema, previous, copies: z.array(copy).min(1).max(10_000) });
export const newCopySchema = copy.extend({ epoch });

/** Bytes of one part of a snapshot; the last one may be shorter. */
export const SNAPSHOT_PART_BYTES = 4 * 1024 * 1024;
/** A snapshot: a compressed SQLite file of the synced tables as of `seq`. `deviceSeqs`: each device's last op up to `seq`. `digest`: of its rows; `sha256`: of the bytes. */
export const snapshotMetaSchema = z.object({
  logId: id,
  seq,
  stateVersion: z.number().int().positive(),
  deviceSeqs: z.record(id, seq),
  bytes: z.number().int().positive(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  digest: digestSchema,
});
export type SnapshotMeta = z.infer<typeof snapshotMetaSchema>;
export const snapshotAnnouncedSchema = z.object({ id });

/**
 * Files of messages, shared by the team. `<name>`: 64 hex digits; of a sealed file `sealFileName` (`contract/sealing`), of one from before the team had a key
 * the sha256 of its bytes. `GET|HEAD <path>/<name>` (with Range) reads; `POST <path>/<name>` announces (`blobAnnounceSchema`) and answers how far it is there;
 * `PUT <path>/<name>?offset=N` appends at most BLOB_PART_BYTES and answers the same; the last part is checked against the hash that was announced.
 * `DELETE <path>/<name>`: a sealed file is not what its name says, which only desktops can tell. `POST <claims>/<key>`: who fetches a file from Meta
 * (`blobClaimSchema`). `changed_meanwhile`: another offset is expected, or a sealed file, since the log has a key. `too_large`, `no_room`: over the relay's limits.
 */
export const BLOBS_PATH = '/api/blobs';
export const BLOB_CLAIMS_PATH = '/api/blob-claims';
export const BLOB_PART_BYTES = 1024 * 1024;
/** `sha256`: of the sealed bytes; left out, the name is it. */
export const blobAnnounceSchema = z.object({
  bytes: z.number().int().positive(),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
});
export const blobProgressSchema = z.object({ received: z.number().int().nonnegative(), isStored: z.boolean() });
/** `isYours`: fetch it and put it here within `forMs`; else ask again after `forMs`. `isStored` cannot be told: a claim says nothing of a file's name. */
export const blobClaimSchema = z.object({ isYours: z.boolean(), forMs: z.number().int().positive() });

/**
 * `POST`, by leads and admins: the log up to `through` holds what was erased, and these files belong to nobody any more. The files go at once; the entries, and
 * snapshots of before, as soon as a trusted snapshot from `through` on is there, however young they are. Harmless to repeat. Answers `{}`.
 */
export const ERASURES_PATH = '/api/erasures';
export const erasureRequestSchema = z.object({ through: seq, files: z.array(z.string().regex(/^[0-9a-f]{64}$/)).max(500) });
export type ErasureRequest = z.infer<typeof erasureRequestSchema>;

/** `GET`: what the relay knows of its own webhook, for the connection doctor of any member. Times are relay time, ms; null: never since it started, or not known. */
export const DIAGNOSTICS_PATH = '/api/diagnostics';
const moment = time.nullable();
export const relayDiagnosticsSchema = z.object({
  now: time,
  startedAt: time,
  head: seq,
  /** Last time Meta asked for the verify token, and whether it was right. */
  verify: z.object({ at: moment, wasRight: z.boolean().nullable() }),
  /** Last webhook with a right signature, last one refused for its signature, and how many of those since the right one. */
  webhook: z.object({ acceptedAt: moment, refusedAt: moment, refusals: z.number().int() }),
  /** Bytes that wait to be written, and the slowest acknowledgement of the last hour, ms. */
  backlogBytes: z.number().int(),
  slowestAckMs: z.number().int().nullable(),
  /** What Meta has on file for the app (`GET /{app id}/subscriptions`); null: the relay has no META_APP_ID to ask with. `error`: why it could not be asked. */
  subscription: z.object({ callbackUrl: z.string().nullable(), fields: z.array(z.string()), isActive: z.boolean(), error: z.string().nullable() }).nullable(),
  /** Whether the callback URL at Meta leads to this relay, asked over the internet with a word for this one question; null: not asked. */
  callback: z.object({ isOurs: z.boolean(), detail: z.string() }).nullable(),
});
export type RelayDiagnostics = z.infer<typeof relayDiagnosticsSchema>;

/** `GET`, by admins: what is typed into Meta's App Dashboard. `publicUrl` null: the relay was not told its own address. */
export const WEBHOOK_SETTINGS_PATH = '/api/webhook-settings';
export const verifyTokenSchema = z.string().min(1).max(500);
export const webhookSettingsSchema = z.object({ publicUrl: z.string().nullable(), verifyToken: verifyTokenSchema });
export type WebhookSettings = z.infer<typeof webhookSettingsSchema>;
