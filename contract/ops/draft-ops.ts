/**
 * Drafts by AI in the log: who makes one, what stands, what becomes of it. Invariants: a conversation has at most one live draft; the newest message of
 * the customer is answered by itself at most once in the whole team, by the desktop whose claim stands at that point of the log, with the words that
 * counted down in everybody's sight; whatever a person or the customer does in between refuses it; nobody's words are lost by losing: what a person
 * approves too late is held as any other message. A pending claim or proposal is a wish: desktops act on what the log gave back.
 */
import { readConversationAi, findLiveDraft, noteTakenOver, stopCounting } from './draft-events.ts';
import { hasUnseenReplyOfOthers, mustHold, queueMessage, type HoldReason } from './message-ops.ts';
import { readActor } from './actor.ts';
import { recordRun } from './ai-ops.ts';
import { draftBodySchema, type AiRun, type DraftBody } from '../ai/ai-entities.ts';
import { isLiveDraft } from '../ai/ai-words.ts';
import { automaticText } from '../ai/automatic-text.ts';
import { effectiveMode } from '../ai/effective-mode.ts';
import { parseJson } from '../json.ts';
import { AUTO_LATE_MAX_MS, CLAIM_LEASE_MS } from '../limits.ts';
import { judgeGuard } from '../rules/guard.ts';
import { mayLead } from '../rules/rights.ts';
import type { AiDraftRow, ConversationRow, StateTx } from '../state.ts';
import { wordsOf } from '../whatsapp/content-words.ts';
import { readAiSettings, isAiStopped } from './ai-settings.ts';
import type { ReducerOp } from './op.ts';
import type { OpResult } from './op-result.ts';

/** Most of these ops are no activity of the conversation, because nobody did anything in it: then `conversationId` is null. */
const result = (outcome: OpResult['outcome'], detail: Record<string, unknown>, conversationId: string | null = null): OpResult => ({ outcome, conversationId, detail });

export function reduceConversationMode(tx: StateTx, op: ReducerOp<'conversation.ai'>): OpResult {
  const { conversationId, from, to } = op.args;
  const conversation = tx.get('conversation', [conversationId]);
  if (!conversation) return result('target_missing', op.args);
  const actor = readActor(tx, op.actorId);
  if (!actor || (to === 'auto' && !mayLead(actor))) return result('forbidden', op.args, conversationId);
  const row = readConversationAi(tx, conversationId);
  const verdict = judgeGuard(row.mode, from, to);
  if (verdict === 'applied') {
    tx.put('conversation_ai', { ...row, mode: to });
    if (!isAutomatic(tx, conversation)) noteTakenOver(tx, conversationId);
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
  if (conversation.status !== 'active' || !isUnanswered(tx, conversation, aboutMessageId)) return result('superseded', { ...op.args, reason: 'not_newest' });
  const row = readConversationAi(tx, conversationId);
  const isMine = row.claim_about === aboutMessageId && row.claim_device === op.deviceId;
  if (!isMine && row.claim_about === aboutMessageId && op.receivedAt < row.claim_until) return result('superseded', { ...op.args, reason: 'claimed', by: row.claim_device });
  const live = findLiveDraft(tx, conversationId);
  // What there is already, or what somebody works on, would stand against the one that this claim makes.
  if (live && (live.state === 'edited' || (!isMine && live.about_message_id === aboutMessageId))) return result('superseded', { ...op.args, reason: 'drafted', draftId: live.id });
  // A lease that ran out while its answer waited is taken up under another fence: the former one never counts again.
  const isStillMine = isMine && op.receivedAt < row.claim_until;
  const fence = isStillMine ? row.claim_fence : op.seq;
  if (!isStillMine) stopCounting(tx, live);
  tx.put('conversation_ai', { ...row, claim_about: aboutMessageId, claim_device: op.deviceId, claim_fence: fence, claim_until: op.receivedAt + CLAIM_LEASE_MS });
  return result('applied', { ...op.args, fence });
}

export function reducePropose(tx: StateTx, op: ReducerOp<'draft.propose'>): OpResult {
  const { draftId, conversationId, aboutMessageId, body, template, isRequested, auto, run } = op.args;
  const conversation = tx.get('conversation', [conversationId]);
  const about = aboutMessageId === null ? null : tx.get('message', [aboutMessageId]);
  if (!conversation || (about !== null && about?.conversation_id !== conversationId)) return result('target_missing', { draftId });
  // What is recorded of one customer is never the record of another.
  if (!readActor(tx, op.actorId) || run.conversationId !== conversationId) return result('forbidden', { draftId });
  if (tx.get('ai_draft', [draftId])) return result('duplicate', { draftId });
  const isRunNew = recordRun(tx, op, run);
  const live = findLiveDraft(tx, conversationId);
  const lost = judgeProposal(conversation, op, live, about?.seq ?? null);
  const isFit = auto !== null && isRunNew && !isRequested && template === null && isFitToLeave(body, run);
  const isAuto = lost === null && isFit && whyNotByItself(tx, conversation, op, auto.fence, aboutMessageId) === null;
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
    // Everybody has the whole countdown, whatever the clock of the desktop that made it says.
    auto_at: isAuto ? Math.max(auto.at, op.receivedAt + readAiSettings(tx).auto.countdownSeconds * 1_000) : null,
    auto_fence: isAuto ? auto.fence : null,
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
function judgeProposal(conversation: ConversationRow, op: ReducerOp<'draft.propose'>, live: AiDraftRow | undefined, aboutSeq: number | null): AiDraftRow['reason'] {
  const { isRequested, replaces, run } = op.args;
  // A place that the log had not given yet (a pending message) says nothing of what was read.
  const seenThrough = run.basis.lastMessageSeq < op.seq ? run.basis.lastMessageSeq : 0;
  if (conversation.status !== 'active') return 'closed';
  if (aboutSeq !== null && aboutSeq !== conversation.last_inbound_seq) return 'newer_inbound';
  // Who asks for a draft after an answer of their own knows of that answer.
  if (isRequested ? hasUnseenReplyOfOthers(conversation, op.actorId, seenThrough) : conversation.last_outbound_seq > seenThrough) return 'other_agent';
  if (!live) return null;
  if (live.state === 'edited' && !(isRequested && live.edited_by === op.actorId)) return live.edited_by === op.actorId ? 'redrafted' : 'other_agent';
  return live.id === replaces ? null : 'redrafted';
}

/** Nothing speaks against its words, and the policy of the desktop that made it would send them. */
const isFitToLeave = (body: DraftBody, run: AiRun): boolean =>
  body.confidence === 'solid' && body.findings.length === 0 && !body.isCutOff && !body.hasInjection && run.outcome === 'ok' && run.policy?.maySend === true && !run.policy.isShadow;

export type NotByItself = 'claim' | 'lease' | 'stopped' | 'mode' | 'handed_off' | 'answered';
/** All that the log can say against an automatic answer at this point; null: nothing. */
function whyNotByItself(tx: StateTx, conversation: ConversationRow, op: Pick<ReducerOp, 'deviceId' | 'receivedAt'>, fence: number, aboutMessageId: string | null): NotByItself | null {
  const row = readConversationAi(tx, conversation.id);
  if (aboutMessageId === null || row.claim_about !== aboutMessageId || row.claim_device !== op.deviceId || row.claim_fence !== fence) return 'claim';
  if (op.receivedAt >= row.claim_until) return 'lease';
  if (isAiStopped(tx)) return 'stopped';
  if (!isAutomatic(tx, conversation)) return 'mode';
  if (row.handoff_reason !== null) return 'handed_off';
  return conversation.status === 'active' && isUnanswered(tx, conversation, aboutMessageId) ? null : 'answered';
}

/** Whether settings and conversation let anything leave by itself there. */
export function isAutomatic(tx: Pick<StateTx, 'get'>, conversation: Pick<ConversationRow, 'id' | 'phone_number_id'>): boolean {
  const settings = readAiSettings(tx);
  return settings.auto.state === 'on' && effectiveMode(settings, conversation.phone_number_id, readConversationAi(tx, conversation.id).mode).mode === 'auto';
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
  if (!readActor(tx, op.actorId)) return result('forbidden', op.args, draft.conversation_id);
  if (draft.auto_state === 'sent') return result('superseded', { ...op.args, reason: 'left_by_itself' }, draft.conversation_id);
  if (draft.auto_state !== 'counting') return result('merged', op.args);
  stopCounting(tx, draft);
  return result('applied', op.args, draft.conversation_id);
}

export function reduceApprove(tx: StateTx, op: ReducerOp<'draft.approve'>): OpResult {
  const { draftId, content, fence } = op.args;
  const draft = tx.get('ai_draft', [draftId]);
  const conversation = draft && tx.get('conversation', [draft.conversation_id]);
  // No message keeps the words then: they go back to their author.
  if (!draft || !conversation) return result('target_missing', { draftId, text: wordsOf(content), isAutomatic: fence !== null });
  return fence === null ? approveByPerson(tx, op, draft, conversation) : approveByItself(tx, op, draft, conversation, fence);
}

/** Anything that speaks against it refuses it whole, and nobody is told: nobody did it. */
function approveByItself(tx: StateTx, op: ReducerOp<'draft.approve'>, draft: AiDraftRow, conversation: ConversationRow, fence: number): OpResult {
  const { draftId, messageId, content, quotedWamid } = op.args;
  const detail = { draftId, messageId, isAutomatic: true };
  if (!readActor(tx, op.actorId)) return result('forbidden', detail);
  if (tx.get('message', [messageId])) return result('duplicate', detail);
  const reason = whyNotDue(draft, op, fence) ?? whyNotByItself(tx, conversation, op, fence, draft.about_message_id);
  if (reason !== null) return result('superseded', { ...detail, reason });
  settle(tx, draft, 'approved', null, op, { auto_state: 'sent', message_id: messageId });
  queueMessage(tx, { ...op, by: 'answer' }, conversation, { messageId, content, quotedWamid: quotedWamid ?? null, targetWamid: null, hold: null });
  return result('applied', detail);
}

/** What speaks against it in the draft itself: it must be what counted down, under this claim, to its end and not long after. */
function whyNotDue(draft: AiDraftRow, { args, deviceId, receivedAt }: ReducerOp<'draft.approve'>, fence: number): 'not_counting' | 'claim' | 'other_words' | 'early' | 'late' | null {
  if (!isLiveDraft(draft.state) || draft.auto_state !== 'counting' || draft.auto_at === null) return 'not_counting';
  if (draft.auto_fence !== fence || draft.device_id !== deviceId) return 'claim';
  const body = draftBodySchema.safeParse(parseJson(draft.body));
  if (args.content.kind !== 'text' || !body.success || automaticText(body.data) !== args.content.text) return 'other_words';
  if (receivedAt < draft.auto_at) return 'early';
  return receivedAt > draft.auto_at + AUTO_LATE_MAX_MS ? 'late' : null;
}

/** What is not live any more, and what crossed an answer, is held: visible, not sent, its author confirms or discards it like any held reply. */
function approveByPerson(tx: StateTx, op: ReducerOp<'draft.approve'>, draft: AiDraftRow, conversation: ConversationRow): OpResult {
  const { draftId, messageId, content, seenThrough, quotedWamid } = op.args;
  const conversationId = conversation.id;
  const detail = { draftId, messageId, isAutomatic: false };
  if (!readActor(tx, op.actorId) || (content.kind !== 'text' && content.kind !== 'template')) return result('forbidden', { ...detail, text: wordsOf(content) }, conversationId);
  if (tx.get('message', [messageId])) return result('duplicate', detail);
  const reason = mustHold(conversation, op.actorId, seenThrough) ?? (isLiveDraft(draft.state) ? null : whyGone(draft));
  if (reason === null) settle(tx, draft, 'approved', null, op, { message_id: messageId });
  queueMessage(tx, op, conversation, { messageId, content, quotedWamid: quotedWamid ?? null, targetWamid: null, hold: reason === null ? null : 'held' });
  return reason === null ? result('applied', detail) : result('held', { ...detail, reason }, conversationId);
}

const whyGone = ({ state, reason, auto_state: auto }: AiDraftRow): HoldReason => {
  if (state === 'approved') return auto === 'sent' ? 'answered_by_itself' : 'answered_by_other';
  if (reason === 'newer_inbound') return 'customer_wrote';
  return reason === 'other_agent' ? 'answered_by_other' : 'draft_gone';
};

export function reduceDraftDiscard(tx: StateTx, op: ReducerOp<'draft.discard'>): OpResult {
  const { draftId, reason, note } = op.args;
  const draft = tx.get('ai_draft', [draftId]);
  // The note stands in the draft alone, where it can be erased.
  const detail = { draftId, reason };
  if (!draft) return result('target_missing', detail);
  if (!readActor(tx, op.actorId)) return result('forbidden', detail);
  // Somebody who wanted it gone has to hear that it went out; that it is gone already is what they wanted.
  if (draft.state === 'approved') return result('superseded', { ...detail, reason: draft.auto_state === 'sent' ? 'left_by_itself' : 'sent_by_other' }, draft.conversation_id);
  if (!isLiveDraft(draft.state)) return result('merged', detail);
  settle(tx, draft, 'discarded', reason, op, { note });
  return result('applied', detail);
}

type Decision = Pick<ReducerOp, 'actorId' | 'receivedAt'>;
function settle(tx: StateTx, draft: AiDraftRow, state: AiDraftRow['state'], reason: AiDraftRow['reason'], by: Decision, more: Partial<AiDraftRow> = {}): void {
  const autoState = draft.auto_state === 'counting' ? 'stopped' : draft.auto_state;
  tx.put('ai_draft', { ...draft, auto_state: autoState, state, reason, decided_by: by.actorId, decided_at: by.receivedAt, ...more });
}
