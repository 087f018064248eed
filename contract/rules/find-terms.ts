/** Where what was searched for stands in a text. */
import { findWords } from './fold-text.ts';
import type { SearchTerm } from './search-query.ts';

export type FoundTerm = { start: number; end: number };

/** In order, none within another (UTF-16 offsets). Of terms that begin at the same word the longest. */
export function findTerms(text: string, terms: readonly SearchTerm[]): FoundTerm[] {
  const words = findWords(text);
  const wanted = terms.map(({ text: typed, isPrefix }) => ({ parts: typed.split(' '), isPrefix }));
  const found: FoundTerm[] = [];
  for (let index = 0; index < words.length;) {
    const fits = wanted.filter(({ parts, isPrefix }) => parts.every((part, offset) => isWord(words[index + offset]?.word, part, isPrefix && offset === parts.length - 1)));
    const length = Math.max(0, ...fits.map(({ parts }) => parts.length));
    const [first, last] = [words[index], words[index + length - 1]];
    if (length > 0 && first && last) found.push({ start: first.start, end: last.end });
    index += Math.max(1, length);
  }
  return found;
}

const isWord = (word: string | undefined, part: string, isPrefix: boolean): boolean => word !== undefined && (isPrefix ? word.startsWith(part) : word === part);
