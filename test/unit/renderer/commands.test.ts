/** What is said after a command, above all when it did not do what was asked. */
import { ORPCError } from '@orpc/client';
import { beforeEach, expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { EngineAway, type LinkState } from '../../../renderer/rpc/engine-link.ts';
import { createStores } from '../../../renderer/store/app.ts';
import { createFakeEngine, settle, type FakeEngine } from './fake-engine.ts';
import { makeConversation, makeMessage, makeSummary } from './fixtures.ts';

let engine: FakeEngine;
let app: ReturnType<typeof createStores>;
const said = (): string[] => app.stores.toasts.getState().toasts.map((toast) => toast.text);
const NOTHING = { length: 0, key: () => null, getItem: () => null, setItem: () => undefined, removeItem: () => undefined };

beforeEach(() => {
  engine = createFakeEngine();
  app = createStores({
    client: engine.client,
    changes: engine.changes,
    link: createStore<LinkState>(() => ({ status: 'up' })),
    clock: createStore(() => ({ now: 0 })),
    storage: NOTHING,
    tabStorage: NOTHING,
  });
});

const draft = () => app.stores.drafts.getState().drafts['c1'];
function send(text: string): Promise<void> {
  app.stores.drafts.getState().setText('c1', text);
  return app.commands.sendDraft('c1', 1);
}

test('a text that the engine did not take is reported with its reason, and comes back', async () => {
  engine.failNext('sendText', new ORPCError('WINDOW_CLOSED', { defined: true }));
  await send('hola');
  expect(draft()?.text).toBe('hola');
  engine.failNext('sendText', new EngineAway());
  await app.commands.sendDraft('c1', 1);
  expect(draft()?.text).toBe('hola');
  expect(said()).toEqual(['failure.WINDOW_CLOSED', 'failure.ENGINE_AWAY']);
});

test('texts sent faster than the engine answers go to it one after the other, each under its own id', async () => {
  const gate = engine.pause();
  const all = [send('uno'), send('dos'), send('tres')];
  await settle();
  expect(engine.sent.map(({ text }) => text)).toEqual(['uno']);
  gate.release();
  await Promise.all(all);
  await settle();
  expect(engine.sent.map(({ text }) => text)).toEqual(['uno', 'dos', 'tres']);
  expect(new Set(engine.sent.map(({ messageId }) => messageId)).size).toBe(3);
  expect(draft()).toBeUndefined();
});

test('when a text comes back, what was sent after it does not overtake it', async () => {
  const gate = engine.pause();
  engine.failNext('sendText', new EngineAway());
  const all = [send('uno'), send('dos')];
  gate.release();
  await Promise.all(all);
  expect(engine.sent.map(({ text }) => text)).toEqual(['uno']);
  expect(draft()).toMatchObject({ text: 'uno\ndos', isSending: false });
});

test('a code that nobody knows becomes INTERNAL, never a raw text', async () => {
  engine.failNext('sendText', new ORPCError('TEAPOT'));
  await send('hola');
  expect(said()).toEqual(['failure.INTERNAL']);
});

test('archiving takes the row away and can be undone', async () => {
  engine.rows = [makeSummary('c1')];
  await engine.changes.tell();
  await app.commands.setStatus(makeConversation('c1'), 'archived');
  expect(app.stores.inbox.getState().rows).toEqual([]);
  expect(said()).toEqual(['status.done.archived']);
  app.stores.toasts.getState().toasts[0]!.action!.run();
  await settle();
  expect(said()).toContain('status.done.active');
  expect(engine.calls.filter((call) => call === 'setStatus')).toHaveLength(2);
});

test('a change that lost against the customer says so and leaves the row', async () => {
  engine.rows = [makeSummary('c1')];
  await engine.changes.tell();
  engine.setStatusOutcome = 'superseded';
  await app.commands.setStatus(makeConversation('c1'), 'archived');
  expect(said()).toEqual(['status.superseded']);
  expect(app.stores.inbox.getState().rows).toHaveLength(1);
});

test('a row that shows an older message than there is is not archived from the list', async () => {
  const lastMessage = { ...makeMessage({ id: 'seen' }), at: 1 };
  engine.conversations.set('c1', { lastMessage: { ...lastMessage, id: 'newer' } });
  await app.commands.setStatusOfRow(makeSummary('c1', { lastMessage }), 'archived');
  expect(engine.calls).not.toContain('setStatus');
  expect(said()).toEqual(['status.superseded']);
});

test('a conversation that has a newer one says so instead of naming the customer', async () => {
  engine.setStatusOutcome = 'superseded';
  engine.setStatusReason = 'newer_conversation';
  await app.commands.setStatus(makeConversation('c1', { status: 'closed' }), 'active');
  expect(said()).toEqual(['status.newerConversation']);
});

test('archiving at once after opening claims what is in view, and nothing if the bottom is not', async () => {
  engine.messages = [makeMessage({ id: 'new' })];
  engine.conversations.set('c1', { unread: 1, readThrough: 3, seenThrough: 20 });
  const { conversation } = app.stores;
  conversation.getState().open('c1');
  await settle();
  let isInView = false;
  conversation.getState().watchBottom(() => isInView);
  await app.commands.setStatus(conversation.getState().thread!.conversation, 'archived');
  expect(conversation.getState().thread!.seenThrough).toBe(3);
  isInView = true;
  await app.commands.setStatus(conversation.getState().thread!.conversation, 'archived');
  expect(conversation.getState().thread!.seenThrough).toBe(20);
});
