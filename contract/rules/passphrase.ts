/** How hard a passphrase is to guess, as far as its look tells. Pure; the window says it while somebody types, the engine refuses what is too short. */

export const PASSPHRASE_MIN = 12;
export const PASSPHRASE_MAX = 256;

export type PassphraseStrength = 'too_short' | 'weak' | 'fair' | 'strong';
/** Why it is weak: few different characters, digits alone, a beginning that everybody tries, characters in a row. */
export type PassphraseWeakness = 'repeats' | 'digits' | 'common' | 'run';

const COMMON = /^(?:password|contrase(?:n|ñ)a|bandeja|qwerty|whatsapp|secreto?|admin|iloveyou|teamo)/i;

export function judgePassphrase(text: string): PassphraseStrength {
  // oxlint-disable-next-line typescript/no-misused-spread -- whole characters, whatever they are composed of, are counted
  const letters = [...text];
  if (letters.length < PASSPHRASE_MIN) return 'too_short';
  if (findWeakness(text) !== null) return 'weak';
  const words = text
    .trim()
    .split(/\s+/)
    .filter((word) => word.length > 2).length;
  const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\d/, /[^\p{L}\d\s]/u].filter((kind) => kind.test(text)).length;
  return words >= 4 || letters.length >= 20 || (letters.length >= 15 && kinds >= 3) ? 'strong' : 'fair';
}

/** Null: none that its look tells. */
export function findWeakness(text: string): PassphraseWeakness | null {
  // oxlint-disable-next-line typescript/no-misused-spread -- as above
  const letters = [...text];
  if (new Set(letters.map((letter) => letter.toLowerCase())).size < 6) return 'repeats';
  if (/^\d+$/.test(text)) return 'digits';
  if (COMMON.test(text)) return 'common';
  return isRun(letters) ? 'run' : null;
}

/** Mostly letters that follow each other, or repeat: `abcdefghijkl`, `aaaabbbbcccc`. */
function isRun(letters: readonly string[]): boolean {
  const steps = letters.slice(1).filter((letter, at) => Math.abs(letter.codePointAt(0)! - letters[at]!.codePointAt(0)!) <= 1).length;
  return steps > (letters.length * 2) / 3;
}
