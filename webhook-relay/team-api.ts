/**
 * What an enrolled desktop may ask over HTTP about the team (`contract/wire-http.ts`). Invariants: who asks is known from
 * the token alone; the role that counts is the one of this moment, not of when the request began; a code or a token is
 * shown once and stored as a hash.
 */
import { json, Router, type Request, type RequestHandler, type Response } from 'express';
import { shortId, type Log } from '../contract/log.ts';
import type { z } from 'zod';
import {
  DEVICES_PATH,
  INVITES_PATH,
  inviteRequestSchema,
  type InviteList,
  type inviteResponseSchema,
  memberRequestSchema,
  MEMBERS_PATH,
  RENEW_PATH,
  renewRequestSchema,
  REVOKE_PATH,
  revokeRequestSchema,
  WITHDRAW_INVITE_PATH,
  type AdminError,
  type DeviceList,
  type EnrollResponse,
} from '../contract/wire-http.ts';
import { createAttemptLimit } from './attempt-limit.ts';
import { deviceOf } from './device-auth.ts';
import { hashDeviceToken, hashInviteCode, makeDeviceToken, makeInviteCode } from './invite-code.ts';
import type { Device, LogStore } from './log-store/interface.ts';
import type { RelayPorts } from './system-ports.ts';

const BODY_BYTES_MAX = 16 * 1024;
/** With the workspace's secrets, sealed. */
const INVITE_BYTES_MAX = 1024 * 1024;
/** Of one agent, whose renewed devices could renew in turn: nobody has a reason for more, and each of them stays in the log for ever. */
const CREATED_MAX = 60;
const CREATED_WINDOW_MS = 60 * 60 * 1000;
const HOUR_MS = 60 * 60 * 1000;

export const ADMIN_ERROR_STATUS: Record<AdminError, number> = {
  unauthorized: 401,
  forbidden: 403,
  bad_request: 400,
  not_found: 404,
  last_admin: 409,
  too_large: 413,
  no_room: 507,
  changed_meanwhile: 409,
  too_many_requests: 429,
};

type Deps = {
  store: LogStore;
  ports: RelayPorts;
  log: Log;
  /** A desktop gone wild is refused as often as it asks. */
  refusalsLog: Log;
  authenticate: RequestHandler;
  connectedDevices: () => Set<string>;
  /** Devices, members or the log have changed. */
  onChanged: () => void;
};
/** What a call answers: an error, or the body. */
type Answer = AdminError | object;

export function createTeamApi({ store, ports, log, refusalsLog, authenticate, connectedDevices, onChanged }: Deps): Router {
  const creations = createAttemptLimit({ max: CREATED_MAX, windowMs: CREATED_WINDOW_MS, now: ports.now });
  const router = Router();

  const answer =
    (handle: (device: Device, request: Request) => Promise<Answer>) =>
    async (request: Request, response: Response): Promise<void> => {
      const device = await store.findDevice(deviceOf(response).id); // again: the body may have taken its time
      const result = device?.revokedAt === null ? await handle(device, request) : 'unauthorized';
      if (typeof result !== 'string') return void response.json(result);
      refusalsLog('info', 'team.refused', { device: shortId(deviceOf(response).id), error: result });
      response.status(ADMIN_ERROR_STATUS[result]).json({ error: result });
    };
  const post = (path: string, handle: (device: Device, request: Request) => Promise<Answer>, limit = BODY_BYTES_MAX): void => {
    router.post(path, authenticate, json({ limit }), answer(handle));
  };

  post(
    INVITES_PATH,
    async (device, { body }) => {
      if (device.role !== 'admin') return 'forbidden';
      const parsed = inviteRequestSchema.safeParse(body);
      if (!parsed.success) return 'bad_request';
      const { agentId, role, agentName, expiresInHours, sealedRing } = parsed.data;
      // The role is either the invite's or the member's, never a contradiction of both.
      if ((role === undefined) === (agentId === undefined)) return 'bad_request';
      if (!creations.take(device.agentId)) return 'too_many_requests';
      const code = makeInviteCode(ports);
      const expiresAt = ports.now() + expiresInHours * HOUR_MS;
      const outcome = await store.addInvite({
        codeHash: hashInviteCode(code),
        role: role ?? 'agent',
        agentName: agentName ?? null,
        agentId: agentId ?? null,
        expiresAt,
        createdBy: device.agentId,
        sealedRing,
      });
      if (outcome === 'agent_unknown') return 'not_found';
      log('info', 'invite.created', { device: shortId(device.id), role });
      return { code, expiresAt } satisfies z.infer<typeof inviteResponseSchema>;
    },
    INVITE_BYTES_MAX,
  );

  router.get(
    INVITES_PATH,
    authenticate,
    answer(async (device) => (device.role === 'admin' ? ((await store.listInvites()) satisfies InviteList) : 'forbidden')),
  );

  post(`${WITHDRAW_INVITE_PATH}/:id`, async (device, { params }) => {
    if (device.role !== 'admin') return 'forbidden';
    const outcome = await store.withdrawInvite(String(params['id']));
    if (outcome === 'not_found') return 'not_found';
    log('info', 'invite.withdrawn', { device: shortId(device.id) });
    return {};
  });

  router.get(
    DEVICES_PATH,
    authenticate,
    answer(async (device) => {
      const connected = connectedDevices();
      // Agents see their own: who loses a laptop shuts it out at once.
      const devices = (await store.listDevices()).filter(({ agentId }) => device.role !== 'agent' || agentId === device.agentId);
      return devices.map(({ id, name, agentId, agentName, enrolledAt, revokedAt, lastSeenAt, opLevel }) => {
        const isConnected = connected.has(id);
        return { id, name, agentId, agentName, enrolledAt, revokedAt, isConnected, lastSeenAt: isConnected ? ports.now() : lastSeenAt, opLevel };
      }) satisfies DeviceList;
    }),
  );

  post(RENEW_PATH, async (device, { body }) => {
    const parsed = renewRequestSchema.safeParse(body);
    if (!parsed.success) return 'bad_request';
    if (!creations.take(device.agentId)) return 'too_many_requests';
    const token = makeDeviceToken(ports);
    const renewed = await store.renewDevice({ ...parsed.data, formerId: device.id, tokenHash: hashDeviceToken(token), deviceId: ports.newId() });
    if (!renewed) return 'unauthorized';
    onChanged();
    log('info', 'device.renewed', { device: shortId(renewed.id), former: shortId(device.id) });
    const { id, agentId, agentName, role } = renewed;
    return { deviceId: id, token, logId: store.logId, agentId, agentName, role, sealedRing: null } satisfies EnrollResponse;
  });

  post(`${REVOKE_PATH}/:id`, async (device, { body, params }) => {
    const parsed = revokeRequestSchema.safeParse(body);
    if (!parsed.success) return 'bad_request';
    const target = await store.findDevice(String(params['id']));
    if (device.role !== 'admin' && target?.agentId !== device.agentId) return 'forbidden';
    if (!target) return 'not_found';
    await store.revokeDevice(target.id, { wipe: parsed.data.wipe, by: device.agentId });
    onChanged();
    log('info', 'device.revoked', { device: shortId(target.id), by: shortId(device.id), wipe: parsed.data.wipe });
    return {};
  });

  post(`${MEMBERS_PATH}/:id`, async (device, { body, params }) => {
    if (device.role !== 'admin') return 'forbidden';
    const parsed = memberRequestSchema.safeParse(body);
    if (!parsed.success) return 'bad_request';
    const agentId = String(params['id']);
    const outcome = await store.changeMember({ ...parsed.data, agentId, by: device.agentId });
    if (outcome !== 'done') return outcome;
    onChanged();
    log('info', 'member.changed', { agent: shortId(agentId), by: shortId(device.id), role: parsed.data.role, isRemoved: parsed.data.isRemoved });
    return {};
  });

  return router;
}
