/**
 * Notices that npm is gone. npm runs a script in a shell (npm → sh → us) and passes on SIGTERM only to that shell; killed
 * itself (SIGKILL) it passes on nothing, and the shell waits for us. Plain JavaScript that Node 20 understands.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const LOOK_EVERY_MS = 250;
/** As npm calls it: `sh -c <the script>`. */
const SHELL_COMMAND = /^(\S*\/)?(a|ba|da|k|z)?sh -c /;

/** Calls `end` once when the npm that started this process has gone. Without npm a lost parent means nothing (nohup, daemons). */
export function onNpmGone(end) {
  if (!process.env['npm_lifecycle_event']) return;
  const parent = process.ppid;
  const npm = findNpm(parent);
  const timer = setInterval(() => {
    if (process.ppid === parent && isAlive(npm)) return;
    clearInterval(timer);
    end();
  }, LOOK_EVERY_MS);
  timer.unref();
}

/** Where npm's shell has made way for us, or nothing can be learned about it, our parent counts as npm: its own parent may be anything. */
function findNpm(parent) {
  try {
    const { ppid, command } = process.platform === 'linux' ? readProc(parent) : askPs(parent);
    return SHELL_COMMAND.test(command) && ppid > 1 ? ppid : parent;
  } catch {
    return parent;
  }
}

function readProc(pid) {
  const ppid = Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  return { ppid, command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ') };
}

function askPs(pid) {
  const [, ppid, command] = /^\s*(\d+)\s+(.*)/.exec(execFileSync('ps', ['-o', 'ppid=,command=', '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  return { ppid: Number(ppid), command };
}

/** Signal 0 only asks. EPERM: it lives, as another user. */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
