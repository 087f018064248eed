/** Serves the empty page, built anew, as a program of its own: the ceiling of starting is a process that only does this. */
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

const [folder = ''] = process.argv.slice(2);
const TYPES: Record<string, string> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript' };

const server = createServer((request, response) => {
  const file = path.join(folder, path.normalize(request.url === '/' ? '/index.html' : (request.url ?? '/')));
  readFile(file).then(
    (body) => response.writeHead(200, { 'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream' }).end(body),
    () => response.writeHead(404).end(),
  );
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ event: 'ready', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` })}\n`);
});
process.on('SIGTERM', () => process.exit(0));
