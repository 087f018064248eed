/** The open request: what is typed outlives everything but its agent's word, and somebody else's change is seen at its field. */
import { beforeEach, describe, expect, test } from 'vitest';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Change, Conflict } from '../../../contract/entities.ts';
import type { ServiceRequest } from '../../../contract/work-entities.ts';
import { EVERYTHING, type ChangeListener } from '../../../renderer/rpc/change-feed.ts';
import type { EngineClient } from '../../../renderer/rpc/engine-client.ts';
import { theirsOf, type TextField } from '../../../renderer/store/request-edits.ts';
import { createRequestStore, type RequestState } from '../../../renderer/store/request-store.ts';
import type { TeamState } from '../../../renderer/store/team-store.ts';
import { createToastStore } from '../../../renderer/store/toast-store.ts';
import { settle } from './fake-engine.ts';
import { makeConversation, makeMessage } from './fixtures.ts';
import { ANA, makeRequest } from './request-fixtures.ts';

type FieldChange = { from: unknown; to: unknown };
let standing: Map<string, ServiceRequest>;
let changes: Record<string, FieldChange>[];
let dismissed: string[];
let messages: string[];
/** Runs before a change is judged, as somebody else's does that was faster. */
let before: () => void;
let store: StoreApi<RequestState>;
let team: StoreApi<TeamState>;
let storage: Map<string, string>;
const listeners = new Set<ChangeListener>();
const tell = async (patch: Partial<Change> = {}): Promise<void> => {
  for (const listener of listeners) listener({ ...EVERYTHING, ...patch });
  await settle();
};
const others = async (patch: Partial<ServiceRequest>, id = 'r1'): Promise<void> => {
  standing.set(id, { ...standing.get(id)!, ...patch });
  await tell();
};
const theirs = (field: TextField): string | null => theirsOf(store.getState().request!, store.getState().edits, field);

/** With the rule of the team's log: what its author saw has to stand. */
function judge(request: ServiceRequest, wanted: Record<string, FieldChange>) {
  const lost: Record<string, { to: unknown; was: unknown }> = {};
  const next: Record<string, unknown> = { ...request };
  for (const [field, { from, to }] of Object.entries(wanted)) {
    if (next[field] === from) next[field] = to;
    else if (next[field] !== to) lost[field] = { to, was: next[field] };
  }
  standing.set(request.id, next as ServiceRequest);
  const count = Object.keys(lost).length;
  return { opId: 'op', outcome: count === 0 ? 'applied' : count === Object.keys(wanted).length ? 'superseded' : 'partial', reason: null, lost };
}

function open(): StoreApi<RequestState> {
  listeners.clear();
  team = createStore<TeamState>(() => ({ directory: null, round: 0, presence: null, conflicts: [], followLoads: () => () => undefined }));
  const client = {
    requests: {
      get: async ({ requestId }: { requestId: string }) => structuredClone(standing.get(requestId)!),
      change: async (input: { requestId: string; changes: Record<string, FieldChange> }) => {
        changes.push(input.changes);
        before();
        return judge(standing.get(input.requestId)!, input.changes);
      },
    },
    conversations: {
      get: async ({ conversationId }: { conversationId: string }) => ({ ...makeConversation(conversationId), messages: messages.map((id) => makeMessage({ id })), messagesCursor: null }),
    },
    contacts: { conversations: async () => [] },
    conflicts: {
      dismiss: async ({ opIds }: { opIds: string[] }) => {
        dismissed.push(...opIds);
        return { left: 0 };
      },
    },
  } as unknown as EngineClient;
  const fail = (error: unknown): never => {
    throw error;
  };
  return createRequestStore({
    client,
    changes: {
      subscribe: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      start: () => undefined,
    },
    team,
    toasts: createToastStore(),
    storage: { getItem: (key) => storage.get(key) ?? null, setItem: (key, value) => void storage.set(key, value), removeItem: (key) => void storage.delete(key) },
    report: fail,
    reportAction: fail,
  });
}

beforeEach(async () => {
  standing = new Map(['r1', 'r2'].map((id) => [id, makeRequest(id)]));
  changes = [];
  dismissed = [];
  messages = [];
  before = () => undefined;
  storage = new Map();
  store = open();
  store.getState().open('r1');
  await settle();
});

describe('typing', () => {
  test('is sent with what its author saw, and is no edit any more once it stands', async () => {
    store.getState().type('address', 'Zona 1');
    store.getState().type('requestedDate', '2026-12-04');
    expect(await store.getState().save()).toEqual([]);
    expect(changes).toEqual([{ address: { from: 'Zona 10', to: 'Zona 1' }, requestedDate: { from: null, to: '2026-12-04' } }]);
    expect(store.getState().edits).toEqual({});
    expect(store.getState().request).toMatchObject({ address: 'Zona 1', requestedDate: '2026-12-04' });
  });

  test('an emptied date is no date, an emptied address an empty one', async () => {
    await others({ requestedDate: '2026-12-04' });
    store.getState().type('requestedDate', '');
    store.getState().type('address', '');
    await store.getState().save();
    expect(changes).toEqual([{ address: { from: 'Zona 10', to: '' }, requestedDate: { from: '2026-12-04', to: null } }]);
  });

  test('typed back to what stands there, it is nothing to save', () => {
    store.getState().type('address', 'Zona 1');
    store.getState().type('address', 'Zona 10');
    expect(store.getState().edits).toEqual({});
  });

  test('outlives another request, and a reload', async () => {
    store.getState().type('address', 'Zona 1');
    store.getState().open('r2');
    await settle();
    expect(store.getState().edits).toEqual({});
    store.getState().open('r1');
    await settle();
    expect(store.getState().edits.address?.to).toBe('Zona 1');
    store = open();
    store.getState().open('r1');
    await settle();
    expect(store.getState().edits.address?.to).toBe('Zona 1');
  });

  test('what was typed on while it was being saved stays', async () => {
    store.getState().type('address', 'Zona 1');
    before = () => store.getState().type('address', 'Zona 11');
    await store.getState().save();
    expect(store.getState().edits.address?.to).toBe('Zona 11');
    await store.getState().save();
    expect(standing.get('r1')!.address).toBe('Zona 11');
  });
});

describe('somebody else’s change', () => {
  test('is seen at the field that is being written, and only there', async () => {
    store.getState().type('address', 'Zona 1');
    await others({ address: 'Zona 4', contactEmail: 'bo@example.com' });
    expect(theirs('address')).toBe('Zona 4');
    expect(store.getState().edits.address?.to).toBe('Zona 1');
    expect(theirs('contactEmail')).toBeNull();
  });

  test('keeps that field from being saved until its agent has decided, the others are saved', async () => {
    store.getState().type('address', 'Zona 1');
    store.getState().type('description', 'Portón negro');
    await others({ address: 'Zona 4' });
    await store.getState().save();
    expect(changes).toEqual([{ description: { from: '', to: 'Portón negro' } }]);
    store.getState().keepMine('address');
    await store.getState().save();
    expect(changes[1]).toEqual({ address: { from: 'Zona 4', to: 'Zona 1' } });
    expect(standing.get('r1')!.address).toBe('Zona 1');
  });

  test('can be left standing', async () => {
    store.getState().type('address', 'Zona 1');
    await others({ address: 'Zona 4' });
    store.getState().takeTheirs('address');
    expect(store.getState().edits).toEqual({});
    expect(store.getState().request!.address).toBe('Zona 4');
  });

  test('that says the same settles it', async () => {
    store.getState().type('address', 'Zona 1');
    await others({ address: 'Zona 1' });
    expect(store.getState().edits).toEqual({});
  });

  test('that was faster than the save is told, and nothing typed is lost', async () => {
    store.getState().type('address', 'Zona 1');
    store.getState().type('description', 'Portón negro');
    before = () => void standing.set('r1', { ...standing.get('r1')!, address: 'Zona 4' });
    expect(await store.getState().save()).toEqual(['address']);
    expect(Object.keys(store.getState().edits)).toEqual(['address']);
    expect(theirs('address')).toBe('Zona 4');
  });
});

describe('a change of mine that the team’s log did not take', () => {
  const conflict = (lost: Record<string, { to: unknown; was: unknown }>, fields: Record<string, FieldChange>): Conflict & { id: string } => ({
    id: 'op-1',
    opId: 'op-1',
    type: 'request.change',
    outcome: 'partial',
    actor: ANA,
    occurredAt: 0,
    isPending: false,
    conversation: null,
    about: null,
    winner: null,
    canReapply: true,
    detail: { requestId: 'r1', changes: fields, lost },
  });

  test('stands in its field again beside what stands, and is settled by choosing', async () => {
    await others({ address: 'Zona 4' });
    team.setState({ conflicts: [conflict({ address: { to: 'Zona 1', was: 'Zona 4' } }, { address: { from: 'Zona 10', to: 'Zona 1' } })] });
    await settle();
    expect(store.getState().edits.address?.to).toBe('Zona 1');
    expect(theirs('address')).toBe('Zona 4');
    store.getState().keepMine('address');
    await store.getState().save();
    expect(standing.get('r1')!.address).toBe('Zona 1');
    expect(dismissed).toContain('op-1');
  });

  test('is not given up because the request on screen does not know of it yet', async () => {
    store.getState().type('address', 'Zona 1');
    await store.getState().save();
    // The log has judged otherwise: the conflict is told first, the request a moment later.
    standing.set('r1', { ...standing.get('r1')!, address: 'Zona 4' });
    team.setState({ conflicts: [conflict({ address: { to: 'Zona 1', was: 'Zona 4' } }, { address: { from: 'Zona 10', to: 'Zona 1' } })] });
    await tell();
    expect(dismissed).toEqual([]);
    expect(theirs('address')).toBe('Zona 4');
  });

  test('left as the other one wanted, it is not brought back', async () => {
    await others({ address: 'Zona 4' });
    team.setState({ conflicts: [conflict({ address: { to: 'Zona 1', was: 'Zona 4' } }, { address: { from: 'Zona 10', to: 'Zona 1' } })] });
    await settle();
    store.getState().takeTheirs('address');
    await settle();
    expect(dismissed).toEqual(['op-1']);
    await tell();
    expect(store.getState().edits).toEqual({});
  });

  test('with a status in it stays under “while you were offline”', async () => {
    await others({ address: 'Zona 4', status: 'cancelled' });
    team.setState({
      conflicts: [
        conflict({ address: { to: 'Zona 1', was: 'Zona 4' }, status: { to: 'approved', was: 'cancelled' } }, { address: { from: 'Zona 10', to: 'Zona 1' }, status: { from: 'new', to: 'approved' } }),
      ],
    });
    await settle();
    store.getState().takeTheirs('address');
    await settle();
    expect(dismissed).toEqual([]);
  });
});

test('a linked conversation is read with the request, and again when something comes in it', async () => {
  await others({ links: [{ role: 'customer', conversationId: 'c1', status: 'active', lastInbound: null }] });
  expect(store.getState().sides.customer.thread?.messages).toEqual([]);
  messages = ['m1'];
  await tell({ conversations: ['c1'], requests: false, contacts: false });
  expect(store.getState().sides.customer.thread?.messages.map(({ id }) => id)).toEqual(['m1']);
});
