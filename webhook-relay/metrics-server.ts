/**
 * `GET /metrics` on a port of its own. Invariants: never on the port that the internet reaches, so that no mistake in a
 * proxy publishes it; on another address than this machine's only with a token (`readConfig` insists).
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isSameSecret } from './signature.ts';

export const METRICS_PATH = '/metrics';

type Deps = { host: string; port: number; token: string | undefined; render: () => Promise<{ contentType: string; text: string }> };
export type MetricsServer = { port: number; stop: () => Promise<void> };

/** @throws if it cannot listen. */
export async function startMetricsServer({ host, port, token, render }: Deps): Promise<MetricsServer> {
  const server = createServer({ headersTimeout: 5_000, requestTimeout: 5_000, connectionsCheckingInterval: 2_500, maxHeaderSize: 4 * 1024 }, (request, response) => {
    const refuse = (status: number, headers: Record<string, string> = {}): void => void response.writeHead(status, { ...headers, Connection: 'close' }).end();
    if (request.url !== METRICS_PATH) return refuse(404);
    if (request.method !== 'GET') return refuse(405, { Allow: 'GET' });
    const given = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
    if (token !== undefined && !isSameSecret(given, token)) return refuse(401, { 'WWW-Authenticate': 'Bearer' });
    render().then(
      ({ contentType, text }) => response.writeHead(200, { 'Content-Type': contentType, 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' }).end(text),
      () => refuse(500),
    );
  });
  server.maxConnections = 20;
  server.listen(port, host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
