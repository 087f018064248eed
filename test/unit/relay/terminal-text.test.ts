/** How the relay's command line says times, amounts and tables. */
import { expect, it } from 'vitest';
import { alignColumns, describeBytes, describeCount, describeTime, desktopName, listOf } from '../../../webhook-relay/terminal-text.ts';

const NOW = Date.UTC(2027, 0, 31, 14, 5, 30);
const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];

it.each([
  [0, 'just now, 2027-01-31 14:05 UTC'],
  [-59_999, 'just now, 2027-01-31 14:04 UTC'],
  [-MINUTE, '1 minute ago, 2027-01-31 14:04 UTC'],
  [-59 * MINUTE, '59 minutes ago, 2027-01-31 13:06 UTC'],
  [-HOUR, '1 hour ago, 2027-01-31 13:05 UTC'],
  [-(DAY - 1), '23 hours ago, 2027-01-30 14:05 UTC'],
  [-DAY, '1 day ago, 2027-01-30 14:05 UTC'],
  [-400 * DAY, '400 days ago, 2025-12-27 14:05 UTC'],
  [7 * DAY - 20, 'in 7 days, 2027-02-07 14:05 UTC'],
  [2 * HOUR, 'in 2 hours, 2027-01-31 16:05 UTC'],
])('a time %d ms from now is said both ways', (distance, said) => {
  expect(describeTime(NOW + distance, NOW)).toBe(said);
});

it('columns begin below each other, also with letters that are two code units; nothing trails', () => {
  const lines = alignColumns([
    ['PERSON', 'ROLE', 'ID'],
    ['Ana 🌵', 'admin', 'a'],
    ['Bo', 'agent', ''],
  ]);
  expect(lines).toEqual(['PERSON  ROLE   ID', 'Ana 🌵   admin  a', 'Bo      agent']);
  expect(alignColumns([])).toEqual([]);
});

it('amounts, lists and names', () => {
  expect([describeBytes(0), describeBytes(1), describeBytes(3_400_000), describeBytes(2.5e9)]).toEqual(['0 kB', '1 kB', '3.4 MB', '2.5 GB']);
  expect([describeCount(1, 'desktop'), describeCount(2, 'desktop'), describeCount(0, 'entry', 'entries')]).toEqual(['1 desktop', '2 desktops', '0 entries']);
  expect([listOf([]), listOf(['a']), listOf(['a', 'b', 'c']), listOf(['a', 'b', 'c', 'd'], 2)]).toEqual(['', 'a', 'a, b and c', 'a, b and 2 more']);
  expect(desktopName({ agentName: 'Eve\n', name: '\u{1b}[2K' })).toBe('Eve\u{FFFD} (\u{FFFD}[2K)');
});
