/** What waits for a review, what has one, and the drafts behind a figure, each with the customer's question and what was sent. */
import { z } from 'zod';
import { AppError } from '../../../../contract/app-error.ts';
import { runTextSchema, type AiSettings } from '../../../../contract/ai/ai-entities.ts';
import { classOfShare } from '../../../../contract/ai/edit-class.ts';
import type { ReviewItem } from '../../../../contract/ai/ai-views.ts';
import type { EditClass, ReviewReason } from '../../../../contract/ai/ai-words.ts';
import type { Agent } from '../../../../contract/entities.ts';
import { parseJson } from '../../../../contract/json.ts';
import type { AiDraftRow, StateTx } from '../../../../contract/state.ts';
import { wordsOf } from '../../../../contract/whatsapp/content-words.ts';
import type { OpVerdict } from '../../conversations/triage.ts';
import { readContent } from '../../conversations/views.ts';
import type { MessageQueries } from '../../db/message-queries.ts';
import type { DraftFilter, DraftPosition, QualityQueries } from '../../db/quality-queries.ts';
import type { OpBody } from '../../../../contract/ops/op.ts';
import type { DraftViews } from '../drafts/draft-views.ts';
import { createAutoShare, isInSample } from './review-sample.ts';

/** What people sent comes to the queue for so long. */
const SAMPLE_DAYS_MS = 30 * 24 * 60 * 60 * 1000;
const END: DraftPosition = { at: Number.MAX_SAFE_INTEGER, id: '\u{10FFFF}' };

type Deps = {
  queries: QualityQueries;
  messages: Pick<MessageQueries, 'find'>;
  state: Pick<StateTx, 'get'>;
  views: Pick<DraftViews, 'viewDraft'>;
  judge: (op: OpBody) => OpVerdict;
  readSettings: () => AiSettings;
  toAgent: (id: string) => Agent;
  nameOfConversation: (conversationId: string) => string;
  /** Relay time, ms. */
  now: () => number;
};
type Page = { limit: number; cursor?: string | undefined };
export type ReviewItems = ReturnType<typeof createReviewItems>;

export function createReviewItems({ queries, messages, state, views, judge, readSettings, toAgent, nameOfConversation, now }: Deps) {
  const questionOf = (row: AiDraftRow): string => {
    const text = runTextSchema.safeParse(parseJson(state.get('ai_run', [row.run_id])?.text ?? 'null'));
    if (text.success && text.data.question !== '') return text.data.question;
    const about = row.about_message_id === null ? undefined : messages.find(row.about_message_id);
    return about ? (wordsOf(readContent(about.content)) ?? '') : '';
  };

  const view = (row: AiDraftRow): ReviewItem => {
    const message = row.message_id === null ? undefined : messages.find(row.message_id);
    const figure = queries.findFigure(row.id);
    const review = queries.findReview(row.id);
    const isAutomatic = row.auto_state === 'sent';
    const isErased = row.body === '';
    // To an automatic one only its notice was added, which nobody wrote.
    const share = row.state === 'approved' ? (isAutomatic ? 0 : (figure?.share ?? 0)) : null;
    return {
      draft: views.viewDraft(row),
      conversationName: nameOfConversation(row.conversation_id),
      question: isErased ? '' : questionOf(row),
      sent: isErased || !message ? null : wordsOf(readContent(message.content)),
      editClass: classOfShare(share),
      distance: share ?? 1,
      isAutomatic,
      review: review ? { verdict: review.verdict, reason: review.reason, note: isErased ? '' : review.note, by: toAgent(review.reviewer_id), at: review.at } : null,
      isCorrected: isAutomatic && queries.isCorrected(row.id),
      topic: figure?.topic ?? '',
    };
  };
  const viewAll = (found: readonly DraftPosition[]): ReviewItem[] => found.flatMap(({ id }) => state.get('ai_draft', [id]) ?? []).map(view);
  const toPage = (found: readonly DraftPosition[], limit: number): { items: ReviewItem[]; nextCursor: string | null } => {
    const shown = found.slice(0, limit);
    const last = shown.at(-1);
    return { items: viewAll(shown), nextCursor: found.length > limit && last ? writePosition(last) : null };
  };

  /** Newest first. */
  const listOpen = (): DraftPosition[] => {
    const candidates = queries.listCandidates(now() - SAMPLE_DAYS_MS);
    const shareAt = createAutoShare(candidates.flatMap(({ isAutomatic, verdict, reviewedAt }) => (isAutomatic === 1 && verdict !== null && reviewedAt !== null ? [{ verdict, at: reviewedAt }] : [])));
    const { reviewSample } = readSettings().auto;
    return candidates
      .filter(({ id, verdict, hasWords, isAutomatic, decidedAt }) => verdict === null && hasWords === 1 && isInSample(id, isAutomatic === 1 ? shareAt(decidedAt) : reviewSample))
      .map(({ id, decidedAt }) => ({ id, at: decidedAt }))
      .toSorted((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1));
  };

  return {
    countOpen: (): number => listOpen().length,

    queue: ({ is, limit, cursor }: Page & { is: 'open' | 'done' }): { items: ReviewItem[]; nextCursor: string | null; open: number } => {
      const after = cursor === undefined ? END : readPosition(cursor);
      const open = listOpen();
      const found = is === 'done' ? queries.listReviewed(after, limit + 1) : open.filter(({ at, id }) => at < after.at || (at === after.at && id < after.id)).slice(0, limit + 1);
      return { ...toPage(found, limit), open: open.length };
    },

    review: (args: { draftId: string; verdict: 'good' | 'bad' | null; reason: ReviewReason | null; note: string }): OpVerdict => {
      const draft = state.get('ai_draft', [args.draftId]);
      if (!draft) throw new AppError('NOT_FOUND', `no draft ${args.draftId}`);
      if (draft.state !== 'approved') throw new AppError('INVALID_INPUT', 'draftId: only what was sent can be reviewed');
      if (args.verdict !== 'bad' && args.reason !== null) throw new AppError('INVALID_INPUT', 'reason: only of what was not good');
      return judge({ type: 'ai.review', args });
    },

    /** Those that the shares of a period count, newest first. */
    drafts: (filter: DraftFilter, { editClass, limit, cursor }: Page & { editClass?: EditClass | undefined }) =>
      toPage(queries.listDrafts(filter, editClass ?? null, cursor === undefined ? END : readPosition(cursor), limit + 1), limit),

    /** Those and the automatic ones, oldest first, in pieces of at most `limit`. */
    *decided(filter: DraftFilter, limit: number): Generator<ReviewItem[]> {
      for (let after: DraftPosition | undefined = { at: Number.MIN_SAFE_INTEGER, id: '' }; after !== undefined;) {
        const found: DraftPosition[] = queries.listDecided(filter, after, limit);
        if (found.length > 0) yield viewAll(found);
        after = found.length < limit ? undefined : found.at(-1);
      }
    },
  };
}

const positionSchema = z.tuple([z.number().int(), z.string().max(128)]);
export const writePosition = ({ at, id }: DraftPosition): string => JSON.stringify([at, id]);
export function readPosition(cursor: string): DraftPosition {
  const parsed = positionSchema.safeParse(parseJson(cursor));
  if (!parsed.success) throw new AppError('INVALID_INPUT', 'cursor is not one that this list gave out');
  return { at: parsed.data[0], id: parsed.data[1] };
}
