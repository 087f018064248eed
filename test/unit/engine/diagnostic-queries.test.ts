/** The event log stays responsive on any length: a search looks at a bounded part and says where to go on, and misses nothing. */
import type Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDiagnosticQueries } from '../../../main/engine/db/diagnostic-queries.ts';
import { openDatabase } from '../../../main/engine/db/open-database.ts';

const ENTRIES = 50_000;
let db: Database.Database;
beforeEach(() => {
  db = openDatabase(':memory:');
  const add = db.prepare("INSERT INTO log_entry (seq, kind, received_at, body, outcome, message_id) VALUES (?, 'webhook', ?, ?, ?, NULL)");
  db.transaction(() => {
    for (let seq = 1; seq <= ENTRIES; seq += 1) add.run(seq, seq, JSON.stringify({ payload: { id: `wamid.${seq}`, text: seq === 7 ? 'La Aguja' : 'paja' } }), seq % 10_000 === 0 ? 'kept' : 'applied');
  })();
});
afterEach(() => db.close());

function searchAll(search: string, outcome: string | null): { found: number[]; pages: number } {
  const queries = createDiagnosticQueries(db);
  const found: number[] = [];
  let pages = 0;
  for (let before: number | null = null; pages < 100;) {
    const { rows, next } = queries.searchEvents({ search, outcome, before, limit: 50 });
    found.push(...rows.map(({ seq }) => seq));
    pages += 1;
    if (next === null) break;
    expect(next, 'it goes back').toBeLessThan(before ?? Number.MAX_SAFE_INTEGER);
    expect((before ?? ENTRIES + 1) - next, 'and looks at a part only').toBeLessThanOrEqual(20_000);
    before = next;
  }
  return { found, pages };
}

test('a needle at the very beginning is found, in several looks', () => {
  const { found, pages } = searchAll('aguja', null);
  expect(found).toEqual([7]);
  expect(pages).toBe(3);
  expect(searchAll('aguja', 'applied').found).toEqual([7]);
});

test('rare outcomes come from the index: one look is enough', () => {
  expect(searchAll('', 'kept')).toEqual({ found: [50_000, 40_000, 30_000, 20_000, 10_000], pages: 1 });
  expect(searchAll('aguja', 'kept')).toEqual({ found: [], pages: 1 });
  const plan = db.prepare("EXPLAIN QUERY PLAN SELECT * FROM log_entry WHERE outcome = ? AND outcome <> 'applied' AND seq < +? ORDER BY seq DESC LIMIT 5").all('kept', 9) as { detail: string }[];
  expect(plan.map(({ detail }) => detail).join()).toContain('log_entry_outcome');
});

test('without a search every page is as long as asked for', () => {
  const queries = createDiagnosticQueries(db);
  const first = queries.searchEvents({ search: '', outcome: null, before: null, limit: 100 });
  expect(first.rows.map(({ seq }) => seq)).toEqual(Array.from({ length: 100 }, (_, n) => ENTRIES - n));
  expect(queries.searchEvents({ search: '', outcome: null, before: first.next, limit: 1 }).rows[0]?.seq).toBe(ENTRIES - 100);
});

test('how the outbox stands is read from the open jobs and the newest ones, however many were ever sent', () => {
  const addJob = db.prepare("INSERT INTO job (kind, lane, subject, payload, state, attempts, run_at, changed_at) VALUES (?, 'lane', ?, '{}', ?, 0, 0, ?)");
  const addMessage = db.prepare(
    "INSERT INTO message (id, conversation_id, contact_id, direction, content, sent_at, received_at, sort_at, seq, status, wamid) VALUES (?, 'c', 'p', 'out', '{}', 0, 0, 0, 0, 'sent', ?)",
  );
  db.transaction(() => {
    for (let n = 1; n <= ENTRIES; n += 1) {
      const state = n > ENTRIES - 4 ? ['ready', 'running', 'waiting', 'uncertain'][ENTRIES - n]! : 'done';
      addJob.run('message.send', `m${n}`, state, n);
      addMessage.run(`m${n}`, state === 'done' ? `wamid.${n}` : null);
    }
    addJob.run('media.fetch', 'file', 'ready', 1);
  })();
  const queries = createDiagnosticQueries(db);
  expect(queries.lastSendAt()).toBe(ENTRIES - 4);
  expect(queries.countOpenSends().toSorted((a, b) => b.oldest - a.oldest)).toEqual(['ready', 'running', 'waiting', 'uncertain'].map((state, index) => ({ state, count: 1, oldest: ENTRIES - index })));
});

test('a status nested deeper than SQLite reads JSON is kept like any other, and the story of a message is found by its index', () => {
  const add = db.prepare("INSERT INTO log_entry (seq, kind, received_at, body, outcome, message_id) VALUES (?, 'webhook', 1, ?, 'parked', NULL)");
  add.run(ENTRIES + 1, `{"payload":{"id":"wamid.deep","more":${'['.repeat(1_500)}${']'.repeat(1_500)}}}`);
  add.run(ENTRIES + 2, '{"payload":{"id":"wamid.early"}}');
  const queries = createDiagnosticQueries(db);
  expect(queries.listEventsOf('m', 'wamid.early').map(({ seq }) => seq)).toEqual([ENTRIES + 2]);
  expect(queries.listEventsOf('m', 'wamid.deep')).toEqual([]);
  const plan = db
    .prepare("EXPLAIN QUERY PLAN SELECT seq FROM log_entry WHERE outcome = 'parked' AND CASE WHEN json_valid(body) THEN json_extract(body, '$.payload.id') END = +? ORDER BY seq")
    .all('wamid.early') as { detail: string }[];
  expect(plan.map(({ detail }) => detail).join()).toContain('log_entry_parked');
});

test('an error of one moment is told for as long as it is asked for, and hides no other one', () => {
  const add = db.prepare("INSERT INTO account_event (id, seq, at, field, event, subject, severity, detail) VALUES (?, ?, ?, ?, ?, 'number', 'error', '{}')");
  add.run('e_1', 1, 1_000, 'errors', '131042');
  add.run('e_2', 2, 2_000, 'errors', '131000');
  add.run('e_3', 3, 500, 'account_update', 'ACCOUNT_RESTRICTION');
  const ids = (since: number): string[] =>
    createDiagnosticQueries(db)
      .listAccountEvents(since)
      .map(({ id }) => id);
  expect(ids(0)).toEqual(['e_2', 'e_1', 'e_3']);
  expect(ids(1_500)).toEqual(['e_2', 'e_3']);
  expect(ids(3_000)).toEqual(['e_3']);
});
