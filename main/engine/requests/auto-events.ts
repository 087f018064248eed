/**
 * Sends what the team lets go by itself: events of service requests in the mode `auto`. The desktop on which an event arose sends it as soon
 * as the log has it; the others wait their turn, in case it is gone. Several may try: the first in the log counts, the others lose
 * without a word. Invariants: only confirmed events, only from rows that are up to date, and only while the event is news; what
 * cannot be sent without a person stays as a proposal.
 */
import { errorText, type Log } from '../../../contract/log.ts';
import { typeLevel } from '../../../contract/ops/op.ts';
import type { RequestEventRow } from '../../../contract/state.ts';
import type { RequestQueries } from '../db/request-queries.ts';
import type { SyncQueries } from '../db/sync-queries.ts';
import type { Presence } from '../team/presence.ts';
import type { EventProposals } from './event-proposals.ts';

/** After a change, in which more may come. */
const QUIET_MS = 50;
/** How long the desktop of its author has, and then each further one more than the one before. */
const STEP_MS = 5_000;
/** Later nobody expects a message that nobody wrote: a person decides. */
const NEWS_MS = 24 * 60 * 60 * 1000;
/** Tried in one go, so that nothing else waits for it. */
const AT_ONCE = 20;
const EVENTS_MAX = 1_000;

type Deps = {
  queries: Pick<RequestQueries, 'listAutomaticEvents'>;
  proposals: Pick<EventProposals, 'sendByItself'>;
  sync: Pick<SyncQueries, 'readMeta'>;
  presence: Pick<Presence, 'connectedDevices'>;
  /** The rows are those of the whole log, as far as this desktop knows. */
  isUpToDate: () => boolean;
  /** It has a number, and a token for it. */
  canSend: () => boolean;
  nudge: () => void;
  /** Relay time, ms. */
  now: () => number;
  log: Log;
};
export type AutoEvents = ReturnType<typeof createAutoEvents>;

export function createAutoEvents({ queries, proposals, sync, presence, isUpToDate, canSend, nudge, now, log }: Deps) {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let work: Promise<void> | null = null;
  let isNews = false;
  /** Since when (relay time) this desktop knows of each. */
  let since = new Map<string, number>();
  /** Changes so far, and at which of them each was tried last: what cannot be sent stands in nobody's way, and is tried once for a change. */
  let round = 1;
  let tried = new Map<string, number>();

  const schedule = (ms: number): void => {
    if (isStopped) return;
    timer ??= setTimeout(() => {
      timer = undefined;
      if (work) isNews = true;
      else work = run();
    }, ms);
  };

  const run = async (): Promise<void> => {
    try {
      await sendDue();
    } catch (error) {
      // The next change tries again.
      log('error', 'requests.auto_failed', { error: errorText(error) });
    } finally {
      work = null;
    }
    if (isNews) {
      isNews = false;
      schedule(QUIET_MS);
    }
  };

  const sendDue = async (): Promise<void> => {
    if (!mayAct()) return;
    const at = now();
    const events = queries.listAutomaticEvents(at - NEWS_MS, EVENTS_MAX);
    since = new Map(events.map(({ id }) => [id, since.get(id) ?? at]));
    tried = new Map(events.map(({ id }) => [id, tried.get(id) ?? 0]));
    const waitFor = (event: RequestEventRow): number => (since.get(event.id) ?? at) + patienceFor(event) - at;
    const triedAt = ({ id }: RequestEventRow): number => tried.get(id) ?? 0;
    const nextMs = Math.min(...events.map(waitFor).filter((ms) => ms > 0));
    const due = events.filter((event) => triedAt(event) < round && waitFor(event) <= 0).toSorted((a, b) => triedAt(a) - triedAt(b));
    for (const event of due.slice(0, AT_ONCE)) {
      if (!mayAct()) return;
      tried.set(event.id, round);
      if (await proposals.sendByItself(event)) nudge();
    }
    if (due.length > AT_ONCE) schedule(QUIET_MS);
    if (nextMs < Infinity) schedule(nextMs);
  };

  const mayAct = (): boolean => !isStopped && isUpToDate() && canSend() && sync.readMeta().writeLevel >= typeLevel('request.notify');

  const patienceFor = (event: RequestEventRow): number => {
    const deviceId = sync.readMeta().deviceId ?? '';
    if (event.device_id === deviceId) return 0;
    const others = (presence.connectedDevices() ?? []).filter((id) => id !== event.device_id);
    return STEP_MS * (1 + Math.max(0, others.indexOf(deviceId)));
  };

  return {
    /** Something changed. */
    look: (): void => {
      round += 1;
      schedule(QUIET_MS);
    },
    stop: async (): Promise<void> => {
      isStopped = true;
      clearTimeout(timer);
      await work;
    },
  };
}
