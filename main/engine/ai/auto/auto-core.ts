/**
 * What the automatic mode does next, from what it sees; no clock, no rows, nothing that acts. Invariants: a draft is approved only by the process that proposed
 * it, from its time on, not late, with its lease running, and at most `APPROVALS_MAX` times, of which the log takes one; what cannot leave ends
 * with people, never later by itself; without the relay nothing is done.
 */
import type { FailureClass, HandoffReason, PolicyRule } from '../../../../contract/ai/ai-words.ts';
import { AUTO_LATE_MAX_MS } from '../../../../contract/limits.ts';

/** With less of its lease left, a claim begins anew. */
const RENEW_BEFORE_MS = 25_000;
/** The relay's clock decides whether it is time, and this desktop knows it only so well. */
const CLOCK_MARGIN_MS = 500;
const APPROVALS_MAX = 2;
const RETRY_MS = 2_000;
/** So long after its time nobody's answer is waited for any more. */
const GONE_MS = AUTO_LATE_MAX_MS + 10_000;
/** So long desktops try, one after the other, to make an answer. */
const PATIENCE_MS = 3 * 60_000;
/** What nobody could answer by itself is told after the burst. */
const BURST_MS = 5_000;

type Handoff = { do: 'hand_off'; reason: HandoffReason; detail: string };
type Wait = { do: 'wait'; until: number };
type Nothing = { do: 'nothing' };
const NOTHING: Nothing = { do: 'nothing' };
const handOff = (reason: HandoffReason, detail: string): Handoff => ({ do: 'hand_off', reason, detail });

/** From when on an answer that left by itself according to the log, and of which no word came whether it got to Meta, is not waited for. */
export const whenGone = (at: number): number => at + GONE_MS;

/** A draft of this desktop that counts down. Times are relay time, ms. */
export type CountdownSight = {
  now: number;
  /** When it leaves. */
  at: number;
  isOnline: boolean;
  /** This process proposed it, and has been there all the time since. */
  isInHand: boolean;
  /** Until when the claim with its fence runs; null: there is none. */
  leaseUntil: number | null;
  isSomebodyWriting: boolean;
  /** The policy as it would be decided now; null: it holds. `handoff` null: people know. */
  broken: { handoff: { reason: HandoffReason; detail: string } | null } | null;
  /** How often it was approved already, and when last. */
  approvals: { count: number; lastAt: number };
};
export type CountdownStep = Handoff | Wait | { do: 'let_go' | 'stop' | 'renew' | 'approve' };

export function planCountdown({ now, at, isOnline, isInHand, leaseUntil, isSomebodyWriting, broken, approvals }: CountdownSight): CountdownStep {
  // Nobody knows what others do meanwhile: it is given up, and told when the line is back.
  if (!isOnline) return { do: 'let_go' };
  if (!isInHand) return handOff('failed', 'interrupted');
  if (isSomebodyWriting) return { do: 'stop' };
  if (leaseUntil === null || leaseUntil <= now) return handOff('failed', 'lease');
  if (broken) return broken.handoff ? handOff(broken.handoff.reason, broken.handoff.detail) : { do: 'stop' };
  const dueAt = Math.max(at + CLOCK_MARGIN_MS, approvals.count === 0 ? 0 : approvals.lastAt + RETRY_MS);
  // A machine that slept wakes up late.
  if (now > at + AUTO_LATE_MAX_MS / 2 || (now >= dueAt && approvals.count >= APPROVALS_MAX)) return handOff('failed', 'late');
  if (leaseUntil - now <= RENEW_BEFORE_MS) return { do: 'renew' };
  return now >= dueAt ? { do: 'approve' } : { do: 'wait', until: Math.min(dueAt, leaseUntil - RENEW_BEFORE_MS) };
}

/** A customer who waits where answers leave by themselves, and what there is about their newest message. Times are relay time, ms. */
export type InboundSight = {
  now: number;
  receivedAt: number;
  /** `none`: a reaction or the like, which asks nothing. */
  kind: 'words' | 'no_words' | 'none';
  /** Until when some desktop's claim of this message runs; 0: none does. */
  claimedUntil: number;
  /** This desktop is making the answer. */
  isBeingMade: boolean;
  draft:
    | null
    /** `at`: when it leaves. */
    | { is: 'counting'; at: number }
    /** Ready, and nobody has touched it. `verdict`: of the automatic mode, if it was asked and would have sent. */
    | { is: 'waiting'; verdict: { maySend: boolean; handoff: { reason: HandoffReason; detail: string } | null } | null }
    /** A person has had it in hands. */
    | { is: 'attended' };
  /** What became of the last try; null: none has ended. */
  lastTry: { outcome: 'ok' | 'cancelled' | 'superseded' | FailureClass; isGap: boolean } | null;
};
export type InboundStep = Handoff | Wait | Nothing;

/** Every message ends sent, drafted or with people; this is the last of the three. */
export function planInbound({ now, receivedAt, kind, claimedUntil, isBeingMade, draft, lastTry }: InboundSight): InboundStep {
  if (kind === 'none' || draft?.is === 'attended') return NOTHING;
  const after = (at: number, step: InboundStep): InboundStep => (now >= at ? step : { do: 'wait', until: at });
  if (draft?.is === 'counting') return after(draft.at + GONE_MS, handOff('failed', 'interrupted'));
  if (draft?.is === 'waiting') {
    const { verdict } = draft;
    if (verdict === null) return NOTHING;
    if (!verdict.maySend) return verdict.handoff ? handOff(verdict.handoff.reason, verdict.handoff.detail) : NOTHING;
    // It was to leave, and the log did not let it.
    return handOff('failed', 'interrupted');
  }
  if (isBeingMade) return { do: 'wait', until: now + BURST_MS };
  if (kind === 'no_words') return after(receivedAt + BURST_MS, handOff('policy', 'inbound_kind' satisfies PolicyRule));
  if (lastTry !== null && lastTry.outcome !== 'superseded' && lastTry.outcome !== 'ok') {
    if (lastTry.outcome === 'cancelled') return NOTHING;
    return lastTry.isGap || lastTry.outcome === 'empty' ? handOff('no_answer', '') : handOff('failed', lastTry.outcome);
  }
  if (now < claimedUntil) return { do: 'wait', until: claimedUntil };
  return after(receivedAt + PATIENCE_MS, handOff('failed', 'nobody'));
}
