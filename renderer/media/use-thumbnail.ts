/** Makes the small picture of a photo or video that came without one. The window does it: the engine has no tools for pictures. */
import { useEffect } from 'react';
import type { Message } from '../../contract/entities.ts';
import { THUMBNAIL_BYTES_MAX } from '../../contract/limits.ts';
import { useClient, useStores } from '../ui/app-context.tsx';
import { addressesOf } from './message-file.ts';

/** Scrolled past is not looked at. */
const LOOKED_AT_MS = 400;

export function useThumbnail(message: Message): void {
  const client = useClient();
  const { conversation } = useStores();
  const { content, file } = message;
  const sha256 = 'media' in content ? content.media.sha256 : null;
  const url = addressesOf(message)?.url ?? null;
  // A picture that is no larger than that needs no smaller one.
  const isNeeded = file?.hasThumbnail === false && (content.kind === 'video' || (content.kind === 'image' && (file.bytes ?? Infinity) > THUMBNAIL_BYTES_MAX));
  const isVideo = content.kind === 'video';

  useEffect(() => {
    if (!isNeeded || url === null || sha256 === null) return;
    const leaving = new AbortController();
    const timer = setTimeout(() => {
      // Without it the picture itself is shown: slower, but the same.
      makeThumbnail(url, isVideo, leaving.signal)
        .then(async (data) => {
          if (data === null || leaving.signal.aborted) return;
          await client.media.setThumbnail({ sha256, data });
          conversation.getState().refresh();
        })
        .catch(() => undefined);
    }, LOOKED_AT_MS);
    return () => {
      clearTimeout(timer);
      leaving.abort();
    };
  }, [client, conversation, isNeeded, isVideo, url, sha256]);
}

/** Base64; null: this computer cannot show the file. */
async function makeThumbnail(url: string, isVideo: boolean, signal: AbortSignal): Promise<string | null> {
  const [{ decodePicture, toThumbnail }, { measureMedia }, { toBase64 }] = await Promise.all([
    import('../attach/convert-picture.ts'),
    import('../attach/measure-media.ts'),
    import('../attach/upload-file.ts'),
  ]);
  const file = await (await fetch(url, { signal })).blob();
  const blob = isVideo ? (await measureMedia(file, 'video', THUMBNAIL_BYTES_MAX)).thumbnail : await shrink(file);
  return blob && toBase64(new Uint8Array(await blob.arrayBuffer()));

  async function shrink(picture: Blob): Promise<Blob | null> {
    const bitmap = await decodePicture(picture);
    try {
      return await toThumbnail(bitmap, bitmap.width, bitmap.height, THUMBNAIL_BYTES_MAX);
    } finally {
      bitmap.close();
    }
  }
}
