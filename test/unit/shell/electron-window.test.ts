/** The Electron shell's hardening, asserted on what it asks of Electron: a change that opens the window to a page fails here. */
import path from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';

vi.mock('electron', () => import('../../electron/electron.ts'));
const { app, calls, session, standIn, BrowserWindow } = await import('../../electron/electron.ts');
const { APP_URL } = await import('../../../main/shell/electron/app-protocol.ts');
const { findForbiddenSwitch, guardNavigation, guardPermissions, guardRequests, isOwnPage } = await import('../../../main/shell/electron/guards.ts');

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
    await openWindow(false).catch(() => undefined);
    window = BrowserWindow.getAllWindows()[0]!;
  });

  test('the page runs sandboxed, isolated and without Node', () => {
    const [{ webPreferences }] = lastCall('BrowserWindow') as [{ webPreferences: Record<string, unknown> }];
    const { preload, ...others } = webPreferences;
    // Exactly these: nothing that takes a wall down stands among them.
    expect(others).toEqual({ contextIsolation: true, sandbox: true, nodeIntegration: false, webSecurity: true, webviewTag: false, devTools: true, spellcheck: true, additionalArguments: [] });
    expect(path.basename(String(preload))).toBe('preload.cjs');
    expect(lastCall('window.loadURL')).toEqual([APP_URL]);
  });

  test('the packaged program has no tools for looking into the page', async () => {
    standIn.isPackaged = true;
    const { openWindow } = await import('../../../main/shell/electron/window.ts');
    await openWindow(true).catch(() => undefined);
    standIn.isPackaged = false;
    expect(lastCall('BrowserWindow')).toMatchObject([{ webPreferences: { devTools: false, additionalArguments: ['--updates-itself'] } }]);
  });

  test('the bridge gives the page two requests and no more, and none of Electron', async () => {
    vi.stubGlobal('location', { origin: 'app://bandeja' });
    await import('../../../main/shell/electron/preload.ts');
    const [name, bridge] = lastCall('contextBridge.exposeInMainWorld') as [string, Record<string, unknown>];
    expect(countCalls('contextBridge.exposeInMainWorld')).toBe(1);
    expect([name, Object.keys(bridge).toSorted()]).toEqual(['bandejaShell', ['kind', 'platform', 'requestEnginePort', 'startFileDrag', 'updatesItself']]);
    (bridge['requestEnginePort'] as () => void)();
    (bridge['startFileDrag'] as (...args: unknown[]) => void)('a', 'b', { secret: 'left out' });
    expect(calls.filter(({ api }) => api === 'ipcRenderer.send').map(({ args }) => args)).toEqual([['engine-port-request'], ['file-drag', { sha256: 'a', filename: 'b' }]]);
    vi.unstubAllGlobals();
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

  test('a frame in the page goes nowhere', () => {
    for (const isMainFrame of [false, true]) {
      const preventDefault = vi.fn();
      window.webContents.emit('will-frame-navigate', { url: APP_URL, isMainFrame, preventDefault });
      expect(preventDefault).toHaveBeenCalledTimes(isMainFrame ? 0 : 1);
    }
  });

  test('webviews are denied', () => {
    const preventDefault = vi.fn();
    window.webContents.emit('will-attach-webview', { preventDefault });
    expect(preventDefault).toHaveBeenCalledOnce();
  });
});

describe('what the page loads and saves', () => {
  guardRequests(session.defaultSession as never);

  test('nothing from a network or from the disk', () => {
    const [{ urls }, listener] = lastCall('session.onBeforeRequest') as [{ urls: string[] }, (details: object, answer: (response: object) => void) => void];
    expect(urls).toEqual(['http', 'https', 'ws', 'wss', 'ftp', 'file'].map((scheme) => `${scheme}://*/*`));
    const answer = vi.fn();
    listener({ url: 'https://example.com/' }, answer);
    expect(answer).toHaveBeenCalledExactlyOnceWith({ cancel: true });
  });

  test.each([
    ['app://bandeja/media/x/y?download=a', false],
    ['blob:app://bandeja/0d1f', false],
    ['https://example.com/a.exe', true],
    ['blob:https://example.com/0d1f', true],
    ['file:///etc/passwd', true],
  ])('saving %s is denied: %s', (url, isDenied) => {
    const preventDefault = vi.fn();
    session.defaultSession.emit('will-download', { preventDefault }, { getURL: () => url });
    expect(preventDefault).toHaveBeenCalledTimes(isDenied ? 1 : 0);
  });
});

test.each<[string, { parent: object | null; url: string } | null, boolean]>([
  ['the window', { parent: null, url: APP_URL }, true],
  ['a frame of the window', { parent: {}, url: APP_URL }, false],
  ['another page', { parent: null, url: 'https://example.com/' }, false],
  ['a page whose name begins as ours', { parent: null, url: 'app://bandeja.example.com/' }, false],
  ['a page that is gone', null, false],
])('a message of %s is heard or not', (_name, frame, expected) => {
  expect(isOwnPage(frame as never)).toBe(expected);
});

test('the packaged program does not start where it could be looked into', async () => {
  expect(findForbiddenSwitch()).toBeNull();
  standIn.switches.add('remote-debugging-port');
  standIn.isPackaged = true;
  const windows = countCalls('BrowserWindow');
  await import('../../../main/shell/electron/app.ts');
  expect(lastCall('dialog.showErrorBox')).toEqual(['Bandeja', 'Bandeja does not start with --remote-debugging-port.']);
  expect(lastCall('app.exit')).toEqual([1]);
  expect([countCalls('BrowserWindow'), countCalls('app.requestSingleInstanceLock')]).toEqual([windows, 0]);
  standIn.switches.clear();
  standIn.isPackaged = false;
  vi.resetModules();
});

describe('permissions', () => {
  const appPage = { getURL: () => APP_URL, isFocused: () => true };
  const otherPage = { getURL: () => 'https://example.com/', isFocused: () => true };
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

  test('a device is given to no page', () => {
    const [isAllowed] = lastCall('session.setDevicePermissionHandler') as [(details: object) => boolean];
    expect(isAllowed({ deviceType: 'hid', origin: 'app://bandeja' })).toBe(false);
  });

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
  const ask = (url: string, details: object, isFocused = true): boolean | undefined => {
    let answer: boolean | undefined;
    request({ getURL: () => url, isFocused: () => isFocused }, 'media', (isGranted) => (answer = isGranted), { isMainFrame: true, ...details });
    return answer;
  };

  test('is for our own page while the agent is in it, and never comes with the camera', () => {
    expect(ask(APP_URL, { mediaTypes: ['audio'] })).toBe(true);
    expect(ask(APP_URL, { mediaTypes: ['audio'] }, false)).toBe(false);
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
    expect(lastCall('app.enableSandbox')).toEqual([]);
  } finally {
    process.argv = argv;
  }
  expect(lastCall('app.requestSingleInstanceLock')).toEqual([]);
  expect(countCalls('app.quit')).toBe(1);
  expect(countCalls('BrowserWindow')).toBe(windows);
  app.removeAllListeners();
});
