/**
 * One desktop's WebSocket: hello, then ops and presence up, entries and news of the team down. Invariants: nothing is pushed before an accepted
 * hello; frames are handled one after the other and the socket is paused meanwhile, so a desktop cannot fill our memory;
 * after a refusal that ends the connection nothing more is handled.
 */
import type { WebSocket } from 'ws';
import { assertNever } from '../contract/app-error.ts';
import { errorText, shortId, type Log } from '../contract/log.ts';
import { clientFrameSchema, PROTOCOL_FLOOR, PROTOCOL_VERSION, SEALED_PROTOCOL_FLOOR, type ClientFrame, type NewestKey, type Refusal, type Role, type ServerFrame } from '../contract/wire.ts';
import type { Follower, LiveFeed } from './live-feed.ts';
import type { AppendJob, AppendResult, Device, LogStore } from './log-store/interface.ts';
import type { PresencePeer } from './presence.ts';
import type { SnapshotMaker } from './snapshot-requests.ts';

export type SyncLimits = {
  helloWithinMs: number;
  pingEveryMs: number;
  /** Bytes that may wait for a desktop that does not read. */
  slowClientBytes: number;
  /** The list of who is present is sent at most this often. */
  presenceEveryMs: number;
  /** Entries after which a desktop is asked for another snapshot. */
  snapshotEvery: number;
};

/** Pings without any sign of life before a peer counts as dead; more of them while it is still taking what it was sent. */
const SILENT_PINGS_MAX = 2;
const SILENT_PINGS_WHILE_SENDING_MAX = 15;
/** Bytes that may wait for a peer when it is offered what can also come later. */
const WAITING_BYTES_MAX = 64 * 1024;
/** How long a peer has to answer our close before the socket is destroyed. */
const CLOSE_GRACE_MS = 500;
/** WebSocket close codes (RFC 6455, 7.4.1). */
const GOING_AWAY = 1001;
const POLICY_VIOLATION = 1008;
const INTERNAL_ERROR = 1011;

export type SyncConnection = PresencePeer &
  SnapshotMaker & {
    /** False before an accepted hello and after the end. */
    isOpen: () => boolean;
    /** Tells the level unless it is known there. */
    tellWriteLevel: (writeLevel: number) => void;
    /** Tells the newest key unless it is known there, and to admins' desktops again when others have it than before; refuses who could read nothing any more. @param holders as `describeHolders` says */
    tellKey: (key: NewestKey, holders: string) => void;
    /** Of its agent, which may change while it is connected. */
    noteRole: (role: Role) => void;
    /** Sealed files that the relay has no more. */
    tellWanted: (names: string[]) => void;
    /** Its rows at `seq` are not those of the others; said once for each of its digests. */
    tellDigestDiffers: (seq: number, digest: string) => void;
    refuseRevoked: (wipe: boolean) => void;
    /** Called every `pingEveryMs`. */
    beat: () => void;
    /** The desktop should come back later, for this reason. */
    sendAway: (reason: string) => void;
  };

/** What concerns the other connections too. */
export type SyncEvents = {
  opened: (connection: SyncConnection) => void;
  /** It has the whole log, as of now. */
  caughtUp: () => void;
  digest: (connection: SyncConnection, frame: Extract<ClientFrame, { t: 'digest' }>) => Promise<void>;
  presence: (connection: SyncConnection, frame: Extract<ClientFrame, { t: 'presence' }>) => void;
  /** Once, also for a connection that never opened. */
  ended: (connection: SyncConnection, wasOpen: boolean) => void;
};

export type SyncConnectionDeps = {
  store: LogStore;
  append: (job: AppendJob) => Promise<AppendResult>;
  feed: LiveFeed;
  /** Sealed files that were dropped and nobody has brought again. */
  listWanted: () => Promise<string[]>;
  log: Log;
  /** For what a desktop can cause as often as it likes. */ limitedLog: Log;
  now: () => number;
  limits: SyncLimits;
  events: SyncEvents;
};

const FRAME_TYPES = new Set<string>(clientFrameSchema.options.map((option) => option.shape.t.value));

type Parsed = { status: 'frame'; frame: ClientFrame } | { status: 'unknown' | 'too_old' } | { status: 'bad'; detail: string };

/** Takes over an authenticated socket. */
export function openSyncConnection(socket: WebSocket, device: Device, { store, append, feed, listWanted, log, limitedLog, now, limits, events }: SyncConnectionDeps): SyncConnection {
  let phase: 'new' | 'open' | 'ended' = 'new';
  let silentPings = 0;
  let isHandling = false;
  let toldWriteLevel = 0;
  /** Of the newest key; null: nothing. */
  let toldKey: string | null = null;
  let toldEpoch = 0;
  let toldHolders = '';
  let isAdmin = false;
  /** That its hello named. */
  let protocol = 0;
  let toldDigest = '';
  const frames: ClientFrame[] = [];
  const name = shortId(device.id);

  const send = (frame: ServerFrame): void => socket.send(JSON.stringify(frame));

  const end = (code: number, reason: string): void => {
    if (phase === 'ended') return;
    const wasOpen = phase === 'open';
    phase = 'ended';
    frames.length = 0;
    feed.leave(follower);
    events.ended(connection, wasOpen);
    log('info', 'sync.ended', { device: name, reason });
    if (socket.readyState === socket.CLOSED) return;
    socket.resume(); // a paused socket would never see the peer's close
    socket.close(code, reason);
    const timer = setTimeout(() => socket.terminate(), CLOSE_GRACE_MS);
    socket.once('close', () => clearTimeout(timer));
  };

  const refuse = (refusal: Refusal): void => {
    if (phase === 'ended') return;
    send({ t: 'refused', refusal });
    end(POLICY_VIOLATION, refusal.code);
  };

  const follower: Follower = {
    cursor: 0,
    isOpen: () => phase === 'open',
    isTooSlow: () => socket.bufferedAmount > limits.slowClientBytes,
    send: (frame) => socket.send(frame, { binary: false }),
    sendAndWait: (frame) => new Promise((resolve) => socket.send(frame, { binary: false }, () => resolve())),
    cut: (reason) => {
      end(INTERNAL_ERROR, reason);
      socket.terminate();
    },
  };

  const connection: SyncConnection = {
    deviceId: device.id,
    agentId: device.agentId,
    isOpen: () => phase === 'open',
    offer: (frame) => {
      if (socket.bufferedAmount > WAITING_BYTES_MAX) return false;
      if (phase === 'open') socket.send(frame, { binary: false });
      return true;
    },
    tellWriteLevel: (writeLevel) => {
      if (phase !== 'open' || writeLevel === toldWriteLevel) return;
      toldWriteLevel = writeLevel;
      send({ t: 'write_level', writeLevel });
    },
    tellKey: ({ epoch, publicKey }, holders) => {
      // Asked at the same time as another answer, and heard later.
      if (phase !== 'open' || epoch < toldEpoch) return;
      if (publicKey === toldKey && (!isAdmin || holders === toldHolders)) return;
      if (protocol < SEALED_PROTOCOL_FLOOR) return refuse({ code: 'protocol_too_old', floor: SEALED_PROTOCOL_FLOOR });
      [toldEpoch, toldKey, toldHolders] = [epoch, publicKey, holders];
      send({ t: 'keys', epoch, publicKey });
    },
    noteRole: (role) => {
      isAdmin = role === 'admin';
    },
    tellWanted: (names) => {
      if (phase === 'open' && protocol >= SEALED_PROTOCOL_FLOOR) send({ t: 'files_wanted', names });
    },
    cursor: () => follower.cursor,
    askForSnapshot: () => send({ t: 'snapshot_wanted' }),
    tellDigestDiffers: (seq, digest) => {
      const told = `${seq} ${digest}`;
      if (phase !== 'open' || told === toldDigest) return;
      toldDigest = told;
      send({ t: 'digest_differs', seq });
    },
    refuseRevoked: (wipe) => refuse({ code: 'revoked', wipe }),
    sendAway: (reason) => end(GOING_AWAY, reason),
    beat: () => {
      if (phase === 'ended') return;
      // On a slow line our ping waits behind a page that is still going out.
      const isDead = silentPings >= (socket.bufferedAmount > 0 ? SILENT_PINGS_WHILE_SENDING_MAX : SILENT_PINGS_MAX);
      if (isDead) return follower.cut('it does not answer');
      silentPings += 1;
      socket.ping();
    },
  };

  async function handleHello(hello: Extract<ClientFrame, { t: 'hello' }>): Promise<void> {
    if (phase !== 'new') return refuse({ code: 'bad_frame', detail: 'hello came twice' });
    const [current, { logId, head, horizon, epoch, publicKey }, { holders }] = await Promise.all([store.findDevice(device.id), store.readStatus(), store.readKeyHolders()]);
    if (!current || current.revokedAt !== null) return refuse({ code: 'revoked', wipe: current?.wipe ?? false });
    // Before it hears of another log or of a snapshot, for which it would drop its rows and could then read nothing.
    if (epoch > 0 && hello.protocol < SEALED_PROTOCOL_FLOOR) return refuse({ code: 'protocol_too_old', floor: SEALED_PROTOCOL_FLOOR });
    if (hello.logId !== null && hello.logId !== logId) return refuse({ code: 'wrong_log', logId, lineage: await store.readLineage() });
    if (hello.after > head) return refuse({ code: 'cursor_ahead', head });
    if (hello.after < horizon) return refuse({ code: 'cursor_too_old', snapshotSeq: (await store.listTrustedSnapshots())[0]?.seq ?? horizon, epoch, publicKey });
    await store.noteHello(device.id, hello.opLevel);
    const [writeLevel, snapshots, wanted] = await Promise.all([store.readWriteLevel(), store.listTrustedSnapshots(), listWanted()]);
    if (phase !== 'new') return; // it went away meanwhile
    clearTimeout(helloTimer);
    phase = 'open';
    toldWriteLevel = writeLevel;
    [toldEpoch, toldKey, toldHolders] = [epoch, publicKey, describeHolders(holders)];
    connection.noteRole(current.role);
    protocol = hello.protocol;
    const { id, agentId, agentName, role } = current;
    send({
      t: 'welcome',
      protocol: PROTOCOL_VERSION,
      logId,
      head,
      now: now(),
      lastDeviceSeq: current.lastDeviceSeq,
      device: { id, agentId, agentName, role },
      writeLevel,
      epoch,
      publicKey,
      snapshots,
    });
    if (wanted.length > 0) connection.tellWanted(wanted);
    log('info', 'sync.opened', { device: name, after: hello.after, head });
    events.opened(connection);
    follower.cursor = hello.after;
    void feed.follow(follower).then(events.caughtUp);
  }

  async function handleFrame(frame: ClientFrame): Promise<void> {
    if (frame.t === 'hello') return handleHello(frame);
    if (phase !== 'open') return refuse({ code: 'bad_frame', detail: 'hello must come first' });
    switch (frame.t) {
      case 'push':
        return handlePush(frame);
      case 'presence':
        return events.presence(connection, frame);
      case 'digest':
        return events.digest(connection, frame);
      default:
        return assertNever(frame);
    }
  }

  async function handlePush({ ops }: Extract<ClientFrame, { t: 'push' }>): Promise<void> {
    const result = await append({ kind: 'push', deviceId: device.id, ops });
    if (result.kind !== 'push') throw new Error('the store answered another question');
    switch (result.status) {
      case 'done':
        return send({ t: 'ack', last: result.last, head: result.head });
      case 'gap':
        return send({ t: 'refused', refusal: { code: 'gap', last: result.last } });
      case 'wrong_epoch':
        limitedLog('info', 'sync.seal_again', { device: name, epoch: result.epoch });
        return send({ t: 'refused', refusal: { code: 'seal_again', last: result.last, epoch: result.epoch } });
      case 'forked':
        return send({ t: 'refused', refusal: { code: 'device_forked', last: result.last } });
      case 'revoked':
        return refuse({ code: 'revoked', wipe: result.wipe });
      default:
        return assertNever(result);
    }
  }

  async function handleAll(): Promise<void> {
    isHandling = true;
    socket.pause();
    try {
      for (let frame = frames.shift(); frame; frame = frames.shift()) {
        await handleFrame(frame);
      }
    } catch (error) {
      log('error', 'sync.failed', { device: name, error: errorText(error) });
      end(INTERNAL_ERROR, 'internal');
    }
    isHandling = false;
    socket.resume();
  }

  socket.on('message', (data: Buffer, isBinary) => {
    silentPings = 0;
    if (phase === 'ended') return;
    const parsed: Parsed = isBinary ? { status: 'bad', detail: 'frames are text' } : parseFrame(data.toString('utf8'));
    switch (parsed.status) {
      case 'unknown':
        return limitedLog('warn', 'sync.unknown_frame', { device: name });
      case 'too_old':
        return refuse({ code: 'protocol_too_old', floor: PROTOCOL_FLOOR });
      case 'bad':
        return refuse({ code: 'bad_frame', detail: parsed.detail });
      case 'frame':
        frames.push(parsed.frame);
        if (!isHandling) void handleAll();
        return;
      default:
        return assertNever(parsed);
    }
  });
  socket.on('pong', () => {
    silentPings = 0;
  });
  socket.on('error', (error) => log('warn', 'sync.socket_error', { device: name, error: errorText(error) }));
  socket.once('close', () => {
    clearTimeout(helloTimer);
    end(GOING_AWAY, 'closed');
  });
  const helloTimer = setTimeout(() => refuse({ code: 'bad_frame', detail: 'no hello' }), limits.helloWithinMs);

  return connection;
}

/** Who has the newest key, to be compared. */
export const describeHolders = (holders: { deviceId: string; voucher: string }[]): string =>
  JSON.stringify(holders.filter(({ voucher }) => voucher !== '').map(({ deviceId, voucher }) => [deviceId, voucher]));

function parseFrame(text: string): Parsed {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { status: 'bad', detail: 'not JSON' };
  }
  const { t: type, protocol } = typeof json === 'object' && json !== null ? (json as { t?: unknown; protocol?: unknown }) : {};
  // A newer desktop may know frames that we do not, an older one may say hello in another shape.
  if (typeof type === 'string' && !FRAME_TYPES.has(type)) return { status: 'unknown' };
  if (type === 'hello' && typeof protocol === 'number' && protocol < PROTOCOL_FLOOR) return { status: 'too_old' };
  const parsed = clientFrameSchema.safeParse(json);
  if (parsed.success) return { status: 'frame', frame: parsed.data };
  const issue = parsed.error.issues[0];
  return { status: 'bad', detail: `${issue?.path.join('.') ?? ''}: ${issue?.code ?? 'invalid'}` };
}
