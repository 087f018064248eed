/**
 * Drafts by AI in the log: who makes one, what stands, what becomes of it. Invariants: a conversation has at most one live draft; the newest message of
 * the customer is answered by itself at most once in the whole team, by the desktop whose claim stands at that point of the log; whatever a
 * person or the customer does in between refuses it; nobody's words are lost by losing (a person's text is held, as any other message).
 */
import { hasUnseenReplyOfOthers, queueMessage } from './message-ops.ts';
import { readActor } from './actor.ts';
import { recordRun } from './ai-ops.ts';
import { findLiveDraft, stopCounting } from './draft-events.ts';
import { effectiveMode } from '../ai/effective-mode.ts';
import { CLAIM_LEASE_MS } from '../limits.ts';
import { judgeGuard } from '../rules/guard.ts';
import { mayLead } from '../rules/rights.ts';
import { NO_CONVERSATION_AI, PENDING_SEQ, type AiDraftRow, type ConversationAiRow, type ConversationRow, type StateTx } from '../state.ts';
import { wordsOf } from '../whatsapp/content-words.ts';
import { readAiSettings, isAiStopped } from './ai-settings.ts';
import type { ReducerOp } from './op.ts';
import type { OpResult } from './op-result.ts';

const result = (outcome: OpResult['outcome'], detail: Record<string, unknown>, conversationId: string | null = null): OpResult => ({ outcome, conversationId, detail });

export const readConversationAi = (tx: Pick<StateTx, 'get'>, conversationId: string): ConversationAiRow =>
  tx.get('conversation_ai', [conversationId]) ?? { ...NO_CONVERSATION_AI, conversation_id: conversationId };

export function reduceConversationMode(tx: StateTx, op: ReducerOp<'conversation.ai'>): OpResult {
  const { conversationId, from, to } = op.args;
  if (!tx.get('conversation', [conversationId])) return result('target_missing', op.args);
  const actor = readActor(tx, op.actorId);
  if (!actor || (to === 'auto' && !mayLead(actor))) return result('forbidden', op.args, conversationId);
  const row = readConversationAi(tx, conversationId);
  const verdict = judgeGuard(row.mode, from, to);
  if (verdict === 'applied') {
    tx.put('conversation_ai', { ...row, mode: to });
    if (to !== 'auto' && to !== null) stopCounting(tx, findLiveDraft(tx, conversationId));
  }
  return result(verdict, verdict === 'superseded' ? { ...op.args, was: row.mode } : op.args, conversationId);
}

/** The customer's newest message, if nobody of us answered it: what a claim can be about. */
const isUnanswered = (tx: StateTx, conversation: ConversationRow, aboutMessageId: string): boolean => {
  const about = tx.get('message', [aboutMessageId]);
  return about?.conversation_id === conversation.id && about.seq === conversation.last_inbound_seq && about.direction === 'in' && conversation.last_outbound_seq < about.seq;
};

export function reduceClaim(tx: StateTx, op: ReducerOp<'draft.claim'>): OpResult {
  const { conversationId, aboutMessageId } = op.args;
  const conversation = tx.get('conversation', [conversationId]);
  if (!conversation) return result('target_missing', op.args);
  if (!readActor(tx, op.actorId)) return result('forbidden', op.args);
  // A claim is no activity of the conversation: nobody did anything in it.
  if (conversation.status !== 'active' || !isUnanswered(tx, conversation, aboutMessageId)) return result('superseded', { ...op.args, reason: 'not_newest' });
  const row = readConversationAi(tx, conversationId);
  const isMine = row.claim_about === aboutMessageId && row.claim_device === op.deviceId;
  if (!isMine && row.claim_about === aboutMessageId && op.receivedAt < row.claim_until) return result('superseded', { ...op.args, reason: 'claimed', by: row.claim_device });
  const live = findLiveDraft(tx, conversationId);
  if (!isMine && live?.about_message_id === aboutMessageId) return result('superseded', { ...op.args, reason: 'drafted', draftId: live.id });
  // A lease that ran out while its answer waited is taken up under another fence: the former one never counts again.
  const isStillMine = isMine && op.receivedAt < row.claim_until;
  tx.put('conversation_ai', {
    ...row,
    claim_about: aboutMessageId,
    claim_device: op.deviceId,
    claim_fence: isStillMine ? row.claim_fence : op.seq,
    claim_until: op.receivedAt + CLAIM_LEASE_MS,
  });
  return result('applied', { ...op.args, fence: isStillMine ? row.claim_fence : op.seq });
}

export function reducePropose(tx: StateTx, op: ReducerOp<'draft.propose'>): OpResult {
  const { draftId, conversationId, aboutMessageId, body, template, isRequested, run } = op.args;
  const conversation = tx.get('conversation', [conversationId]);
  if (!conversation) return result('target_missing', { draftId });
  if (!readActor(tx, op.actorId)) return result('forbidden', { draftId });
  if (tx.get('ai_draft', [draftId])) return result('duplicate', { draftId });
  const isRunNew = recordRun(tx, op, run);
  const live = findLiveDraft(tx, conversationId);
  const about = aboutMessageId === null ? undefined : tx.get('message', [aboutMessageId]);
  const lost = judgeProposal(conversation, op, live, about?.seq ?? 0);
  const isAuto = lost === null && op.args.auto !== null && isRunNew && mayLeaveByItself(tx, conversation, op, op.args.auto.fence, aboutMessageId);
  if (lost === null && live) settle(tx, live, 'superseded', 'redrafted', op);
  tx.put('ai_draft', {
    id: draftId,
    conversation_id: conversationId,
    contact_id: conversation.contact_id,
    about_message_id: aboutMessageId,
    state: lost === null ? 'ready' : 'superseded',
    body: JSON.stringify(body),
    template: template === null ? null : JSON.stringify(template),
    run_id: run.runId,
    is_requested: isRequested ? 1 : 0,
    actor_id: op.actorId,
    device_id: op.deviceId,
    seq: op.seq,
    at: op.receivedAt,
    auto_at: isAuto ? (op.args.auto?.at ?? null) : null,
    auto_fence: isAuto ? (op.args.auto?.fence ?? null) : null,
    auto_state: isAuto ? 'counting' : null,
    edited_by: null,
    decided_by: null,
    decided_at: lost === null ? null : op.receivedAt,
    reason: lost,
    note: '',
    message_id: null,
  });
  return result(lost === null ? 'applied' : 'superseded', { draftId, reason: lost });
}

/** By what a finished draft comes too late; null: it stands. */
function judgeProposal(conversation: ConversationRow, op: ReducerOp<'draft.propose'>, live: AiDraftRow | undefined, aboutSeq: number): AiDraftRow['reason'] {
  if (conversation.status !== 'active') return 'closed';
  if (op.args.aboutMessageId !== null && aboutSeq !== conversation.last_inbound_seq) return 'newer_inbound';
  if (conversation.last_outbound_seq > op.args.run.basis.lastMessageSeq && conversation.last_outbound_seq !== PENDING_SEQ) return 'other_agent';
  return live && live.id !== op.args.replaces ? 'redrafted' : null;
}

/** All that the log can say about whether an automatic answer may go now. */
function mayLeaveByItself(tx: StateTx, conversation: ConversationRow, op: Pick<ReducerOp, 'deviceId' | 'receivedAt'>, fence: number, aboutMessageId: string | null): boolean {
  const row = readConversationAi(tx, conversation.id);
  if (aboutMessageId === null || row.claim_about !== aboutMessageId || row.claim_device !== op.deviceId || row.claim_fence !== fence || op.receivedAt > row.claim_until) return false;
  const settings = readAiSettings(tx);
  return (
    !isAiStopped(tx) &&
    settings.auto.state === 'on' &&
    effectiveMode(settings, conversation.phone_number_id, row.mode).mode === 'auto' &&
    row.handoff_reason === null &&
    conversation.status === 'active' &&
    isUnanswered(tx, conversation, aboutMessageId)
  );
}

export function reduceDraftEdit(tx: StateTx, op: ReducerOp<'draft.edit'>): OpResult {
  const draft = tx.get('ai_draft', [op.args.draftId]);
  if (!draft) return result('target_missing', op.args);
  if (!readActor(tx, op.actorId)) return result('forbidden', op.args);
  if (draft.state === 'edited') return result(draft.edited_by === op.actorId ? 'merged' : 'superseded', { ...op.args, by: draft.edited_by });
  if (draft.state !== 'ready') return result('superseded', { ...op.args, was: draft.state });
  tx.put('ai_draft', { ...draft, state: 'edited', edited_by: op.actorId, auto_state: draft.auto_state === 'counting' ? 'stopped' : draft.auto_state });
  return result('applied', op.args);
}

export function reduceStopAuto(tx: StateTx, op: ReducerOp<'draft.stop_auto'>): OpResult {
  const draft = tx.get('ai_draft', [op.args.draftId]);
  if (!draft) return result('target_missing', op.args);
  if (!readActor(tx, op.actorId)) return result('forbidden', op.args);
  if (draft.auto_state === 'sent') return result('superseded', { ...op.args, was: 'sent' }, draft.conversation_id);
  if (draft.auto_state !== 'counting') return result('merged', op.args);
  stopCounting(tx, draft);
  return result('applied', op.args, draft.conversation_id);
}

export function reduceApprove(tx: StateTx, op: ReducerOp<'draft.approve'>): OpResult {
  const { draftId, messageId, content, seenThrough, quotedWamid, fence } = op.args;
  const draft = tx.get('ai_draft', [draftId]);
  const conversation = draft && tx.get('conversation', [draft.conversation_id]);
  // No message keeps the words then: they go back to their author.
  if (!draft || !conversation) return result('target_missing', { draftId, text: wordsOf(content) });
  const conversationId = conversation.id;
  const detail = { draftId, messageId, isAutomatic: fence !== null };
  if (!readActor(tx, op.actorId) || (content.kind !== 'text' && content.kind !== 'template')) return result('forbidden', { ...detail, text: wordsOf(content) }, conversationId);
  if (tx.get('message', [messageId])) return result('duplicate', detail, conversationId);
  const isLive = draft.state === 'ready' || draft.state === 'edited';
  const message = { messageId, content, quotedWamid: quotedWamid ?? null, targetWamid: null };
  if (fence !== null) {
    const isDue = isLive && draft.auto_state === 'counting' && draft.auto_fence === fence && draft.device_id === op.deviceId && content.kind === 'text';
    if (!isDue || !mayLeaveByItself(tx, conversation, op, fence, draft.about_message_id)) return result('superseded', detail, conversationId);
    settle(tx, draft, 'approved', null, op, { auto_state: 'sent', message_id: messageId });
    queueMessage(tx, { ...op, isAutomatic: true }, conversation, { ...message, hold: null });
    return result('applied', detail, conversationId);
  }
  const reason = conversation.status === 'closed' ? 'conversation_closed' : hasUnseenReplyOfOthers(conversation, op.actorId, seenThrough) || draft.state === 'approved' ? 'answered_by_other' : null;
  if (reason === null && isLive) settle(tx, draft, 'approved', null, op, { message_id: messageId, auto_state: draft.auto_state === 'counting' ? 'stopped' : draft.auto_state });
  queueMessage(tx, op, conversation, { ...message, hold: reason === null ? null : 'held' });
  if (reason !== null) return result('held', { ...detail, reason }, conversationId);
  return result('applied', detail, conversationId);
}

export function reduceDraftDiscard(tx: StateTx, op: ReducerOp<'draft.discard'>): OpResult {
  const draft = tx.get('ai_draft', [op.args.draftId]);
  if (!draft) return result('target_missing', op.args);
  if (!readActor(tx, op.actorId)) return result('forbidden', op.args);
  if (draft.state === 'discarded') return result('merged', op.args);
  if (draft.state !== 'ready' && draft.state !== 'edited') return result('superseded', { ...op.args, was: draft.state });
  settle(tx, draft, 'discarded', op.args.reason, op, { note: op.args.note });
  return result('applied', op.args);
}

type Decision = Pick<ReducerOp, 'actorId' | 'receivedAt'>;
function settle(tx: StateTx, draft: AiDraftRow, state: AiDraftRow['state'], reason: AiDraftRow['reason'], by: Decision | null, more: Partial<AiDraftRow> = {}): void {
  const autoState = draft.auto_state === 'counting' ? 'stopped' : draft.auto_state;
  tx.put('ai_draft', { ...draft, auto_state: autoState, state, reason, decided_by: by?.actorId ?? null, decided_at: by?.receivedAt ?? null, ...more });
}
