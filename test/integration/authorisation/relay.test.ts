/** Every line of `test/authorisation/relay.ts` against a real relay; what becomes of the token of a device that is shut out; and what a captured request or frame is good for. */
import type { Express } from 'express';
import { expect, it } from 'vitest';
import { BLOBS_PATH, ENROLL_PATH, enrollResponseSchema, RENEW_PATH, REVOKE_PATH, type EnrollResponse } from '../../../contract/wire-http.ts';
import { clientFrameSchema, type ClientFrame } from '../../../contract/wire.ts';
import { createRandom } from '../../../main/demo/meta/random.ts';
import { createApp } from '../../../webhook-relay/app.ts';
import { CALLERS, type Caller } from '../../authorisation/engine.ts';
import { FRAME_LINES, ROUTE_LINES, type RelayThings } from '../../authorisation/relay.ts';
import { drawSound } from '../../support/draw-from-schema.ts';
import { ask, connectDesktop, enrollDevice, makeInvite, makeOp, postEnroll, postWebhook, readLog, sign, startRelay, textMessage, type TestRelay } from '../relay/relay-harness.ts';

const SEED = 20_261_123;
const NOBODIES = ['nobody', 'otherWorkspace', 'revoked'] as const;

type Layer = { route?: { path: string; methods: Record<string, boolean> }; handle: { stack?: Layer[] } };
/** Every route that the relay's program has, as `METHOD path`. Nothing is called: what the routes are made with may be anything. */
function listRoutes(): string[] {
  const anything: unknown = new Proxy(() => undefined, { get: (_target, key) => (key === Symbol.toPrimitive ? () => '' : anything), apply: () => anything });
  const settings: Record<PropertyKey, unknown> = { appSecret: 'secret', verifyToken: 'secret', publicUrl: null };
  const deps = new Proxy(settings, { get: (known, key) => (key in known ? known[key as string] : anything) });
  const app = createApp(deps as unknown as Parameters<typeof createApp>[0]) as Express & { router: { stack: Layer[] } };
  const walk = (stack: Layer[]): string[] =>
    stack.flatMap(({ route, handle }) => (route ? Object.keys(route.methods).map((method) => `${method.toUpperCase()} ${route.path}`) : handle.stack ? walk(handle.stack) : []));
  return walk(app.router.stack);
}

/** A fresh address each time, as behind a proxy: who guesses is slowed down by address. */
const createAddresses = () => {
  let count = 0;
  return (): string => `10.0.${Math.floor((count += 1) / 250)}.${count % 250}`;
};

async function setUp(relay: TestRelay): Promise<{ people: Record<Caller | 'other' | 'revoked', EnrollResponse>; things: RelayThings }> {
  const enroll = (name: string, role: Caller = 'agent') => enrollDevice(relay, name, { role });
  const people = { agent: await enroll('Bo'), lead: await enroll('Leo', 'lead'), admin: await enroll('Ana', 'admin'), other: await enroll('Cy'), revoked: await enroll('Gil') };
  await relay.store.revokeDevice(people.revoked.deviceId, { wipe: false, by: people.admin.agentId });
  return { people, things: { otherDevice: people.other.deviceId, otherAgent: people.other.agentId, logId: relay.store.logId } };
}

it('has a line for every route of the relay and every frame of the contract, and for no other', () => {
  expect(Object.keys(ROUTE_LINES).toSorted()).toEqual(listRoutes().toSorted());
  expect(Object.keys(FRAME_LINES).toSorted()).toEqual(clientFrameSchema.options.map((option) => option.shape.t.value).toSorted());
});

it('answers those that may and refuses those that may not', async () => {
  await using relay = await startRelay();
  await using elsewhere = await startRelay();
  const { people, things } = await setUp(relay);
  const tokens: Record<string, string> = { otherWorkspace: (await enrollDevice(elsewhere, 'Eva', { role: 'admin' })).token };
  for (const who of [...CALLERS, 'revoked'] as const) tokens[who] = people[who].token;
  const address = createAddresses();
  const wrong: string[] = [];
  let asked = 0;
  for (const [route, line] of Object.entries(ROUTE_LINES)) {
    const method = route.slice(0, route.indexOf(' '));
    for (const who of [...NOBODIES, ...CALLERS]) {
      const { path, body, headers } = line.request(things);
      const token = tokens[who];
      const response = await fetch(`${relay.url}${path}`, {
        method,
        headers: {
          'x-forwarded-for': address(),
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(typeof body === 'object' && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      await response.arrayBuffer();
      asked += 1;
      const { status } = response;
      const isRight =
        line.answers === 'anybody'
          ? status === 200
          : line.answers === 'secret'
            ? status >= 400 && status < 500
            : line.answers.includes(who as Caller)
              ? ![401, 403, 429].includes(status) && status < 500
              : status === (CALLERS.includes(who as Caller) ? 403 : 401);
      if (!isRight) wrong.push(`${route}: ${who} got ${status}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(asked).toBe(Object.keys(ROUTE_LINES).length * 6);
  // Nothing that was refused has left a trace: what is in the log was asked for by those who may.
  expect(relay.logLines.filter((entry) => entry.includes('"level":"error"'))).toEqual([]);
});

it(`takes the frames of members alone, and each under its own name (seed ${SEED})`, async () => {
  await using relay = await startRelay();
  const { people } = await setUp(relay);
  const random = createRandom(SEED, 'frames');
  const frameOf = (type: string): ClientFrame =>
    drawSound(
      clientFrameSchema.options.find((option) => option.shape.t.value === type)!,
      random,
    ) as ClientFrame;
  for (const type of Object.keys(FRAME_LINES)) {
    for (const token of ['', 'guess']) await expect(connectDesktop(relay.url, token)).rejects.toThrow('refused with 401');
    const shutOut = await connectDesktop(relay.url, people.revoked.token);
    shutOut.send(frameOf(type));
    expect((await shutOut.next('refused')).refusal.code, `${type} of a revoked device`).toBe('revoked');
    await shutOut.closed;
    for (const [who, { answers }] of CALLERS.map((caller) => [caller, FRAME_LINES[type as ClientFrame['t']]] as const)) {
      const desktop = await connectDesktop(relay.url, people[who].token);
      if (type !== 'hello') {
        desktop.send(frameOf(type));
        expect((await desktop.next('refused')).refusal.code, `${type} of ${who} before the hello`).toBe('bad_frame');
        await desktop.closed;
        continue;
      }
      desktop.hello();
      expect((await desktop.next('welcome')).device.agentId).toBe(people[who].agentId);
      desktop.push(makeOp(1, `first-of-${who}`));
      expect((await desktop.next('ack')).last).toBe(1);
      desktop.end();
      expect(answers).toContain(who);
    }
  }
  const ops = (await readLog(relay.store)).flatMap((entry) => (entry.kind === 'op' ? [`${entry.opId} ${entry.actorId}`] : []));
  expect(ops).toEqual(CALLERS.map((who) => `first-of-${who} ${people[who].agentId}`));
});

it('a device that is shut out is nobody from the answer on: its socket ends, what it pushes and asks is refused, and no new token comes of the old one', async () => {
  await using relay = await startRelay();
  const { people } = await setUp(relay);
  const { agent, admin } = people;
  const desktop = await connectDesktop(relay.url, agent.token);
  desktop.hello();
  await desktop.next('welcome');
  desktop.push(makeOp(1));
  await desktop.next('ack');
  const before = (await readLog(relay.store)).length;

  expect((await ask(relay.url, 'POST', `${REVOKE_PATH}/${agent.deviceId}`, admin.token, { wipe: true })).status).toBe(200);
  // Nobody waits for anything between the answer and these.
  desktop.push(makeOp(2));
  const answers = await Promise.all([
    ask(relay.url, 'POST', RENEW_PATH, agent.token, { deviceName: 'again' }),
    ask(relay.url, 'GET', '/api/devices', agent.token),
    ask(relay.url, 'POST', `${BLOBS_PATH}/${'a'.repeat(64)}`, agent.token, { bytes: 1 }),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([401, 401, 401]);
  expect((await desktop.next('refused')).refusal).toEqual({ code: 'revoked', wipe: true });
  expect(await desktop.closed).toBe(1008);
  const news = (await readLog(relay.store)).slice(before);
  expect(
    news.map(({ kind }) => kind),
    'nothing but that it was shut out',
  ).toEqual(['relay']);
});

it('what was captured is good for nothing: frames, enrolments, invites and webhooks sent once more change nothing', async () => {
  await using relay = await startRelay();
  const [ana, bo] = [await enrollDevice(relay, 'Ana'), await enrollDevice(relay, 'Bo')];
  const open = async (token: string) => {
    const desktop = await connectDesktop(relay.url, token);
    desktop.hello();
    await desktop.next('welcome');
    return desktop;
  };
  const one = await open(ana.token);
  const captured = [makeOp(1, 'op-a'), makeOp(2, 'op-b')];
  one.push(...captured);
  await one.next('ack');
  const first = await readLog(relay.store);

  // By the same device, on the same connection and on another one.
  one.push(...captured);
  expect((await one.next('ack')).last).toBe(2);
  const again = await open(ana.token);
  again.push(...captured);
  expect((await again.next('ack')).last).toBe(2);
  expect(await readLog(relay.store)).toEqual(first);
  // By another device, which would have to say it under its own name: the op is in the log once, as it was.
  const other = await open(bo.token);
  other.push(...captured);
  await Promise.race([other.next('refused'), other.next('ack')]);
  const ops = (await readLog(relay.store)).filter((entry) => entry.kind === 'op');
  expect(ops.filter(({ opId }) => opId === 'op-a' || opId === 'op-b').map(({ actorId }) => actorId)).toEqual([ana.agentId, ana.agentId]);
  // A hello that came before is only a hello: without the token there is no connection to say it on.
  await expect(connectDesktop(relay.url, 'guess')).rejects.toThrow('refused with 401');

  const body = { invite: await makeInvite(relay.store, { role: 'admin' }), agentName: 'Eva', deviceName: 'laptop' };
  const joined = enrollResponseSchema.parse((await postEnroll(relay.url, body)).json);
  const afterJoining = await readLog(relay.store);
  for (const deviceName of ['laptop', 'another']) expect(await postEnroll(relay.url, { ...body, deviceName })).toEqual({ status: 409, json: { error: 'invite_used' } });
  await relay.store.revokeDevice(joined.deviceId, { wipe: false, by: null });
  expect((await postEnroll(relay.url, body)).status, 'nor after its device was shut out').toBe(409);
  expect((await readLog(relay.store)).slice(afterJoining.length).map(({ kind }) => kind)).toEqual(['relay']);

  const webhook = Buffer.from(JSON.stringify(textMessage('wamid.captured')));
  expect(await postWebhook(relay.webhookUrl, webhook)).toBe(200);
  const stored = await readLog(relay.store);
  for (let times = 0; times < 3; times += 1) expect(await postWebhook(relay.webhookUrl, webhook)).toBe(200);
  expect(await readLog(relay.store)).toEqual(stored);
  // Its signature is of these bytes and opens no others.
  const changed = Buffer.from(webhook.toString().replace('Hola', 'Adio'));
  expect(await postWebhook(relay.webhookUrl, changed, { 'x-hub-signature-256': sign(webhook) })).toBe(401);
  expect((await ask(relay.url, 'POST', ENROLL_PATH, sign(webhook), webhook.toString())).status).toBe(400);
  expect(await readLog(relay.store)).toEqual(stored);
});
