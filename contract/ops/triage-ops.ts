/**
 * Whose a conversation is, until when it is out of sight, and what is stuck on it. Invariants: of several assignments
 * made from the same state exactly one applies (sync.md I13); nobody snoozes a message of the customer they had not seen.
 */
import { judgeGuard } from '../rules/guard.ts';
import { mayAssign, mayChooseTeam } from '../rules/rights.ts';
import { readActor } from './actor.ts';
import { noteTakenOver } from './draft-events.ts';
import { addNote } from './note-ops.ts';
import type { StateTx } from '../state.ts';
import { parseJson } from '../json.ts';
import { workspaceSettingsSchema } from '../rules/workspace-settings.ts';
import type { ReducerOp } from './op.ts';
import type { OpResult } from './op-result.ts';

/** The guard; what its author had before them and wanted to stay is agreement, whatever stands now. */
const judgeChoice: typeof judgeGuard = (current, from, to) => (from === to ? 'merged' : judgeGuard(current, from, to));

export function reduceAssign(tx: StateTx, op: ReducerOp<'conversation.assign'>): OpResult {
  const { conversationId, from, to, note, isByReply } = op.args;
  const conversation = tx.get('conversation', [conversationId]);
  if (!conversation) return { outcome: 'target_missing', conversationId: null };
  // A transfer that does not come about keeps its words: they go back to their author.
  const base = { from, to, was: conversation.assignee_id, ...(isByReply ? { isByReply } : {}) };
  const detail = { ...base, ...(note ? { note: note.body } : {}) };
  const actor = readActor(tx, op.actorId);
  if (!actor || (from !== to && !mayAssign(actor, from, to))) return { outcome: 'forbidden', conversationId, detail };
  const target = to === null ? undefined : tx.get('agent', [to]);
  if (to !== null && (!target || target.is_removed)) return { outcome: 'target_missing', conversationId, detail };
  const verdict = judgeChoice(conversation.assignee_id, from, to);
  // Agreement on the agent does not make what was said about it unsaid.
  if (note && verdict !== 'superseded') addNote(tx, op, conversation, { noteId: note.noteId, body: note.body, mentions: to === null ? [] : [to] });
  if (verdict === 'applied') {
    tx.put('conversation', { ...conversation, assignee_id: to });
    if (to !== null) noteTakenOver(tx, conversationId);
  }
  return { outcome: verdict, conversationId, detail: verdict === 'superseded' ? detail : { ...base, ...(note ? { noteId: note.noteId } : {}) } };
}

export function reduceTeamChoice(tx: StateTx, op: ReducerOp<'conversation.team'>): OpResult {
  const { conversationId, from, to } = op.args;
  const conversation = tx.get('conversation', [conversationId]);
  if (!conversation) return { outcome: 'target_missing', conversationId: null };
  const detail = { from, to, was: conversation.team_id };
  if (!mayChooseTeam(readActor(tx, op.actorId), conversation.assignee_id)) return { outcome: 'forbidden', conversationId, detail };
  const target = to === null ? undefined : tx.get('team', [to]);
  if (to !== null && (!target || target.is_deleted)) return { outcome: 'target_missing', conversationId, detail };
  const verdict = judgeChoice(conversation.team_id, from, to);
  if (verdict === 'applied') tx.put('conversation', { ...conversation, team_id: to });
  return { outcome: verdict, conversationId, detail };
}

export function reduceSnooze(tx: StateTx, op: ReducerOp<'conversation.snooze'>): OpResult {
  const { conversationId, from, to, seenThrough } = op.args;
  const conversation = tx.get('conversation', [conversationId]);
  if (!conversation) return { outcome: 'target_missing', conversationId: null };
  const detail = { from, to, was: conversation.snoozed_until };
  if (to !== null && conversation.last_inbound_seq > seenThrough) return { outcome: 'superseded', conversationId, detail: { ...detail, reason: 'customer_wrote' } };
  if (to !== null && conversation.status !== 'active') return { outcome: 'superseded', conversationId, detail: { ...detail, reason: 'not_active' } };
  const verdict = judgeChoice(conversation.snoozed_until, from, to);
  if (verdict === 'applied') tx.put('conversation', { ...conversation, snoozed_until: to });
  return { outcome: verdict, conversationId, detail };
}

export function reduceConversationLabel(tx: StateTx, op: ReducerOp<'conversation.label'>): OpResult {
  const { conversationId, labelId, isOn } = op.args;
  const label = tx.get('label', [labelId]);
  if (!tx.get('conversation', [conversationId])) return { outcome: 'target_missing', conversationId: null };
  const detail = { labelId, isOn };
  if (!label || label.is_deleted) return { outcome: 'target_missing', conversationId, detail };
  const key = [conversationId, labelId] as const;
  if ((tx.get('conversation_label', key) !== undefined) === isOn) return { outcome: 'merged', conversationId, detail };
  if (isOn) tx.put('conversation_label', { conversation_id: conversationId, label_id: labelId });
  else tx.delete('conversation_label', key);
  return { outcome: 'applied', conversationId, detail };
}

export function reduceRoute(tx: StateTx, op: ReducerOp<'conversation.route'>): OpResult {
  const { conversationId, to } = op.args;
  const conversation = tx.get('conversation', [conversationId]);
  const agent = tx.get('agent', [to]);
  if (!conversation || !agent || agent.is_removed) return { outcome: 'target_missing', conversationId: conversation?.id ?? null };
  const setting = workspaceSettingsSchema.shape.routing.safeParse(parseJson(tx.get('workspace_setting', ['routing'])?.value ?? 'null'));
  if (!readActor(tx, op.actorId) || !setting.data?.isOn) return { outcome: 'forbidden', conversationId };
  const detail = { from: null, to, was: conversation.assignee_id };
  if (conversation.assignee_id !== null || conversation.status !== 'active') return { outcome: 'superseded', conversationId, detail };
  tx.put('conversation', { ...conversation, assignee_id: to });
  return { outcome: 'applied', conversationId, detail };
}
