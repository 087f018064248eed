/**
 * A stand-in for the module `electron` under plain Node, for what our shell uses of it. It records what was asked for
 * (`calls`), runs utility processes as real processes and shows windows through `window-server.ts`. What it cannot
 * show: the sandbox, context isolation, native menus, tray and notifications, files inside an asar.
 */
import { EventEmitter } from 'node:events';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MessageChannelMain, type MessagePortMain } from './message-ports.ts';
import { utilityProcess } from './utility-process.ts';
import { startWindowServer, type WindowServer } from './window-server.ts';

export { MessageChannelMain, utilityProcess };

export const calls: { api: string; args: unknown[] }[] = [];
const record = (api: string, ...args: unknown[]): void => void calls.push({ api, args });

/** Knobs for unit tests. */
export const standIn = { isPackaged: false, switches: new Set<string>(), hasInstanceLock: true, storageBackend: 'gnome_libsecret', isEncryptionAvailable: true };

const paths = new Map([['userData', path.join(tmpdir(), 'bandeja-stand-in')]]);
class App extends EventEmitter {
  get isPackaged(): boolean {
    return standIn.isPackaged;
  }
  readonly commandLine = { hasSwitch: (name: string): boolean => standIn.switches.has(name) };
  enableSandbox = (): void => record('app.enableSandbox');
  whenReady = (): Promise<void> => Promise.resolve();
  getPath = (name: string): string => paths.get(name) ?? tmpdir();
  setPath = (name: string, value: string): void => {
    record('app.setPath', name, value);
    paths.set(name, value);
  };
  getLocale = (): string => 'es-GT';
  getName = (): string => 'Bandeja';
  getVersion = (): string => '0.1.0';
  requestSingleInstanceLock = (): boolean => {
    record('app.requestSingleInstanceLock');
    return standIn.hasInstanceLock;
  };
  setAsDefaultProtocolClient = (scheme: string): boolean => {
    record('app.setAsDefaultProtocolClient', scheme);
    return true;
  };
  setBadgeCount = (count: number): boolean => {
    record('app.setBadgeCount', count);
    return true;
  };
  quit = (): void => {
    record('app.quit');
    let isPrevented = false;
    this.emit('before-quit', { preventDefault: () => (isPrevented = true) });
    if (!isPrevented) this.exit(0);
  };
  exit = (code = 0): void => {
    record('app.exit', code);
    if (process.env['VITEST'] === undefined) process.exit(code);
  };
}
export const app = new App();

type Handler = (request: Request) => Response | Promise<Response>;
const schemes = new Map<string, Handler>();
export const protocol = {
  registerSchemesAsPrivileged: (list: unknown) => record('protocol.registerSchemesAsPrivileged', list),
  handle: (scheme: string, handler: Handler) => void schemes.set(scheme, handler),
};

export const net = { request: ({ session: _, ...options }: object & { session?: unknown }) => httpRequest(options) };
export const session = {
  fromPartition: (name: string) => ({ name }),
  defaultSession: Object.assign(new EventEmitter(), {
    webRequest: { onBeforeRequest: (filter: unknown, listener: unknown) => record('session.onBeforeRequest', filter, listener) },
    setDevicePermissionHandler: (handler: unknown) => record('session.setDevicePermissionHandler', handler),
    setPermissionRequestHandler: (handler: unknown) => record('session.setPermissionRequestHandler', handler),
    setPermissionCheckHandler: (handler: unknown) => record('session.setPermissionCheckHandler', handler),
    availableSpellCheckerLanguages: ['en-GB', 'en-US', 'es-ES', 'es-MX', 'fr'],
    setSpellCheckerLanguages: (languages: string[]) => record('session.setSpellCheckerLanguages', languages),
  }),
};
export const Menu = {
  buildFromTemplate: (template: unknown[]) => Object.assign(template, { popup: () => record('menu.popup', template) }),
  setApplicationMenu: (menu: unknown) => record('Menu.setApplicationMenu', menu),
};
/** One screen of 1920 × 1080. */
export const screen = { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1040 } }] };
export const clipboard = { writeText: (text: string) => record('clipboard.writeText', text) };
export const nativeImage = { createFromDataURL: (url: string) => ({ url }) };
export class Tray extends EventEmitter {
  setToolTip = (text: string): void => record('tray.setToolTip', text);
  setTitle = (text: string): void => record('tray.setTitle', text);
  setContextMenu = (menu: unknown): void => record('tray.setContextMenu', menu);
}
export const nativeTheme = { shouldUseDarkColors: false };
export const powerMonitor = new EventEmitter();
/** Shown to nobody; a test clicks and answers through `calls`. */
export class Notification extends EventEmitter {
  static isSupported = (): boolean => true;
  isShown = false;
  readonly options: { title: string; body: string; silent: boolean; hasReply: boolean };
  constructor(options: Notification['options']) {
    super();
    this.options = options;
  }
  show = (): void => {
    this.isShown = true;
    record('notification.show', this);
  };
  close = (): void => {
    this.isShown = false;
    record('notification.close', this);
    this.emit('close', {});
  };
}
export const shell = { openExternal: async (url: string) => record('shell.openExternal', url) };
export const dialog = {
  showErrorBox: (title: string, content: string) => record('dialog.showErrorBox', title, content),
  showMessageBox: async (options: unknown) => record('dialog.showMessageBox', options),
};
/** Not encryption: enough to see that what is written is not the secret itself. */
export const safeStorage = {
  isAsyncEncryptionAvailable: async () => standIn.isEncryptionAvailable,
  getSelectedStorageBackend: () => standIn.storageBackend,
  encryptStringAsync: async (text: string) => Buffer.from(text).reverse(),
  decryptStringAsync: async (encrypted: Buffer) => ({ result: Buffer.from(encrypted).reverse().toString(), shouldReEncrypt: false }),
};

export const ipcMain = new EventEmitter();

class WebContents extends EventEmitter {
  url = '';
  server: WindowServer | null = null;
  readonly session = { addWordToSpellCheckerDictionary: (word: string) => record('session.addWordToSpellCheckerDictionary', word) };
  getURL = (): string => this.url;
  isFocused = (): boolean => true;
  replaceMisspelling = (word: string): void => record('webContents.replaceMisspelling', word);
  copyImageAt = (x: number, y: number): void => record('webContents.copyImageAt', x, y);
  startDrag = (item: { file: string }): void => record('webContents.startDrag', item);
  setWindowOpenHandler = (handler: unknown): void => record('webContents.setWindowOpenHandler', handler);
  readonly mainFrame = {
    parent: null,
    url: '',
    isDestroyed: () => false,
    postMessage: (channel: string, message: unknown, ports: MessagePortMain[] = []): void => this.server?.post(channel, message, ports),
  };
}

export class BrowserWindow extends EventEmitter {
  static all: BrowserWindow[] = [];
  static getAllWindows = (): BrowserWindow[] => BrowserWindow.all;
  readonly webContents = new WebContents();
  private readonly options: { webPreferences?: { preload?: string } };

  constructor(options: BrowserWindow['options']) {
    super();
    this.options = options;
    record('BrowserWindow', options);
    BrowserWindow.all.push(this);
    app.emit('web-contents-created', {}, this.webContents);
  }

  show = (): void => record('window.show');
  focus = (): void => record('window.focus');
  restore = (): void => record('window.restore');
  isMinimized = (): boolean => false;
  isDestroyed = (): boolean => false;
  isMaximized = (): boolean => this.isMax;
  getNormalBounds = (): { x: number; y: number; width: number; height: number } => this.bounds;
  hide = (): void => record('window.hide');
  maximize = (): void => {
    this.isMax = true;
  };
  private isMax = false;
  bounds = { x: 40, y: 30, width: 1000, height: 700 };

  async loadURL(url: string): Promise<void> {
    record('window.loadURL', url);
    this.webContents.url = url;
    this.webContents.mainFrame.url = url;
    const handler = schemes.get(new URL(url).protocol.slice(0, -1));
    const preload = this.options.webPreferences?.preload;
    if (!handler || !preload) throw new Error(`nothing answers ${url}, or there is no preload script`);
    this.webContents.server = await startWindowServer({
      appUrl: url,
      preload,
      answer: handler,
      onMessage: (channel, data) => ipcMain.emit(channel, { sender: this.webContents, senderFrame: this.webContents.mainFrame }, data),
    });
    this.emit('ready-to-show');
    // Not on stdout, which belongs to the program.
    process.stderr.write(`stand-in window ${this.webContents.server.url}\n`);
  }
}
/** The preload script's side, for unit tests; in a window `window-server.ts` gives it its own. */
export const contextBridge = { exposeInMainWorld: (name: string, value: unknown) => record('contextBridge.exposeInMainWorld', name, value) };
export const ipcRenderer = { on: (channel: string) => record('ipcRenderer.on', channel), send: (...args: unknown[]) => record('ipcRenderer.send', ...args) };
