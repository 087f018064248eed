/**
 * The part of Markdown that articles are shown by: headings, lists, tables, quotes, code, questions with answers, and emphasis, code and
 * links within a line. Pure. Invariants: every run says where it stands in the text, so that a passage can be marked; whatever does not
 * fit, HTML before all, is text; nothing is fetched, a picture is its words; cost grows linearly with the text.
 */
export type Run = { text: string; /** In the article's text, UTF-16. */ start: number; look: 'text' | 'bold' | 'italic' | 'code'; /** http, https or mailto. */ href: string | null };
export type MarkdownBlock =
  | { type: 'heading'; level: number; runs: Run[] }
  | { type: 'paragraph' | 'quote' | 'question' | 'answer'; runs: Run[] }
  | { type: 'list'; isOrdered: boolean; items: { depth: number; number: number; runs: Run[] }[] }
  | { type: 'table'; head: Run[][] | null; rows: Run[][][] }
  | { type: 'code'; runs: Run[] }
  | { type: 'rule' };

type Line = { text: string; start: number };

const HEADING = /^(#{1,6})\s+(\S.*)$/;
const ITEM = /^(\s*)(?:[-*+•]|(\d{1,4})[.)])\s+(?=\S)/;
const ROW = /^\s*\|.*\|\s*$/;
const RULED = /^\s*\|(?:\s*:?-{2,}:?\s*\|)+\s*$/;
const FENCE = /^\s*(?:```|~~~)/;
const RULE = /^\s*(?:-{3,}|\*{3,}|_{3,})\s*$/;
const QUOTE = /^\s*>\s?/;
const QUESTION = /^(?:P|Q|Pregunta|Question|Pergunta):\s+/i;
const ANSWER = /^(?:R|A|Respuesta|Answer|Resposta):\s+/i;

export function parseMarkdown(text: string): MarkdownBlock[] {
  const lines = splitLines(text);
  const blocks: MarkdownBlock[] = [];
  for (let at = 0; at < lines.length;) {
    const line = lines[at]!;
    const heading = HEADING.exec(line.text);
    /** Index of the first line from here that does not fit. */
    const endOf = (fits: (line: Line) => boolean): number => {
      let end = at + 1;
      while (end < lines.length && fits(lines[end]!)) end += 1;
      return end;
    };
    if (line.text.trim() === '') at += 1;
    else if (heading) {
      const inner = line.text.indexOf(heading[2] ?? '', heading[1]?.length);
      blocks.push({ type: 'heading', level: heading[1]?.length ?? 1, runs: parseRuns(heading[2] ?? '', line.start + inner) });
      at += 1;
    } else if (FENCE.test(line.text)) {
      const end = endOf(({ text: inner }) => !FENCE.test(inner));
      const [first, last] = [lines[at + 1], lines[end - 1]];
      if (first && last && end > at + 1) blocks.push({ type: 'code', runs: [plainRun(text.slice(first.start, last.start + last.text.length), first.start)] });
      at = end + 1;
    } else if (RULE.test(line.text)) {
      blocks.push({ type: 'rule' });
      at += 1;
    } else if (ROW.test(line.text)) {
      const end = endOf((other) => ROW.test(other.text));
      const hasHead = RULED.test(lines[at + 1]?.text ?? '');
      const body = lines.slice(hasHead ? at + 2 : at, end);
      blocks.push({ type: 'table', head: hasHead ? cellsOf(line) : null, rows: body.map(cellsOf) });
      at = end;
    } else if (ITEM.test(line.text)) {
      const end = endOf((other) => other.text.trim() !== '' && (ITEM.test(other.text) || /^\s{2,}/.test(other.text)));
      blocks.push(listOf(lines.slice(at, end)));
      at = end;
    } else if (QUOTE.test(line.text)) {
      const end = endOf((other) => QUOTE.test(other.text));
      blocks.push({ type: 'quote', runs: joinLines(lines.slice(at, end), QUOTE) });
      at = end;
    } else {
      const end = endOf((other) => other.text.trim() !== '' && !isOpening(other.text));
      const type = QUESTION.test(line.text) ? 'question' : ANSWER.test(line.text) ? 'answer' : 'paragraph';
      const [first, ...rest] = lines.slice(at, end);
      blocks.push({
        type,
        runs: [...joinLines(first ? [first] : [], type === 'question' ? QUESTION : ANSWER), ...(rest.length > 0 ? [plainRun('\n', rest[0]!.start - 1), ...joinLines(rest, null)] : [])],
      });
      at = end;
    }
  }
  return blocks;
}

/** Begins another block than the paragraph before it. */
const isOpening = (line: string): boolean => [HEADING, ITEM, ROW, FENCE, RULE, QUOTE, QUESTION, ANSWER].some((mark) => mark.test(line));

function listOf(lines: readonly Line[]): MarkdownBlock {
  const items: { depth: number; number: number; runs: Run[] }[] = [];
  let isOrdered = false;
  lines.forEach((line, index) => {
    const mark = ITEM.exec(line.text);
    if (index === 0) isOrdered = mark?.[2] !== undefined;
    if (mark) items.push({ depth: Math.min(3, Math.floor((mark[1]?.length ?? 0) / 2)), number: Number(mark[2] ?? 0), runs: parseRuns(line.text.slice(mark[0].length), line.start + mark[0].length) });
    else items.at(-1)?.runs.push(plainRun('\n', line.start - 1), ...joinLines([line], /^\s+/));
  });
  return { type: 'list', isOrdered, items };
}

/** `mark`: at the start of each line, not shown. */
function joinLines(lines: readonly Line[], mark: RegExp | null): Run[] {
  return lines.flatMap((line, index) => {
    const skipped = mark?.exec(line.text)?.[0].length ?? 0;
    return [...(index > 0 ? [plainRun('\n', line.start - 1)] : []), ...parseRuns(line.text.slice(skipped), line.start + skipped)];
  });
}

function cellsOf({ text, start }: Line): Run[][] {
  const from = text.indexOf('|') + 1;
  const inner = text.slice(from, text.lastIndexOf('|'));
  let at = start + from;
  return inner.split('|').map((cell) => {
    const cellStart = at + (cell.length - cell.trimStart().length);
    at += cell.length + 1;
    return parseRuns(cell.trim(), cellStart);
  });
}

const plainRun = (text: string, start: number): Run => ({ text, start, look: 'text', href: null });

/** Bounds keep the cost of an opening mark that is never closed small. */
const INLINE =
  /\\([\\`*_[\]()#|>~-])|`([^`\n]{1,500})`|\*\*(?=\S)([^*\n]{1,2000})\*\*|(?<![\p{L}\p{N}])__(?=\S)([^_\n]{1,2000})__(?![\p{L}\p{N}])|\*(?=\S)([^*\n]{1,2000})\*|(?<![\p{L}\p{N}_])_(?=\S)([^_\n]{1,2000})_(?![\p{L}\p{N}_])|!?\[([^\]\n]{0,500})\]\(([^)\s]{1,1000})\)|(https?:\/\/[^\s<>"“”)]{2,1000}[^\s<>"“”).,;:!?])/gu;

function parseRuns(text: string, start: number): Run[] {
  const runs: Run[] = [];
  let from = 0;
  for (const found of text.matchAll(INLINE)) {
    const [whole, escaped, code, strong, strong2, soft, soft2, label, target, bare] = found;
    if (found.index > from) runs.push(plainRun(text.slice(from, found.index), start + from));
    from = found.index + whole.length;
    const inner = escaped ?? code ?? strong ?? strong2 ?? soft ?? soft2 ?? label ?? bare ?? '';
    const innerStart = start + found.index + whole.indexOf(inner);
    const look = code !== undefined ? 'code' : strong !== undefined || strong2 !== undefined ? 'bold' : soft !== undefined || soft2 !== undefined ? 'italic' : 'text';
    const href = bare ?? (whole.startsWith('!') ? undefined : target);
    if (inner !== '') runs.push({ text: inner, start: innerStart, look, href: href !== undefined && isSafe(href) ? href : null });
  }
  if (from < text.length) runs.push(plainRun(text.slice(from), start + from));
  return runs;
}

const isSafe = (href: string): boolean => URL.canParse(href) && ['http:', 'https:', 'mailto:'].includes(new URL(href).protocol);

function splitLines(text: string): Line[] {
  let start = 0;
  return text.split('\n').map((line) => {
    const split = { text: line, start };
    start += line.length + 1;
    return split;
  });
}
