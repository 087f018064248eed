/** What I have written or chosen and not sent, by conversation: in the database, so that neither a reload nor a crash loses it. */
import { AppError } from '../../../contract/app-error.ts';
import type { DraftFile } from '../../../contract/entities.ts';
import { DRAFT_FILES_MAX } from '../../../contract/limits.ts';
import type { DraftQueries, DraftView } from '../db/draft-queries.ts';
import type { Confirmed, Replica } from '../sync/replica.ts';
import type { ChangeCollector } from '../sync/change-collector.ts';

type Deps = { /** A desktop that was wiped is none. */ isEnrolled: () => boolean; queries: DraftQueries; replica: Replica; changes: ChangeCollector; now: () => number };
export type Drafts = ReturnType<typeof createDrafts>;

export function createDrafts({ isEnrolled, queries, replica, changes, now }: Deps) {
  const change = (conversationId: string, next: (held: DraftView | undefined) => DraftView): void =>
    replica.transact(() => {
      // A window that has not heard of it would bring back what was wiped.
      if (!isEnrolled()) throw new AppError('NOT_ENROLLED');
      const draft = next(queries.find(conversationId));
      // Text of spaces alone stays in the box while it stands there, but is no draft.
      if (draft.text.trim() === '' && draft.files.length === 0) queries.remove(conversationId);
      else queries.put(conversationId, draft);
      changes.noteConversation(conversationId);
    });

  return {
    get: ({ conversationId }: { conversationId: string }): DraftView | null => queries.find(conversationId) ?? null,

    /** @throws AppError NOT_ENROLLED */
    set: ({ conversationId, text, mode }: { conversationId: string; text: string; mode: 'reply' | 'note' }): void =>
      change(conversationId, (held) => ({ text, mode, files: held?.files ?? [], updatedAt: now() })),

    /** In the order in which they will be sent; none takes them away. @throws AppError NOT_ENROLLED */
    setFiles: ({ conversationId, files }: { conversationId: string; files: DraftFile[] }): void =>
      change(conversationId, (held) => ({ text: held?.text ?? '', mode: held?.mode ?? 'reply', files, updatedAt: now() })),

    /** Of an own op, in the transaction that confirms it: where the person had a conversation by then, what was written in the one that was begun is in that. */
    noteConfirmed: ({ entry, op, outcome }: Confirmed): void => {
      if (op.type !== 'conversation.start' || outcome !== 'merged') return;
      const { conversationId: begun } = op.args;
      const moved = queries.find(begun);
      const conversationId = replica.state.get('activity', [entry.opId])?.conversation_id;
      if (!moved || conversationId == null) return;
      const held = queries.find(conversationId);
      const drafts = [...(held ? [held] : []), moved];
      const texts = drafts.map(({ text }) => text).filter((text) => text.trim() !== '');
      const files = drafts.flatMap((draft) => draft.files).slice(0, DRAFT_FILES_MAX);
      // A note among them must not become a reply.
      queries.put(conversationId, { text: texts.join('\n'), mode: drafts.some(({ mode }) => mode === 'note') ? 'note' : 'reply', files, updatedAt: now() });
      queries.remove(begun);
      changes.noteConversation(conversationId);
    },
  };
}
