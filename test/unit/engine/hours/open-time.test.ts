/** Open time against a calculation that asks Intl for the wall clock of every minute, with no code shared. */
import { expect, test } from 'vitest';
import fc from 'fast-check';
import { createOpenTime } from '../../../../main/engine/hours/open-time.ts';
import type { BusinessHours } from '../../../../contract/rules/business-hours.ts';

const MINUTE = 60_000;
const ZONES = ['America/Guatemala', 'America/New_York', 'Europe/Madrid', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'America/Santiago', 'Africa/Cairo', 'Pacific/Apia', 'America/Havana', 'UTC'];
/** About changes of clocks in those zones: spring and autumn on both halves, midnight in Cuba and Chile, half an hour on Lord Howe, the day that Samoa skipped. */
const MOMENTS = ['2026-03-08', '2026-03-29', '2026-04-04', '2026-04-24', '2026-09-06', '2026-10-03', '2026-10-29', '2026-11-01', '2025-10-05', '2011-12-30', '2024-02-29'];

const two = (value: number): string => String(value).padStart(2, '0');
const clock = fc.integer({ min: 0, max: 95 }).map((quarter) => `${two(Math.floor(quarter / 4))}:${two((quarter % 4) * 15)}`);
const part = fc.record({ from: clock, to: fc.oneof(clock, fc.constant('24:00')) });
const parts = fc.array(part, { maxLength: 3 });
const hoursOf = (around: string): fc.Arbitrary<BusinessHours> =>
  fc.record({
    timeZone: fc.constantFrom(...ZONES),
    days: fc.array(parts, { minLength: 7, maxLength: 7 }),
    holidays: fc.array(fc.record({ day: fc.integer({ min: -2, max: 3 }).map((days) => new Date(Date.parse(around) + days * 86_400_000).toISOString().slice(0, 10)), name: fc.constant(''), parts }), {
      maxLength: 2,
    }),
  });

function slowIsOpen({ timeZone, days, holidays }: BusinessHours, at: number): boolean {
  const shown = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(at);
  const [day = '', time = ''] = shown.split(' ');
  const partsOf = (name: string) => holidays.find((holiday) => holiday.day === name)?.parts ?? days[(new Date(`${name}T12:00Z`).getUTCDay() + 6) % 7] ?? [];
  const yesterday = new Date(Date.parse(`${day}T12:00Z`) - 86_400_000).toISOString().slice(0, 10);
  return partsOf(day).some(({ from, to }) => time >= from && (to <= from || time < to)) || partsOf(yesterday).some(({ from, to }) => to <= from && time < to);
}

test('property: open time is what the wall clock of every minute says, through changes of clocks, holidays and parts past midnight', { timeout: 60_000 }, () => {
  const cases = fc.constantFrom(...MOMENTS).chain((around) => fc.tuple(fc.constant(around), hoursOf(around), fc.integer({ min: -2_880, max: 2_880 }), fc.integer({ min: 0, max: 1_500 })));
  fc.assert(
    fc.property(cases, ([around, hours, offset, length]) => {
      const open = createOpenTime(hours);
      const from = Date.parse(`${around}T00:00Z`) + offset * MINUTE;
      let minutes = 0;
      const left: number[] = [];
      for (let step = 0; step < length; step++) {
        const at = from + step * MINUTE;
        const isOpen = slowIsOpen(hours, at);
        expect(open.isOpen(at)).toBe(isOpen);
        if (isOpen) left.push((minutes += 1));
        if (step % 97 === 0) expect(open.between(from, at + MINUTE)).toBe(minutes * MINUTE);
        if (isOpen && minutes % 53 === 0) expect(open.after(from, minutes * MINUTE)).toBe(at + MINUTE);
      }
      expect(open.between(from, from + length * MINUTE)).toBe(left.length * MINUTE);
    }),
    { numRuns: 60, seed: 20_261_123 },
  );
});

const always: BusinessHours['days'] = Array.from({ length: 7 }, () => [{ from: '00:00', to: '24:00' }]);

test('an hour that clocks skip counts for nothing, one that they repeat counts twice', () => {
  const night = Array.from({ length: 7 }, () => [{ from: '01:00', to: '03:00' }]);
  const open = createOpenTime({ timeZone: 'America/New_York', days: night, holidays: [] });
  const day = (name: string): number => open.between(Date.parse(`${name}T05:00Z`), Date.parse(`${name}T12:00Z`)) / (60 * MINUTE);
  expect([day('2026-03-07'), day('2026-03-08'), day('2026-10-31'), day('2026-11-01')]).toEqual([2, 1, 2, 3]);
});

test('who never opens never gets there; who opens once a year does', () => {
  const closed: BusinessHours = { timeZone: 'America/Guatemala', days: Array.from({ length: 7 }, () => []), holidays: [] };
  const from = Date.parse('2026-11-23T12:00Z');
  expect(createOpenTime(closed).after(from, 1)).toBeNull();
  const once = createOpenTime({ ...closed, holidays: [{ day: '2027-10-20', name: '', parts: [{ from: '08:00', to: '09:00' }] }] });
  expect(once.after(from, 30 * MINUTE)).toBe(Date.parse('2027-10-20T14:30Z'));
  expect(once.after(from, 61 * MINUTE)).toBeNull();
  expect(createOpenTime({ ...closed, days: always }).after(from, 60 * MINUTE)).toBe(from + 60 * MINUTE);
});

test('a zone that there is not is refused', () => {
  expect(() => createOpenTime({ timeZone: 'Luna/Mar', days: always, holidays: [] })).toThrow(RangeError);
});

const weekdays = (parts: BusinessHours['days'][number]): BusinessHours['days'] => [parts, parts, parts, parts, parts, [], []];
test.each<[string, string, BusinessHours['days'], string, boolean]>([
  ['the first minute', 'America/Guatemala', weekdays([{ from: '08:00', to: '17:00' }]), '2026-11-23T08:00:00-06:00', true],
  ['the last minute', 'America/Guatemala', weekdays([{ from: '08:00', to: '17:00' }]), '2026-11-23T16:59:59-06:00', true],
  ['closing time', 'America/Guatemala', weekdays([{ from: '08:00', to: '17:00' }]), '2026-11-23T17:00:00-06:00', false],
  ['Sunday', 'America/Guatemala', weekdays([{ from: '08:00', to: '17:00' }]), '2026-11-22T10:00:00-06:00', false],
  [
    'noon between two shifts',
    'Europe/Madrid',
    weekdays([
      { from: '09:00', to: '13:00' },
      { from: '15:00', to: '19:00' },
    ]),
    '2026-11-23T14:00:00+01:00',
    false,
  ],
  [
    'the second shift',
    'Europe/Madrid',
    weekdays([
      { from: '09:00', to: '13:00' },
      { from: '15:00', to: '19:00' },
    ]),
    '2026-11-23T15:00:00+01:00',
    true,
  ],
  ['before midnight of a night shift', 'America/Guatemala', weekdays([{ from: '22:00', to: '02:00' }]), '2026-11-23T23:00:00-06:00', true],
  ['after midnight of Friday’s night shift', 'America/Guatemala', weekdays([{ from: '22:00', to: '02:00' }]), '2026-11-28T01:59:00-06:00', true],
  ['after midnight before Monday’s', 'America/Guatemala', weekdays([{ from: '22:00', to: '02:00' }]), '2026-11-23T01:00:00-06:00', false],
  ['until 24:00', 'America/Guatemala', weekdays([{ from: '08:00', to: '24:00' }]), '2026-11-23T23:59:00-06:00', true],
  ['summer in Madrid', 'Europe/Madrid', weekdays([{ from: '09:00', to: '13:00' }]), '2026-07-06T07:00:00Z', true],
  ['winter in Madrid at the same hour of UTC', 'Europe/Madrid', weekdays([{ from: '09:00', to: '13:00' }]), '2026-01-05T07:00:00Z', false],
  ['the Monday after the clocks go forward', 'America/New_York', weekdays([{ from: '09:00', to: '17:00' }]), '2026-03-09T13:00:00Z', true],
  ['the Friday before', 'America/New_York', weekdays([{ from: '09:00', to: '17:00' }]), '2026-03-06T13:00:00Z', false],
])('%s', (_, timeZone, days, iso, open) => {
  expect(createOpenTime({ timeZone, days, holidays: [] }).isOpen(Date.parse(iso))).toBe(open);
});
