/**
 * What happens in a conversation and ends its draft, or what was begun for it to leave by itself. Kept apart from the ops, because messages and
 * webhooks call it. Invariant: once the customer or a person has done something, what counted down before leaves by itself no more, and a claim
 * from before that cannot make anything leave.
 */
import type { HandoffReason } from '../ai/ai-words.ts';
import { NO_CONVERSATION_AI, type AiDraftRow, type ConversationAiRow, type ConversationRow, type MessageRow, type StateTx } from '../state.ts';

type By = { actorId: string | null; at: number };

export const readConversationAi = (tx: Pick<StateTx, 'get'>, conversationId: string): ConversationAiRow =>
  tx.get('conversation_ai', [conversationId]) ?? { ...NO_CONVERSATION_AI, conversation_id: conversationId };

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
  if (isByPerson) endHandoff(tx, conversationId);
}

/** Archived or closed. Opened again, whoever wants to answer by itself has to claim anew. */
export function noteEnded(tx: StateTx, conversationId: string, by: By): void {
  noteTakenOver(tx, conversationId);
  const draft = findLiveDraft(tx, conversationId);
  if (draft) end(tx, draft, 'discarded', 'closed', by);
  endHandoff(tx, conversationId);
}

/**
 * A person took the conversation or tried to answer, or the customer changed what they had said. A draft stays for people to use; whoever
 * wants to answer by itself has to claim anew, and so has to have read this.
 */
export function noteTakenOver(tx: StateTx, conversationId: string): void {
  stopCounting(tx, findLiveDraft(tx, conversationId));
  const row = tx.get('conversation_ai', [conversationId]);
  if (row && row.claim_about !== null) tx.put('conversation_ai', { ...row, claim_about: null, claim_device: null, claim_until: 0 });
}

/** An answer that left by itself did not reach them, and nobody is there who would see that: it is for people, and the customer waits again. */
export function noteAnswerFailed(tx: StateTx, message: MessageRow, at: number): void {
  const [draft] = tx.list('draft_by_message', [message.id]);
  const conversation = tx.get('conversation', [message.conversation_id]);
  if (draft?.auto_state !== 'sent' || conversation?.status !== 'active' || conversation.last_outbound_seq !== message.seq) return;
  handOff(tx, conversation, { reason: 'failed', detail: '', aboutMessageId: draft.about_message_id, at });
}

type Handoff = { reason: HandoffReason; detail: string; aboutMessageId: string | null; at: number };
/** From now on it is with people; the customer waits for them, whatever was written and never reached them. */
export function handOff(tx: StateTx, conversation: ConversationRow, { reason, detail, aboutMessageId, at }: Handoff): void {
  const about = aboutMessageId === null ? undefined : tx.get('message', [aboutMessageId]);
  if (about && conversation.waiting_since === null) tx.put('conversation', { ...conversation, waiting_since: about.sent_at });
  noteTakenOver(tx, conversation.id);
  const row = readConversationAi(tx, conversation.id);
  if (row.handoff_reason === null) tx.put('conversation_ai', { ...row, handoff_reason: reason, handoff_detail: detail, handoff_about: aboutMessageId, handoff_at: at });
}

export const findLiveDraft = (tx: Pick<StateTx, 'list'>, conversationId: string): AiDraftRow | undefined => tx.list('live_draft_by_conversation', [conversationId])[0];

/** What counted down does not leave by itself any more. */
export function stopCounting(tx: StateTx, draft: AiDraftRow | undefined): void {
  if (draft?.auto_state === 'counting') tx.put('ai_draft', { ...draft, auto_state: 'stopped' });
}

/** The same in the whole team, but for what `mayGoOn`. */
export function stopAllCounting(tx: StateTx, mayGoOn: (draft: AiDraftRow) => boolean): void {
  for (const draft of tx.list('draft_by_auto_state', ['counting'])) if (!mayGoOn(draft)) stopCounting(tx, draft);
}

function endHandoff(tx: StateTx, conversationId: string): void {
  const row = tx.get('conversation_ai', [conversationId]);
  if (row && row.handoff_reason !== null) tx.put('conversation_ai', { ...row, handoff_reason: null, handoff_detail: '', handoff_about: null, handoff_at: null });
}

function end(tx: StateTx, draft: AiDraftRow, state: 'superseded' | 'discarded', reason: NonNullable<AiDraftRow['reason']>, by: By): void {
  tx.put('ai_draft', { ...draft, state, reason, decided_by: by.actorId, decided_at: by.at, auto_state: draft.auto_state === 'counting' ? 'stopped' : draft.auto_state });
}
