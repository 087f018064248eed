import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { waitUntil } from '../../support/wait-until.ts';
import signatureCases from '../../fixtures/signature-cases.json' with { type: 'json' };
import { systemPorts } from '../../../webhook-relay/system-ports.ts';
import { APP_SECRET, connectDesktop, envelope, itemOf, postWebhook, readLog, sign, startRelay, textMessage, VERIFY_TOKEN, wamidOf } from './relay-harness.ts';

const verify = async (webhookUrl: string, query: string): Promise<{ status: number; text: string; type: string | null }> => {
  const response = await fetch(`${webhookUrl}?${query}`);
  return { status: response.status, text: await response.text(), type: response.headers.get('content-type') };
};

test('verification answers the challenge and nothing else, and only for the right token', async () => {
  await using relay = await startRelay();
  const right = `hub.mode=subscribe&hub.verify_token=${VERIFY_TOKEN}&hub.challenge=1158201444`;
  expect(await verify(relay.webhookUrl, right)).toEqual({ status: 200, text: '1158201444', type: 'text/plain; charset=utf-8' });
  for (const query of [
    '',
    right.replace(VERIFY_TOKEN, 'wrong'),
    right.replace(VERIFY_TOKEN, ''),
    right.replace('subscribe', 'unsubscribe'),
    right.replace('&hub.challenge=1158201444', ''),
    `${right}&hub.verify_token=${VERIFY_TOKEN}`,
    `${right}&hub.challenge=2`,
    right.replace('hub.verify_token', 'hub.verify_token[]'),
    right.replaceAll('hub.', 'hub_'),
  ]) {
    expect((await verify(relay.webhookUrl, query)).status, query).toBe(403);
  }
});

for (const { name, raw_base64: raw, header, valid } of signatureCases.cases) {
  test(`signature case over HTTP: ${name} → ${valid ? '200 and stored' : '401 and nothing stored'}`, async () => {
    await using relay = await startRelay();
    expect(await postWebhook(relay.webhookUrl, Buffer.from(raw, 'base64'), { 'x-hub-signature-256': header })).toBe(valid ? 200 : 401);
    expect((await relay.store.readStatus()).webhooks).toBe(valid ? 1 : 0);
  });
}

test('a body of 0 bytes with a right signature is kept as unrecognised', async () => {
  await using relay = await startRelay();
  expect(await postWebhook(relay.webhookUrl, Buffer.alloc(0))).toBe(200);
  expect(itemOf((await readLog(relay.store))[0])).toEqual({ item: 'unrecognised', text: '' });
  expect(await relay.store.readStatus()).toMatchObject({ webhooks: 1, unrecognised: 1 });
});

test('a post without a signature stores nothing', async () => {
  await using relay = await startRelay();
  const response = await fetch(relay.webhookUrl, { method: 'POST', body: JSON.stringify(textMessage('a')) });
  expect(response.status).toBe(401);
  expect((await relay.store.readStatus()).head).toBe(0);
});

test('the content type does not matter, and a chunked body is taken', async () => {
  await using relay = await startRelay();
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=latin1', '']) {
    expect(await postWebhook(relay.webhookUrl, textMessage(`type ${type}`, 'é 🙂'), type === '' ? {} : { 'content-type': type })).toBe(200);
  }
  const raw = Buffer.from(JSON.stringify(textMessage('chunked', 'ñ')));
  const status = await new Promise((resolve, reject) => {
    const request = httpRequest(relay.webhookUrl, { method: 'POST', headers: { 'x-hub-signature-256': sign(raw) } }, (response) => resolve(response.resume().statusCode));
    request.on('error', reject);
    for (const byte of raw.subarray(0, 50)) request.write(Buffer.from([byte]));
    request.end(raw.subarray(50));
  });
  expect(status).toBe(200);
  expect(await relay.store.readStatus()).toMatchObject({ webhooks: 5, unrecognised: 0 });
});

test('compressed bodies are refused, although their signature is right', async () => {
  await using relay = await startRelay();
  const raw = gzipSync(JSON.stringify(textMessage('a')));
  expect(await postWebhook(relay.webhookUrl, raw, { 'content-encoding': 'gzip' })).toBe(415);
  expect((await relay.store.readStatus()).head).toBe(0);
});

test('2.9 MB is taken; more than 4 MB is refused and the relay goes on', async () => {
  await using relay = await startRelay();
  expect(await postWebhook(relay.webhookUrl, textMessage('big', 'x'.repeat(2_900_000)))).toBe(200);
  expect(await postWebhook(relay.webhookUrl, textMessage('too big', 'x'.repeat(4_200_000)))).toBe(413);
  expect(await postWebhook(relay.webhookUrl, textMessage('small'))).toBe(200);
  expect((await readLog(relay.store)).map(wamidOf)).toEqual(['big', 'small']);
});

test('five copies of one batch at the same moment are stored once, and all are answered 200', async () => {
  await using relay = await startRelay();
  const body = { ...(textMessage('a') as { object: string; entry: object[] }) };
  body.entry = [
    ...body.entry,
    ...(textMessage('b') as typeof body).entry,
    ...(envelope({ statuses: [{ id: 'a', status: 'read' }] }) as typeof body).entry,
    ...(envelope({ event: 'X' }, 'account_update') as typeof body).entry,
  ];
  expect(await Promise.all(Array.from({ length: 5 }, () => postWebhook(relay.webhookUrl, body)))).toEqual([200, 200, 200, 200, 200]);
  expect(await relay.store.readStatus()).toMatchObject({ head: 4, webhooks: 4, duplicates: 16 });
});

test('a broken element in the middle of a batch costs no other one', async () => {
  await using relay = await startRelay();
  expect(await postWebhook(relay.webhookUrl, envelope({ messages: [{ id: 'a' }, 'broken', { id: 'b' }], statuses: [null, { id: 'a', status: 'sent' }] }))).toBe(200);
  expect((await readLog(relay.store)).map((entry) => itemOf(entry).item)).toEqual(['message', 'unrecognised', 'message', 'unrecognised', 'status']);
  expect(await relay.store.readStatus()).toMatchObject({ webhooks: 5, unrecognised: 2 });
});

test('posts that arrive together share a commit; when it fails all get 500, nothing is stored, and the relay goes on', async () => {
  const groups: number[] = [];
  let failures = 0;
  await using relay = await startRelay({
    wrap: (store) => ({
      ...store,
      append: async (group) => {
        groups.push(group.length);
        if (failures > 0) {
          failures -= 1;
          throw new Error('SQLITE_FULL');
        }
        return store.append(group);
      },
    }),
  });
  const names = Array.from({ length: 40 }, (_, n) => `m${n}`);
  const postAll = async (): Promise<Set<number>> => new Set(await Promise.all(names.map((name) => postWebhook(relay.webhookUrl, textMessage(name)))));

  failures = Number.MAX_SAFE_INTEGER;
  expect(await postAll()).toEqual(new Set([500]));
  expect((await relay.store.readStatus()).head).toBe(0);
  failures = 0;
  groups.length = 0;
  expect(await postAll()).toEqual(new Set([200]));
  expect(groups.reduce((sum, size) => sum + size, 0)).toBe(40);
  expect(groups.length).toBeLessThan(40);
  expect((await readLog(relay.store)).map(({ seq }) => seq)).toEqual(Array.from({ length: 40 }, (_, n) => n + 1));
});

test('200 comes only after the commit', async () => {
  const gate = Promise.withResolvers<void>();
  let isAsked = false;
  await using relay = await startRelay({
    wrap: (store) => ({
      ...store,
      append: async (group) => {
        isAsked = true;
        await gate.promise;
        return store.append(group);
      },
    }),
  });
  let isAnswered = false;
  const posted = postWebhook(relay.webhookUrl, textMessage('a')).finally(() => (isAnswered = true));
  for (let n = 0; n < 1_000 && !isAsked; n += 1) await new Promise((resolve) => setTimeout(resolve, 5));
  for (let n = 0; n < 50; n += 1) await new Promise((resolve) => setImmediate(resolve));
  expect([isAsked, isAnswered, (await relay.store.readStatus()).head]).toEqual([true, false, 0]);
  gate.resolve();
  expect(await posted).toBe(200);
  expect((await relay.store.readStatus()).head).toBe(1);
});

test('neither text, names, numbers nor secrets reach the log lines, also when things go wrong', async () => {
  await using relay = await startRelay();
  await postWebhook(relay.webhookUrl, textMessage('wamid.SECRETID', 'sesame'));
  await postWebhook(relay.webhookUrl, textMessage('wamid.SECRETID', 'sesame'), { 'x-hub-signature-256': sign('other') });
  await verify(relay.webhookUrl, 'hub.mode=subscribe&hub.verify_token=sesame&hub.challenge=1');
  await fetch(`${relay.url}/api/enroll`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"invite":"sesame' });
  const lines = relay.logLines.join('\n');
  expect(lines).toMatch(/webhook\.refused/);
  for (const word of ['sesame', 'Ana', '5025551234', 'SECRETID', APP_SECRET, VERIFY_TOKEN]) expect(lines).not.toContain(word);
});

test('health, unknown paths and broken requests answer short JSON without traces of what is inside', async () => {
  let isBroken = false;
  await using relay = await startRelay({ wrap: (store) => ({ ...store, readStatus: async () => (isBroken ? Promise.reject(new Error('disk I/O error in /srv')) : store.readStatus()) }) });
  const health = await fetch(`${relay.url}/healthz`);
  expect([health.status, await health.json()]).toEqual([200, { ok: true, logId: relay.store.logId, head: 0 }]);
  expect(health.headers.get('x-powered-by')).toBeNull();
  isBroken = true;
  const broken = await fetch(`${relay.url}/healthz`);
  expect([broken.status, await broken.text()]).toEqual([503, '{"ok":false}']);
  const missing = await fetch(`${relay.url}/nowhere`);
  expect([missing.status, await missing.json()]).toEqual([404, { error: 'not_found' }]);
  const tooBig = await fetch(`${relay.url}/api/enroll`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ invite: 'x'.repeat(50_000) }) });
  expect([tooBig.status, await tooBig.json()]).toEqual([413, { error: 'payload_too_large' }]);
  const malformed = await fetch(`${relay.url}/api/enroll`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' });
  expect([malformed.status, await malformed.json()]).toEqual([400, { error: 'bad_request' }]);
});

test('a sender that goes away in the middle of its body stores nothing and does no harm', async () => {
  await using relay = await startRelay();
  const { port } = new URL(relay.url);
  const raw = JSON.stringify(textMessage('a'));
  await new Promise<void>((resolve) => {
    const socket = connect(Number(port), '127.0.0.1', () => {
      socket.write(`POST /api/whatsapp/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: ${raw.length}\r\nX-Hub-Signature-256: ${sign(raw)}\r\n\r\n${raw.slice(0, 20)}`, () => socket.destroy());
    });
    socket.on('close', () => resolve());
  });
  expect(await postWebhook(relay.webhookUrl, textMessage('b'))).toBe(200);
  expect((await readLog(relay.store)).map(wamidOf)).toEqual(['b']);
});

/** Announces a body of which nothing follows. */
function announceBody(url: string, headers: Record<string, string | number>): Socket {
  const socket = connect(Number(new URL(url).port), '127.0.0.1', () => {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`POST /api/whatsapp/webhook HTTP/1.1\r\nHost: x\r\n${lines.join('')}\r\n`);
  });
  socket.on('error', () => {});
  return socket;
}

async function readAnswer(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await once(socket, 'close');
  return text;
}

test.each([
  ['no signature', {}],
  ['another scheme', { 'X-Hub-Signature-256': `sha1=${'0'.repeat(64)}` }],
  ['a short signature', { 'X-Hub-Signature-256': 'sha256=00' }],
])('a body with %s is refused before any of it is read, and its connection ends', async (_name, headers) => {
  await using relay = await startRelay();
  for (const length of [3_900_000, 40_000_000]) {
    const answer = await readAnswer(announceBody(relay.url, { 'Content-Length': length, ...headers }));
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    expect(answer).toMatch(/^Connection: close\r$/m);
  }
});

test.each([
  ['announced', { 'Content-Length': 4_000_000 }],
  ['of unknown length', { 'Transfer-Encoding': 'chunked' }],
])('bodies under way (%s) have a limit together; beyond it Meta is told to come again, but for small ones', async (_name, headers) => {
  await using relay = await startRelay({ limits: { bodyBytesMax: 5_000_000 } });
  const large = (id: string) => postWebhook(relay.webhookUrl, textMessage(id, 'x'.repeat(2_000_000)));
  const waiting = announceBody(relay.url, { ...headers, 'X-Hub-Signature-256': sign('') });
  let tries = 0;
  await waitUntil('a large one is refused', async () => (await large(`large ${(tries += 1)}`).catch(() => 503)) === 503);
  expect(await postWebhook(relay.webhookUrl, textMessage('small'))).toBe(200);
  waiting.destroy();
  await waitUntil('there is room again', async () => (await large('later').catch(() => 503)) === 200);
  const wamids = (await readLog(relay.store)).map(wamidOf);
  expect(wamids).toEqual(expect.arrayContaining(['small', 'later']));
  expect(wamids).not.toContain(`large ${tries}`);
});

test('connections beyond the limit are not taken, and there is room again when others end', async () => {
  await using relay = await startRelay({ limits: { connectionsMax: 3 } });
  const open = await Promise.all(
    [1, 2, 3].map(async () => {
      const socket = connect(Number(new URL(relay.url).port), '127.0.0.1');
      await once(socket, 'connect');
      return socket;
    }),
  );
  await expect(postWebhook(relay.webhookUrl, textMessage('a'))).rejects.toThrow('fetch failed');
  for (const socket of open) socket.destroy();
  await waitUntil('there is room again', async () => (await postWebhook(relay.webhookUrl, textMessage('b')).catch(() => 0)) === 200);
});

test('a stranger who knocks all day does not fill the log', async () => {
  let now = 1_800_000_000_000;
  await using relay = await startRelay({ ports: { ...systemPorts, now: () => now } });
  const knock = async (times: number): Promise<void> => {
    for (let n = 0; n < times; n += 1) {
      expect((await fetch(relay.webhookUrl, { method: 'POST', body: '{}' })).status).toBe(401);
      await expect(connectDesktop(relay.url, 'wrong')).rejects.toThrow('refused with 401');
    }
  };
  const linesOf = (event: string): string[] => relay.logLines.filter((line) => line.includes(event));
  await knock(50);
  expect([linesOf('webhook.refused').length, linesOf('sync.unauthorized').length]).toEqual([20, 20]);
  now += 60_000;
  await knock(2);
  expect(
    linesOf('sync.unauthorized')
      .slice(20)
      .map((line) => JSON.parse(line) as object),
  ).toEqual([
    { level: 'warn', event: 'sync.unauthorized', suppressed: 30 },
    { level: 'warn', event: 'sync.unauthorized' },
  ]);
});

test('how much is in the log is told only to this machine, not to who comes through its proxy', async () => {
  await using relay = await startRelay();
  for (const headers of [{ 'x-forwarded-for': '203.0.113.7' }, { forwarded: 'for=203.0.113.7' }]) {
    expect(await (await fetch(`${relay.url}/healthz`, { headers })).json()).toEqual({ ok: true });
  }
});

test('a signature over the parsed and re-written body does not pass', async () => {
  await using relay = await startRelay();
  const raw = String.raw`{"object":"whatsapp_business_account","entry":[],"x":"caf\u00e9 \/"}`;
  const rewritten = `sha256=${createHmac('sha256', APP_SECRET)
    .update(JSON.stringify(JSON.parse(raw)))
    .digest('hex')}`;
  expect(await postWebhook(relay.webhookUrl, raw, { 'x-hub-signature-256': rewritten })).toBe(401);
  expect(await postWebhook(relay.webhookUrl, raw)).toBe(200);
});
