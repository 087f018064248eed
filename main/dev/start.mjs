/**
 * `npm start`: from a fresh clone to an open window. Installs and builds what is missing, then opens the demo workspace
 * (or `--data-dir DIR` a real one, or `--as NAME` a colleague's desktop on the demo that runs) in Electron, or in the browser shell where Electron cannot be had, and says which.
 * Plain JavaScript without dependencies that Node 20 understands.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { buildIfStale } from './build-if-stale.mjs';
import { installIfNeeded } from './install.mjs';
import { findNode, ROOT, runInPlace } from './need-node.mjs';

const ELECTRON_DOWNLOAD_MS = 20_000;
const ELECTRON_DIR = path.join(ROOT, 'node_modules/electron');

const given = process.argv.slice(2);
const has = (flag) => given.some((argument) => argument === flag || argument.startsWith(`${flag}=`));
const args = has('--data-dir') || has('--demo') || has('--help') ? given : ['--demo', ...given];

installIfNeeded();
const node = findNode();
buildIfStale(node);

const { electron, reason } = chooseShell();
if (electron) {
  say('Opened in Electron.');
  runInPlace(electron, [ROOT, ...args], () => openBrowserShell('Electron ended at once (its own message is above)'));
} else {
  openBrowserShell(reason);
}

function openBrowserShell(why) {
  say(`Opened in the browser shell: ${why}.`);
  runInPlace(node, [path.join(ROOT, 'main/shell/browser/cli.ts'), ...args]);
}

/** Left to the program that opens the window, which says it once it is ready. */
function say(note) {
  process.env['BANDEJA_START_NOTE'] = note;
}

function chooseShell() {
  if (has('--help')) return { reason: 'only the help is wanted' };
  if (has('--no-open')) return { reason: 'no window is wanted (--no-open)' };
  if (has('--port')) return { reason: 'a port is asked for (--port), which Electron has no use for' };
  if (process.env['CI']) return { reason: 'this runs in CI' };
  if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) return { reason: 'there is no display' };
  if (process.getuid?.() === 0) return { reason: 'Electron does not run as root' };
  if (!electronBinary()) {
    console.error('Fetching Electron, at most 20 seconds…');
    spawnSync(node, [path.join(ELECTRON_DIR, 'install.js')], { stdio: 'ignore', timeout: ELECTRON_DOWNLOAD_MS });
  }
  const electron = electronBinary();
  return electron ? { electron } : { reason: "Electron's program is not there and could not be fetched" };
}

/** Electron's installer names the program in path.txt once it is unpacked. */
function electronBinary() {
  const note = path.join(ELECTRON_DIR, 'path.txt');
  if (!existsSync(note)) return null;
  const binary = path.join(ELECTRON_DIR, 'dist', readFileSync(note, 'utf8').trim());
  return existsSync(binary) ? binary : null;
}
