/**
 * The end of a long log, for a desktop that has all that came before it: greets it as its relay would, takes its ops, and
 * lets customers write. Only what is written from now on is kept, so a log of millions costs nothing.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { OP_LEVEL } from '../../../contract/ops/op.ts';
import { clientFrameSchema, PROTOCOL_VERSION, SYNC_PATH, type LogEntry, type ServerFrame } from '../../../contract/wire.ts';
import { ME } from '../data/support-log.ts';

/** Of the folder: its log, how much of it it has, and how many of its own ops are in there. */
export type LogEnd = { logId: string; head: number; lastDeviceSeq: number };
export type Writer = { waId: string; name: string };
const TICK_MS = 20;

export type LiveLog = {
  url: string;
  /** Those who write, all at once. */
  write(writers: readonly Writer[]): void;
  /** @returns how many have written when it is stopped. */
  writeSteadily(perSecond: number, next: () => Writer): { stop(): number };
  /** Entries since the beginning. */
  written(): number;
  stop(): Promise<void>;
};

/** @param now the clock of the log, ms. */
export async function startLiveLog({ logId, head: after, lastDeviceSeq }: LogEnd, now: () => number): Promise<LiveLog> {
  const added: LogEntry[] = [];
  const lines = new Set<WebSocket>();
  let last = lastDeviceSeq;
  const head = (): number => after + added.length;
  const send = (socket: WebSocket, frame: ServerFrame): void => socket.send(JSON.stringify(frame));
  const append = (entries: LogEntry[]): void => {
    if (entries.length === 0) return;
    added.push(...entries);
    for (const socket of lines) send(socket, { t: 'entries', entries, head: head() });
  };

  const server = createServer((_request, response) => void response.writeHead(404).end());
  const sockets = new WebSocketServer({ server, path: SYNC_PATH });
  sockets.on('connection', (socket) => {
    socket.on('close', () => lines.delete(socket));
    socket.on('message', (data) => {
      const frame = clientFrameSchema.parse(JSON.parse(String(data)));
      if (frame.t === 'hello') {
        const device = { id: ME.deviceId, agentId: ME.agentId, agentName: ME.name, role: 'agent' as const };
        send(socket, { t: 'welcome', protocol: PROTOCOL_VERSION, logId, head: head(), now: now(), lastDeviceSeq: last, device, writeLevel: OP_LEVEL, epoch: 0, publicKey: null, snapshots: [] });
        const missing = added.slice(frame.after - after);
        if (missing.length > 0) send(socket, { t: 'entries', entries: missing, head: head() });
        lines.add(socket);
      }
      if (frame.t === 'push') {
        const ops = frame.ops.filter(({ deviceSeq }) => deviceSeq > last);
        append(ops.map((op, n) => ({ kind: 'op', seq: head() + n + 1, receivedAt: now(), deviceId: ME.deviceId, actorId: ME.agentId, ...op })));
        last = Math.max(last, ops.at(-1)?.deviceSeq ?? 0);
        send(socket, { t: 'ack', last, head: head() });
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const write = (writers: readonly Writer[]): void =>
    append(
      writers.map(({ waId, name }, n): LogEntry => {
        const seq = head() + n + 1;
        const payload = { id: `wamid.live.${seq}`, from: waId, timestamp: String(Math.floor(now() / 1000)), type: 'text', text: { body: `Buenos días, le escribo por el pedido ${seq}` } };
        const body = { item: 'message', field: 'messages', wabaId: '102290129340398', metadata: { phone_number_id: '106540352242922' }, contacts: [{ wa_id: waId, profile: { name } }], payload };
        return { kind: 'webhook', seq, receivedAt: now(), body: JSON.stringify(body) };
      }),
    );

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    write,
    writeSteadily: (perSecond, next) => {
      const from = performance.now();
      let count = 0;
      const timer = setInterval(() => {
        const due = Math.floor(((performance.now() - from) / 1000) * perSecond) - count;
        write(Array.from({ length: due }, next));
        count += due;
      }, TICK_MS);
      return {
        stop: () => {
          clearInterval(timer);
          return count;
        },
      };
    },
    written: () => added.length,
    stop: async () => {
      for (const client of sockets.clients) client.terminate();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
