import { beforeEach, describe, expect, it } from 'vitest';
import { createSendPace, type SendPace } from '../../../main/engine/outbox/send-pace.ts';

let now: number;
let pace: SendPace;
beforeEach(() => {
  now = 1_000_000;
  pace = createSendPace(() => now, { number: { burst: 8, pauseMs: 12.5 }, person: { burst: 3, pauseMs: 6_000 } });
});
/** How many may go now, one after another. */
const takeAll = (person: (n: number) => string): number => {
  let taken = 0;
  while (taken < 1_000 && pace.take('number', person(taken)) === 0) taken += 1;
  return taken;
};

describe('the pace of sending', () => {
  it('is at most 80 messages a second for a number, to however many people', () => {
    let sent = 0;
    for (const end = now + 1_000; now < end; now += 1) sent += takeAll((n) => `${now}-${n}`);
    // What may go at once, and one every 12.5 ms.
    expect(sent).toBe(8 + 79);
  });

  it('is a burst and then one per pause for a person, and says how long to wait', () => {
    expect(takeAll(() => 'rosa')).toBe(3);
    expect(pace.take('number', 'rosa')).toBe(6_000);
    now += 5_999;
    expect(pace.take('number', 'rosa')).toBe(1);
    expect(pace.take('number', 'luis')).toBe(0);
    now += 1;
    expect(takeAll(() => 'rosa')).toBe(1);
    now += 60_000;
    expect(
      takeAll(() => 'rosa'),
      'the budget is full again, and never fuller',
    ).toBe(3);
  });

  it('begins anew with an empty budget when Meta says that it was too much', () => {
    pace.empty('number', 'rosa');
    expect(pace.take('number', 'rosa')).toBe(6_000);
    expect(pace.take('another number', 'rosa')).toBe(0);
  });

  it('freezes nobody when the clock is set back', () => {
    takeAll(() => 'rosa');
    now -= 24 * 3_600_000;
    expect(pace.take('number', 'rosa')).toBeLessThanOrEqual(6_000);
    now += 6_000;
    expect(pace.take('number', 'rosa')).toBe(0);
  });

  it('forgets people whose budget is full', () => {
    for (let n = 0; n < 20_000; n += 1) {
      now += 13;
      expect(pace.take('number', `person ${n}`)).toBe(0);
    }
    expect(pace.take('number', 'person 0')).toBe(0);
  });
});
