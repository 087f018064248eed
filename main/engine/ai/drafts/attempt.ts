/**
 * The life of a draft on the desktop that makes it, up to `ready`: from there on the log has it. Invariants: a conversation has one live attempt;
 * a state follows another only as `mayDraftBecome` says, anything else is a bug and throws; text is added only while it streams.
 */
import type { AiFailure, RunningView } from '../../../../contract/ai/ai-views.ts';
import { isLiveDraft, mayDraftBecome, type DraftState } from '../../../../contract/ai/ai-words.ts';

/** What an attempt is to be about. `fence`: of the claim that it is made under; null: a person asked, or nobody can be asked. */
export type Wish = { conversationId: string; isRequested: boolean; instruction: string; fence: number | null };
export type MakingState = Extract<DraftState, 'requested' | 'preparing' | 'streaming' | 'ready' | 'failed' | 'discarded' | 'superseded'>;
export type Attempt = Readonly<
  Wish & {
    draftId: string;
    /** Relay time, ms. */
    startedAt: number;
    state: MakingState;
    text: string;
    failure: AiFailure | null;
    /** Aborts the call. */
    controller: AbortController;
  }
>;

/** How often text that grows is told of, ms: about two frames of a screen. */
export const FRAME_MS = 30;

type Deps = { /** The view of a conversation is another one. */ onChange: (conversationId: string) => void };
export type Attempts = ReturnType<typeof createAttempts>;

export function createAttempts({ onChange }: Deps) {
  /** The live one, or the last that failed and is shown. */
  const current = new Map<string, Attempt>();
  /** Until when the customer's next words are waited for. */
  const waiting = new Map<string, number>();

  const isCurrent = (attempt: Attempt): boolean => current.get(attempt.conversationId)?.draftId === attempt.draftId;
  const read = (attempt: Attempt): Attempt => {
    const now = current.get(attempt.conversationId);
    if (now?.draftId !== attempt.draftId) throw new Error(`draft ${attempt.draftId} is over`);
    return now;
  };
  const put = (attempt: Attempt): Attempt => {
    current.set(attempt.conversationId, attempt);
    onChange(attempt.conversationId);
    return attempt;
  };

  return {
    /** @throws Error while the conversation has a live one. */
    begin: (wish: Wish, { draftId, startedAt }: { draftId: string; startedAt: number }): Attempt => {
      const before = current.get(wish.conversationId);
      if (before && isLiveDraft(before.state)) throw new Error(`conversation ${wish.conversationId} has a live draft`);
      waiting.delete(wish.conversationId);
      return put({ ...wish, draftId, startedAt, state: 'requested', text: '', failure: null, controller: new AbortController() });
    },

    /** @throws Error for a step that there is not, and for an attempt that is over. */
    move: (attempt: Attempt, to: MakingState, change: { failure?: AiFailure } = {}): void => {
      const now = read(attempt);
      if (!mayDraftBecome(now.state, to)) throw new Error(`a draft that is ${now.state} does not become ${to}`);
      const next = { ...now, ...change, state: to };
      if (isLiveDraft(to) && to !== 'ready') return void put(next);
      if (to !== 'ready') next.controller.abort();
      if (to === 'failed') return void put(next);
      current.delete(next.conversationId);
      onChange(next.conversationId);
    },

    /** The whole text so far. @throws Error unless it streams. */
    setText: (attempt: Attempt, text: string): void => {
      const now = read(attempt);
      if (now.state !== 'streaming') throw new Error(`a draft that is ${now.state} takes no text`);
      put({ ...now, text });
    },

    isLive: (attempt: Attempt): boolean => isCurrent(attempt) && isLiveDraft(read(attempt).state),
    stateOf: (attempt: Attempt): MakingState | null => (isCurrent(attempt) ? read(attempt).state : null),
    findLive: (conversationId: string): Attempt | undefined => {
      const attempt = current.get(conversationId);
      return attempt && isLiveDraft(attempt.state) ? attempt : undefined;
    },
    listLive: (): Attempt[] => [...current.values()].filter(({ state }) => isLiveDraft(state)),

    /** A failure that was shown is history: something else happened in the conversation. */
    forgetFailure: (conversationId: string): void => {
      if (current.get(conversationId)?.state !== 'failed') return;
      current.delete(conversationId);
      onChange(conversationId);
    },
    listFailed: (): Attempt[] => [...current.values()].filter(({ state }) => state === 'failed'),

    /** @param until by conversation, relay time in ms: those that wait now, and no others. */
    setWaiting: (until: ReadonlyMap<string, number>): void => {
      const touched = new Set([...waiting.keys(), ...until.keys()].filter((id) => waiting.get(id) !== until.get(id)));
      waiting.clear();
      for (const [id, at] of until) waiting.set(id, at);
      for (const id of touched) onChange(id);
    },

    view: (conversationId: string): RunningView => {
      const attempt = current.get(conversationId);
      const until = waiting.get(conversationId) ?? null;
      if (!attempt || (attempt.state === 'failed' && until !== null)) return { ...IDLE, state: until === null ? 'idle' : 'waiting', until };
      const { state, draftId, text, failure, startedAt } = attempt;
      return { ...IDLE, state: state === 'requested' || state === 'preparing' || state === 'streaming' || state === 'failed' ? state : 'idle', draftId, text, failure, startedAt };
    },
  };
}

const IDLE: RunningView = { state: 'idle', draftId: null, text: '', until: null, failure: null, startedAt: null };
