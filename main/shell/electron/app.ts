/**
 * Entry of the desktop program: Electron's main process. It holds no domain logic; it starts the engine's process, opens
 * the window, and hands the window a line to the engine.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { app, BrowserWindow, dialog, ipcMain, nativeImage, Notification, powerMonitor, session, type WebContents } from 'electron';
import { colleagueDataDir, defaultDemoDir } from '../../demo/demo-folder.ts';
import { errorText } from '../../../contract/log.ts';
import { createDragCopies } from '../drag-copies.ts';
import { openStoredFiles, type StoredFiles } from '../../engine/stored-files.ts';
import { clearBeforeLock, PROFILES } from '../clear-before-lock.ts';
import { createFileSecrets } from '../file-secrets.ts';
import { createStderrLog } from '../node-ports.ts';
import { openDemo } from '../open-demo.ts';
import { RENDERER_DIR } from '../program-files.ts';
import { writeStartNote } from '../start-note.ts';
import { APP_URL, registerAppScheme, serveAppProtocol } from './app-protocol.ts';
import { showContextMenus } from './context-menu.ts';
import { createEngineProcess } from './engine-process.ts';
import { forkUtilityProgram } from './fork-program.ts';
import { findForbiddenSwitch, guardNavigation, guardPermissions, guardRequests, isOwnPage } from './guards.ts';
import { readLaunchOptions, type LaunchOptions } from './launch-options.ts';
import { showMenu } from './menu.ts';
import { createOsNotices } from './os-notices.ts';
import { createOsSecrets, findKeysKept } from './os-secrets.ts';
import { checkSpelling } from './spell-check.ts';
import { TRAY_ICON } from './tray-icon.ts';
import { createTray } from './tray.ts';
import { createUpdates, findUpdateKey, wordUpdate } from './updates.ts';
import { openWindow } from './window.ts';

const NO_KEYRING = {
  type: 'warning',
  message: 'Este equipo no tiene llavero · This computer has no keyring',
  detail: 'Las claves de acceso se guardan sin cifrado real.\nAccess tokens are kept without real encryption.',
} as const;

const log = createStderrLog('shell');
const fail = (error: unknown): void => {
  const message = error instanceof Error ? error.message : String(error);
  log('error', 'shell.failed', { message });
  dialog.showErrorBox('Bandeja', message);
  app.exit(1);
};

/** In the order in which they started; ended the other way round. */
const started: { stop(): Promise<void> }[] = [];

function main(): void {
  const forbidden = app.isPackaged ? findForbiddenSwitch() : null;
  if (forbidden !== null) throw new Error(`Bandeja does not start with --${forbidden}.`);
  app.enableSandbox();
  registerAppScheme();
  const launch = readLaunchOptions(process.argv.slice(app.isPackaged ? 1 : 2), process.env, {
    workspaceDir: path.join(app.getPath('userData'), 'workspace'),
    demoDir: defaultDemoDir(process.env, process.platform),
  });
  // Chromium's own files beside the data: each workspace is an instance of its own.
  const colleague = launch.demo?.colleague;
  const chromiumDir = path.join(colleague ? colleagueDataDir(launch.dir, colleague) : launch.dir, PROFILES.electron);
  mkdirSync(chromiumDir, { recursive: true, mode: 0o700 });
  app.setPath('userData', chromiumDir);
  if (!app.requestSingleInstanceLock()) return app.quit();
  if (!launch.demo) clearBeforeLock(launch.workspace.dataDir, 'electron', log);
  app.on('second-instance', (_event, argv) => {
    showWindow();
    followLink(findLink(argv));
  });
  // macOS gives links so, also the one that the program was started with.
  app.on('open-url', (event, url) => {
    event.preventDefault();
    followLink(url);
  });
  if (app.isPackaged) app.setAsDefaultProtocolClient(DEEP_LINK_SCHEME);
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  app.on('web-contents-created', (_event, contents) => showContextMenus(contents));
  guardNavigation();
  stopBeforeQuit();
  app
    .whenReady()
    .then(() => open(launch))
    .catch(fail);
}

/** Where links go: to the engine, or they wait for it. */
let openLink: ((link: string) => void) | null = null;
/** As `contract/rules/deep-link.ts` writes them; what they lead to is the engine's to judge. */
const DEEP_LINK_SCHEME = 'bandeja';
const findLink = (argv: readonly string[]): string | null => argv.find((argument) => argument.startsWith(`${DEEP_LINK_SCHEME}:`)) ?? null;
let waitingLink = findLink(process.argv);
function followLink(link: string | null): void {
  if (link === null) return;
  if (openLink) openLink(link);
  else waitingLink = link;
}

/** To the front; where all windows are closed and the program goes on (macOS), a new one. */
function showWindow(): void {
  const window = BrowserWindow.getAllWindows()[0];
  if (!window) return void openWindow(updateKey() !== null).catch(fail);
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

async function open(launch: LaunchOptions): Promise<void> {
  guardPermissions(session.defaultSession);
  guardRequests(session.defaultSession);
  checkSpelling(session.defaultSession, process.platform);
  showMenu(null);
  // The mark is the way back to a window that was closed; where there is none, closing it ends the program.
  const tray = process.platform === 'darwin' ? null : createTray(showWindow);

  const demo = launch.demo ? await openDemo({ dir: launch.dir, ...launch.demo }, forkUtilityProgram, log) : null;
  if (demo) started.push(demo);
  void demo?.ended.then(() => app.quit());
  const options = demo ? { ...demo.options, api: launch.workspace.api } : launch.workspace;
  let files: StoredFiles | null = null;
  serveAppProtocol(RENDERER_DIR, () => files);
  const dragCopies = createDragCopies(() => files, app.getPath('temp'));
  started.push(dragCopies);
  const isReady = Promise.withResolvers<unknown>();
  const engine = createEngineProcess({
    options: { ...options, isDemo: demo !== null, relayUrl: demo?.relayUrl ?? null, mayBeEmpty: true },
    // The demo has none worth a keyring's question, and its folder may be opened by the other shell next time.
    secrets: demo ? createFileSecrets(options.dataDir, log) : createOsSecrets(options.dataDir, log, () => void dialog.showMessageBox(NO_KEYRING)),
    keysKept: demo ? 'file' : findKeysKept(process.platform),
    log,
    showBadge: (count) => {
      app.setBadgeCount(count);
      tray?.show(count);
    },
    showNotice: (event, language) => notices.take(event, language),
    onStartOver: () => {
      app.relaunch({ args: [...process.argv.slice(1).filter((argument) => argument !== '--reset'), '--reset'] });
      app.quit();
    },
    onFiles: (keys) => {
      files = keys === 'locked' ? null : openStoredFiles(options.dataDir, keys);
      showMenu(keys === null || keys === 'locked' ? null : engine.lock);
      if (keys === 'locked') dragCopies.clear().catch((error: unknown) => log('warn', 'drag.not_cleared', { error: errorText(error) }));
    },
    onReady: (api) => {
      demo?.noteOpened();
      isReady.resolve(api);
    },
    onFailed: fail,
  });
  const notices = createOsNotices({
    platform: process.platform,
    locale: () => app.getLocale(),
    onOpen: (conversationId) => {
      showWindow();
      engine.openNotice(conversationId);
    },
    onReply: engine.replyToNotice,
  });
  engine.start();
  started.push(engine);
  openLink = (link) => {
    showWindow();
    engine.openLink(link);
  };

  ipcMain.on('engine-port-request', ({ senderFrame }) => {
    if (senderFrame && isOwnPage(senderFrame)) engine.connect(senderFrame);
  });
  const dragOut = async (page: WebContents, request: unknown): Promise<void> => {
    const file = await dragCopies.make(request);
    if (file !== null) page.startDrag({ file, icon: nativeImage.createFromDataURL(TRAY_ICON) });
  };
  ipcMain.on('file-drag', ({ sender, senderFrame }, request: unknown) => {
    if (isOwnPage(senderFrame)) dragOut(sender, request).catch((error: unknown) => log('warn', 'drag.failed', { error: errorText(error) }));
  });
  // The demo reaches nothing but this computer.
  if (!demo) lookForUpdates().catch((error: unknown) => log('error', 'update.not_started', { error: errorText(error) }));
  powerMonitor.on('resume', engine.wakeUp);
  powerMonitor.on('suspend', engine.lock);
  powerMonitor.on('lock-screen', engine.lock);
  app.on('activate', showWindow);
  const window = await openWindow(updateKey() !== null);
  if (tray) hideInsteadOfClosing(window);
  const api = await isReady.promise;
  followLink(waitingLink);
  writeStartNote();
  process.stdout.write(`${JSON.stringify({ event: 'ready', url: APP_URL, dataDir: options.dataDir, api, ...(demo && { meta: demo.options.graphBaseUrl }) })}\n`);
}

const updateKey = (): string | null => findUpdateKey({ platform: process.platform, isPackaged: app.isPackaged, env: process.env });

/** Loaded only where there can be updates: the package is large. */
async function lookForUpdates(): Promise<void> {
  const key = updateKey();
  if (key === null) return;
  const { default: electronUpdater } = await import('electron-updater');
  const updates = createUpdates({ updater: electronUpdater.autoUpdater, key, log, onReady: (version) => new Notification({ ...wordUpdate(version, app.getLocale()), silent: true }).show() });
  updates.start();
  started.push(updates);
}

/** The engine goes on receiving. Quitting is said in the menu, or at the mark beside the clock. */
function hideInsteadOfClosing(window: BrowserWindow): void {
  let isQuitting = false;
  app.on('before-quit', () => {
    isQuitting = true;
  });
  window.on('close', (event) => {
    if (isQuitting) return;
    event.preventDefault();
    window.hide();
  });
}

/** Quitting waits until the engine has put everything on disk, however often it is asked for meanwhile. */
function stopBeforeQuit(): void {
  let isStopping = false;
  let isStopped = false;
  app.on('before-quit', (event) => {
    if (isStopped) return;
    event.preventDefault();
    if (isStopping) return;
    isStopping = true;
    const stopAll = async (): Promise<void> => {
      for (const part of started.splice(0).toReversed()) await part.stop();
    };
    stopAll()
      .catch((error: unknown) => log('error', 'shell.stop_failed', { error: String(error) }))
      .finally(() => {
        isStopped = true;
        app.quit();
      });
  });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => app.quit());
  process.on('disconnect', () => app.quit());
}

try {
  main();
} catch (error) {
  fail(error);
}
