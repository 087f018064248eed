/** What happens in a conversation and ends its draft. Kept apart from the ops, because messages and webhooks call it. */
import type { AiDraftRow, StateTx } from '../state.ts';

type By = { actorId: string | null; at: number };

/** The customer wrote: what nobody changed yet is out of date; what somebody works on stays, and is marked as such by its `about_message_id`. */
export function noteInbound(tx: StateTx, conversationId: string, at: number): void {
  const draft = findLiveDraft(tx, conversationId);
  if (draft?.state === 'ready') end(tx, draft, 'superseded', 'newer_inbound', { actorId: null, at });
}

/** Somebody of us answered (or a colleague's phone did, `actorId` null). A draft that this very answer came from has been decided before. */
export function noteOutbound(tx: StateTx, conversationId: string, by: By, isByPerson: boolean): void {
  const draft = findLiveDraft(tx, conversationId);
  if (draft) {
    const isOwn = by.actorId !== null && (draft.edited_by ?? (draft.is_requested ? draft.actor_id : by.actorId)) === by.actorId;
    end(tx, draft, isOwn ? 'discarded' : 'superseded', isOwn ? 'own_reply' : 'other_agent', by);
  }
  const row = tx.get('conversation_ai', [conversationId]);
  if (isByPerson && row && row.handoff_reason !== null) tx.put('conversation_ai', { ...row, handoff_reason: null, handoff_detail: '', handoff_about: null, handoff_at: null });
}

/** Archived or closed. */
export function noteEnded(tx: StateTx, conversationId: string, by: By): void {
  const draft = findLiveDraft(tx, conversationId);
  if (draft) end(tx, draft, 'discarded', 'closed', by);
  const row = tx.get('conversation_ai', [conversationId]);
  if (row && row.handoff_reason !== null) tx.put('conversation_ai', { ...row, handoff_reason: null, handoff_detail: '', handoff_about: null, handoff_at: null });
}

export const findLiveDraft = (tx: Pick<StateTx, 'list'>, conversationId: string): AiDraftRow | undefined => tx.list('live_draft_by_conversation', [conversationId])[0];

/** What counted down does not leave by itself any more. */
export function stopCounting(tx: StateTx, draft: AiDraftRow | undefined): void {
  if (draft?.auto_state === 'counting') tx.put('ai_draft', { ...draft, auto_state: 'stopped' });
}

function end(tx: StateTx, draft: AiDraftRow, state: 'superseded' | 'discarded', reason: NonNullable<AiDraftRow['reason']>, by: By): void {
  tx.put('ai_draft', { ...draft, state, reason, decided_by: by.actorId, decided_at: by.at, auto_state: draft.auto_state === 'counting' ? 'stopped' : draft.auto_state });
}
