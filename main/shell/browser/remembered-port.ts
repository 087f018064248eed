/**
 * The port a workspace's window was served on last. Keeping it keeps the page's origin, and with it what the browser
 * stores for the page: unfinished texts and pane widths.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { BrowserShell } from './serve.ts';

const FILE_NAME = 'window-port';

/** Starts the shell on the port of the last time, or on a free one where that is taken. */
export async function startOnRememberedPort(dataDir: string, createShell: (port: number) => BrowserShell): Promise<BrowserShell> {
  const remembered = readPortFile(dataDir);
  const shell = remembered === null ? null : await tryStart(createShell(remembered));
  const started = shell ?? createShell(0);
  if (!shell) await started.start();
  rememberPort(dataDir, started);
  return started;
}

/** @param shell has started: where it serves the window now, it will next time. */
export function rememberPort(dataDir: string, shell: Pick<BrowserShell, 'url'>): void {
  writeFileSync(path.join(dataDir, FILE_NAME), new URL(shell.url).port);
}

async function tryStart(shell: BrowserShell): Promise<BrowserShell | null> {
  try {
    await shell.start();
    return shell;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return null;
    throw error;
  }
}

function readPortFile(dataDir: string): number | null {
  try {
    const port = Number(readFileSync(path.join(dataDir, FILE_NAME), 'utf8'));
    return Number.isInteger(port) && port > 1023 && port < 65_536 ? port : null;
  } catch {
    return null;
  }
}
