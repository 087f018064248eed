/** Internal notes on a conversation: what the team says among itself. */
import { z } from 'zod';
import { AppError } from '../../../contract/app-error.ts';
import type { Note } from '../../../contract/entities.ts';
import { parseJson } from '../../../contract/json.ts';
import { PENDING_SEQ } from '../../../contract/state.ts';
import type { Conversations } from '../conversations/conversations.ts';
import { judgeLocal, type OpVerdict } from '../conversations/triage.ts';
import { viewAgent } from '../conversations/views.ts';
import type { NoteView, TeamQueries } from '../db/team-queries.ts';
import type { Ids } from '../ports.ts';
import type { Replica } from '../sync/replica.ts';

const mentionsSchema = z.array(z.string());

type Deps = { queries: TeamQueries; conversations: Conversations; replica: Replica; ids: Ids; myId: () => string };
export type Notes = ReturnType<typeof createNotes>;

export function createNotes({ queries, conversations, replica, ids, myId }: Deps) {
  const toNote = (row: NoteView): Note => {
    const me = myId();
    const mentions = mentionsSchema.safeParse(parseJson(row.mentions));
    return {
      id: row.id,
      conversationId: row.conversationId,
      body: row.body,
      mentions: (mentions.success ? mentions.data : []).map((id) => viewAgent(id, replica.state.get('agent', [id])?.name ?? null, me)),
      author: viewAgent(row.authorId, row.authorName, me),
      createdAt: row.createdAt,
      editedAt: row.editedAt,
      deletedBy: row.deletedBy === null ? null : viewAgent(row.deletedBy, row.deleterName, me),
      isPending: row.seq === PENDING_SEQ,
    };
  };

  return {
    list: ({ conversationId }: { conversationId: string }): Note[] => queries.listNotes(conversations.find(conversationId).contactId).map(toNote),

    add: ({ conversationId, body, mentions }: { conversationId: string; body: string; mentions: string[] }): Note => {
      conversations.find(conversationId);
      const noteId = ids.next();
      const { outcome } = replica.applyLocal({ type: 'note.add', args: { noteId, conversationId, body, mentions: [...new Set(mentions)] } });
      const note = queries.findNote(noteId);
      if (!note) throw new AppError('FORBIDDEN', outcome);
      return toNote(note);
    },

    edit: ({ noteId, from, to, mentions }: { noteId: string; from: string; to: string; mentions: string[] }): OpVerdict =>
      judgeLocal(replica, { type: 'note.edit', args: { noteId, from, to, mentions: [...new Set(mentions)] } }),

    remove: ({ noteId }: { noteId: string }): OpVerdict => judgeLocal(replica, { type: 'note.delete', args: { noteId } }),
  };
}
