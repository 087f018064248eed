/**
 * An inbox page from window to engine and back: over the browser shell's WebSocket and over a MessagePort, beside the
 * same call inside one process. The window is this thread, so its own reading of the answer counts too.
 */
import { once } from 'node:events';
import path from 'node:path';
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import { openBenchEngine } from '../data/bench-engine.ts';
import { copyDesktopData } from '../data/desktop-data.ts';
import { FULL_SIZE, QUICK_SIZE } from '../data/sizes.ts';
import { createFigure, valueAtMost, type BenchFindings, type Figure, type Goal } from '../figure.ts';
import { measureTimes, pickTime, timed, type Effort, type Times } from '../rounds.ts';
import { connectShell, type ContractClient } from '../shell-client.ts';
import type { EngineWorkerData } from './engine-worker.ts';

const CALLS = 300;
const QUICK_CALLS = 20;
const PORT_MS = 0.3;
const SOCKET_MS = 0.6;

export async function measureRpc({ quick, rounds, signal }: Effort): Promise<BenchFindings> {
  const size = quick ? QUICK_SIZE : FULL_SIZE;
  const near = copyDesktopData(size);
  const far = copyDesktopData(size);
  const { engine, client: inProcess } = openBenchEngine(near.dataDir);
  const { port1: ours, port2: theirs } = new MessageChannel();
  const worker = startWorker({ dataDir: far.dataDir, port: theirs });
  try {
    const [url] = (await once(worker, 'message')) as [string];
    const overPort = connectPort(ours);
    const { client: overSocket, close } = await connectShell(url);
    const page = await inProcess.conversations.list({});
    for (const client of [overPort, overSocket]) if (JSON.stringify(await client.conversations.list({})) !== JSON.stringify(page)) throw new Error('a transport changes the answer');

    const effort = { rounds, warmUps: quick ? 0 : 2, signal, perRound: quick ? QUICK_CALLS : CALLS };
    const pages = await measureTimes(
      { inProcess: timed(() => inProcess.conversations.list({})), port: timed(() => overPort.conversations.list({})), socket: timed(() => overSocket.conversations.list({})) },
      effort,
    );
    const small = await measureTimes({ inProcess: timed(() => inProcess.preferences.get()), port: timed(() => overPort.preferences.get()), socket: timed(() => overSocket.preferences.get()) }, effort);
    close();
    return {
      figures: [
        ...compare('inbox page over a MessagePort', pages.port, pages.inProcess, valueAtMost(PORT_MS)),
        ...compare('inbox page over the WebSocket', pages.socket, pages.inProcess, valueAtMost(SOCKET_MS)),
        ...compare('small call over a MessagePort', small.port, small.inProcess, null),
        ...compare('small call over the WebSocket', small.socket, small.inProcess, null),
      ],
      checks: { rowsOfPage: page.items.length, bytesOfPage: JSON.stringify(page).length },
      notes: ['engine in a thread of its own; "way": the call less the same call inside one process'],
    };
  } finally {
    ours.close();
    await worker.terminate();
    await engine.stop();
    near.remove();
    far.remove();
  }
}

/** The whole call, and what the way costs. */
function compare(name: string, far: Times[], near: Times[], goal: Goal | null): Figure[] {
  const p50 = pickTime(far, 'p50');
  const nearP50 = pickTime(near, 'p50');
  return [
    createFigure({ name: `${name}, p50`, unit: 'ms', rounds: p50, ceiling: { name: 'in process', rounds: nearP50 }, ...(goal && { goal }) }),
    createFigure({ name: `${name}, p99`, unit: 'ms', rounds: pickTime(far, 'p99'), ceiling: { name: 'in process', rounds: pickTime(near, 'p99') } }),
    createFigure({ name: `${name}, way`, unit: 'ms', rounds: p50.map((time, round) => time - (nearP50[round] ?? 0)) }),
  ];
}

const startWorker = (workerData: EngineWorkerData): Worker => new Worker(path.join(import.meta.dirname, 'engine-worker.ts'), { workerData, transferList: [workerData.port] });

function connectPort(port: MessagePort): ContractClient {
  const client = createORPCClient<ContractClient>(new RPCLink({ port }));
  port.start();
  return client;
}
