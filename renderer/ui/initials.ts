/** How many hues `avatar.module.css` knows. */
export const HUES = 10;

/** Company, trade or place behind a name, as people add it to their profile: `Óscar Ramírez · técnico`, `Karla (Hotel Jade)`. */
const ADDITION = /\s*[·•|([—–,/].*$/u;

/** First letters of the first two words of the name, titles left out; empty for a phone number or a name without letters. */
export function initialsOf(name: string): string {
  const words = name
    .replace(ADDITION, '')
    .split(/\s+/u)
    .filter((word) => /^\p{L}/u.test(word) && !word.endsWith('.'));
  return words
    .slice(0, 2)
    .map((word) => Array.from(word)[0] ?? '')
    .join('')
    .toLocaleUpperCase();
}

/** The same person has the same hue on every desktop. */
export function hueOf(id: string): number {
  let hash = 0;
  for (const char of id) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) >>> 0;
  return hash % HUES;
}
