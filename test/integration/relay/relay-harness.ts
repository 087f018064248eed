/** A real relay on a free port with a real database in a folder of its own, and the two parties that talk to it: Meta and desktops. */
import { createHmac } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { WebSocket } from 'ws';
import { ENROLL_PATH, enrollResponseSchema, type EnrollResponse } from '../../../contract/wire-http.ts';
import { PROTOCOL_VERSION, SYNC_PATH, type LogEntry, type PushedOp, type Role, type ServerFrame } from '../../../contract/wire.ts';
import type { WebhookItem } from '../../../contract/whatsapp/webhook-item.ts';
import { hashInviteCode, makeInviteCode } from '../../../webhook-relay/invite-code.ts';
import type { RelayConfig } from '../../../webhook-relay/config.ts';
import type { LogStore } from '../../../webhook-relay/log-store/interface.ts';
import { createRelay, type Relay, type RelayLimits } from '../../../webhook-relay/server.ts';
import { systemPorts, type RelayPorts } from '../../../webhook-relay/system-ports.ts';
import { openStore } from './store-under-test.ts';

export const APP_SECRET = 'app-secret-for-tests-0123456789ab';
export const VERIFY_TOKEN = 'verify-token-for-tests';

/** A folder that is gone when the test ends. */
export async function makeFolder(): Promise<AsyncDisposable & { path: string }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'relay-test-'));
  return { path: folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

export { openStore };

export type TestRelay = AsyncDisposable & { relay: Relay; url: string; webhookUrl: string; dataDir: string; logLines: string[]; store: LogStore };

/** `wrap` may put faults between the relay and its store. */
export async function startRelay({
  ports = systemPorts,
  limits,
  settings,
  wrap = (store: LogStore): LogStore | Promise<LogStore> => store,
}: { settings?: Partial<RelayConfig>; ports?: RelayPorts; limits?: Partial<RelayLimits>; wrap?: (store: LogStore) => LogStore | Promise<LogStore> } = {}): Promise<TestRelay> {
  const folder = await makeFolder();
  const logLines: string[] = [];
  const store = await openStore(folder.path, ports.now);
  const relay = createRelay({
    config: {
      host: '127.0.0.1',
      port: 0,
      dataDir: folder.path,
      appSecret: APP_SECRET,
      verifyToken: VERIFY_TOKEN,
      logRetentionDays: 90,
      snapshotEvery: 10_000,
      mediaStoreGb: 0.01,
      mediaRetentionDays: 0,
      metricsHost: '127.0.0.1',
      graphBaseUrl: 'http://127.0.0.1:9',
      ...settings,
    },
    ports,
    log: (level, event, fields) => logLines.push(JSON.stringify({ level, event, ...fields })),
    openStore: () => wrap(store),
    ...(limits && { limits }),
  });
  await relay.start();
  const dispose = async (): Promise<void> => {
    await relay.stop();
    await folder[Symbol.asyncDispose]();
  };
  return { relay, url: relay.url, webhookUrl: relay.webhookUrl, dataDir: folder.path, logLines, store, [Symbol.asyncDispose]: dispose };
}

export const sign = (raw: string | Buffer): string => `sha256=${createHmac('sha256', APP_SECRET).update(raw).digest('hex')}`;

/** Posts as Meta does. @returns the HTTP status. */
export async function postWebhook(webhookUrl: string, body: string | Buffer | object, headers: Record<string, string> = {}): Promise<number> {
  const raw = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const response = await fetch(webhookUrl, { method: 'POST', body: raw as BodyInit, headers: { 'content-type': 'application/json', 'x-hub-signature-256': sign(raw), ...headers } });
  await response.arrayBuffer();
  return response.status;
}

export const envelope = (value: unknown, field = 'messages', entry: object = {}): object => ({
  object: 'whatsapp_business_account',
  entry: [{ id: '102290129340398', ...entry, changes: [{ field, value }] }],
});

/** A batch with one text message. */
export const textMessage = (wamid: string, body = 'Hola'): object =>
  envelope({
    messaging_product: 'whatsapp',
    metadata: { display_phone_number: '15550783881', phone_number_id: '106540352242922' },
    contacts: [{ profile: { name: 'Ana' }, wa_id: '5025551234' }],
    messages: [{ from: '5025551234', id: wamid, timestamp: '1764000000', type: 'text', text: { body } }],
  });

/** The whole log. */
export async function readLog(store: Pick<LogStore, 'readAfter'>): Promise<LogEntry[]> {
  const log: LogEntry[] = [];
  for (;;) {
    const { entries } = await store.readAfter(log.at(-1)?.seq ?? 0, { entries: 1000, bytes: 50_000_000 });
    if (entries.length === 0) return log;
    log.push(...entries);
  }
}

export const itemOf = (entry: LogEntry | undefined): WebhookItem => JSON.parse(entry?.body ?? 'null') as WebhookItem;
export const wamidOf = (entry: LogEntry): unknown => (entry.kind === 'webhook' ? (JSON.parse(entry.body) as { payload?: { id?: unknown } }).payload?.id : undefined);

export async function makeInvite(
  store: LogStore,
  { role = 'agent' as Role, agentName = null as string | null, agentId = null as string | null, expiresAt = Date.now() + 3_600_000 } = {},
): Promise<string> {
  const code = makeInviteCode(systemPorts);
  await store.addInvite({ codeHash: hashInviteCode(code), role, agentName, agentId, expiresAt });
  return code;
}

export async function postEnroll(url: string, body: unknown): Promise<{ status: number; json: unknown }> {
  const response = await fetch(`${url}${ENROLL_PATH}`, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
  return { status: response.status, json: await response.json() };
}

/** A device without going through HTTP. @returns its id. */
export async function enrollDeviceInto(store: LogStore): Promise<string> {
  const deviceId = systemPorts.newId();
  const invite = await makeInvite(store, { expiresAt: Number.MAX_SAFE_INTEGER });
  await store.enroll({ inviteHash: hashInviteCode(invite), tokenHash: systemPorts.randomBytes(32), deviceId, deviceName: 'laptop', newAgentId: systemPorts.newId(), agentName: 'Ana' });
  return deviceId;
}

/** `agentId`: a further device of somebody who is a member. */
export async function enrollDevice(
  { url, store }: { url: string; store: LogStore },
  agentName = 'Ana',
  { role = 'agent', agentId = null }: { role?: Role; agentId?: string | null } = {},
): Promise<EnrollResponse> {
  const { status, json } = await postEnroll(url, { invite: await makeInvite(store, { role, agentId, expiresAt: Number.MAX_SAFE_INTEGER }), agentName, deviceName: 'laptop' });
  if (status !== 200) throw new Error(`enrolment failed: ${status}`);
  return enrollResponseSchema.parse(json);
}

/** Asks the relay as the desktop with this token. `json`: the body of the answer. */
export async function ask(url: string, method: string, path: string, token: string, body?: unknown): Promise<{ status: number; json: unknown }> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, json: await response.json() };
}

export const makeOp = (deviceSeq: number, opId = `op-${deviceSeq}`, occurredAt = 0): PushedOp => ({ opId, deviceSeq, v: 1, occurredAt, body: JSON.stringify({ type: 'note', n: deviceSeq }) });

export type Desktop = {
  socket: WebSocket;
  frames: ServerFrame[];
  send(frame: unknown): void;
  hello(after?: number, logId?: string | null, opLevel?: number): void;
  push(...ops: PushedOp[]): void;
  /** Waits for the first frame, not yet waited for, that fits. Fails when the socket closes first. */
  next<T extends ServerFrame['t']>(type: T): Promise<Extract<ServerFrame, { t: T }>>;
  /** Collects entries until the log is known up to `head`. */
  readUntil(head: number): Promise<LogEntry[]>;
  /** The close code. */
  closed: Promise<number>;
  end(): void;
};

/** Opens a desktop's socket; fails with the HTTP status if the relay refuses the upgrade. */
export async function connectDesktop(url: string, token: string, { answersPings = true } = {}): Promise<Desktop> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}${SYNC_PATH}`, { autoPong: answersPings, headers: token === '' ? {} : { authorization: `Bearer ${token}` } });
  const frames: ServerFrame[] = [];
  let taken = 0;
  let isClosed = false;
  let notify = (): void => undefined;
  socket.on('message', (data: Buffer) => {
    frames.push(JSON.parse(data.toString()) as ServerFrame);
    notify();
  });
  const closed = new Promise<number>((resolve) => {
    socket.on('close', (code) => {
      isClosed = true;
      resolve(code);
      notify();
    });
  });
  await new Promise<void>((resolve, reject) => {
    socket.on('open', resolve);
    socket.on('error', reject);
    socket.on('unexpected-response', (_request, response) => reject(new Error(`refused with ${response.statusCode}`)));
  });

  const next: Desktop['next'] = async (type) => {
    for (;;) {
      const index = frames.findIndex((frame, at) => at >= taken && frame.t === type);
      if (index >= 0) {
        taken = index + 1;
        return frames[index] as never;
      }
      if (isClosed) throw new Error(`closed before ${type}; got ${frames.map((frame) => frame.t).join()}`);
      await new Promise<void>((resolve) => (notify = resolve));
    }
  };
  return {
    socket,
    frames,
    next,
    closed,
    send: (frame) => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
    hello: (after = 0, logId = null, opLevel = 1) => socket.send(JSON.stringify({ t: 'hello', protocol: PROTOCOL_VERSION, logId, after, opLevel })),
    push: (...ops) => socket.send(JSON.stringify({ t: 'push', ops })),
    readUntil: async (head) => {
      const seen: LogEntry[] = [];
      while ((seen.at(-1)?.seq ?? 0) < head) seen.push(...(await next('entries')).entries);
      return seen;
    },
    end: () => socket.terminate(),
  };
}
