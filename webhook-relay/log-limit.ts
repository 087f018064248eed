/** Keeps the log readable when strangers knock: everybody may cause these lines, so each kind of them is limited. */
import type { Log } from '../contract/log.ts';

const LINES_MAX = 20;
const WINDOW_MS = 60_000;

/** @returns a log that passes on at most 20 lines of each event a minute; the next one after that tells how many were left out. */
export function createLogLimit(log: Log, now: () => number): Log {
  const windows = new Map<string, { endsAt: number; lines: number; suppressed: number }>();
  return (level, event, fields) => {
    const before = windows.get(event);
    const isOver = before === undefined || before.endsAt <= now();
    const current = isOver ? { endsAt: now() + WINDOW_MS, lines: 0, suppressed: 0 } : before;
    windows.set(event, current);
    if (current.lines >= LINES_MAX) {
      current.suppressed += 1;
      return;
    }
    current.lines += 1;
    const suppressed = isOver ? (before?.suppressed ?? 0) : 0;
    log(level, event, suppressed > 0 ? { ...fields, suppressed } : fields);
  };
}
