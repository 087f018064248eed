import { expect, test } from 'vitest';
import { DEFAULT_BUSINESS_HOURS } from '../../../../contract/rules/business-hours.ts';
import { readOpenNow } from '../../../../main/engine/hours/open-now.ts';

/** By the clock of Guatemala, UTC-6 all year. */
const at = (text: string): number => Date.parse(`${text}:00-06:00`);
const WHOLE_DAY = [{ from: '00:00', to: '24:00' }];

test('says when it closes or opens next, and that it never does', () => {
  expect(readOpenNow(DEFAULT_BUSINESS_HOURS, at('2026-11-23T10:00'))).toEqual({ isOpen: true, changesAt: at('2026-11-23T17:00') });
  expect(readOpenNow(DEFAULT_BUSINESS_HOURS, at('2026-11-21T10:00'))).toEqual({ isOpen: false, changesAt: at('2026-11-23T08:00') });
  const holiday = { ...DEFAULT_BUSINESS_HOURS, holidays: [{ day: '2026-11-23', name: '', parts: [] }] };
  expect(readOpenNow(holiday, at('2026-11-22T10:00'))).toEqual({ isOpen: false, changesAt: at('2026-11-24T08:00') });
  expect(readOpenNow({ ...DEFAULT_BUSINESS_HOURS, days: Array.from({ length: 7 }, () => WHOLE_DAY) }, at('2026-11-23T10:00'))).toEqual({ isOpen: true, changesAt: null });
  expect(readOpenNow({ ...DEFAULT_BUSINESS_HOURS, days: Array.from({ length: 7 }, () => []) }, at('2026-11-23T10:00'))).toEqual({ isOpen: false, changesAt: null });
  expect(() => readOpenNow({ ...DEFAULT_BUSINESS_HOURS, timeZone: 'Marte/Olimpo' }, 0)).toThrow('cannot be used');
});
