/** From Meta's code (or one of our own) to what happened and what to do. */
import { findErrorCode, OWN_ERROR } from '../../contract/whatsapp/error-codes.ts';
import type { Translate } from '../i18n/i18n.ts';

/** Codes with a text of their own; the others are explained by what a repeat would bring. */
const EXPLAINED = [0, 100, 190, 368, 130429, 130472, 131000, 131026, 131030, 131042, 131047, 131048, 131049, 131051, 131053, 131056] as const;
type Explained = (typeof EXPLAINED)[number];

const OWN: { [K in keyof typeof OWN_ERROR as `${(typeof OWN_ERROR)[K]}`]: K } = {
  '-1': 'windowClosed',
  '-2': 'noRecipient',
  '-3': 'settledAsNotSent',
  '-4': 'deviceRevoked',
  '-5': 'fileGone',
  '-6': 'uploadLost',
  '-7': 'refusedBeforeSending',
};

const isExplained = (code: number): code is Explained => (EXPLAINED as readonly number[]).includes(code);
const isOwn = (code: string): code is keyof typeof OWN => Object.hasOwn(OWN, code);

export function explainError(code: number, t: Translate): string {
  const own = String(code);
  if (isOwn(own)) return t(`metaError.own.${OWN[own]}`);
  if (isExplained(code)) return t(`metaError.${code}`);
  return t(`metaError.retry.${findErrorCode(code)?.retry ?? 'fix'}`);
}

/** Meta advises against repeating it, but one attempt by hand is known to help. */
const UNDELIVERABLE = 131026;

/** Meta judges the window, by its own clock: only a later message of the customer opens it again. */
const WINDOW_CLOSED = 131047;

/**
 * Whether sending the same again can help, if the window is open.
 * @param hasCustomerWritten since this message was written.
 */
export function isWorthRetrying(code: number | undefined, hasCustomerWritten: boolean): boolean {
  if (code === undefined || code === UNDELIVERABLE) return true;
  if (code === WINDOW_CLOSED) return hasCustomerWritten;
  return code !== OWN_ERROR.noRecipient && findErrorCode(code)?.retry !== 'never';
}
