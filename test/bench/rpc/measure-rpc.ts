/**
 * An inbox page from window to engine and back: over the browser shell's WebSocket and over a MessagePort, beside the
 * same call inside one process. The window is this thread, so its own reading of the answer counts too.
 */
import { once } from 'node:events';
import path from 'node:path';
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import { createORPCClient } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as SocketLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { WebSocket } from 'ws';
import type { Contract } from '../../../contract/api.ts';
import { openBenchEngine } from '../data/bench-engine.ts';
import { FULL_SIZE, prepareDesktopData, QUICK_SIZE } from '../data/desktop-data.ts';
import { createFigure, valueAtMost, type BenchResult, type Figure, type Goal } from '../figure.ts';
import { measureCalls, type CallTimes, type Effort } from '../rounds.ts';
import type { EngineWorkerData } from './engine-worker.ts';

type Client = ContractRouterClient<Contract>;

const CALLS = 300;
const QUICK_CALLS = 20;
const PORT_MS = 0.3;
const SOCKET_MS = 0.6;
const SUBPROTOCOL = 'bandeja.v1';

export async function measureRpc({ quick, rounds }: Effort): Promise<BenchResult> {
  const dataDir = prepareDesktopData(quick ? QUICK_SIZE : FULL_SIZE);
  const { engine, client: inProcess } = openBenchEngine(dataDir);
  const { port1: ours, port2: theirs } = new MessageChannel();
  const worker = startWorker({ dataDir, port: theirs });
  try {
    const [url] = (await once(worker, 'message')) as [string];
    const overPort = connectPort(ours);
    const { client: overSocket, close } = await connectSocket(url);
    const page = await inProcess.conversations.list({});
    for (const client of [overPort, overSocket]) if (JSON.stringify(await client.conversations.list({})) !== JSON.stringify(page)) throw new Error('a transport changes the answer');

    const effort = { rounds, warmUps: quick ? 0 : 2, calls: quick ? QUICK_CALLS : CALLS };
    const pages = await measureCalls({ inProcess: () => inProcess.conversations.list({}), port: () => overPort.conversations.list({}), socket: () => overSocket.conversations.list({}) }, effort);
    const small = await measureCalls({ inProcess: () => inProcess.preferences.get(), port: () => overPort.preferences.get(), socket: () => overSocket.preferences.get() }, effort);
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
  }
}

/** The whole call, and what the way costs. */
function compare(name: string, far: CallTimes[], near: CallTimes[], goal: Goal | null): Figure[] {
  const pick = (times: CallTimes[], part: keyof CallTimes): number[] => times.map((round) => round[part]);
  const p50 = pick(far, 'p50');
  const nearP50 = pick(near, 'p50');
  return [
    createFigure({ name: `${name}, p50`, unit: 'ms', rounds: p50, ceiling: { name: 'in process', rounds: nearP50 }, ...(goal && { goal }) }),
    createFigure({ name: `${name}, p99`, unit: 'ms', rounds: pick(far, 'p99'), ceiling: { name: 'in process', rounds: pick(near, 'p99') } }),
    createFigure({ name: `${name}, way`, unit: 'ms', rounds: p50.map((time, round) => time - (nearP50[round] ?? 0)) }),
  ];
}

const startWorker = (workerData: EngineWorkerData): Worker => new Worker(path.join(import.meta.dirname, 'engine-worker.ts'), { workerData, transferList: [workerData.port] });

function connectPort(port: MessagePort): Client {
  const client = createORPCClient<Client>(new PortLink({ port }));
  port.start();
  return client;
}

async function connectSocket(url: string): Promise<{ client: Client; close(): void }> {
  const { host, origin, hash } = new URL(url);
  const socket = new WebSocket(`ws://${host}/rpc`, [SUBPROTOCOL, `secret.${hash.replace('#k=', '')}`], { origin });
  await once(socket, 'open');
  const client = createORPCClient<Client>(new SocketLink({ websocket: socket as unknown as ConstructorParameters<typeof SocketLink>[0]['websocket'] }));
  return { client, close: () => socket.close() };
}
