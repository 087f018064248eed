/** Our own reactions as they are shown on their message: recorded, sent, refused, changed, taken away. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Reaction } from '../../../contract/entities.ts';
import { viewReactions } from '../../../main/engine/conversations/views.ts';
import { createMessageQueries, type MessageQueries } from '../../../main/engine/db/message-queries.ts';
import { AT, createOffice, ROSA, type Desk } from './desk.ts';

let office: ReturnType<typeof createOffice>;
let bo: Desk;
let queries: MessageQueries;
let target: string;
beforeEach(() => {
  office = createOffice();
  bo = office.openDesk('bo');
  queries = createMessageQueries(bo.db);
  target = `wamid.${office.log.conversationId.slice(2)}`;
});
afterEach(() => {
  office.close();
});

const contactId = (): string => bo.replica.state.get('conversation', [office.log.conversationId])?.contact_id ?? '';
const shown = (): Reaction[] => viewReactions(queries.listAbout(target, contactId()), 'bo');
const thread = (): string[] => queries.listOlder(contactId(), null, 50).map(({ content }) => (JSON.parse(content) as { kind: string }).kind);
let ids = 0;
const react = (emoji: string): string => {
  const messageId = `reaction-${(ids += 1)}`;
  bo.replica.applyLocal({
    type: 'message.queue',
    args: { messageId, conversationId: office.log.conversationId, seenThrough: office.log.head(), content: { kind: 'reaction', emoji }, targetWamid: target },
  });
  return messageId;
};
const sent = (messageId: string): void => void bo.replica.applyLocal({ type: 'message.result', args: { messageId, wamid: `wamid.${messageId}` } });
const refused = (messageId: string): void => void bo.replica.applyLocal({ type: 'message.result', args: { messageId, error: { code: 131009, title: 'too old', detail: null } } });

it('is there at once, waits for the log, and stands on its message alone', () => {
  react('👍');
  expect(shown()).toMatchObject([{ emoji: '👍', direction: 'out', author: { isMe: true }, delivery: 'waiting', error: null }]);
  expect(thread()).toEqual(['text']);
  bo.deliver();
  expect(shown()).toMatchObject([{ delivery: 'queued' }]);
});

it('a newer one takes its place, an empty one takes it away', () => {
  sent(react('👍'));
  sent(react('❤️'));
  expect(shown()).toMatchObject([{ emoji: '❤️', delivery: 'sent' }]);
  sent(react(''));
  expect(shown()).toEqual([]);
});

it('one that failed says so on its message until it is given up; then what was there before stands again', () => {
  sent(react('👍'));
  const failed = react('❤️');
  refused(failed);
  expect(shown()).toMatchObject([{ emoji: '❤️', delivery: 'failed', error: { code: 131009 } }]);
  expect(thread()).toEqual(['text']);
  bo.replica.applyLocal({ type: 'message.discard', args: { messageId: failed } });
  expect(shown()).toMatchObject([{ emoji: '👍', delivery: 'sent' }]);
});

it('a taking away that failed took nothing', () => {
  sent(react('👍'));
  refused(react(''));
  expect(shown()).toMatchObject([{ emoji: '👍', delivery: 'sent' }]);
});

it('the customer and we have one each', () => {
  sent(react('👍'));
  for (const [n, emoji] of ['😮', '🙏'].entries())
    office.log.webhook({ payload: { id: `r${n}`, from: ROSA, timestamp: String(AT / 1000 + 9 + n), type: 'reaction', reaction: { message_id: target, emoji } } });
  bo.pull();
  expect(shown().map(({ emoji, direction, author }) => [emoji, direction, author?.name ?? null])).toEqual([
    ['🙏', 'in', null],
    ['👍', 'out', 'bo'],
  ]);
});
