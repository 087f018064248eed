/** What "later", "tomorrow" and "Monday" mean: a wrong one brings a customer back in the night, or not at all. */
import { expect, test } from 'vitest';
import { fromLocalInput, snoozeTimes, toLocalInput } from '../../../renderer/conversation/snooze-times.ts';

/** In whatever time zone the tests run. */
const local = (iso: string): number => new Date(iso).getTime();
const offered = (iso: string): string[] => snoozeTimes(local(iso)).map(({ key, at }) => `${key} ${toLocalInput(at)}`);

test('on a Wednesday morning: the afternoon, tomorrow at nine, next Monday at nine', () =>
  expect(offered('2026-11-18T09:20')).toEqual(['later 2026-11-18T12:00', 'tomorrow 2026-11-19T09:00', 'monday 2026-11-23T09:00']));

test('in the evening there is no later today', () => expect(offered('2026-11-18T16:01')).toEqual(['tomorrow 2026-11-19T09:00', 'monday 2026-11-23T09:00']));

test('near midnight later is not tomorrow', () => expect(offered('2026-11-18T22:30')[0]).toBe('tomorrow 2026-11-19T09:00'));

test('on a Sunday tomorrow is Monday, once; on a Monday the next one is meant', () => {
  expect(offered('2026-11-22T20:00')).toEqual(['tomorrow 2026-11-23T09:00']);
  expect(offered('2026-11-23T20:00')).toEqual(['tomorrow 2026-11-24T09:00', 'monday 2026-11-30T09:00']);
});

test('an own moment is read in local time; nothing is no moment', () => {
  const at = local('2026-12-31T23:59');
  expect(fromLocalInput(toLocalInput(at))).toBe(at);
  expect(fromLocalInput('')).toBeNull();
});
