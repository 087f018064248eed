/** Words that were probably meant: within few typing errors of what was typed. For names of people. */

/** Errors that a word of this length may have; shorter ones are too much alike. */
const errorsAllowed = (length: number): number => (length < 4 ? 0 : length < 8 ? 1 : 2);

/**
 * The words of `known` within one or two errors (a letter missing, too many, wrong, or two swapped) of `typed`.
 * All are folded. `isPrefix`: the rest of the word may still be to come.
 */
export function findNearWords(typed: string, known: readonly string[], isPrefix: boolean): string[] {
  const allowed = errorsAllowed(typed.length);
  return allowed === 0
    ? []
    : known.filter((word) => (isPrefix || word.length <= typed.length + allowed) && word.length >= typed.length - allowed && distance(typed, word, allowed, isPrefix) <= allowed);
}

/**
 * Optimal string alignment distance; above `limit` some number above it. `isPrefix`: to that beginning of `word` which is nearest.
 * Source: Wikipedia, "Damerau–Levenshtein distance", restricted variant.
 */
function distance(typed: string, word: string, limit: number, isPrefix: boolean): number {
  // A word of another beginning is hardly what was meant, and most words are told apart here.
  if (typed[0] !== word[0] && typed[0] !== word[1] && typed[1] !== word[0]) return limit + 1;
  const end = Math.min(word.length, typed.length + limit);
  let before: number[] = [];
  let above = Array.from({ length: end + 1 }, (_, column) => column);
  for (let row = 1; row <= typed.length; row++) {
    const line = [row];
    let best = row;
    for (let column = 1; column <= end; column++) {
      const isSame = typed[row - 1] === word[column - 1];
      let cost = Math.min((above[column - 1] ?? 0) + (isSame ? 0 : 1), (above[column] ?? 0) + 1, (line[column - 1] ?? 0) + 1);
      const isSwapped = row > 1 && column > 1 && typed[row - 1] === word[column - 2] && typed[row - 2] === word[column - 1];
      if (isSwapped) cost = Math.min(cost, (before[column - 2] ?? 0) + 1);
      line.push(cost);
      best = Math.min(best, cost);
    }
    if (best > limit) return limit + 1;
    before = above;
    above = line;
  }
  if (!isPrefix) return word.length > end ? limit + 1 : (above[end] ?? limit + 1);
  return Math.min(...above);
}
