/** What a desktop reads ahead of what it has applied, how it waits for a key, and what it says of a relay of another version. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Worker } from 'node:worker_threads';
import { afterEach, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { PROTOCOL_VERSION, type LogEntry } from '../../../contract/wire.ts';
import { openDatabase } from '../../../main/engine/db/open-database.ts';
import { createSyncQueries } from '../../../main/engine/db/sync-queries.ts';
import { createChangeCollector } from '../../../main/engine/sync/change-collector.ts';
import { createRelayConnection } from '../../../main/engine/sync/relay-connection.ts';
import type { Replica } from '../../../main/engine/sync/replica.ts';
import { waitUntil } from '../../support/wait-until.ts';

const HEAD = 200_000;
/** What may be under way between the two programs, in the sockets' own buffers, besides what is read ahead. */
const UNDER_WAY = 60_000;

/** A relay that sends a log as fast as its socket takes it, from a thread of its own. */
const RELAY = `
const { parentPort, workerData } = require('node:worker_threads');
const { WebSocketServer } = require('ws');
const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
const sent = new Int32Array(workerData.sent);
server.on('listening', () => parentPort.postMessage(server.address().port));
server.on('connection', (socket) => socket.once('message', () => {
  const device = { id: 'd', agentId: 'a', agentName: 'Ana', role: 'agent' };
  socket.send(JSON.stringify({ t: 'welcome', protocol: 2, logId: 'log', head: workerData.head, now: 0, lastDeviceSeq: 0, device, writeLevel: 2, snapshots: [] }));
  const sendPage = () => {
    const from = sent[0];
    if (from === workerData.head) return;
    const entries = Array.from({ length: 500 }, (_, n) => ({ kind: 'webhook', seq: from + n + 1, receivedAt: 0, body: 'x'.repeat(300) }));
    socket.send(JSON.stringify({ t: 'entries', entries, head: workerData.head }), () => { sent[0] += 500; sendPage(); });
  };
  sendPage();
}));
`;

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/** A desktop of the log, and the relay's port that it knows. */
function openDesktop(port: number) {
  const db = openDatabase(':memory:');
  cleanups.push(() => db.close());
  const queries = createSyncQueries(db);
  queries.enroll(`http://127.0.0.1:${port}`, 'log', 'd', 'a');
  return { db, queries };
}
type Deps = Parameters<typeof createRelayConnection>[0];
function connectTo(queries: Deps['queries'], parts: Pick<Deps, 'replica' | 'sealing' | 'keys'>) {
  const connection = createRelayConnection({
    queries,
    ...parts,
    changes: createChangeCollector({ contact: () => [], request: () => [] }),
    clock: { now: () => 0 },
    random: () => 0,
    log: () => undefined,
    getToken: () => Promise.resolve('token'),
  });
  cleanups.push(() => connection.stop());
  return connection;
}

it('a long log does not pile up in memory: the relay waits with what has not been applied', async () => {
  const sent = new SharedArrayBuffer(4);
  const worker = new Worker(RELAY, { eval: true, workerData: { sent, head: HEAD } });
  cleanups.push(() => worker.terminate());
  const [port] = (await once(worker, 'message')) as [number];

  const { db, queries } = openDesktop(port);
  const setCursor = db.prepare('UPDATE sync_meta SET cursor = ?');
  let ahead = 0;
  let applied = 0;
  /** Slower than the relay. */
  const replica = {
    stopped: null,
    tryAgain: () => undefined,
    receive: (entries: LogEntry[]) => {
      const until = performance.now() + 20;
      while (performance.now() < until);
      ahead = Math.max(ahead, (new Int32Array(sent)[0] ?? 0) - applied);
      applied += entries.length;
      setCursor.run(applied);
      return 'applied';
    },
  } as unknown as Replica;
  const connection = connectTo(queries, { ...withKeys(0), replica });
  connection.start();
  await waitUntil('all of it is applied', () => applied === HEAD);
  expect(ahead).toBeLessThan(UNDER_WAY);
});

it('waits for the key also where the relay has hung up before it knows that there is none for it', async () => {
  const relay = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  cleanups.push(() => relay.close());
  await once(relay, 'listening');
  relay.on('connection', (socket) =>
    socket.once('message', () => {
      socket.send(JSON.stringify({ t: 'refused', refusal: { code: 'cursor_too_old', snapshotSeq: 5, epoch: 1 } }));
      socket.close();
    }),
  );
  const { queries } = openDesktop((relay.address() as AddressInfo).port);
  let asked = 0;
  let isGiven = false;
  let refused = 0;
  const connection = connectTo(queries, {
    replica: { stopped: null, tryAgain: () => undefined, receive: () => 'applied' } as unknown as Replica,
    sealing: {
      load: () => Promise.resolve(),
      newest: () => (isGiven ? 1 : 0),
      open: (entries) => Promise.resolve({ opened: [...entries], missing: null }),
      seal: (ops) => [...ops],
      noteSealedAfter: () => undefined,
    },
    keys: {
      isAgreed: () => isGiven,
      beginLine: () => undefined,
      fetch: async () => {
        asked += 1;
        await waitUntil('the relay has hung up', () => connection.state().state !== 'connecting');
        return isGiven ? 'here' : 'missing';
      },
    },
  });
  connection.listen({ onRefused: () => (refused += 1) > 0 });
  connection.start();
  await waitUntil('it waits', () => connection.state().state === 'waiting_for_key');
  await waitUntil('it asks again', () => asked === 2);
  expect(connection.state().state).toBe('waiting_for_key');
  isGiven = true;
  await waitUntil('it goes on, to the snapshot', () => refused > 0);
});

it('asks anew for which key it waits when it is told to connect: the relay may have been set back to one that is here', async () => {
  const relay = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  cleanups.push(() => relay.close());
  await once(relay, 'listening');
  let hasLaterKey = true;
  relay.on('connection', (socket) =>
    socket.once('message', () => {
      const device = { id: 'd', agentId: 'a', agentName: 'Ana', role: 'agent' };
      socket.send(JSON.stringify({ t: 'welcome', protocol: 5, logId: 'log', head: 0, now: 0, lastDeviceSeq: 0, device, writeLevel: 2, epoch: 1, snapshots: [] }));
      if (hasLaterKey) socket.send(JSON.stringify({ t: 'keys', epoch: 2 }));
    }),
  );
  const { queries } = openDesktop((relay.address() as AddressInfo).port);
  const connection = connectTo(queries, {
    ...withKeys(1),
    keys: { isAgreed: ({ epoch }) => epoch <= 1, fetch: (key) => Promise.resolve((key?.epoch ?? 0) <= 1 ? 'here' : 'missing'), beginLine: () => undefined },
  });
  connection.start();
  await waitUntil('it waits', () => connection.state().state === 'waiting_for_key');
  hasLaterKey = false;
  connection.reconnect();
  await waitUntil('it goes on', () => connection.state().state === 'live');
});

it.each([
  ['an older key than this desktop', 1],
  ['no key at all', 0],
])('says that the relay has %s, and sends nothing before somebody has brought the newest again', async (_name, epoch) => {
  const relay = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  cleanups.push(() => relay.close());
  await once(relay, 'listening');
  relay.on('connection', (socket) =>
    socket.once('message', () => {
      const device = { id: 'd', agentId: 'a', agentName: 'Ana', role: 'agent' };
      socket.send(JSON.stringify({ t: 'welcome', protocol: 5, logId: 'log', head: 0, now: 0, lastDeviceSeq: 0, device, writeLevel: 2, epoch, snapshots: [] }));
    }),
  );
  const { queries } = openDesktop((relay.address() as AddressInfo).port);
  const connection = connectTo(queries, withKeys(2));
  connection.start();
  await waitUntil('it is told', () => connection.state().state === 'live' && connection.state().isKeyLost);
  for (const socket of relay.clients) socket.send(JSON.stringify({ t: 'keys', epoch: 2 }));
  await waitUntil('the key is there again', () => !connection.state().isKeyLost);
  for (const socket of relay.clients) socket.send(JSON.stringify({ t: 'keys', epoch: 1 }));
  await waitUntil('it is lost again', () => connection.state().isKeyLost);
  await connection.stop();
  expect(connection.state().isKeyLost).toBe(false);
});

it('waits for a key at once where the relay sends more than it has room for', async () => {
  const relay = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  cleanups.push(() => relay.close());
  await once(relay, 'listening');
  relay.on('connection', (socket) =>
    socket.once('message', () => {
      const device = { id: 'd', agentId: 'a', agentName: 'Ana', role: 'agent' };
      socket.send(JSON.stringify({ t: 'welcome', protocol: 5, logId: 'log', head: 0, now: 0, lastDeviceSeq: 0, device, writeLevel: 2, epoch: 1, snapshots: [] }));
      const entries = Array.from({ length: 500 }, (_, n) => ({ kind: 'webhook', seq: n + 1, receivedAt: 0, body: '{}' }));
      for (let from = 0; from < 10_000; from += 500) socket.send(JSON.stringify({ t: 'entries', entries: entries.map((entry) => ({ ...entry, seq: entry.seq + from })), head: from + 500 }));
      socket.once('close', () => (closed += 1));
    }),
  );
  let closed = 0;
  const { queries } = openDesktop((relay.address() as AddressInfo).port);
  const connection = connectTo(queries, {
    ...withKeys(0),
    keys: {
      isAgreed: () => false,
      beginLine: () => undefined,
      fetch: async () => {
        await waitUntil('it reads no further', () => connection.state().head > 8_000);
        return 'missing';
      },
    },
  });
  connection.start();
  await waitUntil('the relay is rid of it', () => closed === 1);
  expect(connection.state().state).toBe('waiting_for_key');
});

it('what was asked for the key before it was told to connect again says nothing any more, when it comes at last', async () => {
  const relay = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  cleanups.push(() => relay.close());
  await once(relay, 'listening');
  let epoch = 2;
  relay.on('connection', (socket) =>
    socket.once('message', () => {
      const device = { id: 'd', agentId: 'a', agentName: 'Ana', role: 'agent' };
      socket.send(JSON.stringify({ t: 'welcome', protocol: 5, logId: 'log', head: 0, now: 0, lastDeviceSeq: 0, device, writeLevel: 2, epoch, snapshots: [] }));
    }),
  );
  const { queries } = openDesktop((relay.address() as AddressInfo).port);
  const late: (() => void)[] = [];
  let lines = 0;
  const connection = connectTo(queries, {
    ...withKeys(1),
    keys: {
      isAgreed: (key) => key.epoch === 1,
      fetch: (key) => (key === null ? new Promise((resolve) => late.push(() => resolve('missing'))) : Promise.resolve('missing')),
      beginLine: () => void (lines += 1),
    },
  });
  connection.start();
  await waitUntil('it asks while it waits', () => late.length === 1);
  expect(connection.state().state).toBe('waiting_for_key');
  epoch = 1;
  const before = lines;
  connection.reconnect();
  await waitUntil('it is back', () => connection.state().state === 'live');
  expect(lines).toBe(before + 1);
  late[0]?.();
  await new Promise((resolve) => setTimeout(resolve, 50));
  for (const socket of relay.clients) socket.terminate();
  await waitUntil('the line broke', () => connection.state().state !== 'live');
  expect(connection.state().state).toBe('offline');
});

it('what an older line has asked for the key does not keep back what came on the new one meanwhile', async () => {
  const relay = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  cleanups.push(() => relay.close());
  await once(relay, 'listening');
  let lines = 0;
  relay.on('connection', (socket) =>
    socket.once('message', () => {
      lines += 1;
      const device = { id: 'd', agentId: 'a', agentName: 'Ana', role: 'agent' };
      socket.send(JSON.stringify({ t: 'welcome', protocol: 5, logId: 'log', head: 1, now: 0, lastDeviceSeq: 0, device, writeLevel: 2, epoch: 1, snapshots: [] }));
      socket.send(JSON.stringify({ t: 'entries', entries: [{ kind: 'webhook', seq: 1, receivedAt: 0, body: '{}' }], head: 1 }));
    }),
  );
  const { queries } = openDesktop((relay.address() as AddressInfo).port);
  const asked = Promise.withResolvers<void>();
  let answer: (outcome: 'missing') => void = () => undefined;
  const received: number[] = [];
  const { sealing, keys } = withKeys(1);
  const connection = connectTo(queries, {
    replica: {
      stopped: null,
      receive: (entries: LogEntry[]) => {
        received.push(...entries.map(({ seq }) => seq));
        return 'applied';
      },
    } as unknown as Replica,
    sealing: { ...sealing, open: (entries) => Promise.resolve(lines === 1 ? { opened: [], missing: 2 } : { opened: [...entries], missing: null }) },
    keys: {
      ...keys,
      fetch: () => {
        asked.resolve();
        return new Promise((resolve) => void (answer = resolve));
      },
    },
  });
  connection.start();
  await asked.promise;
  for (const socket of relay.clients) socket.terminate();
  await waitUntil('it is back', () => lines === 2 && connection.state().state === 'catching_up');
  await new Promise((resolve) => setTimeout(resolve, 50));
  answer('missing');
  await waitUntil('the entry is applied', () => received.length > 0);
  expect(received).toEqual([1]);
});

/** A relay that greets as it is told, and says what it was sent. */
async function startGreeter(welcome: () => object) {
  const relay = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  cleanups.push(() => relay.close());
  await once(relay, 'listening');
  const frames: { t?: unknown }[] = [];
  relay.on('connection', (socket) =>
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data)) as { t?: unknown };
      frames.push(frame);
      const device = { id: 'd', agentId: 'a', agentName: 'Ana', role: 'agent' };
      if (frame.t === 'hello') socket.send(JSON.stringify({ t: 'welcome', logId: 'log', head: 0, now: 0, lastDeviceSeq: 0, device, ...welcome() }));
    }),
  );
  const breakLines = (): void => relay.clients.forEach((socket) => socket.terminate());
  const leave = (): void => {
    breakLines();
    relay.close();
  };
  return { port: (relay.address() as AddressInfo).port, frames, breakLines, leave };
}
const withKeys = (newest: number): Pick<Deps, 'replica' | 'sealing' | 'keys'> => ({
  replica: { stopped: null, tryAgain: () => undefined } as unknown as Replica,
  sealing: {
    load: () => Promise.resolve(),
    newest: () => newest,
    open: (entries) => Promise.resolve({ opened: [...entries], missing: null }),
    seal: (ops) => [...ops],
    noteSealedAfter: () => undefined,
  },
  keys: { isAgreed: () => true, fetch: () => Promise.resolve('here'), beginLine: () => undefined },
});

it.each([
  ['without keys goes on, and says so', 0, 'limited'],
  ['that has keys sends nothing, and says why', 1, 'unusable'],
] as const)('with a relay of before there were keys a desktop %s', async (_name, newest, oldRelay) => {
  let protocol = 4;
  const relay = await startGreeter(() => ({ protocol, writeLevel: 2, snapshots: [], epoch: protocol < 5 ? 0 : newest }));
  const { db, queries } = openDesktop(relay.port);
  db.prepare("INSERT INTO pending_op (device_seq, op_id, occurred_at, v, body) VALUES (1, 'op-1', 0, 1, '{}')").run();
  const connection = connectTo(queries, withKeys(newest));
  connection.start();
  await waitUntil('it is greeted', () => connection.state().state === 'live');
  expect(connection.state()).toMatchObject({ oldRelay });
  connection.nudge();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(relay.frames.filter(({ t }) => t === 'push').length).toBe(newest === 0 ? 1 : 0);
  protocol = PROTOCOL_VERSION;
  relay.breakLines();
  await waitUntil('the relay was updated', () => connection.state().oldRelay === null);
});

it('a relay whose greeting is too old to be understood has to be updated, and not this desktop, which comes back by itself', async () => {
  let welcome: object = { protocol: 1 };
  const relay = await startGreeter(() => welcome);
  const { queries } = openDesktop(relay.port);
  const connection = connectTo(queries, withKeys(0));
  connection.start();
  await waitUntil('it knows', () => connection.state().oldRelay === 'unusable');
  await waitUntil('it tries again', () => relay.frames.length > 1);
  expect(connection.state().oldRelay).toBe('unusable');
  expect(connection.state().state).not.toBe('update_needed');
  welcome = { protocol: PROTOCOL_VERSION, writeLevel: 2, snapshots: [] };
  await waitUntil('the relay was updated', () => connection.state().state === 'live');
  expect(connection.state().oldRelay).toBe(null);
});

it('a relay that was too old and is away now is away: nobody is told to update what cannot be asked', async () => {
  const relay = await startGreeter(() => ({ protocol: 1 }));
  const { queries } = openDesktop(relay.port);
  const connection = connectTo(queries, withKeys(0));
  connection.start();
  await waitUntil('it knows', () => connection.state().oldRelay === 'unusable');
  relay.leave();
  await waitUntil('it is away', () => connection.state().oldRelay === null);
  expect(connection.state().state).toBe('offline');
});

it('a relay that is newer than what this desktop understands has it say that it needs an update', async () => {
  const relay = await startGreeter(() => ({ protocol: PROTOCOL_VERSION + 1 }));
  const { queries } = openDesktop(relay.port);
  const connection = connectTo(queries, withKeys(0));
  connection.start();
  await waitUntil('it says so', () => connection.state().state === 'update_needed');
  expect(connection.state().oldRelay).toBe(null);
});
