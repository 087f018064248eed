/** Rewrites and summaries: calls of the model that make no draft. Ended by whoever asked, with a record each. */
import type { Fact, Sentence } from '../../../../contract/ai/ai-entities.ts';
import type { AiFailure } from '../../../../contract/ai/ai-views.ts';
import type { Rewrite } from '../../../../contract/ai/ai-words.ts';
import { AppError } from '../../../../contract/app-error.ts';
import { AI_MAX } from '../../../../contract/limits.ts';
import type { StateTx } from '../../../../contract/state.ts';
import type { Ids } from '../../ports.ts';
import type { Replica } from '../../sync/replica.ts';
import type { PromptTask } from '../prompt/assemble.ts';
import type { DraftFlow } from './draft-flow.ts';
import type { Called, ModelCalls, ReadPrompt } from './model-calls.ts';
import type { Models } from './models.ts';
import type { RunBook } from './run-book.ts';

export type RewriteEvent = { state: 'streaming' | 'done'; text: string } | { state: 'failed'; failure: AiFailure };
type RewriteInput = { conversationId: string; text: string; rewrite: Rewrite; language: string | null };
export type Summary = { status: 'ok'; text: string; sentences: Sentence[]; facts: Fact[] } | { status: 'failed'; failure: AiFailure };
type Deps = {
  calls: ModelCalls;
  models: Pick<Models, 'open' | 'builtin'>;
  /** @param language of the answer; null: the customer's. */
  readPrompt: (input: { conversationId: string; task: PromptTask; language: string | null }, share: number) => Promise<ReadPrompt>;
  flow: Pick<DraftFlow, 'recordRun'>;
  book: RunBook;
  replica: Pick<Replica, 'applyLocal' | 'transact'>;
  state: Pick<StateTx, 'get'>;
  ids: Ids;
  nudge: () => void;
};
const GONE: AiFailure = { class: 'stream_lost', retryAt: null, detail: 'cancelled', partial: '' };
const SENTENCES_MAX = 100;
const FACTS_MAX = 60;

export type TextJobs = ReturnType<typeof createTextJobs>;

export function createTextJobs({ calls, models, readPrompt, flow, book, replica, state, ids, nudge }: Deps) {
  const contactOf = (conversationId: string): string => {
    const row = state.get('conversation', [conversationId]);
    if (!row) throw new AppError('NOT_FOUND', `no conversation ${conversationId}`);
    return row.contact_id;
  };
  const run = async (
    input: { conversationId: string; task: Exclude<PromptTask, { purpose: 'reply' }>; language: string | null },
    signal: AbortSignal,
    onText: (text: string) => void,
  ): Promise<Called> => {
    const contactId = contactOf(input.conversationId);
    const runId = ids.next();
    const { provider } = await models.open(runId);
    return calls.run({
      runId,
      purpose: input.task.purpose,
      rewrite: input.task.purpose === 'rewrite' ? input.task.rewrite : null,
      conversationId: input.conversationId,
      contactId,
      instruction: '',
      readPrompt: (share) => readPrompt(input, share),
      provider,
      priority: 'interactive',
      signal,
      onText,
    });
  };

  return {
    rewrite: async function* ({ conversationId, text, rewrite, language }: RewriteInput, outer: AbortSignal | undefined): AsyncGenerator<RewriteEvent> {
      if (text.trim() === '') throw new AppError('TEXT_EMPTY');
      const controller = new AbortController();
      const signal = outer ? AbortSignal.any([outer, controller.signal]) : controller.signal;
      let shown: string | null = null;
      let wake: (() => void) | null = null;
      const end: { called: Called | null; error: unknown } = { called: null, error: null };
      const work = run({ conversationId, task: { purpose: 'rewrite', rewrite, text }, language }, signal, (now) => {
        shown = now;
        wake?.();
      })
        .then((called) => {
          end.called = called;
        })
        .catch((error: unknown) => {
          end.error = error;
        })
        .finally(() => wake?.());
      try {
        while (end.called === null && end.error === null) {
          if (shown === null) {
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
            wake = null;
            continue;
          }
          const next: string = shown;
          shown = null;
          yield { state: 'streaming', text: next };
        }
        if (end.error !== null) throw end.error;
        const called = end.called;
        if (called === null) return;
        if (called.outcome.status === 'ok') yield { state: 'done', text: called.answer.text };
        else yield { state: 'failed', failure: called.failure ?? GONE };
      } finally {
        controller.abort();
        await work;
        if (end.called) flow.recordRun(end.called.entry);
      }
    },

    /** @throws AppError NOT_FOUND. */
    summarize: async ({ conversationId }: { conversationId: string }, outer: AbortSignal | undefined): Promise<Summary> => {
      // Whatever comes while it is made, it does not tell of.
      const lastMessageId = state.get('conversation', [conversationId])?.last_message_id ?? null;
      const called = await run({ conversationId, task: { purpose: 'summary', kind: 'transfer' }, language: null }, outer ?? new AbortController().signal, () => {});
      const { outcome, answer, entry, prompt, failure } = called;
      if (outcome.status !== 'ok') {
        flow.recordRun(entry);
        return { status: 'failed', failure: failure ?? GONE };
      }
      const cited = new Set(answer.sentences.flatMap(({ factIds }) => factIds));
      const facts = prompt.facts.filter(({ id }) => cited.has(id)).slice(0, FACTS_MAX);
      const text = answer.text.slice(0, AI_MAX.summary);
      const sentences = answer.sentences.filter(({ end }) => end <= text.length).slice(0, SENTENCES_MAX);
      const throughMessageId = lastMessageId ?? prompt.basis.lastInboundId;
      if (throughMessageId === null) flow.recordRun(entry);
      else {
        replica.transact(() => void replica.applyLocal(book.summary({ conversationId, throughMessageId, text, sentences, facts, run: entry })));
        nudge();
      }
      return { status: 'ok', text, sentences, facts };
    },
  };
}
