import { expect, test } from 'vitest';
import { findBrowser, hasDisplay } from '../../../main/shell/browser/open-app-window.ts';

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
