/**
 * What the relay needs from the place where it keeps the log. Invariants that every implementation holds:
 * `seq` is 1, 2, 3… without gaps; `receivedAt` never decreases; a dedupe key and an opId are in the log at most once;
 * the ops of a device are in the order of their `deviceSeq`; a promise resolves only after the change is safe on disk.
 */
import type { LogEntry, PushedOp, Role } from '../../contract/wire.ts';

export type WebhookAppend = { dedupe: Buffer; body: string; isUnrecognised: boolean };

export type AppendJob =
  /** The items of one POST. */
  | { kind: 'webhook'; items: WebhookAppend[] }
  /** The ops of one push frame of an authenticated device. */
  | { kind: 'push'; deviceId: string; ops: PushedOp[] };

/**
 * `last`: the device's last op in the log. `gap`: the ops before the gap were appended. `forked`: a number came with
 * another opId than the one the log has for it.
 */
export type PushResult = { kind: 'push'; status: 'done' | 'gap' | 'forked'; last: number; head: number } | { kind: 'push'; status: 'revoked' };
export type AppendResult = { kind: 'webhook'; stored: number; duplicates: number } | PushResult;

export type Device = {
  id: string;
  name: string;
  agentId: string;
  agentName: string;
  role: Role;
  enrolledAt: number;
  revokedAt: number | null;
  lastDeviceSeq: number;
};

/** `agentId`: the invite adds a device to an agent who is there already; null: a new agent. */
export type NewInvite = { codeHash: Buffer; role: Role; agentName: string | null; agentId: string | null; expiresAt: number };
export type NewDevice = { inviteHash: Buffer; tokenHash: Buffer; deviceId: string; deviceName: string; newAgentId: string; agentName: string };
export type EnrollOutcome = { status: 'enrolled'; device: Device } | { status: 'invite_unknown' | 'invite_used' | 'invite_expired' };

/** `webhooks`, `ops`: entries of these kinds. `duplicates`: webhook items that came again. `unrecognised`: among `webhooks`. `devices`: not revoked. */
export type LogStatus = { logId: string; head: number; webhooks: number; ops: number; duplicates: number; unrecognised: number; devices: number };

export type LogPage = { entries: LogEntry[]; head: number };

export type LogStore = {
  /** Identity of this log, for ever. */
  readonly logId: string;
  /** Commits the whole group or nothing of it. One result per job, in order. */
  append: (group: AppendJob[]) => Promise<AppendResult[]>;
  /** Entries after a seq in order, at most `entries` and about `bytes` of them; an entry larger than that comes alone. */
  readAfter: (after: number, limit: { entries: number; bytes: number }) => Promise<LogPage>;
  findDeviceByToken: (tokenHash: Buffer) => Promise<Device | undefined>;
  findDevice: (deviceId: string) => Promise<Device | undefined>;
  /** In the order of enrolment, revoked ones too. */
  listDevices: () => Promise<Device[]>;
  addInvite: (invite: NewInvite) => Promise<void>;
  /** Uses up the invite, adds the device and appends `device.enrolled`. */
  enroll: (device: NewDevice) => Promise<EnrollOutcome>;
  /** Appends `device.revoked`. A second call changes nothing. */
  revokeDevice: (deviceId: string) => Promise<'revoked' | 'already_revoked' | 'unknown'>;
  readStatus: () => Promise<LogStatus>;
  /** Whether another process has changed anything since the last call: a reason to look, never the news itself. */
  hasChangedElsewhere: () => Promise<boolean>;
  close: () => Promise<void>;
};
