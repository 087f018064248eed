/**
 * Calls that carry an Idempotency-Key. Invariant: what a call does and the answer to it are kept in one transaction, so that after a crash
 * a repetition finds either both or neither.
 */
import { createHash } from 'node:crypto';
import { AppError } from '../../../contract/app-error.ts';
import type { AnsweredCallQueries } from '../db/answered-call-queries.ts';
import type { Replica } from '../sync/replica.ts';

const KEPT_MS = 24 * 60 * 60 * 1000;

export type RepeatedCalls = {
  /**
   * Runs `act` once for this key within 24 h, and gives its answer again afterwards. Null: no key, it always runs.
   * @throws AppError KEY_REUSED where the key came with another input.
   */
  once<T>(key: string | null, input: unknown, act: () => T): T;
};

export function createRepeatedCalls({ queries, replica, now }: { queries: AnsweredCallQueries; replica: Pick<Replica, 'transact'>; now: () => number }): RepeatedCalls {
  return {
    once: <T>(key: string | null, input: unknown, act: () => T): T =>
      replica.transact(() => {
        if (key === null) return act();
        const since = now() - KEPT_MS;
        const fingerprint = createHash('sha256').update(JSON.stringify(input)).digest('hex');
        const known = queries.find(key, since);
        if (known && known.fingerprint !== fingerprint) throw new AppError('KEY_REUSED');
        if (known) return JSON.parse(known.answer) as T;
        const answer = act();
        queries.add(key, { fingerprint, answer: JSON.stringify(answer) }, now(), since);
        return answer;
      }),
  };
}
