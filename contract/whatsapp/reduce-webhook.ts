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
import type { WebhookResult } from './webhook-result.ts';

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
