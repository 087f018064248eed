/**
 * What the relay needs from the place where it keeps the log. Invariants that every implementation holds:
 * `seq` is 1, 2, 3… without gaps (the first ones may be compacted away); `receivedAt` never decreases; a dedupe key and an opId are in the log at most once;
 * the ops of a device are in the order of their `deviceSeq`; a promise resolves only after the change is safe on disk.
 */
import type { SnapshotMeta } from '../../contract/wire-http.ts';
import type { Lineage, LogEntry, PushedOp, Role } from '../../contract/wire.ts';

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
export type PushResult = { kind: 'push'; status: 'done' | 'gap' | 'forked'; last: number; head: number } | { kind: 'push'; status: 'revoked'; wipe: boolean };
export type AppendResult = { kind: 'webhook'; stored: number; duplicates: number } | PushResult;

export type Device = {
  id: string;
  name: string;
  agentId: string;
  agentName: string;
  role: Role;
  enrolledAt: number;
  revokedAt: number | null;
  /** Of a revoked device: it is to delete what it holds. */
  wipe: boolean;
  lastDeviceSeq: number;
  /** Relay time (ms); null and 0 before its first hello. */
  lastSeenAt: number | null;
  opLevel: number;
};
export type Member = { id: string; name: string; role: Role; isRemoved: boolean };

/**
 * `agentId`: the invite adds a device to a member, whose name and role stay; null: a new agent, with `role`.
 * `createdBy`: an agent; null: the command line.
 */
export type NewInvite = { codeHash: Buffer; role: Role; agentName: string | null; agentId: string | null; expiresAt: number; createdBy?: string };
export type NewDevice = { inviteHash: Buffer; tokenHash: Buffer; deviceId: string; deviceName: string; publicKey?: string | undefined; newAgentId: string; agentName: string };
export type EnrollOutcome = { status: 'enrolled'; device: Device } | { status: 'invite_unknown' | 'invite_used' | 'invite_expired' };
export type RenewedDevice = { formerId: string; tokenHash: Buffer; deviceId: string; deviceName: string; publicKey?: string | undefined };
/** `by`: the agent who asks; null: the command line. `from`: the role they saw; undefined: whatever it is. */
export type MemberChange = { agentId: string; by: string | null; from?: Role | undefined; role?: Role | undefined; name?: string | undefined; isRemoved: boolean };

/** `completedAt`: all bytes are here and right. `trustedAt`: others may install it. */
export type Snapshot = { id: string; deviceId: string; meta: Omit<SnapshotMeta, 'logId'>; completedAt: number | null; trustedAt: number | null };
export type DigestReport = { deviceId: string; seq: number; stateVersion: number; digest: string };
/**
 * `odd`: devices whose rows at that seq differ from what at least two colleagues (or two devices of a person alone) agree on. `isSplit`: devices differ and
 * nobody can say which of them is right. `isNewlyTrusted`: the report confirmed a snapshot.
 */
export type DigestVerdict = { odd: { deviceId: string; digest: string }[]; isSplit: boolean; isNewlyTrusted: boolean };

/** `webhooks`, `ops`: entries of these kinds. `duplicates`: webhook items that came again. `unrecognised`: among `webhooks`. `devices`: not revoked. `horizon`: entries up to it are compacted away. */
export type LogStatus = { logId: string; head: number; webhooks: number; ops: number; duplicates: number; unrecognised: number; devices: number; horizon: number };

export type LogPage = { entries: LogEntry[]; head: number };

export type LogStore = {
  /** Identity of this log; another one after `startNewLog`, also by another process. */
  readonly logId: string;
  /** Commits the whole group or nothing of it. One result per job, in order. */
  append: (group: AppendJob[]) => Promise<AppendResult[]>;
  /** Entries after a seq in order, at most `entries` and about `bytes` of them; an entry larger than that comes alone. */
  readAfter: (after: number, limit: { entries: number; bytes: number }) => Promise<LogPage>;
  findDeviceByToken: (tokenHash: Buffer) => Promise<Device | undefined>;
  findDevice: (deviceId: string) => Promise<Device | undefined>;
  /** In the order of enrolment, revoked ones too. */
  listDevices: () => Promise<Device[]>;
  addInvite: (invite: NewInvite) => Promise<'added' | 'agent_unknown'>;
  /** Uses up the invite, adds the device, and the agent if they are new, and appends `device.enrolled`. */
  enroll: (device: NewDevice) => Promise<EnrollOutcome>;
  /** Another device of the same agent; the former one stays. Undefined if that one is revoked or unknown. */
  renewDevice: (device: RenewedDevice) => Promise<Device | undefined>;
  /** Appends `device.revoked`. A second call changes nothing but that a wipe may be added. */
  revokeDevice: (deviceId: string, how?: { wipe: boolean; by: string | null }) => Promise<'revoked' | 'already_revoked' | 'unknown'>;
  /** In the order of their ids, removed ones too. */
  listMembers: () => Promise<Member[]>;
  /** Appends `member.changed` if anything changes. Removal revokes all their devices and their open invites. */
  changeMember: (change: MemberChange) => Promise<'done' | 'not_found' | 'changed_meanwhile' | 'last_admin'>;
  /** The device is here now and understands ops up to `opLevel`. */
  noteHello: (deviceId: string, opLevel: number) => Promise<void>;
  /** The devices are here now. */
  noteSeen: (deviceIds: string[]) => Promise<void>;
  /** Lowest op level among the devices that are not revoked and were here in the last 30 days; 1 if there are none. */
  readWriteLevel: () => Promise<number>;
  /** The same announcement again continues its upload; another one of the device takes the place of its unfinished one. `known`: there is one with these rows. `wrong`: its seq or its `deviceSeqs` are not those of this log. */
  announceSnapshot: (snapshot: Pick<Snapshot, 'id' | 'deviceId' | 'meta'>) => Promise<{ status: 'announced'; id: string } | { status: 'known' | 'wrong' }>;
  findSnapshot: (id: string) => Promise<Snapshot | undefined>;
  findTrustedSnapshot: (seq: number, stateVersion: number) => Promise<Snapshot | undefined>;
  /** The newest trusted one of each state version, newest first. */
  listTrustedSnapshots: () => Promise<{ seq: number; stateVersion: number }[]>;
  /** Seq of the newest snapshot, finished or not, and of the newest trusted one; 0 if there is none. */
  readSnapshotSeqs: () => Promise<{ newest: number; trusted: number }>;
  /** Its bytes are complete and verified. Superfluous older ones go. */
  completeSnapshot: (id: string) => Promise<void>;
  dropSnapshot: (id: string) => Promise<void>;
  /** Removes uploads that were not finished in a day, judges trust again. @returns what is left. */
  sweepSnapshots: () => Promise<Snapshot[]>;
  /** Undefined if the report is of no use: not at a seq where devices compare, too old, or ahead of the log. */
  noteDigest: (report: DigestReport) => Promise<DigestVerdict | undefined>;
  /** Removes some thousands of the entries received before a time (ms) that a trusted snapshot contains. @returns how many; 0: there are no more. */
  compactSome: (before: number) => Promise<number>;
  /** The logs that this one continues, newest first. */
  readLineage: () => Promise<Lineage[]>;
  /** After a restored backup: entries up to the head stay, but what follows is another history. Open invites are void. @returns the new identity. */
  startNewLog: () => Promise<string>;
  readStatus: () => Promise<LogStatus>;
  /** Whether another process has changed anything since the last call: a reason to look, never the news itself. */
  hasChangedElsewhere: () => Promise<boolean>;
  close: () => Promise<void>;
};
