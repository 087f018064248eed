import { describe, expect, it } from 'vitest';
import { SERVICE_WINDOW_GUARD_MS, SERVICE_WINDOW_MS } from '../../../contract/limits.ts';
import { DELIVERY_STATUSES, mergeDeliveryStatus, type DeliveryStatus } from '../../../contract/rules/delivery-status.ts';
import { judgeGuard } from '../../../contract/rules/guard.ts';
import { isWindowOpen, judgeServiceWindow } from '../../../contract/rules/service-window.ts';

function* permutations<T>(items: readonly T[]): Generator<T[]> {
  if (items.length <= 1) return yield [...items];
  for (const [index, item] of items.entries()) for (const rest of permutations(items.toSpliced(index, 1))) yield [item, ...rest];
}

describe('delivery status', () => {
  it('ends the same for every order of arrival, and never goes back on the way', () => {
    let orders = 0;
    for (const subset of [DELIVERY_STATUSES.slice(1), ['sent', 'failed'], ['failed', 'delivered'], ['failed', 'read', 'sent']] as DeliveryStatus[][]) {
      const ends = new Set<DeliveryStatus>();
      for (const order of permutations(subset)) {
        orders += 1;
        let current: DeliveryStatus = 'queued';
        for (const status of order) {
          const next: DeliveryStatus = mergeDeliveryStatus(current, status);
          expect(DELIVERY_STATUSES.indexOf(next)).toBeGreaterThanOrEqual(DELIVERY_STATUSES.indexOf(current));
          current = next;
        }
        ends.add(current);
      }
      expect(ends.size, subset.join()).toBe(1);
    }
    expect(orders).toBe(120 + 2 + 2 + 6);
  });

  it('lets failed beat what was only queued or sent, and delivered beat failed', () => {
    expect(mergeDeliveryStatus('sent', 'failed')).toBe('failed');
    expect(mergeDeliveryStatus('delivered', 'failed')).toBe('delivered');
    expect(mergeDeliveryStatus('failed', 'delivered')).toBe('delivered');
  });
});

describe('guard', () => {
  it.each([
    { current: 'a', from: 'a', to: 'b', verdict: 'applied' },
    { current: 'b', from: 'a', to: 'b', verdict: 'merged' },
    { current: 'c', from: 'a', to: 'b', verdict: 'superseded' },
    { current: null, from: null, to: 'b', verdict: 'applied' },
  ])('on $current, $from → $to is $verdict', ({ current, from, to, verdict }) => {
    expect(judgeGuard(current, from, to)).toBe(verdict);
  });
});

describe('service window', () => {
  const last = Date.UTC(2026, 10, 22, 12);
  it.each([
    { after: 0, state: 'open' },
    { after: SERVICE_WINDOW_MS - 61 * 60_000, state: 'open' },
    { after: SERVICE_WINDOW_MS - 59 * 60_000, state: 'closing' },
    { after: SERVICE_WINDOW_MS - SERVICE_WINDOW_GUARD_MS, state: 'closed' },
    { after: SERVICE_WINDOW_MS + 1, state: 'closed' },
  ])('is $state $after ms after the last message', ({ after, state }) => {
    expect(judgeServiceWindow(last, last + after)).toEqual({ state, closesAt: last + SERVICE_WINDOW_MS });
    expect(isWindowOpen(last, last + after)).toBe(state !== 'closed');
  });

  it('does not exist for somebody who never wrote', () => {
    expect(judgeServiceWindow(null, last)).toEqual({ state: 'none', closesAt: null });
    expect(isWindowOpen(null, last)).toBe(false);
  });
});
