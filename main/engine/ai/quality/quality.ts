/** The figures of a period: what people made of drafts, what left by itself, what reviewers said of it, what it cost. */
import type { Quality } from '../../../../contract/ai/ai-views.ts';
import type { Agent } from '../../../../contract/entities.ts';
import { TIMESTAMP_AHEAD_MAX_MS } from '../../../../contract/limits.ts';
import type { Period, QualityQueries, ShareView } from '../../db/quality-queries.ts';
import { monthsOf, weeksOf } from '../../hours/calendar.ts';
import type { Zone } from '../../hours/zone.ts';

const DEAREST = 20;
const noShares = (): Quality['total'] => ({ as_is: 0, light: 0, heavy: 0, discarded: 0 });

type Deps = {
  queries: QualityQueries;
  zone: Zone;
  toAgent: (id: string) => Agent;
  nameOfConversation: (conversationId: string) => string;
  /** Drafts that wait for a review. */
  countOpen: () => number;
  /** Relay time, ms. */
  now: () => number;
};

/** @param agentId whose figures: then nothing of the team's is told. Null: everybody's. */
export function countQuality({ queries, zone, toAgent, nameOfConversation, countOpen, now }: Deps, asked: Period, agentId: string | null): Quality {
  const earliest = queries.findEarliest() ?? asked.to;
  const period = { from: Math.max(asked.from, earliest), to: Math.min(asked.to, now() + TIMESTAMP_AHEAD_MAX_MS) };
  const total = noShares();
  const agents = new Map<string, Quality['total']>();
  const topics = new Map<string, Quality['total']>();
  const add = (to: Map<string, Quality['total']>, key: string, { editClass, count }: ShareView): void => {
    const known = to.get(key) ?? noShares();
    known[editClass] += count;
    to.set(key, known);
  };
  const byWeek = weeksOf(period.from, period.to, zone).map(({ name, from, to }) => {
    const shares = noShares();
    for (const row of queries.listShares({ from, to, agentId })) {
      shares[row.editClass] += row.count;
      total[row.editClass] += row.count;
      add(agents, row.agentId, row);
      add(topics, row.topic, row);
    }
    return { week: name, shares, costMicros: agentId === null ? queries.sumRuns({ from, to }).costMicros : 0 };
  });
  const mostFirst = (a: { shares: Quality['total'] }, b: { shares: Quality['total'] }): number => countOf(b.shares) - countOf(a.shares);
  return {
    total,
    byWeek,
    byAgent: [...agents].map(([id, shares]) => ({ agent: toAgent(id), shares })).toSorted(mostFirst),
    byTopic: [...topics].map(([topic, shares]) => ({ topic, shares })).toSorted(mostFirst),
    ...(agentId === null ? countTeam({ queries, nameOfConversation, countOpen }, period, zone) : NOTHING_OF_THE_TEAM),
  };
}

const countOf = ({ as_is, light, heavy, discarded }: Quality['total']): number => as_is + light + heavy + discarded;

type TeamPart = Pick<Quality, 'automatic' | 'reviews' | 'failures' | 'cost'>;
const NOTHING_OF_THE_TEAM: TeamPart = {
  automatic: { sent: 0, corrected: 0, stopped: 0, handedOff: 0, shadow: { would: 0, agreed: 0 } },
  reviews: { good: 0, bad: 0, byReason: {}, open: 0 },
  failures: [],
  cost: { totalMicros: 0, unpriced: 0, usage: { input: 0, output: 0 }, byMonth: [], byConversation: [] },
};

function countTeam({ queries, nameOfConversation, countOpen }: Pick<Deps, 'queries' | 'nameOfConversation' | 'countOpen'>, period: Period, zone: Zone): TeamPart {
  const sums = queries.sumRuns(period);
  return {
    automatic: {
      ...queries.countAutomatic(period),
      stopped: queries.countStopped(period),
      handedOff: queries.countHandedOff(period),
      shadow: queries.countShadow(period),
    },
    reviews: countReviews(queries, period, countOpen()),
    failures: queries.listFailures(period),
    cost: {
      totalMicros: sums.costMicros,
      unpriced: sums.unpriced,
      usage: { input: sums.input, output: sums.output },
      byMonth: monthsOf(period.from, period.to, zone).map(({ name, from, to }) => {
        const { costMicros, runs } = queries.sumRuns({ from, to });
        return { month: name, costMicros, runs };
      }),
      byConversation: queries.listDearest(period, DEAREST).map(({ conversationId, costMicros, runs }) => ({ conversationId, name: nameOfConversation(conversationId), costMicros, runs })),
    },
  };
}

function countReviews(queries: QualityQueries, period: Period, open: number): Quality['reviews'] {
  const reviews: Quality['reviews'] = { good: 0, bad: 0, byReason: {}, open };
  for (const { verdict, reason, count } of queries.listReviewCounts(period)) {
    reviews[verdict] += count;
    if (reason !== null) reviews.byReason[reason] = (reviews.byReason[reason] ?? 0) + count;
  }
  return reviews;
}
