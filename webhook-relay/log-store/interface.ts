/**
 * What the relay needs from the place where it keeps the log. Invariants that every implementation holds:
 * `seq` is 1, 2, 3… without gaps (the first ones may be compacted away); `receivedAt` never decreases; a dedupe key and an opId are in the log at most once;
 * the ops of a device are in the order of their `deviceSeq`; a promise resolves only after the change is safe on disk.
 */
import type { SnapshotMeta } from '../../contract/wire-http.ts';
import type { Lineage, LogEntry, PushedOp, Role } from '../../contract/wire.ts';
import type { DedupeKey } from '../dedupe-key.ts';

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
export type PushResult =
  | { kind: 'push'; status: 'done' | 'gap' | 'forked'; last: number; head: number }
  /** The log has a key and an op is not sealed to it (`epoch`: the newest one; 0: to none) or to the one before; the ops before it were appended. */
  | { kind: 'push'; status: 'wrong_epoch'; last: number; epoch: number }
  | { kind: 'push'; status: 'revoked'; wipe: boolean };
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
/** A key of the workspace: what the relay knows of it. `deviceId`, `agentId`: who announced it, at relay time (ms). */
export type KeyEpoch = { epoch: number; publicKey: string; /** Sealed under this one's secret. */ previous: string | null; deviceId: string; agentId: string; announcedAt: number };
/** The secrets as only this device can open them, and what others know it by. */
export type KeyCopy = { deviceId: string; sealed: string; voucher: string };
export type Member = { id: string; name: string; role: Role; isRemoved: boolean };

/**
 * `agentId`: the invite adds a device to a member, whose name and role stay; null: a new agent, with `role`.
 * `createdBy`: an agent; null: the command line.
 */
export type NewInvite = {
  codeHash: Buffer;
  role: Role;
  agentName: string | null;
  agentId: string | null;
  expiresAt: number;
  createdBy?: string;
  /** For whoever enrols with it. */ sealedRing?: string | undefined;
};
/** Neither used, expired nor withdrawn. `agentName`, `role`: the member's where it adds a device to one; null: whoever joins types it. `createdBy` null: the command line. Times are relay time (ms). */
export type OpenInvite = {
  id: string;
  role: Role;
  agentId: string | null;
  agentName: string | null;
  createdBy: string | null;
  createdByName: string | null;
  createdAt: number;
  expiresAt: number;
};
export type NewDevice = { inviteHash: Buffer; tokenHash: Buffer; deviceId: string; deviceName: string; publicKey?: string | undefined; newAgentId: string; agentName: string };
export type EnrollOutcome = { status: 'enrolled'; device: Device; sealedRing: string | null } | { status: 'invite_unknown' | 'invite_used' | 'invite_expired' | 'invite_withdrawn' };
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

/** `webhooks`, `ops`: entries of these kinds. `duplicates`: webhook items that came again. `unrecognised`: among `webhooks`. `devices`: not revoked. `horizon`: entries up to it are compacted away. `epoch`, `publicKey`: of the newest key; 0 and null: none. `keyHolders`: active devices that somebody has vouched for in it. All of one moment. */
export type LogStatus = {
  logId: string;
  head: number;
  epoch: number;
  publicKey: string | null;
  keyHolders: number;
  webhooks: number;
  ops: number;
  duplicates: number;
  unrecognised: number;
  devices: number;
  horizon: number;
};

export type LogPage = { entries: LogEntry[]; head: number };

/** Webhooks were sealed to another key than the one that counts by now; nothing was committed. */
export class KeyMovedError extends Error {
  constructor() {
    super('the workspace has another key by now');
    this.name = 'KeyMovedError';
  }
}

export type LogStore = {
  /** Identity of this log; another one after `startNewLog`. That another process has called it is known after the next `readStatus` or `hasChangedElsewhere`. */
  readonly logId: string;
  /** Commits the whole group or nothing of it. One result per job, in order. @throws KeyMovedError if a webhook's item is not sealed to the newest key */
  append: (group: AppendJob[]) => Promise<AppendResult[]>;
  /** Entries after a seq in order, at most `entries` and about `bytes` of them; an entry larger than that comes alone. */
  readAfter: (after: number, limit: { entries: number; bytes: number }) => Promise<LogPage>;
  findDeviceByToken: (tokenHash: Buffer) => Promise<Device | undefined>;
  findDevice: (deviceId: string) => Promise<Device | undefined>;
  /** In the order of enrolment, revoked ones too. */
  listDevices: () => Promise<Device[]>;
  addInvite: (invite: NewInvite) => Promise<'added' | 'agent_unknown'>;
  /** Those that somebody could still join with, the oldest first. */
  listInvites: () => Promise<OpenInvite[]>;
  /** Nobody joins with it any more, and what it brought goes with it. `not_found`: it is not open. */
  withdrawInvite: (id: string) => Promise<'withdrawn' | 'not_found'>;
  /** Uses up the invite with what it brought, adds the device, and the agent if they are new, and appends `device.enrolled`. */
  enroll: (device: NewDevice) => Promise<EnrollOutcome>;
  /** Another device of the same agent; the former one stays. Undefined if that one is revoked or unknown. */
  renewDevice: (device: RenewedDevice) => Promise<Device | undefined>;
  /** Removes what invites that have expired brought for their desktops. @returns how many had something. */
  sweepInvites: () => Promise<number>;
  /** Appends `device.revoked`. Open invites of its agent's are void: whoever has the device may have their links. A second call changes nothing but that a wipe may be added. */
  revokeDevice: (deviceId: string, how?: { wipe: boolean; by: string | null }) => Promise<'revoked' | 'already_revoked' | 'unknown'>;
  /** In the order of their ids, removed ones too. */
  listMembers: () => Promise<Member[]>;
  /** Appends `member.changed` if anything changes. Removal revokes all their devices and their open invites. */
  changeMember: (change: MemberChange) => Promise<'done' | 'not_found' | 'changed_meanwhile' | 'last_admin'>;
  /** Hashes the dedupe keys that are there under a key, once for each log. `changed`: they are under another one, and stay so. */
  keyDedupes: (key: DedupeKey) => Promise<'keyed' | 'known' | 'changed'>;
  /** In their order. */
  listKeyEpochs: () => Promise<KeyEpoch[]>;
  /** With the first one, entries that are there in plain words are overdue like those of `noteErasure`. `changed_meanwhile`: it does not follow the newest one, or the copies are not for all active devices that have that one, or are for others than active ones. */
  announceKey: (key: Omit<KeyEpoch, 'announcedAt'>, copies: KeyCopy[]) => Promise<'announced' | 'changed_meanwhile'>;
  /** The newest one that was put there for a device. */
  findKeyCopy: (deviceId: string) => Promise<{ epoch: number; sealed: string } | undefined>;
  /** `changed_meanwhile`: the epoch is not the newest. */
  putKeyCopy: (epoch: number, copy: KeyCopy) => Promise<'done' | 'not_found' | 'changed_meanwhile'>;
  /** Active devices with a copy of the newest epoch. `isOutdated`: a device was shut out since that one was announced. */
  readKeyHolders: () => Promise<{ holders: Omit<KeyCopy, 'sealed'>[]; isOutdated: boolean }>;
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
  readSnapshotSeqs: () => Promise<{ newest: number; trusted: number; /** Entries up to here are overdue: they go once a snapshot of after them is trusted. */ erased: number }>;
  /** Its bytes are complete and verified. Superfluous older ones go. */
  completeSnapshot: (id: string) => Promise<void>;
  dropSnapshot: (id: string) => Promise<void>;
  /** Removes uploads that were not finished in a day, judges trust again. @returns what is left. */
  sweepSnapshots: () => Promise<Snapshot[]>;
  /** Undefined if the report is of no use: not at a seq where devices compare, too old, or ahead of the log. */
  noteDigest: (report: DigestReport) => Promise<DigestVerdict | undefined>;
  /** Removes some thousands of the entries that a trusted snapshot contains: those received before a time (ms), and all that an erasure has named once a snapshot of after it is trusted. @returns how many; 0: there are no more. */
  compactSome: (before: number) => Promise<number>;
  /** Entries up to a seq hold what desktops have erased. See `compactSome`. */
  noteErasure: (through: number) => Promise<void>;
  /** The logs that this one continues, newest first. */
  readLineage: () => Promise<Lineage[]>;
  /** After a restored backup: entries up to the head stay, but what follows is another history. Open invites are void; copies of keys are, too, and who has the key is as before. @returns the new identity. */
  startNewLog: () => Promise<string>;
  readStatus: () => Promise<LogStatus>;
  /** Whether another process has changed anything since the last call: a reason to look, never the news itself. */
  hasChangedElsewhere: () => Promise<boolean>;
  /** Calls when it is time to look, where the store is told so: sooner than somebody who looks from time to time, and never instead. */
  onWake: (wake: () => void) => void;
  close: () => Promise<void>;
};
