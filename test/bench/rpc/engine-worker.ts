/**
 * The engine in a thread of its own, as the shells keep it apart from the window: answers over a MessagePort and over the
 * browser shell's WebSocket. The thread that started it gets the shell's URL.
 */
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { createMessagePortServer } from '../../../main/engine/api/serve-message-port.ts';
import { createBrowserShell } from '../../../main/shell/browser/serve.ts';
import { openBenchEngine } from '../data/bench-engine.ts';

export type EngineWorkerData = { dataDir: string; port: MessagePort };

const { dataDir, port } = workerData as EngineWorkerData;
const log = (): void => undefined;
const { engine } = openBenchEngine(dataDir);
createMessagePortServer(engine.router, log)(port);
// Nobody asks for the window's files here.
const shell = createBrowserShell({ router: () => engine.router, rendererDir: dataDir, files: () => null, port: 0, log });
await shell.start();
parentPort?.postMessage(shell.url);
