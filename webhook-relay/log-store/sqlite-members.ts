/**
 * Agents, devices and invites: who may connect, and as whom. Invariants: what changes here and the relay's entry about it
 * are one transaction; an invite works once; no change of members leaves the team without an admin who has a device (only
 * shutting a device out may, because a stolen one cannot wait); a member who left keeps no device and no invite, and whose device is shut out no invite.
 */
import type { Database } from 'better-sqlite3';
import type { RelayEvent, Role } from '../../contract/wire.ts';
import type { Device, EnrollOutcome, Member, MemberChange, NewDevice, NewInvite, OpenInvite, RenewedDevice } from './interface.ts';
import { inviteId, OPEN_INVITE_COLUMNS, readOpenInvite, SEEN_LATELY_MS, WRITE_LEVEL_MS, type MemberStore, type OpenInviteRow } from './member-rules.ts';

type DeviceRow = {
  id: string;
  name: string;
  agent_id: string;
  agent_name: string;
  role: Role;
  enrolled_at: number;
  revoked_at: number | null;
  wipe: 0 | 1;
  last_device_seq: number;
  last_seen_at: number | null;
  op_level: number;
};
type AgentRow = { id: string; name: string; role: Role; is_removed: 0 | 1 };
type InviteRow = { role: Role; agent_name: string | null; agent_id: string | null; expires_at: number; used_at: number | null; withdrawn_at: number | null; sealed_ring: string | null };

/** `appendEvents`: inside a transaction; returns the entries' time. */
type Deps = { db: Database; now: () => number; appendEvents: (events: RelayEvent[]) => number };

const SELECT_DEVICE = 'SELECT d.*, a.name AS agent_name, a.role FROM device d JOIN agent a ON a.id = d.agent_id';

/** Who is in a database, also in one of an older schema: it compiles nothing but what it reads. */
export function createTeamReader(db: Database): { listDevices(): Device[]; listMembers(): Member[] } {
  const selectDevices = db.prepare<[], DeviceRow>(`${SELECT_DEVICE} ORDER BY d.rowid`);
  const selectAgents = db.prepare<[], AgentRow>('SELECT * FROM agent ORDER BY id');
  return { listDevices: () => selectDevices.all().map(readDevice), listMembers: () => selectAgents.all().map(readMember) };
}

export function createMemberRows({ db, now, appendEvents }: Deps): MemberStore {
  const team = createTeamReader(db);
  const selectDevice = db.prepare<[string], DeviceRow>(`${SELECT_DEVICE} WHERE d.id = ?`);
  const selectDeviceByToken = db.prepare<[Buffer], DeviceRow>(`${SELECT_DEVICE} WHERE d.token_hash = ?`);
  const selectActiveDeviceIds = db.prepare<[string], string>('SELECT id FROM device WHERE agent_id = ? AND revoked_at IS NULL ORDER BY rowid').pluck();
  const insertDevice = db.prepare('INSERT INTO device (id, name, agent_id, token_hash, enrolled_at, public_key) VALUES (?, ?, ?, ?, ?, ?)');
  const updateRevoked = db.prepare('UPDATE device SET revoked_at = ?, wipe = ? WHERE id = ?');
  const updateWipe = db.prepare('UPDATE device SET wipe = 1 WHERE id = ?');
  const updateHello = db.prepare(
    'UPDATE device SET op_level = @opLevel, last_seen_at = @now WHERE id = @deviceId AND (op_level <> @opLevel OR last_seen_at IS NULL OR last_seen_at <= @now - @seenLately)',
  );
  const updateSeen = db.prepare('UPDATE device SET last_seen_at = ? WHERE id = ?');
  const selectWriteLevel = db.prepare<[number], number | null>('SELECT min(op_level) FROM device WHERE revoked_at IS NULL AND last_seen_at > ?').pluck();
  const selectAgent = db.prepare<[string], AgentRow>('SELECT * FROM agent WHERE id = ?');
  const insertAgent = db.prepare('INSERT INTO agent (id, name, role) VALUES (?, ?, ?)');
  const updateAgent = db.prepare('UPDATE agent SET name = ?, role = ?, is_removed = ? WHERE id = ?');
  const countOtherAdmins = db
    .prepare<[string], number>(
      "SELECT count(*) FROM agent a WHERE a.role = 'admin' AND a.is_removed = 0 AND a.id <> ? AND EXISTS (SELECT 1 FROM device d WHERE d.agent_id = a.id AND d.revoked_at IS NULL)",
    )
    .pluck();
  const insertInvite = db.prepare('INSERT INTO invite (code_hash, role, agent_name, agent_id, created_at, expires_at, created_by, sealed_ring) VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  const selectInvite = db.prepare<[Buffer], InviteRow>('SELECT role, agent_name, agent_id, expires_at, used_at, withdrawn_at, sealed_ring FROM invite WHERE code_hash = ?');
  const updateInviteUsed = db.prepare('UPDATE invite SET used_at = ?, sealed_ring = NULL WHERE code_hash = ?');
  const selectOpenInvites = db.prepare<[number], OpenInviteRow>(
    `SELECT ${OPEN_INVITE_COLUMNS} WHERE i.used_at IS NULL AND i.withdrawn_at IS NULL AND i.expires_at > ? ORDER BY i.created_at, i.code_hash`,
  );
  const updateInviteWithdrawn = db.prepare('UPDATE invite SET withdrawn_at = ?, sealed_ring = NULL WHERE code_hash = ?');
  const deleteInvitesBy = db.prepare('DELETE FROM invite WHERE used_at IS NULL AND created_by = ?');
  const emptyExpiredInvites = db.prepare('UPDATE invite SET sealed_ring = NULL WHERE sealed_ring IS NOT NULL AND expires_at <= ?');
  const deleteInvitesFor = db.prepare('DELETE FROM invite WHERE used_at IS NULL AND agent_id = ?');

  const findMember = (agentId: string): AgentRow | undefined => {
    const agent = selectAgent.get(agentId);
    return agent?.is_removed === 0 ? agent : undefined;
  };

  const addInvite = db.transaction((invite: NewInvite): 'added' | 'agent_unknown' => {
    if (invite.agentId !== null && !findMember(invite.agentId)) return 'agent_unknown';
    insertInvite.run(invite.codeHash, invite.role, invite.agentName, invite.agentId, now(), invite.expiresAt, invite.createdBy ?? null, invite.sealedRing ?? null);
    return 'added';
  });

  const withdrawInvite = db.transaction((id: string): 'withdrawn' | 'not_found' => {
    const invite = selectOpenInvites.all(now()).find((row) => inviteId(row.code_hash) === id);
    if (!invite) return 'not_found';
    updateInviteWithdrawn.run(now(), invite.code_hash);
    return 'withdrawn';
  });

  /** Of an agent who is a member. */
  function addDevice(agent: Pick<AgentRow, 'id' | 'name' | 'role'>, { deviceId, deviceName, publicKey, tokenHash }: Omit<RenewedDevice, 'formerId'>): Device {
    const at = appendEvents([{ type: 'device.enrolled', deviceId, agentId: agent.id, agentName: agent.name, role: agent.role, deviceName, ...(publicKey !== undefined && { publicKey }) }]);
    insertDevice.run(deviceId, deviceName, agent.id, tokenHash, at, publicKey ?? null);
    return readDevice(selectDevice.get(deviceId) as DeviceRow);
  }

  const enroll = db.transaction((request: NewDevice): EnrollOutcome => {
    const invite = selectInvite.get(request.inviteHash);
    if (!invite) return { status: 'invite_unknown' };
    if (invite.used_at !== null) return { status: 'invite_used' };
    if (invite.withdrawn_at !== null) return { status: 'invite_withdrawn' };
    if (invite.expires_at <= now()) return { status: 'invite_expired' };
    const known = invite.agent_id === null ? undefined : selectAgent.get(invite.agent_id);
    const agent = known ?? { id: request.newAgentId, name: invite.agent_name ?? request.agentName, role: invite.role };
    if (!known) insertAgent.run(agent.id, agent.name, agent.role);
    updateInviteUsed.run(now(), request.inviteHash);
    return { status: 'enrolled', device: addDevice(agent, request), sealedRing: invite.sealed_ring };
  });

  const renewDevice = db.transaction((request: RenewedDevice): Device | undefined => {
    const former = selectDevice.get(request.formerId);
    return former?.revoked_at === null ? addDevice({ id: former.agent_id, name: former.agent_name, role: former.role }, request) : undefined;
  });

  const revokeDevice = db.transaction((deviceId: string, { wipe, by }: { wipe: boolean; by: string | null }): 'revoked' | 'already_revoked' | 'unknown' => {
    const device = selectDevice.get(deviceId);
    if (!device) return 'unknown';
    if (device.revoked_at !== null) {
      if (wipe) updateWipe.run(deviceId);
      return 'already_revoked';
    }
    const at = appendEvents([{ type: 'device.revoked', deviceId, agentId: device.agent_id, by }]);
    updateRevoked.run(at, Number(wipe), deviceId);
    deleteInvitesBy.run(device.agent_id);
    return 'revoked';
  });

  const changeMember = db.transaction(({ agentId, by, from, role, name, isRemoved }: MemberChange): 'done' | 'not_found' | 'changed_meanwhile' | 'last_admin' => {
    const agent = findMember(agentId);
    if (!agent) return 'not_found';
    if (from !== undefined && agent.role !== from) return 'changed_meanwhile';
    const isAdminNow = agent.role === 'admin';
    const staysAdmin = !isRemoved && (role ?? agent.role) === 'admin';
    if (isAdminNow && !staysAdmin && (countOtherAdmins.get(agentId) ?? 0) === 0) return 'last_admin';
    const news = { ...(role !== undefined && role !== agent.role && { role }), ...(name !== undefined && name !== agent.name && { name }) };
    if (!isRemoved && Object.keys(news).length === 0) return 'done';
    if (isAdminNow && !staysAdmin) deleteInvitesBy.run(agentId);
    const deviceIds = isRemoved ? selectActiveDeviceIds.all(agentId) : [];
    if (isRemoved) deleteInvitesFor.run(agentId);
    const at = appendEvents([...deviceIds.map((deviceId): RelayEvent => ({ type: 'device.revoked', deviceId, agentId, by })), { type: 'member.changed', agentId, by, ...news, isRemoved }]);
    for (const deviceId of deviceIds) updateRevoked.run(at, 0, deviceId);
    updateAgent.run(news.name ?? agent.name, news.role ?? agent.role, Number(isRemoved), agentId);
    return 'done';
  });

  const noteSeen = db.transaction((deviceIds: string[]): void => {
    for (const deviceId of deviceIds) updateSeen.run(now(), deviceId);
  });

  return {
    findDeviceByToken: async (tokenHash) => readOptional(selectDeviceByToken.get(tokenHash)),
    findDevice: async (deviceId) => readOptional(selectDevice.get(deviceId)),
    listDevices: async () => team.listDevices(),
    addInvite: async (invite) => addInvite.immediate(invite),
    listInvites: async (): Promise<OpenInvite[]> => selectOpenInvites.all(now()).map(readOpenInvite),
    withdrawInvite: async (id) => withdrawInvite.immediate(id),
    sweepInvites: async () => {
      const { changes } = emptyExpiredInvites.run(now());
      // What invites brought, also those that were used or are void since, goes from the write-ahead log, too.
      db.pragma('wal_checkpoint(TRUNCATE)');
      return changes;
    },
    enroll: async (device) => enroll.immediate(device),
    renewDevice: async (device) => renewDevice.immediate(device),
    revokeDevice: async (deviceId, how = { wipe: false, by: null }) => revokeDevice.immediate(deviceId, how),
    listMembers: async () => team.listMembers(),
    changeMember: async (change) => changeMember.immediate(change),
    noteHello: async (deviceId, opLevel) => {
      updateHello.run({ opLevel, now: now(), deviceId, seenLately: SEEN_LATELY_MS });
    },
    noteSeen: async (deviceIds) => noteSeen.immediate(deviceIds),
    readWriteLevel: async () => selectWriteLevel.get(now() - WRITE_LEVEL_MS) ?? 1,
  };
}

const readOptional = (row: DeviceRow | undefined): Device | undefined => row && readDevice(row);

const readMember = (row: AgentRow): Member => ({ id: row.id, name: row.name, role: row.role, isRemoved: row.is_removed === 1 });

function readDevice(row: DeviceRow): Device {
  return {
    id: row.id,
    name: row.name,
    agentId: row.agent_id,
    agentName: row.agent_name,
    role: row.role,
    enrolledAt: row.enrolled_at,
    revokedAt: row.revoked_at,
    wipe: row.wipe === 1,
    lastDeviceSeq: row.last_device_seq,
    lastSeenAt: row.last_seen_at,
    opLevel: row.op_level,
  };
}
