/**
 * A desktop's line to the relay and nothing behind it: real token, hello, ops, presence and cursor over a WebSocket (RFC 6455) read by hand, because
 * two thousand of them share a process. Like a real desktop it comes back after a cut and goes on from its cursor, and sends an op again until it is
 * acknowledged. Invariant: every entry that comes is counted as next, lost (passed over) or doubled (had before).
 */
import { connect, type Socket } from 'node:net';
import { PROTOCOL_VERSION, SYNC_PATH, type ClientFrame, type PushedOp, type ServerFrame } from '../../contract/wire.ts';
import type { Frame, SharedFrames } from './shared-frames.ts';

/** What matters of a frame. `receivedAt`: when the relay took the newest of the entries. */
export type Told =
  | { t: 'entries'; first: number; last: number; receivedAt: number; bytes: number }
  | { t: 'welcome'; head: number; lastDeviceSeq: number }
  | { t: 'ack'; last: number }
  | { t: 'refused'; why: string }
  | { t: 'other' };

/** `connects`: all of them. `cuts`: connections that ended although we read. */
export type Tally = { connects: number; cuts: number; lost: number; doubled: number; deliveries: number; acked: string[]; refusals: string[] };

export type SlimDesktop = {
  connect: () => void;
  cursor: () => number;
  /** It has said hello and been welcomed. */
  isWelcome: () => boolean;
  /** Unless its last op still waits to be acknowledged. */
  push: (op: Omit<PushedOp, 'deviceSeq'>) => void;
  hasUnacknowledged: () => boolean;
  look: (conversationId: string) => void;
  /** Reads no more, as a laptop that sleeps. */
  stall: () => void;
  /** Its line breaks, and stays so. */
  leave: () => void;
  /** Gives up the line that it has, if any, and comes back. */
  wakeUp: () => void;
  end: () => void;
};

type Deps = {
  url: string;
  token: string;
  logId: string;
  after: number;
  frames: SharedFrames<Told>;
  tally: Tally;
  onEntries: (told: Extract<Told, { t: 'entries' }>) => void;
};

/** Enough to tell frames apart: a kind, the first seq and its time. Control frames (at most 125 bytes) are whole in it. */
const START_BYTES = 128;
const HEADER_BYTES_MAX = 10;
const HEAD_END = '\r\n\r\n';
const COME_BACK_MS = { atLeast: 300, spread: 1_500 };
const [TEXT, CLOSE, PING, PONG] = [1, 8, 9, 10];

/** One for all: what is read is used before anything else is read. */
const createReadBuffer = (): Buffer => Buffer.allocUnsafe(256 * 1024);

/** @returns what makes desktops that share a buffer. */
export function createSlimDesktops(): (deps: Deps) => SlimDesktop {
  const buffer = createReadBuffer();
  return (deps) => createSlimDesktop(deps, buffer);
}

function createSlimDesktop({ url, token, logId, after, frames, tally, onEntries }: Deps, buffer: Buffer): SlimDesktop {
  const { hostname, port, host } = new URL(url);
  let socket: Socket | undefined;
  let phase: 'away' | 'upgrading' | 'greeting' | 'welcome' | 'stalled' | 'ended' = 'away';
  let cursor = after;
  let lastDeviceSeq = 0;
  let unacknowledged: PushedOp | undefined;
  let answer = '';
  /** Of the frame under way: header and first bytes, until there are enough of them; then the frame and how much of it is here. */
  const start = Buffer.allocUnsafe(HEADER_BYTES_MAX + START_BYTES);
  let has = 0;
  let frame: Frame<Told> | undefined;
  let at = 0;

  const send = (said: ClientFrame): void => sendFrame(TEXT, Buffer.from(JSON.stringify(said)));

  /** The mask of a client may be any number (RFC 6455, 5.3); with 0 the bytes stay as they are. */
  function sendFrame(opcode: number, payload: Buffer): void {
    const header = payload.length < 126 ? Buffer.from([0x80 | opcode, 0x80 | payload.length]) : Buffer.from([0x80 | opcode, 0x80 | 126, payload.length >> 8, payload.length & 255]);
    socket?.write(Buffer.concat([header, Buffer.alloc(4), payload]));
  }

  function handle(told: Told): void {
    switch (told.t) {
      case 'welcome':
        phase = 'welcome';
        lastDeviceSeq = Math.max(lastDeviceSeq, told.lastDeviceSeq);
        if (unacknowledged) send({ t: 'push', ops: [unacknowledged] });
        return;
      case 'entries':
        tally.deliveries += told.last - told.first + 1;
        if (told.first > cursor + 1) tally.lost += told.first - cursor - 1;
        if (told.first <= cursor) tally.doubled += Math.min(cursor, told.last) - told.first + 1;
        cursor = Math.max(cursor, told.last);
        onEntries(told);
        return;
      case 'ack':
        if (!unacknowledged || told.last < unacknowledged.deviceSeq) return;
        tally.acked.push(unacknowledged.opId);
        unacknowledged = undefined;
        return;
      case 'refused':
        tally.refusals.push(told.why);
        return;
      case 'other':
        return;
    }
  }

  /** @returns bytes of the frame's header and its beginning, as far as they are known to be needed. */
  function neededStart(): { header: number; length: number; total: number } {
    if (has < 2) return { header: 2, length: 0, total: 2 };
    const short = (start[1] ?? 0) & 127;
    const header = short === 126 ? 4 : short === 127 ? 10 : 2;
    if (has < header) return { header, length: 0, total: header };
    const length = header === 2 ? short : header === 4 ? start.readUInt16BE(2) : Number(start.readBigUInt64BE(2));
    return { header, length, total: header + Math.min(length, START_BYTES) };
  }

  function feed(chunk: Buffer): void {
    for (let read = 0; read < chunk.length;) {
      if (!frame) {
        const { header, length, total } = neededStart();
        const more = Math.min(total - has, chunk.length - read);
        chunk.copy(start, has, read, read + more);
        has += more;
        read += more;
        if (has < total || neededStart().total > has) continue;
        const opcode = (start[0] ?? 0) & 15;
        const payload = start.subarray(header, has);
        has = 0;
        if (opcode === PING) sendFrame(PONG, Buffer.alloc(0));
        if (opcode === CLOSE) return void socket?.end();
        if (opcode !== TEXT) continue;
        frame = frames.take(frames.begin(length, payload), 0, payload);
        at = payload.length;
      } else {
        const more = Math.min(frame.bytes.length - at, chunk.length - read);
        frame = frames.take(frame, at, chunk.subarray(read, read + more));
        at += more;
        read += more;
      }
      if (frame.bytes.length > at) continue;
      const whole = frames.parse(frame);
      frame = undefined;
      handle(whole);
    }
  }

  function readAnswer(chunk: Buffer): void {
    answer += chunk.toString('latin1');
    const end = answer.indexOf(HEAD_END);
    if (end < 0) return;
    if (!answer.startsWith('HTTP/1.1 101')) {
      tally.refusals.push(answer.slice(0, answer.indexOf('\r\n')));
      return void socket?.destroy();
    }
    phase = 'greeting';
    send({ t: 'hello', protocol: PROTOCOL_VERSION, logId, after: cursor, opLevel: 1 });
    const rest = answer.length - end - HEAD_END.length;
    if (rest > 0) feed(chunk.subarray(chunk.length - rest));
  }

  function open(): void {
    if (phase === 'ended') return;
    phase = 'upgrading';
    answer = '';
    has = 0;
    frame = undefined;
    tally.connects += 1;
    const own = connect({
      host: hostname,
      port: Number(port),
      noDelay: true,
      onread: {
        buffer,
        callback: (bytes) => {
          const chunk = buffer.subarray(0, bytes);
          if (phase === 'upgrading') readAnswer(chunk);
          else feed(chunk);
          return phase !== 'stalled';
        },
      },
    });
    socket = own;
    own.once('connect', () => {
      own.write(
        `GET ${SYNC_PATH} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: bGFzdC1kZS1sYS1wcnVlYg==\r\nAuthorization: Bearer ${token}${HEAD_END}`,
      );
    });
    own.on('error', () => undefined); // `close` follows
    own.once('close', () => {
      if (socket !== own || phase === 'ended') return;
      if (phase !== 'stalled') {
        tally.cuts += 1;
        phase = 'away';
        setTimeout(open, COME_BACK_MS.atLeast + Math.random() * COME_BACK_MS.spread);
      }
    });
  }

  return {
    connect: open,
    cursor: () => cursor,
    isWelcome: () => phase === 'welcome',
    push: (op) => {
      if (unacknowledged || phase !== 'welcome') return;
      unacknowledged = { ...op, deviceSeq: (lastDeviceSeq += 1) };
      send({ t: 'push', ops: [unacknowledged] });
    },
    hasUnacknowledged: () => unacknowledged !== undefined,
    look: (conversationId) => {
      if (phase === 'welcome') send({ t: 'presence', conversationId, activity: 'viewing' });
    },
    stall: () => {
      phase = 'stalled';
      socket?.pause();
    },
    leave: () => {
      phase = 'stalled';
      socket?.destroy();
    },
    wakeUp: () => {
      const old = socket;
      setTimeout(() => {
        open();
        old?.destroy();
      }, Math.random() * COME_BACK_MS.spread);
    },
    end: () => {
      phase = 'ended';
      socket?.destroy();
    },
  };
}

/** @param note is told of every entry of a frame, in its order. */
export function readTold(text: string, note: (entry: Extract<ServerFrame, { t: 'entries' }>['entries'][number]) => void): Told {
  const frame = JSON.parse(text) as ServerFrame;
  switch (frame.t) {
    case 'entries': {
      const { entries } = frame;
      const [first, last] = [entries[0], entries.at(-1)];
      if (!first || !last || entries.some(({ seq }, index) => seq !== first.seq + index)) throw new Error('a frame whose entries are not in order');
      entries.forEach(note);
      return { t: 'entries', first: first.seq, last: last.seq, receivedAt: last.receivedAt, bytes: text.length };
    }
    case 'welcome':
      return { t: 'welcome', head: frame.head, lastDeviceSeq: frame.lastDeviceSeq };
    case 'ack':
      return { t: 'ack', last: frame.last };
    case 'refused':
      return { t: 'refused', why: frame.refusal.code };
    default:
      return { t: 'other' };
  }
}
