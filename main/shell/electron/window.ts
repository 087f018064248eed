/** The one window. Invariant: the page has no Node and no Electron, only what the preload script gives it. */
import { BrowserWindow, nativeTheme } from 'electron';
import { PRELOAD_FILE } from '../program-files.ts';
import { APP_URL } from './app-protocol.ts';

export async function openWindow(): Promise<BrowserWindow> {
  const window = new BrowserWindow({
    title: 'Bandeja',
    width: 1280,
    height: 820,
    minWidth: 720,
    minHeight: 480,
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#111418' : '#ffffff',
    webPreferences: { preload: PRELOAD_FILE, contextIsolation: true, sandbox: true, nodeIntegration: false, webSecurity: true, webviewTag: false },
  });
  window.once('ready-to-show', () => window.show());
  await window.loadURL(APP_URL);
  return window;
}
