/** The audit: every run as it was recorded, in lists and as a file. Invariants: nothing here changes a record; what was erased stands as erased, and its figures stay. */
import type { RunListItem } from '../../../../contract/ai/ai-views.ts';
import type { RunPurpose } from '../../../../contract/ai/ai-words.ts';
import type { AiRunRow } from '../../../../contract/state.ts';
import type { QualityQueries } from '../../db/quality-queries.ts';
import type { DraftViews } from '../drafts/draft-views.ts';
import { readRun } from '../drafts/read-run.ts';
import { readPosition, writePosition } from './review-items.ts';

const END = { at: Number.MAX_SAFE_INTEGER, id: '\u{10FFFF}' };
const EXPORT_PAGE = 200;

type Deps = { queries: QualityQueries; views: Pick<DraftViews, 'run'>; nameOfConversation: (conversationId: string) => string };
type Filter = { from?: number | undefined; to?: number | undefined; conversationId?: string | undefined; purpose?: RunPurpose | undefined };

export function createAudit({ queries, views, nameOfConversation }: Deps) {
  const toFilter = ({ from, to, conversationId, purpose }: Filter) => ({ from: from ?? null, to: to ?? null, conversationId: conversationId ?? null, purpose: purpose ?? null });
  const view = (row: AiRunRow): RunListItem[] => {
    // What a version to come wrote, or what is damaged, has no view.
    if (readRun(row) === null) return [];
    const { sent: _sent, facts: _facts, ...shown } = views.run(row.id);
    return [{ ...shown, conversationName: nameOfConversation(row.conversation_id) }];
  };

  return {
    /** Newest first. */
    runs: ({ limit, cursor, ...filter }: Filter & { limit: number; cursor?: string | undefined }): { items: RunListItem[]; nextCursor: string | null } => {
      const rows = queries.listRuns(toFilter(filter), cursor === undefined ? END : readPosition(cursor), limit + 1);
      const shown = rows.slice(0, limit);
      const last = shown.at(-1);
      return { items: shown.flatMap(view), nextCursor: rows.length > limit && last ? writePosition({ at: last.at, id: last.id }) : null };
    },

    /** JSON Lines, newest first, in pieces of whole lines. Words that were erased are null. */
    async *export(filter: Filter): AsyncGenerator<string> {
      let after: { at: number; id: string } | null = END;
      while (after !== null) {
        const rows: AiRunRow[] = queries.listRuns(toFilter(filter), after, EXPORT_PAGE);
        if (rows.length > 0) yield rows.map(writeLine).join('');
        const last = rows.at(-1);
        after = rows.length === EXPORT_PAGE && last ? { at: last.at, id: last.id } : null;
      }
    },
  };
}

/** A damaged record as it stands: an audit leaves nothing out. */
function writeLine(row: AiRunRow): string {
  const read = readRun(row);
  const by = { actorId: row.actor_id, deviceId: row.device_id, seq: row.seq };
  return `${JSON.stringify(read === null ? { runId: row.id, damaged: row.record, ...by } : { ...read.run, ...by })}\n`;
}
