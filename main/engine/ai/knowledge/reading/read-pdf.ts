/**
 * A PDF as Markdown: lines in the order of the page, large ones as headings, cells that stand apart as a table. Source: pdf.js (through
 * unpdf), `getTextContent`: `transform` is the text matrix [a, b, c, d, x, y] in points, y from the bottom.
 */
import { getDocumentProxy } from 'unpdf';
import { KB_MAX } from '../../../../../contract/limits.ts';
import { checkStreams } from './check-streams.ts';
import type { ReadText } from './read-html.ts';
import { Unreadable } from './unreadable.ts';

/** Larger than the body by so much, and shorter than so many characters: a heading. */
const HEADING_RATIO = 1.18;
const HEADING_CHARS = 120;
/** Gaps in ems: between words, and between cells of a table. */
const WORD_GAP = 0.15;
const CELL_GAP = 1.6;
/** Lines further apart, in heights of a line, are not of one paragraph. */
const PARAGRAPH_GAP = 1.65;
const CHARS_MAX = KB_MAX.partText * KB_MAX.parts;

type Line = { cells: string[]; size: number; x: number; y: number; right: number };
type Item = { str: string; transform: number[]; width: number; height: number; hasEOL: boolean };

export async function readPdf(bytes: Uint8Array): Promise<ReadText> {
  checkStreams(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  // What it is given becomes its own: a copy.
  const pdf = await getDocumentProxy(Uint8Array.from(bytes), { useSystemFonts: false, stopAtErrors: false, verbosity: 0 }).catch((error: unknown) => {
    throw new Unreadable(error instanceof Error && error.name === 'PasswordException' ? 'encrypted' : 'damaged');
  });
  if (pdf.numPages > KB_MAX.pages) throw new Unreadable('too_much_text');
  const pages: Line[][] = [];
  let chars = 0;
  for (let no = 1; no <= pdf.numPages; no++) {
    const page = await pdf.getPage(no);
    const { items } = await page.getTextContent();
    const lines = readLines(items.filter((item): item is typeof item & Item => 'str' in item));
    for (const { cells } of lines) chars += cells.join(' ').length;
    if (chars > CHARS_MAX) throw new Unreadable('too_much_text');
    pages.push(lines);
    page.cleanup();
  }
  const { info } = await pdf.getMetadata().catch(() => ({ info: {} as Record<string, unknown> }));
  const named = (info as Record<string, unknown>)['Title'];
  return { title: typeof named === 'string' && named.trim() !== '' ? named.trim() : null, text: toMarkdown(pages) };
}

function readLines(items: readonly Item[]): Line[] {
  const lines: Line[] = [];
  let line: Line | null = null;
  for (const { str, transform, width } of items) {
    if (str === '' || (str.trim() === '' && !line)) continue;
    const [a = 0, b = 0, , , x = 0, y = 0] = transform;
    const size = Math.hypot(a, b) || 1;
    const isSameLine: boolean = line !== null && Math.abs(line.y - y) < Math.max(line.size, size) * 0.5 && x >= line.right - size;
    if (!line || !isSameLine) {
      if (str.trim() === '') continue;
      line = { cells: [str], size, x, y, right: x + width };
      lines.push(line);
      continue;
    }
    if (str.trim() === '') continue;
    const gap = (x - line.right) / size;
    const last = line.cells.length - 1;
    if (gap > CELL_GAP) line.cells.push(str);
    else line.cells[last] += gap > WORD_GAP && !line.cells[last]!.endsWith(' ') ? ` ${str}` : str;
    line.right = x + width;
    line.size = Math.max(line.size, size);
  }
  return lines.map((one) => ({ ...one, cells: one.cells.map((cell) => cell.replace(/\s+/g, ' ').trim()).filter((cell) => cell !== '') })).filter(({ cells }) => cells.length > 0);
}

function toMarkdown(pages: readonly Line[][]): string {
  const body = medianSize(pages.flat());
  const repeated = findRepeated(pages);
  const out: string[] = [];
  let above: Line | null = null;
  let hasTable = false;
  for (const line of pages.flatMap((page) => page.filter(({ cells }) => !repeated.has(blankFigures(cells.join(' ')))))) {
    const text = line.cells.join(' ');
    const isBelow: boolean = above !== null && above.y - line.y > 0 && (above.y - line.y) / Math.max(line.size, 1) <= PARAGRAPH_GAP;
    const isHeading = line.size >= body * HEADING_RATIO && text.length <= HEADING_CHARS && line.cells.length === 1;
    if (line.cells.length > 1 && above !== null && above.cells.length === line.cells.length) {
      if (!hasTable) {
        out.pop();
        out.push('', toRow(above.cells), `|${' --- |'.repeat(above.cells.length)}`);
      }
      hasTable = true;
      out.push(toRow(line.cells));
    } else {
      if (hasTable) out.push('');
      hasTable = false;
      if (isHeading && above !== null && above.size === line.size && isBelow && (out.at(-2) ?? '').startsWith('#')) {
        // A heading of two lines.
        out.splice(-2, 1, `${out.at(-2)} ${text}`);
      } else if (isHeading) out.push('', `${line.size >= body * 1.5 ? '#' : '##'} ${text}`, '');
      else if (isBelow && above?.cells.length === 1 && (out.at(-1) ?? '') !== '') out.push(/[\p{Ll}]-$/u.test(out.at(-1)!) && /^\p{Ll}/u.test(text) ? `${out.pop()!.slice(0, -1)}${text}` : text);
      else out.push('', text);
    }
    above = line;
  }
  return out.join('\n');
}

const toRow = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '/')).join(' | ')} |`;

/** By how much is written in each: most of a document is body. */
function medianSize(lines: readonly Line[]): number {
  const sizes = lines.map(({ size, cells }) => ({ size, chars: cells.join('').length })).toSorted((a, b) => a.size - b.size);
  let left = sizes.reduce((sum, { chars }) => sum + chars, 0) / 2;
  for (const { size, chars } of sizes) {
    left -= chars;
    if (left <= 0) return size;
  }
  return 1;
}

/** First and last lines that stand on most pages (with another number): headers, footers, page numbers. */
function findRepeated(pages: readonly Line[][]): Set<string> {
  if (pages.length < 4) return new Set();
  const counts = new Map<string, number>();
  for (const page of pages) {
    const edge = new Set([page[0], page.at(-1)].flatMap((line) => (line ? [blankFigures(line.cells.join(' '))] : [])));
    for (const text of edge) counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return new Set([...counts].filter(([, count]) => count > pages.length / 2).map(([text]) => text));
}
const blankFigures = (text: string): string => text.replace(/\d+/g, '#');
