/** Opens the window as an app of an installed Chrome, Chromium or Edge: no tabs, no address bar, a profile of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

export type Surroundings = { platform: NodeJS.Platform; env: NodeJS.ProcessEnv; exists(file: string): boolean };

const LINUX_NAMES = ['google-chrome-stable', 'google-chrome', 'chromium', 'chromium-browser', 'microsoft-edge-stable', 'microsoft-edge', 'brave-browser'];
const MAC_NAMES = ['Google Chrome', 'Chromium', 'Microsoft Edge', 'Brave Browser'];
const WINDOWS_FILES = [String.raw`Google\Chrome\Application\chrome.exe`, String.raw`Microsoft\Edge\Application\msedge.exe`, String.raw`BraveSoftware\Brave-Browser\Application\brave.exe`];

/** @returns the program's path, or null if there is none to be found. */
export function findBrowser({ platform, env, exists }: Surroundings): string | null {
  return candidates(platform, env).find(exists) ?? null;
}

function candidates(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string[] {
  if (platform === 'win32') {
    const folders = [env['ProgramFiles'], env['ProgramFiles(x86)'], env['LOCALAPPDATA']].filter((folder) => folder !== undefined);
    return WINDOWS_FILES.flatMap((file) => folders.map((folder) => path.win32.join(folder, file)));
  }
  if (platform === 'darwin') return MAC_NAMES.flatMap((name) => ['/Applications', path.posix.join(env['HOME'] ?? '/', 'Applications')].map((folder) => `${folder}/${name}.app/Contents/MacOS/${name}`));
  return LINUX_NAMES.flatMap((name) =>
    (env['PATH'] ?? '')
      .split(':')
      .filter(Boolean)
      .map((folder) => path.posix.join(folder, name)),
  );
}

export const hasDisplay = ({ platform, env }: Pick<Surroundings, 'platform' | 'env'>): boolean => platform === 'win32' || platform === 'darwin' || Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']);

const START_FILE = 'bandeja-start.html';

/**
 * Opens the address, with the secret, by way of a file that its owner alone can read: a command line stands in the process
 * list, where every user of this computer sees it. The file stays until `stop`, because the browser reads it when it likes.
 * @param isLockOn the browser is to keep nothing on disk.
 * @returns null if there is no browser or it did not start. The window lives on by itself; closing it does not end the engine.
 */
export async function openAppWindow(
  url: string,
  profileDir: string,
  isLockOn = false,
  surroundings: Surroundings = { platform: process.platform, env: process.env, exists: existsSync },
): Promise<{ stop(): Promise<void> } | null> {
  const browser = hasDisplay(surroundings) ? findBrowser(surroundings) : null;
  if (!browser) return null;
  const file = path.join(profileDir, START_FILE);
  const stop = (): Promise<void> => rm(file, { force: true });
  await mkdir(profileDir, { recursive: true, mode: 0o700 });
  // A file of an interrupted run keeps its mode.
  await stop();
  await writeFile(file, `<!doctype html><meta charset="utf-8"><title>Bandeja</title><script>location.replace(${JSON.stringify(url)})</script>`, { mode: 0o600 });
  // Chromium refuses to run as root with its sandbox; --test-type hides the warning about that.
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox', '--test-type'] : [];
  const child = spawn(
    browser,
    [
      `--app=${pathToFileURL(file).href}`,
      `--user-data-dir=${profileDir}`,
      '--no-first-run',
      '--no-default-browser-check',
      '--disable-features=Translate',
      '--window-size=1360,860',
      ...(isLockOn ? ['--incognito', '--inprivate'] : []),
      ...asRoot,
    ],
    { stdio: 'ignore', detached: true },
  );
  child.unref();
  try {
    await once(child, 'spawn');
    return { stop };
  } catch {
    await stop();
    return null;
  }
}
