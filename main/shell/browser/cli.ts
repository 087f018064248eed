/**
 * The browser shell as a program: one workspace (or the demo) with its window in an installed browser. `npm start` runs
 * it where Electron cannot be had. stdout carries one line when it is ready; the log goes to stderr.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { defaultDemoDir } from '../../demo/demo-folder.ts';
import type { DemoDesktop } from '../../demo/demo-workspace.ts';
import { forkNodeProgram } from '../child-program.ts';
import { errorText } from '../../../contract/log.ts';
import { DEMO_FLAGS, DEMO_HELP, readDemoOptions, type DemoOptions } from '../demo-options.ts';
import { createNodePorts, createStderrLog } from '../node-ports.ts';
import { isAlone } from '../demo-open.ts';
import { openDemo } from '../open-demo.ts';
import { isLockOn } from '../../engine/lockable.ts';
import { clearBeforeLock, PROFILES } from '../clear-before-lock.ts';
import { openLockableWorkspace } from '../lockable-workspace.ts';
import { explainPort, requireFreePort } from '../port-check.ts';
import { endProcessWith, runProgram, UsageError } from '../process-lifetime.ts';
import { RENDERER_DIR } from '../program-files.ts';
import { writeStartNote } from '../start-note.ts';
import { readPort, readWorkspaceOptions, WORKSPACE_FLAGS, WORKSPACE_HELP, type WorkspaceOptions } from '../workspace-options.ts';
import { openAppWindow } from './open-app-window.ts';
import { rememberPort, startOnRememberedPort } from './remembered-port.ts';
import { createBrowserShell, type BrowserShell } from './serve.ts';
import { writeStartCommand } from './start-command.ts';

const HELP = `The inbox, with its window in a browser of this computer.

npm start                                 the demo workspace
npm start -- --as NAME                    a colleague's desktop on the demo that runs
npm start -- --data-dir DIR [options]     a real one

  --no-open              only prints the window's address
  --port N               where the window is served (default: the one of last time, else a free one)
${DEMO_HELP}
${WORKSPACE_HELP}`;

/** For the answer to the window that asked for it. */
const START_OVER_AFTER_MS = 100;

const log = createStderrLog('browser-shell');

await runProgram(async () => {
  const { values } = parseArgs({
    options: { ...WORKSPACE_FLAGS, ...DEMO_FLAGS, 'no-open': { type: 'boolean' }, port: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help) return void process.stdout.write(`${HELP}\n`);
  const port = values.port === undefined ? null : readPort('--port', values.port);
  if (port !== null && port !== 0 && values['api-port'] !== undefined && port === readPort('--api-port', values['api-port'])) {
    throw new UsageError('--port and --api-port need two different ports');
  }
  const wanted = readDemoOptions(values);

  if (port !== null) await requireFreePort('--port', port);

  // In the order in which they started; ended the other way round, also when only some have started.
  const started: { stop(): Promise<void> }[] = [];
  const stopAll = async (): Promise<void> => {
    for (const part of started.splice(0).toReversed()) await part.stop();
  };
  let window: { stop(): Promise<void> } | null = null;
  const stop = async (): Promise<void> => {
    await window?.stop();
    await stopAll();
  };
  const end = endProcessWith(stop, log);
  const dir = path.resolve(values['data-dir'] ?? defaultDemoDir(process.env, process.platform));

  /** @param before the shell whose windows go on with this one; null at the start. */
  async function open(demoWanted: DemoOptions | null, before: Pick<BrowserShell, 'url' | 'secret'> | null): Promise<BrowserShell> {
    const demo = demoWanted ? await openDemo({ dir, ...demoWanted }, forkNodeProgram, log) : null;
    if (demo) started.push(demo);
    void demo?.ended.then(() => end('the demo ended'));
    const options = demo ? withDemo(values, demo) : readWorkspaceOptions(values, process.env);
    let isStartingOver = false;
    const startOver = async (): Promise<'begun' | 'refused'> => {
      if (!isAlone(dir)) return 'refused';
      // Two windows may ask at once.
      if (isStartingOver) return 'begun';
      isStartingOver = true;
      // The answer leaves first.
      setTimeout(() => void beginAnew(shell), START_OVER_AFTER_MS);
      return 'begun';
    };
    let dropLines = (): void => undefined;
    const workspace = await openLockableWorkspace(
      { ...options, isDemo: demo !== null, relayUrl: demo?.relayUrl ?? null, mayBeEmpty: true, mayBeLocked: true, startCommand: writeStartCommand(values) },
      { ports: { ...createNodePorts(options.dataDir, log), startOver: demoWanted && !demoWanted.colleague ? startOver : null }, onChange: () => dropLines() },
    );
    started.push(workspace);
    demo?.noteOpened();
    const createShell = (wanted: number): BrowserShell =>
      createBrowserShell({ router: workspace.router, rendererDir: RENDERER_DIR, files: workspace.files, port: wanted, log, ...(before && { secret: before.secret }) });
    const given = before ? Number(new URL(before.url).port) : port;
    const shell = given === null ? await startOnRememberedPort(options.dataDir, createShell) : createShell(given);
    if (given !== null) {
      await explainPort('--port', given, shell.start);
      rememberPort(options.dataDir, shell);
    }
    dropLines = shell.dropLines;
    started.push(shell);
    if (before) return shell;
    writeStartNote();
    process.stdout.write(
      `${JSON.stringify({ event: 'ready', url: shell.url, dataDir: options.dataDir, api: workspace.workspace()?.api ?? null, ...(demo && { meta: demo.options.graphBaseUrl }) })}\n`,
    );
    // The demo's outlives its desktop, which may be begun anew under it.
    const profileDir = path.join(wanted && !wanted.colleague ? dir : options.dataDir, PROFILES.browser);
    const hasLock = isLockOn(options.dataDir);
    clearBeforeLock(options.dataDir, null, log);
    if (!values['no-open']) {
      window = await openAppWindow(shell.url, profileDir, hasLock);
    }
    if (demo) process.stderr.write(`The demo's stand-in for Meta, where you can write as a customer: ${demo.options.graphBaseUrl}\n`);
    process.stderr.write(`${window ? 'The window is open' : `Open this address in a browser: ${shell.url}`}. Ctrl+C ends Bandeja.\n`);
    return shell;
  }

  async function beginAnew(shell: BrowserShell): Promise<void> {
    if (!wanted) return;
    const { url, secret } = shell;
    try {
      await stopAll();
      await open({ ...wanted, isReset: true }, { url, secret });
    } catch (error) {
      log('error', 'demo.not_begun_anew', { error: errorText(error) });
      end('the demo could not be begun anew');
    }
  }

  try {
    await open(wanted, null);
  } catch (error) {
    await stop();
    throw error;
  }
});

/** The demo's own values stand for what the flags would say; its REST API is on unless its settings say otherwise. */
function withDemo(values: Parameters<typeof readWorkspaceOptions>[0], { options }: DemoDesktop): WorkspaceOptions {
  const { api } = readWorkspaceOptions(
    { 'data-dir': options.dataDir, 'api-port': values['api-port'] ?? (values['api-token'] || process.env['API_TOKEN'] ? '0' : undefined), 'api-token': values['api-token'] },
    process.env,
  );
  return { ...options, api };
}
