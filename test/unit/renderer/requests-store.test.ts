/** The table's store: pages, filters, stillness under the pointer, and saved views. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { StoreApi } from 'zustand/vanilla';
import type { RequestFilter, RequestSummary, RequestView } from '../../../contract/work-entities.ts';
import { EVERYTHING, type ChangeListener } from '../../../renderer/rpc/change-feed.ts';
import type { EngineClient } from '../../../renderer/rpc/engine-client.ts';
import { isSameFilter, NO_REQUEST_FILTER, readRequestFilter, toggleStatus, writeRequestFilter } from '../../../renderer/store/request-filter.ts';
import { createRequestsStore, draftFor, EMPTY_DRAFT, viewOf, type RequestsState } from '../../../renderer/store/requests-store.ts';
import { settle } from './fake-engine.ts';
import { makeRequest, makeRequestSummary } from './request-fixtures.ts';

let rows: RequestSummary[];
let kept: RequestView[];
let asked: (RequestFilter & { limit: number; cursor?: string })[];
let requests: StoreApi<RequestsState>;
let storage: Map<string, string>;
const listeners = new Set<ChangeListener>();
const ids = (): string => (requests.getState().rows ?? []).map(({ id }) => id).join(' ');
const tell = async (): Promise<void> => {
  for (const listener of listeners) listener(EVERYTHING);
  await settle();
};

function open(): StoreApi<RequestsState> {
  listeners.clear();
  const client = {
    requests: {
      list: async (input: (typeof asked)[number]) => {
        asked.push(input);
        const found = rows.filter(({ status, customerName }) => (input.statuses.length === 0 || input.statuses.includes(status)) && customerName.includes(input.search));
        const from = input.cursor === undefined ? 0 : found.findIndex(({ id }) => id === input.cursor) + 1;
        const items = found.slice(from, from + input.limit);
        return { items, nextCursor: from + input.limit < found.length ? items.at(-1)!.id : null, total: found.length };
      },
      counts: async () => ({ byStatus: {}, openEvents: 0 }),
      get: async ({ requestId }: { requestId: string }) =>
        makeRequest(
          requestId,
          rows.find(({ id }) => id === requestId),
        ),
      views: async () => structuredClone(kept),
      setViews: async ({ views }: { views: RequestView[] }) => {
        kept = structuredClone(views);
      },
    },
  } as unknown as EngineClient;
  let made = 0;
  return createRequestsStore({
    client,
    changes: {
      subscribe: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      start: () => undefined,
    },
    storage: { getItem: (key) => storage.get(key) ?? null, setItem: (key, value) => void storage.set(key, value), removeItem: (key) => void storage.delete(key) },
    newId: () => `view-${(made += 1)}`,
    report: (error) => {
      throw error;
    },
    reportAction: (error) => {
      throw error;
    },
  });
}

const show = async (): Promise<void> => {
  requests.getState().show(true);
  await settle();
};

beforeEach(() => {
  rows = ['a', 'b', 'c'].map((id) => makeRequestSummary(id));
  kept = [];
  asked = [];
  storage = new Map();
  requests = open();
});

describe('pages', () => {
  test('reads nothing until it is shown', async () => {
    await tell();
    expect(asked).toEqual([]);
    expect(requests.getState().rows).toBeNull();
    await show();
    expect(ids()).toBe('a b c');
  });

  test('a change later reads all that is loaded, so that nobody who has scrolled down is thrown back', async () => {
    rows = Array.from({ length: 430 }, (_, at) => makeRequestSummary(`r${at}`));
    await show();
    for (let page = 0; page < 6; page++) {
      requests.getState().loadMore();
      await settle();
    }
    expect(requests.getState().rows).toHaveLength(350);
    rows[340] = makeRequestSummary('r340', { status: 'done' });
    await tell();
    expect(requests.getState().rows).toHaveLength(350);
    expect(requests.getState().rows![340]!.status).toBe('done');
    expect(requests.getState()).toMatchObject({ hasMore: true, total: 430 });
  });

  test('an answer for a filter that was left is dropped', async () => {
    await show();
    rows = [makeRequestSummary('a', { status: 'done' }), makeRequestSummary('b')];
    requests.getState().setFilter({ statuses: ['done'] });
    requests.getState().setFilter({ statuses: ['new'] });
    await settle();
    expect(ids()).toBe('b');
    expect(requests.getState().rowsFilter.statuses).toEqual(['new']);
  });
});

describe('held under the pointer', () => {
  test('rows stay where they are, with what they say now, and what is new is counted', async () => {
    await show();
    requests.getState().setFilter({ statuses: ['new'] });
    await settle();
    requests.getState().hold(true);
    rows = [makeRequestSummary('z'), makeRequestSummary('a'), makeRequestSummary('b', { status: 'approved' }), makeRequestSummary('c')];
    await tell();
    expect(ids()).toBe('a b c');
    expect(requests.getState().rows![1]!.status).toBe('approved');
    expect(requests.getState().waiting).toBe(1);
    requests.getState().hold(false);
    expect(ids()).toBe('z a c');
    expect(requests.getState().waiting).toBe(0);
  });

  test('an empty table shows the first one at once: nothing in it could move', async () => {
    rows = [];
    await show();
    requests.getState().hold(true);
    rows = [makeRequestSummary('a')];
    await tell();
    expect(ids()).toBe('a');
  });
});

describe('saved views', () => {
  const names = (): string => kept.map(({ name }) => name).join(' ');

  test('keep the filter under a name, in the order that was chosen', async () => {
    await show();
    requests.getState().setFilter({ statuses: ['approved'], search: 'María' });
    await requests.getState().saveView('Aprobadas');
    requests.getState().setFilter(NO_REQUEST_FILTER);
    expect(viewOf(requests.getState())).toBeNull();
    requests.getState().setFilter({ statuses: ['new'] });
    await requests.getState().saveView('Nuevas');
    expect(viewOf(requests.getState())?.name).toBe('Nuevas');
    const [first, second] = requests.getState().views;
    await requests.getState().moveView(second!.id, -1);
    expect(names()).toBe('Nuevas Aprobadas');
    await requests.getState().moveView(second!.id, -1);
    expect(names(), 'not beyond the first').toBe('Nuevas Aprobadas');
    await requests.getState().renameView(first!.id, 'Listas');
    await requests.getState().removeView(second!.id);
    expect(kept).toMatchObject([{ name: 'Listas', filter: { statuses: ['approved'], search: 'María' } }]);
  });

  test('the same name again replaces its filter instead of standing there twice', async () => {
    await show();
    requests.getState().setFilter({ statuses: ['new'] });
    await requests.getState().saveView('Mías');
    requests.getState().setFilter({ statuses: ['done'] });
    await requests.getState().saveView('mías');
    expect(kept).toMatchObject([{ name: 'Mías', filter: { statuses: ['done'] } }]);
  });

  test('one that another window has made meanwhile is not lost', async () => {
    await show();
    kept = [{ id: 'other', name: 'De otra ventana', filter: NO_REQUEST_FILTER }];
    requests.getState().setFilter({ statuses: ['new'] });
    await requests.getState().saveView('Nuevas');
    expect(names()).toBe('De otra ventana Nuevas');
  });
});

describe('the filter', () => {
  const tab = () => ({ getItem: (key: string) => storage.get(key) ?? null, setItem: (key: string, value: string) => void storage.set(key, value), removeItem: () => undefined });

  test('outlives a reload, without its search', () => {
    writeRequestFilter(tab(), { ...NO_REQUEST_FILTER, search: 'x', statuses: ['done'], vendorId: 'v', requestedFrom: '2026-12-01', sort: 'updated' });
    expect(readRequestFilter(tab())).toEqual({ ...NO_REQUEST_FILTER, statuses: ['done'], vendorId: 'v', requestedFrom: '2026-12-01', sort: 'updated' });
  });

  test.each(['', 'no json', '7', '{"statuses":"new","sort":"random","vendorId":7}', '{"statuses":["gone"]}'])('counts as none where %j was kept', (text) => {
    storage.set('bandeja.request-filter', text);
    expect(readRequestFilter(tab())).toEqual(NO_REQUEST_FILTER);
  });

  test('is the same whichever way its statuses were chosen', () => {
    const one = { ...NO_REQUEST_FILTER, statuses: toggleStatus({ ...NO_REQUEST_FILTER, statuses: ['done'] }, 'new') };
    expect(isSameFilter(one, { ...NO_REQUEST_FILTER, statuses: ['done', 'new'] })).toBe(true);
    expect(isSameFilter(one, { ...NO_REQUEST_FILTER, statuses: ['done'] })).toBe(false);
    expect(toggleStatus(one, 'done')).toEqual(['new']);
  });
});

test('a draft that is begun from a person keeps the job, and nothing of another customer', () => {
  const begun = { ...EMPTY_DRAFT, serviceType: 'PTAR', address: 'Zona 10', customerName: 'Otra', contactPhone: '+502 4444 3333', contactEmail: 'otra@x.gt' };
  const maria = { id: 'c1', name: 'María', phone: '+502 5555 1234', email: null };
  const forMaria = draftFor(begun, { ...maria, isVendor: false });
  expect(forMaria).toMatchObject({ serviceType: 'PTAR', address: 'Zona 10', customer: { id: 'c1', phone: '+502 5555 1234' }, customerName: 'María', contactPhone: '', contactEmail: '' });
  const typedOn = { ...forMaria, customerName: 'María X', contactEmail: 'm@x.gt' };
  expect(draftFor(typedOn, { ...maria, isVendor: false })).toBe(typedOn);
  expect(draftFor(begun, { ...maria, isVendor: true })).toMatchObject({ vendor: { id: 'c1' }, customer: null, contactPhone: '+502 4444 3333' });
});
