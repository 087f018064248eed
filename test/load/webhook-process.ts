/**
 * Meta at a given pace, as a process: posts signed webhooks when their time has come, whether or not the ones before are answered, and brings one in
 * fifty again. Invariant: an answer's time counts from when its webhook was due, so that a relay which is slow for a while does not look fast because
 * nobody asked it meanwhile.
 */
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { readAnswer } from '../bench/webhook-acks/read-answer.ts';
import { createSignedRequests } from '../bench/webhook-acks/signed-requests.ts';
import { answerAsks } from '../support/ask-process.ts';

/** `tag`: another one for each ask, always as long; ids are `wamid.TAG` and twelve digits, from 1 on. */
export type WebhookAsk = { url: string; appSecret: string; tag: string; bodyBytes: number; perSecond: number; seconds: number };
/** `made`: how many different ones. `refused`: answers that were not 200. `inTime`: answers before the last one was due and a quarter of a second. `times`: ms. */
export type WebhookAnswer = { made: number; posted: number; refused: number; inTime: number; times: number[] };

const CONNECTIONS_MAX = 128;
const AGAIN_EVERY = 50;
const TICK_MS = 2;
const IN_TIME_MS = 250;
/** The relay keeps an idle connection for 65 s. */
const IDLE_MS_MAX = 30_000;

type Connection = { socket: Socket; /** What waits for the answer under way. */ onAnswer: ((isOk: boolean) => void) | undefined; usedAt: number };

/** Connections, opened when they are needed and kept for the next ask, as Meta does: a busy server takes new ones only one by one. */
let idle: Connection[] = [];
let open = 0;
let failure: Error | undefined;

function openConnection(host: string, port: number): Connection {
  const socket = connect({ host, port, noDelay: true });
  const connection: Connection = { socket, onAnswer: undefined, usedAt: 0 };
  let pending: Buffer = Buffer.alloc(0);
  open += 1;
  socket.on('error', () => undefined); // `close` follows
  socket.once('close', () => {
    open -= 1;
    idle = idle.filter((other) => other !== connection);
    if (connection.onAnswer) failure ??= new Error('the relay ended a connection of Meta before it answered');
  });
  socket.on('data', (chunk: Buffer) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    if (!connection.onAnswer) return void socket.destroy();
    const isOk = readAnswer(pending);
    if (isOk === null) return;
    pending = Buffer.alloc(0);
    connection.onAnswer(isOk);
  });
  return connection;
}

/** @returns undefined if all that there may be are busy. */
function takeConnection(host: string, port: number): Connection | undefined {
  for (let connection = idle.pop(); connection; connection = idle.pop()) {
    if (performance.now() - connection.usedAt < IDLE_MS_MAX) return connection;
    connection.socket.destroy();
  }
  return open < CONNECTIONS_MAX ? openConnection(host, port) : undefined;
}

async function post({ url, appSecret, tag, bodyBytes, perSecond, seconds }: WebhookAsk): Promise<WebhookAnswer> {
  const { host, hostname, port } = new URL(url);
  const make = createSignedRequests(host, appSecret, tag, bodyBytes);
  const waiting: { request: Buffer; due: number }[] = [];
  const times: number[] = [];
  const total = Math.round(perSecond * seconds);
  let made = 0;
  let posted = 0;
  let refused = 0;
  let inTime = 0;
  let last: Buffer = Buffer.alloc(0);
  const begunAt = performance.now();
  const closesAt = begunAt + seconds * 1000 + IN_TIME_MS;

  const sendNext = (connection: Connection): void => {
    const next = waiting.shift();
    connection.usedAt = performance.now();
    connection.onAnswer = undefined;
    if (!next) return void idle.push(connection);
    connection.onAnswer = (isOk) => {
      const now = performance.now();
      if (!isOk) refused += 1;
      if (now <= closesAt) inTime += 1;
      times.push(now - next.due);
      sendNext(connection);
    };
    connection.socket.write(next.request);
  };

  for (; posted < total || times.length < posted; await pause(TICK_MS)) {
    if (failure) throw failure;
    const due = Math.min(total, Math.floor(((performance.now() - begunAt) * perSecond) / 1000) + 1);
    for (; posted < due; posted += 1) {
      const isAgain = posted % AGAIN_EVERY === AGAIN_EVERY - 1;
      const request = isAgain ? last : make();
      last = request;
      if (!isAgain) made += 1;
      waiting.push({ request, due: begunAt + (posted * 1000) / perSecond });
      const connection = takeConnection(hostname, Number(port));
      if (connection) sendNext(connection);
    }
  }
  return { made, posted, refused, inTime, times };
}

answerAsks(post);
