/** Where messages stand in a thread. */
import type Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { OpBody } from '../../../contract/ops/op.ts';
import { applyLogEntry, applyOp } from '../../../contract/reduce.ts';
import { createStateStore } from '../../../contract/sqlite/state-tx.ts';
import { PENDING_SEQ, type StateTx } from '../../../contract/state.ts';
import { openDatabase } from '../../../main/engine/db/open-database.ts';

const SECOND = Date.UTC(2026, 10, 22) / 1000;
const AT = SECOND * 1000;
let db: Database.Database;
let tx: StateTx;
beforeEach(() => {
  db = openDatabase(':memory:');
  tx = createStateStore(db, () => undefined).confirmed;
});
afterEach(() => {
  db.close();
});

const customerWrites = (seq: number, receivedAt: number, timestamp = SECOND) =>
  applyLogEntry(tx, {
    kind: 'webhook',
    seq,
    receivedAt,
    body: JSON.stringify({
      item: 'message',
      field: 'messages',
      wabaId: '1',
      metadata: { phone_number_id: '2' },
      payload: { id: `wamid.${seq}`, from: '50255551234', timestamp: String(timestamp), type: 'text', text: { body: `m_${seq}` } },
    }),
  });
const queue = (messageId: string): OpBody => ({ type: 'message.queue', args: { messageId, conversationId: 'c_1', seenThrough: 99, content: { kind: 'text', text: messageId } } });
const answer = (seq: number, receivedAt: number, messageId: string) =>
  applyLogEntry(tx, { kind: 'op', seq, receivedAt, opId: messageId, deviceId: 'desk', actorId: 'ana', deviceSeq: seq, v: 1, occurredAt: receivedAt, body: JSON.stringify(queue(messageId)) });
const answerPending = (deviceSeq: number, messageId: string) =>
  applyOp(tx, { seq: PENDING_SEQ, receivedAt: AT, opId: messageId, deviceId: 'desk', actorId: 'ana', deviceSeq, occurredAt: AT, v: 1 }, JSON.stringify(queue(messageId)));
const thread = () => db.prepare('SELECT id FROM message ORDER BY sort_at, seq, id').pluck().all();

it('a customer’s answer in the same second stands below the message it answers, on Meta’s whole seconds', () => {
  customerWrites(1, AT + 100);
  answer(2, AT + 250, 'ours');
  customerWrites(3, AT + 700);
  customerWrites(4, AT + 1_900);
  expect(thread()).toEqual(['m_1', 'ours', 'm_3', 'm_4']);
});

it('a message that comes late stands where it was written, and one from the future is not moved further', () => {
  customerWrites(1, AT + 100);
  answer(2, AT + 5_000, 'ours');
  customerWrites(3, AT + 60_000, SECOND + 2);
  customerWrites(4, AT + 60_500, SECOND + 90);
  expect(thread()).toEqual(['m_1', 'm_3', 'ours', 'm_4']);
  expect(db.prepare("SELECT sort_at FROM message WHERE id = 'm_4'").pluck().get()).toBe(AT + 90_000);
});

it('what is not confirmed yet stands in the order in which it was written, whatever its ids', () => {
  customerWrites(1, AT);
  for (const [index, id] of ['zz', 'aa', 'mm'].entries()) answerPending(index + 1, id);
  expect(thread()).toEqual(['m_1', 'zz', 'aa', 'mm']);
  expect(db.prepare('SELECT last_message_id FROM conversation').pluck().get()).toBe('mm');
});
