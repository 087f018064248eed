/** Notes which articles a transaction changes in a way that their index would show. Invariant: as for messages (`search-follower.ts`). */
import type { SearchFollower } from '../../search/search-follower.ts';
import type { RowChange } from '../../../../contract/sqlite/state-tx.ts';
import type { KnowledgeIndexQueries } from '../../db/knowledge-index-queries.ts';
import type { KnowledgeQueries } from '../../db/knowledge-queries.ts';

type Row = NonNullable<RowChange['before']>;
type Noted = { articleId: string; before: string; after: string };

export function createKnowledgeFollower(index: Pick<KnowledgeIndexQueries, 'addTodo' | 'startAnew'>, rows: Pick<KnowledgeQueries, 'listApproved'>): SearchFollower {
  const noted = new Map<string, Noted>();
  return {
    note: (table, { before, after }) => {
      if (table !== 'kb_article' && table !== 'kb_question') return;
      const row = (after ?? before) as Row;
      const key = `${table} ${row['id']}`;
      const show = table === 'kb_article' ? showArticle : showQuestion;
      const known = noted.get(key);
      if (known) known.after = show(after);
      else noted.set(key, { articleId: String(row[table === 'kb_article' ? 'id' : 'article_id']), before: show(before), after: show(after) });
    },
    keep: () => {
      for (const { articleId, before, after } of noted.values()) if (before !== after) index.addTodo(articleId);
      noted.clear();
    },
    forget: () => noted.clear(),
    startAnew: () => {
      noted.clear();
      index.startAnew(rows.listApproved());
    },
  };
}

/** What is not approved is not in the index. */
const show = (row: Row | null | undefined, columns: readonly string[]): string => (row?.['state'] === 'approved' ? JSON.stringify(columns.map((column) => row[column])) : '');
const showArticle = (row: Row | null | undefined): string => show(row, ['revision_id', 'title', 'language']);
const showQuestion = (row: Row | null | undefined): string => show(row, ['text']);

/** Several that follow the same rows. */
export const joinFollowers = (followers: readonly SearchFollower[]): SearchFollower => ({
  note: (table, change) => followers.forEach((follower) => follower.note(table, change)),
  keep: () => followers.forEach((follower) => follower.keep()),
  forget: () => followers.forEach((follower) => follower.forget()),
  startAnew: () => followers.forEach((follower) => follower.startAnew()),
});
