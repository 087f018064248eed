/** The reducer's rules, each against a small calculation of its own. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type Database from 'better-sqlite3';
import { applyLogEntry, UpdateNeededError } from '../../../contract/reduce.ts';
import type { OpBody } from '../../../contract/ops/op.ts';
import { DELIVERY_STATUSES, type DeliveryStatus } from '../../../contract/rules/delivery-status.ts';
import { createStateStore, type StateStore } from '../../../contract/sqlite/state-tx.ts';
import type { StateTx } from '../../../contract/state.ts';
import { openDatabase } from '../../../main/engine/db/open-database.ts';

const AT = Date.UTC(2026, 10, 22);
let db: Database.Database;
let store: StateStore;
let tx: StateTx;
let seq: number;
beforeEach(() => {
  db = openDatabase(':memory:');
  store = createStateStore(db, () => undefined);
  tx = store.confirmed;
  seq = 0;
});
afterEach(() => {
  db.close();
});

const webhook = (item: unknown) => applyLogEntry(tx, { kind: 'webhook', seq: (seq += 1), receivedAt: AT + seq, body: JSON.stringify(item) });
const op = (body: OpBody, actorId = 'ana') =>
  applyLogEntry(tx, { kind: 'op', seq: (seq += 1), receivedAt: AT + seq, opId: `op-${seq}`, deviceId: `desk-${actorId}`, actorId, deviceSeq: seq, v: 1, occurredAt: AT, body: JSON.stringify(body) });
const envelope = { field: 'messages', wabaId: '1', metadata: { phone_number_id: '2' } };
const customerWrites = (id: string) => webhook({ item: 'message', ...envelope, payload: { id, from: '50255551234', timestamp: String(AT / 1000), type: 'text', text: { body: 'hola' } } });
const status = (word: string, extra: object = {}) => webhook({ item: 'status', ...envelope, payload: { id: 'wamid.out', status: word, timestamp: String(AT / 1000), ...extra } });
const queue = (messageId: string, actorId = 'ana') => op({ type: 'message.queue', args: { messageId, conversationId: 'c_1', seenThrough: seq, content: { kind: 'text', text: 'va' } } }, actorId);
const result = () => op({ type: 'message.result', args: { messageId: 'out', wamid: 'wamid.out' } });

function* permutations<T>(items: readonly T[]): Generator<T[]> {
  if (items.length <= 1) return yield [...items];
  for (const [index, item] of items.entries()) for (const rest of permutations(items.toSpliced(index, 1))) yield [item, ...rest];
}

describe('delivery', () => {
  const PRICED = { pricing: { billable: true, pricing_model: 'PMP', type: 'regular', category: 'service' } };
  const arrivals = {
    answer: result,
    sent: () => status('sent', PRICED),
    delivered: () => status('delivered', PRICED),
    read: () => status('read'),
    played: () => status('played'),
    failed: () => status('failed', { errors: [{ code: 131026 }] }),
  };
  type Arrival = keyof typeof arrivals;
  const rowsOfMessage = (): unknown => [
    // When our own call was answered is the log's own time, which differs with its place there.
    db.prepare("SELECT status, wamid, error, pricing, hold FROM message WHERE id = 'out'").get(),
    db
      .prepare("SELECT status, CASE WHEN at < ? THEN at END FROM message_status WHERE message_id = 'out' ORDER BY status")
      .raw()
      .all(AT + 1),
    db.prepare('SELECT count(*) FROM parked_status').pluck().get(),
  ];

  it('ends in the same row in every order of answer and statuses, also when a status comes before the answer that names its message', { timeout: 120_000 }, () => {
    let orders = 0;
    const all = Object.keys(arrivals) as Arrival[];
    const subsets = Array.from({ length: 2 ** all.length - 1 }, (_, bits) => all.filter((_arrival, n) => ((bits + 1) >> n) & 1)).filter((subset) => subset.includes('answer'));
    for (const subset of subsets) {
      const words = subset.map((arrival) => (arrival === 'answer' ? 'sent' : arrival));
      const expected = DELIVERY_STATUSES[Math.max(...words.map((word) => DELIVERY_STATUSES.indexOf(word)))];
      const ends = new Set<string>();
      for (const order of permutations(subset)) {
        orders += 1;
        db.exec('SAVEPOINT start');
        customerWrites('wamid.in');
        queue('out');
        let reached: DeliveryStatus = 'queued';
        for (const arrival of order) {
          arrivals[arrival]();
          const now = tx.get('message', ['out'])?.status ?? 'queued';
          expect(DELIVERY_STATUSES.indexOf(now), order.join()).toBeGreaterThanOrEqual(DELIVERY_STATUSES.indexOf(reached));
          reached = now;
        }
        expect(reached, order.join()).toBe(expected);
        expect(tx.list('parked_status_by_wamid', ['wamid.out']), 'nothing stays parked').toEqual([]);
        const timeline = (db.prepare("SELECT status FROM message_status WHERE message_id = 'out'").pluck().all() as string[]).toSorted();
        expect(timeline, order.join()).toEqual([...new Set(words)].toSorted());
        const isPriced = subset.includes('sent') || subset.includes('delivered');
        expect(tx.get('message', ['out'])?.pricing, 'a price that was told stays').toEqual(isPriced ? JSON.stringify({ category: 'service', type: 'regular', model: 'PMP', isBillable: true }) : null);
        ends.add(JSON.stringify(rowsOfMessage()));
        db.exec('ROLLBACK TO start; RELEASE start');
        store.forget();
        seq = 0;
      }
      expect([...ends], subset.join()).toHaveLength(1);
    }
    // n! for each of the subsets of 1 to 6 that hold the answer.
    expect(orders).toBe([1, 5, 10, 10, 5, 1].reduce((sum, count, rest) => sum + count * [1, 2, 6, 24, 120, 720][rest]!, 0));
  });

  it('tells of a step that came late, though the state stays', () => {
    customerWrites('wamid.in');
    queue('out');
    result();
    status('read');
    expect(status('delivered')).toMatchObject({ outcome: 'applied', messageId: 'out' });
    expect(status('delivered')).toMatchObject({ outcome: 'merged' });
    expect(tx.get('message', ['out'])?.status).toBe('read');
  });

  it('finds its message by our own id when the answer never came', () => {
    customerWrites('wamid.in');
    queue('out');
    expect(status('sent', { biz_opaque_callback_data: 'out' })).toMatchObject({ outcome: 'applied' });
    expect(tx.get('message', ['out'])).toMatchObject({ status: 'sent', wamid: 'wamid.out' });
  });
});

describe('holding', () => {
  it('holds an answer that did not see another one, also when its author has answered since from another desktop', () => {
    customerWrites('wamid.in');
    const seen = seq;
    queue('bo-1', 'bo');
    queue('ana-1');
    const late = op({ type: 'message.queue', args: { messageId: 'ana-2', conversationId: 'c_1', seenThrough: seen, content: { kind: 'text', text: 'tarde' } } });
    expect(late).toMatchObject({ outcome: 'held' });
    expect(queue('ana-3')).toMatchObject({ outcome: 'applied' });
  });
});

describe('what cannot be', () => {
  it('an op does not take the id of a message that a webhook will bring', () => {
    customerWrites('wamid.in');
    expect(queue('m_3')).toMatchObject({ outcome: 'forbidden' });
    customerWrites('wamid.in2');
    expect(tx.get('message', ['m_3'])).toMatchObject({ direction: 'in' });
  });

  it('nobody decides about the message of another', () => {
    customerWrites('wamid.in');
    queue('out');
    expect(op({ type: 'message.discard', args: { messageId: 'out' } }, 'bo')).toMatchObject({ outcome: 'forbidden' });
    expect(op({ type: 'message.result', args: { messageId: 'out', wamid: 'x' } }, 'bo')).toMatchObject({ outcome: 'forbidden' });
  });
});

describe('the future', () => {
  it('stops the fold instead of skipping what it does not know', () => {
    expect(() => applyLogEntry(tx, { kind: 'relay', seq: 1, receivedAt: AT, body: '{"type":"device.renamed"}' })).toThrow(UpdateNeededError);
    const entry = { kind: 'op', seq: 1, receivedAt: AT, opId: 'x', deviceId: 'd', actorId: 'a', deviceSeq: 1, occurredAt: AT } as const;
    expect(() => applyLogEntry(tx, { ...entry, v: 1, body: '{"type":"conversation.dance","args":{}}' })).toThrow(UpdateNeededError);
    expect(() => applyLogEntry(tx, { ...entry, v: 3, body: '{"type":"read.advance","args":{}}' })).toThrow(UpdateNeededError);
  });

  it('goes on over what is only damaged', () => {
    expect(applyLogEntry(tx, { kind: 'relay', seq: 1, receivedAt: AT, body: '{"type":"device.enrolled"}' })).toEqual({ kind: 'relay' });
    const entry = { kind: 'op', seq: 2, receivedAt: AT, opId: 'x', deviceId: 'd', actorId: 'a', deviceSeq: 1, v: 1, occurredAt: AT } as const;
    expect(applyLogEntry(tx, { ...entry, body: '{"type":"read.advance","args":{}}' })).toMatchObject({ outcome: 'forbidden' });
    expect(applyLogEntry(tx, { ...entry, opId: 'y', body: 'no json' })).toMatchObject({ outcome: 'forbidden' });
  });
});
