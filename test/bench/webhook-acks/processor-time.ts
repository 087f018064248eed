/** Processor time of another process. It says what a server costs even while others use the machine, when rates do not. */
import { readFileSync } from 'node:fs';

/** Linux counts in hundredths of a second (proc(5), `utime` and `stime`; sysconf(_SC_CLK_TCK) is 100 on every common build). */
const TICK_MS = 10;

/** In milliseconds since the process began; null where there is no `/proc`. */
export function readProcessorTime(pid: number): number | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' '); // the name before may hold spaces
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  } catch {
    return null;
  }
}
