/** Damages a text as hurried people do: no accents, and 40 % of the words with five or more letters have one error. The same for the same seed. */
import { foldText } from '../../../contract/rules/fold-text.ts';

const SHARE = 0.4;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

export function createTypingErrors(seed: number): (text: string) => string {
  const random = createRandom(seed);
  const letter = (): string => LETTERS[Math.floor(random() * LETTERS.length)]!;
  const damage = (word: string): string => {
    if (random() >= SHARE) return word;
    // The first letter is seldom wrong.
    const at = 1 + Math.floor(random() * (word.length - 2));
    switch (Math.floor(random() * 4)) {
      case 0:
        return word.slice(0, at) + word.slice(at + 1);
      case 1:
        return word.slice(0, at) + word[at + 1] + word[at] + word.slice(at + 2);
      case 2:
        return word.slice(0, at) + letter() + word.slice(at);
      default:
        return word.slice(0, at) + letter() + word.slice(at + 1);
    }
  };
  return (text) => foldText(text).replace(/[a-z]{5,}/g, damage);
}

/** Mulberry32. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}
