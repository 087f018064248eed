/** What may be sent to a person: what was said of one of their identities, or of the contact that stands for it, counts. */
import { rootOf } from '../../../contract/ops/contact-ops.ts';
import type { StateTx } from '../../../contract/state.ts';

export function readConsent(state: Pick<StateTx, 'get'>, contactId: string): { isBlocked: boolean; hasOptedOut: boolean } {
  const rows = [contactId, rootOf(state, contactId)].flatMap((id) => state.get('contact', [id]) ?? []);
  return { isBlocked: rows.some(({ is_blocked: isBlocked }) => isBlocked === 1), hasOptedOut: rows.some(({ marketing }) => marketing === 'stop') };
}
