/** What people changed in a draft, word by word, for showing. Only pages that are loaded when they are opened import it: `diff` is no part of the window's start. */
import { diffWordsWithSpace } from 'diff';

export type DiffPart = { kind: 'same' | 'added' | 'removed'; text: string };

const SEGMENTER = { granularity: 'word' } as const;

/** `same` and `removed` in their order make up the draft, `same` and `added` what was sent. `language`: whose words they are; of none that is known, as in Spanish. */
export function diffByWords(draft: string, sent: string, language: string): DiffPart[] {
  return diffWordsWithSpace(draft.normalize('NFC'), sent.normalize('NFC'), { intlSegmenter: createSegmenter(language) }).map(({ added, removed, value }) => ({
    kind: added ? 'added' : removed ? 'removed' : 'same',
    text: value,
  }));
}

function createSegmenter(language: string): Intl.Segmenter {
  try {
    return new Intl.Segmenter(language, SEGMENTER);
  } catch {
    return new Intl.Segmenter('es', SEGMENTER);
  }
}
