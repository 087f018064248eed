/** Where the thread draws lines: a wrong one makes an agent read an old message as new. */
import { expect, test } from 'vitest';
import type { Note, ThreadEvent } from '../../../contract/entities.ts';
import { layoutThread } from '../../../renderer/conversation/thread-layout.ts';
import { createFormats } from '../../../renderer/i18n/format.ts';
import { makeMessage } from './fixtures.ts';

const { dayNumber } = createFormats('es', 'America/Guatemala');
const at = (iso: string): number => Date.parse(iso);
const me = { id: 'a1', name: 'Ana', isMe: true };
const luis = { id: 'a2', name: 'Luis', isMe: false };
const layout = (messages: Parameters<typeof layoutThread>[0], firstUnreadId: string | null = null) => layoutThread(messages, { firstUnreadId, dayNumber });

test('a day begins at local midnight, not at that of UTC', () => {
  const rows = layout([
    makeMessage({ id: '1', sentAt: at('2026-11-21T23:30:00-06:00') }),
    makeMessage({ id: '2', sentAt: at('2026-11-21T23:59:59-06:00') }),
    makeMessage({ id: '3', sentAt: at('2026-11-22T00:00:00-06:00') }),
  ]);
  expect(rows.map((row) => row.startsDay)).toEqual([true, false, true]);
});

test('a reply that was written yesterday and left today draws no second line for yesterday', () => {
  const rows = layout([
    makeMessage({ id: '1', sentAt: at('2026-11-22T08:00:00-06:00') }),
    makeMessage({ id: '2', direction: 'out', author: me, sentAt: at('2026-11-21T22:00:00-06:00') }),
    makeMessage({ id: '3', sentAt: at('2026-11-22T09:00:00-06:00') }),
  ]);
  expect(rows.map((row) => row.startsDay)).toEqual([true, false, false]);
});

test('what left by itself stands apart from what its desktop’s person wrote, and read nothing', () => {
  const sentAt = at('2026-11-22T09:00:00-06:00');
  const ai = { draftId: 'd1', runId: 'r1', isAutomatic: true };
  const asked = [makeMessage({ id: '1', sentAt }), makeMessage({ id: '2', direction: 'out', author: me, sentAt: sentAt + 1_000, ai })];
  const rows = layout([...asked, makeMessage({ id: '3', direction: 'out', author: me, sentAt: sentAt + 2_000, ai: { ...ai, isAutomatic: false } })]);
  expect(rows.map(({ startsGroup }) => startsGroup)).toEqual([true, true, true]);
  expect(layout(asked, '1').some(({ startsUnread }) => startsUnread)).toBe(true);
  expect(layout([...asked, makeMessage({ id: '3', direction: 'out', author: me, sentAt: sentAt + 2_000 })], '1').some(({ startsUnread }) => startsUnread)).toBe(false);
});

test('bubbles of one author within five minutes form a group; another author, a pause or the unread line ends it', () => {
  const sentAt = at('2026-11-22T09:00:00-06:00');
  const rows = layout(
    [
      makeMessage({ id: '1', sentAt }),
      makeMessage({ id: '2', sentAt: sentAt + 60_000 }),
      makeMessage({ id: '3', direction: 'out', author: me, sentAt: sentAt + 90_000 }),
      makeMessage({ id: '4', direction: 'out', author: luis, sentAt: sentAt + 95_000 }),
      makeMessage({ id: '5', direction: 'out', author: luis, sentAt: sentAt + 700_000 }),
      makeMessage({ id: '6', sentAt: sentAt + 710_000 }),
      makeMessage({ id: '7', sentAt: sentAt + 711_000 }),
    ],
    '7',
  );
  expect(rows.map((row) => row.startsGroup)).toEqual([true, false, true, true, true, true, true]);
  expect(rows.map((row) => row.endsGroup)).toEqual([false, true, true, true, true, true, true]);
  expect(rows.map((row) => row.startsUnread)).toEqual([false, false, false, false, false, false, true]);
});

test('the unread line goes when I answer, and stays when a colleague does', () => {
  const inbound = [makeMessage({ id: '1' }), makeMessage({ id: '2' })];
  const unreadLines = (author: typeof me): boolean[] => layout([...inbound, makeMessage({ id: '3', direction: 'out', author })], '2').map((row) => row.startsUnread);
  expect(unreadLines(me)).toEqual([false, false, false]);
  expect(unreadLines(luis)).toEqual([false, true, false]);
});

test('another conversation is marked once, also when late messages of the old one stand between the new ones', () => {
  const rows = layout([
    makeMessage({ id: '1', conversationId: 'old' }),
    makeMessage({ id: '2', conversationId: 'new' }),
    makeMessage({ id: '3', conversationId: 'old' }),
    makeMessage({ id: '4', conversationId: 'new' }),
  ]);
  expect(rows.map((row) => row.startsConversation)).toEqual([false, true, false, false]);
});

test('an empty thread has no rows', () => expect(layout([])).toEqual([]));

const makeNote = (id: string, createdAt: number): Note => ({ id, conversationId: 'c1', body: id, mentions: [], author: luis, createdAt, editedAt: null, deletedBy: null, isPending: false });

test('a note stands where it was written, breaks groups, and does not appear above a part that is not read yet', () => {
  const sentAt = at('2026-11-22T08:00:00-06:00');
  const messages = [makeMessage({ id: '1', sentAt }), makeMessage({ id: '2', sentAt: sentAt + 60_000 })];
  const notes = [makeNote('before', sentAt - 1000), makeNote('between', sentAt + 30_000), makeNote('last', sentAt + 90_000)];
  const ids = (hasAll: boolean): string[] => layoutThread(messages, { firstUnreadId: null, dayNumber, notes, hasAll }).map((row) => row.id);
  expect(ids(true)).toEqual(['before', '1', 'between', '2', 'last']);
  expect(ids(false)).toEqual(['1', 'between', '2', 'last']);
  expect(layoutThread(messages, { firstUnreadId: null, dayNumber, notes }).find((row) => row.id === '2')!.startsGroup).toBe(true);
  // Nor below one that goes on.
  expect(layoutThread(messages, { firstUnreadId: null, dayNumber, notes, hasEnd: false }).map((row) => row.id)).toEqual(['before', '1', 'between', '2']);
});

test('what was done in a row is one line, and what a customer wrote in the same second stands where it came', () => {
  const sentAt = at('2026-11-22T09:00:00-06:00');
  const event = (opId: string, occurredAt: number): ThreadEvent => ({
    opId,
    type: 'conversation.label',
    outcome: 'applied',
    actor: me,
    occurredAt,
    isPending: false,
    detail: {},
    conversationId: 'c1',
  });
  const messages = [makeMessage({ id: '1', sentAt, receivedAt: sentAt + 300 }), makeMessage({ id: '2', sentAt: sentAt + 5_000, receivedAt: sentAt + 5_700 })];
  const events = [event('early', sentAt - 1), event('a', sentAt + 200), event('b', sentAt + 400), event('c', sentAt + 5_600), event('d', sentAt + 6_000)];
  const shape = (options: { hasAll?: boolean; hasEnd?: boolean }) =>
    layoutThread(messages, { firstUnreadId: null, dayNumber, events, ...options }).map((row) => (row.kind === 'events' ? row.events.map(({ opId }) => opId) : row.id));
  expect(shape({})).toEqual([['early', 'a'], '1', ['b', 'c'], '2', ['d']]);
  // Theirs belongs to messages that are not read yet.
  expect(shape({ hasAll: false, hasEnd: false })).toEqual(['1', ['b', 'c'], '2']);
  const [first] = layoutThread(messages, { firstUnreadId: null, dayNumber, events });
  expect(first).toMatchObject({ id: 'early', startsDay: true });
});
