/** Internal notes. Invariants: a note is never lost, only edited by guard or emptied into a tombstone; customers never see one. */
import { judgeGuard } from '../rules/guard.ts';
import { mayChangeNote } from '../rules/rights.ts';
import { readActor } from './actor.ts';
import type { ConversationRow, StateTx } from '../state.ts';
import type { ReducerOp } from './op.ts';
import type { OpResult } from './op-result.ts';

type NewNote = { noteId: string; body: string; mentions: string[] };

/** False if there is a note with this id. */
export function addNote(tx: StateTx, op: Pick<ReducerOp, 'seq' | 'actorId' | 'occurredAt'>, conversation: ConversationRow, { noteId, body, mentions }: NewNote): boolean {
  if (tx.get('note', [noteId])) return false;
  tx.put('note', {
    id: noteId,
    conversation_id: conversation.id,
    contact_id: conversation.contact_id,
    body,
    mentions: JSON.stringify(mentions),
    author_id: op.actorId,
    seq: op.seq,
    created_at: op.occurredAt,
    edited_at: null,
    deleted_by: null,
  });
  return true;
}

export function reduceNoteAdd(tx: StateTx, op: ReducerOp<'note.add'>): OpResult {
  const { noteId, conversationId, body, mentions } = op.args;
  const conversation = tx.get('conversation', [conversationId]);
  if (!conversation) return { outcome: 'target_missing', conversationId: null, detail: { body } };
  if (!readActor(tx, op.actorId)) return { outcome: 'forbidden', conversationId, detail: { body } };
  return { outcome: addNote(tx, op, conversation, { noteId, body, mentions }) ? 'applied' : 'duplicate', conversationId, detail: { noteId, mentions } };
}

export function reduceNoteEdit(tx: StateTx, op: ReducerOp<'note.edit'>): OpResult {
  const { noteId, from, to, mentions } = op.args;
  const note = tx.get('note', [noteId]);
  if (!note) return { outcome: 'target_missing', conversationId: null, detail: { noteId, to } };
  const conversationId = note.conversation_id;
  if (!mayChangeNote(readActor(tx, op.actorId), note.author_id)) return { outcome: 'forbidden', conversationId, detail: { noteId, to } };
  if (note.deleted_by !== null) return { outcome: 'superseded', conversationId, detail: { noteId, to, reason: 'deleted' } };
  const verdict = judgeGuard(note.body, from, to);
  if (verdict === 'applied') tx.put('note', { ...note, body: to, mentions: JSON.stringify(mentions), edited_at: op.occurredAt });
  return { outcome: verdict, conversationId, detail: verdict === 'superseded' ? { noteId, from, to, was: note.body } : { noteId, from, to } };
}

export function reduceNoteDelete(tx: StateTx, op: ReducerOp<'note.delete'>): OpResult {
  const note = tx.get('note', [op.args.noteId]);
  if (!note) return { outcome: 'target_missing', conversationId: null, detail: { noteId: op.args.noteId } };
  const conversationId = note.conversation_id;
  const detail = { noteId: note.id };
  if (!mayChangeNote(readActor(tx, op.actorId), note.author_id)) return { outcome: 'forbidden', conversationId, detail };
  if (note.deleted_by !== null) return { outcome: 'merged', conversationId, detail };
  tx.put('note', { ...note, body: '', mentions: '[]', deleted_by: op.actorId });
  return { outcome: 'applied', conversationId, detail };
}
