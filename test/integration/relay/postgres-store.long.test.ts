/** What only the store on PostgreSQL has to promise: what it refuses, how it wakes, that it keeps its secrets, and several relays on one log. */
import { rmSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import pg from 'pg';
import type { LogFields } from '../../../contract/log.ts';
import type { LogEntry } from '../../../contract/wire.ts';
import { openPostgresStore } from '../../../webhook-relay/log-store/postgres.ts';
import { createPostgresSession } from '../../../webhook-relay/log-store/postgres-session.ts';
import { systemPorts } from '../../../webhook-relay/system-ports.ts';
import { makeCluster, PASSWORD, startPostgres, startServer, whyNoPostgres, type Postgres } from '../../support/postgres.ts';
import { startProgram, type Program } from '../../support/program.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { APP_SECRET, connectDesktop, enrollDevice, enrollDeviceInto, makeFolder, makeOp, postWebhook, readLog, textMessage, VERIFY_TOKEN, wamidOf } from './relay-harness.ts';

const missing = whyNoPostgres();
const why = missing === undefined ? '' : ` (${missing})`;
const onPostgres = missing === undefined ? test : test.skip;
let starting: Promise<Postgres> | undefined;
afterAll(async () => (await starting)?.[Symbol.asyncDispose]());
const makePlace = async (settings: Record<string, string> = {}): Promise<string> => (await (starting ??= startPostgres())).place(undefined, settings);

type Line = { level: string; event: string } & LogFields;
async function open(url: string) {
  const lines: Line[] = [];
  const store = await openPostgresStore({ url, now: systemPorts.now, newId: systemPorts.newId, log: (level, event, fields) => lines.push({ level, event, ...fields }) });
  return { store, lines };
}
const webhook = (...names: string[]) => ({ kind: 'webhook' as const, items: names.map((name) => ({ dedupe: Buffer.from(name.padEnd(16)), body: name, isUnrecognised: false })) });

async function query<R extends pg.QueryResultRow>(url: string, sql: string): Promise<R[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<R>(sql)).rows;
  } finally {
    await client.end();
  }
}

onPostgres(`a database that does not wait for its disk is refused, and one without a standby is warned about${why}`, async () => {
  const url = await makePlace({ synchronous_commit: 'off' });
  await expect(open(url)).rejects.toThrow(/synchronous_commit=off.*Set it to on/);
  const { store, lines } = await open(await makePlace());
  expect(lines).toMatchObject([{ level: 'warn', event: 'postgres.no_standby' }]);
  await store.close();
});

onPostgres(`a database from the future is refused with a sentence${why}`, async () => {
  const url = await makePlace();
  await (await open(url)).store.close();
  await query(url, 'UPDATE schema_version SET version = 99');
  await expect(open(url)).rejects.toThrow(/newer version of the relay \(schema 99, this program knows \d+\)/);
});

const onOwnServer = missing === undefined && !process.env['DATABASE_URL'] ? test : test.skip;
onOwnServer(`what a used invite and a replaced key leave behind in their small tables is vacuumed at once, and not after fifty of them${why}`, async () => {
  // A minute in the product.
  const server = await startServer(makeCluster(["autovacuum_naptime = '1s'"]));
  try {
    const { store } = await open(server.url);
    await enrollDeviceInto(store);
    const deviceId = await enrollDeviceInto(store);
    await store.announceKey({ epoch: 1, publicKey: 'p', previous: null, deviceId, agentId: 'a' }, [{ deviceId, sealed: 'old', voucher: 'v' }]);
    await store.putKeyCopy(1, { deviceId, sealed: 'new', voucher: 'v' });
    const countVacuums = () =>
      query<{ name: string; dead: string }>(
        server.url,
        "SELECT relname AS name, n_dead_tup AS dead FROM pg_stat_user_tables WHERE autovacuum_count > 0 AND relname IN ('invite', 'key_copy') ORDER BY 1",
      );
    await waitUntil('both are vacuumed', async () => (await countVacuums()).length === 2, 25_000);
    expect(await countVacuums()).toEqual([
      { name: 'invite', dead: '0' },
      { name: 'key_copy', dead: '0' },
    ]);
    await store.close();
  } finally {
    await server.stop();
    rmSync(server.folder, { recursive: true, force: true });
  }
});

onPostgres(`relays that start together on an empty database make one log${why}`, async () => {
  const url = await makePlace();
  const opened = await Promise.all(Array.from({ length: 4 }, () => open(url)));
  expect(new Set(opened.map(({ store }) => store.logId)).size).toBe(1);
  await Promise.all(opened.map(({ store }) => store.close()));
});

onPostgres(`another relay is woken by what is new, and not by what it has written itself${why}`, async () => {
  const url = await makePlace();
  // Each hears once that it may have missed something, as soon as it listens.
  const openListening = async () => {
    const { store } = await open(url);
    await new Promise<void>((resolve) => store.onWake(resolve));
    return store;
  };
  const [one, two] = [await openListening(), await openListening()];
  let wakesOfOne = 0;
  one.onWake(() => (wakesOfOne += 1));
  const news = new Promise<void>((resolve) => two.onWake(resolve));
  await one.append([webhook('a')]);
  await news;
  expect((await readLog(two)).map(({ body }) => body)).toEqual(['a']);
  // Notifications come in the order of the commits: its own would have come before this one.
  const heard = new Promise<void>((resolve) => one.onWake(resolve));
  await two.append([webhook('b')]);
  await heard;
  expect(wakesOfOne).toBe(1);
  await Promise.all([one.close(), two.close()]);
});

onPostgres(`a write that a standby did not confirm is no acknowledgement, although PostgreSQL says COMMIT${why}`, async () => {
  const url = await makePlace();
  const { store } = await open(url);
  await store.append([webhook('a')]);
  // Stands in for the standby: whoever cancels the wait gets COMMIT with a warning, as a trigger at the end of a write gives one here.
  await query(
    url,
    `CREATE FUNCTION warn() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE WARNING 'canceling wait for synchronous replication due to user request'; RETURN NULL; END $$;
     CREATE CONSTRAINT TRIGGER warn_at_commit AFTER INSERT ON entry DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION warn()`,
  );
  await expect(store.append([webhook('b')])).rejects.toThrow('did not wait for a standby');
  await query(url, 'DROP TRIGGER warn_at_commit ON entry');
  expect(await store.append([webhook('b')])).toEqual([{ kind: 'webhook', stored: 0, duplicates: 1 }]); // Meta brings it again, and it was stored
  await store.close();
});

onPostgres(`a connection that breaks in the middle of a write fails that write and nothing else${why}`, async () => {
  const url = await makePlace();
  const { store } = await open(url);
  const session = createPostgresSession({ url, notify: () => null, onConnect: async () => {}, onLost: () => {} });
  const broken = session.write(async (tx) => {
    const [own] = await tx.rows<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    await query(url, `SELECT pg_terminate_backend(${own?.pid}, 10000)`);
    tx.head.seq += 1_000;
    // The driver hears of it while no query is under way; then the next one fails.
    while (await tx.rows('SELECT 1').then(Boolean)) await new Promise((resolve) => setImmediate(resolve));
  });
  await expect(broken).rejects.toThrow();
  expect(await store.append([webhook('a')])).toMatchObject([{ stored: 1 }]);
  expect(await store.readStatus()).toMatchObject({ head: 1 });
  await session.close();
  await store.close();
});

onPostgres(`no error says where the database is, or what was written${why}`, async () => {
  const url = await makePlace();
  const { store } = await open(url);
  const body = 'something that a customer wrote';
  const deviceId = await enrollDeviceInto(store);
  const failures = [
    open(url.replace(PASSWORD, `${PASSWORD}-wrong`)),
    open(url.replace(/host=[^&]*/, 'host=%2Ftmp%2Fnowhere-at-all')),
    store.append([webhook(body), { kind: 'push', deviceId, ops: [{ ...makeOp(1), v: 1e30, body }] }]),
    store.addInvite({ codeHash: Buffer.from('x'), role: body as never, agentName: null, agentId: null, expiresAt: 1 }),
  ];
  for (const failure of await Promise.allSettled(failures)) {
    const error = (failure as PromiseRejectedResult).reason as Error;
    expect(error).toBeInstanceOf(Error);
    expect(error.name).toBe('PostgresError');
    for (const secret of [PASSWORD, 'nowhere-at-all', body]) expect(`${error.message} ${JSON.stringify(error)} ${String(error.cause)}`).not.toContain(secret);
  }
  await store.close();
});

onPostgres(`a text with a character that PostgreSQL does not have fails nobody${why}`, async () => {
  const { store } = await open(await makePlace());
  const device = await enrollDeviceInto(store);
  await store.append([webhook('a'), { kind: 'push', deviceId: device, ops: [{ ...makeOp(1), opId: 'a\0b', body: 'x\0y' }] }, webhook('b')]);
  expect((await readLog(store)).slice(1).map(({ body }) => body)).toEqual(['a', 'x\u{FFFD}y', 'b']);
  await store.close();
});

const SENDERS = 8;
const ACKNOWLEDGED = 400;

onPostgres(`two relays on one log, one killed with -9 under load: nothing acknowledged is lost, all see one order, and a desktop goes on at the other${why}`, async () => {
  await using folder = await makeFolder();
  const url = await makePlace();
  const env = { RELAY_DATABASE_URL: url, RELAY_DATA_DIR: folder.path, RELAY_PORT: '0', META_APP_SECRET: APP_SECRET, META_VERIFY_TOKEN: VERIFY_TOKEN };
  const [first, second] = (await Promise.all([1, 2].map(() => startProgram('webhook-relay/cli.ts', ['serve'], env)))) as [Program, Program];
  const { store } = await open(url);
  const urlOf = ({ ready }: Program): string => ready.url ?? '';
  const { token } = await enrollDevice({ url: urlOf(first), store });

  const acknowledged = new Set<string>();
  let isEnough = false;
  const send = async (sender: number): Promise<void> => {
    for (let n = 0; !isEnough; n += 1) {
      const wamid = `${sender}.${n}`;
      // As the address in front of both does: what one relay does not answer goes to the other, and Meta comes again until it is told 200.
      for (const relay of n % 2 === 0 ? [first, second] : [second, first]) {
        const status = await postWebhook(`${urlOf(relay)}/api/whatsapp/webhook`, textMessage(wamid)).catch(() => 0);
        if (status === 200) acknowledged.add(wamid);
        if (status === 200 && n % 4 !== 0) break; // every fourth is delivered twice
      }
    }
  };
  const seen: LogEntry[] = [];
  const follow = async (relay: Program, until: () => boolean): Promise<void> => {
    const desktop = await connectDesktop(urlOf(relay), token);
    desktop.hello(seen.at(-1)?.seq ?? 0);
    while (!until()) {
      const frame = await desktop.next('entries').catch(() => undefined);
      if (!frame) return;
      seen.push(...frame.entries);
    }
    desktop.end();
  };
  const sending = Promise.all(Array.from({ length: SENDERS }, (_, sender) => send(sender)));
  const following = follow(first, () => false);
  while (acknowledged.size < ACKNOWLEDGED) await new Promise((resolve) => setImmediate(resolve));
  await first.kill();
  await following; // the line has broken
  const atKill = acknowledged.size;
  while (acknowledged.size < atKill + ACKNOWLEDGED) await new Promise((resolve) => setImmediate(resolve));
  isEnough = true;
  await sending;
  const { head, webhooks, duplicates } = await store.readStatus();
  await follow(second, () => (seen.at(-1)?.seq ?? 0) >= head);

  const log = await readLog(store);
  expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
  const stored = log.map(wamidOf).filter(Boolean);
  expect(new Set(stored).size).toBe(stored.length);
  expect([...acknowledged].filter((wamid) => !stored.includes(wamid))).toEqual([]);
  expect(seen).toEqual(log);
  expect(webhooks).toBe(stored.length);
  expect(duplicates).toBeGreaterThan(0);
  expect(second.stderr()).not.toContain(PASSWORD);
  await store.close();
  expect(await second.stop()).toBe(0);
});
