/** Makes the small picture of a photo or video that is looked at and has none yet. */
import { useEffect } from 'react';
import type { Message } from '../../contract/entities.ts';
import { THUMBNAIL_BYTES_MAX } from '../../contract/limits.ts';
import { fileOf } from '../../contract/whatsapp/file-of.ts';
import { useClient } from '../ui/app-context.tsx';
import { addressesOf } from './message-file.ts';
import { drawThumbnail, keepThumbnail } from './thumbnails.ts';

/** Scrolled past is not looked at. */
const LOOKED_AT_MS = 400;

export function useThumbnail(message: Message): void {
  const client = useClient();
  const { content, file } = message;
  const sha256 = fileOf(content)?.sha256 ?? null;
  const url = addressesOf(message)?.url ?? null;
  const isVideo = content.kind === 'video';
  // A picture that is no larger than that needs no smaller one.
  const isNeeded = file?.hasThumbnail === false && (isVideo || (content.kind === 'image' && (file.bytes ?? Infinity) > THUMBNAIL_BYTES_MAX));

  useEffect(() => {
    if (!isNeeded || url === null || sha256 === null) return;
    const element = isVideo ? document.createElement('video') : new Image();
    const make = async (): Promise<void> => {
      const picture = await drawThumbnail(element);
      if (picture) await keepThumbnail(client, sha256, picture);
    };
    const onReady = (): void => void make().catch(() => undefined);
    element.addEventListener(isVideo ? 'loadeddata' : 'load', onReady);
    if (element instanceof HTMLVideoElement) {
      element.muted = true;
      element.preload = 'auto';
    }
    const timer = setTimeout(() => {
      element.src = url;
    }, LOOKED_AT_MS);
    return () => {
      clearTimeout(timer);
      element.removeEventListener(isVideo ? 'loadeddata' : 'load', onReady);
      // Ends the loading.
      element.removeAttribute('src');
    };
  }, [client, isNeeded, isVideo, url, sha256]);
}
