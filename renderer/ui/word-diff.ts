/** What people changed in a draft, word by word, for showing. Only pages that are loaded when they are opened import it: `diff` is no part of the window's start. */
import { diffWordsWithSpace } from 'diff';

export type DiffPart = { kind: 'same' | 'added' | 'removed'; text: string };

/** `same` and `removed` in their order make up the draft, `same` and `added` what was sent. */
export function diffByWords(draft: string, sent: string): DiffPart[] {
  return diffWordsWithSpace(draft.normalize('NFC'), sent.normalize('NFC')).map(({ added, removed, value }) => ({ kind: added ? 'added' : removed ? 'removed' : 'same', text: value }));
}
