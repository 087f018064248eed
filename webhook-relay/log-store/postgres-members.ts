/** Agents, devices and invites on PostgreSQL; the invariants are those of `sqlite-members.ts`. Everything that writes holds the head row's lock. */
import type { RelayEvent, Role } from '../../contract/wire.ts';
import type { Device, Member, RenewedDevice } from './interface.ts';
import { inviteId, OPEN_INVITE_COLUMNS, readOpenInvite, SEEN_LATELY_MS, WRITE_LEVEL_MS, type MemberStore, type OpenInviteRow } from './member-rules.ts';
import type { PostgresSession, Queries, WriteTx } from './postgres-session.ts';

type DeviceRow = {
  id: string;
  name: string;
  agent_id: string;
  agent_name: string;
  role: Role;
  enrolled_at: number;
  revoked_at: number | null;
  wipe: boolean;
  last_device_seq: number;
  last_seen_at: number | null;
  op_level: number;
};
type AgentRow = { id: string; name: string; role: Role; is_removed: boolean };
type InviteRow = { role: Role; agent_name: string | null; agent_id: string | null; expires_at: number; used_at: number | null; withdrawn_at: number | null; sealed_ring: string | null };

/** `appendEvents` returns the entries' time. */
type Deps = { session: PostgresSession; now: () => number; appendEvents: (tx: WriteTx, events: RelayEvent[]) => Promise<number> };

const SELECT_DEVICE = 'SELECT d.*, a.name AS agent_name, a.role FROM device d JOIN agent a ON a.id = d.agent_id';
const first = async <R>(rows: Promise<R[]>): Promise<R | undefined> => (await rows)[0];
const selectDevice = (queries: Queries, deviceId: string): Promise<DeviceRow | undefined> => first(queries.rows<DeviceRow>(`${SELECT_DEVICE} WHERE d.id = $1`, [deviceId]));
const selectOpenInvites = (queries: Queries, now: number): Promise<OpenInviteRow[]> =>
  queries.rows<OpenInviteRow>(`SELECT ${OPEN_INVITE_COLUMNS} WHERE i.used_at IS NULL AND i.withdrawn_at IS NULL AND i.expires_at > $1 ORDER BY i.created_at, i.code_hash`, [now]);
const selectMember = async (queries: Queries, agentId: string): Promise<AgentRow | undefined> => {
  const agent = await first(queries.rows<AgentRow>('SELECT * FROM agent WHERE id = $1', [agentId]));
  return agent?.is_removed === false ? agent : undefined;
};

export function createPostgresMembers({ session, now, appendEvents }: Deps): MemberStore {
  /** Of an agent who is a member. */
  async function addDevice(tx: WriteTx, agent: Pick<AgentRow, 'id' | 'name' | 'role'>, { deviceId, deviceName, publicKey, tokenHash }: Omit<RenewedDevice, 'formerId'>): Promise<Device> {
    const at = await appendEvents(tx, [{ type: 'device.enrolled', deviceId, agentId: agent.id, agentName: agent.name, role: agent.role, deviceName, ...(publicKey !== undefined && { publicKey }) }]);
    await tx.run('INSERT INTO device (id, n, name, agent_id, token_hash, enrolled_at, public_key) VALUES ($1, (SELECT coalesce(max(n), 0) + 1 FROM device), $2, $3, $4, $5, $6)', [
      deviceId,
      deviceName,
      agent.id,
      tokenHash,
      at,
      publicKey ?? null,
    ]);
    return readDevice((await selectDevice(tx, deviceId)) as DeviceRow);
  }

  return {
    findDeviceByToken: async (tokenHash) => readOptional(await first(session.rows<DeviceRow>(`${SELECT_DEVICE} WHERE d.token_hash = $1`, [tokenHash]))),
    findDevice: async (deviceId) => readOptional(await selectDevice(session, deviceId)),
    listDevices: async () => (await session.rows<DeviceRow>(`${SELECT_DEVICE} ORDER BY d.n`)).map(readDevice),

    addInvite: (invite) =>
      session.write(async (tx) => {
        if (invite.agentId !== null && !(await selectMember(tx, invite.agentId))) return 'agent_unknown';
        await tx.run('INSERT INTO invite (code_hash, role, agent_name, agent_id, created_at, expires_at, created_by, sealed_ring) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)', [
          invite.codeHash,
          invite.role,
          invite.agentName,
          invite.agentId,
          now(),
          invite.expiresAt,
          invite.createdBy ?? null,
          invite.sealedRing ?? null,
        ]);
        return 'added';
      }),

    listInvites: async () => (await selectOpenInvites(session, now())).map(readOpenInvite),
    withdrawInvite: (id) =>
      session.write(async (tx) => {
        const invite = (await selectOpenInvites(tx, now())).find((row) => inviteId(row.code_hash) === id);
        if (!invite) return 'not_found';
        await tx.run('UPDATE invite SET withdrawn_at = $1, sealed_ring = NULL WHERE code_hash = $2', [now(), invite.code_hash]);
        return 'withdrawn';
      }),

    sweepInvites: () =>
      session.write(
        (tx) => tx.run('UPDATE invite SET sealed_ring = NULL WHERE sealed_ring IS NOT NULL AND expires_at <= $1', [now()]),
        () => false,
      ),

    enroll: (request) =>
      session.write(
        async (tx) => {
          const invite = await first(tx.rows<InviteRow>('SELECT role, agent_name, agent_id, expires_at, used_at, withdrawn_at, sealed_ring FROM invite WHERE code_hash = $1', [request.inviteHash]));
          if (!invite) return { status: 'invite_unknown' };
          if (invite.used_at !== null) return { status: 'invite_used' };
          if (invite.withdrawn_at !== null) return { status: 'invite_withdrawn' };
          if (invite.expires_at <= now()) return { status: 'invite_expired' };
          const known = invite.agent_id === null ? undefined : await first(tx.rows<AgentRow>('SELECT * FROM agent WHERE id = $1', [invite.agent_id]));
          const agent = known ?? { id: request.newAgentId, name: invite.agent_name ?? request.agentName, role: invite.role };
          if (!known) await tx.run('INSERT INTO agent (id, name, role) VALUES ($1, $2, $3)', [agent.id, agent.name, agent.role]);
          await tx.run('UPDATE invite SET used_at = $1, sealed_ring = NULL WHERE code_hash = $2', [now(), request.inviteHash]);
          return { status: 'enrolled', device: await addDevice(tx, agent, request), sealedRing: invite.sealed_ring };
        },
        ({ status }) => status === 'enrolled',
      ),

    renewDevice: (request) =>
      session.write(async (tx) => {
        const former = await selectDevice(tx, request.formerId);
        return former?.revoked_at === null ? addDevice(tx, { id: former.agent_id, name: former.agent_name, role: former.role }, request) : undefined;
      }),

    revokeDevice: (deviceId, { wipe, by } = { wipe: false, by: null }) =>
      session.write(async (tx) => {
        const device = await selectDevice(tx, deviceId);
        if (!device) return 'unknown';
        if (device.revoked_at !== null) {
          if (wipe) await tx.run('UPDATE device SET wipe = true WHERE id = $1', [deviceId]);
          return 'already_revoked';
        }
        const at = await appendEvents(tx, [{ type: 'device.revoked', deviceId, agentId: device.agent_id, by }]);
        await tx.run('UPDATE device SET revoked_at = $1, wipe = $2 WHERE id = $3', [at, wipe, deviceId]);
        await tx.run('DELETE FROM invite WHERE used_at IS NULL AND created_by = $1', [device.agent_id]);
        return 'revoked';
      }),

    listMembers: async () => (await session.rows<AgentRow>('SELECT * FROM agent ORDER BY id COLLATE "C"')).map(readMember),

    changeMember: ({ agentId, by, from, role, name, isRemoved }) =>
      session.write(async (tx) => {
        const agent = await selectMember(tx, agentId);
        if (!agent) return 'not_found';
        if (from !== undefined && agent.role !== from) return 'changed_meanwhile';
        const isAdminNow = agent.role === 'admin';
        const staysAdmin = !isRemoved && (role ?? agent.role) === 'admin';
        if (isAdminNow && !staysAdmin && !(await hasOtherAdmin(tx, agentId))) return 'last_admin';
        const news = { ...(role !== undefined && role !== agent.role && { role }), ...(name !== undefined && name !== agent.name && { name }) };
        if (!isRemoved && Object.keys(news).length === 0) return 'done';
        if (isAdminNow && !staysAdmin) await tx.run('DELETE FROM invite WHERE used_at IS NULL AND created_by = $1', [agentId]);
        const devices = isRemoved ? await tx.rows<{ id: string }>('SELECT id FROM device WHERE agent_id = $1 AND revoked_at IS NULL ORDER BY n', [agentId]) : [];
        if (isRemoved) await tx.run('DELETE FROM invite WHERE used_at IS NULL AND agent_id = $1', [agentId]);
        const at = await appendEvents(tx, [
          ...devices.map(({ id }): RelayEvent => ({ type: 'device.revoked', deviceId: id, agentId, by })),
          { type: 'member.changed', agentId, by, ...news, isRemoved },
        ]);
        if (devices.length > 0) await tx.run('UPDATE device SET revoked_at = $1, wipe = false WHERE id = ANY($2::text[])', [at, devices.map(({ id }) => id)]);
        await tx.run('UPDATE agent SET name = $1, role = $2, is_removed = $3 WHERE id = $4', [news.name ?? agent.name, news.role ?? agent.role, isRemoved, agentId]);
        return 'done';
      }),

    noteHello: async (deviceId, opLevel) => {
      // After a broken line everybody says hello at once, and most of it is no news.
      const isNews = await session.rows('SELECT 1 FROM device WHERE id = $1 AND (op_level <> $2 OR last_seen_at IS NULL OR last_seen_at <= $3)', [deviceId, opLevel, now() - SEEN_LATELY_MS]);
      if (isNews.length > 0) await session.write((tx) => tx.run('UPDATE device SET op_level = $1, last_seen_at = $2 WHERE id = $3', [opLevel, now(), deviceId]));
    },
    noteSeen: async (deviceIds) => {
      await session.write(
        (tx) => tx.run('UPDATE device SET last_seen_at = $1 WHERE id = ANY($2::text[])', [now(), deviceIds]),
        () => false,
      );
    },
    readWriteLevel: async () =>
      (await first(session.rows<{ level: number | null }>('SELECT min(op_level) AS level FROM device WHERE revoked_at IS NULL AND last_seen_at > $1', [now() - WRITE_LEVEL_MS])))?.level ?? 1,
  };
}

async function hasOtherAdmin({ rows }: Queries, agentId: string): Promise<boolean> {
  const others = await rows(
    "SELECT 1 FROM agent a WHERE a.role = 'admin' AND NOT a.is_removed AND a.id <> $1 AND EXISTS (SELECT 1 FROM device d WHERE d.agent_id = a.id AND d.revoked_at IS NULL) LIMIT 1",
    [agentId],
  );
  return others.length > 0;
}

const readOptional = (row: DeviceRow | undefined): Device | undefined => row && readDevice(row);

const readMember = ({ id, name, role, is_removed: isRemoved }: AgentRow): Member => ({ id, name, role, isRemoved });

function readDevice(row: DeviceRow): Device {
  return {
    id: row.id,
    name: row.name,
    agentId: row.agent_id,
    agentName: row.agent_name,
    role: row.role,
    enrolledAt: row.enrolled_at,
    revokedAt: row.revoked_at,
    wipe: row.wipe,
    lastDeviceSeq: row.last_device_seq,
    lastSeenAt: row.last_seen_at,
    opLevel: row.op_level,
  };
}
