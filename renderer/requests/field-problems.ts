/** What is wrong with a typed value of a request, before it is saved. */
import { REQUEST_FIELD_MAX, REQUEST_TEXT_MAX } from '../../contract/limits.ts';
import { isEmail } from '../../contract/rules/email.ts';
import { isWebLink } from '../../contract/rules/web-link.ts';
import type { Translate } from '../i18n/i18n.ts';
import type { TextField } from '../store/request-edits.ts';

const LONG: ReadonlySet<TextField> = new Set(['address', 'formUrl', 'description']);
/** `requestFieldsSchema.externalId`. */
const EXTERNAL_ID_MAX = 128;
export const maxOf = (field: TextField): number => (field === 'externalId' ? EXTERNAL_ID_MAX : LONG.has(field) ? REQUEST_TEXT_MAX : REQUEST_FIELD_MAX);

const PHONE_DIGITS = /^\d{7,15}$/;

/** Null: nothing. */
export function problemOf(field: TextField, typed: string, t: Translate): string | null {
  const text = typed.trim();
  if (text === '') return null;
  if (text.length > maxOf(field)) return t('requests.problem.tooLong', { max: maxOf(field) });
  switch (field) {
    case 'contactPhone':
      return PHONE_DIGITS.test(text.replaceAll(/[\s().+-]/g, '')) ? null : t('requests.problem.phone');
    case 'contactEmail':
      return isEmail(text) ? null : t('requests.problem.email');
    case 'formUrl':
      return isWebLink(text) ? null : t('requests.problem.url');
    case 'requestedDate':
    case 'approvedDate':
      return /^\d{4}-\d{2}-\d{2}$/.test(text) ? null : t('requests.problem.date');
    default:
      return null;
  }
}
