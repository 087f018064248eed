/** The most memory that this process had since `forgetPeak`, as Linux counts it (proc(5), `VmHWM`; 5 in `clear_refs` starts it anew). */
import { readFileSync, writeFileSync } from 'node:fs';

const KIB_PER_MIB = 1024;

export function forgetPeak(): void {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // then it is the most since the process began
  }
}

/** MiB; null where there is no `/proc`. */
export const readPeakMb = (): number | null => readStatus('self', 'VmHWM');

/** Of another process, now; null where there is no `/proc`, or no such process. */
export const readMemoryMb = (pid: number): number | null => readStatus(String(pid), 'VmRSS');

function readStatus(pid: string, field: string): number | null {
  try {
    const kib = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kib === undefined ? null : Number(kib) / KIB_PER_MIB;
  } catch {
    return null;
  }
}
