/**
 * Makes drafts on this desktop, from a wish to `ready` in the log. Invariants: one live attempt a conversation; whatever overtakes it (a newer message,
 * an answer, a takeover, the end of the conversation, a cancel) ends it within the same turn of the event loop and closes its socket;
 * every call is recorded, whatever became of it; a part of a text is marked as such.
 */
import type { DraftBody } from '../../../../contract/ai/ai-entities.ts';
import type { AiFailure, RunningView } from '../../../../contract/ai/ai-views.ts';
import type { DiscardReason, FailureClass, Intent, SupersededBy } from '../../../../contract/ai/ai-words.ts';
import { AppError } from '../../../../contract/app-error.ts';
import { TEXT_BODY_MAX } from '../../../../contract/limits.ts';
import { errorText, shortId, type Log } from '../../../../contract/log.ts';
import type { OpBody } from '../../../../contract/ops/op.ts';
import { findLiveDraft } from '../../../../contract/ops/draft-events.ts';
import { PENDING_SEQ, type ConversationRow } from '../../../../contract/state.ts';
import type { AiRun, TemplateSuggestion } from '../../../../contract/ai/ai-entities.ts';
import type { Ids } from '../../ports.ts';
import type { Replica } from '../../sync/replica.ts';
import { asksQuestion, judgeIntent } from '../checks/intent.ts';
import type { Prompt } from '../prompt/prompt.ts';
import { createAttempts, type Attempt, type Wish } from './attempt.ts';
import type { JudgeText } from './judge-text.ts';
import type { Called, ModelCalls, ReadPrompt, RetrievedPassage } from './model-calls.ts';
import type { Models } from './models.ts';
import type { RunBook, RunEntry } from './run-book.ts';

/** A finished draft, just before it is proposed: what the automatic mode decides on. */
export type ReadyDraft = {
  conversationId: string;
  aboutMessageId: string | null;
  /** Of the claim that it was made under; null: by a person's wish, or without the relay. It cannot leave by itself then. */
  fence: number | null;
  draftId: string;
  runId: string;
  body: DraftBody;
  intent: Intent | null;
  prompt: Prompt;
  retrieved: readonly RetrievedPassage[];
  costMicros: number | null;
};
/** `auto`: it leaves by itself at `at` (relay time, ms), with `notice` below it. `policy`: what is recorded of how it was decided; null: it was not asked. */
export type AutoDecision = { auto: { fence: number; at: number } | null; policy: AiRun['policy']; notice?: string };

/** Ends without a draft although nothing in the knowledge base or the facts answers: not a failure of anybody. */
const NO_ANSWER: FailureClass = 'empty';
/** After these a part is worth showing. */
const KEEPS_PART: ReadonlySet<FailureClass> = new Set(['truncated', 'stream_lost']);

type Ending = { to: 'superseded'; reason: SupersededBy } | { to: 'discarded'; reason: DiscardReason };
type Deps = {
  calls: ModelCalls;
  models: Pick<Models, 'open' | 'builtin'>;
  /** Rows as the model is to have them. @param share of the input budget. */
  readReply: (wish: Wish & { previous: string | null }, share: number, signal: AbortSignal) => Promise<ReadPrompt & { inbound: readonly string[] }>;
  judge: JudgeText;
  /** Called where the effective mode is `auto`; otherwise nobody decides. */
  decideAuto: (ready: ReadyDraft) => AutoDecision;
  suggestTemplate: (conversationId: string, text: string) => TemplateSuggestion | null;
  book: RunBook;
  /** What left for a run is kept here no longer. */
  forgetSent: (runId: string) => void;
  replica: Pick<Replica, 'state' | 'applyLocal' | 'transact'>;
  myId: () => string;
  ids: Ids;
  nudge: () => void;
  /** Something of a conversation is to be read again. */
  noteChange: (conversationId: string) => void;
  /** Relay time, ms. */
  now: () => number;
  log: Log;
};

export type DraftFlow = ReturnType<typeof createDraftFlow>;

export function createDraftFlow({ calls, models, readReply, judge, decideAuto, suggestTemplate, book, forgetSent, replica, myId, ids, nudge, noteChange, now, log }: Deps) {
  const listeners = new Map<string, Set<() => void>>();
  const attempts = createAttempts({
    onChange: (conversationId) => {
      for (const tell of listeners.get(conversationId) ?? []) tell();
    },
  });
  /** What an attempt was begun on: other rows overtake it. */
  const begunOn = new Map<string, Pick<ConversationRow, 'last_inbound_seq' | 'last_outbound_seq' | 'assignee_id'>>();
  const running = new Map<string, Promise<void>>();
  let lastFailure: FailureClass | null = null;
  let isStopped = false;

  const rowOf = (conversationId: string): ConversationRow | undefined => replica.state.get('conversation', [conversationId]);

  /** Why an attempt is out of date; null: it is not. */
  const judgeOvertaken = (attempt: Attempt): Ending | null => {
    const before = begunOn.get(attempt.draftId);
    const row = rowOf(attempt.conversationId);
    if (!before || !row || row.status !== 'active') return { to: 'discarded', reason: 'closed' };
    if (row.last_inbound_seq !== before.last_inbound_seq) return { to: 'superseded', reason: 'newer_inbound' };
    if (row.last_outbound_seq !== before.last_outbound_seq && !isConfirmation(before.last_outbound_seq, row)) {
      return row.last_outbound_actor_id === myId() ? { to: 'discarded', reason: 'own_reply' } : { to: 'superseded', reason: 'other_agent' };
    }
    const isTakenOver = row.assignee_id !== before.assignee_id && row.assignee_id !== null && row.assignee_id !== myId();
    return isTakenOver ? { to: 'superseded', reason: 'other_agent' } : null;
  };
  /** A message that was pending when it began has got its place in the log since. */
  const isConfirmation = (before: number, row: ConversationRow): boolean => before === PENDING_SEQ && row.last_outbound_actor_id === myId();

  const end = (attempt: Attempt, { to, reason }: Ending): void => {
    attempts.move(attempt, to);
    log('info', 'draft.ended', { conversation: shortId(attempt.conversationId), to, reason });
  };

  /** @returns the code of what kept it from being recorded; null: it is. */
  const record = (op: () => OpBody): string | null => {
    try {
      replica.transact(() => void replica.applyLocal(op()));
      nudge();
      return null;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      // Sync has ended, or not every desktop can read it yet.
      log('warn', 'draft.not_recorded', { code: error.code });
      return error.code;
    }
  };
  const recordRun = (entry: RunEntry): void => void record(() => book.run(entry));

  const fail = (attempt: Attempt, failure: AiFailure): void => {
    lastFailure = failure.class;
    attempts.move(attempt, 'failed', { failure });
    log('info', 'draft.failed', { conversation: shortId(attempt.conversationId), class: failure.class, detail: failure.detail });
  };

  const call = async (attempt: Attempt, previous: string | null, provider: Parameters<ModelCalls['run']>[0]['provider'], runId: string) => {
    const { conversationId, instruction, isRequested, controller } = attempt;
    const { signal } = controller;
    const context: { inbound: readonly string[] } = { inbound: [] };
    const called = await calls.run({
      runId,
      purpose: 'reply',
      rewrite: null,
      conversationId,
      contactId: rowOf(conversationId)?.contact_id ?? '',
      instruction,
      readPrompt: async (share) => {
        const read = await readReply({ conversationId, instruction, isRequested, fence: attempt.fence, previous }, share, signal);
        context.inbound = read.inbound;
        return read;
      },
      provider,
      priority: isRequested ? 'interactive' : 'auto',
      signal,
      onText: (text) => {
        if (!attempts.isLive(attempt)) return;
        if (attempts.stateOf(attempt) === 'preparing') attempts.move(attempt, 'streaming');
        attempts.setText(attempt, text);
      },
    });
    return { called, inbound: context.inbound };
  };

  const make = async (attempt: Attempt): Promise<void> => {
    const live = findLiveDraft(replica.state, attempt.conversationId);
    attempts.move(attempt, 'preparing');
    const previous = attempt.isRequested && live ? readText(live.body) : null;
    const runId = ids.next();
    const { provider } = await models.open(runId);
    if (!attempts.isLive(attempt)) return;
    const first = await call(attempt, previous, provider, runId);
    const { outcome } = first.called;
    const isOffline = outcome.status === 'failed' && outcome.failure.class === 'offline' && outcome.partial === '';
    if (!isOffline || provider.profile === 'builtin' || !attempts.isLive(attempt)) return finish(attempt, first.called, first.inbound, live?.id ?? null);
    // What the knowledge base says needs no line.
    recordRun(first.called.entry);
    const second = await call(attempt, previous, models.builtin(), ids.next());
    if (attempts.isLive(attempt) && second.called.outcome.status === 'failed') {
      recordRun({ ...second.called.entry, ...judgeSilence(second.called) });
      return fail(attempt, first.called.failure ?? LOST);
    }
    finish(attempt, second.called, second.inbound, live?.id ?? null);
  };

  const finish = (attempt: Attempt, called: Called, inbound: readonly string[], replaces: string | null): void => {
    const { outcome, entry, prompt } = called;
    const answer = clipAnswer(called.answer);
    const isEmpty = outcome.status === 'ok' && answer.text === '';
    const failure: AiFailure | null = isEmpty ? { class: 'empty', retryAt: null, detail: 'no_words', partial: '' } : called.failure;
    if (!attempts.isLive(attempt)) {
      // Ended meanwhile. What was spent is told all the same.
      const ending = endings.get(attempt.draftId);
      const outcome = ending === 'cancelled' ? 'cancelled' : 'superseded';
      if (ending === 'erased') forgetSent(entry.runId);
      return recordRun({ ...entry, outcome, ...(ending === 'erased' && { text: NO_WORDS }) });
    }
    const isPart = answer.isClipped || (failure !== null && KEEPS_PART.has(failure.class) && answer.text !== '');
    if (outcome.status === 'cancelled') {
      recordRun(entry);
      return attempts.move(attempt, 'discarded');
    }
    const isExtract = entry.provider.profile === 'builtin';
    if (failure !== null && !isPart) {
      recordRun({ ...entry, outcome: failure.class, ...judgeSilence(called) });
      return fail(attempt, failure);
    }
    const judged = judge({
      conversationId: attempt.conversationId,
      text: answer.text,
      sentences: answer.sentences,
      unknownMarkers: answer.unknownMarkers,
      facts: prompt.facts,
      inbound,
      question: prompt.question,
      language: prompt.language,
      retrieved: called.retrieved,
      systemText: isExtract ? '' : (prompt.messages[0]?.content ?? ''),
      nonce: isExtract ? '' : prompt.nonce,
      isCutOff: isPart,
    });
    const { intent, ...verdict } = judged;
    const cited = new Set(answer.sentences.flatMap(({ factIds }) => factIds));
    const body: DraftBody = {
      text: answer.text,
      language: prompt.language.code.slice(0, 10),
      sentences: answer.sentences.slice(0, 200),
      facts: prompt.facts.filter(({ id }) => cited.has(id)).slice(0, 40),
      ...verdict,
      isExtract,
      isCutOff: isPart,
    };
    const { conversationId, draftId, fence, isRequested } = attempt;
    const aboutMessageId = prompt.basis.lastInboundId;
    const ready: ReadyDraft = { conversationId, aboutMessageId, fence, draftId, runId: entry.runId, body, intent, prompt, retrieved: called.retrieved, costMicros: entry.costMicros };
    const { auto, policy, notice } = decideAuto(ready);
    const complete: RunEntry = { ...entry, ...verdict, intent, policy, isGap: isOutOfNothing(called, intent) };
    const template = suggestTemplate(conversationId, body.text);
    const live = findLiveDraft(replica.state, conversationId);
    // What a person asked for stands for whatever came meanwhile, but for what somebody works on.
    const stoodFor = isRequested && live?.state === 'ready' ? live.id : replaces;
    const refusal = record(() =>
      book.proposal({ draftId, conversationId, aboutMessageId, replaces: stoodFor, body: notice === undefined ? body : { ...body, notice }, template, isRequested, auto, run: complete }),
    );
    if (refusal !== null) return fail(attempt, { ...LOST, detail: refusal, partial: body.text });
    attempts.move(attempt, 'ready');
    lastFailure = null;
  };

  /** Why attempts ended whose call is still coming to its end. */
  const endings = new Map<string, 'cancelled' | 'overtaken' | 'erased'>();

  const begin = (wish: Wish): void => {
    const row = rowOf(wish.conversationId);
    if (!row || isStopped) return;
    const attempt = attempts.begin(wish, { draftId: ids.next(), startedAt: now() });
    const { last_inbound_seq, last_outbound_seq, assignee_id } = row;
    begunOn.set(attempt.draftId, { last_inbound_seq, last_outbound_seq, assignee_id });
    const work = make(attempt)
      .catch((error: unknown) => {
        log('error', 'draft.broke', { conversation: shortId(wish.conversationId), error: errorText(error) });
        if (attempts.isLive(attempt)) fail(attempt, LOST);
      })
      .finally(() => {
        running.delete(attempt.draftId);
        begunOn.delete(attempt.draftId);
        endings.delete(attempt.draftId);
        noteChange(wish.conversationId);
      });
    running.set(attempt.draftId, work);
  };

  return {
    attempts,
    view: (conversationId: string): RunningView => attempts.view(conversationId),
    lastFailure: (): FailureClass | null => lastFailure,

    /** Makes one now; what is being made is replaced. */
    start: (wish: Wish): void => {
      const live = attempts.findLive(wish.conversationId);
      if (live) {
        endings.set(live.draftId, 'overtaken');
        end(live, { to: 'superseded', reason: 'redrafted' });
      }
      begin(wish);
    },
    /** What was written of a customer is erased: what is being made with their words ends, and its record holds none of them. */
    forgetWords: (isTheirs: (contactId: string) => boolean): void => {
      for (const attempt of attempts.listLive()) {
        const row = rowOf(attempt.conversationId);
        if (!row || !isTheirs(row.contact_id)) continue;
        endings.set(attempt.draftId, 'erased');
        end(attempt, { to: 'superseded', reason: 'redrafted' });
      }
    },
    /** The same of conversations that are no more. */
    forgetGone: (): void => {
      for (const attempt of attempts.listLive()) {
        if (rowOf(attempt.conversationId)) continue;
        endings.set(attempt.draftId, 'erased');
        end(attempt, { to: 'superseded', reason: 'redrafted' });
      }
    },
    cancel: (conversationId: string): void => {
      attempts.forgetFailure(conversationId);
      const live = attempts.findLive(conversationId);
      if (!live) return;
      endings.set(live.draftId, 'cancelled');
      end(live, { to: 'discarded', reason: 'cancelled' });
    },

    /**
     * Rows changed. @returns what was overtaken by the customer's own words, which a person had asked for: to be made again when they are
     * done writing.
     */
    look: (): Wish[] => {
      const again: Wish[] = [];
      for (const attempt of attempts.listLive()) {
        const ending = judgeOvertaken(attempt);
        if (!ending) continue;
        endings.set(attempt.draftId, ending.reason === 'own_reply' || ending.reason === 'closed' ? 'cancelled' : 'overtaken');
        end(attempt, ending);
        if (ending.reason === 'newer_inbound' && attempt.isRequested) again.push({ ...pickWish(attempt), fence: null });
      }
      for (const { conversationId, startedAt } of attempts.listFailed()) {
        const row = rowOf(conversationId);
        if (!row || row.status !== 'active' || row.last_outbound_seq > row.last_inbound_seq || (row.last_inbound_at ?? 0) > startedAt) attempts.forgetFailure(conversationId);
      }
      return again;
    },

    /** How it stands now, and then whenever it changes; what nobody has taken yet is left out. */
    watch: (conversationId: string, signal: AbortSignal | undefined): AsyncGenerator<RunningView> => {
      let isNews = true;
      let wake: (() => void) | null = null;
      const tell = (): void => {
        isNews = true;
        wake?.();
      };
      const mine = listeners.get(conversationId) ?? new Set();
      listeners.set(conversationId, mine.add(tell));
      const stop = (): void => {
        mine.delete(tell);
        // It may be called again when others listen already.
        if (mine.size === 0 && listeners.get(conversationId) === mine) listeners.delete(conversationId);
        wake?.();
      };
      signal?.addEventListener('abort', stop, { once: true });
      const iterate = async function* (): AsyncGenerator<RunningView> {
        try {
          while (!signal?.aborted) {
            if (!isNews) {
              await new Promise<void>((resolve) => {
                wake = resolve;
              });
              wake = null;
              continue;
            }
            isNews = false;
            yield attempts.view(conversationId);
          }
        } finally {
          stop();
          signal?.removeEventListener('abort', stop);
        }
      };
      return iterate();
    },

    recordRun,
    /** Ends everything that is being made. */
    stop: async (): Promise<void> => {
      isStopped = true;
      for (const attempt of attempts.listLive()) {
        endings.set(attempt.draftId, 'overtaken');
        end(attempt, { to: 'superseded', reason: 'redrafted' });
      }
      await Promise.all(running.values());
    },
  };
}

const NO_WORDS: AiRun['text'] = { question: '', raw: '', final: '', instruction: '' };
const LOST: AiFailure = { class: 'bad_response', retryAt: null, detail: 'internal', partial: '' };
/** What it means that the knowledge base gave no reply: that an article is lacking, unless somebody only greets or says thanks. */
function judgeSilence({ entry, failure, prompt, retrieved }: Called): Pick<RunEntry, 'intent' | 'isGap'> {
  if (entry.provider.profile !== 'builtin' || failure?.class !== NO_ANSWER) return { intent: null, isGap: false };
  const { intent } = judgeIntent({ text: prompt.question, hasRequest: false, hasKnowledge: retrieved.length > 0 });
  return { intent, isGap: intent !== 'greeting' };
}
/** Whether a model wrote a reply to a question out of nothing that it was given. */
const isOutOfNothing = ({ entry, answer, prompt }: Called, intent: Intent | null): boolean =>
  entry.provider.profile !== 'builtin' && intent !== 'greeting' && intent !== 'off_topic' && asksQuestion(prompt.question) && answer.sentences.every(({ factIds }) => factIds.length === 0);
/** As long as a message may be; what WhatsApp would refuse is a part. */
function clipAnswer({ text, sentences, unknownMarkers }: Called['answer']): Called['answer'] & { isClipped: boolean } {
  if (text.length <= TEXT_BODY_MAX) return { text, sentences, unknownMarkers, isClipped: false };
  return { text: text.slice(0, TEXT_BODY_MAX).toWellFormed().trimEnd(), sentences: sentences.filter(({ end }) => end <= TEXT_BODY_MAX), unknownMarkers, isClipped: true };
}
const pickWish = ({ conversationId, isRequested, instruction, fence }: Attempt): Wish => ({ conversationId, isRequested, instruction, fence });

function readText(body: string): string | null {
  const text: unknown = body === '' ? null : (JSON.parse(body) as { text?: unknown }).text;
  return typeof text === 'string' ? text : null;
}
