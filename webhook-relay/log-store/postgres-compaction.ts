/** Shortening the log and giving it another identity, on PostgreSQL; the invariants are those of `sqlite-compaction.ts`. Everything that writes holds the head row's lock. */
import type { Lineage } from '../../contract/wire.ts';
import { NO_COPY } from '../../contract/wire-http.ts';
import type { DedupeKey } from '../dedupe-key.ts';
import { DEDUPE_KEPT_MS, ENTRIES_AT_ONCE } from './compaction-rules.ts';
import type { LogStore } from './interface.ts';
import type { PostgresSession, WriteTx } from './postgres-session.ts';

type Deps = { session: PostgresSession; now: () => number; newId: () => string; onNewLog: (logId: string) => void };

export function createPostgresCompaction({ session, now, newId, onNewLog }: Deps): Pick<LogStore, 'compactSome' | 'noteErasure' | 'readLineage' | 'startNewLog' | 'keyDedupes'> {
  return {
    compactSome: (before) =>
      session.write(
        async (tx) => {
          const { horizon, erased_through: erased } = tx.head;
          const [trusted] = await tx.rows<{ seq: number | null }>('SELECT max(seq) AS seq FROM snapshot WHERE trusted_at IS NOT NULL');
          const trustedSeq = trusted?.seq ?? 0;
          const end = Math.min(trustedSeq, tx.head.seq - 1);
          // A snapshot of before an erasure holds what was erased.
          const due = erased <= trustedSeq ? Math.min(erased, end) : horizon;
          const limit = horizon + ENTRIES_AT_ONCE;
          // `receivedAt` never decreases, so what is old enough comes first.
          const [old] = await tx.rows<{ seq: number | null }>(
            'SELECT max(seq) AS seq FROM (SELECT seq, received_at FROM entry WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT $3) page WHERE received_at < $4',
            [horizon, end, ENTRIES_AT_ONCE, before],
          );
          const last = Math.min(Math.max(due, old?.seq ?? horizon), limit);
          const dedupeUntil = now() - DEDUPE_KEPT_MS;
          await tx.run('DELETE FROM past_dedupe WHERE received_at <= $1', [dedupeUntil]);
          if (last <= horizon) return 0;
          await tx.run(
            'INSERT INTO past_dedupe (dedupe, received_at) SELECT dedupe, received_at FROM entry WHERE seq > $1 AND seq <= $2 AND dedupe IS NOT NULL AND received_at > $3 ON CONFLICT DO NOTHING',
            [horizon, last, dedupeUntil],
          );
          await tx.run('DELETE FROM entry WHERE seq > $1 AND seq <= $2', [horizon, last]);
          tx.head.horizon = last;
          return last - horizon;
        },
        () => false,
      ),
    noteErasure: async (through) => {
      await session.write(async ({ head }) => {
        head.erased_through = Math.max(head.erased_through, Math.min(through, head.seq));
      });
    },
    keyDedupes: ({ hash, check }) =>
      session.write(
        async (tx) => {
          const [row] = await tx.rows<{ known: string | null }>('SELECT dedupe_check AS known FROM log_head');
          const known = row?.known ?? null;
          if (known === check) return 'known';
          if (known === null) for (const table of ['entry', 'past_dedupe']) await hashDedupes(tx, table, hash);
          await tx.run('UPDATE log_head SET dedupe_check = $1', [check]);
          return known === null ? 'keyed' : 'changed';
        },
        () => false,
      ),
    readLineage: () => session.rows<Lineage>('SELECT log_id AS "logId", seq FROM lineage ORDER BY n DESC'),
    startNewLog: async () => {
      const logId = newId();
      await session.write(async (tx) => {
        await tx.run('INSERT INTO lineage (n, log_id, seq, ended_at) SELECT coalesce(max(n), 0) + 1, $1, $2, $3 FROM lineage', [tx.head.log_id, tx.head.seq, now()]);
        await tx.run('UPDATE log_head SET log_id = $1', [logId]);
        // The backup does not know which of them have been used since.
        await tx.run('DELETE FROM invite WHERE used_at IS NULL');
        // They open for the former log only; who has the key is the same.
        await tx.run('UPDATE key_copy SET sealed = $1', [NO_COPY]);
      });
      onNewLog(logId);
      return logId;
    },
  };
}

/** A cursor does not see what is changed while it is read (PostgreSQL, DECLARE). */
async function hashDedupes(tx: WriteTx, table: string, hash: DedupeKey['hash']): Promise<void> {
  await tx.run(`DECLARE dedupes NO SCROLL CURSOR FOR SELECT dedupe FROM ${table} WHERE dedupe IS NOT NULL`);
  for (;;) {
    const some = (await tx.rows<{ dedupe: Buffer }>(`FETCH ${ENTRIES_AT_ONCE} FROM dedupes`)).map(({ dedupe }) => dedupe);
    if (some.length === 0) break;
    await tx.run(`UPDATE ${table} SET dedupe = h.after FROM unnest($1::bytea[], $2::bytea[]) AS h (before, after) WHERE dedupe = h.before`, [some, some.map(hash)]);
  }
  await tx.run('CLOSE dedupes');
}
