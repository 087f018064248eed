/** A repeatable stream of random numbers (mulberry32). Streams with different names never influence each other. */
export type Random = {
  /** In [0, 1). */
  next(): number;
  /** In [min, max], both included. */
  int(min: number, max: number): number;
};

export function createRandom(seed: number, stream: string): Random {
  let state = seed >>> 0;
  for (const character of stream) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x9e3779b1) >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { next, int: (min, max) => min + Math.floor(next() * (max - min + 1)) };
}

/** Ids in the shape of Meta's: a wamid holds the person's number and a hexadecimal tail. Opaque to every reader. */
export function createWamid(person: string, direction: 'in' | 'out', random: Random): string {
  const tail = Array.from({ length: 18 }, () => random.int(0, 15).toString(16).toUpperCase()).join('');
  const name = person.slice(0, 120);
  const bytes = Buffer.concat([
    Buffer.from([0x1c, 0x18, name.length]),
    Buffer.from(name, 'latin1'),
    Buffer.from([0x15, 0x02, 0x00, direction === 'in' ? 0x12 : 0x11, 0x18, tail.length]),
    Buffer.from(tail),
    Buffer.from([0x00]),
  ]);
  return `wamid.${bytes.toString('base64')}`;
}

/** A numeric id of about 16 digits, as media and fbtrace ids look. */
export const createNumericId = (random: Random): string => String(random.int(1_000_000_000_000_000, 9_000_000_000_000_000));
