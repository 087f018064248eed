/** What kind of document it is, for people: `PDF`, `XLSX`; and which picture stands for it. */
export type DocumentType = { name: string; look: 'text' | 'table' | 'slides' | 'archive' | 'image' | 'audio' | 'video' | 'other' };

const LOOKS: Readonly<Record<string, DocumentType['look']>> = {
  pdf: 'text',
  doc: 'text',
  docx: 'text',
  odt: 'text',
  rtf: 'text',
  txt: 'text',
  xls: 'table',
  xlsx: 'table',
  ods: 'table',
  csv: 'table',
  ppt: 'slides',
  pptx: 'slides',
  odp: 'slides',
  zip: 'archive',
  rar: 'archive',
  '7z': 'archive',
};
const EXTENSIONS: Readonly<Record<string, string>> = {
  'application/pdf': 'pdf',
  'application/msword': 'doc',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/vnd.ms-excel': 'xls',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
  'application/vnd.ms-powerpoint': 'ppt',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': 'pptx',
  'application/zip': 'zip',
  'text/plain': 'txt',
  'text/csv': 'csv',
};
/** Longer endings are no type, but part of a name. */
const EXTENSION = /\.([a-z0-9]{1,5})$/i;

/** By what Meta says of it, else by its name. */
export function documentType(mimeType: string, filename: string | null): DocumentType {
  const extension = (Object.hasOwn(EXTENSIONS, mimeType) && EXTENSIONS[mimeType]) || EXTENSION.exec(filename ?? '')?.[1]?.toLowerCase() || '';
  const [family = ''] = mimeType.split('/', 1);
  const look = (Object.hasOwn(LOOKS, extension) && LOOKS[extension]) || (family === 'image' || family === 'audio' || family === 'video' ? family : 'other');
  return { name: extension.toUpperCase(), look };
}
