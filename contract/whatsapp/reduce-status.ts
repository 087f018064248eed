/** Folds a delivery status into its message, or parks it until the message is known: it may come before the answer to our own call. */
import { textOf } from '../json.ts';
import { advanceDelivery } from '../ops/message-ops.ts';
import { isDeliveryStatus } from '../rules/delivery-status.ts';
import type { ParkedStatusRow, StateTx } from '../state.ts';
import { readMessageError, readPricing } from './read-content.ts';
import type { WebhookItem } from './webhook-item.ts';
import type { WebhookResult } from './webhook-result.ts';
import { readTimestamp } from './webhook-time.ts';

export function reduceStatus(tx: StateTx, entry: { seq: number; receivedAt: number }, { payload }: Extract<WebhookItem, { item: 'status' }>): WebhookResult {
  const wamid = textOf(payload['id']);
  const status = payload['status'];
  if (wamid === null || !isDeliveryStatus(status) || status === 'queued') return { outcome: 'kept', messageId: null };
  const error = status === 'failed' && Array.isArray(payload['errors']) ? readMessageError(payload['errors'][0]) : null;
  const pricing = readPricing(payload['pricing']);
  const at = readTimestamp(payload['timestamp'], entry.receivedAt);
  const callbackId = textOf(payload['biz_opaque_callback_data']);
  const byCallback = callbackId === null ? undefined : tx.get('message', [callbackId]);
  const message = tx.list('message_by_wamid', [wamid])[0] ?? (byCallback?.wamid === null && byCallback.direction === 'out' ? byCallback : undefined);
  if (message) {
    if (message.direction !== 'out') return { outcome: 'kept', messageId: message.id };
    const isNews = advanceDelivery(tx, message, { status, at, error, wamid, pricing });
    return { outcome: isNews ? 'applied' : 'merged', messageId: message.id };
  }
  // It was erased with whom it was sent to: nothing of it is kept.
  if (callbackId !== null && tx.get('erased', [callbackId])) return { outcome: 'merged', messageId: callbackId };
  const parked = tx.get('parked_status', [wamid, status]);
  const next: ParkedStatusRow = {
    wamid,
    status,
    at: Math.min(parked?.at ?? at, at),
    error: parked?.error ?? (error && JSON.stringify(error)),
    seq: parked?.seq ?? entry.seq,
    pricing: parked?.pricing ?? (pricing && JSON.stringify(pricing)),
  };
  if (parked && parked.at === next.at && parked.error === next.error && parked.pricing === next.pricing) return { outcome: 'merged', messageId: null };
  tx.put('parked_status', next);
  return { outcome: 'parked', messageId: null };
}
