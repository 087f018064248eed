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
  engine.failNext('send', new ORPCError('WINDOW_CLOSED', { defined: true }));
  await send('hola');
  expect(draft()?.text).toBe('hola');
  engine.failNext('send', new EngineAway());
  await app.commands.sendDraft('c1', 1);
  expect(draft()?.text).toBe('hola');
  expect(said()).toEqual(['failure.WINDOW_CLOSED', 'failure.ENGINE_AWAY']);
});

test('a part of a message that was refused is named, in the notice and to the form', async () => {
  const refused = { field: 'text', reason: 'invalid', limit: null } as const;
  engine.failNext('send', new ORPCError('CONTENT_REFUSED', { defined: true, data: refused }));
  await send('hola');
  expect(draft()?.text).toBe('hola');
  expect(app.stores.toasts.getState().toasts).toMatchObject([{ text: 'failure.CONTENT_REFUSED', refused }]);

  const content = { kind: 'location', latitude: 91, longitude: 0, name: null, address: null } as const;
  engine.failNext('send', new ORPCError('CONTENT_REFUSED', { defined: true, data: { ...refused, field: 'latitude' } }));
  expect(await app.commands.sendCard('c1', { messageId: 'm9', content, seenThrough: 1 })).toEqual({ code: 'CONTENT_REFUSED', refused: { ...refused, field: 'latitude' } });
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
  engine.failNext('send', new EngineAway());
  const all = [send('uno'), send('dos')];
  gate.release();
  await Promise.all(all);
  expect(engine.sent.map(({ text }) => text)).toEqual(['uno']);
  expect(draft()).toMatchObject({ text: 'uno\ndos', isSending: false });
});

test('a code that nobody knows becomes INTERNAL, never a raw text', async () => {
  engine.failNext('send', new ORPCError('TEAPOT'));
  await send('hola');
  expect(said()).toEqual(['failure.INTERNAL']);
});

test('archiving takes the row away and can be undone', async () => {
  engine.rows = [makeSummary('c1')];
  await engine.changes.tell();
  engine.rows = [makeSummary('c1', { status: 'archived' })];
  await app.commands.setStatus(makeConversation('c1'), 'archived');
  await settle();
  expect(app.stores.inbox.getState().rows).toEqual([]);
  expect(said()).toEqual(['status.done.archived']);
  app.stores.toasts.getState().toasts[0]!.action!.run();
  await settle();
  expect(said()).toEqual(['undo.done.archived']);
  expect(engine.asked).toEqual([{ name: 'undo', input: { opIds: ['op-status'] } }]);
});

test('the key takes back what was just done and says what, but nothing from long before', async () => {
  await app.commands.setStatus(makeConversation('c1'), 'archived');
  app.stores.clock.setState({ now: 119_000 });
  await app.commands.undoLast();
  expect(said()).toEqual(['undo.done.archived']);
  await app.commands.setStatus(makeConversation('c1'), 'closed');
  app.stores.clock.setState({ now: 119_000 + 120_000 });
  await app.commands.undoLast();
  expect(said()).toContain('undo.nothing');
  expect(engine.asked).toHaveLength(1);
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
  const lastMessage = { ...makeMessage({ id: 'seen' }), isAutomatic: false, at: 1 };
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

test('a reply that the guard stopped comes back whole, asks in the composer, and then goes with what was shown', async () => {
  engine.messages = [makeMessage({ id: 'm1' })];
  engine.conversations.set('c1', { seenThrough: 10 });
  app.stores.conversation.getState().open('c1');
  await settle();
  engine.messages.push(makeMessage({ id: 'colleague', direction: 'out', author: { id: 'b', name: 'Bo', isMe: false } }));
  engine.conversations.set('c1', { seenThrough: 20 });
  engine.failNext('send', new ORPCError('THREAD_MOVED', { defined: true }));
  app.stores.drafts.getState().setText('c1', 'cuesta 300');
  await app.commands.sendDraft('c1', 10);
  await settle();
  expect(engine.sent[0]).toMatchObject({ isGuarded: true, seenThrough: 10 });
  expect(draft()?.text).toBe('cuesta 300');
  expect(app.stores.conversation.getState().thread!.moved).toEqual({ ids: ['colleague'], seenThrough: 20 });
  expect(said()).toEqual([]);

  await app.commands.sendDraft('c1', app.stores.conversation.getState().acceptMoved()!);
  // The same message, not another one.
  expect(engine.sent[1]).toMatchObject({ text: 'cuesta 300', seenThrough: 20, messageId: engine.sent[0]!.messageId });
});

test('a reply that is stopped after its agent went elsewhere says so', async () => {
  app.stores.conversation.getState().open('c2');
  engine.failNext('send', new ORPCError('THREAD_MOVED', { defined: true }));
  await send('hola');
  expect(said()).toEqual(['failure.THREAD_MOVED']);
  expect(draft()?.text).toBe('hola');
});

test('an assignment that lost names who was faster and whose it is', async () => {
  engine.verdict = { outcome: 'superseded', reason: null };
  engine.conversations.set('c1', {
    activity: [{ opId: 'x', type: 'conversation.assign', outcome: 'applied', actor: { id: 'b', name: 'Bo', isMe: false }, occurredAt: 0, isPending: false, detail: {} }],
  });
  await app.commands.assign(makeConversation('c1'), { id: 'ana', name: 'Ana', isMe: true });
  expect(app.stores.toasts.getState().toasts[0]).toMatchObject({ text: 'triage.assignedMeanwhile', values: { by: 'Bo', who: 'Cy', name: 'Cliente c1' }, action: null });
});

test('what the role forbids changes nothing and says so', async () => {
  engine.verdict = { outcome: 'forbidden', reason: null };
  await app.commands.assign(makeConversation('c1'), { id: 'b', name: 'Bo', isMe: false });
  expect(said()).toEqual(['failure.FORBIDDEN']);
});

test('giving a conversation to whom it is with already records nothing, except a note', async () => {
  engine.verdict = { outcome: 'forbidden', reason: null };
  await app.commands.assign(makeConversation('c1'), null);
  await app.commands.setTeam(makeConversation('c1'), null);
  expect(said()).toEqual([]);
  expect(engine.calls).not.toContain('addNote');
  await app.commands.assign(makeConversation('c1'), null, 'Pide factura');
  expect(engine.calls).toContain('addNote');
  expect(said()).toEqual([]);
});

test('a note leaves the box only when the engine has it, once, and what is typed behind it stays', async () => {
  engine.failNext('addNote', new EngineAway());
  app.stores.drafts.getState().setMode('c1', 'note');
  app.stores.drafts.getState().setText('c1', 'ojo');
  await app.commands.saveNote('c1', []);
  expect(draft()).toMatchObject({ text: 'ojo', mode: 'note' });
  const gate = engine.pause();
  const saving = [app.commands.saveNote('c1', []), app.commands.saveNote('c1', [])];
  app.stores.drafts.getState().setText('c1', 'ojo y más');
  gate.release();
  await Promise.all(saving);
  expect(draft()).toMatchObject({ text: ' y más', mode: 'note' });
  expect(engine.calls.filter((call) => call === 'addNote')).toHaveLength(2);
});
