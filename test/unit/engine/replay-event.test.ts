/** A replay that stayed would change rows that no log explains: whatever the reducer did, it is taken back. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dumpState } from '../../../contract/sqlite/state-tx.ts';
import { createEventReplay } from '../../../main/engine/diagnostics/replay-event.ts';
import { createOffice } from './desk.ts';

let office: ReturnType<typeof createOffice>;
beforeEach(() => {
  office = createOffice();
});
afterEach(() => office.close());

const message = (from: string, text: string): string =>
  JSON.stringify({
    item: 'message',
    field: 'messages',
    wabaId: '102290129340398',
    metadata: { phone_number_id: '106540352242922' },
    contacts: [{ wa_id: from, profile: { name: 'Nueva' } }],
    payload: { id: `wamid.${text}`, from, timestamp: '1764000000', type: 'text', text: { body: text } },
  });

test('an entry that would add rows says which, before and after, and adds none', () => {
  const desk = office.openDesk('ana');
  const heard: unknown[] = [];
  const stop = desk.changes.listen((change) => heard.push(change));
  const before = [...dumpState(desk.db)];
  const replay = createEventReplay(desk.db);
  const { outcome, changes } = replay({ kind: 'webhook', seq: 500_000, receivedAt: 1_764_000_001_000, body: message('50299990000', 'hola') });
  stop();
  expect(outcome).toBe('applied');
  expect(changes.map(({ table }) => table).toSorted()).toEqual(expect.arrayContaining(['contact', 'contact_identifier', 'conversation', 'message']));
  expect(changes.every(({ before: was, after }) => was === null && after !== null)).toBe(true);
  expect(JSON.parse(changes.find(({ table }) => table === 'message')!.after!)).toMatchObject({ wamid: 'wamid.hola', direction: 'in' });
  expect([...dumpState(desk.db)]).toEqual(before);
  expect(desk.db.prepare('SELECT count(*) FROM undo').pluck().get()).toBe(0);
  expect(heard).toEqual([]);
  // Nothing of it is remembered either: again the same.
  expect(replay({ kind: 'webhook', seq: 500_000, receivedAt: 1_764_000_001_000, body: message('50299990000', 'hola') }).changes).toEqual(changes);
});

test('what is no webhook changes nothing', () => {
  const desk = office.openDesk('ana');
  expect(createEventReplay(desk.db)({ kind: 'webhook', seq: 1, receivedAt: 1, body: 'no JSON' })).toEqual({ outcome: 'unrecognised', changes: [] });
});
