/**
 * Express as one would write it first. `hmac`: only checks the signature, so stores nothing: what the relay's own stack
 * can do at most. `naive`: a commit per request. `GET` tells how many events were taken.
 */
import type { AddressInfo } from 'node:net';
import express from 'express';
import { WEBHOOK_PATH } from '../../../contract/wire.ts';
import { createSignatureCheck } from '../../../webhook-relay/signature.ts';
import { openCeilingStore } from './ceiling-store.ts';

const [mode = '', dir = '', appSecret = ''] = process.argv.slice(2);
const store = mode === 'naive' ? openCeilingStore(dir) : null;
const isSigned = createSignatureCheck(appSecret);
let taken = 0;

const app = express();
app.disable('x-powered-by');
app.disable('etag');
app.get('/', (_request, response) => void response.send(String(store ? store.count() : taken)));
app.post(WEBHOOK_PATH, express.raw({ type: () => true, limit: '4mb', inflate: false }), (request, response) => {
  const body = request.body as Buffer;
  if (!isSigned(body, request.get('x-hub-signature-256'))) return void response.sendStatus(401);
  store?.append([body]);
  taken += 1;
  response.sendStatus(200);
});
const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ event: 'ready', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })}\n`);
});
process.on('SIGTERM', () => process.exit(0));
