import { AppError } from '../../../contract/app-error.ts';
import type { BusinessHours } from '../../../contract/rules/business-hours.ts';
import { findHoursProblems } from '../../../contract/rules/hours-problems.ts';
import { createOpenTime } from './open-time.ts';
import { DAY_MS } from './zone.ts';

/** What stays open for longer than this never closes. */
const NEVER_CLOSES_MS = 14 * DAY_MS;

/** Whether the business is open at `now` (ms), and when that changes; `changesAt` null: not any more. @throws AppError INVALID_INPUT for hours with problems (`hours-problems.ts`) */
export function readOpenNow(hours: BusinessHours, now: number): { isOpen: boolean; changesAt: number | null } {
  if (findHoursProblems(hours).length > 0) throw new AppError('INVALID_INPUT', 'these hours cannot be used');
  const open = createOpenTime(hours);
  if (!open.isOpen(now)) {
    const firstMs = open.after(now, 1);
    return { isOpen: false, changesAt: firstMs === null ? null : firstMs - 1 };
  }
  const isOpenFor = (ms: number): boolean => open.between(now, now + ms) === ms;
  if (isOpenFor(NEVER_CLOSES_MS)) return { isOpen: true, changesAt: null };
  // Open for all of `low`, not for all of `high`.
  let [low, high] = [0, NEVER_CLOSES_MS];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isOpenFor(middle)) low = middle;
    else high = middle;
  }
  return { isOpen: true, changesAt: now + low };
}
