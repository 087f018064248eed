/**
 * Folds one item of a webhook into rows. Invariants: nothing throws for what Meta sends; ids of new rows derive from the
 * entry's seq; contacts are found by identifiers, never keyed by one. Source of the shapes: Cloud API, webhooks.
 */
import { assertNever } from '../app-error.ts';
import { textOf } from '../json.ts';
import type { StateTx } from '../state.ts';
import { reduceChange, reduceError } from './reduce-account.ts';
import { reduceMessage } from './reduce-message.ts';
import { reduceStatus } from './reduce-status.ts';
import { isDashboardTest, type WebhookItem } from './webhook-item.ts';

/**
 * What became of a webhook entry. `applied`: rows changed. `parked`: a status whose message is not known yet.
 * `merged`: known already. `kept`: stored raw, not shown (yet). `test`: Meta's dashboard button. `unrecognised`: no webhook.
 */
export type WebhookOutcome = 'applied' | 'merged' | 'duplicate' | 'parked' | 'kept' | 'test' | 'unrecognised';
export type WebhookResult = { outcome: WebhookOutcome; messageId: string | null };

/** Id of the message that a webhook entry became. */
export const inboundMessageId = (seq: number): string => `m_${seq}`;

export function reduceWebhook(tx: StateTx, entry: { seq: number; receivedAt: number }, item: WebhookItem): WebhookResult {
  if (item.item === 'unrecognised') return { outcome: 'unrecognised', messageId: null };
  const isTest = isDashboardTest(item.wabaId, 'metadata' in item ? (textOf(item.metadata?.['phone_number_id']) ?? undefined) : undefined);
  if (isTest) return { outcome: 'test', messageId: null };
  switch (item.item) {
    case 'message':
      return reduceMessage(tx, entry, item);
    case 'status':
      return reduceStatus(tx, entry, item);
    case 'error':
      return reduceError(tx, entry, item);
    case 'change':
      return reduceChange(tx, entry, item);
    default:
      return assertNever(item);
  }
}
