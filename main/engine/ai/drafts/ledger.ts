/**
 * What calls may cost. Invariants: before a call its estimate is reserved, afterwards the server's figures settle it; a cap is passed by at most what
 * the calls in flight cost more than their estimates; of the team's cap only what the log has given to this desktop is spent (decision 24).
 * Without prices nothing can be judged, and nothing is refused.
 */
import type { AiSettings } from '../../../../contract/ai/ai-entities.ts';
import type { OpEntry } from '../../../../contract/wire.ts';
import { AppError } from '../../../../contract/app-error.ts';
import type { StateTx } from '../../../../contract/state.ts';
import type { AiQueries } from '../../db/ai-queries.ts';
import type { Confirmed, Replica } from '../../sync/replica.ts';
import { dayOf, monthOf, startOfMonth } from '../../hours/calendar.ts';
import type { Zone } from '../../hours/zone.ts';
import type { RunEntry } from './run-book.ts';

/** Of the team's cap, taken at once. */
const SLICE_SHARE = 0.05;
/** A slice takes one way to the relay and back. */
const SLICE_WAIT_MS = 10_000;
/** What is not settled when so many days have gone by is of no cap any more. */
const KEEP_DAYS = 70;
/** From here on people are warned. */
const WARN_SHARE = 0.8;

export type CapName = keyof AiSettings['caps'];
export type Reserved = { status: 'ok' } | { status: 'refused'; cap: CapName };
type Reservation = {
  entry: RunEntry;
  /** Millionths of a US dollar; null: the price is not known. */
  amount: number | null;
  /** Nobody waits for it: it leaves room for a person's. */
  isAuto: boolean;
  signal: AbortSignal;
};
type Deps = {
  queries: AiQueries;
  state: Pick<StateTx, 'get'>;
  applyLocal: Replica['applyLocal'];
  transact: Replica['transact'];
  readSettings: () => AiSettings;
  /** Days and months are the company's. */
  zone: () => Zone;
  deviceId: () => string;
  isOnline: () => boolean;
  nudge: () => void;
  /** Relay time, ms. */
  now: () => number;
};

export type Ledger = ReturnType<typeof createLedger>;

export function createLedger({ queries, state, applyLocal, transact, readSettings, zone, deviceId, isOnline, nudge, now }: Deps) {
  /** Slices that are on their way, and who waits for them. */
  const waiting = new Map<string, (isGranted: boolean) => void>();
  /** A slice is asked for by one call at a time: the others wait and look again. */
  let asking: Promise<boolean> | null = null;

  const today = () => {
    const there = zone();
    const day = dayOf(now(), there);
    return { day, month: monthOf(day), monthStart: startOfMonth(day, there) };
  };
  const ownOfMonth = (month: string): number => queries.sumOwn(`${month}-01`, `${month}-31`);
  const granted = (month: string): number => state.get('ai_budget', [month, deviceId()])?.granted ?? 0;

  /** What stands in the way of spending `amount` more; null: nothing. `slice`: the team's cap has it, this desktop does not yet. */
  const judge = (conversationId: string, amount: number, isAuto: boolean): CapName | 'slice' | null => {
    const { caps } = readSettings();
    const { day, month, monthStart } = today();
    // What leaves by itself stops first: a person's next draft still has room.
    const needed = isAuto ? amount * 2 : amount;
    if (caps.draft !== null && amount > caps.draft) return 'draft';
    if (caps.desktopDay !== null && queries.sumOwn(day, day) + needed > caps.desktopDay) return 'desktopDay';
    if (caps.conversation !== null && queries.sumConversation(conversationId, monthStart) + queries.sumOpenIn(conversationId) + needed > caps.conversation) return 'conversation';
    if (caps.team === null) return null;
    // A slice from before the cap was lowered is worth no more than what is left under it.
    if (Math.max(queries.sumTeam(monthStart), ownOfMonth(month)) + needed > caps.team) return 'team';
    return ownOfMonth(month) + needed > granted(month) ? 'slice' : null;
  };

  const askForSlice = (amount: number): Promise<boolean> => {
    asking ??= requestSlice(amount).finally(() => {
      asking = null;
    });
    return asking;
  };
  const requestSlice = async (amount: number): Promise<boolean> => {
    const cap = readSettings().caps.team ?? 0;
    const wanted = [Math.max(Math.ceil(cap * SLICE_SHARE), amount), amount];
    // Near the end of the cap a whole slice is more than is left.
    for (const slice of wanted[0] === wanted[1] ? [amount] : wanted) if (isOnline() && (await take(slice))) return true;
    return false;
  };
  const take = async (amount: number): Promise<boolean> => {
    const answer = Promise.withResolvers<boolean>();
    let opId: string;
    try {
      const applied = applyLocal({ type: 'ai.budget', args: { month: today().month, amount } });
      if (applied.outcome !== 'applied') return false;
      opId = applied.opId;
    } catch (error) {
      if (error instanceof AppError) return false;
      throw error;
    }
    waiting.set(opId, answer.resolve);
    nudge();
    const timer = setTimeout(() => answer.resolve(false), SLICE_WAIT_MS);
    try {
      return await answer.promise;
    } finally {
      clearTimeout(timer);
      waiting.delete(opId);
    }
  };

  /** Reads and writes in one transaction, so that two calls never reserve the same. */
  const tryToReserve = ({ entry, amount, isAuto }: Reservation): CapName | 'slice' | null =>
    transact(() => {
      const refusal = amount === null ? null : judge(entry.conversationId, amount, isAuto);
      if (refusal === null) queries.beginCall({ runId: entry.runId, conversationId: entry.conversationId, day: today().day, micros: amount ?? 0, record: JSON.stringify(entry) });
      return refusal;
    });

  return {
    reserve: async (reservation: Reservation): Promise<Reserved> => {
      // Once for what others took meanwhile.
      for (let n = 0; n < 3; n += 1) {
        const refusal = tryToReserve(reservation);
        if (refusal === null) return { status: 'ok' };
        if (refusal !== 'slice') return { status: 'refused', cap: refusal };
        const needed = (reservation.amount ?? 0) * (reservation.isAuto ? 2 : 1);
        if (reservation.signal.aborted || !(await askForSlice(needed))) break;
      }
      return { status: 'refused', cap: 'team' };
    },

    /** Inside the transaction that confirms an own op. */
    noteConfirmed: ({ entry, op, outcome }: Pick<Confirmed, 'op' | 'outcome'> & { entry: Pick<OpEntry, 'opId'> }): void => {
      if (op.type !== 'ai.budget') return;
      const resolve = waiting.get(entry.opId);
      // After the commit, when the row says what this desktop may spend.
      if (resolve) setImmediate(() => resolve(outcome === 'applied'));
    },

    /** Whether an automatic answer of about this cost may be made; the policy of the automatic mode asks. */
    hasRoomForAuto: (conversationId: string, amount: number | null): boolean => {
      const refusal = amount === null ? null : judge(conversationId, amount, true);
      return refusal === null || refusal === 'slice';
    },

    spent: () => {
      const { caps, provider } = readSettings();
      const { day, monthStart } = today();
      const desktopToday = queries.sumOwn(day, day);
      const teamMonth = queries.sumTeam(monthStart);
      const shares = [caps.desktopDay === null ? 0 : desktopToday / Math.max(1, caps.desktopDay), caps.team === null ? 0 : teamMonth / Math.max(1, caps.team)];
      const isPriceKnown = provider.profile === 'builtin' || provider.prices !== null;
      return { desktopToday, teamMonth, teamCap: caps.team, isOver80: shares.some((share) => share >= WARN_SHARE), isOver: shares.some((share) => share >= 1), isPriceKnown };
    },
    tidy: (): void => queries.forgetCallsBefore(dayOf(now() - KEEP_DAYS * 24 * 60 * 60 * 1000, zone())),
  };
}
