/**
 * The engine in a process of its own, with the whole contract over a WebSocket instead of a window: what `npm run engine`
 * is, for tests that drive more than the REST API offers. Flags as there; the ready line also has `rpc`; SIGUSR2 says that
 * the machine woke up.
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { WebSocketServer } from 'ws';
import { createWebSocketServer } from '../../main/engine/api/serve-websocket.ts';
import { createNodePorts, createStderrLog } from '../../main/shell/node-ports.ts';
import { openWorkspace } from '../../main/shell/open-workspace.ts';
import { endProcessWith, runProgram } from '../../main/shell/process-lifetime.ts';
import { readWorkspaceOptions, WORKSPACE_FLAGS } from '../../main/shell/workspace-options.ts';

await runProgram(async () => {
  const { values } = parseArgs({ options: WORKSPACE_FLAGS });
  const log = createStderrLog('engine');
  const options = readWorkspaceOptions(values, process.env);
  const opening = openWorkspace({ ...options, isDemo: false, relayUrl: null, mayBeEmpty: true }, createNodePorts(options.dataDir, log));
  const sockets = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  endProcessWith(async () => {
    sockets.close();
    for (const client of sockets.clients) client.terminate();
    await (await opening).stop();
  }, log);
  await once(sockets, 'listening');
  const workspace = await opening;
  sockets.on('connection', createWebSocketServer(workspace.engine.router, log));
  const rpc = `ws://127.0.0.1:${(sockets.address() as AddressInfo).port}`;
  process.on('SIGUSR2', () => workspace.engine.wakeUp());
  process.stdout.write(`${JSON.stringify({ event: 'ready', url: workspace.api?.url ?? null, rpc })}\n`);
});
