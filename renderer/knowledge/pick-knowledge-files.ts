/** Files and whole folders for the knowledge base, dropped or chosen. Invariant: of what was picked only what a system hides is left out without a word. */
import { KB_EXTENSIONS } from '../../contract/ai/ai-words.ts';
import type { PickedFile } from '../store/knowledge-files-store.ts';

/** One more is somebody's whole disk. */
const FILES_MAX = 2_000;
const DEPTH_MAX = 20;
const isHidden = (path: string): boolean => path.split('/').some((part) => part.startsWith('.') || part === 'Thumbs.db' || part === 'desktop.ini' || part === '__MACOSX' || part.startsWith('~$'));

/** `isCut`: there was more than is taken at once. */
export type Picked = { files: PickedFile[]; isCut: boolean };

/** @param data must be read while its event is handled; what comes back may take longer. */
export function readDropped(data: DataTransfer): Promise<Picked> {
  const entries = [...data.items].flatMap((item) => (item.kind === 'file' ? (item.webkitGetAsEntry() ?? []) : []));
  const loose = [...data.files];
  // Without entries (a file out of a browser's page) the files themselves.
  return entries.length > 0 ? readEntries(entries) : Promise.resolve(pick(loose.map((file) => ({ path: file.name, blob: file }))));
}

const pick = (files: readonly PickedFile[]): Picked => {
  const shown = files.filter(({ path }) => !isHidden(path));
  return { files: shown.slice(0, FILES_MAX), isCut: shown.length > FILES_MAX };
};

async function readEntries(roots: readonly FileSystemEntry[]): Promise<Picked> {
  const files: PickedFile[] = [];
  let isCut = false;
  const walk = async (entry: FileSystemEntry, depth: number): Promise<void> => {
    if (isHidden(entry.name)) return;
    if (files.length >= FILES_MAX || depth > DEPTH_MAX) isCut = true;
    else if (isFile(entry)) files.push({ path: entry.fullPath.replace(/^\//, ''), blob: await new Promise<File>((resolve, reject) => entry.file(resolve, reject)) });
    else if (isFolder(entry)) {
      const reader = entry.createReader();
      // A reader gives a part of a folder at a time, and nothing when there is no more.
      for (let some = await readSome(reader); some.length > 0 && !isCut; some = await readSome(reader)) for (const child of some) await walk(child, depth + 1);
    }
  };
  for (const root of roots) await walk(root, 0);
  return { files, isCut };
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;
const readSome = (reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> => new Promise((resolve, reject) => reader.readEntries(resolve, reject));

/** The system's own dialog. `what`: several files, or a folder with all that is in it. */
export function chooseKnowledgeFiles(what: 'files' | 'folder', onPicked: (picked: Picked) => void): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = true;
  input.webkitdirectory = what === 'folder';
  if (what === 'files') input.accept = KB_EXTENSIONS.map((extension) => `.${extension}`).join(',');
  input.hidden = true;
  // Outside of the page nothing holds it: the browser may collect it while its dialog is open, and what was chosen would be lost.
  document.body.append(input);
  input.addEventListener('cancel', () => input.remove());
  input.addEventListener('change', () => {
    onPicked(pick([...(input.files ?? [])].map((file) => ({ path: file.webkitRelativePath || file.name, blob: file }))));
    input.remove();
  });
  input.click();
}
