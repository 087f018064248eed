/** Meta's words for what happened to number, account or template, in ours. */
import type { AccountEvent } from '../../contract/entities.ts';
import { explainError, isKnownError } from '../conversation/failure-text.ts';
import type { Translate } from '../i18n/i18n.ts';

/** Meta adds words of its own; those that are not known here have a text in common. */
const say = (part: 'field' | 'event', word: string, t: Translate): string =>
  t(`diagnostics.account.${part}.${word}` as 'diagnostics.account.event.other', { event: word, defaultValue: t(`diagnostics.account.${part}.other`, { event: word }) });

export const accountFieldText = ({ field }: Pick<AccountEvent, 'field'>, t: Translate): string => say('field', field, t);
export function accountEventText({ field, event }: Pick<AccountEvent, 'field' | 'event'>, t: Translate): string {
  // Errors that belong to no message are told by their code.
  if ((field === 'errors' || field === 'history') && isKnownError(Number(event))) return `${explainError(Number(event), t).what} (${event})`;
  return say('event', event, t);
}
