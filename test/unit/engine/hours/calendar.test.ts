import { describe, expect, it } from 'vitest';
import { localTime, monthsOf, weeksOf } from '../../../../main/engine/hours/calendar.ts';
import { knownZone, openZone } from '../../../../main/engine/hours/zone.ts';

const at = (text: string): number => Date.parse(text);

describe('weeks and months of a time zone', () => {
  it('begin on Monday at midnight there, and are cut off at the ends of the period', () => {
    expect(weeksOf(at('2026-11-21T12:00:00Z'), at('2026-11-24T12:00:00Z'), openZone('America/Guatemala'))).toEqual([
      { name: '2026-11-16', from: at('2026-11-21T12:00:00Z'), to: at('2026-11-23T06:00:00Z') },
      { name: '2026-11-23', from: at('2026-11-23T06:00:00Z'), to: at('2026-11-24T12:00:00Z') },
    ]);
  });
  it('follow clocks that change: the week in which they do is an hour longer or shorter', () => {
    const weeks = weeksOf(at('2026-03-23T00:00:00+01:00'), at('2026-04-06T00:00:00+02:00'), openZone('Europe/Madrid'));
    expect(weeks.map(({ name, from, to }) => [name, (to - from) / 3_600_000])).toEqual([
      ['2026-03-23', 7 * 24 - 1],
      ['2026-03-30', 7 * 24],
    ]);
  });
  it('share every moment of years out among them without a gap, also where midnight does not exist', () => {
    for (const zone of ['America/Santiago', 'Asia/Beirut', 'Asia/Kathmandu', 'UTC']) {
      for (const cut of [weeksOf, monthsOf]) {
        const [from, to] = [at('2025-01-01T10:20:30Z'), at('2027-01-01T00:00:01Z')];
        const spans = cut(from, to, openZone(zone));
        expect(spans[0]?.from).toBe(from);
        expect(spans.at(-1)?.to).toBe(to);
        for (const [index, span] of spans.slice(1).entries()) expect(span.from, `${zone} ${span.name}`).toBe(spans[index]?.to);
        expect(new Set(spans.map(({ name }) => name)).size).toBe(spans.length);
      }
    }
  });
  it('name months, over the turn of the year', () => {
    expect(monthsOf(at('2026-11-30T12:00:00Z'), at('2027-01-02T00:00:00Z'), openZone('America/Guatemala')).map(({ name }) => name)).toEqual(['2026-11', '2026-12', '2027-01']);
  });
  it('are nothing of an empty period', () => expect(weeksOf(5, 5, openZone('UTC'))).toEqual([]));
  it('are those of UTC where this machine does not know the zone', () => expect([knownZone('Mars/Olympus'), knownZone('America/Guatemala')]).toEqual(['UTC', 'America/Guatemala']));
  it('tell the time there', () => expect(localTime(at('2026-11-23T05:59:00Z'), openZone('America/Guatemala'))).toBe('2026-11-22 23:59'));
});
