/**
 * Reports (`contract/reports.ts`): records of conversations whose rows changed are made anew when somebody asks, a moment's worth at once and the rest in
 * steps, then added up. Invariant: figures rest on confirmed rows alone, and a record never outlives the rows it was made of by more than one question.
 */
import type { Agent } from '../../../contract/entities.ts';
import { errorText, type Log } from '../../../contract/log.ts';
import { AppError } from '../../../contract/app-error.ts';
import { REPORT_DAYS_MAX, REPORT_FIRST_DAY, REPORT_LAST_DAY } from '../../../contract/limits.ts';
import type { Figures, Report } from '../../../contract/reports.ts';
import type { QualityQueries } from '../db/quality-queries.ts';
import type { ReportQueries } from '../db/report-queries.ts';
import { dayNumber, nameDay } from '../hours/calendar.ts';
import type { Hours } from '../hours/hours.ts';
import { listFacts } from './facts.ts';
import { packFacts, unpackFacts } from './packed-facts.ts';
import { createTally, type Period, type Place, type Tally } from './tally.ts';

/** People whose records are made in one transaction: some tens of milliseconds, unless one of them has written a book. */
const BATCH = 50;
/** What somebody who asks may have to wait for. */
const AT_ONCE_MS = 250;
/** Between two steps, for whoever else waits. */
const PAUSE_MS = 10;

type Filter = { agentId?: string | undefined; teamId?: string | undefined; serviceType?: string | undefined };
type Question = Period & Filter & { compare: 'none' | 'before' | Period };
type Deps = {
  queries: ReportQueries;
  quality: Pick<QualityQueries, 'listDecisions'>;
  hours: Hours;
  toAgent: (id: string) => Agent;
  /** One immediate transaction. */
  transact: (work: () => void) => void;
  /** One snapshot of the rows. */
  read: <T>(query: () => T) => T;
  isOpen: () => boolean;
  /** The log is being read: everything else waits. */
  isBusy: () => boolean;
  /** Relay time, ms. */
  now: () => number;
  /** Of this machine, ms. */
  tick: () => number;
  log: Log;
};
export type Reports = ReturnType<typeof createReports>;

export function createReports({ queries, quality, hours, toAgent, transact, read, isOpen, isBusy, now, tick, log }: Deps) {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  const makeFacts = (contactId: string): void => {
    const messages = Map.groupBy(queries.listMessages(contactId), ({ conversationId }) => conversationId);
    for (const id of queries.listConversations(contactId)) queries.putFacts(id, packFacts(listFacts(messages.get(id) ?? [], queries.listStatuses(id)), queries.numberOf));
  };
  /** False: nothing is left to do. */
  const makeSome = (): boolean => {
    let isMore = true;
    transact(() => {
      const people = queries.listTodo(BATCH);
      for (const contactId of people) makeFacts(contactId);
      if (people.length === 0) queries.dropGone();
      // Those that are gone may have stood before others.
      isMore = people.length > 0 || queries.countTodo() > 0;
    });
    return isMore;
  };
  const goOn = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      if (isStopped || !isOpen()) return;
      try {
        if (isBusy() || makeSome()) goOn();
      } catch (error) {
        // Whoever asks next tries again.
        log('error', 'reports.not_counted', { error: errorText(error) });
      }
    }, PAUSE_MS);
  };
  const catchUp = (): void => {
    const until = tick() + AT_ONCE_MS;
    while (makeSome()) if (tick() >= until) return goOn();
  };

  /** Agents by the numbers that records have, and by others where they stand in none. */
  const readNames = () => {
    const byNumber = new Map<number, string>();
    const agents = new Map<string, number>();
    for (const { no, kind, name } of queries.listNames()) {
      byNumber.set(no, name);
      if (kind === 'agent') agents.set(name, no);
    }
    const numberOf = (agentId: string): number => {
      const known = agents.get(agentId);
      if (known !== undefined) return known;
      const number = -1 - byNumber.size;
      byNumber.set(number, agentId);
      agents.set(agentId, number);
      return number;
    };
    return { nameOf: (number: number): string => byNumber.get(number) ?? '', numberOf };
  };
  type Names = ReturnType<typeof readNames>;

  const addFacts = (tallies: readonly Tally[], matches: (conversationId: string, teamId: string | null) => boolean, serviceTypeOf: (id: string) => string | null, { numberOf }: Names): void => {
    const from = Math.min(...tallies.map(({ startsAt }) => startsAt));
    const to = Math.max(...tallies.map(({ endsAt }) => endsAt));
    for (const { conversationId, facts, assigneeId, teamId } of queries.eachFacts(from, to)) {
      if (!matches(conversationId, teamId)) continue;
      const place: Place = { assignee: assigneeId === null ? 0 : numberOf(assigneeId), serviceType: serviceTypeOf(conversationId) };
      const records = unpackFacts(facts);
      for (const tally of tallies) tally.add(records, place);
    }
  };

  const viewFigures = (tally: Tally, matches: (conversationId: string, teamId: string | null) => boolean, { agentId }: Filter, names: Names): Figures => {
    const { figures, byAgent, automatic, phone, byServiceType, byTemplate } = tally.read();
    const openOf = new Map<string, number>();
    for (const { id, assigneeId, teamId } of queries.listActive()) {
      if ((agentId !== undefined && assigneeId !== agentId) || !matches(id, teamId)) continue;
      openOf.set(assigneeId, (openOf.get(assigneeId) ?? 0) + 1);
      tally.groupOf(names.numberOf(assigneeId));
    }
    const people = [...byAgent].map(([number, group]) => {
      const id = names.nameOf(number);
      return { by: 'person' as const, agent: toAgent(id), ...tally.viewGroup(group), messages: group.messages, resolved: group.resolved, open: openOf.get(id) ?? 0 };
    });
    const others = (
      [
        ['automatic', automatic],
        ['phone', phone],
      ] as const
    )
      .filter(([, { turns, messages }]) => turns > 0 || messages > 0)
      .map(([by, group]) => ({ by, agent: null, ...tally.viewGroup(group), messages: group.messages, resolved: 0, open: 0 }));
    const ai = { asIs: 0, edited: 0, discarded: 0 };
    for (const { conversationId, teamId, editClass, count } of quality.listDecisions({ from: tally.startsAt, to: tally.endsAt, agentId: agentId ?? null })) {
      if (matches(conversationId, teamId)) ai[editClass === 'as_is' ? 'asIs' : editClass === 'discarded' ? 'discarded' : 'edited'] += count;
    }
    const { out, automatic: automaticCount, fromDraft } = figures.messages;
    return {
      ...figures,
      agents: [...people, ...others].toSorted((a, b) => b.turns - a.turns || b.messages - a.messages || (a.agent?.id ?? '').localeCompare(b.agent?.id ?? '')),
      serviceTypes: [...byServiceType]
        .filter(([, { conversations, turns }]) => conversations > 0 || turns > 0)
        .map(([serviceType, group]) => ({ serviceType, conversations: group.conversations, ...tally.viewGroup(group) }))
        .toSorted((a, b) => b.turns - a.turns || b.conversations - a.conversations || (a.serviceType ?? '').localeCompare(b.serviceType ?? '')),
      templates: [...byTemplate].map(([number, sums]) => ({ name: names.nameOf(number), ...sums })).toSorted((a, b) => b.sent - a.sent || a.name.localeCompare(b.name)),
      ai: { ...ai, drafts: ai.asIs + ai.edited + ai.discarded, automatic: automaticCount, share: out === 0 ? null : ((automaticCount + fromDraft) / out) * 100 },
    };
  };

  const count = (period: Period, previous: Period | null, filter: Filter): Report => {
    const names = readNames();
    const open = hours.open();
    const target = hours.target();
    const rules = { open, targetMs: target && target.minutes * 60_000, agent: filter.agentId === undefined ? null : names.numberOf(filter.agentId), now: now() };
    const serviceTypes = queries.readServiceTypes();
    const serviceTypeOf = (id: string): string | null => serviceTypes.get(id) || null;
    const matches = (id: string, teamId: string | null): boolean =>
      (filter.teamId === undefined || teamId === filter.teamId) && (filter.serviceType === undefined || serviceTypeOf(id) === filter.serviceType);
    const current = createTally(period, rules);
    const before = previous && createTally(previous, rules);
    addFacts(before ? [current, before] : [current], matches, serviceTypeOf, names);
    const all = queries.countConversations();
    return {
      period: { from: period.from, to: period.to, startsAt: current.startsAt, endsAt: current.endsAt },
      timeZone: open.zone.name,
      targetMinutes: target?.minutes ?? null,
      current: viewFigures(current, matches, filter, names),
      previous: before && viewFigures(before, matches, filter, names),
      progress: all === 0 ? 1 : Math.max(0, 1 - queries.countTodo() / all),
    };
  };

  return {
    /** @throws AppError REPORT_PERIOD_INVALID */
    get: ({ from, to, compare, ...filter }: Question): Report => {
      const period = { from, to };
      const previous = compare === 'none' ? null : compare === 'before' ? periodBefore(period) : { from: compare.from, to: compare.to };
      for (const asked of previous ? [period, previous] : [period]) if (!isPeriod(asked)) throw new AppError('REPORT_PERIOD_INVALID', `${asked.from} to ${asked.to}`);
      catchUp();
      return read(() => count(period, previous, filter));
    },
    stop: (): void => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

const lengthOf = ({ from, to }: Period): number => dayNumber(to) - dayNumber(from) + 1;
/** A year that is being typed (0202) is none: the clocks of two thousand years are not asked for it. */
const isPeriod = (period: Period): boolean =>
  lengthOf(period) >= 1 && lengthOf(period) <= REPORT_DAYS_MAX && dayNumber(period.from) >= dayNumber(REPORT_FIRST_DAY) && dayNumber(period.to) <= dayNumber(REPORT_LAST_DAY);
/** As many days, right before. */
const periodBefore = (period: Period): Period => ({ from: nameDay(dayNumber(period.from) - lengthOf(period)), to: nameDay(dayNumber(period.from) - 1) });
