/**
 * Appends with webhooks sealed to the workspace's newest key and known again by a keyed hash. Invariants: where there is a key no webhook is stored in plain words; the store judges the
 * key inside its transaction, so one that is announced in between, by this relay or another one, costs a second try and nothing else.
 */
import { createWebhookSealer } from '../contract/sealing/sealed-body.ts';
import type { DedupeKey } from './dedupe-key.ts';
import { KeyMovedError, type AppendJob, type AppendResult, type KeyEpoch, type LogStore } from './log-store/interface.ts';

/** A key is announced when somebody is shut out: even two in a row are a coincidence. */
const TRIES_MAX = 4;

/** @returns what `store.append` does, for jobs whose webhooks are in plain words. */
export function createSealedAppend({ store, dedupeKey, now }: { store: Pick<LogStore, 'append' | 'listKeyEpochs'>; dedupeKey: DedupeKey; now: () => number }): LogStore['append'] {
  const sealer = createWebhookSealer(now);
  /** Undefined: not known; null: there is none. */
  let newest: KeyEpoch | null | undefined;

  const seal = async (jobs: AppendJob[], key: KeyEpoch): Promise<AppendJob[]> => {
    const bodies = jobs.flatMap((job) => (job.kind === 'webhook' ? job.items.map(({ body }) => body) : []));
    if (bodies.length === 0) return jobs;
    const sealed = await sealer.seal(key, bodies);
    let next = 0;
    return jobs.map((job) => (job.kind === 'webhook' ? { ...job, items: job.items.map((item) => ({ ...item, body: sealed[next++] ?? '' })) } : job));
  };

  const withKeyedDedupes = (job: AppendJob): AppendJob => (job.kind === 'webhook' ? { ...job, items: job.items.map((item) => ({ ...item, dedupe: dedupeKey.hash(item.dedupe) })) } : job);

  return async (group): Promise<AppendResult[]> => {
    const jobs = group.map(withKeyedDedupes);
    for (let tried = 1; ; tried += 1) {
      if (newest === undefined) newest = (await store.listKeyEpochs()).at(-1) ?? null;
      try {
        return await store.append(newest === null ? jobs : await seal(jobs, newest));
      } catch (error) {
        if (!(error instanceof KeyMovedError) || tried === TRIES_MAX) throw error;
        newest = undefined;
      }
    }
  };
}
