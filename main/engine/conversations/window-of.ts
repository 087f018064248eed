/**
 * The service window belongs to the person and not to the conversation (Cloud API, "Customer service windows"): what they wrote in
 * one that is closed by now counts in the next one.
 */
import type { ConversationRow, StateTx } from '../../../contract/state.ts';
import { isWindowOpen } from '../../../contract/rules/service-window.ts';

/** @param now relay time, ms. */
export function isWindowOpenFor(
  state: Pick<StateTx, 'list'>,
  { contact_id: contactId, phone_number_id: phoneNumberId }: Pick<ConversationRow, 'contact_id' | 'phone_number_id'>,
  now: number,
): boolean {
  return state.list('conversation_by_contact', [contactId, phoneNumberId]).some(({ last_inbound_at: at }) => isWindowOpen(at, now));
}
