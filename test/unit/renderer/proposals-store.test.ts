/** Templates that events propose: sent once, dismissed with time to think again, decided by others. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ORPCError } from '@orpc/client';
import { createStore } from 'zustand/vanilla';
import type { LinkState } from '../../../renderer/rpc/engine-link.ts';
import { createStores } from '../../../renderer/store/app.ts';
import { DISMISS_GRACE_MS, type ShownProposal } from '../../../renderer/store/proposals-store.ts';
import { createFakeEngine, settle, type FakeEngine } from './fake-engine.ts';
import { makeEvent, makeProposal, makeRequest } from './fixtures.ts';

const NOTHING = { length: 0, key: () => null, getItem: () => null, setItem: () => undefined, removeItem: () => undefined };
const INPUT = { key: 'k', texts: {}, place: null, file: null };
let engine: FakeEngine;
let stores: ReturnType<typeof createStores>['stores'];
const proposals = () => stores.proposals.getState();
const shown = (): readonly ShownProposal[] => proposals().lists['all'] ?? [];
const asked = (name: string) => engine.asked.filter((call) => call.name === name).map(({ input }) => input);

beforeEach(async () => {
  vi.useFakeTimers();
  engine = createFakeEngine();
  engine.proposals = [makeProposal('e1')];
  engine.requests.set('r1', makeRequest('r1', { events: [makeEvent('e1')] }));
  ({ stores } = createStores({
    client: engine.client,
    changes: engine.changes,
    link: createStore<LinkState>(() => ({ status: 'up' })),
    clock: createStore(() => ({ now: 0 })),
    storage: NOTHING,
    tabStorage: NOTHING,
  }));
  proposals().follow({ kind: 'all' });
  await settle();
});
afterEach(() => {
  vi.useRealTimers();
});

/** What the engine says of it from now on. */
async function decide(state: 'sent' | 'dismissed' | 'obsolete', by: { id: string; name: string; isMe: boolean } | null): Promise<void> {
  engine.proposals = [];
  engine.requests.set('r1', makeRequest('r1', { events: [makeEvent('e1', { state, decidedBy: by })] }));
  await engine.changes.tell([], { requests: true });
}

test('what was sent is gone, and said', async () => {
  proposals().review('e1');
  const [one] = shown();
  engine.proposals = [];
  expect(await proposals().send(one!.proposal, INPUT, null, false)).toBeNull();
  expect(asked('sendEvent')).toEqual([{ eventId: 'e1', template: INPUT, isOverride: false }]);
  expect(shown()).toEqual([]);
  expect(proposals().reviewing).toBeNull();
  expect(stores.toasts.getState().toasts).toMatchObject([{ text: 'requestLinks.toast.sent', values: { name: 'Servicios del Lago' } }]);
});

test('one that a colleague decides while it is reviewed closes and says who', async () => {
  proposals().review('e1');
  await decide('sent', { id: 'bo', name: 'Bo', isMe: false });
  expect(proposals().reviewing).toBeNull();
  expect(shown()).toMatchObject([{ id: 'e1', decided: { state: 'sent', by: { name: 'Bo' } } }]);
  await engine.changes.tell([], { requests: true });
  expect(shown()).toHaveLength(1);
  proposals().forget('e1');
  expect(shown()).toEqual([]);
});

test('a send that came second is no failure: the list says who was first', async () => {
  const [one] = shown();
  engine.verdict = { outcome: 'superseded', reason: null };
  engine.proposals = [];
  engine.requests.set('r1', makeRequest('r1', { events: [makeEvent('e1', { state: 'sent', decidedBy: { id: 'bo', name: 'Bo', isMe: false } })] }));
  expect(await proposals().send(one!.proposal, INPUT, null, false)).toBeNull();
  expect(shown()).toMatchObject([{ decided: { state: 'sent', by: { name: 'Bo' } } }]);
  expect(stores.toasts.getState().toasts).toEqual([]);
});

test('one of mine that was decided on another desktop is simply gone', async () => {
  await decide('sent', { id: 'me', name: 'Yo', isMe: true });
  expect(shown()).toEqual([]);
});

test('to somebody else it is refused until that is meant', async () => {
  const [one] = shown();
  const other = { ...one!.proposal.request.customer! };
  engine.verdict = { outcome: 'forbidden', reason: null };
  expect(await proposals().send(one!.proposal, INPUT, other, false)).toEqual({ code: 'WRONG_ROLE', refused: null });
  engine.verdict = { outcome: 'applied', reason: null };
  expect(await proposals().send(one!.proposal, INPUT, other, true)).toBeNull();
  expect(asked('sendEvent').at(-1)).toEqual({ eventId: 'e1', template: INPUT, isOverride: true, to: 'customer' });
});

test('a refusal of the engine goes to the form, and the proposal stays', async () => {
  const [one] = shown();
  engine.failNext('sendEvent', new ORPCError('BLOCKED', { defined: true }));
  expect(await proposals().send(one!.proposal, INPUT, null, false)).toEqual({ code: 'BLOCKED', refused: null });
  expect(shown()).toMatchObject([{ id: 'e1', decided: null }]);
});

test('dismissed is told to the team only when its time to think again is over', async () => {
  proposals().dismiss('e1');
  expect(proposals().leaving.has('e1')).toBe(true);
  await vi.advanceTimersByTimeAsync(DISMISS_GRACE_MS - 1);
  expect(asked('dismissEvent')).toEqual([]);
  engine.proposals = [];
  await vi.advanceTimersByTimeAsync(1);
  await settle();
  expect(asked('dismissEvent')).toEqual([{ eventId: 'e1' }]);
  expect(shown()).toEqual([]);
  expect(proposals().leaving.size).toBe(0);
});

test('taken back, it stands as before and nothing is told', async () => {
  proposals().dismiss('e1');
  proposals().takeBack('e1');
  await vi.advanceTimersByTimeAsync(DISMISS_GRACE_MS * 2);
  expect(asked('dismissEvent')).toEqual([]);
  expect(proposals().leaving.size).toBe(0);
  expect(shown()).toHaveLength(1);
});

test('counts what is open for the rail, and lets go of lists that nobody follows', async () => {
  const stop = proposals().follow({ kind: 'conversation', id: 'c1' });
  await settle();
  expect(proposals().lists['conversation:c1']).toHaveLength(1);
  stop();
  expect(proposals().lists['conversation:c1']).toBeUndefined();
  await engine.changes.tell([], { requests: true });
  expect(proposals().openEvents).toBe(1);
});
