/**
 * Serves the window to a browser on this computer and speaks the contract with it over a WebSocket. Invariants: it
 * listens on the loopback interface only; whoever connects must know this run's secret and come from our own page, so
 * that neither another program nor a web site (DNS rebinding, cross-site WebSocket) reaches the engine. Files of messages have an address
 * that only our page can make, from a second secret that opens nothing else.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { WebSocketServer } from 'ws';
import { errorText, type Log } from '../../../contract/log.ts';
import { MEDIA_TOKEN_PURPOSE } from '../../../contract/media-path.ts';
import type { ServedRouter } from '../../engine/api/call-errors.ts';
import { createWebSocketServer } from '../../engine/api/serve-websocket.ts';
import type { StoredFiles } from '../../engine/stored-files.ts';
import { readMediaFile, readMediaPath } from '../media-files.ts';
import { readRendererFile } from '../renderer-files.ts';

const RPC_PATH = '/rpc';
const SUBPROTOCOL = 'bandeja.v1';
const SECRET_PREFIX = 'secret.';
/** What the window keeps with the engine can be as long as an article. */
const FRAME_MAX_BYTES = 8_000_000;

export type BrowserShell = {
  start(): Promise<void>;
  /** Cuts every window's line: what is served has changed. */
  dropLines(): void;
  stop(): Promise<void>;
  /** With the secret behind `#`, where it reaches neither the server's log nor another site. */
  readonly url: string;
  readonly secret: string;
};
/** @param port 0 chooses a free one. */
/** @param secret of an earlier shell, so that its windows go on with this one. */
export type BrowserShellOptions = { secret?: string; router: () => ServedRouter; rendererDir: string; files: () => StoredFiles | null; port: number; log: Log };

export function createBrowserShell({ secret = randomBytes(32).toString('base64url'), router, rendererDir, files, port, log }: BrowserShellOptions): BrowserShell {
  const mediaToken = createHmac('sha256', secret).update(MEDIA_TOKEN_PURPOSE).digest('base64url');
  const sockets = new WebSocketServer({ noServer: true, maxPayload: FRAME_MAX_BYTES, handleProtocols: () => SUBPROTOCOL });
  const server = createServer((request, response) => {
    servePage(request, response).catch((error: unknown) => {
      log('error', 'browser.request_failed', { error: errorText(error) });
      response.destroy();
    });
  });

  const readAddress = (): string => `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const isOwnHost = (host: string | undefined): boolean => host === readAddress() || host === readAddress().replace('127.0.0.1', 'localhost');

  async function servePage(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isOwnHost(request.headers.host)) return void response.writeHead(403).end();
    if (request.method !== 'GET' && request.method !== 'HEAD') return void response.writeHead(405, { allow: 'GET, HEAD' }).end();
    const [pathname = '/', query] = (request.url ?? '/').split('?', 2);
    const media = readMediaPath(pathname);
    if (media) return serveMedia(media.token, pathname, query ?? '', request, response);
    const { status, headers, body } = await readRendererFile(rendererDir, pathname, `ws://${request.headers.host}`);
    response.writeHead(status, { ...headers, 'content-length': body.length }).end(request.method === 'HEAD' ? undefined : body);
  }

  async function serveMedia(token: string, pathname: string, search: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!timingSafeEqual(digest(token), digest(mediaToken))) return void response.writeHead(403, { 'cache-control': 'no-store' }).end();
    const { status, headers, body } = await readMediaFile(files(), { pathname, search, range: request.headers.range ?? null });
    response.writeHead(status, headers);
    if (body === null || request.method === 'HEAD') {
      body?.destroy();
      return void response.end();
    }
    // A player that jumps ends one answer and asks for another.
    await pipeline(body, response).catch((error: unknown) => log('debug', 'browser.file_ended', { error: errorText(error) }));
  }

  /** @returns the HTTP status with which to refuse, or null. */
  function judgeUpgrade({ url, headers }: IncomingMessage): number | null {
    const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
    if (url !== RPC_PATH) return 404;
    if (!isOwnHost(headers.host) || headers.origin !== `http://${headers.host}`) return 403;
    if (!offered.includes(SUBPROTOCOL)) return 400;
    const given = offered.find((name) => name.startsWith(SECRET_PREFIX))?.slice(SECRET_PREFIX.length) ?? '';
    return timingSafeEqual(digest(given), digest(secret)) ? null : 401;
  }

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const refusal = judgeUpgrade(request);
    if (refusal !== null) {
      log('warn', 'browser.refused', { status: refusal });
      socket.end(`HTTP/1.1 ${refusal} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.on('error', (error) => log('warn', 'browser.socket_failed', { error: errorText(error) }));
      createWebSocketServer(router(), log)(webSocket);
    });
  });

  return {
    get url() {
      return `http://${readAddress()}/#k=${secret}`;
    },
    secret,
    dropLines: () => {
      for (const client of sockets.clients) client.terminate();
    },
    start: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, '127.0.0.1', resolve);
      }),
    stop: () =>
      new Promise((resolve) => {
        for (const client of sockets.clients) client.terminate();
        server.close(() => resolve());
        // Browsers keep spare connections open, which would hold up `close` for minutes.
        server.closeAllConnections();
      }),
  };
}

/** Equal lengths, so that the comparison takes the same time for every guess. */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
