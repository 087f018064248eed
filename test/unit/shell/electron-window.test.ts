/** The Electron shell's hardening, asserted on what it asks of Electron: a change that opens the window to a page fails here. */
import path from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';

vi.mock('electron', () => import('../../electron/electron.ts'));
const { app, calls, session, standIn, BrowserWindow } = await import('../../electron/electron.ts');
const { APP_URL } = await import('../../../main/shell/electron/app-protocol.ts');
const { guardNavigation, guardPermissions } = await import('../../../main/shell/electron/guards.ts');

/** The arguments of the last call; fails if there was none. */
const lastCall = (api: string): unknown[] => {
  const found = calls.findLast((call) => call.api === api);
  if (!found) throw new Error(`${api} was not called`);
  return found.args;
};
const countCalls = (api: string): number => calls.filter((call) => call.api === api).length;

describe('window', () => {
  let window: InstanceType<typeof BrowserWindow>;
  beforeAll(async () => {
    guardNavigation();
    const { openWindow } = await import('../../../main/shell/electron/window.ts');
    // Nothing answers app:// here, which does not matter for how the window was made.
    await openWindow().catch(() => undefined);
    window = BrowserWindow.getAllWindows()[0]!;
  });

  test('the page runs sandboxed, isolated and without Node', () => {
    const [{ webPreferences }] = lastCall('BrowserWindow') as [{ webPreferences: Record<string, unknown> }];
    expect(webPreferences).toMatchObject({ contextIsolation: true, sandbox: true, nodeIntegration: false, webSecurity: true, webviewTag: false });
    expect(path.basename(String(webPreferences['preload']))).toBe('preload.cjs');
    expect(lastCall('window.loadURL')).toEqual([APP_URL]);
  });

  test('no page opens a window; web links go to the browser, other schemes nowhere', () => {
    const [handler] = lastCall('webContents.setWindowOpenHandler') as [(details: { url: string }) => { action: string }];
    expect(handler({ url: 'https://example.com/a' })).toEqual({ action: 'deny' });
    expect(lastCall('shell.openExternal')).toEqual(['https://example.com/a']);
    const opened = countCalls('shell.openExternal');
    for (const url of ['ftp://example.com', 'file:///etc/passwd', 'ms-settings:', 'javascript:alert(1)', 'no url']) expect(handler({ url })).toEqual({ action: 'deny' });
    expect(countCalls('shell.openExternal')).toBe(opened);
  });

  test.each([
    ['app://bandeja/settings', false],
    ['https://example.com/', true],
    ['app://bandeja.example.com/', true],
    ['app://other/', true],
    ['file:///etc/passwd', true],
    ['data:text/html,x', true],
  ])('navigating to %s is denied: %s', (url, isDenied) => {
    for (const event of ['will-navigate', 'will-redirect']) {
      const preventDefault = vi.fn();
      window.webContents.emit(event, { url, preventDefault });
      expect(preventDefault).toHaveBeenCalledTimes(isDenied ? 1 : 0);
    }
  });

  test('webviews are denied', () => {
    const preventDefault = vi.fn();
    window.webContents.emit('will-attach-webview', { preventDefault });
    expect(preventDefault).toHaveBeenCalledOnce();
  });
});

describe('permissions', () => {
  const appPage = { getURL: () => APP_URL };
  const otherPage = { getURL: () => 'https://example.com/' };
  guardPermissions(session.defaultSession as never);
  const [request] = lastCall('session.setPermissionRequestHandler') as [(contents: unknown, permission: string, answer: (isGranted: boolean) => void, details: object) => void];
  const [check] = lastCall('session.setPermissionCheckHandler') as [(contents: unknown, permission: string, origin: string, details: object) => boolean];
  const ask = (page: unknown, permission: string, details: object = { isMainFrame: true }): boolean | undefined => {
    let answer: boolean | undefined;
    request(page, permission, (isGranted) => (answer = isGranted), details);
    return answer;
  };

  test.each(['media', 'geolocation', 'midi', 'hid', 'usb', 'serial', 'fileSystem', 'display-capture', 'clipboard-read', 'openExternal', 'notifications', 'something-new'])(
    '%s is denied, asked for or checked',
    (permission) => {
      expect(ask(appPage, permission)).toBe(false);
      expect(check(null, permission, 'app://bandeja', {})).toBe(false);
    },
  );

  test.each(['clipboard-sanitized-write'])('%s is for our own page only', (permission) => {
    expect(ask(appPage, permission)).toBe(true);
    expect(ask(otherPage, permission)).toBe(false);
    expect(check(null, permission, 'app://bandeja', {})).toBe(true);
    expect(check(null, permission, 'https://example.com', {})).toBe(false);
  });
});

describe('the microphone', () => {
  guardPermissions(session.defaultSession as never);
  const [request] = lastCall('session.setPermissionRequestHandler') as [(contents: unknown, permission: string, answer: (isGranted: boolean) => void, details: object) => void];
  const [check] = lastCall('session.setPermissionCheckHandler') as [(contents: unknown, permission: string, origin: string, details: object) => boolean];
  const ask = (url: string, details: object): boolean | undefined => {
    let answer: boolean | undefined;
    request({ getURL: () => url }, 'media', (isGranted) => (answer = isGranted), { isMainFrame: true, ...details });
    return answer;
  };

  test('is for our own page, and never comes with the camera', () => {
    expect(ask(APP_URL, { mediaTypes: ['audio'] })).toBe(true);
    expect(check(null, 'media', 'app://bandeja', { mediaType: 'audio' })).toBe(true);
    for (const details of [{ mediaTypes: ['video'] }, { mediaTypes: ['audio', 'video'] }, { mediaTypes: [] }, { mediaTypes: ['audio'], isMainFrame: false }]) expect(ask(APP_URL, details)).toBe(false);
    expect(ask('https://example.com/', { mediaTypes: ['audio'] })).toBe(false);
    expect(check(null, 'media', 'app://bandeja', { mediaType: 'video' })).toBe(false);
    expect(check(null, 'media', 'https://example.com', { mediaType: 'audio' })).toBe(false);
  });
});

test('a second instance with the same data ends before it opens anything', async () => {
  standIn.hasInstanceLock = false;
  const windows = countCalls('BrowserWindow');
  const { argv } = process;
  process.argv = ['electron', '.', '--data-dir', path.join(import.meta.dirname, '../../../out/second-instance')];
  try {
    await import('../../../main/shell/electron/app.ts');
  } finally {
    process.argv = argv;
  }
  expect(lastCall('app.requestSingleInstanceLock')).toEqual([]);
  expect(countCalls('app.quit')).toBe(1);
  expect(countCalls('BrowserWindow')).toBe(windows);
  app.removeAllListeners();
});
