/** Starts the demo for a shell. Invariant: a demo that is open in another program is neither reset nor started twice. */
import type { Log } from '../../contract/log.ts';
import { demoDataDir, resetDemo, startDemoWorkspace, type DemoWorkspace } from '../demo/demo-workspace.ts';
import { acquireFolderLock } from '../engine/engine.ts';
import type { ForkProgram } from './child-program.ts';

/** @throws Error with a text for people. */
export async function openDemo(dir: string, isReset: boolean, fork: ForkProgram, log: Log): Promise<DemoWorkspace> {
  // Only asked for here: the engine takes it for itself, and Windows deletes no folder with an open file.
  acquireFolderLock(demoDataDir(dir)).release();
  if (isReset) resetDemo(dir);
  return startDemoWorkspace(dir, fork, log);
}
