/**
 * A relay that passes webhooks on and keeps nothing, as smee.io does it: Express parses the body and whoever listens gets it as a server-sent event (probot/smee.io). It checks no
 * signature, and what comes while nobody listens is gone. `GET /` tells how many came.
 */
import { EventEmitter } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { WEBHOOK_PATH } from '../../../contract/wire.ts';

const events = new EventEmitter();
let taken = 0;

const app = express();
app.disable('x-powered-by');
app.disable('etag');
app.get('/', (_request, response) => void response.send(String(taken)));
app.get('/events', (request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  response.write('event: ready\ndata: {}\n\n');
  const pass = (event: object): void => void response.write(`id: ${taken}\ndata: ${JSON.stringify(event)}\n\n`);
  events.on('webhook', pass);
  request.once('close', () => events.off('webhook', pass));
});
app.post(WEBHOOK_PATH, express.json({ limit: '25mb' }), (request, response) => {
  taken += 1;
  events.emit('webhook', { ...request.headers, body: request.body as unknown, query: request.query, timestamp: Date.now() });
  response.sendStatus(200);
});
const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ event: 'ready', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })}\n`);
});
process.on('SIGTERM', () => process.exit(0));
