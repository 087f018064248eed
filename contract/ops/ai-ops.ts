/**
 * Runs, summaries, reviews, the budget and the stop switch. Invariants: a run is recorded once and never changed, only its words can be erased; what a month's
 * cap leaves is given out in log order, so that desktops that do not see each other cannot spend it twice.
 */
import { splitRun } from '../ai/run-record.ts';
import { mayLead } from '../rules/rights.ts';
import { AUTO_LATE_MAX_MS } from '../limits.ts';
import { PENDING_SEQ, type AiDraftRow, type AiRunRow, type ConversationRow, type StateTx } from '../state.ts';
import { readActor } from './actor.ts';
import { AI_STOPPED_KEY, isAiStopped, readAiSettings } from './ai-settings.ts';
import { rootOf } from './contact-ops.ts';
import { handOff, readConversationAi, stopAllCounting } from './draft-events.ts';
import type { AiRun } from '../ai/ai-entities.ts';
import { isLiveDraft } from '../ai/ai-words.ts';
import type { ReducerOp } from './op.ts';
import type { OpResult } from './op-result.ts';

const result = (outcome: OpResult['outcome'], detail: Record<string, unknown>, conversationId: string | null = null): OpResult => ({ outcome, conversationId, detail });
type Op = Pick<ReducerOp, 'seq' | 'actorId' | 'deviceId' | 'receivedAt'>;

/** @returns false if it is there already. */
export function recordRun(tx: StateTx, op: Op, run: AiRun): boolean {
  if (tx.get('ai_run', [run.runId])) return false;
  // Whose it is says the conversation: what is erased with a person must be all that was written of them.
  const contactId = tx.get('conversation', [run.conversationId])?.contact_id ?? run.contactId;
  const { record, words } = splitRun(run);
  tx.put('ai_run', {
    id: run.runId,
    conversation_id: run.conversationId,
    contact_id: contactId,
    purpose: run.purpose,
    outcome: run.outcome,
    actor_id: op.actorId,
    device_id: op.deviceId,
    seq: op.seq,
    at: run.startedAt,
    cost_micros: run.costMicros,
    record: JSON.stringify(record),
    text: JSON.stringify(words),
    hash: run.hash,
  });
  const question = run.text.question.trim();
  if (run.isGap && question !== '') {
    tx.put('kb_gap', {
      run_id: run.runId,
      conversation_id: run.conversationId,
      contact_id: contactId,
      question,
      state: 'open',
      article_id: null,
      closed_by: null,
      at: run.startedAt,
      seq: op.seq,
    });
  }
  return true;
}

export function reduceRun(tx: StateTx, op: ReducerOp<'ai.run'>): OpResult {
  const { run } = op.args;
  const detail = { runId: run.runId };
  if (!readActor(tx, op.actorId)) return result('forbidden', detail);
  return result(recordRun(tx, op, run) ? 'applied' : 'duplicate', detail);
}

export function reduceSummary(tx: StateTx, op: ReducerOp<'ai.summary'>): OpResult {
  const { conversationId, throughMessageId, text, sentences, facts, run } = op.args;
  const conversation = tx.get('conversation', [conversationId]);
  const through = tx.get('message', [throughMessageId]);
  const detail = { runId: run.runId, throughMessageId };
  if (!conversation || through?.conversation_id !== conversationId) return result('target_missing', detail);
  if (!readActor(tx, op.actorId) || run.conversationId !== conversationId) return result('forbidden', detail);
  recordRun(tx, op, run);
  const known = tx.get('conversation_summary', [conversationId]);
  const knownThrough = known && tx.get('message', [known.through_message_id]);
  if (knownThrough && knownThrough.seq > through.seq) return result('superseded', detail);
  tx.put('conversation_summary', {
    conversation_id: conversationId,
    contact_id: conversation.contact_id,
    through_message_id: throughMessageId,
    text,
    sentences: JSON.stringify(sentences),
    facts: JSON.stringify(facts),
    run_id: run.runId,
    actor_id: op.actorId,
    seq: op.seq,
    at: op.receivedAt,
  });
  return result('applied', detail);
}

export function reduceReview(tx: StateTx, op: ReducerOp<'ai.review'>): OpResult {
  const { draftId, verdict, reason, note } = op.args;
  // The note stands in the review alone, where it can be erased.
  const detail = { draftId, verdict, reason };
  if (!tx.get('ai_draft', [draftId])) return result('target_missing', detail);
  if (!readActor(tx, op.actorId)) return result('forbidden', detail);
  if (verdict === null && !tx.get('ai_review', [draftId])) return result('merged', detail);
  if (verdict === null) tx.delete('ai_review', [draftId]);
  else tx.put('ai_review', { draft_id: draftId, reviewer_id: op.actorId, verdict, reason, note, seq: op.seq, at: op.receivedAt });
  return result('applied', detail);
}

export function reduceStop(tx: StateTx, op: ReducerOp<'ai.stop'>): OpResult {
  const { isStopped } = op.args;
  const actor = readActor(tx, op.actorId);
  if (!actor || (!isStopped && !mayLead(actor))) return result('forbidden', op.args);
  if (isAiStopped(tx) === isStopped) return result('merged', op.args);
  tx.put('workspace_setting', { key: AI_STOPPED_KEY, value: JSON.stringify(isStopped) });
  // What counted down before does not go on when the switch is let go.
  if (isStopped) stopAllCounting(tx, () => false);
  return result('applied', op.args);
}

export function reduceBudget(tx: StateTx, op: ReducerOp<'ai.budget'>): OpResult {
  const { month, amount } = op.args;
  if (!readActor(tx, op.actorId)) return result('forbidden', op.args);
  const cap = readAiSettings(tx).caps.team;
  const granted = tx.list('budget_by_month', [month]).reduce((sum, row) => sum + row.granted, 0);
  // A pending one may not be spent: others may have taken it.
  if (cap === null || granted + amount > cap) return result('superseded', { ...op.args, left: cap === null ? null : Math.max(0, cap - granted) });
  if (op.seq === PENDING_SEQ) return result('applied', op.args);
  const mine = tx.get('ai_budget', [month, op.deviceId])?.granted ?? 0;
  tx.put('ai_budget', { month, device_id: op.deviceId, granted: mine + amount });
  return result('applied', op.args);
}

export function reduceErase(tx: StateTx, op: ReducerOp<'ai.erase'>): OpResult {
  const { contactId } = op.args;
  if (!tx.get('contact', [contactId])) return result('target_missing', op.args);
  if (!mayLead(readActor(tx, op.actorId))) return result('forbidden', op.args);
  return result('applied', { contactId, runs: eraseAiWords(tx, listIdentities(tx, rootOf(tx, contactId)), op) });
}

/** Takes every word about these contacts out of runs, drafts, reviews, gaps and summaries. @returns how many runs had words. */
export function eraseAiWords(tx: StateTx, contactIds: readonly string[], by: Pick<ReducerOp, 'actorId' | 'receivedAt'>): number {
  let runs = 0;
  for (const id of contactIds) {
    for (const run of tx.list('run_by_contact', [id])) runs += eraseRun(tx, run);
    for (const draft of tx.list('draft_by_contact', [id])) eraseDraft(tx, draft, by);
    for (const gap of tx.list('gap_by_contact', [id])) tx.put('kb_gap', { ...gap, question: '', state: 'closed' });
    for (const conversation of tx.list('conversation_of_contact', [id])) tx.delete('conversation_summary', [conversation.id]);
  }
  return runs;
}

/** The same of one conversation. */
export function eraseAiWordsIn(tx: StateTx, { id, contact_id: contactId }: ConversationRow, by: Pick<ReducerOp, 'actorId' | 'receivedAt'>): void {
  for (const run of tx.list('run_by_conversation', [id])) eraseRun(tx, run);
  for (const draft of tx.list('draft_by_conversation', [id])) eraseDraft(tx, draft, by);
  for (const gap of tx.list('gap_by_contact', [contactId])) if (gap.conversation_id === id) tx.put('kb_gap', { ...gap, question: '', state: 'closed' });
  tx.delete('conversation_summary', [id]);
}

function eraseRun(tx: StateTx, run: AiRunRow): number {
  if (run.text === null) return 0;
  tx.put('ai_run', { ...run, text: null });
  return 1;
}

function eraseDraft(tx: StateTx, draft: AiDraftRow, by: Pick<ReducerOp, 'actorId' | 'receivedAt'>): void {
  const isLive = isLiveDraft(draft.state);
  if (isLive) tx.put('ai_draft', { ...draft, ...ERASED, state: 'discarded', reason: 'other', auto_state: draft.auto_state && 'stopped', decided_by: by.actorId, decided_at: by.receivedAt });
  else if (draft.body !== '') tx.put('ai_draft', { ...draft, ...ERASED });
  const review = tx.get('ai_review', [draft.id]);
  if (review && review.note !== '') tx.put('ai_review', { ...review, note: '' });
}

const ERASED = { body: '', template: null, note: '' } as const;

/** A contact with everybody whose line ends there. */
export function listIdentities(tx: Pick<StateTx, 'list'>, rootId: string): string[] {
  const ids = [rootId];
  for (let index = 0; index < ids.length; index += 1) {
    for (const merged of tx.list('contact_by_merged', [ids[index] ?? ''])) if (!ids.includes(merged.id)) ids.push(merged.id);
  }
  return ids;
}

export function reduceHandoff(tx: StateTx, op: ReducerOp<'ai.handoff'>): OpResult {
  const { conversationId, aboutMessageId, reason, detail } = op.args;
  const conversation = tx.get('conversation', [conversationId]);
  const about = tx.get('message', [aboutMessageId]);
  if (!conversation || about?.conversation_id !== conversationId) return result('target_missing', op.args);
  if (!readActor(tx, op.actorId)) return result('forbidden', op.args);
  const isAnswered = conversation.last_outbound_seq > about.seq && !isStuck(tx, op, conversation, aboutMessageId);
  if (about.seq !== conversation.last_inbound_seq || conversation.status !== 'active' || isAnswered) return result('superseded', op.args);
  // With people it is once for all, until one of them answers: nobody is told again at each further message.
  if (readConversationAi(tx, conversationId).handoff_reason !== null) return result('merged', op.args);
  handOff(tx, conversation, { reason, detail, aboutMessageId, at: op.receivedAt });
  return result('applied', op.args, conversationId);
}

/** The automatic answer was decided, and its desktop went away with it: past its time it never leaves. */
const isStuck = (tx: StateTx, op: Op, conversation: ConversationRow, aboutMessageId: string): boolean =>
  tx.list('draft_by_conversation', [conversation.id]).some((draft) => {
    const answer = draft.about_message_id === aboutMessageId && draft.auto_state === 'sent' ? tx.get('message', [draft.message_id ?? '']) : undefined;
    return answer?.status === 'queued' && answer.seq === conversation.last_outbound_seq && op.receivedAt > answer.received_at + AUTO_LATE_MAX_MS;
  });
