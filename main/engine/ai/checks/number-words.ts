/** Written-out numbers of Spanish and English, turned into digits before anything is read, so that "las tres" and "las 3" are one thing. */
import type { Folded } from './fold-offsets.ts';

const listed = (words: string, from: number, step = 1): [string, number][] => words.split(' ').map((word, index) => [word, from + index * step]);

const SPANISH = new Map<string, number>([
  ...listed('dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis diecisiete dieciocho diecinueve veinte', 2),
  ...listed('veintiuno veintidos veintitres veinticuatro veinticinco veintiseis veintisiete veintiocho veintinueve treinta', 21),
  ...listed('cuarenta cincuenta sesenta setenta ochenta noventa', 40, 10),
  ['veintiun', 21],
  ['cien', 100],
  ['ciento', 100],
  ...listed('doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos', 200, 100),
  ...listed('doscientas trescientas cuatrocientas quinientas seiscientas setecientas ochocientas novecientas', 200, 100),
  ['mil', 1000],
]);
const ENGLISH = new Map<string, number>([
  ...listed('two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty', 2),
  ...listed('thirty forty fifty sixty seventy eighty ninety', 30, 10),
  ['hundred', 100],
  ['thousand', 1000],
]);
/** Only inside a longer number. */
const ONES: ReadonlySet<string> = new Set(['un', 'uno', 'una', 'one']);
const JOINERS: ReadonlySet<string> = new Set(['y', 'and']);

/** "One" counts as a figure only where a time follows: elsewhere it is an article. */
const ONE_OF_TIME =
  /(?<=\b(?:en|dentro de|durante|cada|por|menos de|mas de|hace|de|es|dura|toma|in|within|after|every|about|for|than|is|takes|lasts)\s)(?:un|una|one|an?)(?=\s(?:minuto|hora|dia|semana|mes|ano|minute|hour|day|week|month|year)\b)|(?<=\b(?:a|de|hasta|desde) la\s)una\b|(?<=\bat\s)one(?!\s[a-z])/g;
const HALVES: readonly [RegExp, string][] = [
  [/\b(?:media hora|half an hour)\b/g, '30 min'],
  [/\b(?:hora y media|an hour and a half)\b/g, '90 min'],
];
/** Said without counting. */
const IDIOM_AFTER = /^\s(?:gracias|disculpas|perdones|amores|thanks|times|apologies)\b/;

/** Counts what the text itself goes on to say. */
const OF_SPEECH = /^\s(?:pasos?|opcion|cosas|pregunta|formas|maneras|steps|options|things|questions|ways|datos)/;

export type NumberLanguage = 'es' | 'en' | 'both';

type Word = { word: string; start: number; end: number };
const valueOf = (word: string, language: NumberLanguage): number | undefined => (language === 'en' ? undefined : SPANISH.get(word)) ?? (language === 'es' ? undefined : ENGLISH.get(word));

/** `words`: for each character whether it came from a number that was written out. */
export type Spelled = { folded: Folded; isWord: readonly boolean[] };

type Replacement = { start: number; end: number; digits: string };

/** The same text with digits for number words; offsets still lead to the original. */
export function spellOut(source: Folded, language: NumberLanguage): Spelled {
  const replacements = [...findFixed(source.text), ...findNumbers(source.text, language)].toSorted((one, other) => one.start - other.start || other.end - one.end);
  const text: string[] = [];
  const starts: number[] = [];
  const isWord: boolean[] = [];
  let at = 0;
  const copyTo = (end: number): void => {
    for (; at < end; at++) {
      text.push(source.text[at] ?? '');
      starts.push(source.starts[at] ?? 0);
      isWord.push(false);
    }
  };
  for (const { start, end, digits } of replacements) {
    if (start < at) continue;
    copyTo(start);
    // All but the first digit stand at the word's last character: a span that ends inside ends with the word.
    for (const [index, digit] of digits.split('').entries()) {
      text.push(digit);
      starts.push(index === 0 ? (source.starts[start] ?? 0) : (source.starts[end - 1] ?? 0));
      isWord.push(true);
    }
    at = end;
  }
  copyTo(source.text.length);
  starts.push(source.starts.at(-1) ?? 0);
  return { folded: { text: text.join(''), original: source.original, starts }, isWord };
}

function findFixed(text: string): Replacement[] {
  const ones = [...text.matchAll(ONE_OF_TIME)].map((found) => ({ start: found.index, end: found.index + found[0].length, digits: '1' }));
  const halves = HALVES.flatMap(([pattern, digits]) => [...text.matchAll(pattern)].map((found) => ({ start: found.index, end: found.index + found[0].length, digits })));
  return [...ones, ...halves];
}

function findNumbers(text: string, language: NumberLanguage): Replacement[] {
  const words: Word[] = [...text.matchAll(/(?<![a-z0-9])[a-z]{1,14}(?![a-z0-9])/g)].map((found) => ({ word: found[0], start: found.index, end: found.index + found[0].length }));
  const found: Replacement[] = [];
  for (let index = 0; index < words.length; index++) {
    const run = readRun(words, index, text, language);
    if (run === null) continue;
    const last = words[run.lastIndex];
    const first = words[index];
    if (last === undefined || first === undefined) continue;
    if (!isCounting(text, first.start, last.end, run.value, words[index - 1]?.word)) continue;
    found.push({ start: first.start, end: last.end, digits: String(run.value) });
    index = run.lastIndex;
  }
  return found;
}

/** "Los dos", "the two of them", "mil gracias" count nothing. */
function isCounting(text: string, start: number, end: number, value: number, before: string | undefined): boolean {
  if (before === 'por' && value === 100) return false;
  if (value === 1000 && IDIOM_AFTER.test(text.slice(end, end + 12))) return false;
  if (value < 10 && OF_SPEECH.test(text.slice(end, end + 12))) return false;
  if (value !== 2) return true;
  const isPair = before !== undefined && ['los', 'the', 'ambos', 'these', 'estos', 'estas', 'esos', 'esas', 'sus'].includes(before);
  const isHour = before === 'las' && /(?:^|[^a-z])(?:a|de|desde|hasta|sobre|para|entre|y|son) las\s$/.test(text.slice(Math.max(0, start - 12), start));
  return !isPair && (before !== 'las' || isHour);
}

/** The longest number from a word on: "mil doscientos cincuenta", "twenty-five", "treinta y uno". */
function readRun(words: readonly Word[], from: number, text: string, language: NumberLanguage): { value: number; lastIndex: number } | null {
  let total = 0;
  let part = 0;
  let lastIndex = -1;
  let before = 0;
  for (let index = from; index < words.length && index - from < 12; index++) {
    const current = words[index];
    const previous = words[index - 1];
    if (current === undefined) break;
    if (index > from && (previous === undefined || !/^[ -]$/.test(text.slice(previous.end, current.start)))) break;
    const { word } = current;
    const value = valueOf(word, language);
    if (value === 1000) {
      total += (part === 0 ? 1 : part) * 1000;
      part = 0;
      before = 1000;
    } else if (value === 100 && word === 'hundred') {
      part = (part === 0 ? 1 : part) * 100;
      before = 100;
    } else if (value !== undefined) {
      if (before !== 0 && !mayFollow(before, value)) break;
      part += value;
      before = value;
    } else if (ONES.has(word) && index > from && before >= 20 && before !== 1000) {
      part += 1;
      before = 1;
    } else if (ONES.has(word) && index === from && /^\s(?:hundred|thousand)\b/.test(text.slice(current.end, current.end + 10))) {
      part = 1;
      before = 1;
      continue;
    } else if (JOINERS.has(word) && before >= 20 && continuesAfterJoiner(words[index + 1]?.word, before, language)) {
      continue;
    } else break;
    lastIndex = index;
  }
  return lastIndex < 0 ? null : { value: total + part, lastIndex };
}

/** "Treinta y cinco", "hundred and five": the next is smaller than the place that is open. */
function continuesAfterJoiner(next: string | undefined, before: number, language: NumberLanguage): boolean {
  if (next === undefined) return false;
  const value = ONES.has(next) ? 1 : valueOf(next, language);
  if (value === undefined) return false;
  return before >= 100 ? language !== 'es' && value < before : before % 10 === 0 && value < 10;
}

function mayFollow(before: number, value: number): boolean {
  if (before === 1000) return value < 1000;
  if (before >= 100) return value < 100;
  return before >= 20 && before % 10 === 0 && value < 10;
}
