/** What the tray does with bytes, in one part of the program that is loaded when the first file comes. */
import type { TrayTools } from '../store/tray-store.ts';
import { prepareFile, refusalOf } from './prepare-file.ts';
import { toBase64, uploadFile } from './upload-file.ts';

export const trayTools: TrayTools = {
  prepareFile,
  uploadFile,
  refusalOf,
  toBase64,
  show: (blob) => URL.createObjectURL(blob),
  forget: (address) => URL.revokeObjectURL(address),
};
