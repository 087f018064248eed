/**
 * From why a message failed to what its author does next. Decided by Meta's code alone (never by its words), by the window, and by
 * what happened since. Invariant: sending again is offered only where it can help and only when its time has come; a code that asks
 * for patience gives the moment from which on. Source: Cloud API, "Error codes" (2025–2026); for 131026 what developers report.
 */
import type { WindowState } from '../rules/service-window.ts';
import { findErrorCode, OWN_ERROR } from './error-codes.ts';

/**
 * `retry`: send the same again. `wait`: that helps from `until` on. `template`: only a template may be sent, or the customer writes
 * first. `reopen`: the conversation is closed. `fix_number`: look at number or person. `reconnect`: an admin replaces the token.
 * `billing`, `admin`: somebody puts the account right at Meta. `change_file`: send another one. `ask_file`: the customer sends another
 * one. `nothing`: WhatsApp does not carry this to this person.
 */
export const NEXT_STEPS = ['retry', 'wait', 'template', 'reopen', 'fix_number', 'reconnect', 'billing', 'admin', 'change_file', 'ask_file', 'nothing'] as const;
export type NextStepKind = (typeof NEXT_STEPS)[number];
/** `until`: relay time, ms; with `wait` only. `canRetry`: sending the same again is possible now and may help, if only once the step was taken. */
export type NextStep = { kind: NextStepKind; until: number | null; canRetry: boolean };

export type FailureSituation = {
  /** Null: Meta gave none. */
  code: number | null;
  direction: 'in' | 'out';
  /** Relay time, ms: when it failed, and now. */
  failedAt: number;
  now: number;
  window: WindowState;
  /** After this message was written. */
  hasCustomerWritten: boolean;
  isConversationClosed: boolean;
  /** It leaves whether the window is open or not. */
  isTemplate: boolean;
};

/** What an admin does about codes that say `fix`, beside those of the families below. */
const BY_CODE: Partial<Record<number, NextStepKind>> = {
  [OWN_ERROR.windowClosed]: 'template',
  [OWN_ERROR.noRecipient]: 'fix_number',
  [OWN_ERROR.settledAsNotSent]: 'retry',
  [OWN_ERROR.deviceRevoked]: 'retry',
  [OWN_ERROR.fileGone]: 'change_file',
  [OWN_ERROR.uploadLost]: 'retry',
  [OWN_ERROR.refusedBeforeSending]: 'admin',
  // Once they are unblocked; until then the engine refuses.
  [OWN_ERROR.blocked]: 'retry',
  [OWN_ERROR.optedOut]: 'nothing',
  // What was to be said by itself then is for a person to say now.
  [OWN_ERROR.automaticLate]: 'nothing',
  0: 'reconnect',
  3: 'reconnect',
  10: 'reconnect',
  33: 'reconnect',
  190: 'reconnect',
  131005: 'reconnect',
  131014: 'change_file',
  131021: 'fix_number',
  131026: 'fix_number',
  131042: 'billing',
  131044: 'billing',
  131047: 'template',
  131052: 'ask_file',
  131053: 'change_file',
  131060: 'ask_file',
  131062: 'fix_number',
};
/** The account, not the message, stands in the way: once that is put right, the same goes through. */
const OUTSIDE_THE_MESSAGE: ReadonlySet<NextStepKind> = new Set(['reconnect', 'billing']);
/** The message itself, or what it says of the template, is what Meta refuses: the same again would be refused again. */
const REFUSED_AS_IT_IS = new Set([100, 131008, 131009, 131051, 131055, 132000, 132001, 132005, 132007, 132008, 132012, 132018, 135000]);

/** @returns for a code that is not known: to try again by hand, under Meta's own words. */
export function judgeNextStep(situation: FailureSituation): NextStep {
  const { code, direction, failedAt, now, hasCustomerWritten, isConversationClosed, isTemplate } = situation;
  const window = isTemplate ? 'open' : situation.window;
  const known = code === null ? null : findErrorCode(code);
  const isPermission = code !== null && code >= 200 && code <= 299;
  const chosen = code === null ? undefined : isPermission ? 'reconnect' : BY_CODE[code];

  // What the customer sent and Meta could not bring: nothing of ours to send again.
  if (direction === 'in') return step(chosen === 'ask_file' || code === 131051 ? 'ask_file' : 'nothing');

  if (chosen === 'template' && !(hasCustomerWritten && isOpen(window))) return step('template');
  if (isConversationClosed) return step(chosen === undefined || chosen === 'retry' || chosen === 'template' ? 'reopen' : chosen);
  const canSend = isOpen(window);
  const resendable = (kind: NextStepKind): NextStep => (canSend ? step(kind, true) : step(kind === 'retry' ? 'template' : kind));

  if (chosen === 'template') return resendable('retry');
  if (chosen === 'fix_number') return code === 131026 ? resendable('fix_number') : step('fix_number');
  if (chosen !== undefined) return OUTSIDE_THE_MESSAGE.has(chosen) || chosen === 'retry' ? resendable(chosen) : step(chosen);

  switch (known?.retry) {
    case 'never':
      return step('nothing');
    case 'wait':
    case 'backoff': {
      const until = failedAt + known.minWaitS * 1000;
      if (now >= until) return resendable('retry');
      return canSend ? { kind: 'wait', until, canRetry: false } : step('template');
    }
    case 'fix':
      return code !== null && REFUSED_AS_IT_IS.has(code) ? step('admin') : resendable('admin');
    case undefined:
      return resendable('retry');
  }
}

const step = (kind: NextStepKind, canRetry = false): NextStep => ({ kind, until: null, canRetry });
const isOpen = (window: WindowState): boolean => window === 'open' || window === 'closing';
