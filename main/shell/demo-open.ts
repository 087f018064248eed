/** What of the demo is open in a program. */
import { existsSync } from 'node:fs';
import { demoDataDir, demoDataDirs } from '../demo/demo-folder.ts';
import { acquireFolderLock } from '../engine/engine.ts';

/** @throws Error with a text for people when it is. */
export const requireNotOpen = (dataDir: string): void => acquireFolderLock(dataDir).release();

export function isOpen(dataDir: string): boolean {
  try {
    requireNotOpen(dataDir);
    return false;
  } catch {
    return true;
  }
}

/** Whether nothing is open but the demo's own desktop. */
export const isAlone = (dir: string): boolean => demoDataDirs(dir).every((dataDir) => dataDir === demoDataDir(dir) || !existsSync(dataDir) || !isOpen(dataDir));
