/** What a file is: by its name, and by its bytes where they say otherwise. */
import { KB_EXTENSIONS } from '../../../../../contract/ai/ai-words.ts';

export type FileKind = (typeof KB_EXTENSIONS)[number];

const OTHER_NAMES: Record<string, FileKind> = { htm: 'html', xhtml: 'html', markdown: 'md', text: 'txt', tsv: 'csv' };

/** `damaged`: by its name it would be read, and its bytes are something else. Null: of no kind that is read. */
export function findFileKind(filename: string, bytes: Uint8Array): FileKind | 'damaged' | null {
  const extension = /\.([a-z\d]{1,10})$/i.exec(filename)?.[1]?.toLowerCase() ?? '';
  const named = KB_EXTENSIONS.find((kind) => kind === extension) ?? OTHER_NAMES[extension] ?? null;
  if (startsWith(bytes, '%PDF-')) return 'pdf';
  if (startsWith(bytes, 'PK\u0003\u0004')) return named === 'docx' ? 'docx' : named === 'pdf' ? 'damaged' : null;
  return named === 'pdf' || named === 'docx' ? 'damaged' : named;
}

const startsWith = (bytes: Uint8Array, magic: string): boolean => Buffer.from(magic).equals(bytes.subarray(0, magic.length));
