/**
 * A relay in this process, in memory, over real HTTP and WebSockets: for tests of a desktop that need it to lie, to lose
 * its log, or to say things in an order that the real one rarely does. What it keeps to is `contract/wire.ts`.
 */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { OP_LEVEL } from '../../contract/ops/op.ts';
import { deriveEpochKeys, derivePublicKey } from '../../contract/sealing/key-ring.ts';
import {
  clientFrameSchema,
  PROTOCOL_VERSION,
  SYNC_PATH,
  type ClientFrame,
  type Lineage,
  type LogEntry,
  type Presence,
  type PushedOp,
  type RelayEvent,
  type Role,
  type NewestKey,
  type ServerFrame,
} from '../../contract/wire.ts';
import { enrollRequestSchema, SNAPSHOT_PART_BYTES, snapshotMetaSchema, type SnapshotMeta } from '../../contract/wire-http.ts';
import { joinInvite } from '../../main/engine/team/invite-link.ts';
import { sealInvitedRing } from '../../main/engine/team/invited-ring.ts';

const PAGE = 500;
const INVITE_SECRET = Buffer.alloc(32, 7);

export type FakeDevice = { id: string; agentId: string; agentName: string; role: Role; token: string; publicKey: string | undefined; last: number; isRevoked: boolean; wipe: boolean };
type DigestFrame = Extract<ClientFrame, { t: 'digest' }>;
type Received = { method: string; path: string; body: unknown };
type Line = { socket: WebSocket; device: FakeDevice; presence: Presence };

export type FakeRelay = Awaited<ReturnType<typeof startFakeRelay>>;

export async function startFakeRelay() {
  const state = {
    logId: 'log-1',
    /** As it says of itself. */
    protocol: PROTOCOL_VERSION,
    lineage: [] as Lineage[],
    writeLevel: OP_LEVEL,
    /** Secrets of the team's epochs; an invite brings them. */
    ring: [] as readonly string[],
    /** Entries up to here are compacted away. */
    horizon: 0,
    log: [] as LogEntry[],
    devices: new Map<string, FakeDevice>(),
    invites: new Map<string, { role: Role; agentId?: string }>(),
    digests: [] as (DigestFrame & { deviceId: string })[],
    requests: [] as Received[],
    snapshots: [] as { meta: SnapshotMeta; bytes: Buffer }[],
    /** Nobody gets a connection. */
    isDown: false,
    /** Desktops are greeted and then hear nothing of the log. */
    holdsBack: false,
    /** Ops are taken off the line and lost. */
    losesPushes: false,
    lostPushes: 0,
    /** Of every connection so far. */
    hellos: [] as { deviceId: string; logId: string | null; after: number }[],
    /** How many uploads of parts fail before one succeeds. */
    failParts: 0,
    /** Answers to requests that begin with this path, instead of the usual ones. */
    answers: new Map<string, { status: number; body: unknown }>(),
  };
  const lines = new Set<Line>();
  const uploads = new Map<string, { meta: SnapshotMeta; parts: Map<number, Buffer> }>();
  let counter = 0;
  const nextId = (kind: string): string => `${kind}-${(counter += 1)}`;

  const send = (socket: WebSocket, frame: ServerFrame): void => socket.send(JSON.stringify(frame));
  const broadcast = (frame: ServerFrame): void => {
    for (const { socket } of lines) send(socket, frame);
  };
  const append = (entries: LogEntry[]): void => {
    if (entries.length === 0) return;
    state.log.push(...entries);
    for (let n = 0; n < entries.length; n += PAGE) broadcast({ t: 'entries', entries: entries.slice(n, n + PAGE), head: state.log.length });
  };
  const appendEvent = (event: RelayEvent): void => append([{ kind: 'relay', seq: state.log.length + 1, receivedAt: Date.now(), body: JSON.stringify(event) }]);
  const webhookEntry = (seq: number, from: string, text: string): LogEntry => ({
    kind: 'webhook',
    seq,
    receivedAt: Date.now(),
    body: JSON.stringify({
      item: 'message',
      field: 'messages',
      wabaId: '102290129340398',
      metadata: { display_phone_number: '50222334455', phone_number_id: '106540352242922' },
      contacts: [{ wa_id: from, profile: { name: `Cliente ${from}` } }],
      payload: { id: `wamid.in.${seq}`, from, timestamp: String(Math.floor(Date.now() / 1000)), type: 'text', text: { body: text } },
    }),
  });

  const onPush = (line: Line, ops: PushedOp[]): void => {
    const { device, socket } = line;
    const added: LogEntry[] = [];
    for (const op of ops) {
      if (op.deviceSeq <= device.last) {
        const stored = state.log.find((entry) => entry.kind === 'op' && entry.deviceId === device.id && entry.deviceSeq === op.deviceSeq);
        if (stored?.kind === 'op' && stored.opId !== op.opId) return send(socket, { t: 'refused', refusal: { code: 'device_forked', last: device.last } });
        continue;
      }
      if (op.deviceSeq > device.last + 1) return send(socket, { t: 'refused', refusal: { code: 'gap', last: device.last } });
      device.last = op.deviceSeq;
      if (state.log.some((entry) => entry.kind === 'op' && entry.opId === op.opId)) continue;
      added.push({ kind: 'op', seq: state.log.length + added.length + 1, receivedAt: Date.now(), deviceId: device.id, actorId: device.agentId, ...op });
    }
    append(added);
    send(socket, { t: 'ack', last: device.last, head: state.log.length });
  };

  const readNewestKey = async (): Promise<NewestKey> => {
    const [epoch, secret] = [state.ring.length, state.ring.at(-1)];
    return { epoch, publicKey: secret === undefined ? null : await derivePublicKey(deriveEpochKeys(epoch, secret)) };
  };
  const onHello = async (line: Line, hello: Extract<ClientFrame, { t: 'hello' }>): Promise<void> => {
    const { device, socket } = line;
    state.hellos.push({ deviceId: device.id, logId: hello.logId, after: hello.after });
    const refuse = (refusal: Extract<ServerFrame, { t: 'refused' }>['refusal']): void => {
      send(socket, { t: 'refused', refusal });
      socket.close();
    };
    if (device.isRevoked) return refuse({ code: 'revoked', wipe: device.wipe });
    if (hello.logId !== null && hello.logId !== state.logId) return refuse({ code: 'wrong_log', logId: state.logId, lineage: state.lineage });
    if (hello.after > state.log.length) return refuse({ code: 'cursor_ahead', head: state.log.length });
    const key = await readNewestKey();
    if (hello.after < state.horizon) return refuse({ code: 'cursor_too_old', snapshotSeq: state.snapshots.at(-1)?.meta.seq ?? 0, ...key });
    lines.add(line);
    send(socket, {
      t: 'welcome',
      protocol: state.protocol,
      logId: state.logId,
      head: state.log.length,
      now: Date.now(),
      lastDeviceSeq: device.last,
      device: { id: device.id, agentId: device.agentId, agentName: device.agentName, role: device.role },
      writeLevel: state.writeLevel,
      ...key,
      snapshots: state.snapshots.slice(-1).map(({ meta }) => ({ seq: meta.seq, stateVersion: meta.stateVersion })),
    });
    const missing = state.holdsBack ? [] : state.log.slice(hello.after);
    for (let n = 0; n < missing.length; n += PAGE) send(socket, { t: 'entries', entries: missing.slice(n, n + PAGE), head: state.log.length });
    showPresence();
  };

  const showPresence = (): void => broadcast({ t: 'presence', present: [...lines].map(({ presence }) => presence) });

  const server = createServer((request, response) => void answer(request, response));
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, raw, head) => {
    if (state.isDown) return raw.destroy();
    const device = findDevice(request);
    if (request.url !== SYNC_PATH || !device) return raw.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 24\r\n\r\n{"error":"unauthorized"}');
    sockets.handleUpgrade(request, raw, head, (socket) => {
      const line: Line = { socket, device, presence: { agentId: device.agentId, deviceId: device.id, conversationId: null, activity: 'viewing' } };
      socket.on('message', (data) => {
        const frame = clientFrameSchema.parse(JSON.parse(String(data)));
        if (frame.t === 'hello') void onHello(line, frame);
        if (frame.t === 'push' && state.losesPushes) state.lostPushes += 1;
        else if (frame.t === 'push') onPush(line, frame.ops);
        if (frame.t === 'digest') state.digests.push({ ...frame, deviceId: device.id });
        if (frame.t !== 'presence') return;
        line.presence = { ...line.presence, conversationId: frame.conversationId, activity: frame.activity };
        showPresence();
      });
      socket.on('close', () => {
        if (lines.delete(line)) showPresence();
      });
    });
  });
  const findDevice = (request: IncomingMessage): FakeDevice | undefined =>
    [...state.devices.values()].find((device) => request.headers.authorization === `Bearer ${device.token}` && !(device.isRevoked && !device.wipe));

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    const path = request.url ?? '';
    const body: unknown = request.headers['content-type'] === 'application/json' ? JSON.parse(String(bytes)) : null;
    state.requests.push({ method: request.method ?? '', path, body });
    const reply = (status: number, json: unknown): void => void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
    const planned = [...state.answers].find(([prefix]) => path.startsWith(prefix))?.[1];
    if (planned) return reply(planned.status, planned.body);
    if (path === '/api/enroll') return reply(...enroll(body));
    const device = findDevice(request);
    if (!device) return reply(401, { error: 'unauthorized' });
    if (path === '/api/devices/renew') {
      const renewed = addDevice({ agentId: device.agentId, agentName: device.agentName, role: device.role, publicKey: (body as { publicKey?: string }).publicKey });
      return reply(200, describe(renewed));
    }
    if (path.startsWith('/api/snapshots')) return answerSnapshot(request.method ?? '', path, body, bytes, response, reply);
    if (path === '/api/devices') return reply(200, []);
    if (path === '/api/invites') {
      const code = `CODE-${nextId('invite')}`.toUpperCase().replace('INVITE-', '000');
      state.invites.set(code, body as { role: Role });
      return reply(200, { code, expiresAt: Date.now() + 1e6 });
    }
    return reply(404, { error: 'not_found' });
  }

  function answerSnapshot(method: string, path: string, body: unknown, bytes: Buffer, response: ServerResponse, reply: (status: number, json: unknown) => void): void {
    const [first = '', second] = path.slice('/api/snapshots/'.length).split('/');
    if (method === 'POST' && first === '') {
      const id = nextId('upload');
      uploads.set(id, { meta: snapshotMetaSchema.parse(body), parts: new Map() });
      return reply(200, { id });
    }
    const upload = uploads.get(first);
    if (method === 'PUT' && upload) {
      if (state.failParts > 0) {
        state.failParts -= 1;
        return reply(503, {});
      }
      upload.parts.set(Number(second), bytes);
      return reply(200, {});
    }
    if (method === 'POST' && upload) {
      const whole = Buffer.concat([...upload.parts].toSorted(([a], [b]) => a - b).map(([, part]) => part));
      if (createHash('sha256').update(whole).digest('hex') !== upload.meta.sha256) return reply(400, { error: 'bad_request' });
      state.snapshots.push({ meta: upload.meta, bytes: whole });
      return reply(200, {});
    }
    const [seq, version, part] = path.slice('/api/snapshots/'.length).split('/').map(Number);
    const found = state.snapshots.find(({ meta }) => meta.seq === seq && meta.stateVersion === version);
    if (!found) return reply(404, { error: 'not_found' });
    if (part === undefined) return reply(200, found.meta);
    response.end(found.bytes.subarray(part * SNAPSHOT_PART_BYTES, (part + 1) * SNAPSHOT_PART_BYTES));
  }

  function enroll(body: unknown): [number, unknown] {
    const parsed = enrollRequestSchema.safeParse(body);
    if (!parsed.success) return [400, { error: 'bad_request' }];
    const invite = state.invites.get(parsed.data.invite);
    if (!invite) return [404, { error: 'invite_unknown' }];
    state.invites.delete(parsed.data.invite);
    const sealedRing = state.ring.length === 0 ? null : sealInvitedRing(state.ring, INVITE_SECRET, state.logId);
    const device = addDevice({ agentId: invite.agentId ?? nextId('agent'), agentName: parsed.data.agentName, role: invite.role, publicKey: parsed.data.publicKey });
    return [200, { ...describe(device), sealedRing }];
  }
  const describe = ({ id, token, agentId, agentName, role }: FakeDevice) => ({ deviceId: id, token, logId: state.logId, agentId, agentName, role });
  function addDevice(from: Pick<FakeDevice, 'agentId' | 'agentName' | 'role' | 'publicKey'>): FakeDevice {
    const device: FakeDevice = { ...from, id: nextId('device'), token: randomBytes(32).toString('base64url'), last: 0, isRevoked: false, wipe: false };
    state.devices.set(device.id, device);
    const { id: deviceId, agentId, agentName, role, publicKey } = device;
    appendEvent({ type: 'device.enrolled', deviceId, agentId, agentName, role, deviceName: 'desk', ...(publicKey === undefined ? {} : { publicKey }) });
    return device;
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    state,
    addDevice,
    appendEvent,
    append,
    /** Somebody writes: `count` messages, spread over `customers`. */
    customersWrite: (count: number, customers = 3): void => {
      const first = state.log.length + 1;
      append(Array.from({ length: count }, (_, n) => webhookEntry(first + n, `5025555${String(n % customers).padStart(4, '0')}`, `mensaje ${first + n}`)));
    },
    invite: (role: Role = 'agent', agentId?: string): string => {
      const code = `7ZQ4-0M9K-${nextId('C0DE').replace('-', '').padStart(8, '0').toUpperCase()}`;
      state.invites.set(code, { role, ...(agentId === undefined ? {} : { agentId }) });
      return state.ring.length === 0 ? code : joinInvite(code, INVITE_SECRET);
    },
    say: (deviceId: string, frame: ServerFrame): void => {
      for (const line of lines) if (line.device.id === deviceId) send(line.socket, frame);
    },
    /** Whatever it is. Resolves when the desktop has read it, or is gone. */
    sayRaw: async (deviceId: string, text: string): Promise<void> => {
      for (const { socket, device } of lines) {
        if (device.id !== deviceId || socket.readyState !== socket.OPEN) continue;
        const read = new AbortController();
        const heard = ['pong', 'close'].map((event) => once(socket, event, { signal: read.signal }).catch(() => undefined));
        socket.send(text);
        socket.ping();
        await Promise.race(heard);
        read.abort();
      }
    },
    isConnected: (deviceId: string): boolean => [...lines].some(({ device }) => device.id === deviceId),
    presence: (): Presence[] => [...lines].map(({ presence }) => presence),
    cutLines: (): void => {
      for (const { socket } of lines) socket.terminate();
    },
    stop: async (): Promise<void> => {
      for (const client of sockets.clients) client.terminate();
      server.close();
      server.closeAllConnections();
      await once(server, 'close').catch(() => undefined);
    },
  };
}
