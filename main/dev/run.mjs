/**
 * `node main/dev/run.mjs ENTRY.ts ARGS…`: runs one of the TypeScript programs from any Node, in this process if it is
 * new enough. The entry sees itself as the main module (`import.meta.main`, `process.argv`).
 */
import Module from 'node:module';
import path from 'node:path';
import { installIfNeeded } from './install.mjs';
import { findNode, ROOT, runInPlace } from './need-node.mjs';
import { onNpmGone } from './watch-npm.mjs';

const [entry, ...args] = process.argv.slice(2);
if (!entry) {
  console.error('Usage: node main/dev/run.mjs ENTRY.ts ARGS…');
  process.exit(2);
}
installIfNeeded();
const node = findNode();
if (node === process.execPath) {
  onNpmGone(() => process.kill(process.pid, 'SIGTERM'));
  Module.enableCompileCache();
  process.argv = [node, path.resolve(ROOT, entry), ...args];
  Module.runMain();
} else {
  runInPlace(node, [path.resolve(ROOT, entry), ...args]);
}
