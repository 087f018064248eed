/** What the relay tells of its own webhook, and what it tells nobody: its secrets. */
import { createServer, type RequestListener } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { relayDiagnosticsSchema, type RelayDiagnostics } from '../../../contract/wire-http.ts';
import { APP_SECRET, ask, enrollDevice, postWebhook, startRelay, textMessage, VERIFY_TOKEN, type TestRelay } from './relay-harness.ts';

const APP_ID = '900000000000001';
const PATH = '/api/diagnostics';

/** Answers like Meta's `/{app id}/subscriptions`, and at every other path like a stranger's web server. */
async function startGraph(subscription: () => unknown) {
  const requests: { path: string; authorization: string | undefined }[] = [];
  const server = await startServer((request, response) => {
    requests.push({ path: request.url ?? '', authorization: request.headers.authorization });
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(request.url?.endsWith('/subscriptions') ? subscription() : { hello: 'stranger' }));
  });
  return { ...server, requests };
}

async function startServer(answer: RequestListener) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const read = async (relay: TestRelay, token: string): Promise<RelayDiagnostics> => {
  const { status, json } = await ask(relay.url, 'GET', PATH, token);
  expect(status).toBe(200);
  return relayDiagnosticsSchema.parse(json);
};
const verify = (relay: TestRelay, token: string): Promise<Response> =>
  fetch(`${relay.webhookUrl}?${new URLSearchParams({ 'hub.mode': 'subscribe', 'hub.verify_token': token, 'hub.challenge': '42' }).toString()}`);
const subscribed = (callbackUrl: string, active = true): unknown => ({
  data: [{ object: 'whatsapp_business_account', callback_url: callbackUrl, active, fields: [{ name: 'messages', version: 'v25.0' }, 'security'] }],
});

test('it is for members only', async () => {
  await using relay = await startRelay();
  expect((await ask(relay.url, 'GET', PATH, 'nobody')).status).toBe(401);
});

test('it counts what Meta was answered, and a right signature ends the count of wrong ones', async () => {
  await using relay = await startRelay();
  const { token } = await enrollDevice(relay);
  expect(await read(relay, token)).toMatchObject({
    verify: { at: null, wasRight: null },
    webhook: { acceptedAt: null, refusedAt: null, refusals: 0 },
    slowestAckMs: null,
    subscription: null,
    callback: null,
  });

  await verify(relay, 'wrong');
  for (let n = 0; n < 2; n += 1) await postWebhook(relay.webhookUrl, textMessage('wamid.1'), { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` });
  expect(await read(relay, token)).toMatchObject({ verify: { wasRight: false }, webhook: { acceptedAt: null, refusals: 2 } });

  await verify(relay, VERIFY_TOKEN);
  await postWebhook(relay.webhookUrl, textMessage('wamid.1'));
  const after = await read(relay, token);
  expect(after).toMatchObject({
    verify: { wasRight: true },
    webhook: { refusals: 0, acceptedAt: expect.any(Number), refusedAt: expect.any(Number) },
    slowestAckMs: expect.any(Number),
    backlogBytes: 0,
  });
  expect(after.head).toBe((await relay.store.readStatus()).head);
});

test('it asks Meta with the secret of the app, and finds itself behind the address on file', async () => {
  let callbackUrl = '';
  await using graph = await startGraph(() => subscribed(callbackUrl));
  await using relay = await startRelay({ settings: { appId: APP_ID, graphBaseUrl: graph.url } });
  callbackUrl = relay.webhookUrl;
  const { token } = await enrollDevice(relay);
  const found = await read(relay, token);
  expect(found.subscription).toEqual({ callbackUrl, fields: ['messages', 'security'], isActive: true, error: null });
  expect(found.callback?.isOurs).toBe(true);
  expect(graph.requests).toEqual([{ path: `/v25.0/${APP_ID}/subscriptions`, authorization: `Bearer ${APP_ID}|${APP_SECRET}` }]);
  // Its own question is no verification by Meta.
  expect(found.verify.at).toBeNull();
});

test('a stranger behind the address on file learns neither the verify token nor the app secret', async () => {
  let callbackUrl = '';
  await using graph = await startGraph(() => subscribed(callbackUrl));
  callbackUrl = `${graph.url}/theirs`;
  await using relay = await startRelay({ settings: { appId: APP_ID, graphBaseUrl: graph.url } });
  const { token } = await enrollDevice(relay);
  expect((await read(relay, token)).callback?.isOurs).toBe(false);
  const asked = graph.requests.filter(({ path }) => path.startsWith('/theirs'));
  expect(asked).toHaveLength(1);
  expect(JSON.stringify(asked)).not.toContain(VERIFY_TOKEN);
  expect(JSON.stringify(asked)).not.toContain(APP_SECRET);
  // What they were given is good for nothing afterwards.
  const word = new URL(asked[0]!.path, graph.url).searchParams.get('hub.verify_token')!;
  expect((await verify(relay, word)).status).toBe(403);
  expect(relay.logLines.join('\n')).not.toContain(APP_SECRET);
});

test('a stranger who answers without end is not listened to any longer', async () => {
  const hungUp = Promise.withResolvers<void>();
  await using endless = await startServer((_request, response) => {
    const send = (): void => void (response.destroyed || response.write(Buffer.alloc(64 * 1024, 'x'), send));
    response.on('close', () => hungUp.resolve());
    send();
  });
  await using graph = await startGraph(() => subscribed(`${endless.url}/theirs`));
  await using relay = await startRelay({ settings: { appId: APP_ID, graphBaseUrl: graph.url } });
  const { token } = await enrollDevice(relay);
  expect((await read(relay, token)).callback).toEqual({ isOurs: false, detail: 'other answer: http 200' });
  await hungUp.promise;
});

test.each([
  ['an address without TLS', (): unknown => subscribed('http://relay.example.com/x'), { isOurs: false, detail: 'not https' }],
  ['an address at which nobody listens', (): unknown => subscribed('http://127.0.0.1:9/x'), { isOurs: false, detail: 'unreachable' }],
])('%s is told apart', async (_name, answer, callback) => {
  await using graph = await startGraph(answer);
  await using relay = await startRelay({ settings: { appId: APP_ID, graphBaseUrl: graph.url } });
  const { token } = await enrollDevice(relay);
  expect((await read(relay, token)).callback).toEqual(callback);
});

test.each([
  ['a refusal', { error: { code: 190, message: 'Invalid OAuth access token' } }, 'code 190'],
  ['something that is no answer of Meta', ['?'], 'http 200'],
])('%s is said, and nothing else of it', async (_name, answer, error) => {
  await using graph = await startGraph(() => answer);
  await using relay = await startRelay({ settings: { appId: APP_ID, graphBaseUrl: graph.url } });
  const { token } = await enrollDevice(relay);
  expect(await read(relay, token)).toMatchObject({ subscription: { error, callbackUrl: null }, callback: null });
});

test('Meta is away: said within the time that a desktop waits', async () => {
  await using relay = await startRelay({ settings: { appId: APP_ID } });
  const { token } = await enrollDevice(relay);
  expect((await read(relay, token)).subscription?.error).toBe('no answer');
});

test('the verify token goes to an admin who asks for it, and to nobody else, and never into the log', async () => {
  await using relay = await startRelay();
  const admin = await enrollDevice(relay, 'Ada', { role: 'admin' });
  const lead = await enrollDevice(relay, 'Lea', { role: 'lead' });
  const path = '/api/webhook-settings';
  expect(await ask(relay.url, 'GET', path, admin.token)).toEqual({ status: 200, json: { publicUrl: null, verifyToken: VERIFY_TOKEN } });
  expect(await ask(relay.url, 'GET', path, lead.token)).toEqual({ status: 403, json: { error: 'forbidden' } });
  expect((await ask(relay.url, 'GET', path, 'nobody')).status).toBe(401);
  expect(relay.logLines.join('\n')).not.toContain(VERIFY_TOKEN);
});
