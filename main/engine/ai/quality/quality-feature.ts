/** Quality and audit as the API has them, with who may see what: leads everything, others what became of their own drafts. */
import { setImmediate } from 'node:timers/promises';
import { AppError } from '../../../../contract/app-error.ts';
import type { Quality, ReviewItem } from '../../../../contract/ai/ai-views.ts';
import type { EditClass, RunPurpose } from '../../../../contract/ai/ai-words.ts';
import { readActor } from '../../../../contract/ops/actor.ts';
import { readAiSettings } from '../../../../contract/ops/ai-settings.ts';
import type { OpBody } from '../../../../contract/ops/op.ts';
import { mayLead } from '../../../../contract/rules/rights.ts';
import type { Log } from '../../../../contract/log.ts';
import { judgeLocal, type OpVerdict } from '../../conversations/triage.ts';
import { formatPhone, nameOf, viewAgent } from '../../conversations/views.ts';
import type { ContactQueries } from '../../db/contact-queries.ts';
import type { MessageQueries } from '../../db/message-queries.ts';
import type { DraftFilter, Period, QualityQueries } from '../../db/quality-queries.ts';
import type { Zone } from '../../hours/zone.ts';
import type { Replica } from '../../sync/replica.ts';
import type { DraftViews } from '../drafts/draft-views.ts';
import { createAudit } from './audit.ts';
import { createDraftFigures } from './draft-figures.ts';
import { qualityFileName, qualityHeader, qualityRow } from './quality-csv.ts';
import { countQuality } from './quality.ts';
import { createReviewItems } from './review-items.ts';

/** Drafts written to a file before others have their turn. */
const EXPORT_PAGE = 200;

type Deps = {
  queries: QualityQueries;
  views: DraftViews;
  messageQueries: Pick<MessageQueries, 'find'>;
  contacts: Pick<ContactQueries, 'findPerson'>;
  replica: Replica;
  /** Weeks and months are the company's. */
  zone: () => Zone;
  /** One immediate transaction. */
  transact: (work: () => void) => void;
  isOpen: () => boolean;
  myId: () => string;
  /** Relay time, ms. */
  now: () => number;
  log: Log;
};
export type QualityFeature = ReturnType<typeof createQuality>;

export function createQuality({ queries, views, messageQueries, contacts, replica, zone, transact, isOpen, myId, now, log }: Deps) {
  const { state } = replica;
  const judge = (op: OpBody): OpVerdict => judgeLocal(replica, op);
  const isLead = (): boolean => mayLead(readActor(state, myId()));
  const requireLead = (): void => {
    if (!isLead()) throw new AppError('FORBIDDEN', 'this is for leads and admins');
  };
  const readSettings = () => readAiSettings(state);
  const toAgent = (id: string) => viewAgent(id, state.get('agent', [id])?.name ?? null, myId());
  const nameOfConversation = (conversationId: string): string => {
    const contactId = state.get('conversation', [conversationId])?.contact_id;
    const person = contactId === undefined ? undefined : contacts.findPerson(contactId);
    return person ? nameOf(person, formatPhone) : '—';
  };
  const figures = createDraftFigures({ queries, transact, isOpen, log });
  const items = createReviewItems({ queries, messages: messageQueries, state, views, judge, readSettings, toAgent, nameOfConversation, now });
  const audit = createAudit({ queries, views, nameOfConversation });

  /** Whose drafts somebody may ask for. */
  const toFilter = ({ from, to }: Period, agentId: string | null): DraftFilter => {
    if (from > to) throw new AppError('INVALID_INPUT', 'from: is after to');
    return { from, to, agentId: isLead() ? agentId : myId() };
  };

  return {
    nudge: figures.nudge,
    stop: figures.stop,

    /** What people made of drafts; for agents of theirs, and nothing of the team's. */
    quality: async (period: Period): Promise<Quality> => {
      const { agentId } = toFilter(period, null);
      await figures.finish();
      return countQuality({ queries, zone: zone(), toAgent, nameOfConversation, countOpen: items.countOpen, now }, period, agentId);
    },
    drafts: async ({ from, to, agentId, ...page }: Period & { editClass?: EditClass | undefined; agentId?: string | undefined; limit: number; cursor?: string | undefined }) => {
      const filter = toFilter({ from, to }, agentId ?? null);
      await figures.finish();
      return items.drafts(filter, page);
    },
    exportQuality: async (period: Period): Promise<{ filename: string; csv: string }> => {
      const filter = toFilter(period, null);
      const there = zone();
      await figures.finish();
      const parts = [qualityHeader()];
      for (const page of items.decided(filter, EXPORT_PAGE)) {
        parts.push(...page.map((item: ReviewItem) => qualityRow(item, state.get('ai_draft', [item.draft.draftId])?.decided_at ?? item.draft.at, there)));
        await setImmediate();
      }
      return { filename: qualityFileName(period.from, period.to, there), csv: parts.join('') };
    },

    reviewQueue: async (input: { is: 'open' | 'done'; limit: number; cursor?: string | undefined }) => {
      requireLead();
      await figures.finish();
      return items.queue(input);
    },
    review: items.review,

    /** Of a conversation for everybody; of all for leads. */
    runs: (input: { from?: number | undefined; to?: number | undefined; conversationId?: string | undefined; purpose?: RunPurpose | undefined; limit: number; cursor?: string | undefined }) => {
      if (input.conversationId === undefined) requireLead();
      return audit.runs(input);
    },
    exportRuns: (input: { from?: number | undefined; to?: number | undefined }): AsyncGenerator<string> => {
      requireLead();
      return audit.export(input);
    },
  };
}
