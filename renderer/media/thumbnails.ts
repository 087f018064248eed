/**
 * Small pictures of images and videos, made in the window: when one is sent, or is shown for the first time. The engine has no image
 * library (docs/decisions/0014). Best effort: without one, the file itself is shown.
 */
import { THUMBNAIL_BYTES_MAX } from '../../contract/limits.ts';
import { toBase64 } from '../rpc/base64.ts';
import type { EngineClient } from '../rpc/engine-client.ts';

/** Longest side, px: sharp at the size of a thread's picture on a dense screen. */
const SIDE_MAX = 480;
const QUALITIES = [0.82, 0.6, 0.4];
const SIDE_MIN = 60;

/** Keeps it with the engine, which tells the thread. The first one that is kept stays. */
export async function keepThumbnail(client: Pick<EngineClient, 'media'>, sha256: string, picture: Blob): Promise<void> {
  try {
    await client.media.setThumbnail({ sha256, data: toBase64(new Uint8Array(await picture.arrayBuffer())) });
  } catch {
    // The file has gone, or the line to the engine: the next time it is shown is soon enough.
  }
}

/** WebP of at most THUMBNAIL_BYTES_MAX bytes; null for what has no size, cannot be drawn, or cannot be made so small. */
export async function drawThumbnail(source: HTMLImageElement | HTMLVideoElement | ImageBitmap): Promise<Blob | null> {
  const { width, height } = sizeOf(source);
  if (width === 0 || height === 0) return null;
  for (let side = Math.min(SIDE_MAX, Math.max(width, height)); side >= Math.min(SIDE_MIN, width, height); side = Math.floor(side / 2)) {
    const scale = side / Math.max(width, height);
    const canvas = new OffscreenCanvas(Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)));
    const context = canvas.getContext('2d');
    if (!context) return null;
    context.imageSmoothingQuality = 'high';
    try {
      context.drawImage(source, 0, 0, canvas.width, canvas.height);
    } catch {
      // It has gone meanwhile, or was broken all the time.
      return null;
    }
    for (const quality of QUALITIES) {
      const picture = await canvas.convertToBlob({ type: 'image/webp', quality });
      // A browser without an encoder for it gives a PNG instead.
      if (picture.type === 'image/webp' && picture.size <= THUMBNAIL_BYTES_MAX) return picture;
    }
  }
  return null;
}

function sizeOf(source: HTMLImageElement | HTMLVideoElement | ImageBitmap): { width: number; height: number } {
  if (source instanceof HTMLVideoElement) return { width: source.videoWidth, height: source.videoHeight };
  return source instanceof HTMLImageElement ? { width: source.naturalWidth, height: source.naturalHeight } : source;
}
