/**
 * The knowledge base in the log. Invariants: a revision counts once all of its parts are there, and the one before it stays readable for a while; what
 * nobody with the right to approve has seen is never searched; an article that a person changed from another revision is not overwritten.
 */
import { judgeGuard } from '../rules/guard.ts';
import { mayLead } from '../rules/rights.ts';
import { KB_MAX, KB_REVISIONS_KEPT } from '../limits.ts';
import type { StateTx } from '../state.ts';
import { readActor } from './actor.ts';
import { judgeFields, toColumn } from './field-changes.ts';
import type { ReducerOp } from './op.ts';
import type { OpResult } from './op-result.ts';

const result = (outcome: OpResult['outcome'], detail: Record<string, unknown>): OpResult => ({ outcome, conversationId: null, detail });

export function reduceKbPart(tx: StateTx, op: ReducerOp<'kb.part'>): OpResult {
  const { articleId, revisionId, no, text } = op.args;
  const detail = { articleId, revisionId, no };
  if (!readActor(tx, op.actorId)) return result('forbidden', detail);
  if (tx.get('kb_part', [articleId, revisionId, no])) return result('duplicate', detail);
  const article = tx.get('kb_article', [articleId]);
  if (article?.revision_id === revisionId) return result('superseded', detail);
  tx.put('kb_part', { article_id: articleId, revision_id: revisionId, no, text, revision_no: 0, seq: op.seq });
  return result('applied', detail);
}

export function reduceKbSave(tx: StateTx, op: ReducerOp<'kb.save'>): OpResult {
  const { articleId, revisionId, from, parts, kind, title, language, folder, source, draftId } = op.args;
  const detail = { articleId, revisionId, title };
  const actor = readActor(tx, op.actorId);
  if (!actor) return result('forbidden', detail);
  const known = tx.get('kb_article', [articleId]);
  if (known?.revision_id === revisionId) return result('duplicate', detail);
  if ((known?.revision_id ?? null) !== from) return result('superseded', { ...detail, was: known?.revision_id ?? null });
  for (let no = 0; no < parts; no += 1) if (tx.get('kb_part', [articleId, revisionId, no])?.revision_no !== 0) return result('target_missing', { ...detail, no });
  // Somebody else's next revision of what is approved would take it out of sight: it needs a lead as well.
  if (known && known.state === 'approved' && !mayLead(actor)) return result('forbidden', detail);
  const revisionNo = (known?.revision_no ?? 0) + 1;
  for (const part of tx.list('kb_part_by_article', [articleId])) {
    if (part.revision_id === revisionId) tx.put('kb_part', { ...part, revision_no: revisionNo });
    else if (part.revision_no !== 0 && part.revision_no <= revisionNo - KB_REVISIONS_KEPT) tx.delete('kb_part', [articleId, part.revision_id, part.no]);
  }
  tx.put('kb_article', {
    id: articleId,
    kind,
    state: mayLead(actor) ? 'approved' : 'pending',
    title,
    language,
    folder,
    source: source === null ? null : JSON.stringify(source),
    revision_id: revisionId,
    revision_no: revisionNo,
    parts,
    // What may be answered by itself was said of other words.
    may_auto_answer: 0,
    draft_id: draftId,
    created_by: known?.created_by ?? op.actorId,
    created_at: known?.created_at ?? op.occurredAt,
    updated_by: op.actorId,
    updated_at: op.occurredAt,
    updated_seq: op.seq,
  });
  return result('applied', detail);
}

export function reduceKbChange(tx: StateTx, op: ReducerOp<'kb.change'>): OpResult {
  const { articleId, revisionId, changes } = op.args;
  const article = tx.get('kb_article', [articleId]);
  if (!article) return result('target_missing', op.args);
  const actor = readActor(tx, op.actorId);
  const isOwnPending = actor !== null && article.state === 'pending' && article.created_by === actor.id;
  const needsLead = changes.mayAutoAnswer !== undefined || changes.state?.to === 'approved' || !isOwnPending;
  if (!actor || (needsLead && !mayLead(actor))) return result('forbidden', op.args);
  // A lead approves words, not an article: whoever wrote others meanwhile has to be read first.
  const letsThrough = changes.state?.to === 'approved' || changes.mayAutoAnswer?.to === 1;
  if (letsThrough && article.revision_id !== revisionId) return result('superseded', { ...op.args, was: article.revision_id });
  const judged = judgeFields(article, { ...changes }, toColumn);
  if (judged.next !== article) tx.put('kb_article', { ...judged.next, updated_by: op.actorId, updated_at: op.occurredAt, updated_seq: op.seq });
  return result(judged.outcome, { ...op.args, lost: judged.lost });
}

export function reduceKbQuestion(tx: StateTx, op: ReducerOp<'kb.question'>): OpResult {
  const { questionId, articleId, text, language, draftId } = op.args;
  const article = tx.get('kb_article', [articleId]);
  if (!article) return result('target_missing', op.args);
  const actor = readActor(tx, op.actorId);
  if (!actor) return result('forbidden', op.args);
  if (tx.get('kb_question', [questionId])) return result('duplicate', op.args);
  const known = tx.list('kb_question_by_article', [articleId]);
  if (known.some((question) => question.text === text)) return result('merged', op.args);
  if (known.length >= KB_MAX.questions) return result('forbidden', { ...op.args, reason: 'too_many' });
  tx.put('kb_question', { id: questionId, article_id: articleId, text, language, state: mayLead(actor) ? 'approved' : 'pending', draft_id: draftId, by: op.actorId, at: op.occurredAt, seq: op.seq });
  return result('applied', op.args);
}

export function reduceKbDecide(tx: StateTx, op: ReducerOp<'kb.decide'>): OpResult {
  const { questionId, isApproved } = op.args;
  const question = tx.get('kb_question', [questionId]);
  if (!question) return result('target_missing', op.args);
  const actor = readActor(tx, op.actorId);
  const isOwnTakenBack = !isApproved && question.state === 'pending' && question.by === actor?.id;
  if (!mayLead(actor) && !isOwnTakenBack) return result('forbidden', op.args);
  if (!isApproved) tx.delete('kb_question', [questionId]);
  else if (judgeGuard(question.state, 'pending', 'approved') === 'applied') tx.put('kb_question', { ...question, state: 'approved', seq: op.seq });
  else return result('merged', op.args);
  return result('applied', { ...op.args, articleId: question.article_id, text: question.text });
}

export function reduceGapClose(tx: StateTx, op: ReducerOp<'gap.close'>): OpResult {
  const gap = tx.get('kb_gap', [op.args.runId]);
  if (!gap) return result('target_missing', op.args);
  if (!readActor(tx, op.actorId)) return result('forbidden', op.args);
  if (gap.state === 'closed') return result('merged', op.args);
  tx.put('kb_gap', { ...gap, state: 'closed', article_id: op.args.articleId, closed_by: op.actorId });
  return result('applied', op.args);
}
