/**
 * What many desktops of one process receive is kept and parsed once. A relay sends all of them the same bytes, and a load client that parsed them for
 * each would measure itself. Invariant: a reader's frame is exactly the bytes that came for it: each is compared with what is known, and whoever gets
 * something else goes on with a copy of their own.
 */
export type Frame<T> = { bytes: Buffer; /** As far as it is known, from the beginning. */ filled: number; parsed: T | undefined };
export type SharedFrames<T> = {
  /** @param start the first bytes, by which frames are told apart; all of a short one. */
  begin: (length: number, start: Buffer) => Frame<T>;
  /** @param at how much of it this reader had. @returns the frame with which they go on. */
  take: (frame: Frame<T>, at: number, chunk: Buffer) => Frame<T>;
  /** Of a complete one. */
  parse: (frame: Frame<T>) => T;
};

const FRAMES_MAX = 256;
const BYTES_MAX = 128 * 1024 * 1024;

export function createSharedFrames<T>(parse: (text: string) => T): SharedFrames<T> {
  const known = new Map<string, Frame<T>>();
  let bytes = 0;

  const add = (key: string, length: number): Frame<T> => {
    const frame: Frame<T> = { bytes: Buffer.allocUnsafe(length), filled: 0, parsed: undefined };
    known.set(key, frame);
    bytes += length;
    for (const [oldest, { bytes: its }] of known) {
      if (oldest === key || (known.size <= FRAMES_MAX && bytes <= BYTES_MAX)) break;
      known.delete(oldest);
      bytes -= its.length;
    }
    return frame;
  };

  return {
    begin: (length, start) => {
      const key = `${length} ${start.toString('latin1')}`;
      return known.get(key) ?? add(key, length);
    },
    take: (frame, at, chunk) => {
      const old = Math.min(chunk.length, frame.filled - at);
      const isSame = chunk.compare(frame.bytes, at, at + old, 0, old) === 0;
      const mine: Frame<T> = isSame ? frame : { bytes: Buffer.allocUnsafe(frame.bytes.length), filled: at, parsed: undefined };
      if (!isSame) frame.bytes.copy(mine.bytes, 0, 0, at);
      const isNew = chunk.length - (mine.filled - at);
      if (isNew > 0) {
        chunk.copy(mine.bytes, mine.filled, chunk.length - isNew);
        mine.filled += isNew;
      }
      return mine;
    },
    parse: (frame) => (frame.parsed ??= parse(frame.bytes.toString('utf8'))),
  };
}
