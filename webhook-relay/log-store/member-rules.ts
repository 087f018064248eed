/** What is kept of people and devices, the same for every store, and how long a device counts as being here. */
import type { LogStore } from './interface.ts';

export type MemberStore = Pick<
  LogStore,
  | 'findDeviceByToken'
  | 'findDevice'
  | 'listDevices'
  | 'addInvite'
  | 'sweepInvites'
  | 'enroll'
  | 'renewDevice'
  | 'revokeDevice'
  | 'listMembers'
  | 'changeMember'
  | 'noteHello'
  | 'noteSeen'
  | 'readWriteLevel'
>;

/** A desktop that was silent for longer keeps nobody from writing newer ops; it has to update before it reads on. */
export const WRITE_LEVEL_MS = 30 * 24 * 60 * 60 * 1000;
/** A hello writes only what is news: after a broken line everybody says it at once, and each write waits for the disk. */
export const SEEN_LATELY_MS = 60 * 60 * 1000;
