import { expect, it } from 'vitest';
import { createReports } from '../../../../main/engine/reports/reports.ts';

it.each([
  ['ends before it begins', { from: '2026-11-02', to: '2026-11-01' }],
  ['is longer than three years', { from: '2020-01-01', to: '2026-01-01' }],
  // Asking Intl for the clocks of so many days takes seconds, in which nothing else would go on.
  ['has a year that is being typed', { from: '0202-11-01', to: '0202-11-02' }],
  ['lies far ahead', { from: '9999-11-01', to: '9999-11-02' }],
])('a period that %s is refused before anything is counted', (_, period) => {
  const reports = createReports({} as never);
  expect(() => reports.get({ ...period, compare: 'none' })).toThrow(expect.objectContaining({ code: 'REPORT_PERIOD_INVALID' }));
  expect(() => reports.get({ from: '2026-11-01', to: '2026-11-02', compare: period })).toThrow(expect.objectContaining({ code: 'REPORT_PERIOD_INVALID' }));
});
