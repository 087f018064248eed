/** Times as people read them: a wrong day or an afternoon that looks like a morning costs an agent the customer's window. */
import { describe, expect, test } from 'vitest';
import { createFormats } from '../../../renderer/i18n/format.ts';

const es = createFormats('es', 'America/Guatemala');
const en = createFormats('en', 'America/Guatemala');
const at = (iso: string): number => Date.parse(`${iso}-06:00`);
const NOW = at('2026-11-22T15:04:00');

describe('relative', () => {
  test.each([
    ['2026-11-22T14:05:00', '14:05', '14:05'],
    ['2026-11-22T00:00:00', '00:00', '00:00'],
    ['2026-11-21T23:59:00', 'ayer', 'yesterday'],
    ['2026-11-20T10:00:00', 'vie', 'Fri'],
    ['2026-11-16T10:00:00', 'lun', 'Mon'],
    ['2026-11-15T10:00:00', '15 nov', '15 Nov'],
    ['2025-12-31T10:00:00', '31 dic 2025', '31 Dec 2025'],
    // A clock that runs ahead must not say tomorrow.
    ['2026-11-23T09:00:00', '09:00', '09:00'],
  ])('%s → %s · %s', (time, spanish, english) => {
    expect(es.relative(at(time), NOW)).toBe(spanish);
    expect(en.relative(at(time), NOW)).toBe(english);
  });
});

test('days', () => {
  expect(es.day(NOW, NOW)).toBe('Hoy');
  expect(en.day(at('2026-11-21T10:00:00'), NOW)).toBe('Yesterday');
  expect(es.day(at('2026-11-16T10:00:00'), NOW)).toBe('Lunes, 16 de noviembre');
  expect(en.day(at('2025-11-16T10:00:00'), NOW)).toBe('Sunday, 16 November 2025');
});

test('the clock has 24 hours in both languages', () => {
  expect(es.clock(at('2026-11-22T21:07:09'))).toBe('21:07');
  expect(en.clock(at('2026-11-22T00:07:09'))).toBe('00:07');
  expect(es.exactShort(at('2026-11-22T21:07:09'))).toBe('22 nov, 21:07:09');
});

test('a span of time names its units', () => {
  const hour = 3_600_000;
  expect([1_488 * hour, 70 * hour + 13 * 60_000, 2 * hour + 16 * 60_000, 9 * hour, 35 * 60_000, 0].map(es.span)).toEqual(['62 días', '70 h', '2 h 16 min', '9 h', '35 min', '0 min']);
});

test('the time left is rounded up and never shows a closed window as open', () => {
  const hour = 3_600_000;
  expect(es.left(24 * hour)).toBe('24:00');
  expect(es.left(23 * hour + 58 * 60_000 + 1)).toBe('23:59');
  expect(es.left(hour)).toBe('1:00');
  expect(es.left(59 * 60_000)).toBe('59 min');
  expect(es.left(119_001)).toBe('2 min');
  expect(es.left(95_000)).toBe('95 s');
  expect(es.left(0)).toBe('0 s');
  expect(es.left(-5)).toBe('0 s');
});

test('days are counted right across the change of the clock', () => {
  const madrid = createFormats('es', 'Europe/Madrid');
  // 29 March 2026 has 23 hours there.
  expect(madrid.dayNumber(Date.parse('2026-03-30T00:30:00+02:00')) - madrid.dayNumber(Date.parse('2026-03-28T23:30:00+01:00'))).toBe(2);
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_500, '1.5 KB'],
  [245_000, '245 KB'],
  [999_600, '1 MB'],
  [2_430_000, '2.4 MB'],
  [99_000_000, '99 MB'],
])('%i bytes are %s', (bytes, text) => expect(es.bytes(bytes)).toBe(text));

test.each([
  [0, '0:00'],
  [7_400, '0:07'],
  [59_600, '1:00'],
  [3_723_000, '1:02:03'],
])('a recording of %i ms lasts %s', (ms, text) => expect(es.length(ms)).toBe(text));

test('an amount has its currency, also one that nobody knows', () => {
  expect(es.money(1250.5, 'GTQ')).toMatch(/^Q.1,250\.50$/);
  expect(es.money(5, 'PUNTOS')).toBe('5.00 PUNTOS');
  expect(es.money(5, null)).toBe('5.00');
});
