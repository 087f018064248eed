/**
 * `npm run engine`: the engine without a window, for servers, scripts and tests. Prints one line on stdout when it is
 * ready; the log goes to stderr. This file is a host like those in `main/shell`, kept here under the engine's name.
 */
import { parseArgs } from 'node:util';
import { createNodePorts, createStderrLog } from '../shell/node-ports.ts';
import { openWorkspace } from '../shell/open-workspace.ts';
import { endProcessWith, runProgram } from '../shell/process-lifetime.ts';
import { readWorkspaceOptions, WORKSPACE_FLAGS, WORKSPACE_HELP } from '../shell/workspace-options.ts';

const HELP = `The inbox's engine without a window.

npm run engine -- --data-dir DIR [options]

${WORKSPACE_HELP}`;

await runProgram(async () => {
  const { values } = parseArgs({ options: { ...WORKSPACE_FLAGS, help: { type: 'boolean' } } });
  if (values.help) return void process.stdout.write(`${HELP}\n`);
  const log = createStderrLog('engine');
  const options = readWorkspaceOptions(values, process.env);
  const opening = openWorkspace({ ...options, isDemo: false, relayUrl: null, mayBeEmpty: false }, createNodePorts(options.dataDir, log));
  // Before it is open: asked to end meanwhile, it opens first and then closes in order.
  endProcessWith(async () => (await opening).stop(), log);
  const workspace = await opening;
  process.stdout.write(`${JSON.stringify({ event: 'ready', url: workspace.api?.url ?? null, dataDir: options.dataDir, api: workspace.api })}\n`);
});
