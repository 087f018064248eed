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
import type { AttemptLimit } from './attempt-limit.ts';
import type { AddressOf } from './client-address.ts';
import type { FindDevice } from './find-device.ts';
import { createLogLimit } from './log-limit.ts';
import type { RelayMetrics } from './metrics.ts';
import { createPresenceList } from './presence.ts';
import { createSnapshotRequests } from './snapshot-requests.ts';
import { describeHolders, openSyncConnection, type SyncConnection, type SyncConnectionDeps, type SyncEvents } from './sync-connection.ts';

/** A full push (PUSH_BATCH_MAX ops of SEALED_BODY_MAX). */
const FRAME_BYTES_MAX = 32 * 1024 * 1024;
/** A desktop needs one; those whose line broke unnoticed are still here for a while. */
const CONNECTIONS_PER_DEVICE_MAX = 4;
/** How often a device that stays connected is noted as being here. */
const NOTE_SEEN_EVERY_MS = 60 * 60 * 1000;

export type SyncSocket = {
  /** Listener of the HTTP server's `upgrade`. */
  upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => Promise<void>;
  /** Devices, members or keys may have changed: ends the connections of devices that have been revoked, and tells the others the write level and the newest key. */
  lookAtDevices: () => Promise<void>;
  /** Every desktop has to say hello again. */
  sendAllAway: (reason: string) => void;
  connectedDevices: () => Set<string>;
  /** Last seq that was sent to the desktop furthest behind; null: none is connected. */
  lowestCursor: () => number | null;
  /** The connected desktops have got new entries. */
  considerSnapshot: (reached?: number) => Promise<void>;
  /** A sealed file is gone: whoever has the right one brings it. */
  noteWanted: (name: string) => void;
  /** Somebody may have been erased: if so, a desktop is asked for a snapshot of after it. */
  noteErasure: () => void;
  /** Takes no more connections and ends the open ones; resolves when they are gone. */
  stop: () => Promise<void>;
};

/** `onTrusted`: a snapshot may be offered from now on. */
type Deps = Omit<SyncConnectionDeps, 'events' | 'limitedLog'> & {
  onTrusted: () => void;
  findDevice: FindDevice;
  addressOf: AddressOf;
  /** Upgrades without a right token, by address. */
  strangers: AttemptLimit;
  /** Connections of each device: every hello is a commit. */
  deviceConnects: AttemptLimit;
  metrics: RelayMetrics;
};

export function createSyncSocket(deps: Deps): SyncSocket {
  const { store, log, limits, onTrusted, findDevice, addressOf, strangers, deviceConnects, metrics } = deps;
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
  async function tellKey(): Promise<void> {
    const [{ epoch, publicKey }, { holders }] = await Promise.all([store.readStatus(), store.readKeyHolders()]);
    const described = describeHolders(holders);
    for (const connection of connections) connection.tellKey({ epoch, publicKey }, described);
  }

  const snapshotRequests = createSnapshotRequests({ store, every: limits.snapshotEvery, now: deps.now });
  async function considerSnapshot(reached?: number): Promise<void> {
    try {
      await snapshotRequests.consider(connections, reached);
    } catch (error) {
      log('error', 'sync.snapshot_request_failed', { error: errorText(error) });
    }
  }

  const events: SyncEvents = {
    opened: (connection) => {
      presence.set(connection, { conversationId: null, activity: 'viewing' });
      void tellWriteLevel();
      // Another one may have come while it was greeted.
      tellKey().catch((error: unknown) => log('error', 'sync.key_not_told', { error: errorText(error) }));
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
    lowestCursor: () => {
      const cursors = [...connections].filter((connection) => connection.isOpen()).map((connection) => connection.cursor());
      return cursors.length === 0 ? null : Math.min(...cursors);
    },
    sendAllAway: (reason) => connections.forEach((connection) => connection.sendAway(reason)),
    considerSnapshot,
    noteWanted: (name) => connections.forEach((connection) => connection.tellWanted([name])),
    noteErasure: () => {
      snapshotRequests.noteErasure();
      void considerSnapshot();
    },

    upgrade: async (request, socket, head) => {
      const onEarlyError = (): void => void socket.destroy();
      const refuse = (status: number): void => {
        metrics.noteResponse(SYNC_PATH, status);
        refuseUpgrade(socket, status);
      };
      socket.on('error', onEarlyError);
      try {
        if (URL.parse(request.url ?? '', 'http://relay')?.pathname !== SYNC_PATH) return refuse(404);
        const device = await findDevice(request.headers.authorization, () => socket.destroyed);
        if (device === 'busy') return refuse(503);
        if (!device) {
          limitedLog('warn', 'sync.unauthorized');
          const address = addressOf(request);
          return refuse(address === null || strangers.take(address) ? 401 : 429);
        }
        if (!deviceConnects.take(device.id)) {
          limitedLog('warn', 'sync.too_many_connects', { device: shortId(device.id) });
          return refuse(429);
        }
        if (isStopped) return refuse(503);
        socket.off('error', onEarlyError);
        server.handleUpgrade(request, socket, head, (webSocket) => {
          const [oldest, ...others] = [...connections].filter(({ deviceId }) => deviceId === device.id);
          if (others.length + 1 >= CONNECTIONS_PER_DEVICE_MAX) oldest?.sendAway('newer connections took its place');
          const connection = openSyncConnection(webSocket, device, { ...deps, limitedLog, events });
          connections.add(connection);
          metrics.noteResponse(SYNC_PATH, 101);
          // It is told what to do with what it holds, which an HTTP status could not.
          if (device.revokedAt !== null) connection.refuseRevoked(device.wipe);
        });
      } catch (error) {
        log('error', 'sync.upgrade_failed', { error: errorText(error) });
        refuse(500);
      }
    },

    lookAtDevices: async () => {
      if (connections.size === 0) return;
      const devices = new Map((await store.listDevices()).map((device) => [device.id, device]));
      for (const connection of connections) {
        const device = devices.get(connection.deviceId);
        if (!device) continue;
        connection.noteRole(device.role);
        if (device.revokedAt === null) continue;
        log('info', 'sync.revoked', { device: shortId(connection.deviceId) });
        connection.refuseRevoked(device.wipe);
      }
      await tellWriteLevel();
      await tellKey();
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

const UPGRADE_ERRORS: Record<number, string> = { 401: 'unauthorized', 404: 'not_found', 429: 'too_many_requests' };

function refuseUpgrade(socket: Duplex, status: number): void {
  const body = JSON.stringify({ error: UPGRADE_ERRORS[status] ?? 'unavailable' });
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Connection: close',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(status === 401 ? ['WWW-Authenticate: Bearer'] : []),
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
