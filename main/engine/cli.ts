/**
 * `npm run engine`: the engine without a window, for servers, scripts and tests. Prints one line on stdout when it is
 * ready; the log goes to stderr. This file is a host like those in `main/shell`, kept here under the engine's name.
 */
import { parseArgs } from 'node:util';
import { createNodePorts, createStderrLog } from '../shell/node-ports.ts';
import { openLockableWorkspace } from '../shell/lockable-workspace.ts';
import { endProcessWith, runProgram } from '../shell/process-lifetime.ts';
import { readWorkspaceOptions, WORKSPACE_FLAGS, WORKSPACE_HELP } from '../shell/workspace-options.ts';

const HELP = `The inbox's engine without a window.

npm run engine -- --data-dir DIR [options]

${WORKSPACE_HELP}

As the team's desktop that is always on: invite it like a colleague, under a name of its own (--name "Respuestas"), on a machine that stays on.
With automatic answers on, it makes them when no other desktop does, and hands over what it may not answer. Nobody looks at it, so it is given no
conversations, and its name counts as away. It needs no key of the model: like the number's token it comes sealed from the desktop of the admin who
set it, while both are connected.`;

await runProgram(async () => {
  const { values } = parseArgs({ options: { ...WORKSPACE_FLAGS, help: { type: 'boolean' } } });
  if (values.help) return void process.stdout.write(`${HELP}\n`);
  const log = createStderrLog('engine');
  const options = readWorkspaceOptions(values, process.env);
  const opening = openLockableWorkspace(
    { ...options, isDemo: false, relayUrl: null, mayBeEmpty: false, isUnattended: true, mayBeLocked: false },
    { ports: createNodePorts(options.dataDir, log), onChange: () => undefined },
  );
  // Before it is open: asked to end meanwhile, it opens first and then closes in order.
  endProcessWith(async () => (await opening).stop(), log);
  const opened = (await opening).workspace();
  process.stdout.write(`${JSON.stringify({ event: 'ready', url: opened?.api?.url ?? null, dataDir: options.dataDir, api: opened?.api ?? null })}\n`);
});
