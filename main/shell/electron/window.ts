/** The one window. Invariant: the page has no Node and no Electron, only what the preload script gives it. */
import path from 'node:path';
import { app, BrowserWindow, nativeTheme } from 'electron';
import { PRELOAD_FILE } from '../program-files.ts';
import { APP_URL } from './app-protocol.ts';
import { keepPlacement, readPlacement } from './window-state.ts';

const PLACEMENT_FILE = 'window.json';

/** @param updatesItself for the window to tell: the program fetches and installs new versions. */
export async function openWindow(updatesItself: boolean): Promise<BrowserWindow> {
  const file = path.join(app.getPath('userData'), PLACEMENT_FILE);
  const { isMaximized, ...bounds } = readPlacement(file);
  const window = new BrowserWindow({
    title: 'Bandeja',
    ...bounds,
    minWidth: 720,
    minHeight: 480,
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#0d1211' : '#f3f5f4',
    webPreferences: {
      preload: PRELOAD_FILE,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      devTools: !app.isPackaged,
      spellcheck: true,
      additionalArguments: updatesItself ? ['--updates-itself'] : [],
    },
  });
  if (isMaximized) window.maximize();
  keepPlacement(window, file);
  window.once('ready-to-show', () => window.show());
  await window.loadURL(APP_URL);
  return window;
}
