/** The open thread: what the agent has seen, what counts as read, and that nothing is lost from view by a refetch. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { StoreApi } from 'zustand/vanilla';
import { createConversationStore, type ConversationState } from '../../../renderer/store/conversation-store.ts';
import { createFakeEngine, settle, type FakeEngine } from './fake-engine.ts';
import { makeMessage } from './fixtures.ts';

let engine: FakeEngine;
let store: StoreApi<ConversationState>;
const reported: unknown[] = [];
const thread = () => store.getState().thread!;
const shown = (): string =>
  thread()
    .messages.map((message) => message.id)
    .join(' ');
const fill = (count: number, conversationId = 'c1'): void => {
  engine.messages = Array.from({ length: count }, (_, index) => makeMessage({ id: `m${index}`, conversationId }));
};
const open = async (id: string | null): Promise<void> => {
  store.getState().open(id);
  await settle();
};

beforeEach(() => {
  engine = createFakeEngine();
  reported.length = 0;
  store = createConversationStore({ client: engine.client, changes: engine.changes, report: (error) => reported.push(error) });
});

describe('what was seen', () => {
  test('a message that came below the fold is not counted as seen before the bottom was in view', async () => {
    fill(2);
    engine.conversations.set('c1', { seenThrough: 10 });
    await open('c1');
    engine.conversations.set('c1', { seenThrough: 25 });
    await engine.changes.tell();
    expect(thread().conversation.seenThrough).toBe(25);
    expect(thread().seenThrough).toBe(10);
    store.getState().sawBottom();
    expect(thread().seenThrough).toBe(25);
  });

  test('the position is asked for before the messages, so that it never claims more than is shown', async () => {
    fill(1);
    await open('c1');
    expect(engine.calls).toEqual(['get', 'page']);
  });

  test('seeing the bottom marks as read once, and again only after something new', async () => {
    fill(1);
    engine.conversations.set('c1', { unread: 1, seenThrough: 10 });
    await open('c1');
    store.getState().sawBottom();
    store.getState().sawBottom();
    expect(engine.calls.filter((call) => call === 'markRead')).toHaveLength(1);
    engine.conversations.set('c1', { unread: 1, seenThrough: 11 });
    await engine.changes.tell();
    store.getState().sawBottom();
    expect(engine.calls.filter((call) => call === 'markRead')).toHaveLength(2);
  });

  test('nothing unread, nothing to mark', async () => {
    fill(1);
    await open('c1');
    store.getState().sawBottom();
    expect(engine.calls).not.toContain('markRead');
  });
});

describe('the unread line', () => {
  test('stands above the first unread message and stays while the conversation is open', async () => {
    fill(5);
    engine.conversations.set('c1', { unread: 2 });
    await open('c1');
    expect(thread().firstUnreadId).toBe('m3');
    engine.conversations.set('c1', { unread: 0 });
    await engine.changes.tell();
    expect(thread().firstUnreadId).toBe('m3');
  });

  test('is not drawn for messages that arrive in front of the agent', async () => {
    fill(1);
    await open('c1');
    engine.messages.push(makeMessage({ id: 'new' }));
    engine.conversations.set('c1', { unread: 1 });
    await engine.changes.tell();
    expect(thread().firstUnreadId).toBeNull();
  });

  test('is drawn anew when the agent comes back', async () => {
    fill(1);
    await open('c1');
    await open('c2');
    engine.messages.push(makeMessage({ id: 'new' }));
    engine.conversations.set('c1', { unread: 1 });
    await open('c1');
    expect(thread().firstUnreadId).toBe('new');
  });
});

describe('pages', () => {
  test('a refetch reaches back exactly to where the thread began', async () => {
    fill(500);
    await open('c1');
    expect(thread().messages).toHaveLength(60);
    store.getState().loadOlder();
    await settle();
    expect(thread().messages).toHaveLength(160);
    engine.messages.push(makeMessage({ id: 'new' }));
    await engine.changes.tell();
    expect(thread().messages).toHaveLength(161);
    expect(thread().messages[0]!.id).toBe('m340');
    store.getState().loadOlder();
    await settle();
    expect(thread().messages[0]!.id).toBe('m240');
  });

  test('pressing the top edge twice loads one page', async () => {
    fill(500);
    await open('c1');
    store.getState().loadOlder();
    store.getState().loadOlder();
    await settle();
    expect(thread().messages).toHaveLength(160);
  });

  test('the beginning is known', async () => {
    fill(3);
    await open('c1');
    expect(thread().olderCursor).toBeNull();
  });
});

describe('switching', () => {
  test('an answer for a conversation that was left is not shown in another one', async () => {
    engine.messages = [makeMessage({ id: 'a', conversationId: 'c1' }), makeMessage({ id: 'b', conversationId: 'c2' })];
    const { release } = engine.pause();
    store.getState().open('c1');
    store.getState().open('c2');
    release();
    await settle();
    expect(thread().conversation.id).toBe('c2');
    expect(shown()).toBe('b');
  });

  test('going back paints at once what was there', async () => {
    fill(2);
    await open('c1');
    await open('c2');
    store.getState().open('c1');
    expect(shown()).toBe('m0 m1');
  });

  test('a conversation that does not exist says so; a failed refetch leaves what is shown', async () => {
    engine.failNext('get', new Error('broken'));
    await open('c1');
    expect(store.getState()).toMatchObject({ thread: null, failure: 'INTERNAL' });
    await open('c2');
    engine.failNext('get', new Error('broken'));
    await engine.changes.tell();
    expect(store.getState()).toMatchObject({ failure: null, thread: { conversation: { id: 'c2' } } });
    expect(reported).toHaveLength(2);
  });

  test('closed means closed: a late answer opens nothing', async () => {
    fill(1);
    const { release } = engine.pause();
    store.getState().open('c1');
    store.getState().open(null);
    release();
    await settle();
    expect(store.getState()).toMatchObject({ openId: null, thread: null });
  });
});
