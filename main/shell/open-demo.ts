/** Starts the demo, or a colleague's desktop on it, for a shell. Invariant: what is open in another program is neither reset nor started twice. */
import { existsSync } from 'node:fs';
import type { Log } from '../../contract/log.ts';
import { errorText } from '../../contract/log.ts';
import { colleagueDataDir, demoDataDir, demoDataDirs, readDemoState, resetDemo, writeDemoState } from '../demo/demo-folder.ts';
import type { Colleague } from '../demo/demo-team.ts';
import { joinRunningDemo, NOT_RUNNING, preparePast, readOrMakeState, startDemoWorkspace, type DemoDesktop } from '../demo/demo-workspace.ts';
import type { ForkProgram } from './child-program.ts';
import type { DemoOptions } from './demo-options.ts';
import { requireDemoFolder } from './demo-apart.ts';
import { isOpen, requireNotOpen } from './demo-open.ts';
import { furnishDemo } from './furnish-demo.ts';
import { livePast } from './live-past.ts';

/** @throws Error with a text for people. */
export async function openDemo({ dir, colleague, isReset, hasPast }: DemoOptions & { dir: string }, fork: ForkProgram, log: Log): Promise<DemoDesktop> {
  requireDemoFolder(dir);
  if (colleague) return openColleague(dir, colleague, fork, log);
  const startsOver = isReset || hasLostKey(dir);
  // Only asked for here: the engine takes it for itself, and Windows deletes no folder with an open file.
  for (const dataDir of startsOver ? demoDataDirs(dir) : [demoDataDir(dir)]) requireNotOpen(dataDir);
  if (startsOver) resetDemo(dir);
  if (hasPast) await makePast(dir, fork, log);
  const demo = await startDemoWorkspace(dir, fork, log);
  if (demo.hasTeam) return demo;
  try {
    demo.noteTeam(await furnishDemo(dir, demo, log));
  } catch (error) {
    // The inbox works without; the next start tries again.
    log('warn', 'demo.no_team', { error: errorText(error) });
  }
  return demo;
}

/** Whoever deleted its desktop has deleted the key of its log: there is nothing left to open. */
const hasLostKey = (dir: string): boolean => readDemoState(dir)?.hasJoined === true && !existsSync(demoDataDir(dir));

/** Once, in a new demo. Without it there is less to see, and nothing is missing. */
async function makePast(dir: string, fork: ForkProgram, log: Log): Promise<void> {
  const known = readDemoState(dir);
  if (known !== null && known.past !== 'begun') return;
  resetDemo(dir);
  const state = readOrMakeState(dir);
  writeDemoState(dir, { ...state, past: 'begun' });
  const isTerminal = process.stderr.isTTY;
  // One line is written over and over; where that cannot be, it is said once.
  const say = (text: string): void => void (isTerminal && process.stderr.write(`\r${text}`));
  if (!isTerminal) process.stderr.write('Making the demo: its last sixty days, half a minute at most…\n');
  try {
    const past = await preparePast(dir, state, fork, log);
    await livePast({ ...past, dir, log, onProgress: (share) => say(`Making the demo: its last sixty days, ${Math.round(share * 100)} %`) });
    writeDemoState(dir, { ...state, hasJoined: true, past: 'lived' });
  } catch (error) {
    log('warn', 'demo.no_past', { error: errorText(error) });
    resetDemo(dir);
  } finally {
    say(' '.repeat(60) + '\r');
  }
}

async function openColleague(dir: string, colleague: Colleague, fork: ForkProgram, log: Log): Promise<DemoDesktop> {
  // The lock tells: a demo that was killed leaves its note behind.
  if (!existsSync(demoDataDir(dir)) || !isOpen(demoDataDir(dir))) throw new Error(NOT_RUNNING);
  requireNotOpen(colleagueDataDir(dir, colleague));
  return joinRunningDemo(dir, colleague, fork, log);
}
