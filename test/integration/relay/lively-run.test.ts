import { once } from 'node:events';
import { expect, test } from 'vitest';
import { enrollResponseSchema } from '../../../contract/wire-http.ts';
import { startProgram } from '../../support/program.ts';
import { systemPorts } from '../../../webhook-relay/system-ports.ts';
import { APP_SECRET, ask, connectDesktop, makeFolder, makeInvite, makeOp, openStore, postEnroll, postWebhook, readLog, sign, textMessage, VERIFY_TOKEN, wamidOf } from './relay-harness.ts';

const SECRETS = { META_APP_SECRET: APP_SECRET, META_VERIFY_TOKEN: VERIFY_TOKEN };
const serve = (dataDir: string, env: NodeJS.ProcessEnv = {}) => startProgram('webhook-relay/cli.ts', ['serve', '--data-dir', dataDir], { ...SECRETS, RELAY_PORT: '0', ...env });

test('a lively run, with everything that can go wrong, leaves no name, number, text, file’s name or secret in the log', async () => {
  await using folder = await makeFolder();
  const relay = await serve(folder.path);
  const url = relay.ready.url ?? '';
  const webhook = relay.ready['webhook'] as string;
  const store = await openStore(folder.path);
  const codes = [await makeInvite(store, { role: 'admin' }), await makeInvite(store)];
  const planted = ['Sésamo', 'sesame', 'Xicay', '50255551234', 'wamid.PLANTED', 'laptop-of-xicay', '203.0.113.7', ...codes, APP_SECRET, VERIFY_TOKEN];
  const person = { agentName: 'María Xicay', deviceName: 'laptop-of-xicay' };
  const [ana, bo] = await Promise.all(codes.map(async (invite) => enrollResponseSchema.parse((await postEnroll(url, { invite, ...person })).json)));
  if (!ana || !bo) throw new Error('nobody joined');
  planted.push(ana.token, bo.token);

  // Meta, and somebody who would like to be Meta.
  const message = textMessage('wamid.PLANTED', 'Sésamo sesame +502 5555-1234');
  expect(await postWebhook(webhook, JSON.stringify(message).replaceAll('5025551234', '50255551234'))).toBe(200);
  for (const body of ['{"sesame', 'sesame', JSON.stringify({ object: 'whatsapp_business_account', entry: ['Xicay', { changes: [{ field: 'Sésamo', value: 'sesame' }] }] })])
    expect(await postWebhook(webhook, body)).toBe(200);
  expect(await postWebhook(webhook, message, { 'x-hub-signature-256': sign('sesame') })).toBe(401);
  expect(await postWebhook(webhook, message, { 'x-hub-signature-256': 'sesame' })).toBe(401);
  expect(await postWebhook(webhook, message, { 'content-encoding': 'sesame' })).toBe(415);
  expect((await fetch(`${webhook}?hub.mode=subscribe&hub.verify_token=sesame&hub.challenge=Xicay`)).status).toBe(403);
  expect((await fetch(`${webhook}?hub.mode=subscribe&hub.verify_token=${VERIFY_TOKEN}&hub.challenge=Xicay`)).status).toBe(200);

  // Strangers.
  await postEnroll(url, { invite: 'sesame-sesame', ...person });
  await postEnroll(url, { invite: codes[0], ...person });
  const strange = { 'x-forwarded-for': '203.0.113.7', authorization: 'Bearer sesame', 'content-type': 'application/json' };
  const paths = ['enroll', 'invites', 'devices/renew', 'devices/revoke/sesame', 'members/Xicay', 'snapshots', 'snapshots/sesame', 'blobs/sesame', 'blob-claims/Xicay', 'erasures', 'sesame'];
  for (const path of paths) {
    for (const headers of [strange, { ...strange, authorization: `Bearer ${bo.token}` }, { ...strange, authorization: `Bearer ${ana.token}` }]) {
      for (const body of ['{"sesame": "Sésamo', '{"agentName": "Xicay", "sesame": "50255551234"}', '"Sésamo"'])
        await (await fetch(`${url}/api/${path}`, { method: 'POST', headers, body })).arrayBuffer();
    }
  }
  for (const path of ['snapshots/sesame/0', 'blobs/sesame?offset=Xicay'])
    await (await fetch(`${url}/api/${path}`, { method: 'PUT', headers: { authorization: `Bearer ${ana.token}` }, body: 'Sésamo' })).arrayBuffer();
  await expect(connectDesktop(url, 'sesame')).rejects.toThrow('refused with 401');

  // Desktops, well behaved and not.
  const change = { from: 'agent', role: 'lead', name: 'Bo Xicay' };
  expect((await ask(url, 'POST', `/api/members/${bo.agentId}`, ana.token, change)).status).toBe(200);
  const desktop = await connectDesktop(url, bo.token);
  desktop.hello();
  await desktop.next('welcome');
  desktop.send({ t: 'presence', conversationId: 'Xicay', activity: 'away' });
  desktop.push({ ...makeOp(1), body: JSON.stringify({ type: 'note', text: 'Sésamo sesame 50255551234' }) });
  await desktop.next('ack');
  desktop.send({ t: 'sesame', name: 'Xicay' });
  desktop.send({ t: 'push', ops: [{ sesame: 'Xicay' }] });
  expect(await desktop.closed).toBe(1008);
  for (const text of ['{"sesame": Xicay', '{"t":"hello","protocol":"sesame"}']) {
    const rude = await connectDesktop(url, bo.token);
    rude.send(text);
    expect(await rude.closed).toBe(1008);
  }
  expect((await ask(url, 'POST', `/api/devices/revoke/${bo.deviceId}`, ana.token, { wipe: true })).status).toBe(200);
  const devices = (await store.listDevices()).length;
  await store.close();
  expect(await relay.stop()).toBe(0);

  expect(devices).toBeGreaterThanOrEqual(2);
  const lines = relay.stderr().trim().split('\n');
  const events = new Set(lines.map((line) => (JSON.parse(line) as { event: string }).event));
  for (const event of [
    'device.enrolled',
    'enroll.refused',
    'webhook.refused',
    'webhook.verified',
    'http.refused',
    'http.unauthorized',
    'team.refused',
    'member.changed',
    'device.revoked',
    'sync.opened',
    'sync.unknown_frame',
  ])
    expect(events).toContain(event);
  const found = planted.filter((word) => relay.stderr().includes(word) || relay.stderr().includes(JSON.stringify(word).slice(1, -1)));
  expect(found).toEqual([]);
  expect(relay.stderr()).not.toMatch(/\n\s+at /);
});

test('SIGTERM in the middle of a storm: what was answered 200 is in the log, desktops are sent elsewhere, and it ends by itself in time', async () => {
  await using folder = await makeFolder();
  const relay = await serve(folder.path);
  const url = relay.ready.url ?? '';
  const store = await openStore(folder.path);
  const { token } = enrollResponseSchema.parse((await postEnroll(url, { invite: await makeInvite(store), agentName: 'Ana', deviceName: 'laptop' })).json);
  await store.close();
  const desktop = await connectDesktop(url, token);
  desktop.hello();
  await desktop.next('welcome');
  const acknowledged = new Set<string>();
  let isOver = false;
  const sender = async (name: number): Promise<void> => {
    for (let n = 0; !isOver && n < 100_000; n += 1) {
      const wamid = `w${name}-${n}`;
      if ((await postWebhook(relay.ready['webhook'] as string, textMessage(wamid)).catch(() => 0)) === 200) acknowledged.add(wamid);
      if (name === 0 && n === 20) relay.process.kill('SIGTERM');
    }
  };
  const pushes = (async () => {
    let deviceSeq = 0;
    while (!isOver && desktop.socket.readyState === desktop.socket.OPEN && deviceSeq < 100_000) {
      desktop.push(makeOp((deviceSeq += 1), systemPorts.newId()));
      if (!(await desktop.next('ack').catch(() => null))) break;
    }
  })();
  const exited = once(relay.process, 'exit').then((result) => {
    isOver = true;
    return result;
  });
  await Promise.all([...Array.from({ length: 8 }, (_, name) => sender(name)), pushes]);
  expect(await exited).toEqual([0, null]);
  expect(await desktop.closed).toBe(1001);
  expect(acknowledged.size).toBeGreaterThan(20);
  const after = await openStore(folder.path);
  const log = await readLog(after);
  await after.close();
  const stored = new Set(log.map(wamidOf));
  expect([...acknowledged].filter((wamid) => !stored.has(wamid))).toEqual([]);
  const acks = desktop.frames.flatMap((frame) => (frame.t === 'ack' ? [frame.last] : []));
  expect(log.filter(({ kind }) => kind === 'op').length).toBeGreaterThanOrEqual(acks.at(-1) ?? 0);
});
