/** The open thread: what the agent has seen, what counts as read, and that nothing is lost from view by a refetch. */
import { ORPCError } from '@orpc/client';
import { beforeEach, describe, expect, test } from 'vitest';
import type { StoreApi } from 'zustand/vanilla';
import type { Conversation, Note } from '../../../contract/entities.ts';
import type { InboxState } from '../../../renderer/store/inbox-store.ts';
import { readNeighboursAhead } from '../../../renderer/store/read-neighbours.ts';
import { createConversationStore, type ConversationState } from '../../../renderer/store/conversation-store.ts';
import { createFakeEngine, settle, type FakeEngine } from './fake-engine.ts';
import { makeConversation, makeMessage } from './fixtures.ts';

const note: Note = { id: 'note', conversationId: 'c1', body: 'x', mentions: [], author: { id: 'a', name: 'Ana', isMe: true }, createdAt: 595_500, editedAt: null, deletedBy: null, isPending: false };

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

  test('what comes while a reply is written counts as seen only after it stood in view for long enough', async () => {
    fill(2);
    engine.conversations.set('c1', { seenThrough: 10 });
    await open('c1');
    store.getState().watchBottom(() => true);
    store.getState().glance();
    expect(thread().seenThrough).toBe(10);
    engine.messages.push(makeMessage({ id: 'colleague', direction: 'out', author: { id: 'b', name: 'Bo', isMe: false } }));
    engine.conversations.set('c1', { seenThrough: 25 });
    await engine.changes.tell();
    store.getState().sawBottom();
    store.getState().glance();
    expect(thread()).toMatchObject({ seenThrough: 10, unseen: ['colleague'] });
    store.getState().readBottom();
    expect(thread()).toMatchObject({ seenThrough: 25, unseen: [] });
  });

  test('what is painted from before counts as seen and read as soon as the engine has said the same', async () => {
    fill(2);
    engine.conversations.set('c1', { unread: 1, readThrough: 5, seenThrough: 25 });
    await store.getState().readAhead(['c1']);
    store.getState().watchBottom(() => true);
    const { release } = engine.pause();
    store.getState().open('c1');
    store.getState().glance();
    const seen = store.getState().seenWhenOpened('c1');
    await settle();
    expect(thread().seenThrough).toBe(5);
    expect(engine.marked).toEqual([]);
    release();
    expect(await seen).toBe(25);
    expect(thread().seenThrough).toBe(25);
    expect(engine.marked).toEqual(['m1']);
    expect(await store.getState().seenWhenOpened('c1')).toBe(0);
  });

  test('what came between painting and the answer has not been looked at', async () => {
    fill(2);
    engine.conversations.set('c1', { unread: 1, readThrough: 5, seenThrough: 25 });
    await store.getState().readAhead(['c1']);
    store.getState().watchBottom(() => true);
    engine.messages.push(makeMessage({ id: 'new' }));
    engine.conversations.set('c1', { unread: 2, readThrough: 5, seenThrough: 30 });
    const { release } = engine.pause();
    store.getState().open('c1');
    store.getState().sawBottom();
    const seen = store.getState().seenWhenOpened('c1');
    release();
    expect(await seen).toBe(0);
    expect(shown()).toBe('m0 m1 new');
    expect(thread().seenThrough).toBe(5);
    expect(engine.marked).toEqual([]);
  });

  test('own messages and those of another conversation are nothing to have missed', async () => {
    fill(2);
    await open('c1');
    engine.messages.push(makeMessage({ id: 'mine', direction: 'out', author: { id: 'a', name: 'Ana', isMe: true } }));
    engine.messages.push(makeMessage({ id: 'held', direction: 'out', delivery: 'held', author: { id: 'b', name: 'Bo', isMe: false } }));
    engine.conversations.set('c1', { seenThrough: 30 });
    await engine.changes.tell();
    store.getState().watchBottom(() => true);
    store.getState().glance();
    expect(thread()).toMatchObject({ seenThrough: 30, unseen: [] });
  });

  test('a stopped reply waits until what came is on screen, and then goes with exactly that', async () => {
    fill(2);
    engine.conversations.set('c1', { seenThrough: 10 });
    await open('c1');
    // The window has not heard of it yet: only the engine knows.
    engine.messages.push(makeMessage({ id: 'colleague', direction: 'out', author: { id: 'b', name: 'Bo', isMe: false } }));
    engine.conversations.set('c1', { seenThrough: 25 });
    store.getState().stopReply('c1');
    expect(store.getState().acceptMoved()).toBeNull();
    await settle();
    expect(thread().moved).toEqual({ ids: ['colleague'], seenThrough: 25 });
    // What comes after the question is not covered by its answer.
    engine.messages.push(makeMessage({ id: 'later' }));
    engine.conversations.set('c1', { seenThrough: 40 });
    await engine.changes.tell();
    expect(store.getState().acceptMoved()).toBe(25);
    expect(thread()).toMatchObject({ moved: null, seenThrough: 25 });
  });

  test('one question brings position, messages and notes of the same moment, so that none claims more than is shown', async () => {
    fill(100);
    engine.notes = [note];
    engine.conversations.set('c1', { seenThrough: 10 });
    await open('c1');
    expect(engine.asked).toEqual([{ name: 'open', input: { conversationId: 'c1', limit: 60, aboveUnread: 20 } }]);
    expect(engine.calls).toEqual(['open']);
    expect(thread().messages).toHaveLength(60);
    expect(thread()).toMatchObject({ seenThrough: 10, notes: [note] });
  });

  test('seeing the bottom marks as read once, and again only after something new', async () => {
    fill(1);
    engine.conversations.set('c1', { unread: 1, seenThrough: 10 });
    await open('c1');
    store.getState().sawBottom();
    store.getState().sawBottom();
    expect(engine.calls.filter((call) => call === 'markRead')).toHaveLength(1);
    engine.messages.push(makeMessage({ id: 'new' }));
    engine.conversations.set('c1', { unread: 1, seenThrough: 11 });
    await engine.changes.tell();
    store.getState().sawBottom();
    expect(engine.marked).toEqual(['m0', 'new']);
  });

  test('read goes up to what was shown: a message that came after the answer stays unread', async () => {
    engine.messages = [makeMessage({ id: 'a' }), makeMessage({ id: 'b' }), makeMessage({ id: 'mine', direction: 'out' })];
    engine.conversations.set('c1', { unread: 1 });
    await open('c1');
    engine.messages.push(makeMessage({ id: 'unseen' }));
    store.getState().sawBottom();
    expect(engine.marked).toEqual(['b']);
  });

  test('read goes up to what came last, although it is shown above another one of the same moment', async () => {
    engine.messages = [makeMessage({ id: 'first', inboundNo: 1 }), makeMessage({ id: 'late', inboundNo: 3 }), makeMessage({ id: 'second', inboundNo: 2 })];
    engine.conversations.set('c1', { unread: 3 });
    await open('c1');
    store.getState().sawBottom();
    expect(engine.marked).toEqual(['late']);
  });

  test('a thread that opens above its bottom has seen only what was read before', async () => {
    fill(40);
    engine.conversations.set('c1', { unread: 30, readThrough: 12, seenThrough: 99 });
    await open('c1');
    expect(thread().seenThrough).toBe(12);
    store.getState().sawBottom();
    expect(thread().seenThrough).toBe(99);
  });

  test('what is painted from before counts as nothing seen until the engine has answered', async () => {
    fill(1);
    engine.conversations.set('c1', { unread: 1 });
    await open('c1');
    await open('c2');
    engine.messages.push(makeMessage({ id: 'new' }));
    store.getState().open('c1');
    store.getState().sawBottom();
    expect(engine.marked).toEqual([]);
    await settle();
    store.getState().sawBottom();
    expect(engine.marked).toEqual(['new']);
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

  test('is reached however many messages are unread, with some read ones above it', async () => {
    fill(700);
    engine.conversations.set('c1', { unread: 450 });
    await open('c1');
    expect(thread().firstUnreadId).toBe('m250');
    expect(thread().messages.findIndex((message) => message.id === 'm250')).toBeGreaterThanOrEqual(20);
    expect(thread().messages.at(-1)!.id).toBe('m699');
    // Left unread and opened again, when only its newest page is kept.
    await open('c2');
    await open('c1');
    expect(thread().firstUnreadId).toBe('m250');
  });

  test('is reached behind many messages of one’s own', async () => {
    engine.messages = Array.from({ length: 300 }, (_, index) => makeMessage({ id: `m${index}`, direction: index === 100 || index === 299 ? 'in' : 'out' }));
    engine.conversations.set('c1', { unread: 2 });
    await open('c1');
    expect(thread().firstUnreadId).toBe('m100');
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
    expect(thread()).toMatchObject({ firstUnreadId: 'new', unreadAtOpening: 1 });
  });

  test('coming back to news is an opening, coming back to the same is not, and neither are news while it is open', async () => {
    fill(1);
    await open('c1');
    const { opening } = thread();
    await open('c2');
    await open('c1');
    expect(thread().opening).toBe(opening);
    await open('c2');
    engine.messages.push(makeMessage({ id: 'new' }));
    await open('c1');
    expect(thread().opening).not.toBe(opening);
    const reopened = thread().opening;
    engine.messages.push(makeMessage({ id: 'newer' }));
    await engine.changes.tell(['c1']);
    expect(thread().opening).toBe(reopened);
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

  test('a message older than the first one appears when the beginning was shown', async () => {
    fill(3);
    await open('c1');
    engine.messages.unshift(makeMessage({ id: 'late' }));
    await engine.changes.tell(['c1']);
    expect(shown()).toBe('late m0 m1 m2');
    engine.messages.unshift(makeMessage({ id: 'later' }));
    await engine.changes.tell();
    expect(shown()).toBe('later late m0 m1 m2');
  });

  test('a change of somebody else’s conversation reads nothing again; one of a new conversation of the same person does', async () => {
    fill(500);
    await open('c1');
    engine.calls.length = 0;
    await engine.changes.tell(['c9']);
    expect(engine.calls).toEqual(['byIds']);
    engine.conversations.set('c9', { contact: thread().conversation.contact });
    await engine.changes.tell(['c9']);
    expect(engine.calls).toContain('open');
  });

  test('a new message in a long thread costs one page, a status far above is still seen', async () => {
    fill(500);
    await open('c1');
    for (let times = 0; times < 3; times++) {
      store.getState().loadOlder();
      await settle();
    }
    expect(thread().messages).toHaveLength(360);
    engine.calls.length = 0;
    engine.messages.push(makeMessage({ id: 'new' }));
    engine.conversations.set('c1', { inboundCount: 2 });
    await engine.changes.tell(['c1']);
    expect(engine.calls).toEqual(['open']);
    expect(thread().messages).toHaveLength(361);
    expect(thread().messages[0]!.id).toBe('m140');

    const changed = engine.messages.findIndex((message) => message.id === 'm150');
    engine.messages[changed] = makeMessage({ id: 'm150', direction: 'out', delivery: 'read' });
    await engine.changes.tell(['c1']);
    expect(thread().messages[10]!.delivery).toBe('read');
  });

  test('a late message above the newest page appears at its place', async () => {
    fill(500);
    await open('c1');
    store.getState().loadOlder();
    await settle();
    engine.messages.splice(400, 0, makeMessage({ id: 'late' }));
    engine.messages.push(makeMessage({ id: 'new' }));
    engine.conversations.set('c1', { inboundCount: 3 });
    await engine.changes.tell(['c1']);
    expect(thread().messages[60]!.id).toBe('late');
    expect(thread().messages.at(-1)!.id).toBe('new');
  });

  test('a thread that was read far back comes back with its newest part, and can be read on', async () => {
    fill(900);
    await open('c1');
    for (let times = 0; times < 5; times++) {
      store.getState().loadOlder();
      await settle();
    }
    expect(thread().messages).toHaveLength(560);
    await open('c2');
    await open('c1');
    expect(thread().messages).toHaveLength(60);
    store.getState().loadOlder();
    await settle();
    expect(thread().messages[0]!.id).toBe('m740');
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

  test('coming back to what has not changed draws it once', async () => {
    fill(80);
    await open('c1');
    await open('c2');
    store.getState().open('c1');
    const painted = thread();
    await settle();
    expect(thread()).toBe(painted);
    engine.conversations.set('c1', { seenThrough: 99 });
    await engine.changes.tell(['c1']);
    expect(thread()).not.toBe(painted);
  });

  test('an erased conversation leaves the screen, and is not painted when it is opened again', async () => {
    fill(2);
    await open('c1');
    engine.failNext('open', new ORPCError('NOT_FOUND'));
    await engine.changes.tell();
    expect(store.getState()).toMatchObject({ openId: null, thread: null });
    engine.failNext('open', new ORPCError('NOT_FOUND'));
    await open('c1');
    expect(store.getState()).toMatchObject({ openId: 'c1', thread: null, failure: 'NOT_FOUND' });
  });

  test('a conversation that does not exist says so; a failed refetch leaves what is shown', async () => {
    engine.failNext('open', new Error('broken'));
    await open('c1');
    expect(store.getState()).toMatchObject({ thread: null, failure: 'INTERNAL' });
    await open('c2');
    engine.failNext('open', new Error('broken'));
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

describe('jumping', () => {
  test('far up shows the passage around it, which grows both ways until it meets the newest messages', async () => {
    fill(600);
    await open('c1');
    await store.getState().jumpTo('m100');
    expect(thread().target).toEqual({ id: 'm100', takesFocus: true });
    expect(thread().passage!.messages.map((message) => message.id)).toEqual(Array.from({ length: 80 }, (_, index) => `m${60 + index}`));
    expect(thread().messages[0]!.id).toBe('m540');

    store.getState().loadOlder();
    await settle();
    expect(thread().passage).toMatchObject({ olderCursor: null });
    expect(thread().passage!.messages[0]!.id).toBe('m0');
    for (let page = 0; page < 5 && thread().passage; page++) {
      store.getState().loadNewer();
      await settle();
    }
    expect(thread().passage).toBeNull();
    expect(thread().messages.map((message) => message.id)).toEqual(Array.from({ length: 600 }, (_, index) => `m${index}`));
    expect(thread().olderCursor).toBeNull();
  });

  test('to what is loaded moves nothing but the place; near the newest messages they stay one thread', async () => {
    fill(600);
    await open('c1');
    const { opening } = thread();
    engine.calls.length = 0;
    await store.getState().jumpTo('m590');
    expect(engine.calls).toEqual([]);
    expect(thread()).toMatchObject({ passage: null, opening, target: { id: 'm590', takesFocus: true } });
    await store.getState().jumpTo('m530');
    expect(thread()).toMatchObject({ passage: null, target: { id: 'm530', takesFocus: true } });
    expect(thread().messages[0]!.id).toBe('m490');
    expect(thread().messages).toHaveLength(110);
    store.getState().loadOlder();
    await settle();
    expect(thread().messages).toHaveLength(210);
  });

  test('the same message twice is two requests', async () => {
    fill(5);
    await open('c1');
    await store.getState().jumpTo('m2');
    const { target } = thread();
    await store.getState().jumpTo('m2');
    expect(thread().target).not.toBe(target);
  });

  test('in a passage nothing is read or seen, however far down it is scrolled; at the end it is', async () => {
    fill(600);
    engine.conversations.set('c1', { seenThrough: 10 });
    await open('c1');
    await store.getState().jumpTo('m100');
    engine.messages.push(makeMessage({ id: 'new' }));
    engine.conversations.set('c1', { unread: 1, seenThrough: 25 });
    await engine.changes.tell(['c1']);
    store.getState().watchBottom(() => true);
    store.getState().sawBottom();
    store.getState().readBottom();
    store.getState().lookAgain();
    expect(engine.marked).toEqual([]);
    expect(thread()).toMatchObject({ seenThrough: 10, unseen: ['new'] });

    store.getState().goToEnd();
    expect(thread()).toMatchObject({ passage: null, target: { id: null, takesFocus: false } });
    expect(thread().messages.at(-1)!.id).toBe('new');
    store.getState().readBottom();
    expect(engine.marked).toEqual(['new']);
    expect(thread()).toMatchObject({ seenThrough: 25, unseen: [] });
  });

  test('what changes in the passage is shown, and it keeps its place while messages arrive', async () => {
    fill(600);
    await open('c1');
    await store.getState().jumpTo('m100');
    const before = thread().passage!;
    engine.messages[110] = makeMessage({ id: 'm110', direction: 'out', delivery: 'read' });
    engine.messages.push(makeMessage({ id: 'new' }));
    await engine.changes.tell(['c1']);
    const after = thread().passage!;
    expect(after.messages.map((message) => message.id)).toEqual(before.messages.map((message) => message.id));
    expect(after.messages[50]!.delivery).toBe('read');
    expect(after.messages[49]).toBe(before.messages[49]);
  });

  test('whoever writes is taken back to the end, and so is whoever has a reply stopped', async () => {
    fill(600);
    await open('c1');
    await store.getState().jumpTo('m100');
    engine.messages.push(makeMessage({ id: 'mine', direction: 'out', author: { id: 'a', name: 'Ana', isMe: true } }));
    await engine.changes.tell(['c1']);
    expect(thread()).toMatchObject({ passage: null, target: { id: null, takesFocus: false } });

    await store.getState().jumpTo('m100');
    engine.messages.push(makeMessage({ id: 'colleague', direction: 'out', author: { id: 'b', name: 'Bo', isMe: false } }));
    store.getState().stopReply('c1');
    await settle();
    expect(thread()).toMatchObject({ passage: null, moved: { ids: ['colleague'] } });
  });

  test('to a message of another conversation opens it there, without its end flashing up before', async () => {
    fill(600);
    engine.messages.push(makeMessage({ id: 'other', conversationId: 'c2' }));
    await open('c1');
    await open('c2');
    const painted: (string | undefined)[] = [];
    const stop = store.subscribe(({ thread: now }) => painted.push(now?.conversation.id === 'c1' ? (now.target?.id ?? 'none') : undefined));
    await store.getState().openAt('c1', 'm100');
    stop();
    expect(store.getState().openId).toBe('c1');
    expect(thread().passage!.messages.some((message) => message.id === 'm100')).toBe(true);
    expect(painted).not.toContain('none');
    // Left and opened again it begins at its end.
    await open('c2');
    await open('c1');
    expect(thread()).toMatchObject({ passage: null, target: null });
  });

  test('to a closed conversation of the person whose thread is open leaves that open', async () => {
    fill(600);
    engine.conversations.set('c1', { otherConversations: [{ id: 'closed', status: 'closed', lastMessageAt: 1 }] });
    await open('c1');
    await store.getState().openAt('closed', 'm100');
    expect(store.getState().openId).toBe('c1');
    expect(thread().target).toEqual({ id: 'm100', takesFocus: true });
  });

  test('to a note shows what was written around it', async () => {
    engine.messages = Array.from({ length: 600 }, (_, index) => makeMessage({ id: `m${index}`, sentAt: 1_000 * index }));
    engine.notes = [note];
    await open('c1');
    engine.calls.length = 0;
    await store.getState().jumpTo('note');
    expect(engine.calls).toEqual([]);
    expect(thread().target).toEqual({ id: 'note', takesFocus: true });
  });

  test('to a message that is not there says so, and the conversation opens all the same', async () => {
    fill(5);
    await store.getState().openAt('c1', 'gone');
    expect(shown()).toBe('m0 m1 m2 m3 m4');
    expect(reported).toHaveLength(1);
    await store.getState().jumpTo('gone');
    expect(reported).toHaveLength(2);
    expect(thread().target).toBeNull();
  });
});

describe('reading ahead', () => {
  const next = (patch: Partial<Conversation> = {}): void => void engine.conversations.set('c2', { seenThrough: 7, ...patch });
  beforeEach(async () => {
    engine.messages = [
      ...Array.from({ length: 3 }, (_, index) => makeMessage({ id: `m${index}`, conversationId: 'c1' })),
      makeMessage({ id: 'b0', conversationId: 'c2' }),
      makeMessage({ id: 'b1', conversationId: 'c2' }),
    ];
    next();
    await open('c1');
  });

  test('what was read ahead is painted at once when it is opened, and read anew all the same', async () => {
    await store.getState().readAhead(['c2']);
    engine.messages.push(makeMessage({ id: 'b2', conversationId: 'c2' }));
    store.getState().open('c2');
    expect(shown()).toBe('b0 b1');
    await settle();
    expect(shown()).toBe('b0 b1 b2');
  });

  test('a row beside is neither read nor seen by it', async () => {
    next({ unread: 1, readThrough: 3 });
    await store.getState().readAhead(['c2']);
    expect(engine.marked).toEqual([]);
    const asking = engine.pause();
    store.getState().open('c2');
    store.getState().sawBottom();
    store.getState().readBottom();
    expect(engine.marked).toEqual([]);
    expect(thread()).toMatchObject({ seenThrough: 3, firstUnreadId: 'b1', unseen: ['b1'] });
    asking.release();
    await settle();
    store.getState().sawBottom();
    expect(engine.marked).toEqual(['b1']);
  });

  test('it begins at its first unread message from the first paint on, and the answer opens it no second time', async () => {
    next({ unread: 1 });
    await store.getState().readAhead(['c2']);
    store.getState().open('c2');
    const { opening, firstUnreadId } = thread();
    expect(firstUnreadId).toBe('b1');
    await settle();
    expect(thread()).toMatchObject({ opening, firstUnreadId: 'b1', unreadAtOpening: 1 });
  });

  test('a change of it, also while it is being read, and of a conversation of the same person, drops it', async () => {
    await store.getState().readAhead(['c2']);
    await engine.changes.tell(['c2']);
    const slow = engine.pause();
    const reading = store.getState().readAhead(['c2']);
    await engine.changes.tell(['c2']);
    slow.release();
    await reading;
    const asking = engine.pause();
    store.getState().open('c2');
    expect(store.getState().thread).toBeNull();
    asking.release();

    await open('c1');
    next({ otherConversations: [{ id: 'c0', status: 'closed', lastMessageAt: 1 }] });
    engine.messages.push(makeMessage({ id: 'x', conversationId: 'c3' }));
    engine.conversations.set('c3', { otherConversations: [{ id: 'c0', status: 'closed', lastMessageAt: 1 }] });
    await store.getState().readAhead(['c3']);
    await engine.changes.tell(['c0']);
    store.getState().open('c3');
    expect(store.getState().thread).toBeNull();
  });

  test('whoever moves on calls it off, and a failure is told to nobody', async () => {
    const slow = engine.pause();
    const reading = store.getState().readAhead(['c2', 'c3']);
    store.getState().open('c4');
    slow.release();
    await reading;
    await settle();
    expect(engine.asked.flatMap(({ name, input }) => (name === 'open' ? [(input as { conversationId: string }).conversationId] : []))).toEqual(['c1', 'c2', 'c4']);

    engine.failNext('open', new ORPCError('NOT_FOUND'));
    await store.getState().readAhead(['c5']);
    expect(reported).toEqual([]);
  });

  test('one answer has to hold all that is unread', async () => {
    engine.messages = Array.from({ length: 400 }, (_, index) => makeMessage({ id: `b${index}`, conversationId: 'c2' }));
    next({ unread: 300 });
    engine.calls.length = 0;
    await store.getState().readAhead(['c2']);
    expect(engine.calls).toEqual(['open']);
    store.getState().open('c2');
    expect(store.getState().thread).toBeNull();
    await settle();
    expect(thread()).toMatchObject({ firstUnreadId: 'b100' });
  });

  test('what is known already is not read, and only a few are kept', async () => {
    await open('c2');
    engine.asked.length = 0;
    await store.getState().readAhead(['c1', 'd1', 'd2', 'd3', 'd4', 'd5']);
    expect(engine.asked).toHaveLength(5);
    store.getState().open('d1');
    expect(store.getState().thread).toBeNull();
    store.getState().open('d5');
    expect(store.getState().thread).not.toBeNull();
  });

  test('the rows beside the open one are read in idle time, the next one first, and not when the reader has gone on by then', async () => {
    let idle: (() => void) | null = null;
    const rows = ['c1', 'c2', 'c3'].map((id) => makeConversation(id));
    const asked: string[][] = [];
    store.setState({ readAhead: async (ids) => void asked.push([...ids]) });
    readNeighboursAhead({
      conversation: store,
      inbox: { getState: () => ({ rows }) as unknown as InboxState },
      whenIdle: (callback) => {
        idle = callback;
        return () => (idle = null);
      },
    });
    await open('c2');
    idle!();
    expect(asked).toEqual([['c3', 'c1']]);
    await open('c3');
    store.getState().open(null);
    expect(idle).toBeNull();
  });
});
