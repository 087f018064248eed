/**
 * The ceiling: node:http, the signature over the raw bytes, and one transaction for everything that a turn of the event
 * loop brought. No routes, no parsing, no splitting. `GET` tells how many events are stored.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSignatureCheck } from '../../../webhook-relay/signature.ts';
import { openCeilingStore } from './ceiling-store.ts';

const [dir = '', appSecret = ''] = process.argv.slice(2);
const store = openCeilingStore(dir);
const isSigned = createSignatureCheck(appSecret);
let waiting: { body: Buffer; response: ServerResponse }[] = [];

const commit = (): void => {
  const group = waiting;
  waiting = [];
  store.append(group.map(({ body }) => body));
  for (const { response } of group) response.writeHead(200, { 'content-length': 2 }).end('OK');
};

const server = createServer((request, response) => {
  if (request.method === 'GET') return void response.end(String(store.count()));
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
    if (!isSigned(body, request.headers['x-hub-signature-256']?.toString())) return void response.writeHead(401, { 'content-length': 0 }).end();
    if (waiting.push({ body, response }) === 1) setImmediate(commit);
  });
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ event: 'ready', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })}\n`);
});
process.on('SIGTERM', () => process.exit(0));
