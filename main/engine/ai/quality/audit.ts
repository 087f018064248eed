/**
 * The record of runs: why a reply is as it is, and what a model was ever asked. Invariants: nothing here changes a record; what was erased stands as
 * erased, and its figures stay.
 */
import { z } from 'zod';
import { AppError } from '../../../../contract/app-error.ts';
import { factSchema, runSchema, runTextSchema, type AiRun, type Fact } from '../../../../contract/ai/ai-entities.ts';
import { classOfShare } from '../../../../contract/ai/edit-class.ts';
import type { runViewSchema } from '../../../../contract/ai/ai-views.ts';
import type { RunPurpose } from '../../../../contract/ai/ai-words.ts';
import type { RunRecord } from '../../../../contract/ai/run-record.ts';
import type { Agent, Message } from '../../../../contract/entities.ts';
import { parseJson } from '../../../../contract/json.ts';
import type { AiRunRow, StateTx } from '../../../../contract/state.ts';
import type { QualityQueries } from '../../db/quality-queries.ts';
import { isSealWhole } from '../run-hash.ts';
import { readDraftBody } from '../view-draft.ts';
import { readPosition, writePosition } from './review-items.ts';

export type RunView = z.infer<typeof runViewSchema>;
type RunListItem = Omit<RunView, 'sent' | 'facts'> & { conversationName: string };
const recordSchema = runSchema.omit({ text: true });
const factsSchema = z.array(factSchema).catch([]);
const END = { at: Number.MAX_SAFE_INTEGER, id: '\u{10FFFF}' };
const EXPORT_PAGE = 200;

type Deps = {
  queries: QualityQueries;
  state: Pick<StateTx, 'get'>;
  /** Null: it is not here. */
  showMessage: (id: string) => Message | null;
  /** What left the machine for a run, while this desktop keeps it. */
  readSent: (runId: string) => string | null;
  toAgent: (id: string) => Agent;
  nameOfConversation: (conversationId: string) => string;
};
type Filter = { from?: number | undefined; to?: number | undefined; conversationId?: string | undefined; purpose?: RunPurpose | undefined };
export type Audit = ReturnType<typeof createAudit>;

export function createAudit({ queries, state, showMessage, readSent, toAgent, nameOfConversation }: Deps) {
  const toFilter = ({ from, to, conversationId, purpose }: Filter) => ({ from: from ?? null, to: to ?? null, conversationId: conversationId ?? null, purpose: purpose ?? null });

  const judgeChain = (row: AiRunRow, record: RunRecord, text: AiRun['text'] | null): boolean | null => {
    if (record.hash !== row.hash || !isSealWhole(record, text)) return false;
    return record.prevHash === '' || queries.hasRunBefore(row, record.prevHash) ? true : null;
  };

  /** Undefined: a version to come wrote it. */
  const view = (row: AiRunRow): Omit<RunView, 'sent' | 'facts'> | undefined => {
    const record = recordSchema.safeParse(parseJson(row.record));
    if (!record.success) return undefined;
    const text = row.text === null ? null : (runTextSchema.safeParse(parseJson(row.text)).data ?? null);
    const draftId = queries.findDraftOfRun(row.id);
    const draft = draftId === null ? undefined : state.get('ai_draft', [draftId]);
    const share = draftId === null ? null : (queries.findFigure(draftId)?.share ?? null);
    return {
      run: { ...record.data, text },
      by: toAgent(row.actor_id),
      deviceName: state.get('device', [row.device_id])?.name ?? null,
      isIntact: judgeChain(row, record.data, text),
      draftId,
      message: draft?.message_id == null ? null : showMessage(draft.message_id),
      editClass: draft?.state === 'discarded' ? 'discarded' : draft?.state === 'approved' && share !== null ? classOfShare(share) : null,
    };
  };

  /** Those that the draft or the summary names; others the record knows by their hashes alone. */
  const factsOf = (row: AiRunRow, draftId: string | null): Fact[] => {
    const draft = draftId === null ? undefined : state.get('ai_draft', [draftId]);
    if (draft) return readDraftBody(draft)?.facts ?? [];
    return factsSchema.parse(parseJson(queries.findSummaryFacts(row.conversation_id, row.id) ?? '[]'));
  };

  return {
    /** @throws AppError NOT_FOUND */
    run: ({ runId }: { runId: string }): RunView => {
      const row = queries.findRun(runId);
      const shown = row && view(row);
      if (!row || !shown) throw new AppError('NOT_FOUND', `no run ${runId}`);
      return { ...shown, facts: factsOf(row, shown.draftId), sent: row.text === null ? null : readSent(runId) };
    },

    /** Newest first. */
    runs: ({ limit, cursor, ...filter }: Filter & { limit: number; cursor?: string | undefined }): { items: RunListItem[]; nextCursor: string | null } => {
      const rows = queries.listRuns(toFilter(filter), cursor === undefined ? END : readPosition(cursor), limit + 1);
      const shown = rows.slice(0, limit);
      const last = shown.at(-1);
      return {
        items: shown.flatMap((row) => {
          const one = view(row);
          return one === undefined ? [] : [{ ...one, conversationName: nameOfConversation(row.conversation_id) }];
        }),
        nextCursor: rows.length > limit && last ? writePosition({ at: last.at, id: last.id }) : null,
      };
    },

    /** JSON Lines, newest first, in pieces of whole lines. Words that were erased are null. */
    async *export(filter: Filter): AsyncGenerator<string> {
      let after: { at: number; id: string } | null = END;
      while (after !== null) {
        const rows: AiRunRow[] = queries.listRuns(toFilter(filter), after, EXPORT_PAGE);
        if (rows.length > 0)
          yield rows.map((row) => `${JSON.stringify({ ...(parseJson(row.record) as object), text: parseJson(row.text ?? 'null'), actorId: row.actor_id, deviceId: row.device_id })}\n`).join('');
        const last = rows.at(-1);
        after = rows.length === EXPORT_PAGE && last ? { at: last.at, id: last.id } : null;
      }
    },
  };
}
