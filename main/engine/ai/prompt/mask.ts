/**
 * Personal data as placeholders (`⟦CARD_1⟧`) in what a model is given, and back. Invariants: what is put back is exactly what stood there;
 * the same words get the same placeholder; only the placeholders of this prompt mean anything, and nobody else can write one, because
 * `cleanForModel` takes their brackets out of every text.
 */
import { findPhoneNumbersInText, type CountryCode } from 'libphonenumber-js/min';
import type { AiSettings } from '../../../../contract/ai/ai-entities.ts';

export const MASK_KINDS = ['CARD', 'IBAN', 'EMAIL', 'ID', 'PHONE', 'NAME', 'ADDRESS'] as const;
export type MaskKind = (typeof MASK_KINDS)[number];
/** `country`: whose numbers are written without a country code. `names`, `addresses`: as rows have them. */
export type MaskOptions = { masking: AiSettings['masking']; country: CountryCode; names: readonly string[]; addresses: readonly string[] };
export type Masker = {
  /** @param text clean (`cleanForModel`). */
  mask(text: string): string;
  /** Placeholder → what it stands for, of everything that was masked so far. */
  masked: ReadonlyMap<string, string>;
};

export const PLACEHOLDER = /⟦([A-Z]+)_\d+⟧/g;
const OPEN_PLACEHOLDER = /⟦[A-Z_\d]{0,16}$/;

/** A text with fewer has none of these: most are told apart by counting. */
const [CARD_DIGITS, IBAN_DIGITS, ID_DIGITS, PHONE_DIGITS] = [13, 6, 3, 5];

type Span = { start: number; end: number; kind: MaskKind };

export function createMasker({ masking, country, names, addresses }: MaskOptions): Masker {
  const known = new Map<string, string>();
  const masked = new Map<string, string>();
  const counts = new Map<MaskKind, number>();
  const addressPattern = masking.addresses ? patternOf(addresses.filter((address) => address.trim().length >= 6)) : null;
  const fullNames = masking.names ? patternOf(names.filter((name) => name.trim().length >= 3)) : null;
  const nameParts = masking.names ? patternOf(names.flatMap((name) => name.split(/[\s,]+/)).filter((part) => part.length >= 3 && /^\p{Lu}/u.test(part))) : null;

  const findSpans = (text: string): Span[] => {
    const digits = text.replaceAll(/\D/g, '').length;
    const spans: Span[] = [];
    const add = (kind: MaskKind, found: Iterable<{ start: number; end: number }>): void => {
      for (const { start, end } of found) if (spans.every((span) => end <= span.start || start >= span.end)) spans.push({ start, end, kind });
    };
    // What comes first wins: a number that is a card is no phone.
    if (masking.email) add('EMAIL', findEmails(text));
    if (masking.cards && digits >= IBAN_DIGITS) add('IBAN', findIbans(text));
    if (masking.ids && digits >= ID_DIGITS) add('ID', findIds(text, true));
    if (masking.cards && digits >= CARD_DIGITS) add('CARD', findCards(text));
    if (masking.ids && digits >= ID_DIGITS) add('ID', findIds(text, false));
    if (addressPattern) add('ADDRESS', matches(text, addressPattern));
    if (masking.phones && digits >= PHONE_DIGITS) add('PHONE', findPhones(text, country));
    if (fullNames) add('NAME', matches(text, fullNames));
    // A part of a name may be a word: only where it is written as a name.
    if (nameParts)
      add(
        'NAME',
        [...matches(text, nameParts)].filter(({ start }) => /^\p{Lu}/u.test(text.slice(start))),
      );
    return spans.toSorted((a, b) => a.start - b.start);
  };

  const placeholderOf = (kind: MaskKind, value: string): string => {
    const key = `${kind} ${value}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const n = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, n);
    const placeholder = `⟦${kind}_${n}⟧`;
    known.set(key, placeholder);
    masked.set(placeholder, value);
    return placeholder;
  };

  return {
    masked,
    mask: (text) => {
      let end = 0;
      let result = '';
      for (const span of findSpans(text)) {
        result += text.slice(end, span.start) + placeholderOf(span.kind, text.slice(span.start, span.end));
        end = span.end;
      }
      return end === 0 ? text : result + text.slice(end);
    },
  };
}

/** With what the placeholders stand for; one that is not of this prompt stays as it is. */
export const unmask = (text: string, masked: ReadonlyMap<string, string>): string => (masked.size === 0 ? text : text.replace(PLACEHOLDER, (placeholder) => masked.get(placeholder) ?? placeholder));

/** How much of a text that may be cut anywhere can be unmasked: all but a placeholder that has only begun. */
export const unmaskableLength = (text: string): number => OPEN_PLACEHOLDER.exec(text)?.index ?? text.length;

function* matches(text: string, pattern: RegExp): Generator<{ start: number; end: number }> {
  for (const { 0: found, index } of text.matchAll(pattern)) yield { start: index, end: index + found.length };
}

const LETTERS: Record<string, string> = { a: 'aáàâäã', c: 'cç', e: 'eéèêë', i: 'iíìîï', n: 'nñ', o: 'oóòôöõ', u: 'uúùûü' };
/** Any of these words as people write them: in any case, with or without accents, with other spaces. Null: there are none. */
function patternOf(texts: readonly string[]): RegExp | null {
  const sources = [...new Set(texts.map((text) => text.trim()))]
    .toSorted((a, b) => b.length - a.length || (a < b ? -1 : 1))
    .map((text) =>
      Array.from(text.normalize('NFD').replaceAll(/\p{M}/gu, ''))
        .map((letter) => {
          if (/\s/u.test(letter)) return String.raw`\s`;
          const all = LETTERS[letter.toLowerCase()];
          return all === undefined ? letter.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`) : `[${all}]\\p{M}*`;
        })
        .join('')
        .replaceAll(/(?:\\s)+/g, String.raw`\s+`),
    );
  return sources.length === 0 ? null : new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${sources.join('|')})(?![\p{L}\p{N}])`, 'giu');
}

/** Luhn (ISO/IEC 7812-1), 13 to 19 digits, in groups or not. */
function* findCards(text: string): Generator<{ start: number; end: number }> {
  for (const { 0: run, index } of text.matchAll(/(?<!\d)\d(?:[ \n\u00A0\u2009\u202F.–-]{0,3}\d){12,}/g)) {
    const places = [...run.matchAll(/\d/g)].map((digit) => digit.index);
    const digits = run.replaceAll(/\D/g, '');
    // Two numbers may stand side by side: the longest that is a card, from where one begins.
    for (let from = 0; from + 13 <= digits.length; from += 1) {
      if (from > 0 && /\d/.test(run[(places[from] ?? 0) - 1] ?? '')) continue;
      const length = [19, 18, 17, 16, 15, 14, 13].find((n) => {
        const end = (places[from + n - 1] ?? Number.NaN) + 1;
        return from + n <= digits.length && !/\d/.test(run[end] ?? '') && isLuhn(digits.slice(from, from + n));
      });
      if (length === undefined) continue;
      yield { start: index + (places[from] ?? 0), end: index + (places[from + length - 1] ?? 0) + 1 };
      from += length - 1;
    }
  }
}

export function isLuhn(digits: string): boolean {
  let sum = 0;
  for (let n = 0; n < digits.length; n += 1) {
    const digit = Number(digits[digits.length - 1 - n]);
    const doubled = n % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0 && !/^0+$/.test(digits);
}

/** ISO 13616: country, two check digits (mod 97), up to 30 letters and digits. */
function* findIbans(text: string): Generator<{ start: number; end: number }> {
  for (const { 0: run, index } of text.matchAll(/(?<![\p{L}\p{N}])[A-Za-z]{2}\d{2}(?:[ \u00A0-]{0,2}[A-Za-z0-9]){11,40}/gu)) {
    const places = [...run.matchAll(/[A-Za-z0-9]/g)].map((found) => found.index);
    const letters = places
      .map((place) => run[place])
      .join('')
      .toUpperCase();
    // Words may follow it: the longest that is one.
    for (let length = Math.min(34, letters.length); length >= 15; length -= 1) {
      if (!isIban(letters.slice(0, length))) continue;
      yield { start: index, end: index + (places[length - 1] ?? 0) + 1 };
      break;
    }
  }
}

export function isIban(iban: string): boolean {
  let rest = 0;
  for (const letter of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(letter, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

const findEmails = (text: string): Iterable<{ start: number; end: number }> =>
  matches(text, /[\p{L}\p{N}_%+-][\p{L}\p{N}._%+'-]{0,63}@[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,62}\.)+\p{L}{2,24}(?![\p{L}\p{N}])/gu);

const EDGE_BEFORE = String.raw`(?<![\p{L}\p{N}])`;
const EDGE_AFTER = String.raw`(?![\p{L}\p{N}])`;
const SEPARATOR = String.raw`[ \u00A0.–-]?`;
const IDS: { pattern: RegExp; isOne: (plain: string) => boolean }[] = [
  // Guatemala, CUI of the DPI: eight digits, a check digit (mod 11), department, municipality.
  { pattern: new RegExp(String.raw`${EDGE_BEFORE}\d{4}${SEPARATOR}\d{5}${SEPARATOR}\d{4}${EDGE_AFTER}`, 'gu'), isOne: isCui },
  // Mexico, CURP and RFC: their shape has a date.
  { pattern: new RegExp(String.raw`${EDGE_BEFORE}[A-Z]{4}[ -]?\d{6}[ -]?[HMX][A-Z]{5}[ -]?[A-Z\d]\d${EDGE_AFTER}`, 'giu'), isOne: (plain) => hasDate(plain.slice(4, 10)) },
  { pattern: new RegExp(String.raw`${EDGE_BEFORE}[A-ZÑ&]{3,4}[ -]?\d{6}[ -]?[A-Z\d]{2}[A\d]${EDGE_AFTER}`, 'giu'), isOne: (plain) => hasDate(plain.slice(-9, -3)) },
  // Spain, NIF and NIE: a letter that follows from the number (mod 23).
  { pattern: new RegExp(String.raw`${EDGE_BEFORE}(?:\d{8}|\d{2}\.\d{3}\.\d{3}|[XYZ][ -]?\d{7})[ -]?[A-Z]${EDGE_AFTER}`, 'giu'), isOne: isNif },
  // United States, social security number.
  { pattern: new RegExp(String.raw`${EDGE_BEFORE}(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}${EDGE_AFTER}`, 'gu'), isOne: () => true },
];
/** Guatemala, NIT: digits, a dash, a check character (mod 11). Without its dash, and whatever a checksum says, where somebody says what it is. */
const NIT = new RegExp(String.raw`${EDGE_BEFORE}\d{2,11}[-–][\dK]${EDGE_AFTER}`, 'giu');
const NAMED_ID =
  /(?<![\p{L}\p{N}])(?:DPI|CUI|NIT|NIF|NIE|DNI|CURP|RFC|c[eé]dula|pasaporte|passport)[\s:#.°ºn-]{0,6}(?:(?:es|is|de|el|n[uú]mero|number|no)[\s:.#]{1,3}){0,3}((?=[\p{L}\d .–-]{0,12}\d)[A-Z\d][A-Z\d]*(?:[ .–-]?[A-Z\d]*\d[A-Z\d]*)*(?:[ .–-]?[A-Z](?![\p{L}\p{N}]))?)/giu;

/** @param isSure only those that their checksum or shape proves. */
function* findIds(text: string, isSure: boolean): Generator<{ start: number; end: number }> {
  if (isSure) {
    for (const { pattern, isOne } of IDS) for (const span of matches(text, pattern)) if (isOne(plainId(text.slice(span.start, span.end)))) yield span;
    for (const span of matches(text, NIT)) if (isNit(plainId(text.slice(span.start, span.end)))) yield span;
    return;
  }
  for (const found of text.matchAll(NAMED_ID)) {
    const value = found[1] ?? '';
    const start = found.index + found[0].length - value.length;
    if (value.replaceAll(/\D/g, '').length >= 4) yield { start, end: start + value.length };
  }
}

const plainId = (text: string): string => text.replaceAll(/[\s.–-]/g, '').toUpperCase();
const hasDate = (digits: string): boolean => /^\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/.test(digits);
const weigh = (digits: string, weightOf: (n: number) => number): number => Array.from(digits).reduce((sum, digit, n) => sum + Number(digit) * weightOf(n), 0);

export function isCui(plain: string): boolean {
  const [department, municipality] = [Number(plain.slice(9, 11)), Number(plain.slice(11, 13))];
  return department >= 1 && department <= 22 && municipality >= 1 && municipality <= 35 && weigh(plain.slice(0, 8), (n) => n + 2) % 11 === Number(plain[8]);
}

export function isNit(plain: string): boolean {
  const digits = plain.slice(0, -1);
  const check = (11 - (weigh(digits, (n) => digits.length + 1 - n) % 11)) % 11;
  return plain.at(-1) === (check === 10 ? 'K' : String(check));
}

export function isNif(plain: string): boolean {
  const number = Number(plain.slice(0, -1).replace(/^[XYZ]/, (letter) => String('XYZ'.indexOf(letter))));
  return 'TRWAGMYFPDXBNJZSQVHLCKE'[number % 23] === plain.at(-1);
}

/** Dates, and years from and to. */
const DATE = /^(?:19|20)\d\d[-–](?:19|20)\d\d$|^\d{4}([-./])\d{1,2}\1\d{1,2}$|^\d{1,2}([-./])\d{1,2}\2\d{2,4}$/;
function* findPhones(text: string, country: CountryCode): Generator<{ start: number; end: number }> {
  for (const { startsAt: start, endsAt: end } of findPhoneNumbersInText(text, { defaultCountry: country })) if (!DATE.test(text.slice(start, end))) yield { start, end };
}
