/** Notes which conversations a transaction touches in a way that reports could show; noted too often does no harm, too seldom would. */
import type { SearchFollower } from '../search/search-follower.ts';
import type { ReportQueries } from '../db/report-queries.ts';

export function createReportFollower(queries: Pick<ReportQueries, 'addTodo' | 'startAnew'>): SearchFollower {
  const noted = new Set<string>();
  const note = (id: unknown): void => {
    if (typeof id === 'string') noted.add(id);
  };
  return {
    note: (table, { before, after }) => {
      if (table === 'activity' && (after ?? before)?.['type'] !== 'conversation.status') return;
      if (table === 'message' || table === 'ai_draft' || table === 'activity') for (const row of [before, after]) note(row?.['conversation_id']);
      // Gone.
      if (table === 'conversation' && after === null) note(before?.['id']);
    },
    keep: () => {
      for (const id of noted) queries.addTodo(id);
      noted.clear();
    },
    forget: () => noted.clear(),
    startAnew: () => {
      noted.clear();
      queries.startAnew();
    },
  };
}
