/** The numbers of rail and badge follow every way in which rows are written. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openDatabase } from '../../../main/engine/db/open-database.ts';
import { countTally, readTally } from '../../support/count-tally.ts';

const nobodyOr = (id: string) => fc.constantFrom(null, id);
const write = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('conversation'), id: fc.nat(1), status: fc.constantFrom('active', 'archived'), assignee: nobodyOr('bo'), team: nobodyOr('t'), inbound: fc.nat(3) }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('read'), id: fc.nat(1), agent: fc.constantFrom('bo', 'cy'), no: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('dropConversation'), id: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('dropRead'), id: fc.nat(1), agent: fc.constantFrom('bo', 'cy') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('agent'), agent: fc.constantFrom(null, 'bo', 'cy') }) },
);

test('it is what the rows count to, after every write and after what is rolled back', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(write, fc.boolean()), { minLength: 30, maxLength: 60 }), (steps) => {
      const db = openDatabase(':memory:');
      const put = db.prepare(
        `INSERT INTO conversation (id, contact_id, phone_number_id, status, created_seq, last_inbound_seq, inbound_count, last_outbound_seq, other_outbound_seq, last_message_at, assignee_id, team_id)
         VALUES (@id, 'p', 'n', @status, 1, 0, @inbound, 0, 0, 1, @assignee, @team)
         ON CONFLICT (id) DO UPDATE SET status = excluded.status, inbound_count = excluded.inbound_count, assignee_id = excluded.assignee_id, team_id = excluded.team_id`,
      );
      const read = db.prepare('INSERT INTO read_position VALUES (@agent, @id, 1, @no) ON CONFLICT DO UPDATE SET inbound_no = excluded.inbound_no');
      const apply = (one: (typeof steps)[number][0]): void => {
        const id = 'id' in one ? `c${one.id}` : '';
        if (one.kind === 'conversation') put.run({ ...one, id });
        if (one.kind === 'read') read.run({ ...one, id });
        if (one.kind === 'dropConversation') db.prepare('DELETE FROM conversation WHERE id = ?').run(id);
        if (one.kind === 'dropRead' && 'agent' in one) db.prepare('DELETE FROM read_position WHERE conversation_id = ? AND agent_id = ?').run(id, one.agent);
        if (one.kind === 'agent' && 'agent' in one) db.prepare('UPDATE sync_meta SET agent_id = ?').run(one.agent);
      };
      db.exec("UPDATE sync_meta SET agent_id = 'bo'");
      for (const [one, isKept] of steps) {
        db.exec('BEGIN');
        apply(one);
        db.exec(isKept ? 'COMMIT' : 'ROLLBACK');
        expect(readTally(db)).toEqual(countTally(db));
      }
      db.close();
    }),
    { numRuns: 50, seed: 1 },
  );
});
