/** Statements over what this desktop keeps for its own agent: drafts, and which conflicts are settled. */
import type Database from 'better-sqlite3';
import { z } from 'zod';
import { draftFileSchema, type DraftFile } from '../../../contract/entities.ts';

export type DraftView = { text: string; mode: 'reply' | 'note'; files: DraftFile[]; updatedAt: number };
const filesSchema = z.array(draftFileSchema).catch([]);

export function createDraftQueries(db: Database.Database) {
  const get = db.prepare('SELECT text, mode, files, updated_at AS updatedAt FROM draft WHERE conversation_id = +?');
  const put = db.prepare(
    'INSERT INTO draft (conversation_id, text, mode, files, updated_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (conversation_id) DO UPDATE SET text = excluded.text, mode = excluded.mode, files = excluded.files, updated_at = excluded.updated_at',
  );
  const remove = db.prepare('DELETE FROM draft WHERE conversation_id = ?');
  const disown = db.prepare("UPDATE OR REPLACE draft SET conversation_id = 'gone_' || conversation_id WHERE conversation_id GLOB 'c_[0-9]*' AND CAST(substr(conversation_id, 3) AS INTEGER) > ?");
  const settle = db.prepare('INSERT INTO settled_conflict (op_id) VALUES (?) ON CONFLICT DO NOTHING');

  return {
    find: (conversationId: string): DraftView | undefined => {
      const row = get.get(conversationId) as (Omit<DraftView, 'files'> & { files: string }) | undefined;
      return row && { ...row, files: filesSchema.parse(JSON.parse(row.files)) };
    },
    put: (conversationId: string, { text, mode, files, updatedAt }: DraftView) => void put.run(conversationId, text, mode, JSON.stringify(files), updatedAt),
    remove: (conversationId: string) => void remove.run(conversationId),
    /** Conversations that began after `seq` are no more, and others will have their ids. */
    disownAfter: (seq: number) => void disown.run(seq),
    settleConflicts: (opIds: string[]) => {
      for (const opId of opIds) settle.run(opId);
    },
  };
}
export type DraftQueries = ReturnType<typeof createDraftQueries>;
