/**
 * A primary with two standbys of which one has to confirm each write, and two relays, under load: kill -9 of a relay, of a standby, and of the primary,
 * after which the standby that is further is promoted. Long, so only `npm run test:long` runs it; FAILOVER_ROUNDS says how often.
 */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { expect, test } from 'vitest';
import type { LogEntry } from '../../../contract/wire.ts';
import { openPostgresStore } from '../../../webhook-relay/log-store/postgres.ts';
import { systemPorts } from '../../../webhook-relay/system-ports.ts';
import { copyCluster, makeCluster, PASSWORD, startServer, whyNoPostgres, type Server } from '../../support/postgres.ts';
import { startProgram, type Program } from '../../support/program.ts';
import { APP_SECRET, connectDesktop, enrollDevice, makeFolder, postWebhook, readLog, textMessage, VERIFY_TOKEN, wamidOf } from './relay-harness.ts';

const ROUNDS = Number(process.env['FAILOVER_ROUNDS'] ?? 0);
const missing = process.env['DATABASE_URL'] ? 'it needs servers of its own' : whyNoPostgres();
const why = ROUNDS === 0 ? ' (npm run test:long)' : missing === undefined ? '' : ` (${missing})`;
const inTheLongRun = ROUNDS > 0 && missing === undefined ? test : test.skip;

const SENDERS = 8;
/** Acknowledgements between two faults. */
const BETWEEN_FAULTS = 300;

async function ask<R extends pg.QueryResultRow>(url: string, sql: string): Promise<R[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<R>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** The one address under which the relays know the database; it leads to whichever is the primary. */
async function startAddress(first: Server) {
  let target = first;
  const open = new Set<Socket>();
  const server = createServer((inward) => {
    const outward = connect(path.join(target.folder, '.s.PGSQL.5432'));
    for (const [from, to] of [
      [inward, outward],
      [outward, inward],
    ] as const) {
      open.add(from);
      from.on('error', () => to.destroy());
      from.once('close', () => {
        open.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `postgres://bandeja:${PASSWORD}@127.0.0.1:${(server.address() as AddressInfo).port}/postgres`,
    leadTo: (next: Server) => {
      target = next;
      for (const socket of open) socket.destroy();
    },
    stop: () => {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

async function startCluster() {
  const folder = makeCluster(["synchronous_standby_names = 'ANY 1 (s1, s2)'", 'hot_standby = on', 'wal_keep_size = 256MB', "wal_receiver_timeout = '2s'", "wal_retrieve_retry_interval = '100ms'"]);
  const follows = (primary: string, name: string): string => `host=${primary} user=bandeja password=${PASSWORD} application_name=${name}`;
  const copies = ['s1', 's2'].map((name) => copyCluster(folder, [`primary_conninfo = '${follows(folder, name)}'`]));
  const primary = await startServer(folder);
  const standbys = (await Promise.all(copies.map((copy) => startServer(copy)))) as [Server, Server];
  await expect.poll(async () => (await ask(primary.url, "SELECT 1 FROM pg_stat_replication WHERE state = 'streaming'")).length, { timeout: 20_000 }).toBe(2);
  return { primary, standbys, follows };
}

const makeLoad = (relays: () => Program[]) => {
  const acknowledged = new Set<string>();
  let isEnough = false;
  const send = async (sender: number): Promise<void> => {
    for (let n = 0; !isEnough; n += 1) {
      // As Meta does: again and again, to whichever relay the address leads, until one of them says 200.
      for (let tried = 0; ; tried += 1) {
        const relay = relays()[(n + tried) % 2];
        const status = await postWebhook(`${relay?.ready.url}/api/whatsapp/webhook`, textMessage(`${sender}.${n}`)).catch(() => 0);
        if (status === 200) break;
        await new Promise((resolve) => setImmediate(resolve));
      }
      acknowledged.add(`${sender}.${n}`);
    }
  };
  const sending = Promise.all(Array.from({ length: SENDERS }, (_, sender) => send(sender)));
  const waitForMore = async (count: number): Promise<void> => {
    const until = acknowledged.size + count;
    await expect.poll(() => acknowledged.size, { timeout: 60_000, interval: 20 }).toBeGreaterThanOrEqual(until);
  };
  const stop = async (): Promise<Set<string>> => {
    isEnough = true;
    await sending;
    return acknowledged;
  };
  return { waitForMore, stop };
};

inTheLongRun.each(Array.from({ length: Math.max(ROUNDS, 1) }, (_, n) => n + 1))(
  `kill -9 of a relay, a standby and the primary under load: no acknowledged event is lost, and all who have read see one order, round %i${why}`,
  { timeout: 180_000 },
  async () => {
    await using folder = await makeFolder();
    const { primary, standbys, follows } = await startCluster();
    const address = await startAddress(primary);
    const env = { RELAY_DATABASE_URL: address.url, RELAY_DATA_DIR: folder.path, RELAY_PORT: '0', META_APP_SECRET: APP_SECRET, META_VERIFY_TOKEN: VERIFY_TOKEN };
    const startOne = (): Promise<Program> => startProgram('webhook-relay/cli.ts', ['serve'], env);
    const relays = [await startOne(), await startOne()];
    const warnings: unknown[] = [];
    const openStore = () => openPostgresStore({ url: address.url, now: systemPorts.now, newId: systemPorts.newId, log: (...line) => warnings.push(line) });
    const first = await openStore();
    expect(warnings).toEqual([]); // there are standbys
    const { token } = await enrollDevice({ url: relays[0]?.ready.url ?? '', store: first });
    await first.close();

    // A desktop that reads from whichever relay is there, and notes what it was told.
    const seen: LogEntry[] = [];
    let lastHead = Infinity;
    const follow = async (): Promise<void> => {
      for (let tried = 0; (seen.at(-1)?.seq ?? 0) < lastHead; tried += 1) {
        const desktop = await connectDesktop(relays[tried % 2]?.ready.url ?? '', token).catch(() => undefined);
        desktop?.hello(seen.at(-1)?.seq ?? 0);
        while (desktop && (seen.at(-1)?.seq ?? 0) < lastHead) {
          const frame = await desktop.next('entries').catch(() => undefined);
          if (!frame) break;
          seen.push(...frame.entries);
        }
        desktop?.end();
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const following = follow();
    const load = makeLoad(() => relays);
    await load.waitForMore(BETWEEN_FAULTS);

    await relays[0]?.kill();
    await load.waitForMore(BETWEEN_FAULTS);
    relays[0] = await startOne();
    await load.waitForMore(BETWEEN_FAULTS);

    await standbys[1].stop('kill');
    await load.waitForMore(BETWEEN_FAULTS);
    standbys[1] = await startServer(standbys[1].folder);
    await load.waitForMore(BETWEEN_FAULTS);

    const diedAt = Date.now();
    await primary.stop('kill');
    // Whoever is further has everything that either of them has confirmed.
    const positions = await Promise.all(
      standbys.map(async ({ url }) => (await ask<{ at: string }>(url, "SELECT pg_wal_lsn_diff(coalesce(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()), '0/0')::text AS at"))[0]?.at ?? '0'),
    );
    const [next, other] = BigInt(positions[0] ?? 0) >= BigInt(positions[1] ?? 0) ? standbys : [standbys[1], standbys[0]];
    await ask(next.url, 'SELECT pg_promote()');
    const otherName = other === standbys[0] ? 's1' : 's2';
    await ask(other.url, `ALTER SYSTEM SET primary_conninfo = '${follows(next.folder, otherName)}'`);
    await ask(other.url, 'SELECT pg_reload_conf()');
    address.leadTo(next);
    await load.waitForMore(1);
    console.log(`from the primary's end to the next acknowledgement: ${Date.now() - diedAt} ms`);
    await load.waitForMore(BETWEEN_FAULTS);

    const acknowledged = await load.stop();
    const store = await openStore();
    const { head } = await store.readStatus();
    lastHead = head;
    // Wakes the reader, should it have everything already.
    await postWebhook(`${relays[1]?.ready.url}/api/whatsapp/webhook`, textMessage('the last one'));
    await following;
    const log = await readLog(store);
    expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
    const stored = new Set(log.map(wamidOf).filter(Boolean));
    expect(stored.size).toBe(log.filter(wamidOf).length);
    expect([...acknowledged].filter((wamid) => !stored.has(wamid))).toEqual([]);
    expect(seen).toEqual(log.slice(0, seen.length));
    expect(acknowledged.size).toBeGreaterThan(6 * BETWEEN_FAULTS);

    await store.close();
    for (const relay of relays) await relay.kill();
    address.stop();
    for (const server of [next, other]) await server.stop();
    for (const server of [primary, next, other]) rmSync(server.folder, { recursive: true, force: true });
  },
);
