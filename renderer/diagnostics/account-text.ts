/** Meta's words for what happened to number, account or template, in ours. */
import type { AccountEvent } from '../../contract/entities.ts';
import { explainError, isKnownError } from '../conversation/failure-text.ts';
import { diagnostics } from '../i18n/areas/diagnostics.ts';
import type { Translate } from '../i18n/i18n.ts';

const { field: FIELDS, event: EVENTS } = diagnostics.es.account;
type Field = keyof typeof FIELDS;
type Event = keyof typeof EVENTS;
const isField = (field: string): field is Field => field !== 'other' && Object.hasOwn(FIELDS, field);
const isEvent = (event: string): event is Event => event !== 'other' && Object.hasOwn(EVENTS, event);

export const accountFieldText = ({ field }: Pick<AccountEvent, 'field'>, t: Translate): string => t(`diagnostics.account.field.${isField(field) ? field : 'other'}`);
export function accountEventText({ field, event }: Pick<AccountEvent, 'field' | 'event'>, t: Translate): string {
  // Errors that belong to no message are told by their code.
  if ((field === 'errors' || field === 'history') && isKnownError(Number(event))) return `${explainError(Number(event), t).what} (${event})`;
  return t(`diagnostics.account.event.${isEvent(event) ? event : 'other'}`, { event });
}
