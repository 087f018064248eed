/**
 * From what a model writes to what people read. Invariants: no marker is ever shown, whole or half; a sentence names only facts that there
 * are; offsets are of the final text; what stands in for hidden data is put back last, so that nobody's data can be read as a marker.
 */
import type { Sentence } from '../../../../contract/ai/ai-entities.ts';
import { unmask, unmaskableLength } from './mask.ts';
import { toWhatsAppMarks } from './whatsapp-marks.ts';

export type Answer = {
  text: string;
  sentences: Sentence[];
  /** Ids that the model named and that are none. */
  unknownMarkers: string[];
};
/** `factIds`: those of the prompt. `masked`: of the prompt. */
export type AnswerKey = { factIds: ReadonlySet<string>; masked: ReadonlyMap<string, string> };

/** `[F3]`, `[F3, K1]`, `【F3】`, with the blanks before it: from where they begin, or a run of them would be read again from each. */
const MARKER = /(?<![ \t])[ \t]*[[【][ \t]*([FK]\d{1,4}(?:[ \t]*[,;y&][ \t]*[FK]?\d{1,4})*)[ \t]*[\]】]/gi;
const OPEN_MARKER = /(?<![ \t])[ \t]*[[【][FKfky\d,;& \t]{0,60}$/;
/** May yet become another mark. */
const OPEN_MARKS = /(?<![*_~#\s-])[*_~#\s-]+$/;
const PLACES = /[\uE000-\uF8FF]/g;
const FIRST_PLACE = 0xe000;
const PLACES_MAX = 6_400;
/** Nothing invisible that turns text around or hides in it. */
const INVISIBLE = /[^\P{Cc}\t\n]|[\u202A-\u202E\u2066-\u2069\u{E0000}-\u{E0FFF}]/gu;
const FACTS_OF_SENTENCE = 20;

/** @param raw the whole text, without reasoning. */
export function readAnswer(raw: string, { factIds, masked }: AnswerKey): Answer {
  const named: string[][] = [];
  const placed = raw
    .replaceAll('\r\n', '\n')
    .replace(PLACES, '')
    .replace(INVISIBLE, '')
    .replace(MARKER, (_, ids: string) => {
      if (named.length >= PLACES_MAX) return '';
      named.push(readIds(ids));
      return String.fromCharCode(FIRST_PLACE + named.length - 1);
    });
  const marks: { at: number; ids: string[] }[] = [];
  let text = '';
  for (const piece of toWhatsAppMarks(placed).split(/([\uE000-\uF8FF])/)) {
    if (piece.length === 1 && PLACES.test(piece)) marks.push({ at: text.length, ids: named[piece.charCodeAt(0) - FIRST_PLACE] ?? [] });
    else text += (marks.at(-1)?.at === text.length && /[.!?]$/.test(text) && /^[\p{L}\p{N}¿¡]/u.test(piece) ? ' ' : '') + unmask(piece, masked);
    PLACES.lastIndex = 0;
  }
  const lead = text.length - text.trimStart().length;
  const final = text.trim();
  const sentences: Sentence[] = splitSentences(final).map((span) => ({ ...span, factIds: [] }));
  const unknownMarkers = new Set<string>();
  for (const { at, ids } of marks) {
    // A marker stands behind what it is for; one at the very beginning is for the first sentence.
    const sentence = sentences.findLast(({ start }) => start < at - lead) ?? sentences[0];
    for (const id of ids) {
      if (!factIds.has(id)) unknownMarkers.add(id);
      else if (sentence && !sentence.factIds.includes(id) && sentence.factIds.length < FACTS_OF_SENTENCE) sentence.factIds.push(id);
    }
  }
  return { text: final, sentences, unknownMarkers: [...unknownMarkers] };
}

/** `F3, 4; K1` → F3, F4, K1. */
function readIds(list: string): string[] {
  let letter = 'F';
  return [...list.matchAll(/([FK])?(\d{1,4})/gi)].map(([, kind, digits]) => {
    letter = kind?.toUpperCase() ?? letter;
    return `${letter}${Number(digits)}`;
  });
}

/** Text as it comes, for people who watch. */
export function createAnswerStream(key: AnswerKey) {
  let raw = '';
  return {
    /** @returns all that can be shown so far. */
    push: (delta: string): string => {
      raw += delta;
      return readAnswer(settled(raw), key).text;
    },
    /** What came, as the model wrote it. */
    raw: () => raw,
    end: (): Answer => readAnswer(raw, key),
  };
}

/** Without what may be the beginning of a marker, a placeholder or a mark. */
function settled(raw: string): string {
  const whole = raw.slice(0, unmaskableLength(raw));
  const open = OPEN_MARKER.exec(whole);
  return (open ? whole.slice(0, open.index) : whole).replace(OPEN_MARKS, '');
}

/** After these a sentence goes on. */
const ABBREVIATION =
  /(?:^|[\s(¿¡])(?:Sr|Sra|Srta|Dr|Dra|Lic|Licda|Ing|Arq|Don|Dña|D|Mr|Mrs|Ms|No|Núm|Nro|Av|Avda|Ave|Apto|Col|Tel|Cel|Ext|Depto|aprox|etc|ej|p|pág|St|vs|Ud|Uds|Vd|Vds|Cía|Ltda|Jr|a\.\s?m|p\.\s?m|S\.\s?A|EE\.\s?UU)\.\s*$/iu;
const segmenter = (): Intl.Segmenter => new Intl.Segmenter('es', { granularity: 'sentence' });

/** Where the sentences of a text stand, without the blanks around them. UTF-16 offsets. */
export function splitSentences(text: string): { start: number; end: number }[] {
  const spans: { start: number; end: number }[] = [];
  let start = 0;
  for (const { segment, index } of segmenter().segment(text)) {
    const end = index + segment.length;
    const part = text.slice(start, end);
    if (end < text.length && !segment.includes('\n') && ABBREVIATION.test(part)) continue;
    const trimmed = part.trim();
    if (/[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(trimmed)) {
      const from = start + (part.length - part.trimStart().length);
      spans.push({ start: from, end: from + trimmed.length });
    }
    start = end;
  }
  return spans;
}
