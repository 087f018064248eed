/** What somebody typed, or a file says, of a request, as it is kept. Invariant: a phone number stands in E.164, so that it can be found however it is written. */
import { REQUEST_FIELD_MAX, REQUEST_TEXT_MAX } from '../../../contract/limits.ts';
import type { RequestFields } from '../../../contract/ops/op.ts';
import { isEmail } from '../../../contract/rules/email.ts';
import { isWebLink } from '../../../contract/rules/web-link.ts';
import { readPhoneInput } from '../conversations/phone-input.ts';

/** Longest text of each field; the rest has no text, or values of its own. */
export const FIELD_MAX: Partial<Record<keyof RequestFields, number>> = {
  externalId: 128,
  serviceType: REQUEST_FIELD_MAX,
  customerName: REQUEST_FIELD_MAX,
  contactPhone: REQUEST_FIELD_MAX,
  contactEmail: REQUEST_FIELD_MAX,
  address: REQUEST_TEXT_MAX,
  formUrl: REQUEST_TEXT_MAX,
  description: REQUEST_TEXT_MAX,
};

/** `null`: it is none. Empty stays empty. */
export const readEmail = (text: string): string | null => (text.trim() === '' || isEmail(text.trim()) ? text.trim() : null);

/** `null`: nobody could open it. Empty stays empty. */
export const readLink = (text: string): string | null => (text.trim() === '' || isWebLink(text.trim()) ? text.trim() : null);

/** E.164 with its plus, and the digits; empty and null for no text; `null`: it is no phone number. @param ownNumber of the business: what has no country code is of its country. */
export function readPhone(text: string, ownNumber: string | null): { phone: string; digits: string | null } | null {
  if (text.trim() === '') return { phone: '', digits: null };
  const input = readPhoneInput(text, ownNumber);
  return input.isComplete ? { phone: `+${input.digits}`, digits: input.digits } : null;
}
