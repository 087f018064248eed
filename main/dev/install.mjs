/** Brings node_modules up to package-lock.json, only when they differ. Plain JavaScript that Node 20 understands. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './need-node.mjs';

export function installIfNeeded() {
  if (isInstalled()) return;
  console.error('Installing what Bandeja needs (npm ci), about half a minute…');
  // Said outright, because NODE_ENV=production or a setting of npm's leaves them out. On Windows npm is a script, which only a shell can start.
  const { status } = spawnSync('npm', ['ci', '--include=dev', '--include=optional'], { cwd: ROOT, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  if (status === 0) return;
  console.error('The installation failed (the reason is above). With a network connection, run "npm ci" and start again.');
  process.exit(1);
}

/** Compares versions, not file times: a checkout or a copy changes the times and nothing else. */
function isInstalled() {
  try {
    const wanted = readLock('package-lock.json');
    const present = readLock('node_modules/.package-lock.json');
    return Object.entries(wanted).every(([name, entry]) => name === '' || present[name]?.version === entry.version || (!present[name] && entry.optional));
  } catch {
    return false;
  }
}

const readLock = (file) => JSON.parse(readFileSync(path.join(ROOT, file), 'utf8')).packages;
