/**
 * Pictures as WhatsApp takes them. Invariant: what leaves here is a JPEG or PNG with 8 bits a channel, upright, with no side above
 * PICTURE_SIDE_MAX and within the limit in bytes; one that already is all that is left as it is, to the byte.
 */
import { readPictureHead, PICTURE_HEAD_BYTES } from './picture-head.ts';

/** Px; WhatsApp's own best quality ends here, and larger ones only cost their receiver data. */
const PICTURE_SIDE_MAX = 4096;
const STICKER_SIDE = 512;
const QUALITIES = [0.92, 0.85, 0.78, 0.7, 0.6];
/** Where no quality is enough, the sides shrink by this, at most so many times. */
const SHRINK = 0.75;
const SHRINKS_MAX = 8;
/** Side of the small copy on which transparency is looked for. */
const SAMPLE_SIDE = 128;

export type Picture = { blob: Blob; mimeType: string; width: number; height: number };

/** @throws when the browser cannot decode it. Upright, whatever Exif says. */
export const decodePicture = (file: Blob): Promise<ImageBitmap> => createImageBitmap(file, { imageOrientation: 'from-image' });

export async function isAcceptable(file: Blob, mimeType: string, bitmap: ImageBitmap, limitBytes: number): Promise<boolean> {
  if (mimeType !== 'image/jpeg' && mimeType !== 'image/png') return false;
  const { orientation, isPlainRgb } = readPictureHead(new Uint8Array(await file.slice(0, PICTURE_HEAD_BYTES).arrayBuffer()), mimeType);
  return orientation === 1 && isPlainRgb !== false && file.size <= limitBytes && Math.max(bitmap.width, bitmap.height) <= PICTURE_SIDE_MAX;
}

/** As JPEG with the best quality that fits; as PNG if it shows something through and fits so. */
export async function toPhoto(bitmap: ImageBitmap, limitBytes: number): Promise<Picture> {
  let scale = Math.min(1, PICTURE_SIDE_MAX / Math.max(bitmap.width, bitmap.height));
  if (hasTransparency(bitmap)) {
    const canvas = draw(bitmap, scale, null);
    const blob = await canvas.convertToBlob({ type: 'image/png' });
    if (blob.size <= limitBytes) return { blob, mimeType: 'image/png', width: canvas.width, height: canvas.height };
  }
  for (let shrinks = 0; shrinks <= SHRINKS_MAX; shrinks++) {
    // JPEG shows nothing through: white, as on paper.
    const canvas = draw(bitmap, scale, '#ffffff');
    const blob = await encode(canvas, 'image/jpeg', QUALITIES, limitBytes);
    if (blob) return { blob, mimeType: 'image/jpeg', width: canvas.width, height: canvas.height };
    scale *= SHRINK;
  }
  throw new Error('the picture does not become small enough');
}

/** A square WebP with the whole picture in its middle. */
export async function toSticker(bitmap: ImageBitmap, limitBytes: number): Promise<Picture> {
  const canvas = new OffscreenCanvas(STICKER_SIDE, STICKER_SIDE);
  const scale = STICKER_SIDE / Math.max(bitmap.width, bitmap.height);
  const [width, height] = [bitmap.width * scale, bitmap.height * scale];
  contextOf(canvas).drawImage(bitmap, (STICKER_SIDE - width) / 2, (STICKER_SIDE - height) / 2, width, height);
  const blob = await encode(canvas, 'image/webp', QUALITIES, limitBytes);
  if (!blob) throw new Error('the sticker does not become small enough');
  return { blob, mimeType: 'image/webp', width: STICKER_SIDE, height: STICKER_SIDE };
}

/** Null: it does not become small enough. */
async function encode(canvas: OffscreenCanvas, type: string, qualities: readonly number[], limitBytes: number): Promise<Blob | null> {
  for (const quality of qualities) {
    const blob = await canvas.convertToBlob({ type, quality });
    if (blob.size <= limitBytes) return blob;
  }
  return null;
}

const draw = (bitmap: ImageBitmap, scale: number, background: string | null): OffscreenCanvas => drawSized(bitmap, bitmap.width * scale, bitmap.height * scale, background);

function drawSized(source: ImageBitmap, width: number, height: number, background: string | null): OffscreenCanvas {
  const canvas = new OffscreenCanvas(Math.max(1, Math.round(width)), Math.max(1, Math.round(height)));
  const context = contextOf(canvas);
  context.imageSmoothingQuality = 'high';
  if (background !== null) {
    context.fillStyle = background;
    context.fillRect(0, 0, canvas.width, canvas.height);
  }
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  return canvas;
}

function hasTransparency(bitmap: ImageBitmap): boolean {
  const canvas = drawSized(bitmap, Math.min(SAMPLE_SIDE, bitmap.width), Math.min(SAMPLE_SIDE, bitmap.height), null);
  const { data } = contextOf(canvas).getImageData(0, 0, canvas.width, canvas.height);
  for (let at = 3; at < data.length; at += 4) if (data[at]! < 250) return true;
  return false;
}

function contextOf(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no canvas to draw on');
  return context;
}
