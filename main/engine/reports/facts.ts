/**
 * What a conversation contributes to reports, as records that are added up at reading. Pure: the same rows make the same records on every desktop.
 * Invariants: nothing here knows of business hours, periods or the clock, so changing those changes no record; what happened is taken in the order
 * of the log, as the reducer did (`waiting_since`), and when it happened from Meta's time for what others wrote and the relay's for what we did.
 */
import { OWN_ERROR } from '../../../contract/whatsapp/error-codes.ts';
import { SERVICE_WINDOW_MS } from '../../../contract/limits.ts';

/** A message as reports need it: confirmed, not imported, not about another one. `seq`: of the log. */
export type MessageSource = {
  conversationId: string;
  seq: number;
  /** When it was written, or left, ms. */
  at: number;
  isIn: boolean;
  /** Of ours: it left and did not fail; it failed; or it was never sent. */
  state: 'left' | 'failed' | 'unsent';
  by: By;
  /** Null unless `by` is a person. */
  actorId: string | null;
  isFromDraft: boolean;
  /** It tells of a service request by itself, and answers nothing. */
  isNotice: boolean;
  /** Name of the template. */
  template: string | null;
  reach: 'sent' | 'delivered' | 'read';
  errorCode: number | null;
};
/** Somebody archived, closed or reopened it. */
export type StatusSource = { conversationId: string; seq: number; at: number; isActive: boolean; actorId: string };
export type By = 'person' | 'automatic' | 'phone';

/** `by` null: nobody has answered. */
export type Fact =
  | { kind: 'in'; at: number; by: By | null; actorId: string | null }
  | { kind: 'out'; at: number; by: By; actorId: string | null; isFromDraft: boolean; isTemplate: boolean }
  | { kind: 'turn'; at: number; ended: number | null; by: By | null; actorId: string | null; isFirst: boolean }
  | { kind: 'resolved'; at: number; began: number; actorId: string }
  | { kind: 'opened' | 'reopened' | 'lost'; at: number }
  | { kind: 'template'; at: number; name: string; actorId: string | null; reach: MessageSource['reach'] | 'failed'; isAnswered: boolean }
  | { kind: 'failed'; at: number; code: number | null; actorId: string | null }
  | { kind: 'stopped'; at: number; actorId: string | null };

const ANSWER_WITHIN_MS = 24 * 60 * 60 * 1000;
/** Ours, before Meta is asked, and Meta's. */
const WINDOW_CODES: ReadonlySet<number | null> = new Set([OWN_ERROR.windowClosed, 131047]);

/** `began`: as `waiting_since`. `inbound`: when each of its messages was written. */
type Turn = { began: number; inbound: number[] };
type Answer = { at: number; by: By; actorId: string | null };

/** @param messages,statuses of one conversation, each in the order of the log. */
export function listFacts(messages: readonly MessageSource[], statuses: readonly StatusSource[]): Fact[] {
  const facts: Fact[] = [];
  let hasBegun = false;
  let isActive = true;
  let hasAnswered = false;
  let turn: Turn | null = null;
  /** Archived or closed with somebody waiting; `at`: when. */
  let setAside: (Turn & { at: number }) | null = null;
  /** What began the work on it, while it goes on. */
  let workBegan: number | null = null;
  /** The newest resolution: until the customer writes again, reopening by hand takes it back. */
  let resolution: { at: number; began: number; actorId: string } | null = null;

  const keepResolution = (): void => {
    if (resolution) facts.push({ kind: 'resolved', ...resolution });
    resolution = null;
  };
  const endTurn = ({ inbound }: Turn, until: number, answer: Answer | null): void => {
    const ordered = inbound.toSorted((a, b) => a - b);
    for (const [index, at] of ordered.entries()) {
      facts.push({ kind: 'in', at, by: answer?.by ?? null, actorId: answer?.actorId ?? null });
      const closes = at + SERVICE_WINDOW_MS;
      if (closes < Math.min(ordered[index + 1] ?? Infinity, until)) facts.push({ kind: 'lost', at: closes });
    }
  };
  const begin = (at: number): void => {
    if (!hasBegun) {
      facts.push({ kind: 'opened', at });
      workBegan = at;
    }
    hasBegun = true;
  };

  const takeIn = ({ at }: MessageSource): void => {
    if (hasBegun && !isActive) {
      facts.push({ kind: 'reopened', at });
      keepResolution();
      workBegan = at;
    }
    begin(at);
    isActive = true;
    if (setAside) endTurn(setAside, setAside.at, null);
    setAside = null;
    turn ??= { began: at, inbound: [] };
    turn.began = Math.min(turn.began, at);
    turn.inbound.push(at);
  };
  const takeOut = (message: MessageSource): void => {
    const { at, by, actorId, isFromDraft, template, isNotice } = message;
    begin(at);
    facts.push({ kind: 'out', at, by, actorId, isFromDraft, isTemplate: template !== null });
    const waiting = turn ?? setAside;
    // One from the phone that came late answers nothing that was written after it.
    if (!waiting || isNotice || (by === 'phone' && at < waiting.began)) return;
    const ended = Math.max(at, waiting.began);
    facts.push({ kind: 'turn', at: waiting.began, ended, by, actorId, isFirst: !hasAnswered });
    endTurn(waiting, ended, message);
    hasAnswered = true;
    turn = null;
    setAside = null;
  };
  const takeStatus = (status: StatusSource): void => {
    if (status.isActive === isActive) return;
    isActive = status.isActive;
    if (isActive) {
      if (resolution) workBegan = resolution.began;
      resolution = null;
      turn = setAside;
      setAside = null;
      return;
    }
    if (workBegan !== null) resolution = { at: Math.max(status.at, workBegan), began: workBegan, actorId: status.actorId };
    workBegan = null;
    if (turn) setAside = { ...turn, at: status.at };
    turn = null;
  };

  const inbound = messages.filter(({ isIn }) => isIn).map(({ at }) => at);
  const takeMessage = (message: MessageSource): void => {
    if (message.isIn) return takeIn(message);
    const { at, state, template, actorId, errorCode: code, reach } = message;
    if (state === 'unsent') return;
    if (template !== null) {
      const isAnswered = inbound.some((wrote) => wrote > at && wrote <= at + ANSWER_WITHIN_MS);
      facts.push({ kind: 'template', at, name: template, actorId, reach: state === 'failed' ? 'failed' : reach, isAnswered });
    }
    if (state === 'left') return takeOut(message);
    facts.push({ kind: 'failed', at, code, actorId });
    if (WINDOW_CODES.has(code)) facts.push({ kind: 'stopped', at, actorId });
  };

  let next = 0;
  for (const message of messages) {
    for (let status = statuses[next]; status && status.seq < message.seq; status = statuses[(next += 1)]) takeStatus(status);
    takeMessage(message);
  }
  for (const status of statuses.slice(next)) takeStatus(status);

  keepResolution();
  // Assigned in the functions above, which the compiler does not see.
  const [open, aside] = [turn as Turn | null, setAside as (Turn & { at: number }) | null];
  if (open) {
    facts.push({ kind: 'turn', at: open.began, ended: null, by: null, actorId: null, isFirst: !hasAnswered });
    endTurn(open, Infinity, null);
  }
  if (aside) endTurn(aside, aside.at, null);
  return facts;
}
