/** A reply that is held is not the last message of its conversation: without a mark of its own its author would not see it in the list. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { OpBody } from '../../../contract/ops/op.ts';
import { createJobQueries } from '../../../main/engine/db/job-queries.ts';
import { createOffice, type Desk } from './desk.ts';

let office: ReturnType<typeof createOffice>;
beforeEach(() => {
  office = createOffice();
});
afterEach(() => {
  office.close();
});

const queue = (messageId: string, seenThrough: number) =>
  ({ type: 'message.queue', args: { messageId, conversationId: office.log.conversationId, seenThrough, content: { kind: 'text', text: 'va' } } }) satisfies OpBody;
const hasHeld = (desk: Desk): boolean[] =>
  desk.conversations.list({ status: 'active', unread: false, search: '', assignee: 'anybody', snoozed: 'no', hasDraft: false, limit: 10 }).items.map((row) => row.hasHeld);

it('the list marks a held reply of mine until I send it all the same, and nobody else’s list does', () => {
  const desk = office.openDesk('bo');
  expect(hasHeld(desk)).toEqual([false]);
  desk.replica.applyLocal(queue('mine', 0));
  office.log.op('cy', queue('theirs', office.log.head()));
  desk.deliver();
  expect(desk.replica.state.get('message', ['mine'])?.hold).toBe('held');
  expect(hasHeld(desk)).toEqual([true]);
  expect(hasHeld(office.openDesk('cy'))).toEqual([false]);
  desk.replica.applyLocal({ type: 'message.confirm', args: { messageId: 'mine', seenThrough: office.log.head() } });
  expect(hasHeld(desk)).toEqual([false]);
});

it('the list marks a reply that needs to be confirmed, until it is given up', () => {
  const desk = office.openDesk('bo');
  desk.replica.applyLocal(queue('mine', office.log.head()));
  desk.deliver();
  const jobs = createJobQueries(desk.db);
  jobs.add({ kind: 'message.send', lane: 'x', subject: 'mine', payload: {} }, 0);
  expect(hasHeld(desk)).toEqual([false]);
  jobs.setState(jobs.find('message.send', 'mine')!.id, 'waiting', 0, 0);
  expect(hasHeld(desk)).toEqual([true]);
  desk.replica.applyLocal({ type: 'message.discard', args: { messageId: 'mine' } });
  expect(hasHeld(desk)).toEqual([false]);
});
