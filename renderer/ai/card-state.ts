/**
 * What the card above the composer shows, by what the engine says of the conversation. Pure. Invariant: whatever is under way on this desktop comes before
 * what stands in the log, and a live draft before what became of an earlier one.
 */
import type { AiFailure, ConversationAiView, DraftView, RunningView } from '../../contract/ai/ai-views.ts';
import { isLiveDraft } from '../../contract/ai/ai-words.ts';
import type { Agent } from '../../contract/entities.ts';

export type DraftBody = NonNullable<DraftView['body']>;
export type CardState =
  /** The customer may still be writing. */
  | { kind: 'waiting'; until: number | null }
  | { kind: 'preparing' }
  | { kind: 'streaming'; text: string }
  | { kind: 'failed'; failure: AiFailure }
  /** `failure`: of the attempt to make another one in its place. */
  | { kind: 'draft'; draft: DraftView; body: DraftBody; failure: AiFailure | null }
  /** Free text cannot be sent: what a template could say. */
  | { kind: 'template'; draft: DraftView }
  | { kind: 'claimed'; by: Agent }
  /** What became of the last one. */
  | { kind: 'over'; draft: DraftView; how: 'newer_inbound' | 'other_agent' | 'discarded' | 'sent_automatically' }
  | { kind: 'none'; because: Exclude<NonNullable<ConversationAiView['noDraftBecause']>, 'answered' | 'reaction'> };

/** Null: there is nothing to say. `isWindowClosed`: by the clock of this moment, which the engine may not have looked at since. */
export function cardOf(ai: ConversationAiView, running: RunningView, isWindowClosed: boolean): CardState | null {
  switch (running.state) {
    case 'waiting':
      // What somebody works on is not covered by what may come.
      if (ai.draft?.state !== 'edited') return { kind: 'waiting', until: running.until };
      break;
    case 'requested':
    case 'preparing':
      return { kind: 'preparing' };
    case 'streaming':
      return running.text.trim() === '' ? { kind: 'preparing' } : { kind: 'streaming', text: running.text };
    case 'failed':
    case 'idle':
      break;
  }
  const failure = running.state === 'failed' ? running.failure : null;
  const { draft } = ai;
  if (draft && isLiveDraft(draft.state) && draft.body) {
    return draft.state === 'blocked' || isWindowClosed ? { kind: 'template', draft } : { kind: 'draft', draft, body: draft.body, failure };
  }
  // Nothing that could be quoted: no failure of anything.
  if (failure?.class === 'empty' && (ai.noDraftBecause === 'no_answer_found' || ai.noDraftBecause === 'nothing_asked')) return { kind: 'none', because: ai.noDraftBecause };
  if (failure) return { kind: 'failed', failure };
  if (ai.claimedBy && !ai.claimedBy.isMe) return { kind: 'claimed', by: ai.claimedBy };
  const how = draft ? howItEnded(draft) : null;
  if (draft && how) return { kind: 'over', draft, how };
  // What was answered, and what nobody has to answer, is no lack.
  return ai.noDraftBecause === null || ai.noDraftBecause === 'answered' || ai.noDraftBecause === 'reaction' ? null : { kind: 'none', because: ai.noDraftBecause };
}

/** Null: not worth a word, since its agent did it just now. */
function howItEnded({ state, reason, auto }: DraftView): Extract<CardState, { kind: 'over' }>['how'] | null {
  if (auto?.state === 'sent') return 'sent_automatically';
  if (state === 'superseded') return reason === 'newer_inbound' || reason === 'other_agent' ? reason : null;
  return state === 'discarded' && reason !== 'own_reply' && reason !== 'cancelled' && reason !== 'closed' ? 'discarded' : null;
}

/** Under which a line that says no more than what happened can be put away; null: it cannot. */
export function dismissKeyOf(card: CardState, { startedAt }: Pick<RunningView, 'startedAt'>, lastInboundAt: number | null): string | null {
  switch (card.kind) {
    case 'over':
      return card.draft.draftId;
    case 'none':
      return `${card.because} ${lastInboundAt}`;
    case 'failed':
      return `failed ${startedAt} ${lastInboundAt}`;
    case 'waiting':
    case 'preparing':
    case 'streaming':
    case 'draft':
    case 'template':
    case 'claimed':
      return null;
  }
}
