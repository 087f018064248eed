/**
 * How a text of somebody else stands in a prompt. Invariants: it is one JSON string on one line, which decodes to the text without its
 * invisible characters, byte for byte; written, it holds no `<`, `[` or line break, so it can look like no fence, marker or role; `⟦⟧` are only ours.
 */

/** Controls but tab and line feed, everything without a shape of its own (bidi, zero width, tags, variation selectors, fillers), what is no character, private use, and the brackets of placeholders. */
const REMOVED = /[^\P{Cc}\t\n]|[\p{Cf}\p{Cs}\p{Co}\p{Noncharacter_Code_Point}\p{Variation_Selector}\u{34F}\u{115F}\u{1160}\u{17B4}\u{17B5}\u{3164}\u{FFA0}\u{E0000}-\u{E0FFF}\u27E6\u27E7]/gu;

/** The copy that a model is given; what people read and what is stored stays as it is. */
export const cleanForModel = (text: string): string => text.replace(REMOVED, '');

const ESCAPED = /[<[\u2028\u2029]/g;
const escapeOne = (found: string): string => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`;
/** A JSON string of a clean text. */
export const quote = (text: string): string => JSON.stringify(text).replace(ESCAPED, escapeOne);

const CUT = ' […] ';
const costOf = (character: string): number => quote(character).length - 2;

/** A clean text whose quoted form has at most `max` characters: whole, or its beginning and end with a mark between them. */
export function clipQuoted(text: string, max: number): string {
  if (text.length * 6 <= max || quote(text).length - 2 <= max) return text;
  const room = Math.max(0, max - costOf(' ') * CUT.length - 12);
  const characters = Array.from(text);
  let head = 0;
  for (let used = 0; head < characters.length; head += 1) {
    used += costOf(characters[head] ?? '');
    if (used > room * 0.6) break;
  }
  let tail = characters.length;
  for (let used = 0; tail > head; tail -= 1) {
    used += costOf(characters[tail - 1] ?? '');
    if (used > room * 0.4) break;
  }
  return `${characters.slice(0, head).join('')}${CUT}${characters.slice(tail).join('')}`;
}
