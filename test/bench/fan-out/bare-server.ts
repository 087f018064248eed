/**
 * The ceilings of bringing entries to many desktops, as a process: `ws` and nothing behind it. It welcomes whoever says hello, and sends everybody the same entries, either in frames that
 * are made once for all, or as one would write it first: each entry by itself, written anew for each. What is posted to it goes out at once, neither checked nor stored.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { WebSocketServer } from 'ws';
import type { LogEntry, ServerFrame } from '../../../contract/wire.ts';
import { answerAsks } from '../../support/ask-process.ts';

/** `frames`: of so many entries each; null: one send for each entry and client. */
export type BareAsk = { do: 'listen' } | { do: 'send'; bodies: string[]; perFrame: number | null };
export type BareAnswer = { url: string; pid: number; head: number };

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const frame = writeFrame(toEntries([Buffer.concat(chunks).toString('utf8')]));
    for (const client of sockets.clients) client.send(frame, { binary: false });
    response.writeHead(200, { 'content-length': 2 }).end('OK');
  });
});
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
let head = 0;

sockets.on('connection', (socket) => {
  socket.once('message', () => socket.send(JSON.stringify({ t: 'welcome', head, lastDeviceSeq: 0 })));
});

const toEntries = (bodies: readonly string[]): LogEntry[] => bodies.map((body) => ({ kind: 'webhook', seq: (head += 1), receivedAt: Date.now(), body }));
const writeFrame = (entries: LogEntry[]): Buffer => Buffer.from(JSON.stringify({ t: 'entries', entries, head } satisfies ServerFrame));

function send(bodies: readonly string[], perFrame: number | null): void {
  for (let n = 0; n < bodies.length; n += perFrame ?? 1) {
    const entries = toEntries(bodies.slice(n, n + (perFrame ?? 1)));
    if (perFrame === null) for (const client of sockets.clients) client.send(JSON.stringify({ t: 'entries', entries, head } satisfies ServerFrame));
    else {
      const frame = writeFrame(entries);
      for (const client of sockets.clients) client.send(frame, { binary: false });
    }
  }
}

answerAsks(async (ask: BareAsk): Promise<BareAnswer> => {
  if (ask.do === 'send') send(ask.bodies, ask.perFrame);
  else {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, pid: process.pid, head };
});
