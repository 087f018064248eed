/**
 * A text as the checks read it: lower case, without accents and invisible characters, every digit, space, dash and apostrophe written in
 * one way. Invariant: each character of `text` knows where it stands in the original (UTF-16), so that findings point at what is on screen.
 */

export type Folded = {
  text: string;
  original: string;
  /** Original offset of each character, and, last, the original's length. */
  starts: readonly number[];
};

/** Longest text that is read; what is longer is refused elsewhere, and its beginning is enough to say so. */
export const CHECKED_MAX = 20_000;

const PLAIN: Readonly<Record<string, string>> = { '\u2018': "'", '\u2019': "'", '\u00b4': "'", '\u201c': '"', '\u201d': '"', '\u00ab': '"', '\u00bb': '"', '\u20e3': '\u20e3' };
const isPlainAscii = (code: number): boolean => code < 0x80;

function foldCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (isPlainAscii(code)) return character.toLowerCase();
  const plain = PLAIN[character];
  if (plain !== undefined) return plain;
  if (/\p{Zs}/u.test(character)) return ' ';
  if (/\p{Pd}|\u2212/u.test(character)) return '-';
  if (/\p{Cf}|\p{Mn}|\p{Co}|\ufe0f/u.test(character) && character !== '\u20e3') return '';
  if (/\p{Nd}/u.test(character)) return digitOf(code, character);
  const base = character.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return base.length === 1 ? base : base.slice(0, 1);
}

/** Decimal digits stand in runs of ten from their zero on; the mathematical ones five runs in a row. Source: Unicode, general category Nd. */
function digitOf(code: number, character: string): string {
  const compatible = character.normalize('NFKC');
  if (/^\d$/.test(compatible)) return compatible;
  let zero = code;
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String(code - zero);
}

export function foldOffsets(original: string): Folded {
  const characters: string[] = [];
  const starts: number[] = [];
  let at = 0;
  for (const character of original.length > CHECKED_MAX ? original.slice(0, CHECKED_MAX) : original) {
    const folded = foldCharacter(character);
    if (folded !== '') {
      characters.push(folded);
      starts.push(at);
    }
    at += character.length;
  }
  starts.push(at);
  return { text: characters.join(''), original, starts };
}

/** The original span of a folded one. */
export function originalSpan({ starts }: Folded, start: number, end: number): { start: number; end: number } {
  const from = starts[start] ?? starts.at(-1) ?? 0;
  return { start: from, end: end > start ? (starts[end] ?? starts.at(-1) ?? from) : from };
}
