/** Sound input made wrong, by chance: what a program that trusts its input stumbles over. */
import type { Random } from '../../main/demo/meta/random.ts';

export const pick = <T>(random: Random, items: readonly T[]): T => items[random.int(0, items.length - 1)] as T;

/** Values that break code which trusts types, lengths and numbers. */
const NASTY: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  -0.5,
  2 ** 53,
  -(2 ** 63),
  1e308,
  '',
  ' ',
  '0',
  '-1',
  '1e309',
  '9'.repeat(400),
  '\u0000',
  '\ud83d',
  '\u202eabc',
  'constructor',
  '__proto__',
  'hasOwnProperty',
  '../../../etc/passwd',
  "' OR 1=1 --",
  '%s%n%x',
  '%00%ff%',
  '=CMD()',
  '<script>1</script>',
  '👩‍👩‍👧‍👦'.repeat(20),
  'a'.repeat(5_000),
  'á'.repeat(200),
  [],
  {},
  [[]],
  { toString: 1, valueOf: 1 },
  JSON.parse('{"__proto__":{"a":1}}') as unknown,
  ['__proto__'],
];
const BYTES = [
  '\u0000',
  '\r\n',
  '"',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '\\',
  '\\u0000',
  '\\ud800',
  '<',
  '>',
  '&',
  ';',
  '%',
  '<<',
  'endobj',
  '/Length -1',
  'xref',
  '\u00ff\u00fe',
  '\u00ef\u00bb\u00bf',
  '-1',
  '4294967296',
  'null',
  '1e999',
].map((text) => Buffer.from(text, 'latin1'));
const COPIES_MAX = 200;
const BYTES_MAX = 256 * 1024;

export function mutateBytes(sound: Buffer, random: Random, others: readonly Buffer[] = []): Buffer {
  let bytes = Buffer.from(sound);
  for (let rounds = random.int(1, 6); rounds > 0; rounds -= 1) {
    const at = random.int(0, Math.max(0, bytes.length - 1));
    const to = Math.min(bytes.length, at + random.int(1, 64));
    switch (random.int(0, 8)) {
      case 0:
        if (bytes.length > 0) bytes[at] = random.int(0, 255);
        break;
      case 1:
        if (bytes.length > 0) bytes[at] = (bytes[at] ?? 0) ^ (1 << random.int(0, 7));
        break;
      case 2:
        bytes = bytes.subarray(0, at);
        break;
      case 3:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(to)]);
        break;
      case 4:
        bytes = Buffer.concat([bytes.subarray(0, to), bytes.subarray(at)]);
        break;
      case 5:
        bytes = Buffer.concat([bytes.subarray(0, at), pick(random, BYTES), bytes.subarray(at)]);
        break;
      case 6:
        bytes = Buffer.concat([bytes.subarray(0, at), ...Array.from({ length: random.int(2, COPIES_MAX) }, () => bytes.subarray(at, to)), bytes.subarray(to)]);
        break;
      case 7:
        if (others.length > 0) bytes = Buffer.concat([bytes.subarray(0, at), pick(random, others).subarray(random.int(0, 200))]);
        break;
      default:
        bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from(Array.from({ length: random.int(1, 40) }, () => random.int(0, 255))), bytes.subarray(at)]);
    }
    if (bytes.length > BYTES_MAX) bytes = bytes.subarray(0, BYTES_MAX);
  }
  return Buffer.from(bytes);
}

/** The same value, with a few of its parts replaced, left out, doubled, moved or nested. */
export function mutateJson(sound: unknown, random: Random): unknown {
  let value = sound;
  for (let rounds = random.int(1, 3); rounds > 0; rounds -= 1) value = mutateOnce(value, random);
  return value;
}

function mutateOnce(value: unknown, random: Random): unknown {
  const isLeaf = typeof value !== 'object' || value === null || Object.keys(value).length === 0;
  if (isLeaf || random.next() < 0.08) return makeWrong(value, random);
  if (Array.isArray(value)) {
    const at = random.int(0, value.length - 1);
    const roll = random.next();
    if (roll < 0.1) return value.toSpliced(at, 1);
    if (roll < 0.2) return [...value, ...value];
    return value.with(at, mutateOnce(value[at], random));
  }
  const entries = Object.entries(value);
  const at = random.int(0, entries.length - 1);
  const [key, child] = entries[at]!;
  const roll = random.next();
  if (roll < 0.1) return Object.fromEntries(entries.toSpliced(at, 1));
  if (roll < 0.15) return Object.fromEntries([...entries, [pick(random, ['x', '', 'toString', 'constructor', key.toUpperCase()]), child]]);
  if (roll < 0.2) return Object.fromEntries(entries.with(at, [key, pick(random, entries)[1]]));
  return Object.fromEntries(entries.with(at, [key, mutateOnce(child, random)]));
}

function makeWrong(value: unknown, random: Random): unknown {
  const roll = random.next();
  if (roll < 0.1) return [value];
  if (roll < 0.2) return { value };
  if (roll < 0.25) return Array.from({ length: 100 }, () => value);
  if (roll < 0.28) return Array.from({ length: 200 }).reduce((inner) => [inner], value);
  if (typeof value === 'string' && roll < 0.5) return mutateBytes(Buffer.from(value), random).toString('utf8');
  if (typeof value === 'number' && roll < 0.5) return value + pick(random, [1, -1, 0.5, 1e6, -1e9]);
  return pick(random, NASTY);
}
