/** Words that were probably meant: within one error (a letter missing, too many, wrong, or two swapped). Symmetric deletes, https://wolfgarbe.medium.com/1000x-faster-spelling-correction-algorithm-2012-8701fcd87a5f */

/** Shorter ones are too much alike; longer ones are no words. */
export const NEAR_LETTERS = { min: 4, max: 24 } as const;

/** The word itself and with one letter left out: two words have one in common when they are one error apart, and sometimes when they are two. */
export function listVariants(word: string): string[] {
  const variants = new Set([word]);
  for (let at = 0; at < word.length; at++) variants.add(word.slice(0, at) + word.slice(at + 1));
  return [...variants];
}

export function isOneErrorApart(a: string, b: string): boolean {
  let start = 0;
  while (start < a.length && a[start] === b[start]) start += 1;
  let [endA, endB] = [a.length, b.length];
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA -= 1;
    endB -= 1;
  }
  const [left, right] = [endA - start, endB - start];
  if (left <= 1 && right <= 1) return true;
  return left === 2 && right === 2 && a[start] === b[start + 1] && a[start + 1] === b[start];
}
