/** Builds `out/` when something it is made of has changed since. Plain JavaScript that Node 20 understands. */
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './need-node.mjs';

const SOURCES = ['contract', 'main', 'renderer', 'webhook-relay', 'package.json', 'package-lock.json', 'tsconfig.json', 'vite.config.ts'];

/** @param node a Node 24 */
export function buildIfStale(node) {
  if (builtAt() > Math.max(...SOURCES.map((source) => newestChange(path.join(ROOT, source))))) return;
  console.error('Building the window, a few seconds…');
  const { status } = spawnSync(node, [path.join(ROOT, 'node_modules/vite/bin/vite.js'), 'build', '--app', '--logLevel', 'warn'], { cwd: ROOT, stdio: ['ignore', 2, 2] });
  if (status === 0) return;
  console.error('The build failed (the reason is above).');
  process.exit(1);
}

/** When the last complete build began; vite.config.ts writes this file at its end. */
function builtAt() {
  return statSync(path.join(ROOT, 'out/built'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** Folders count too: their time changes when a file in them goes away. */
function newestChange(file) {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(file).map((name) => newestChange(path.join(file, name))));
}
