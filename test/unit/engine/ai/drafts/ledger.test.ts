/** What desktops spend together, beside a log that gives slices out: the cap is never passed by more than what calls cost above their estimates. */
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { DEFAULT_AI_SETTINGS } from '../../../../../contract/ai/ai-defaults.ts';
import type { AiSettings } from '../../../../../contract/ai/ai-entities.ts';
import { createAiQueries } from '../../../../../main/engine/db/ai-queries.ts';
import { openDatabase } from '../../../../../main/engine/db/open-database.ts';
import { dayOf, startOfMonth } from '../../../../../main/engine/hours/calendar.ts';
import { openZone } from '../../../../../main/engine/hours/zone.ts';
import { createLedger } from '../../../../../main/engine/ai/drafts/ledger.ts';
import type { RunEntry } from '../../../../../main/engine/ai/drafts/run-book.ts';

const SEED = 20_261_122;
const AT = Date.parse('2026-11-22T16:00:00Z');
const entry = (runId: string): RunEntry => ({ runId, conversationId: 'c_1' }) as RunEntry;
const settingsWith = (caps: Partial<AiSettings['caps']>): AiSettings => ({
  ...DEFAULT_AI_SETTINGS,
  provider: { ...DEFAULT_AI_SETTINGS.provider, profile: 'custom', prices: { input: 1, cached: 1, output: 1 } },
  caps: { ...DEFAULT_AI_SETTINGS.caps, ...caps },
});

const databases = [0, 1, 2].map(() => openDatabase(':memory:'));
afterAll(() => databases.forEach((db) => db.close()));

/** Desktops with an empty database each, and the log's word on slices, in the order in which they ask. */
function openTeam(caps: Partial<AiSettings['caps']>) {
  const granted = new Map<string, number>();
  let settings = settingsWith(caps);
  let ops = 0;
  const desks = databases.map((db, n) => {
    const deviceId = `d${n}`;
    db.exec('DELETE FROM ai_call');
    const queries = createAiQueries(db);
    const ledger = createLedger({
      queries,
      state: { get: ((_table: string, [month]: readonly string[]) => ({ month, device_id: deviceId, granted: granted.get(deviceId) ?? 0 })) as never },
      applyLocal: (op) => {
        const opId = `op${(ops += 1)}`;
        if (op.type !== 'ai.budget') throw new Error('no other op is written');
        const { amount } = op.args;
        setImmediate(() => {
          const sum = [...granted.values()].reduce((total, one) => total + one, 0);
          const isGranted = sum + amount <= (caps.team ?? 0);
          if (isGranted) granted.set(deviceId, (granted.get(deviceId) ?? 0) + amount);
          ledger.noteConfirmed({ entry: { opId }, op, outcome: isGranted ? 'applied' : 'superseded' });
        });
        return { opId, outcome: 'applied' };
      },
      transact: (change) => db.transaction(change)(),
      readSettings: () => settings,
      zone: () => openZone('America/Guatemala'),
      deviceId: () => deviceId,
      isOnline: () => true,
      nudge: () => undefined,
      now: () => AT,
    });
    return { ledger, queries };
  });
  const setCaps = (next: Partial<AiSettings['caps']>): void => {
    settings = settingsWith(next);
  };
  return { desks, setCaps, spent: () => desks.reduce((sum, { queries }) => sum + queries.sumOwn('2026-11-01', '2026-11-30'), 0) };
}
const { signal } = new AbortController();

it(`the team's cap holds whoever asks at once (seed ${SEED})`, async () => {
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 100, max: 5_000 }),
      fc.array(fc.record({ desk: fc.nat(2), amount: fc.integer({ min: 1, max: 400 }), isAuto: fc.boolean() }), { minLength: 5, maxLength: 40 }),
      async (cap, wishes) => {
        const team = openTeam({ team: cap });
        const results = await Promise.all(wishes.map(({ desk, amount, isAuto }, n) => team.desks[desk]!.ledger.reserve({ entry: entry(`r${n}`), amount, isAuto, signal })));
        refused += results.filter(({ status }) => status === 'refused').length;
        expect(team.spent()).toBeLessThanOrEqual(cap);
        wishes.forEach(({ desk, amount }, n) => results[n]?.status === 'ok' && team.desks[desk]!.queries.settleCall(`r${n}`, Math.floor(amount / 2)));
        expect(team.spent(), 'what is settled is what the server said').toBe(wishes.reduce((sum, { amount }, n) => sum + (results[n]?.status === 'ok' ? Math.floor(amount / 2) : 0), 0));
      },
    ),
    { seed: SEED, numRuns: 60 },
  );
  expect(refused).toBeGreaterThan(50);
});

it('a cap that is lowered holds for what was given out before', async () => {
  const team = openTeam({ team: 1_000 });
  const { ledger } = team.desks[0]!;
  const reserve = (runId: string, amount: number, isAuto = false) => ledger.reserve({ entry: entry(runId), amount, isAuto, signal });
  expect(await reserve('a', 400)).toEqual({ status: 'ok' });
  team.desks[0]!.queries.settleCall('a', 100);
  team.setCaps({ team: 150 });
  expect(ledger.hasRoomForAuto('c_1', 30)).toBe(false);
  expect(await reserve('b', 60)).toEqual({ status: 'refused', cap: 'team' });
  expect(await reserve('c', 50)).toEqual({ status: 'ok' });
});

it('what nobody asked for stops first, and each cap by its name', async () => {
  const team = openTeam({ desktopDay: 250 });
  const { ledger } = team.desks[0]!;
  const reserve = (runId: string, amount: number | null, isAuto = false) => ledger.reserve({ entry: entry(runId), amount, isAuto, signal });
  expect(await reserve('a', 100)).toEqual({ status: 'ok' });
  expect(await reserve('b', 100, true), 'no room would be left for a person').toEqual({ status: 'refused', cap: 'desktopDay' });
  expect(await reserve('c', 100)).toEqual({ status: 'ok' });
  expect(ledger.spent()).toMatchObject({ desktopToday: 200, isOver80: true, isOver: false });
  expect(await reserve('d', 100)).toEqual({ status: 'refused', cap: 'desktopDay' });
  expect(await reserve('e', null), 'without a price nothing can be judged').toEqual({ status: 'ok' });
  const perDraft = openTeam({ draft: 50, conversation: 60 });
  const one = perDraft.desks[0]!.ledger;
  expect(await one.reserve({ entry: entry('a'), amount: 51, isAuto: false, signal })).toEqual({ status: 'refused', cap: 'draft' });
  expect(await one.reserve({ entry: entry('b'), amount: 50, isAuto: false, signal })).toEqual({ status: 'ok' });
  expect(await one.reserve({ entry: entry('c'), amount: 50, isAuto: false, signal })).toEqual({ status: 'refused', cap: 'conversation' });
});

it('days and months are those of the company', () => {
  expect(dayOf(Date.parse('2026-12-01T05:59:59Z'), openZone('America/Guatemala'))).toBe('2026-11-30');
  expect(startOfMonth('2026-12-01', openZone('America/Guatemala'))).toBe(Date.parse('2026-12-01T06:00:00Z'));
  expect(startOfMonth('2026-03-31', openZone('Europe/Madrid'))).toBe(Date.parse('2026-02-28T23:00:00Z'));
  expect(startOfMonth('2026-04-02', openZone('Europe/Madrid'))).toBe(Date.parse('2026-03-31T22:00:00Z'));
});
