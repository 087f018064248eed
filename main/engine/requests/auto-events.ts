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
const AT_ONCE = 20;

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
    const events = queries.listAutomaticEvents(AT_ONCE * 10).filter((event) => at - event.at < NEWS_MS);
    since = new Map(events.map(({ id }) => [id, since.get(id) ?? at]));
    let nextMs = Infinity;
    for (const event of events.slice(0, AT_ONCE)) {
      const waitMs = (since.get(event.id) ?? at) + patienceFor(event) - at;
      if (waitMs > 0) nextMs = Math.min(nextMs, waitMs);
      else if (mayAct() && (await proposals.sendByItself(event))) nudge();
    }
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
    look: (): void => schedule(QUIET_MS),
    stop: async (): Promise<void> => {
      isStopped = true;
      clearTimeout(timer);
      await work;
    },
  };
}
