/** What the first bytes of a picture say about how it must be drawn, without decoding it. */

/** How far into a JPEG its frame header is looked for: cameras put a preview and maker notes before it. */
export const PICTURE_HEAD_BYTES = 256 * 1024;

/** `orientation`: 1 upright, 2–8 as in Exif (TIFF 6.0 tag 274). `isPlainRgb`: 8 bits a channel, RGB or RGBA; null: not found. */
export type PictureHead = { orientation: number; isPlainRgb: boolean | null };

export function readPictureHead(bytes: Uint8Array, mimeType: string): PictureHead {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    if (mimeType === 'image/jpeg') return readJpeg(view);
    // IHDR: bit depth, then colour type (PNG 3rd edition, 11.2.1): 2 is RGB, 6 RGBA.
    if (mimeType === 'image/png') return { orientation: 1, isPlainRgb: view.getUint8(24) === 8 && [2, 6].includes(view.getUint8(25)) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    // Cut off: what was not found is not known.
  }
  return { orientation: 1, isPlainRgb: null };
}

const EXIF = 0x45786966;
/** Start of frame: C0–CF without the tables and the arithmetic marker among them. */
const isFrame = (marker: number): boolean => marker >= 0xffc0 && marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker);

function readJpeg(view: DataView): PictureHead {
  const head: PictureHead = { orientation: 1, isPlainRgb: null };
  for (let at = 2; at + 4 <= view.byteLength;) {
    const marker = view.getUint16(at);
    if (marker >> 8 !== 0xff || marker === 0xffda) break;
    const length = view.getUint16(at + 2);
    if (marker === 0xffe1 && at + 14 <= view.byteLength && view.getUint32(at + 4) === EXIF) head.orientation = readOrientation(view, at + 10) ?? head.orientation;
    if (isFrame(marker) && at + 10 <= view.byteLength) {
      head.isPlainRgb = view.getUint8(at + 4) === 8 && view.getUint8(at + 9) === 3;
      break;
    }
    at += 2 + length;
  }
  return head;
}

/** @param tiff where the TIFF header of the Exif part begins. */
function readOrientation(view: DataView, tiff: number): number | null {
  const isLittle = view.getUint16(tiff) === 0x4949;
  const directory = tiff + view.getUint32(tiff + 4, isLittle);
  const count = view.getUint16(directory, isLittle);
  for (let index = 0; index < count; index++) {
    const entry = directory + 2 + index * 12;
    if (view.getUint16(entry, isLittle) !== 274) continue;
    const value = view.getUint16(entry + 8, isLittle);
    return value >= 1 && value <= 8 ? value : null;
  }
  return null;
}
