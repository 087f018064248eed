/** Starts the demo, or a colleague's desktop on it, for a shell. Invariant: what is open in another program is neither reset nor started twice. */
import { existsSync } from 'node:fs';
import type { Log } from '../../contract/log.ts';
import { errorText } from '../../contract/log.ts';
import { colleagueDataDir, demoDataDir, demoDataDirs, resetDemo } from '../demo/demo-folder.ts';
import type { Colleague } from '../demo/demo-team.ts';
import { joinRunningDemo, NOT_RUNNING, startDemoWorkspace, type DemoDesktop } from '../demo/demo-workspace.ts';
import { acquireFolderLock } from '../engine/engine.ts';
import type { ForkProgram } from './child-program.ts';
import type { DemoOptions } from './demo-options.ts';
import { furnishDemo } from './furnish-demo.ts';

/** @throws Error with a text for people. */
export async function openDemo({ dir, colleague, isReset }: DemoOptions & { dir: string }, fork: ForkProgram, log: Log): Promise<DemoDesktop> {
  if (colleague) return openColleague(dir, colleague, fork, log);
  // Only asked for here: the engine takes it for itself, and Windows deletes no folder with an open file.
  for (const dataDir of isReset ? demoDataDirs(dir) : [demoDataDir(dir)]) requireNotOpen(dataDir);
  if (isReset) resetDemo(dir);
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

async function openColleague(dir: string, colleague: Colleague, fork: ForkProgram, log: Log): Promise<DemoDesktop> {
  // The lock tells: a demo that was killed leaves its note behind.
  if (!existsSync(demoDataDir(dir)) || !isOpen(demoDataDir(dir))) throw new Error(NOT_RUNNING);
  requireNotOpen(colleagueDataDir(dir, colleague));
  return joinRunningDemo(dir, colleague, fork, log);
}

const requireNotOpen = (dataDir: string): void => acquireFolderLock(dataDir).release();

function isOpen(dataDir: string): boolean {
  try {
    requireNotOpen(dataDir);
    return false;
  } catch {
    return true;
  }
}
