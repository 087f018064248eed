/** Views of the list that an agent keeps: two windows must not overwrite each other, and a flood of messages must not be counted with each. */
import { beforeEach, expect, test } from 'vitest';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { NO_FILTER } from '../../../renderer/store/inbox-filter.ts';
import type { InboxState } from '../../../renderer/store/inbox-store.ts';
import { createInboxViewsStore, inboxViewOf, type InboxViewsState } from '../../../renderer/store/inbox-views-store.ts';
import { createToastStore } from '../../../renderer/store/toast-store.ts';
import { createFakeEngine, settle, type FakeEngine } from './fake-engine.ts';
import { makeSummary } from './fixtures.ts';

let engine: FakeEngine;
let views: StoreApi<InboxViewsState>;
let inbox: StoreApi<InboxState>;
let toasts: ReturnType<typeof createToastStore>;
let goOn: () => void;
const names = (): string[] => views.getState().views.map(({ name }) => name);

beforeEach(() => {
  engine = createFakeEngine();
  engine.rows = [makeSummary('a')];
  toasts = createToastStore();
  inbox = createStore(() => ({ filter: NO_FILTER }) as InboxState);
  let ids = 0;
  const fail = (error: unknown): void => expect.fail(String(error));
  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      goOn = resolve;
    });
  views = createInboxViewsStore({ client: engine.client, changes: engine.changes, inbox, toasts, newId: () => `v${(ids += 1)}`, pause, report: fail, reportAction: fail });
});

test('keeps filter and order without the search, and knows the view that is shown', async () => {
  inbox.setState({ filter: { ...NO_FILTER, waiting: true, sort: 'waiting', search: 'ana' } });
  await views.getState().save('Urgentes');
  expect(engine.views).toEqual([{ id: 'v1', name: 'Urgentes', filter: { ...NO_FILTER, waiting: true, sort: 'waiting' } }]);
  expect(inboxViewOf(views.getState().views, inbox.getState().filter)?.id).toBe('v1');
  expect(inboxViewOf(views.getState().views, NO_FILTER)).toBeNull();
});

test('begins at what the engine keeps: what another window has kept meanwhile stays', async () => {
  await views.getState().save('Una');
  engine.views = [...engine.views, { id: 'other', name: 'De otra ventana', filter: { ...NO_FILTER, search: '' } }];
  await views.getState().save('Dos');
  expect(names()).toEqual(['Una', 'De otra ventana', 'Dos']);
  await views.getState().move('v2', -1);
  await views.getState().rename('v1', 'Primera');
  expect(engine.views.map(({ name }) => name)).toEqual(['Primera', 'Dos', 'De otra ventana']);
});

test('one that was deleted comes back to its place', async () => {
  for (const name of ['Una', 'Dos', 'Tres']) await views.getState().save(name);
  await views.getState().remove('v2');
  expect(names()).toEqual(['Una', 'Tres']);
  const [toast] = toasts.getState().toasts;
  expect(toast).toMatchObject({ text: 'savedViews.removed', values: { name: 'Dos' } });
  toast!.action!.run();
  await settle();
  expect(names()).toEqual(['Una', 'Dos', 'Tres']);
  expect(engine.views).toHaveLength(3);
});

test('however many changes come, they are counted once, and once more after a while', async () => {
  await views.getState().save('Una');
  await settle();
  expect(views.getState().counts).toEqual({ v1: 1 });
  engine.calls.length = 0;
  engine.rows.push(makeSummary('b'));
  for (let change = 0; change < 20; change++) await engine.changes.tell(['b']);
  expect(engine.calls.filter((call) => call === 'viewCounts')).toEqual([]);
  goOn();
  await settle();
  expect(engine.calls.filter((call) => call === 'viewCounts')).toEqual(['viewCounts']);
  expect(views.getState().counts).toEqual({ v1: 2 });
});

test('without views nothing is counted', async () => {
  await engine.changes.tell();
  expect(engine.calls).not.toContain('viewCounts');
});
