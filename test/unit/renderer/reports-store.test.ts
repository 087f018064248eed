import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { Directory } from '../../../contract/entities.ts';
import type { Report } from '../../../contract/reports.ts';
import { EVERYTHING, type ChangeListener } from '../../../renderer/rpc/change-feed.ts';
import type { EngineClient, EngineInputs } from '../../../renderer/rpc/engine-client.ts';
import { createReportsStore } from '../../../renderer/store/reports-store.ts';
import type { TeamState } from '../../../renderer/store/team-store.ts';
import { settle } from './fake-engine.ts';
import { createStorage } from './storage.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Six in the morning of the 22nd in Guatemala is the 23rd in Auckland. */
const NOW = Date.parse('2026-11-22T12:00:00Z');
const directoryIn = (timeZone: string): Directory => ({ settings: { businessHours: { timeZone } } }) as unknown as Directory;

function open(kept = createStorage()) {
  const asked: EngineInputs['reports']['get'][] = [];
  const answers: (() => void)[] = [];
  const engine = { progress: 1, isPaused: false };
  const listeners = new Set<ChangeListener>();
  const client = {
    reports: {
      get: async (input: EngineInputs['reports']['get']): Promise<Report> => {
        asked.push(input);
        if (engine.isPaused) await new Promise<void>((resolve) => answers.push(resolve));
        return { period: { from: input.from, to: input.to }, progress: engine.progress } as unknown as Report;
      },
    },
  } as unknown as EngineClient;
  const team = createStore<TeamState>(() => ({ directory: directoryIn('America/Guatemala') }) as TeamState);
  const changes = { subscribe: (listener: ChangeListener) => (listeners.add(listener), () => listeners.delete(listener)), start: () => undefined };
  const store = createReportsStore({ client, changes, team, storage: kept, now: () => NOW });
  return { store, team, asked, answers, engine, kept, tell: () => listeners.forEach((listener) => listener(EVERYTHING)) };
}

test('today is what the business calls today', async () => {
  const { store, team, asked } = open();
  store.getState().show();
  await settle();
  expect(asked.at(-1)).toEqual({ from: '2026-10-24', to: '2026-11-22', compare: 'before' });
  team.setState({ directory: directoryIn('Pacific/Auckland') });
  await settle();
  expect(asked.at(-1)).toEqual({ from: '2026-10-25', to: '2026-11-23', compare: 'before' });
});

test('what was asked outlives a reload, and nonsense in its place counts as nothing', async () => {
  const { store, kept } = open();
  store.getState().ask({ period: { kind: 'last_month' }, isCompared: false, agentId: 'bo' });
  const again = open(kept);
  again.store.getState().show();
  await settle();
  expect(again.asked).toEqual([{ from: '2026-10-01', to: '2026-10-31', compare: 'none', agentId: 'bo' }]);
  kept.setItem('bandeja.report', '{"period":{"kind":"century"},"agentId":7}');
  expect(open(kept).store.getState().question).toMatchObject({ period: { kind: 'days', days: 30 }, isCompared: true, agentId: null });
});

test('an answer to what is no longer asked is never shown, and what is shown stays until the next one', async () => {
  const { store, engine, answers } = open();
  store.getState().show();
  await settle();
  const first = store.getState().report;
  engine.isPaused = true;
  store.getState().ask({ period: { kind: 'today' } });
  await settle();
  store.getState().ask({ period: { kind: 'this_month' } });
  engine.isPaused = false;
  expect(store.getState().report).toBe(first);
  answers.shift()!();
  await settle();
  expect(store.getState().report!.period).toMatchObject({ from: '2026-11-01', to: '2026-11-22' });
});

test('a hundred changes are one count, and a page that is left counts nothing', async () => {
  const { store, asked, tell } = open();
  const leave = store.getState().show();
  await settle();
  const report = store.getState().report;
  for (let change = 0; change < 100; change++) tell();
  await settle();
  expect(asked).toHaveLength(1);
  await vi.runAllTimersAsync();
  expect(asked).toHaveLength(2);
  // The same figures: nothing is painted anew.
  expect(store.getState().report).toBe(report);
  leave();
  tell();
  await vi.runAllTimersAsync();
  expect(asked).toHaveLength(2);
});

test('while the history is counted for the first time, it asks again by itself', async () => {
  const { store, asked, engine } = open();
  engine.progress = 0.3;
  store.getState().show();
  await settle();
  engine.progress = 1;
  await vi.runAllTimersAsync();
  expect(asked).toHaveLength(2);
  expect(store.getState().report!.progress).toBe(1);
});
