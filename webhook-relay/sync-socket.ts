/**
 * WebSocket upgrades on SYNC_PATH, and the set of open connections. Invariants: no socket without a device's token; a
 * device holds only a few of them, so that none can take all memory and all connections; a revoked device's sockets end
 * within a second, also when another process revoked it.
 */
import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { errorText, shortId } from '../contract/log.ts';
import { SYNC_PATH } from '../contract/wire.ts';
import { findDeviceByBearer } from './device-auth.ts';
import { createLogLimit } from './log-limit.ts';
import { createPresenceList } from './presence.ts';
import { createSnapshotRequests } from './snapshot-requests.ts';
import { openSyncConnection, type SyncConnection, type SyncConnectionDeps, type SyncEvents } from './sync-connection.ts';

/** A full push (PUSH_BATCH_MAX ops of OP_BODY_MAX) in any script, escaped in JSON. */
const FRAME_BYTES_MAX = 32 * 1024 * 1024;
/** A desktop needs one; those whose line broke unnoticed are still here for a while. */
const CONNECTIONS_PER_DEVICE_MAX = 4;
/** How often a device that stays connected is noted as being here. */
const NOTE_SEEN_EVERY_MS = 60 * 60 * 1000;

export type SyncSocket = {
  /** Listener of the HTTP server's `upgrade`. */
  upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => Promise<void>;
  /** Devices or members may have changed: ends the connections of devices that have been revoked, and tells the others the write level. */
  lookAtDevices: () => Promise<void>;
  /** Every desktop has to say hello again. */
  sendAllAway: (reason: string) => void;
  connectedDevices: () => Set<string>;
  /** The connected desktops have got new entries. */
  considerSnapshot: () => Promise<void>;
  /** Takes no more connections and ends the open ones; resolves when they are gone. */
  stop: () => Promise<void>;
};

/** `onTrusted`: a snapshot may be offered from now on. */
type Deps = Omit<SyncConnectionDeps, 'events' | 'limitedLog'> & { onTrusted: () => void };

export function createSyncSocket(deps: Deps): SyncSocket {
  const { store, log, limits, onTrusted } = deps;
  /** For what anybody can cause without a token, and what one desktop can cause as often as it likes. */
  const limitedLog = createLogLimit(log, deps.now);
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: FRAME_BYTES_MAX });
  const connections = new Set<SyncConnection>();
  let isStopped = false;
  const presence = createPresenceList({ everyMs: limits.presenceEveryMs });
  const beat = setInterval(() => connections.forEach((connection) => connection.beat()), limits.pingEveryMs);

  const connectedDevices = (): Set<string> => new Set([...connections].filter((connection) => connection.isOpen()).map(({ deviceId }) => deviceId));

  /** Who has left since the last turn of the event loop: when a proxy ends, everybody leaves at once, and each note is a commit. */
  const left = new Set<string>();
  function noteLeft(deviceId: string): void {
    if (left.size === 0) setImmediate(() => void noteSeen([]));
    left.add(deviceId);
  }

  /** And those who have left. */
  async function noteSeen(here: string[]): Promise<void> {
    const deviceIds = [...new Set([...here, ...left])];
    left.clear();
    if (deviceIds.length === 0) return;
    try {
      await store.noteSeen(deviceIds);
    } catch (error) {
      log('error', 'sync.note_seen_failed', { error: errorText(error) });
    }
  }

  async function tellWriteLevel(): Promise<void> {
    try {
      const writeLevel = await store.readWriteLevel();
      for (const connection of connections) connection.tellWriteLevel(writeLevel);
    } catch (error) {
      log('error', 'sync.write_level_failed', { error: errorText(error) });
    }
  }

  const requestSnapshot = createSnapshotRequests({ store, every: limits.snapshotEvery, now: deps.now });
  async function considerSnapshot(): Promise<void> {
    try {
      await requestSnapshot(connections);
    } catch (error) {
      log('error', 'sync.snapshot_request_failed', { error: errorText(error) });
    }
  }

  const events: SyncEvents = {
    opened: (connection) => {
      presence.set(connection, { conversationId: null, activity: 'viewing' });
      void tellWriteLevel();
    },
    caughtUp: () => void considerSnapshot(),
    digest: async (connection, { seq, stateVersion, digest }) => {
      const verdict = await store.noteDigest({ deviceId: connection.deviceId, seq, stateVersion, digest });
      if (!verdict) return;
      if (verdict.isSplit) limitedLog('error', 'digest.split', { seq, stateVersion });
      for (const odd of verdict.odd) {
        limitedLog('error', 'digest.differs', { device: shortId(odd.deviceId), seq, stateVersion });
        for (const other of connections) if (other.deviceId === odd.deviceId) other.tellDigestDiffers(seq, odd.digest);
      }
      if (verdict.isNewlyTrusted) onTrusted();
    },
    presence: (connection, frame) => presence.set(connection, frame),
    ended: (connection, wasOpen) => {
      connections.delete(connection);
      if (wasOpen && !isStopped) noteLeft(connection.deviceId);
      presence.leave(connection);
    },
  };

  const noting = setInterval(() => void noteSeen([...connectedDevices()]).then(tellWriteLevel), NOTE_SEEN_EVERY_MS);

  return {
    connectedDevices,
    sendAllAway: (reason) => connections.forEach((connection) => connection.sendAway(reason)),
    considerSnapshot,

    upgrade: async (request, socket, head) => {
      const onEarlyError = (): void => void socket.destroy();
      socket.on('error', onEarlyError);
      try {
        if (URL.parse(request.url ?? '', 'http://relay')?.pathname !== SYNC_PATH) return refuseUpgrade(socket, 404);
        const device = await findDeviceByBearer(store, request.headers.authorization);
        if (!device) {
          limitedLog('warn', 'sync.unauthorized');
          return refuseUpgrade(socket, 401);
        }
        if (isStopped) return refuseUpgrade(socket, 503);
        socket.off('error', onEarlyError);
        server.handleUpgrade(request, socket, head, (webSocket) => {
          const [oldest, ...others] = [...connections].filter(({ deviceId }) => deviceId === device.id);
          if (others.length + 1 >= CONNECTIONS_PER_DEVICE_MAX) oldest?.sendAway('newer connections took its place');
          const connection = openSyncConnection(webSocket, device, { ...deps, limitedLog, events });
          connections.add(connection);
          // It is told what to do with what it holds, which an HTTP status could not.
          if (device.revokedAt !== null) connection.refuseRevoked(device.wipe);
        });
      } catch (error) {
        log('error', 'sync.upgrade_failed', { error: errorText(error) });
        refuseUpgrade(socket, 500);
      }
    },

    lookAtDevices: async () => {
      if (connections.size === 0) return;
      const revoked = new Map((await store.listDevices()).filter(({ revokedAt }) => revokedAt !== null).map(({ id, wipe }) => [id, wipe]));
      for (const connection of connections) {
        const wipe = revoked.get(connection.deviceId);
        if (wipe === undefined) continue;
        log('info', 'sync.revoked', { device: shortId(connection.deviceId) });
        connection.refuseRevoked(wipe);
      }
      await tellWriteLevel();
    },

    stop: async () => {
      isStopped = true;
      clearInterval(beat);
      clearInterval(noting);
      presence.stop();
      await noteSeen([...connectedDevices()]); // one write for all of them
      const closed = [...server.clients].map((client) => new Promise((resolve) => client.once('close', resolve)));
      for (const connection of connections) connection.sendAway('the relay is stopping');
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
