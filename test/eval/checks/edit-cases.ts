/** Edits whose class is known because they were made so: so many of a hundred graphemes replaced. */
import type { EditClass } from '../../../contract/ai/ai-words.ts';

export type EditCase = { draft: string; sent: string | null; wanted: EditClass };

/** None of these is a letter of the other list, and each is one grapheme. */
const OLD = ['a', 'é', 'ñ', '👍🏽', 'n\u0303', '🇬🇹', '1', 'ü', 'o', '👨‍👩‍👧'];
const NEW = ['x', '😀', 'z\u0301', '9'];

export function readEditCases(): EditCase[] {
  const graphemes = Array.from({ length: 100 }, (_, n) => OLD[n % OLD.length] ?? 'a');
  const draft = graphemes.join('');
  const replaced = Array.from({ length: 101 }, (_, changed): EditCase => {
    // Spread over the text, so that no common beginning or end hides it.
    const sent = graphemes.map((grapheme, n) => ((n * 37) % 100 < changed ? (NEW[n % NEW.length] ?? 'x') : grapheme)).join('');
    return { draft, sent, wanted: changed === 0 ? 'as_is' : changed < 40 ? 'light' : 'heavy' };
  });
  const longer = Array.from({ length: 100 }, (_, added): EditCase => ({ draft, sent: draft + 'x'.repeat(added), wanted: added === 0 ? 'as_is' : added / (100 + added) < 0.4 ? 'light' : 'heavy' }));
  return [...replaced, ...longer, { draft, sent: null, wanted: 'discarded' }];
}
