/**
 * The load as a process of its own: keeps every connection busy with one request at a time and counts the answers.
 * Sockets and not an HTTP client, because a client that costs as much as the server would measure itself.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { answerAsks } from '../../support/ask-process.ts';
import { percentile } from '../statistics.ts';
import { readAnswer } from './read-answer.ts';
import { createSignedRequests } from './signed-requests.ts';

/** `tag`: see `createSignedRequests`. */
export type Load = { url: string; appSecret: string; tag: string; connections: number; seconds: number };
/** `acks`: answers with 200, all of them. `perSecond`: of those within `seconds`. Times in ms. */
export type LoadResult = { acks: number; refused: number; perSecond: number; p50: number; p99: number };

async function runLoad({ url, appSecret, tag, connections, seconds }: Load): Promise<LoadResult> {
  const { host, hostname, port } = new URL(url);
  const makeRequest = createSignedRequests(host, appSecret, tag);
  const sockets = Array.from({ length: connections }, () => connect({ host: hostname, port: Number(port), noDelay: true }));
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  const times: number[] = [];
  let inTime = 0;
  let acks = 0;
  let refused = 0;
  const startedAt = performance.now();
  const endsAt = startedAt + seconds * 1000;
  await Promise.all(
    sockets.map((socket) =>
      keepBusy(socket, makeRequest, endsAt, (isOk, sentAt) => {
        const now = performance.now();
        if (!isOk) return void (refused += 1);
        acks += 1;
        times.push(now - sentAt);
        if (now <= endsAt) inTime += 1;
      }),
    ),
  );
  return { acks, refused, perSecond: inTime / seconds, p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
}

/** Sends until `endsAt` and resolves when the last request is answered. */
function keepBusy(socket: Socket, makeRequest: () => Buffer, endsAt: number, onAnswer: (isOk: boolean, sentAt: number) => void): Promise<void> {
  let sentAt = 0;
  let pending: Buffer = Buffer.alloc(0);
  const send = (): void => {
    sentAt = performance.now();
    socket.write(makeRequest());
  };
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the server closed a connection')));
    socket.on('data', (chunk: Buffer) => {
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
      const isOk = readAnswer(pending);
      if (isOk === null) return;
      pending = Buffer.alloc(0);
      onAnswer(isOk, sentAt);
      if (performance.now() < endsAt) return send();
      socket.removeAllListeners('close');
      socket.destroy();
      resolve();
    });
    send();
  });
}

answerAsks(runLoad);
