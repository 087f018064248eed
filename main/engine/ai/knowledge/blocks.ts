/**
 * The parts of an article (Markdown, or text that resembles it), each with where it stands (UTF-16 offsets). Invariant: blocks are in
 * order, none within another, and what belongs together is one block: a question with its answer, a row of a table, an item of a list.
 */

export type Block =
  | { kind: 'heading'; level: number; text: string; start: number; end: number }
  | { kind: 'paragraph' | 'item'; start: number; end: number }
  /** `answerStart`: where the answer begins. */
  | { kind: 'pair'; start: number; end: number; answerStart: number }
  /** `head`: the line with the names of the columns; null: there is none. */
  | { kind: 'row'; head: string | null; start: number; end: number };

/** A longer sentence is cut. */
const SENTENCE_CHARS = 1_200;

type Line = { text: string; start: number; end: number };

const HEADING = /^ {0,3}(#{1,6})\s+(.+?)\s*#*\s*$/;
const RULED = /^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$/;
const ROW = /^\s*\|.*\|\s*$/;
const ITEM = /^\s*(?:[-*•+]|\d{1,3}[.)])\s+\S/;
const QUESTION = /^\s*(?:\*\*|__)?(?:P|Q|Pregunta|Question|Pergunta)(?:\s*\d{1,3})?\s*[:.)]/i;
const ANSWER = /^\s*(?:\*\*|__)?(?:R|A|Respuesta|Answer|Resposta)(?:\s*\d{1,3})?\s*[:.)]/i;
/** A line that is nothing but a question. */
const ASKS = /^\s*(?:\*\*|__|¿).{4,200}\?(?:\*\*|__)?\s*$|^\s*[\p{Lu}¿].{4,200}\?\s*$/u;

export function splitBlocks(text: string): Block[] {
  const lines = splitLines(text);
  const blocks: Block[] = [];
  const isBlank = (at: number): boolean => (lines[at]?.text.trim() ?? '') === '';
  const isPlain = (at: number): boolean => {
    const line = lines[at]?.text;
    return line !== undefined && line.trim() !== '' && !HEADING.test(line) && !ROW.test(line) && !ITEM.test(line) && !QUESTION.test(line);
  };
  /** The first line behind a run of plain ones. */
  const runFrom = (at: number): number => {
    let next = at;
    while (isPlain(next)) next += 1;
    return next;
  };

  for (let at = 0; at < lines.length;) {
    const line = lines[at] as Line;
    const heading = HEADING.exec(line.text);
    if (isBlank(at)) at += 1;
    else if (heading) {
      blocks.push({ kind: 'heading', level: heading[1]!.length, text: plain(heading[2]!), start: line.start, end: line.end });
      at += 1;
    } else if (ROW.test(line.text)) at = takeTable(lines, at, blocks);
    else if (QUESTION.test(line.text) || ASKS.test(line.text)) {
      let answer = at + 1;
      while (isBlank(answer) && answer < lines.length) answer += 1;
      const isAnswered = lines[answer] !== undefined && (ANSWER.test(lines[answer]!.text) || isPlain(answer) || ITEM.test(lines[answer]!.text)) && !ASKS.test(lines[answer]!.text);
      let end = isAnswered ? answer + 1 : at + 1;
      if (isAnswered) while (isPlain(end) || (ITEM.test(lines[end]?.text ?? '') && !QUESTION.test(lines[end]!.text))) end += 1;
      const last = lines[end - 1] as Line;
      blocks.push(isAnswered ? { kind: 'pair', start: line.start, end: last.end, answerStart: lines[answer]!.start } : { kind: 'paragraph', start: line.start, end: last.end });
      at = end;
    } else {
      const isItem = ITEM.test(line.text);
      const end = Math.max(at + 1, runFrom(at + 1));
      blocks.push({ kind: isItem ? 'item' : 'paragraph', start: line.start, end: (lines[end - 1] as Line).end });
      at = end;
    }
  }
  return blocks;
}

function takeTable(lines: readonly Line[], from: number, blocks: Block[]): number {
  const hasHead = RULED.test(lines[from + 1]?.text ?? '');
  const head = hasHead ? lines[from]!.text.trim() : null;
  let at = hasHead ? from + 2 : from;
  const first = at;
  for (; at < lines.length && ROW.test(lines[at]!.text); at++) blocks.push({ kind: 'row', head, start: lines[at]!.start, end: lines[at]!.end });
  // A table of nothing but names of columns still says something.
  if (at === first) blocks.push({ kind: 'row', head: null, start: lines[from]!.start, end: lines[from]!.end });
  return at;
}

function splitLines(text: string): Line[] {
  const lines: Line[] = [];
  for (let start = 0; start <= text.length;) {
    const found = text.indexOf('\n', start);
    const end = found === -1 ? text.length : found;
    lines.push({ text: text.slice(start, end), start, end });
    start = end + 1;
  }
  return lines;
}

/** Without the marks of Markdown. */
const plain = (text: string): string => text.replace(/[*_`]+/g, '').trim();

/** Where the sentences of a text stand. What has no full stop for long is cut between words. */
export function splitSentences(text: string, start: number, end: number, wordsMax: number): { start: number; end: number }[] {
  const sentences: { start: number; end: number }[] = [];
  const add = (from: number, to: number): void => {
    for (const piece of cutLong(text, from, to, wordsMax)) if (text.slice(piece.start, piece.end).trim() !== '') sentences.push(piece);
  };
  let from = start;
  // A stop ends a sentence where a new one begins behind it: not in `Q1,250.00`, `Sr. Paz` or `a. m.`
  for (const { 0: stop, index } of text.slice(start, end).matchAll(/(?<=[\p{Ll}\p{N}\p{M})»"”’%]|\b\p{Lu}{2,})[.!?…]+["»”’)]*(?:\s+(?=[\p{Lu}¿¡"«“(\p{N}])|\s*\n)/gu)) {
    const to = start + index + stop.length;
    if (isAbbreviation(text.slice(from, start + index))) continue;
    add(from, to);
    from = to;
  }
  add(from, end);
  return sentences;
}

const isAbbreviation = (before: string): boolean => /(?:^|\s)(?:sr|sra|srta|dr|dra|ing|lic|arq|av|col|art|no|núm|num|tel|ext|p|ej|etc|mr|mrs|ms|st|vs)$/i.test(before);

function cutLong(text: string, start: number, end: number, wordsMax: number): { start: number; end: number }[] {
  const words = [...text.slice(start, end).matchAll(/\S+/g)];
  if (words.length <= wordsMax && end - start <= SENTENCE_CHARS) return [{ start, end }];
  const cuts: number[] = [];
  let from = start;
  let count = 0;
  for (const { 0: word, index } of words) {
    const at = start + index;
    if (count === wordsMax || (at + word.length - from > SENTENCE_CHARS && at > from)) {
      cuts.push(at);
      [from, count] = [at, 0];
    }
    count += 1;
    // A row of characters that is no word.
    for (let to = from + SENTENCE_CHARS; to < at + word.length; to = from + SENTENCE_CHARS) {
      if (/[\ud800-\udbff]/.test(text.charAt(to - 1))) to -= 1;
      cuts.push(to);
      [from, count] = [to, 1];
    }
  }
  return [start, ...cuts].map((cut, n) => ({ start: cut, end: cuts[n] ?? end }));
}
