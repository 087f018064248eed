/** A file as the text of an article (Markdown). Runs where it may run out of memory or never end: in a process of its own. */
import type { KbFileProblem } from '../../../../../contract/ai/ai-words.ts';
import { KB_MAX } from '../../../../../contract/limits.ts';
import { decodeText } from './decode-text.ts';
import { findFileKind, type FileKind } from './file-kinds.ts';
import { readCsv } from './read-csv.ts';
import { readDocx } from './read-docx.ts';
import { readHtml, type ReadText } from './read-html.ts';
import { readPdf } from './read-pdf.ts';
import { tidyText } from '../tidy-text.ts';
import { Unreadable } from './unreadable.ts';

const CHARS_MAX = KB_MAX.partText * KB_MAX.parts;

export type FileReading = { status: 'ok'; kind: FileKind; title: string; text: string } | { status: 'failed'; problem: KbFileProblem };

export async function readFile(filename: string, bytes: Uint8Array): Promise<FileReading> {
  try {
    if (bytes.length === 0) throw new Unreadable('empty');
    if (bytes.length > KB_MAX.fileBytes) throw new Unreadable('too_large');
    const kind = findFileKind(filename, bytes);
    if (kind === null || kind === 'damaged') throw new Unreadable(kind ?? 'unknown_type');
    const read = await readKind(kind, bytes);
    const text = tidyText(read.text);
    if (!/\p{L}/u.test(text)) throw new Unreadable('empty');
    if (text.length > CHARS_MAX) throw new Unreadable('too_much_text');
    return { status: 'ok', kind, title: chooseTitle(filename, read.title, text), text };
  } catch (error) {
    return { status: 'failed', problem: error instanceof Unreadable ? error.problem : 'damaged' };
  }
}

async function readKind(kind: FileKind, bytes: Uint8Array): Promise<ReadText> {
  if (kind === 'pdf') return readPdf(bytes);
  if (kind === 'docx') return readDocx(bytes);
  const text = decodeText(bytes);
  if (text === null) throw new Unreadable('unknown_type');
  switch (kind) {
    case 'html':
      return readHtml(text);
    case 'csv':
      return { title: null, text: readCsv(text) };
    case 'md':
      return { title: null, text: text.replace(/^---\n[\s\S]*?\n---\n/, '').replace(/<!--[\s\S]*?-->/g, '') };
    case 'txt':
      return { title: null, text };
  }
}

/** What the document calls itself; else how its file is called. */
function chooseTitle(filename: string, named: string | null, text: string): string {
  const heading = /^#\s+(.+)$/m.exec(text.slice(0, 2_000))?.[1];
  const stem = filename
    .replace(/^.*[\\/]/, '')
    .replace(/\.[^.]*$/, '')
    .replace(/[_]+/g, ' ')
    .trim();
  const title = [heading, named, stem].find((one) => one !== undefined && one !== null && /[\p{L}\p{N}]/u.test(one)) ?? 'Documento';
  return tidyText(title).replace(/\s+/g, ' ').slice(0, KB_MAX.title).trim();
}
