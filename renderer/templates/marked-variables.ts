/**
 * Keeps apart, within a text that is formatted afterwards, what came from a variable. The marks are private-use characters that a
 * text of a template cannot hold (`invisible_characters`); those of a value are taken out.
 */
import { fillPlaceholders } from '../../contract/whatsapp/template-words.ts';

const OPEN = '\ue000';
const CLOSE = '\ue001';
const MISSING = '\ue002';
const MARKS = /[\ue000-\ue002]/g;
const MARKS_FIRST = /^[^\ue000-\ue002]*[\ue000-\ue002]/;

/** The text with its values; a variable without one keeps its braces. Both are marked. */
export const markVariables = (text: string, valueOf: (name: string) => string | undefined): string =>
  fillPlaceholders(text.replace(MARKS, ''), (name) => {
    const value = valueOf(name)?.replace(MARKS, '') ?? '';
    return value.trim() === '' ? `${MISSING}{{${name}}}${CLOSE}` : `${OPEN}${value}${CLOSE}`;
  });

export type MarkedPiece = { text: string; kind: 'fixed' | 'value' | 'missing' };

/** A marked text in pieces, or a stretch of one, in which a value may begin or end. */
export function splitMarked(marked: string): MarkedPiece[] {
  const pieces: MarkedPiece[] = [];
  let kind: MarkedPiece['kind'] = MARKS_FIRST.exec(marked)?.[0].endsWith(CLOSE) ? 'value' : 'fixed';
  let from = 0;
  const cut = (to: number): void => {
    if (to > from) pieces.push({ text: marked.slice(from, to), kind });
    from = to + 1;
  };
  for (const { 0: mark, index } of marked.matchAll(MARKS)) {
    cut(index);
    kind = mark === OPEN ? 'value' : mark === MISSING ? 'missing' : 'fixed';
  }
  cut(marked.length);
  return pieces;
}
