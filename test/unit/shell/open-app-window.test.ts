import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { findBrowser, hasDisplay, openAppWindow } from '../../../main/shell/browser/open-app-window.ts';

const only = (file: string) => (candidate: string) => candidate === file;

test.each([
  ['linux', { PATH: '/usr/local/bin:/usr/bin' }, '/usr/bin/chromium'],
  ['linux', { PATH: '/opt/bin::/usr/bin' }, '/usr/bin/google-chrome-stable'],
  ['darwin', { HOME: '/Users/ana' }, '/Users/ana/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'],
  ['darwin', { HOME: '/Users/ana' }, '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge'],
  ['win32', { 'ProgramFiles(x86)': String.raw`C:\Program Files (x86)` }, String.raw`C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe`],
] as const)('on %s with %j it finds %s', (platform, env, file) => {
  expect(findBrowser({ platform, env, exists: only(file) })).toBe(file);
  expect(findBrowser({ platform, env, exists: () => false })).toBeNull();
});

test('on Linux a window needs a display', () => {
  expect(hasDisplay({ platform: 'linux', env: {} })).toBe(false);
  expect(hasDisplay({ platform: 'linux', env: { WAYLAND_DISPLAY: 'wayland-0' } })).toBe(true);
  expect(hasDisplay({ platform: 'win32', env: {} })).toBe(true);
});

describe.skipIf(process.platform === 'win32')('opening', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'bandeja-window-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const url = 'http://127.0.0.1:1/#k=the-secret';
  const profileDir = path.join(folder, 'profile');
  const browser = path.join(folder, 'chromium');
  /** A browser of ours in place of an installed one. */
  const surroundings = { platform: 'linux' as const, env: { PATH: folder, DISPLAY: ':0' }, exists: existsSync };

  test("the secret stands in a file for its owner only, not in the browser's command line, and is gone after the end", async () => {
    const seen = path.join(folder, 'seen');
    writeFileSync(browser, `#!/bin/sh\nprintf '%s\\n' "$@" > '${seen}.new' && mv '${seen}.new' '${seen}'\n`);
    chmodSync(browser, 0o755);
    const window = await openAppWindow(url, profileDir, false, surroundings);
    await expect.poll(() => existsSync(seen)).toBe(true);
    const args = readFileSync(seen, 'utf8');
    expect(args).not.toContain('the-secret');
    const page = fileURLToPath(/^--app=(file:.*)$/m.exec(args)![1]!);
    expect(statSync(page).mode & 0o777).toBe(0o600);
    expect(readFileSync(page, 'utf8')).toContain(JSON.stringify(url));
    await window!.stop();
    expect(existsSync(page)).toBe(false);
  });

  test('a browser that does not start is no window', async () => {
    writeFileSync(browser, 'no program');
    chmodSync(browser, 0o644);
    expect(await openAppWindow(url, profileDir, false, surroundings)).toBeNull();
    expect(existsSync(path.join(profileDir, 'bandeja-start.html'))).toBe(false);
  });
});
