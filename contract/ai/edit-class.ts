/**
 * By how much people change drafts. Counted in grapheme clusters, so that an emoji or an accented letter is one change however it is encoded.
 * Pure: the engine records the class, the window shows it.
 */
import type { EditClass } from './ai-words.ts';

/** Share of a text that was changed, from which on an edit is heavy. */
export const HEAVY_FROM = 0.4;

/** Texts are the same to whoever reads them: composed or decomposed, with or without space around them, and whatever ends their lines. */
const plain = (text: string): string => text.normalize('NFC').replace(/\r\n?/g, '\n').trim();

function graphemesOf(text: string): string[] {
  return [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)].map(({ segment }) => segment);
}

/**
 * Share of the longer text that was changed, 0 (the same) to 1: fewest graphemes inserted, removed or replaced, over the longer's length.
 * @param draft,sent texts of messages; quadratic in what lies between their common beginning and end.
 */
export function editShare(draft: string, sent: string): number {
  const [from, to] = [graphemesOf(plain(draft)), graphemesOf(plain(sent))];
  const longest = Math.max(from.length, to.length);
  if (longest === 0) return 0;
  let start = 0;
  while (start < from.length && start < to.length && from[start] === to[start]) start += 1;
  let end = 0;
  while (end < from.length - start && end < to.length - start && from[from.length - 1 - end] === to[to.length - 1 - end]) end += 1;
  return distance(from.slice(start, from.length - end), to.slice(start, to.length - end)) / longest;
}

/** Levenshtein distance in two rows. */
function distance(from: readonly string[], to: readonly string[]): number {
  let above = Uint32Array.from({ length: to.length + 1 }, (_, column) => column);
  let line = new Uint32Array(to.length + 1);
  for (let row = 1; row <= from.length; row++) {
    line[0] = row;
    for (let column = 1; column <= to.length; column++) {
      const replaced = (above[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      line[column] = Math.min(replaced, (above[column] ?? 0) + 1, (line[column - 1] ?? 0) + 1);
    }
    [above, line] = [line, above];
  }
  return above[to.length] ?? 0;
}

/** @param sent null: the draft was not sent. */
export function classifyEdit(draft: string, sent: string | null): EditClass {
  return classOfShare(sent === null ? null : editShare(draft, sent));
}

/** @param share as `editShare` says; null: the draft was not sent. */
export function classOfShare(share: number | null): EditClass {
  if (share === null) return 'discarded';
  return share === 0 ? 'as_is' : share < HEAVY_FROM ? 'light' : 'heavy';
}
