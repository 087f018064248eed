/** The part of a text around what was found, with the found words marked. */
import type { Snippet } from '../../../contract/entities.ts';
import { findTerms } from '../../../contract/rules/find-terms.ts';
import type { SearchTerm } from '../../../contract/rules/search-query.ts';

const BEFORE_CHARS = 40;
const SNIPPET_CHARS = 180;

/** @param terms what was looked for; a term of several words is marked where they stand together. */
export function makeSnippet(text: string, terms: readonly SearchTerm[]): Snippet {
  const found = findTerms(text, terms);
  const first = found[0]?.start ?? 0;
  const start = first <= BEFORE_CHARS ? 0 : wordStart(text, first - BEFORE_CHARS);
  const end = text.length - start <= SNIPPET_CHARS ? text.length : wordEnd(text, start + SNIPPET_CHARS);
  const parts: Snippet = [];
  const add = (part: string, isMatch: boolean): void => {
    const line = part.replace(/\s+/g, ' ');
    if (line !== '') parts.push({ text: line, isMatch });
  };
  let at = start;
  if (start > 0) add('…', false);
  for (const match of found) {
    if (match.end > end) break;
    add(text.slice(at, match.start), false);
    add(text.slice(match.start, match.end), true);
    at = match.end;
  }
  add(text.slice(at, end), false);
  if (end < text.length) add('…', false);
  return parts;
}

/** Marks typed digits in a number, however that is written. Null: they are not in it. */
export function markDigits(number: string, digits: string): Snippet | null {
  const places = [...number.matchAll(/\d/g)].map(({ index }) => index);
  const at = places
    .map((index) => number[index])
    .join('')
    .indexOf(digits);
  if (at === -1) return null;
  const [start, end] = [places[at] ?? 0, (places[at + digits.length - 1] ?? 0) + 1];
  return [
    { text: number.slice(0, start), isMatch: false },
    { text: number.slice(start, end), isMatch: true },
    { text: number.slice(end), isMatch: false },
  ].filter(({ text }) => text !== '');
}

/** Cuts between words, where there is one near; never within a character. */
function wordStart(text: string, at: number): number {
  const space = text.slice(at, at + BEFORE_CHARS).search(/\s/);
  return space === -1 ? wholeCharacter(text, at) : at + space + 1;
}
function wordEnd(text: string, at: number): number {
  const space = text.lastIndexOf(' ', at);
  return space > at - BEFORE_CHARS ? space : wholeCharacter(text, at);
}
const wholeCharacter = (text: string, at: number): number => (/[\uDC00-\uDFFF]/.test(text[at] ?? '') ? at - 1 : at);
