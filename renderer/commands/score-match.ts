/** How well a few typed letters fit a name: accents and case do not count. */
import { foldText } from '../../contract/rules/fold-text.ts';

/** Of something that another search found by more than its name. */
export const FOUND_OTHERWISE = 4;

/** 0 it begins so, 1 each word begins one of its words, 2 it holds them, 3 it holds the letters in order from the start of a word; null: it does not fit. */
export function scoreMatch(name: string, query: string): number | null {
  const text = foldText(name);
  const wanted = foldText(query.trim());
  if (text.startsWith(wanted)) return 0;
  const parts = wanted.split(/\s+/);
  const words = text.split(/[^\p{L}\p{N}]+/u);
  if (parts.every((part) => words.some((word) => word.startsWith(part)))) return 1;
  if (parts.every((part) => text.includes(part))) return 2;
  const letters = parts.join('');
  return letters.length > 1 && words.some((word, at) => word.startsWith(letters[0]!) && isWithin(letters, words.slice(at).join(''))) ? 3 : null;
}

function isWithin(letters: string, text: string): boolean {
  let at = 0;
  for (const letter of letters) {
    at = text.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
