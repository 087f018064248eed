/**
 * Small pictures of images and videos, made here when one is shown for the first time: the engine has no image library
 * (docs/decisions/0014). Best effort: without one, the file itself is shown.
 */
import { THUMBNAIL_BYTES_MAX } from '../../contract/limits.ts';
import type { EngineClient } from '../rpc/engine-client.ts';

/** Longest side, px: sharp at the size of a thread's picture on a dense screen. */
const SIDE_MAX = 480;
const QUALITIES = [0.82, 0.6, 0.4];
const SIDE_MIN = 60;

/**
 * Keeps a small picture of what an element shows. Call when the image has loaded, or the video has a frame
 * (`loadeddata`), and `file.hasThumbnail` is false. The first one that is kept stays.
 */
export async function keepThumbnail(client: Pick<EngineClient, 'media'>, sha256: string, element: HTMLImageElement | HTMLVideoElement): Promise<void> {
  try {
    const picture = await drawThumbnail(element);
    if (picture) await client.media.setThumbnail({ sha256, data: await toBase64(picture) });
  } catch {
    // The element has gone, the file too, or the line to the engine: the next time it is shown is soon enough.
  }
}

/** WebP of at most THUMBNAIL_BYTES_MAX bytes; null for what has no size, or cannot be made so small. */
export async function drawThumbnail(element: HTMLImageElement | HTMLVideoElement): Promise<Blob | null> {
  const [width, height] = element instanceof HTMLVideoElement ? [element.videoWidth, element.videoHeight] : [element.naturalWidth, element.naturalHeight];
  if (width === 0 || height === 0) return null;
  for (let side = Math.min(SIDE_MAX, Math.max(width, height)); side >= Math.min(SIDE_MIN, width, height); side = Math.floor(side / 2)) {
    const scale = side / Math.max(width, height);
    const canvas = new OffscreenCanvas(Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)));
    const context = canvas.getContext('2d');
    if (!context) return null;
    context.imageSmoothingQuality = 'high';
    context.drawImage(element, 0, 0, canvas.width, canvas.height);
    for (const quality of QUALITIES) {
      const picture = await canvas.convertToBlob({ type: 'image/webp', quality });
      // A browser without an encoder for it gives a PNG instead.
      if (picture.type === 'image/webp' && picture.size <= THUMBNAIL_BYTES_MAX) return picture;
    }
  }
  return null;
}

async function toBase64(blob: Blob): Promise<string> {
  let binary = '';
  for (const byte of new Uint8Array(await blob.arrayBuffer())) binary += String.fromCharCode(byte);
  return btoa(binary);
}
