/**
 * Delivery states of an outbound message form a line, and a message only ever moves to the right of it:
 * the final state is the maximum of all that arrived, whatever the order (sync.md I8). `failed` stands below `delivered`
 * because with several phones of one person both can come for the same id, and then it was delivered.
 */
export const DELIVERY_STATUSES = ['queued', 'sent', 'failed', 'delivered', 'read', 'played'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

const rankOf = new Map<string, number>(DELIVERY_STATUSES.map((status, rank) => [status, rank]));

/** Meta's other words (`deleted`, `warning`, future ones) are not delivery states and are ignored. */
export const isDeliveryStatus = (value: unknown): value is DeliveryStatus => typeof value === 'string' && rankOf.has(value);

export function mergeDeliveryStatus(current: DeliveryStatus, incoming: DeliveryStatus): DeliveryStatus {
  return (rankOf.get(incoming) ?? 0) > (rankOf.get(current) ?? 0) ? incoming : current;
}
