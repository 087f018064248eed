/**
 * What the team did in a period: what is asked, and the latest answer. Reads only while it is shown. Invariants: an answer to a question that is
 * no longer asked is dropped, and what is shown stays until the next answer has come, so nothing flickers; while conversations change all the
 * time, it is counted anew at most every `PACE_MS`.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Report } from '../../contract/reports.ts';
import { hasConversationChange, type ChangeFeed } from '../rpc/change-feed.ts';
import type { EngineClient, EngineInputs } from '../rpc/engine-client.ts';
import { failureCodeOf, type FailureCode } from './failure.ts';
import { dayIn, daysOf, PERIOD_DAYS, readPeriod, type Period } from './period.ts';
import type { TabStorage } from './remember-open.ts';
import { createCoalesced } from './serial.ts';
import { reuse } from './share.ts';
import type { TeamState } from './team-store.ts';

export const REPORT_PERIODS = [{ kind: 'today' }, ...PERIOD_DAYS.map((days) => ({ kind: 'days', days }) as const), { kind: 'this_month' }, { kind: 'last_month' }] as const;

/** Null: whoever, whichever. */
export type ReportFilter = { agentId: string | null; teamId: string | null; serviceType: string | null };
export type ReportQuestion = ReportFilter & { period: Period; /** With as many days before it. */ isCompared: boolean };

export type ReportsState = {
  question: ReportQuestion;
  /** The answer to `answered`; null until the first one has come. */
  report: Report | null;
  answered: ReportQuestion | null;
  failure: FailureCode | null;
  ask(change: Partial<ReportQuestion>): void;
  /** Reads it now and after every change, until the returned function is called. */
  show(): () => void;
  refresh(): void;
};

const NO_QUESTION: ReportQuestion = { period: { kind: 'days', days: 30 }, isCompared: true, agentId: null, teamId: null, serviceType: null };
const STORAGE_KEY = 'bandeja.report';
const PACE_MS = 2_000;
/** While a long history is counted for the first time. */
const PROGRESS_PACE_MS = 400;

type Deps = { client: EngineClient; changes: ChangeFeed; team: StoreApi<TeamState>; storage: TabStorage; /** Relay time, ms. */ now(): number };

export const isNarrowed = ({ agentId, teamId, serviceType }: ReportFilter): boolean => agentId !== null || teamId !== null || serviceType !== null;

export function createReportsStore({ client, changes, team, storage, now }: Deps): StoreApi<ReportsState> {
  let viewers = 0;
  let timer: ReturnType<typeof setTimeout> | null = null;

  const store = createStore<ReportsState>((set, get) => ({
    question: readQuestion(storage),
    report: null,
    answered: null,
    failure: null,
    ask: (change) => {
      const question = { ...get().question, ...change };
      set({ question });
      storage.setItem(STORAGE_KEY, JSON.stringify(question));
      refresh();
    },
    show: () => {
      viewers += 1;
      refresh();
      return () => {
        viewers -= 1;
      };
    },
    refresh: () => refresh(),
  }));

  const read = createCoalesced(async () => {
    const { question } = store.getState();
    // Which day is today is said by the business's calendar.
    const timeZone = team.getState().directory?.settings.businessHours.timeZone;
    if (viewers === 0 || timeZone === undefined) return;
    try {
      const report = await client.reports.get(inputOf(question, dayIn(now(), timeZone)));
      if (store.getState().question !== question) return;
      store.setState((state) => ({ report: reuse(state.report, report), answered: question, failure: null }));
      if (report.progress < 1) refreshSoon(PROGRESS_PACE_MS);
    } catch (error) {
      if (store.getState().question === question) store.setState({ failure: failureCodeOf(error) });
    }
  });
  function refresh(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    void read();
  }
  function refreshSoon(ms: number): void {
    timer ??= setTimeout(refresh, ms);
  }

  changes.subscribe((change) => {
    if (viewers > 0 && (hasConversationChange(change) || change.requests || change.ai)) refreshSoon(store.getState().report === null ? 0 : PACE_MS);
  });
  // Hours and target, and who is in which team, change every figure.
  team.subscribe(({ directory }, before) => {
    if (viewers > 0 && directory !== before.directory) refresh();
  });
  return store;
}

function inputOf({ period, isCompared, agentId, teamId, serviceType }: ReportQuestion, today: string): EngineInputs['reports']['get'] {
  return {
    ...daysOf(period, today),
    compare: isCompared ? 'before' : 'none',
    ...(agentId === null ? {} : { agentId }),
    ...(teamId === null ? {} : { teamId }),
    ...(serviceType === null ? {} : { serviceType }),
  };
}

/** Anything else that may stand there counts as nothing. */
function readQuestion(storage: TabStorage): ReportQuestion {
  try {
    const kept = JSON.parse(storage.getItem(STORAGE_KEY) ?? '') as Record<keyof ReportQuestion, unknown>;
    const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
    return {
      period: readPeriod(kept.period) ?? NO_QUESTION.period,
      isCompared: kept.isCompared !== false,
      agentId: text(kept.agentId),
      teamId: text(kept.teamId),
      serviceType: text(kept.serviceType),
    };
  } catch {
    return NO_QUESTION;
  }
}
