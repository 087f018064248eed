/**
 * Entry of the desktop program: Electron's main process. It holds no domain logic; it starts the engine's process, opens
 * the window, and hands the window a line to the engine.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { app, BrowserWindow, dialog, ipcMain, powerMonitor, session } from 'electron';
import { colleagueDataDir, defaultDemoDir } from '../../demo/demo-folder.ts';
import { createFileSecrets } from '../file-secrets.ts';
import { mediaDirOf } from '../media-files.ts';
import { createStderrLog } from '../node-ports.ts';
import { openDemo } from '../open-demo.ts';
import { RENDERER_DIR } from '../program-files.ts';
import { writeStartNote } from '../start-note.ts';
import { APP_URL, isAppUrl, registerAppScheme, serveAppProtocol } from './app-protocol.ts';
import { createEngineProcess } from './engine-process.ts';
import { forkUtilityProgram } from './fork-program.ts';
import { guardNavigation, guardPermissions } from './guards.ts';
import { readLaunchOptions, type LaunchOptions } from './launch-options.ts';
import { showMenu } from './menu.ts';
import { createOsNotices } from './os-notices.ts';
import { createOsSecrets } from './os-secrets.ts';
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
  registerAppScheme();
  const launch = readLaunchOptions(process.argv.slice(app.isPackaged ? 1 : 2), process.env, {
    workspaceDir: path.join(app.getPath('userData'), 'workspace'),
    demoDir: defaultDemoDir(process.env, process.platform),
  });
  // Chromium's own files beside the data: each workspace is an instance of its own.
  const colleague = launch.demo?.colleague;
  const chromiumDir = path.join(colleague ? colleagueDataDir(launch.dir, colleague) : launch.dir, 'electron');
  mkdirSync(chromiumDir, { recursive: true, mode: 0o700 });
  app.setPath('userData', chromiumDir);
  if (!app.requestSingleInstanceLock()) return app.quit();
  app.on('second-instance', showWindow);
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  guardNavigation();
  stopBeforeQuit();
  app
    .whenReady()
    .then(() => open(launch))
    .catch(fail);
}

/** To the front; where all windows are closed and the program goes on (macOS), a new one. */
function showWindow(): void {
  const window = BrowserWindow.getAllWindows()[0];
  if (!window) return void openWindow().catch(fail);
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

async function open(launch: LaunchOptions): Promise<void> {
  guardPermissions(session.defaultSession);
  showMenu();

  const demo = launch.demo ? await openDemo({ dir: launch.dir, ...launch.demo }, forkUtilityProgram, log) : null;
  if (demo) started.push(demo);
  void demo?.ended.then(() => app.quit());
  const options = demo ? { ...demo.options, api: launch.workspace.api } : launch.workspace;
  serveAppProtocol(RENDERER_DIR, mediaDirOf(options.dataDir));
  const isReady = Promise.withResolvers<unknown>();
  const engine = createEngineProcess({
    options: { ...options, isDemo: demo !== null, relayUrl: demo?.relayUrl ?? null, mayBeEmpty: true },
    // The demo has none worth a keyring's question, and its folder may be opened by the other shell next time.
    secrets: demo ? createFileSecrets(options.dataDir, log) : createOsSecrets(options.dataDir, log, () => void dialog.showMessageBox(NO_KEYRING)),
    log,
    showBadge: (count) => app.setBadgeCount(count),
    showNotice: (event, language) => notices.take(event, language),
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

  ipcMain.on('engine-port-request', ({ senderFrame }) => {
    if (senderFrame && senderFrame.parent === null && isAppUrl(senderFrame.url)) engine.connect(senderFrame);
  });
  powerMonitor.on('resume', engine.wakeUp);
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) openWindow().catch(fail);
  });
  await openWindow();
  const api = await isReady.promise;
  writeStartNote();
  process.stdout.write(`${JSON.stringify({ event: 'ready', url: APP_URL, dataDir: options.dataDir, api, ...(demo && { meta: demo.options.graphBaseUrl }) })}\n`);
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
