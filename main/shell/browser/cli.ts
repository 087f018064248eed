/**
 * The browser shell as a program: one workspace (or the demo) with its window in an installed browser. `npm start` runs
 * it where Electron cannot be had. stdout carries one line when it is ready; the log goes to stderr.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { defaultDemoDir } from '../../demo/demo-folder.ts';
import type { DemoDesktop } from '../../demo/demo-workspace.ts';
import { forkNodeProgram } from '../child-program.ts';
import { DEMO_FLAGS, DEMO_HELP, readDemoOptions } from '../demo-options.ts';
import { mediaDirOf } from '../media-files.ts';
import { createNodePorts, createStderrLog } from '../node-ports.ts';
import { openDemo } from '../open-demo.ts';
import { openWorkspace } from '../open-workspace.ts';
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
  const stop = async (): Promise<void> => {
    for (const part of started.toReversed()) await part.stop();
  };
  const end = endProcessWith(stop, log);
  try {
    const dir = path.resolve(values['data-dir'] ?? defaultDemoDir(process.env, process.platform));
    const demo = wanted ? await openDemo({ dir, ...wanted }, forkNodeProgram, log) : null;
    if (demo) started.push(demo);
    void demo?.ended.then(() => end('the demo ended'));
    const options = demo ? withDemo(values, demo) : readWorkspaceOptions(values, process.env);
    const workspace = await openWorkspace(
      { ...options, isDemo: demo !== null, relayUrl: demo?.relayUrl ?? null, mayBeEmpty: true, startCommand: writeStartCommand(values) },
      createNodePorts(options.dataDir, log),
    );
    started.push(workspace);
    demo?.noteOpened();
    const createShell = (wanted: number): BrowserShell => createBrowserShell({ router: workspace.engine.router, rendererDir: RENDERER_DIR, mediaDir: mediaDirOf(options.dataDir), port: wanted, log });
    const shell = port === null ? await startOnRememberedPort(options.dataDir, createShell) : createShell(port);
    if (port !== null) {
      await explainPort('--port', port, shell.start);
      rememberPort(options.dataDir, shell);
    }
    started.push(shell);
    writeStartNote();
    process.stdout.write(`${JSON.stringify({ event: 'ready', url: shell.url, dataDir: options.dataDir, api: workspace.api, ...(demo && { meta: demo.options.graphBaseUrl }) })}\n`);
    const window = values['no-open'] ? null : await openAppWindow(shell.url, path.join(options.dataDir, 'window-profile'));
    if (window) started.push(window);
    if (demo) process.stderr.write(`The demo's stand-in for Meta, where you can write as a customer: ${demo.options.graphBaseUrl}\n`);
    process.stderr.write(`${window ? 'The window is open' : `Open this address in a browser: ${shell.url}`}. Ctrl+C ends Bandeja.\n`);
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
