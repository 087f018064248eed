/**
 * Runs as they are recorded: once, in a chain by desktop. Invariant: a run is sealed, and what was reserved for it settled, in the transaction that
 * records it: two never name the same one before them, and a crash leaves a call either open or recorded.
 */
import { createHash } from 'node:crypto';
import type { AiRun } from '../../../../contract/ai/ai-entities.ts';
import { fitProposal, fitRun, fitSummary } from '../../../../contract/ai/fit-proposal.ts';
import { AI_MAX, TEXT_BODY_MAX } from '../../../../contract/limits.ts';
import type { OpArgs, OpBody } from '../../../../contract/ops/op.ts';
import type { AiQueries } from '../../db/ai-queries.ts';

/** A run before it has its place in the chain. */
export type RunEntry = Omit<AiRun, 'prevHash' | 'hash'>;
type WithEntry<T> = Omit<T, 'run'> & { run: RunEntry };

const LAST_RUN = 'lastRun';
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Texts as long as a record takes them. */
export const clipRunText = ({ question, raw, final, instruction }: AiRun['text']): AiRun['text'] => ({
  question: question.slice(0, AI_MAX.question),
  raw: raw.slice(0, AI_MAX.output),
  final: final.slice(0, TEXT_BODY_MAX),
  instruction: instruction.slice(0, AI_MAX.instruction),
});

export type RunBook = ReturnType<typeof createRunBook>;

/** Each gives the op that records a run: call it in the transaction that applies the op. */
export function createRunBook({ queries }: { queries: Pick<AiQueries, 'readLearned' | 'writeLearned' | 'settleCall'> }) {
  const chain = (entry: RunEntry): Omit<AiRun, 'hash'> => ({ ...entry, prevHash: queries.readLearned(LAST_RUN) ?? '' });
  const close = <T extends OpBody & { args: { run: AiRun } }>(op: T): T => {
    const { runId, hash, costMicros } = op.args.run;
    queries.writeLearned(LAST_RUN, hash);
    queries.settleCall(runId, costMicros ?? 0);
    return op;
  };
  return {
    run: (entry: RunEntry) => close({ type: 'ai.run', args: { run: fitRun(chain(entry)) } }),
    proposal: ({ run, ...args }: WithEntry<OpArgs<'draft.propose'>>) => close({ type: 'draft.propose', args: fitProposal({ ...args, run: chain(run) }) }),
    summary: ({ run, ...args }: WithEntry<OpArgs<'ai.summary'>>) => close({ type: 'ai.summary', args: fitSummary({ ...args, run: chain(run) }) }),
  };
}
