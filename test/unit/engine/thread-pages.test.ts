/** A person's history in pages, over a real database: from the end, from any message, up and down, across their conversations. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createMessageQueries } from '../../../main/engine/db/message-queries.ts';
import { createMessages, type Messages } from '../../../main/engine/messages/messages.ts';
import { AT } from '../contract/log-writer.ts';
import { createOffice, HOUR, type Desk } from './desk.ts';

let office: ReturnType<typeof createOffice>;
beforeEach(() => {
  office = createOffice();
});
afterEach(() => office.close());

/** Reading only: what commands need is not there. */
const openPages = (desk: Desk): Pick<Messages, 'page' | 'locate'> =>
  createMessages({ queries: createMessageQueries(desk.db), conversations: desk.conversations, media: { viewFile: () => null }, now: desk.now, myId: () => 'bo' } as unknown as Parameters<
    typeof createMessages
  >[0]);
const idsOf = ({ items }: ReturnType<Messages['page']>): string[] => items.map(({ id }) => id);

/** 30 messages, some of one second, one that came late, the last ten in a conversation after a closed one. @returns the open one. */
function writeHistory(): string {
  const { log } = office;
  for (let n = 0; n < 19; n++) log.customerWrites({ text: `n${n}`, sentAt: AT + Math.floor(n / 3) * 1_000 });
  log.op('leo', { type: 'conversation.status', args: { conversationId: log.conversationId, from: 'active', to: 'closed', seenThrough: log.head() } });
  const next = `c_${log.customerWrites({ sentAt: AT + HOUR })}`;
  for (let n = 0; n < 8; n++) log.customerWrites({ sentAt: AT + HOUR + n });
  log.customerWrites({ sentAt: AT - HOUR });
  return next;
}

it('going up from the end and down from the beginning read the same, whatever the size of a page', () => {
  const conversationId = writeHistory();
  const pages = openPages(office.openDesk('bo'));
  const all = idsOf(pages.page({ conversationId, limit: 200 }));
  expect(all).toHaveLength(30);
  for (const limit of [1, 4, 7, 30]) {
    let page = pages.page({ conversationId, limit });
    expect(page.newerCursor).toBeNull();
    const up = idsOf(page);
    while (page.olderCursor !== null) {
      page = pages.page({ conversationId, before: page.olderCursor, limit });
      up.unshift(...idsOf(page));
    }
    expect(up).toEqual(all);

    page = pages.page({ conversationId, around: all[0]!, limit: 1 });
    expect(page.olderCursor).toBeNull();
    const down = idsOf(page);
    while (page.newerCursor !== null) {
      page = pages.page({ conversationId, after: page.newerCursor, limit });
      down.push(...idsOf(page));
    }
    expect(down).toEqual(all);
  }
});

it('around any message are its neighbours, and from there it goes on both ways without a gap', () => {
  const conversationId = writeHistory();
  const pages = openPages(office.openDesk('bo'));
  const all = idsOf(pages.page({ conversationId, limit: 200 }));
  for (const [at, id] of all.entries()) {
    const page = pages.page({ conversationId, around: id, limit: 6 });
    expect(idsOf(page)).toEqual(all.slice(Math.max(0, at - 3), at + 3));
    const above = page.olderCursor === null ? [] : idsOf(pages.page({ conversationId, before: page.olderCursor, limit: 200 }));
    const below = page.newerCursor === null ? [] : idsOf(pages.page({ conversationId, after: page.newerCursor, limit: 200 }));
    expect([...above, ...idsOf(page), ...below]).toEqual(all);
  }
});

it('around a note is what was written before and after it; of somebody else there is nothing, and two wishes are one too many', () => {
  const conversationId = writeHistory();
  const { log } = office;
  const desk = office.openDesk('bo');
  const note = desk.notes.add({ conversationId, body: 'x', mentions: [] });
  log.customerWrites({ sentAt: AT + 50 * HOUR });
  desk.deliver();
  const pages = openPages(desk);
  const all = idsOf(pages.page({ conversationId, limit: 200 }));
  const { items } = pages.page({ conversationId, around: note.id, limit: 2 });
  const at = all.findIndex((id) => id === items[0]!.id);
  expect(items[0]!.sentAt).toBeLessThanOrEqual(note.createdAt);
  expect(at === all.length - 1 || pages.page({ conversationId, around: all[at + 1]!, limit: 1 }).items[0]!.sentAt > note.createdAt).toBe(true);
  const strange = log.customerWrites({ from: '50244440000' });
  desk.pull();
  expect(() => pages.page({ conversationId, around: `m_${strange}`, limit: 5 })).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
  expect(() => pages.page({ conversationId, before: '[1,1,"a"]', around: all[0]!, limit: 5 })).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  expect(() => pages.page({ conversationId, after: 'nonsense', limit: 5 })).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
});

it('what was done stands in the stretch of the thread in which it was done, and every stretch can be put together from pages', () => {
  const { log } = office;
  const { conversationId } = log;
  const assign = (from: string | null, to: string | null) => log.op('leo', { type: 'conversation.assign', args: { conversationId, from, to } });
  const write = (n: number): void => {
    for (let each = 0; each < n; each++) log.customerWrites();
  };
  assign(null, 'bo');
  write(5);
  assign('bo', 'cy');
  // What did not come about is told where its author looks, not here.
  assign('bo', 'ana');
  log.op('cy', { type: 'note.add', args: { noteId: 'n', conversationId, body: 'x', mentions: [] } });
  write(5);
  log.op('cy', { type: 'conversation.snooze', args: { conversationId, from: null, to: AT + 90 * HOUR, seenThrough: log.head() } });
  const pages = openPages(office.openDesk('bo'));
  const whole = pages.page({ conversationId, limit: 200 }).events;
  expect(whole.items.map(({ type, actor }) => [type, actor.name])).toEqual([
    ['conversation.assign', 'leo'],
    ['conversation.assign', 'leo'],
    ['conversation.snooze', 'cy'],
  ]);
  expect(whole).toMatchObject({ from: 0, to: Number.MAX_SAFE_INTEGER });

  for (const limit of [1, 2, 3, 7]) {
    let page = pages.page({ conversationId, limit });
    expect(page.events.to).toBe(Number.MAX_SAFE_INTEGER);
    const seen = new Set(page.events.items.map(({ opId }) => opId));
    // Only what belongs to the page comes with it.
    expect(page.events.items.every(({ occurredAt }) => occurredAt >= page.events.from)).toBe(true);
    while (page.olderCursor !== null) {
      page = pages.page({ conversationId, before: page.olderCursor, limit });
      for (const { opId } of page.events.items) seen.add(opId);
    }
    expect([...seen].toSorted()).toEqual(whole.items.map(({ opId }) => opId).toSorted());
  }
});

it('a day leads to its first message, one without any to the next, one after all to the last; unread to the first that was not read', () => {
  const conversationId = writeHistory();
  const desk = office.openDesk('bo');
  const pages = openPages(desk);
  const { items } = pages.page({ conversationId, limit: 200 });
  const from = (at: number): string | null => pages.locate({ conversationId, what: { from: at } }).messageId;
  expect(from(0)).toBe(items[0]!.id);
  expect(from(AT + 2_000)).toBe(items.find(({ sentAt }) => sentAt >= AT + 2_000)!.id);
  // Between two of them it is the later one.
  const [before, after] = [items[0]!, items.find(({ sentAt }) => sentAt > items[0]!.sentAt)!];
  expect(from(before.sentAt + 1_000)).toBe(after.id);
  expect(from(AT + 999 * HOUR)).toBe(items.at(-1)!.id);

  const unread = (): string | null => pages.locate({ conversationId, what: 'unread' }).messageId;
  const inConversation = items.filter((message) => message.conversationId === conversationId && message.inboundNo !== null);
  expect(unread()).toBe(inConversation[0]!.id);
  const byLog = inConversation.toSorted((a, b) => a.inboundNo! - b.inboundNo!);
  desk.conversations.markRead({ conversationId, throughMessageId: byLog[3]!.id });
  expect(unread()).toBe(inConversation.find(({ inboundNo }) => inboundNo! > 4)!.id);
  desk.conversations.markRead({ conversationId, throughMessageId: byLog.at(-1)!.id });
  expect(unread()).toBeNull();
});
