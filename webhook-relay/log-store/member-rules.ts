/** What is kept of people and devices, the same for every store, and how long a device counts as being here. */
import type { Role } from '../../contract/wire.ts';
import type { LogStore, OpenInvite } from './interface.ts';

export type MemberStore = Pick<
  LogStore,
  | 'findDeviceByToken'
  | 'findDevice'
  | 'listDevices'
  | 'addInvite'
  | 'listInvites'
  | 'withdrawInvite'
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

export type OpenInviteRow = {
  code_hash: Buffer;
  role: Role;
  agent_name: string | null;
  agent_id: string | null;
  created_by: string | null;
  created_by_name: string | null;
  created_at: number;
  expires_at: number;
};
/** Behind `SELECT`. A member's name and role are those of now, as they would join with it. */
export const OPEN_INVITE_COLUMNS = `i.code_hash, coalesce(m.role, i.role) AS role, coalesce(m.name, i.agent_name) AS agent_name, i.agent_id, i.created_by, c.name AS created_by_name,
  i.created_at, i.expires_at FROM invite i LEFT JOIN agent m ON m.id = i.agent_id LEFT JOIN agent c ON c.id = i.created_by`;

/** What an invite is called, where its code must not stand: nobody finds the code of a hash, let alone of a part of it. */
export const inviteId = (codeHash: Buffer): string => codeHash.subarray(0, 8).toString('hex');

export const readOpenInvite = (row: OpenInviteRow): OpenInvite => ({
  id: inviteId(row.code_hash),
  role: row.role,
  agentId: row.agent_id,
  agentName: row.agent_name,
  createdBy: row.created_by,
  createdByName: row.created_by_name,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
});
