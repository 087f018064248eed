/**
 * The ceiling of the way from a webhook to a screen: node:http takes the body and a WebSocket passes its text on. Nothing
 * is checked, stored or applied. `GET` serves a page that shows each text as it comes.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

const PAGE = `<!doctype html><meta charset="utf-8"><title>bare line</title><body><script>
  new WebSocket(location.origin.replace('http', 'ws')).onmessage = ({ data }) => {
    const line = document.createElement('p');
    line.textContent = data;
    document.body.prepend(line);
  };
</script>`;

const server = createServer((request, response) => {
  if (request.method === 'GET') return void response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(PAGE);
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { text } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { text: string };
    for (const client of sockets.clients) client.send(text);
    response.writeHead(200, { 'content-length': 0 }).end();
  });
});
const sockets = new WebSocketServer({ server });
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ event: 'ready', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })}\n`);
});
process.on('SIGTERM', () => process.exit(0));
