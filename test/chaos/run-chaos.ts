/**
 * A team's worst day, with real processes: three desktops with wrong clocks on bad lines, a relay and desktops that are
 * killed, eight hours without a line while customers write, and then everybody at once. Ends with what has to hold
 * (`at-rest.ts`); throws if it does not. The seed chooses what people do and where it breaks; processes run as they run.
 */
import assert from 'node:assert/strict';
import path from 'node:path';
import type { Outcome } from '../../contract/state.ts';
import type { Role } from '../../contract/wire.ts';
import { createRandom } from '../../main/demo/meta/random.ts';
import { addDesk, type Desk } from '../support/desk.ts';
import { startTeam } from '../support/team.ts';
import { waitUntil } from '../support/wait-until.ts';
import { assertNothingLost, assertSameRows, assertSentOnce, countPending, deviceOf, foldLog, listLost, readConflicts, readLog, waitForRest } from './at-rest.ts';
import { createAuthor, type Author } from './author.ts';

/** `offlineOps`, `troubledOps`: things that each desktop does without a line, and while things break. */
export type ChaosOptions = { seed: number; offlineOps: number; troubledOps: number; customers: number; restWithinMs: number; say: (text: string) => void };
export type ChaosReport = {
  entries: number;
  ops: number;
  webhooksWhileOffline: number;
  pendingBeforeReturn: number;
  outcomes: Partial<Record<Outcome, number>>;
  told: number;
  sent: number;
  held: number;
  lostAcks: number;
  cutConnections: number;
  enginesKilled: number;
  relaysKilled: number;
  reconnectMs: number;
};

const DAY_MS = 86_400_000;
const OFFLINE_MS = 8 * 3_600_000;
const SLICES = 16;
const TROUBLED_ROUNDS = 6;
const PEOPLE: { name: string; role: Role; skewMs: number }[] = [
  { name: 'Ana', role: 'admin', skewMs: 2 * DAY_MS },
  { name: 'Bo', role: 'lead', skewMs: -2 * DAY_MS },
  { name: 'Cy', role: 'agent', skewMs: 37_000 },
];

export async function runChaos({ seed, offlineOps, troubledOps, customers, restWithinMs, say: tell }: ChaosOptions): Promise<ChaosReport> {
  const random = createRandom(seed, 'chaos');
  const counts = { enginesKilled: 0, relaysKilled: 0, customerTexts: 0 };
  let worldMs = 0;
  const team = await startTeam();
  const startedAt = performance.now();
  const say = (text: string): void => tell(`${((performance.now() - startedAt) / 1000).toFixed(1).padStart(6)} s  ${text}`);
  try {
    const desks: Desk[] = [];
    for (const { name, role, skewMs } of PEOPLE) desks.push(await addDesk(team, { name, role, shiftMs: skewMs }));
    const [ana, bo, cy] = desks as [Desk, Desk, Desk];
    const authors = desks.map((desk) => createAuthor(desk, createRandom(seed, desk.name), () => Date.now() + worldMs)) as [Author, Author, Author];

    const customersWrite = (count: number): void => {
      for (let n = 0; n < count; n += 1) {
        const who = random.int(1, customers);
        team.meta.customerWrites({ from: `5025555${String(who).padStart(4, '0')}`, name: `Cliente ${who}`, text: `mensaje ${(counts.customerTexts += 1)}` });
      }
    };
    const advance = async (ms: number): Promise<void> => {
      worldMs += ms;
      await team.shiftClock(worldMs);
      for (const [n, desk] of desks.entries()) await desk.shiftClock(worldMs + (PEOPLE[n]?.skewMs ?? 0));
    };
    const mend = ({ line, wakeUp }: Desk): void => {
      line.restore();
      wakeUp();
    };
    const killEngine = async (desk: Desk): Promise<void> => {
      counts.enginesKilled += 1;
      await desk.kill();
      await desk.start();
    };
    const killRelay = async (): Promise<void> => {
      counts.relaysKilled += 1;
      await team.relay.kill();
      await team.relay.restart();
    };

    for (let who = 1; who <= customers; who += 1) team.meta.customerWrites({ from: `5025555${String(who).padStart(4, '0')}`, name: `Cliente ${who}`, text: 'hola' });
    for (const [n, name] of ['Urgente', 'Garantía', 'Repuestos'].entries()) await ana.client().team.addLabel({ name, color: (['red', 'blue', 'green'] as const)[n] ?? 'red' });
    for (const name of ['Ventas', 'Taller']) await ana.client().team.addTeam({ name });
    await ana.client().team.addCanned({ isPersonal: false, shortcut: 'hola', body: 'Buenos días' });
    await waitForRest(team, desks, restWithinMs);
    say(`${customers} conversations on three desktops`);

    // While things break.
    const troubles: ((author: Author) => Promise<void>)[] = [
      async ({ desk }) => desk.line.loseAcks(3),
      async ({ desk }) => killEngine(desk),
      async ({ desk }) => desk.line.cut(),
      async () => killRelay(),
      async ({ desk }) => {
        desk.line.loseAcks(2);
        await killEngine(desk);
      },
      async ({ desk }) => {
        desk.line.cut();
        await killRelay();
      },
    ];
    for (let round = 0; round < TROUBLED_ROUNDS; round += 1) {
      const victim = authors[random.int(0, authors.length - 1)] ?? authors[0];
      const perDesk = Math.ceil(troubledOps / TROUBLED_ROUNDS);
      customersWrite(customers);
      let trouble: Promise<void> | undefined;
      const half = Math.ceil(perDesk / 2);
      await Promise.all(
        authors.map((author) =>
          author.work(perDesk, (done) => {
            if (author === victim && done === half) trouble = troubles[round % troubles.length]?.(author);
          }),
        ),
      );
      await trouble;
      for (const desk of desks) mend(desk);
    }
    say(`${TROUBLED_ROUNDS} rounds of trouble`);

    // Eight hours without a line.
    await waitUntil('all are connected once more', async () => (await Promise.all(desks.map((desk) => desk.client().session.sync({})))).every(({ state }) => state === 'live'), restWithinMs);
    say('together again');
    for (const desk of desks) desk.line.cut();
    await waitUntil('all know that they are offline', async () => (await Promise.all(desks.map((desk) => desk.client().session.sync({})))).every(({ state }) => state === 'offline'));
    const before = counts.customerTexts;
    for (let slice = 0; slice < SLICES; slice += 1) {
      await advance(OFFLINE_MS / SLICES);
      customersWrite(Math.ceil(customers / 4));
      await Promise.all(authors.map((author) => author.work(Math.ceil(offlineOps / SLICES))));
      if (slice === SLICES / 2) await killEngine(desks[random.int(0, 2)] ?? cy);
    }
    const webhooksWhileOffline = counts.customerTexts - before;
    const pendingBeforeReturn = Math.min(...desks.map(countPending));
    assert(pendingBeforeReturn >= offlineOps, `each desktop has at least ${offlineOps} ops pending, not ${pendingBeforeReturn}`);
    say(`8 h offline: ${desks.map((desk) => `${desk.name} ${countPending(desk)} pending`).join(', ')}, ${webhooksWhileOffline} customers' messages meanwhile`);

    // Everybody at once, and not in peace.
    const returnedAt = performance.now();
    const total = (): number => desks.reduce((sum, desk) => sum + countPending(desk), 0);
    const atReturn = total();
    for (const desk of desks) {
      desk.line.loseAcks(2);
      mend(desk);
    }
    await waitUntil('a part has been pushed', () => total() < atReturn * 0.8, restWithinMs);
    await killRelay();
    await waitUntil('half has been pushed', () => total() < atReturn * 0.5, restWithinMs);
    await killEngine(bo);
    await waitForRest(team, desks, restWithinMs);
    const reconnectMs = Math.round(performance.now() - returnedAt);
    say(`at rest ${reconnectMs} ms after the return`);

    // What has to hold.
    const told = await Promise.all(desks.map(readConflicts));
    const devices = desks.map(deviceOf);
    const [lostAcks, cutConnections] = (['lostAcks', 'cutConnections'] as const).map((name) => desks.reduce((sum, { line }) => sum + line.counts[name], 0)) as [number, number];
    for (const desk of desks) await desk.stop();
    const truth = foldLog(await readLog(team.relay.dataDir, desks), path.join(team.makeDataDir(), 'truth.db'));
    try {
      for (const desk of desks) assertSameRows(truth, desk);
      const ops = authors.map(({ desk, authored }) => assertNothingLost(truth, desk, authored));
      for (const [n, deviceId] of devices.entries()) assert.deepEqual(told[n]?.toSorted(), listLost(truth, deviceId).toSorted(), `${desks[n]?.name} is told of every op that lost, and of no other`);
      const sent = assertSentOnce(truth, team, devices);
      const texts = truth.db.prepare("SELECT count(*) FROM message WHERE direction = 'in'").pluck().get();
      assert.equal(texts, counts.customerTexts + customers, 'every message of a customer is there once');
      return {
        entries: truth.log.length,
        ops: ops.reduce((sum, count) => sum + count, 0),
        webhooksWhileOffline,
        pendingBeforeReturn,
        outcomes: Object.fromEntries(truth.db.prepare('SELECT outcome, count(*) FROM activity GROUP BY outcome ORDER BY outcome').raw().all() as [Outcome, number][]),
        told: told.reduce((sum, list) => sum + list.length, 0),
        sent,
        held: truth.db.prepare("SELECT count(*) FROM message WHERE hold = 'held'").pluck().get() as number,
        lostAcks,
        cutConnections,
        enginesKilled: counts.enginesKilled,
        relaysKilled: counts.relaysKilled,
        reconnectMs,
      };
    } finally {
      truth.db.close();
    }
  } finally {
    await team.stop();
  }
}
