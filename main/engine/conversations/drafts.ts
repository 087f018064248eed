/** What I have typed and not sent, by conversation: in the database, so that neither a reload nor a crash loses it. */
import { AppError } from '../../../contract/app-error.ts';
import type { DraftQueries, DraftView } from '../db/draft-queries.ts';
import type { Replica } from '../sync/replica.ts';
import type { ChangeCollector } from '../sync/change-collector.ts';

type Deps = { /** A desktop that was wiped is none. */ isEnrolled: () => boolean; queries: DraftQueries; replica: Replica; changes: ChangeCollector; now: () => number };
export type Drafts = ReturnType<typeof createDrafts>;

export function createDrafts({ isEnrolled, queries, replica, changes, now }: Deps) {
  return {
    get: ({ conversationId }: { conversationId: string }): DraftView | null => queries.find(conversationId) ?? null,

    /** Text of spaces alone is kept while it stands in the box, but is no draft. @throws AppError NOT_ENROLLED */
    set: ({ conversationId, text, mode }: { conversationId: string; text: string; mode: 'reply' | 'note' }): void =>
      replica.transact(() => {
        // A window that has not heard of it would bring back what was wiped.
        if (!isEnrolled()) throw new AppError('NOT_ENROLLED');
        if (text.trim() === '') queries.remove(conversationId);
        else queries.put(conversationId, { text, mode, updatedAt: now() });
        changes.noteConversation(conversationId);
      }),
  };
}
