/** Linking, and the question before a conversation without a request is answered or ended. */
import { beforeEach, expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { LinkState } from '../../../renderer/rpc/engine-link.ts';
import { createStores } from '../../../renderer/store/app.ts';
import { createFakeEngine, settle, type FakeEngine } from './fake-engine.ts';
import { makeConversation, makeMessage, makeRequest, makeRequestSummary } from './fixtures.ts';

const NOTHING = { length: 0, key: () => null, getItem: () => null, setItem: () => undefined, removeItem: () => undefined };
let engine: FakeEngine;
let app: ReturnType<typeof createStores>;
const said = (): string[] => app.stores.toasts.getState().toasts.map(({ text }) => text);
const links = () => app.stores.links.getState();
const asked = (name: string) => engine.asked.filter((call) => call.name === name).map(({ input }) => input);
const sent = () => engine.sent.map(({ text }) => text);
const C1 = { id: 'c1', name: 'Cliente c1' };
const R1 = { id: 'r1', reference: 'SOL-r1' };

beforeEach(() => {
  engine = createFakeEngine();
  engine.messages = [makeMessage({ id: 'm1' })];
  engine.requests.set('r1', makeRequest('r1'));
  engine.linkSuggestions = [{ request: makeRequestSummary('r1'), role: 'customer', reason: 'phone', messageId: null }];
  app = createStores({
    client: engine.client,
    changes: engine.changes,
    link: createStore<LinkState>(() => ({ status: 'up' })),
    clock: createStore(() => ({ now: 0 })),
    storage: NOTHING,
    tabStorage: NOTHING,
  });
});

async function open(id: string): Promise<void> {
  app.stores.conversation.getState().open(id);
  await settle();
}
async function reply(text: string): Promise<void> {
  app.stores.drafts.getState().setText('c1', text);
  await app.commands.sendDraft('c1', 1);
  await settle();
}

test('a reply without a request waits for an answer, and leaves with the link', async () => {
  await open('c1');
  await reply('hola');
  expect(links().nudge).toMatchObject({ intent: 'reply', suggestion: { request: { id: 'r1' } } });
  expect(sent()).toEqual([]);
  links().answer('link');
  await settle();
  expect(asked('link')).toEqual([{ requestId: 'r1', role: 'customer', from: null, to: 'c1' }]);
  expect(sent()).toEqual(['hola']);
  expect(links().nudge).toBeNull();
});

test('a double click links once', async () => {
  engine.requests.set('r1', makeRequest('r1', { links: [{ role: 'customer', conversationId: 'c1', status: 'active', lastInbound: null }] }));
  await open('c1');
  expect(await links().link(C1, R1, 'customer')).toBe(true);
  expect(asked('link')).toEqual([]);
  expect(said()).toEqual([]);
});

test('it asks once for a conversation: neither going on without nor going back is asked again', async () => {
  await open('c1');
  await reply('uno');
  links().answer('back');
  await settle();
  expect(sent()).toEqual([]);
  expect(app.stores.drafts.getState().drafts['c1']?.text).toBe('uno');
  await reply('uno');
  expect(sent()).toEqual(['uno']);
  await app.commands.setStatus(makeConversation('c1'), 'closed');
  expect(engine.calls).toContain('setStatus');
});

test('whoever has just linked one is not asked, however soon they answer', async () => {
  await open('c1');
  const linking = links().link(C1, R1, 'customer');
  await reply('hola');
  expect(links().nudge).toBeNull();
  expect(sent()).toEqual(['hola']);
  expect(await linking).toBe(true);
});

test('closing and archiving ask too, reopening does not', async () => {
  await open('c1');
  await app.commands.setStatus(makeConversation('c1', { status: 'archived' }), 'active');
  expect(engine.calls.filter((call) => call === 'setStatus')).toHaveLength(1);
  await app.commands.setStatus(makeConversation('c1'), 'archived');
  expect(links().nudge).toMatchObject({ intent: 'archived' });
  expect(engine.calls.filter((call) => call === 'setStatus')).toHaveLength(1);
  links().answer('without');
  await settle();
  expect(engine.calls.filter((call) => call === 'setStatus')).toHaveLength(2);
  expect(asked('link')).toEqual([]);
});

test('nothing is asked without a suggestion, nor where a request is linked', async () => {
  engine.ofConversation = [{ ...makeRequestSummary('r1'), role: 'customer', isLinked: true }];
  await open('c1');
  await reply('uno');
  engine.ofConversation = [];
  engine.linkSuggestions = [];
  await open('c2');
  expect(links().ask('c2', 'closed', () => undefined)).toBe(false);
  expect(sent()).toEqual(['uno']);
});

test('a request that is over does not stand for a new one', async () => {
  engine.ofConversation = [{ ...makeRequestSummary('r0', { status: 'done' }), role: 'customer', isLinked: true }];
  engine.requests.set('r0', makeRequest('r0', { status: 'done' }));
  await open('c1');
  await reply('hola');
  expect(links().nudge).toMatchObject({ suggestion: { request: { id: 'r1' } } });
});

test('a link that a colleague makes meanwhile answers the question', async () => {
  await open('c1');
  await reply('hola');
  engine.ofConversation = [{ ...makeRequestSummary('r1'), role: 'customer', isLinked: true }];
  await engine.changes.tell([], { requests: true });
  expect(links().nudge).toBeNull();
  expect(sent()).toEqual([]);
  await reply('hola');
  expect(sent()).toEqual(['hola']);
});

test('a reply leaves also where linking failed, and that is said', async () => {
  await open('c1');
  await reply('hola');
  engine.verdict = { outcome: 'superseded', reason: null };
  links().answer('link');
  await settle();
  expect(sent()).toEqual(['hola']);
  expect(said()).toContain('requestLinks.toast.linkedMeanwhile');
});

test('links from what stands now, and undo puts that back', async () => {
  engine.requests.set('r1', makeRequest('r1', { links: [{ role: 'customer', conversationId: 'c0', status: 'closed', lastInbound: null }] }));
  await open('c1');
  expect(await links().link(C1, R1, 'customer')).toBe(true);
  app.stores.toasts.getState().toasts[0]?.action?.run();
  await settle();
  expect(asked('link')).toEqual([
    { requestId: 'r1', role: 'customer', from: 'c0', to: 'c1' },
    { requestId: 'r1', role: 'customer', from: 'c1', to: 'c0' },
  ]);
  expect(said()).toContain('requestLinks.toast.relinked');
});

test('unlinking takes nothing off that a colleague has linked elsewhere meanwhile', async () => {
  engine.requests.set('r1', makeRequest('r1', { links: [{ role: 'customer', conversationId: 'c0', status: 'active', lastInbound: null }] }));
  await open('c1');
  await links().unlink(C1, R1, 'customer');
  expect(asked('link')).toEqual([]);
});

test('shows all of the request that the conversation shows, and follows changes', async () => {
  engine.ofConversation = [
    { ...makeRequestSummary('r1'), role: 'customer', isLinked: true },
    { ...makeRequestSummary('r2'), role: 'customer', isLinked: true },
  ];
  engine.requests.set('r2', makeRequest('r2'));
  engine.conversations.set('c1', { request: { id: 'r2', reference: 'SOL-r2', status: 'new', role: 'customer', others: 1 } });
  await open('c1');
  await engine.changes.tell([], { requests: true });
  expect(links().links).toMatchObject({ conversationId: 'c1', shown: { id: 'r2' } });
  engine.ofConversation = [];
  await engine.changes.tell([], { requests: true });
  expect(links().links?.shown).toBeNull();
});
