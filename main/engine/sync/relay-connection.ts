/**
 * Keeps one WebSocket to the relay: catch-up, live entries, pushing of pending ops. Invariants: pushing never waits for
 * pulling; a lost connection or acknowledgement only means sending again (the relay skips what it has); it comes back by
 * itself with growing, jittered pauses, except where a person must act (revoked, forked, other log, update needed); nothing
 * is pushed but sealed to the workspace's newest key, if it has one, and without that key, or with another one of its number, this desktop waits.
 */
import WebSocket from 'ws';
import { assertNever } from '../../../contract/app-error.ts';
import { errorText, type Log } from '../../../contract/log.ts';
import { PUSH_BATCH_MAX } from '../../../contract/limits.ts';
import { OP_LEVEL } from '../../../contract/ops/op.ts';
import { isSyncEnd, isWriteEnd, type SyncEnd } from '../../../contract/rules/sync-end.ts';
import { PROTOCOL_VERSION, SEALED_PROTOCOL_FLOOR, SYNC_PATH, serverFrameSchema, type ClientFrame, type LogEntry, type NewestKey, type Refusal, type ServerFrame } from '../../../contract/wire.ts';
import type { SyncState } from '../../../contract/entities.ts';
import type { SyncQueries } from '../db/sync-queries.ts';
import type { Clock } from '../ports.ts';
import type { ChangeCollector } from './change-collector.ts';
import type { LogSealing } from './log-sealing.ts';
import type { RelayKeys } from './relay-keys.ts';
import type { Replica } from './replica.ts';
import { parseJson } from '../../../contract/json.ts';

const RETRY_FIRST_MS = 500;
const RETRY_MAX_MS = 30_000;
/** The relay pings every 20 s; silence for longer means that the line is dead. */
const SILENCE_MAX_MS = 45_000;
const HANDSHAKE_TIMEOUT_MS = 10_000;
/** A connection that lasted this long was a good one: the next pause is the first again. */
const HEALTHY_AFTER_MS = 30_000;
/** Without these the log cannot be followed; the other frames can be missed. */
const LOG_FRAMES: ReadonlySet<unknown> = new Set<ServerFrame['t']>(['welcome', 'entries', 'ack', 'refused']);
/** Entries applied in one transaction; between transactions the engine answers its clients. */
const APPLY_CHUNK = 200;
const APPLY_CHUNK_FAR_BEHIND = 2_000;
/** Pending ops are replayed once a transaction: with more of them than this, transactions are large too. */
const PENDING_MANY = 100;
/** Entries read ahead of what is applied; the relay waits with the rest. */
const READ_AHEAD_MAX = 8_000;
const READ_AHEAD_LOW = 4_000;
const FAR_BEHIND = 1_000;
/** Somebody has to give it the key: how often it asks whether they have. */
const ASK_FOR_KEY_MS = 1_000;

export type Welcome = Extract<ServerFrame, { t: 'welcome' }>;
type WelcomeDevice = Welcome['device'];
/** For what shares the connection with the log. */
export type RelayListener = {
  /** The relay has greeted this desktop: `send` works from here on. */
  onWelcome?(welcome: Welcome): void;
  /** Frames that have nothing to do with following the log. */
  onFrame?(frame: SideFrame): void;
  onClose?(): void;
  /** True: this refusal is taken care of, the connection need not end for good. */
  onRefused?(refusal: Refusal): boolean;
};
export type SideFrame = Extract<ServerFrame, { t: 'presence' | 'snapshot_wanted' | 'digest_differs' | 'keys' | 'files_wanted' }>;

type Deps = {
  queries: SyncQueries;
  replica: Replica;
  sealing: Pick<LogSealing, 'load' | 'newest' | 'open' | 'seal' | 'noteSealedAfter'>;
  keys: Pick<RelayKeys, 'isAgreed' | 'fetch' | 'beginLine'>;
  changes: ChangeCollector;
  clock: Clock;
  random: () => number;
  log: Log;
  getToken: () => Promise<string | null>;
};

export type RelayConnection = {
  start(): void;
  stop(): Promise<void>;
  /** Pushes what is pending, soon. Call after every local op. */
  nudge(): void;
  /** Tries to connect now, for example after the machine woke up. */
  reconnect(): void;
  /** False: there is no connection; the frame is gone. */
  send(frame: ClientFrame): boolean;
  /**
   * Leaves the line alone while `work` replaces what it follows, and connects anew afterwards. Shown as `installing`.
   * `work` has to end soon after `signal` aborts; its failures are its own to handle.
   */
  interrupt(work: (signal: AbortSignal) => Promise<void>): Promise<void>;
  /** Ends for good, from outside the line's own reasons. */
  end(state: SyncEnd): void;
  /** Returns the way to stop. */
  listen(listener: RelayListener): () => void;
  /** Who this desktop is, as the relay said when it connected; null before. */
  device(): WelcomeDevice | null;
  state(): Pick<SyncState, 'state' | 'lastContactAt' | 'head' | 'retryAt' | 'isKeyLost' | 'oldRelay'>;
};

export function createRelayConnection({ queries, replica, sealing, keys, changes, clock, random, log, getToken }: Deps): RelayConnection {
  let state: SyncState['state'] = 'offline';
  let socket: WebSocket | null = null;
  /** From `welcome`: who this desktop is, until the log has told so. */
  let device: WelcomeDevice | null = null;
  /** Of the newest socket; null: not yet. */
  let openedAt: number | null = null;
  let isStarted = false;
  /** In a row that have failed, for the next pause. */
  let attempt = 0;
  /** Of all times. */
  let attempts = 0;
  let retryTimer: NodeJS.Timeout | undefined;
  let retryAt: number | null = null;
  let silenceTimer: NodeJS.Timeout | undefined;
  let lastContactAt: number | null = null;
  let head = 0;
  /** Last device seq handed to this connection, and whether its acknowledgement is still to come. */
  let pushedThrough = 0;
  let isPushInFlight = false;
  let isPushScheduled = false;
  let inbox: LogEntry[] = [];
  let isApplying = false;
  let idle: Promise<void> = Promise.resolve();
  /** Since `welcome`, until the connection ends. */
  let isWelcome = false;
  /** The log's newest key, as the relay said last. */
  let newest: NewestKey = { epoch: 0, publicKey: null };
  let isWaitingForKey = false;
  let isKeyLost = false;
  /** As the relay greeted last. */
  let oldRelay: SyncState['oldRelay'] = null;
  /** The relay has greeted this desktop, which is still asking for the key. */
  let isGreetingDue = false;
  let interruption: { abort: AbortController; done: Promise<void> } | null = null;
  const listeners = new Set<RelayListener>();

  const setState = (next: SyncState['state']): void => {
    if (state === next) return;
    state = next;
    log('info', 'sync.state', { state });
    changes.noteSync();
    changes.publish();
  };

  const noteContact = (): void => {
    lastContactAt = clock.now() + queries.readMeta().clockOffset;
    clearTimeout(silenceTimer);
    silenceTimer = setTimeout(() => socket?.terminate(), SILENCE_MAX_MS);
  };

  const send = (frame: ClientFrame): void => {
    socket?.send(JSON.stringify(frame));
  };

  const scheduleRetry = (): void => {
    if (!isStarted || isSyncEnd(state)) return;
    const pause = isWaitingForKey ? ASK_FOR_KEY_MS : Math.round(Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** attempt) * (0.5 + random() / 2));
    if (!isWaitingForKey) attempt += 1;
    retryAt = clock.now() + queries.readMeta().clockOffset + pause;
    clearTimeout(retryTimer);
    retryTimer = setTimeout(() => void connect(), pause);
  };

  const connect = async (): Promise<void> => {
    if (socket) return;
    keys.beginLine();
    const begun = (attempts += 1);
    /** Also one that another attempt has overtaken: what it has read may be of another device or relay. */
    const isOver = (): boolean => !isStarted || socket !== null || interruption !== null || attempts !== begun;
    const meta = queries.readMeta();
    let token: string | null;
    try {
      token = await getToken();
      await sealing.load();
    } catch (error) {
      if (isOver()) return;
      // A locked keyring, most likely.
      log('warn', 'sync.no_token', { error: errorText(error) });
      setState('offline');
      return scheduleRetry();
    }
    if (isOver()) return;
    // A wiped desktop knows nothing but that it was.
    if (meta.relayUrl === null || token === null) return setState(meta.deviceId === null && meta.syncEnd !== null ? meta.syncEnd : 'not_enrolled');
    retryAt = null;
    if (isWaitingForKey) {
      const isMissing = await isKeyMissing();
      if (isOver()) return;
      isWaitingForKey = isMissing;
      if (isMissing) return scheduleRetry();
    }
    setState('connecting');
    const url = new URL(SYNC_PATH, meta.relayUrl);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const opened = new WebSocket(url, { headers: { authorization: `Bearer ${token}` }, handshakeTimeout: HANDSHAKE_TIMEOUT_MS, perMessageDeflate: false, followRedirects: false });
    socket = opened;
    openedAt = null;
    opened.on('open', () => {
      openedAt = clock.now();
      noteContact();
      send({ t: 'hello', protocol: PROTOCOL_VERSION, logId: meta.logId, after: queries.readMeta().cursor, opLevel: OP_LEVEL });
    });
    opened.on('ping', noteContact);
    opened.on('message', (data) => {
      if (socket !== opened) return;
      noteContact();
      try {
        readFrame(String(data));
      } catch (error) {
        log('error', 'sync.frame_failed', { error: errorText(error) });
        opened.terminate();
      }
    });
    opened.on('unexpected-response', (_request, response) => {
      if (response.statusCode !== 401) {
        response.resume();
        return opened.terminate();
      }
      // Only the relay's own word ends it for good; a proxy in between may ask for a password of its own.
      let body = '';
      response.on('data', (chunk: Buffer) => {
        if (body.length < 1_000) body += String(chunk);
      });
      response.on('end', () => {
        if (body.includes('"unauthorized"')) endForGood('revoked');
        opened.terminate();
      });
    });
    opened.on('error', (error) => log('debug', 'sync.socket_error', { error: errorText(error) }));
    opened.on('close', () => {
      if (socket !== opened) return;
      socket = null;
      noteClosed();
      isPushInFlight = false;
      inbox = [];
      clearTimeout(silenceTimer);
      // Nobody greeted: it may be away, which whoever sits here can see for themselves.
      if (openedAt === null) noteOldRelay(null);
      else if (clock.now() - openedAt > HEALTHY_AFTER_MS) attempt = 0;
      if (isSyncEnd(state)) return;
      setState(isWaitingForKey ? 'waiting_for_key' : 'offline');
      scheduleRetry();
    });
  };

  /** Whether there is still a reason to wait. When that cannot be asked, or the relay is another one by now, the connection finds out. */
  const isKeyMissing = async (): Promise<boolean> => {
    try {
      return (await keys.fetch(null)) === 'missing';
    } catch (error) {
      log('warn', 'sync.key_not_asked', { error: errorText(error) });
      return false;
    }
  };

  /** @param needed null: whatever the relay has. False: it is not here, and the connection has ended. */
  const requireKey = async (needed: NewestKey | null): Promise<boolean> => {
    const asking = socket;
    try {
      const outcome = await keys.fetch(needed);
      if (outcome === 'here' || (outcome === 'moved' && needed === null)) return true;
      if (outcome === 'moved' || outcome === 'stale') {
        if (socket === asking) asking?.terminate();
        return false;
      }
      log('warn', 'sync.waits_for_key', { epoch: needed?.epoch ?? null });
      // Closed meanwhile, as after a refusal: it waits all the same. Another one asks for itself.
      if ((socket !== null && socket !== asking) || !isStarted || interruption || isSyncEnd(state)) return false;
      isWaitingForKey = true;
      inbox = [];
      setState('waiting_for_key');
      // A close would wait for an answer that a paused socket never reads.
      if (socket) socket.terminate();
      else scheduleRetry();
    } catch (error) {
      log('warn', 'sync.key_not_asked', { error: errorText(error) });
      if (socket === asking) asking?.terminate();
    }
    return false;
  };

  /** The log has this key now: what is pending waits until it is here. */
  const noteKey = (next: NewestKey, welcome?: Welcome): void => {
    newest = next;
    if (welcome) isGreetingDue = !keys.isAgreed(newest);
    noteKeyLoss();
    if (!keys.isAgreed(newest)) return void getKey(welcome);
    greet(welcome);
    push();
  };
  /** Nothing leaves then, and only another desktop can change that: who sits here has to know. */
  const noteKeyLoss = (): void => {
    const next = isWelcome && keys.isAgreed(newest) && sealing.newest() > newest.epoch;
    if (next === isKeyLost) return;
    isKeyLost = next;
    changes.noteSync();
    changes.publish();
  };
  /** What shares the line may read what is sealed, too. */
  const greet = (welcome: Welcome | undefined): void => {
    if (welcome) for (const listener of listeners) listener.onWelcome?.(welcome);
  };
  const getKey = async (welcome: Welcome | undefined): Promise<void> => {
    const asking = socket;
    try {
      if (!(await requireKey(newest)) || !isWelcome || socket !== asking) return;
      noteKeyLoss();
      greet(welcome);
      if (interruption) return;
      isGreetingDue = false;
      if (inbox.length > 0 && !isApplying) idle = applyInbox();
      noteApplied();
      push();
    } catch (error) {
      log('error', 'sync.push_failed', { error: errorText(error) });
      socket?.terminate();
    }
  };
  const noteApplied = (): void => {
    if (state === 'catching_up' && inbox.length === 0 && !isApplying && keys.isAgreed(newest) && queries.readMeta().cursor >= head) setState('live');
  };

  const noteClosed = (): void => {
    if (!isWelcome) return;
    isWelcome = false;
    noteKeyLoss();
    for (const listener of listeners) listener.onClose?.();
  };

  /** A state that only a person can change: no more attempts. */
  const endForGood = (next: SyncEnd): void => {
    log('error', 'sync.ended', { state: next });
    if (isWriteEnd(next)) queries.setSyncEnd(next);
    if (next === 'revoked') device = null;
    inbox = [];
    setState(next);
    socket?.close();
  };

  const readFrame = (text: string): void => {
    if (isSyncEnd(state)) return;
    const json = parseJson(text);
    const parsed = serverFrameSchema.safeParse(json);
    if (parsed.success) return handleFrame(parsed.data);
    const type = typeof json === 'object' && json !== null && 't' in json ? json.t : null;
    log('warn', 'sync.unreadable_frame', { type: typeof type === 'string' ? type.slice(0, 40) : null });
    if (type === 'welcome' && isOlder(json)) {
      // A person updates it one day, and then the next attempt succeeds.
      noteOldRelay('unusable');
      socket?.terminate();
      return;
    }
    // A frame of a kind we know, with something in it that we do not.
    if (LOG_FRAMES.has(type)) endForGood('update_needed');
  };

  const handleFrame = (frame: ServerFrame): void => {
    switch (frame.t) {
      case 'welcome': {
        const meta = queries.readMeta();
        const offset = Math.round(frame.now - clock.now());
        if (Math.abs(offset - meta.clockOffset) > 1_000) changes.noteSession();
        queries.setClockOffset(offset);
        device = frame.device;
        // One of before keys will never bring back the one that is here, and without it nothing leaves.
        noteOldRelay(!isOlder(frame) ? null : frame.protocol < SEALED_PROTOCOL_FLOOR && sealing.newest() > 0 ? 'unusable' : 'limited');
        // Ops that this database never pushed: a copy of it did, and their effects are that copy's. Another device's key: a renewal was cut short.
        if (frame.lastDeviceSeq > meta.pushedThrough || frame.device.id !== meta.deviceId) return endForGood('forked');
        if (hasLostOps(frame.lastDeviceSeq)) return endForGood('wrong_log');
        head = frame.head;
        pushedThrough = (queries.firstPendingSeq() ?? meta.nextDeviceSeq) - 1;
        queries.setSyncEnd(null);
        noteWriteLevel(frame.writeLevel);
        if (frame.epoch > 0) sealing.noteSealedAfter(frame.head);
        isWelcome = true;
        setState(meta.cursor < head || !keys.isAgreed(keyOf(frame)) ? 'catching_up' : 'live');
        noteKey(keyOf(frame), frame);
        return;
      }
      case 'entries':
        head = Math.max(head, frame.head);
        inbox.push(...frame.entries);
        if (inbox.length > READ_AHEAD_MAX) pauseReading();
        // Who has just come may install a snapshot instead, and cannot before it has the key.
        if (!isApplying && !isGreetingDue) idle = applyInbox();
        return;
      case 'ack':
        head = Math.max(head, frame.head);
        attempt = 0;
        isPushInFlight = false;
        push();
        return;
      case 'refused':
        handleRefusal(frame.refusal);
        return;
      case 'write_level':
        noteWriteLevel(frame.writeLevel);
        changes.publish();
        return;
      case 'keys':
        noteKey(keyOf(frame));
        for (const listener of listeners) listener.onFrame?.(frame);
        return;
      case 'presence':
      case 'snapshot_wanted':
      case 'digest_differs':
      case 'files_wanted':
        for (const listener of listeners) listener.onFrame?.(frame);
        return;
      default:
        assertNever(frame);
    }
  };

  const noteOldRelay = (next: SyncState['oldRelay']): void => {
    if (next === oldRelay) return;
    if (next !== null) log('warn', 'sync.old_relay', { is: next });
    oldRelay = next;
    changes.noteSync();
    changes.publish();
  };

  const noteWriteLevel = (level: number): void => {
    if (queries.readMeta().writeLevel === level) return;
    queries.setWriteLevel(level);
    changes.noteSync();
  };

  /** The relay no longer has ops that it had confirmed to us: it was restored from an old backup. */
  const hasLostOps = (last: number): boolean => last < (queries.firstPendingSeq() ?? queries.readMeta().nextDeviceSeq) - 1;

  const handleRefusal = (refusal: Refusal): void => {
    log('warn', 'sync.refused', { code: refusal.code });
    if (refusal.code === 'cursor_too_old' && !keys.isAgreed(keyOf(refusal))) {
      // A snapshot is of no use without it.
      const asking = socket;
      void requireKey(keyOf(refusal)).then((isHere) => isHere && asking?.close());
      return;
    }
    if (refusal.code === 'wrong_log' && sealing.newest() > 0) return void followOtherLog(refusal);
    passOn(refusal);
  };
  /** The rows of before stay while the relay has other keys: whether it is the team's is for a person to say. */
  const followOtherLog = async (refusal: Extract<Refusal, { code: 'wrong_log' }>): Promise<void> => {
    const { logId } = queries.readMeta();
    const isContinued = refusal.lineage.some((parent) => parent.logId === logId);
    // Another connection may have been told the same, and have followed meanwhile.
    if ((!isContinued || (await requireKey(null))) && queries.readMeta().logId === logId) passOn(refusal);
  };
  const passOn = (refusal: Refusal): void => {
    for (const listener of listeners) if (listener.onRefused?.(refusal)) return;
    switch (refusal.code) {
      case 'gap':
        if (hasLostOps(refusal.last)) return endForGood('wrong_log');
        pushedThrough = refusal.last;
        isPushInFlight = false;
        push();
        return;
      case 'seal_again':
        if (hasLostOps(refusal.last)) return endForGood('wrong_log');
        pushedThrough = refusal.last;
        isPushInFlight = false;
        noteKey({ epoch: refusal.epoch, publicKey: null });
        return;
      case 'device_forked':
        return endForGood('forked');
      case 'wrong_log':
      case 'cursor_ahead':
        return endForGood('wrong_log');
      case 'protocol_too_old':
        return endForGood('update_needed');
      case 'revoked':
        return endForGood('revoked');
      case 'cursor_too_old':
        return endForGood('update_needed');
      case 'bad_frame':
        socket?.close();
        return;
    }
  };

  const pauseReading = (): void => {
    socket?.pause();
    // What we do not read is no silence of the relay.
    clearTimeout(silenceTimer);
  };
  const resumeReading = (): void => {
    if (!socket?.isPaused) return;
    socket.resume();
    noteContact();
  };

  const applyInbox = async (): Promise<void> => {
    isApplying = true;
    try {
      while (inbox.length > 0) {
        const isLarge = head - queries.readMeta().cursor > FAR_BEHIND || queries.countPending() > PENDING_MANY;
        const chunk = inbox.splice(0, isLarge ? APPLY_CHUNK_FAR_BEHIND : APPLY_CHUNK);
        if (inbox.length < READ_AHEAD_LOW) resumeReading();
        const reading = socket;
        const { opened, missing } = await sealing.open(chunk);
        if (isSyncEnd(state)) return; // a wiped desktop takes nothing any more
        if (socket !== reading) continue; // it comes again
        const verdict = opened.length > 0 ? replica.receive(opened) : 'applied';
        if (verdict === 'gap') {
          log('warn', 'sync.gap');
          socket?.terminate();
          return;
        }
        if (verdict === 'stopped') {
          log('error', 'sync.stopped', { seq: replica.stopped?.seq ?? null, detail: replica.stopped?.detail ?? null });
          return endForGood(replica.stopped?.isUpdateNeeded ? 'update_needed' : 'stopped');
        }
        attempt = 0;
        if (isSyncEnd(state)) return;
        if (missing !== null) {
          const isHere = await requireKey({ epoch: missing, publicKey: null });
          if (socket !== reading) continue; // of the line of before; what came on this one meanwhile is still to be applied
          if (!isHere) return;
          inbox.unshift(...chunk.slice(opened.length));
          continue;
        }
        if (socket && inbox.length === 0 && keys.isAgreed(newest) && queries.readMeta().cursor >= head) setState('live');
        // Lets queries and pushes in between two transactions.
        await new Promise((resolve) => setImmediate(resolve));
      }
    } catch (error) {
      // The disk, most likely: nothing of the chunk is committed, so pull it again later.
      log('error', 'sync.apply_failed', { error: errorText(error) });
      socket?.terminate();
    } finally {
      isApplying = false;
    }
  };

  const push = (): void => {
    if (!socket || socket.readyState !== WebSocket.OPEN || isPushInFlight || (state !== 'live' && state !== 'catching_up')) return;
    // A key that the relay has lost comes back by an admin's desktop; until then nothing leaves in plain words or for an older key.
    if (!keys.isAgreed(newest) || sealing.newest() !== newest.epoch) return;
    const ops = queries.listPending(pushedThrough, PUSH_BATCH_MAX);
    const last = ops.at(-1);
    if (!last) return;
    isPushInFlight = true;
    pushedThrough = last.deviceSeq;
    queries.setPushedThrough(pushedThrough);
    send({ t: 'push', ops: sealing.seal(ops) });
  };

  return {
    start: () => {
      isStarted = true;
      void connect();
    },
    stop: async () => {
      isStarted = false;
      clearTimeout(retryTimer);
      clearTimeout(silenceTimer);
      retryAt = null;
      isPushInFlight = false;
      inbox = [];
      const closing = socket;
      socket = null;
      noteClosed();
      closing?.terminate();
      interruption?.abort.abort();
      await interruption?.done;
      await idle;
      // It may have been started again meanwhile.
      if (!isStarted) setState('offline');
    },
    nudge: () => {
      if (isPushScheduled) return;
      isPushScheduled = true;
      // After the current turn, so that ops recorded together travel together.
      setImmediate(() => {
        isPushScheduled = false;
        if (!isStarted) return;
        try {
          push();
        } catch (error) {
          // The disk, most likely: tried again with the next connection.
          log('error', 'sync.push_failed', { error: errorText(error) });
          socket?.terminate();
        }
      });
    },
    reconnect: () => {
      if (!isStarted || interruption) return;
      attempt = 0;
      // Which key it waits for is asked anew, too: the relay may have been set back to one that is here.
      isWaitingForKey = false;
      clearTimeout(retryTimer);
      replica.tryAgain();
      if (isSyncEnd(state)) state = 'offline';
      if (socket) socket.close();
      else void connect();
    },
    send: (frame) => {
      if (!isWelcome) return false;
      send(frame);
      return true;
    },
    interrupt: async (work) => {
      if (interruption) return interruption.done;
      const abort = new AbortController();
      const run = async (): Promise<void> => {
        clearTimeout(retryTimer);
        clearTimeout(silenceTimer);
        inbox = [];
        isPushInFlight = false;
        const closing = socket;
        socket = null;
        noteClosed();
        closing?.terminate();
        setState('installing');
        await idle;
        try {
          await work(abort.signal);
        } catch (error) {
          log('error', 'sync.interruption_failed', { error: errorText(error) });
        }
        interruption = null;
        attempt = 0;
        setState('offline');
        if (isStarted) void connect();
      };
      const done = Promise.resolve().then(run);
      interruption = { abort, done };
      return done;
    },
    end: endForGood,
    listen: (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    device: () => device,
    state: () => ({ state, lastContactAt, head: Math.max(head, queries.readMeta().cursor), retryAt: state === 'offline' ? retryAt : null, isKeyLost, oldRelay }),
  };
}

const isOlder = (welcome: unknown): boolean => typeof (welcome as Partial<Welcome>).protocol === 'number' && (welcome as Welcome).protocol < PROTOCOL_VERSION;
const keyOf = ({ epoch, publicKey }: NewestKey): NewestKey => ({ epoch, publicKey });
