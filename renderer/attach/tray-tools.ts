/** What the tray does with bytes, in one part of the program that is loaded when the first file comes. */
import { keepThumbnail } from '../media/thumbnails.ts';
import type { TrayTools } from '../store/tray-store.ts';
import { prepareFile, refusalOf } from './prepare-file.ts';
import { uploadFile } from './upload-file.ts';

export const trayTools: TrayTools = {
  prepareFile,
  uploadFile,
  refusalOf,
  keepThumbnail,
  show: (blob) => URL.createObjectURL(blob),
  forget: (address) => URL.revokeObjectURL(address),
};
