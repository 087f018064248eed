/** How searching compares words: without case and accents, and cut where the full-text index cuts (SQLite FTS5, tokenizer `unicode61` with `remove_diacritics 2`). */
const WORD = /[\p{L}\p{N}\p{M}]+/gu;

/** Lower case, without accents. */
export const foldText = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

export type FoundWord = { word: string; start: number; end: number };

/** The words of a text, folded, with where they stand in it (UTF-16 offsets). */
export function findWords(text: string): FoundWord[] {
  // A mark without a letter is no word.
  return [...text.matchAll(WORD)].map(({ 0: found, index }) => ({ word: foldText(found), start: index, end: index + found.length })).filter(({ word }) => word !== '');
}
