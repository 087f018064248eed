/**
 * WebSocket upgrades on SYNC_PATH, and the set of open connections. Invariants: no socket without a device's token; a
 * revoked device's sockets end within a second, also when another process revoked it.
 */
import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { errorText, shortId } from '../contract/log.ts';
import { SYNC_PATH } from '../contract/wire.ts';
import { hashDeviceToken } from './invite-code.ts';
import { createLogLimit } from './log-limit.ts';
import { openSyncConnection, type SyncConnection, type SyncConnectionDeps } from './sync-connection.ts';

/** A full push (PUSH_BATCH_MAX ops of OP_BODY_MAX) in any script, escaped in JSON. */
const FRAME_BYTES_MAX = 32 * 1024 * 1024;

export type SyncSocket = {
  /** Listener of the HTTP server's `upgrade`. */
  upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => Promise<void>;
  /** Ends the connections of devices that have been revoked. */
  dropRevoked: () => Promise<void>;
  /** Takes no more connections and ends the open ones; resolves when they are gone. */
  stop: () => Promise<void>;
};

export function createSyncSocket(deps: SyncConnectionDeps): SyncSocket {
  const { store, log, limits } = deps;
  /** For what anybody can cause without a token. */
  const strangersLog = createLogLimit(log, deps.now);
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: FRAME_BYTES_MAX });
  const connections = new Set<SyncConnection>();
  let isStopped = false;
  const beat = setInterval(() => connections.forEach((connection) => connection.beat()), limits.pingEveryMs);

  return {
    upgrade: async (request, socket, head) => {
      const onEarlyError = (): void => void socket.destroy();
      socket.on('error', onEarlyError);
      try {
        if (URL.parse(request.url ?? '', 'http://relay')?.pathname !== SYNC_PATH) return refuseUpgrade(socket, 404);
        const token = /^Bearer ([^\s]+)$/i.exec(request.headers.authorization ?? '')?.[1];
        const device = token === undefined ? undefined : await store.findDeviceByToken(hashDeviceToken(token));
        if (!device) {
          strangersLog('warn', 'sync.unauthorized');
          return refuseUpgrade(socket, 401);
        }
        if (isStopped) return refuseUpgrade(socket, 503);
        socket.off('error', onEarlyError);
        server.handleUpgrade(request, socket, head, (webSocket) => {
          const connection = openSyncConnection(webSocket, device, deps);
          connections.add(connection);
          webSocket.once('close', () => connections.delete(connection));
          if (device.revokedAt !== null) connection.refuseRevoked();
        });
      } catch (error) {
        log('error', 'sync.upgrade_failed', { error: errorText(error) });
        refuseUpgrade(socket, 500);
      }
    },

    dropRevoked: async () => {
      if (connections.size === 0) return;
      const revoked = new Set((await store.listDevices()).filter(({ revokedAt }) => revokedAt !== null).map(({ id }) => id));
      for (const connection of connections) {
        if (!revoked.has(connection.deviceId)) continue;
        log('info', 'sync.revoked', { device: shortId(connection.deviceId) });
        connection.refuseRevoked();
      }
    },

    stop: async () => {
      isStopped = true;
      clearInterval(beat);
      const closed = [...server.clients].map((client) => new Promise((resolve) => client.once('close', resolve)));
      for (const connection of connections) connection.sendAway();
      await Promise.all(closed);
    },
  };
}

function refuseUpgrade(socket: Duplex, status: number): void {
  const body = JSON.stringify({ error: status === 401 ? 'unauthorized' : status === 404 ? 'not_found' : 'unavailable' });
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Connection: close',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(status === 401 ? ['WWW-Authenticate: Bearer'] : []),
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
