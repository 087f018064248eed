/** Length and size of videos and audio, as far as this browser can play them. */
import { drawThumbnail } from '../media/thumbnails.ts';

/** Px and ms; null: this browser cannot tell. */
type Measures = { width: number | null; height: number | null; durationMs: number | null; thumbnail: Blob | null };

/** A broken file may make the player wait for ever. */
const WAIT_MAX_MS = 10_000;
/** A bit into the video: the first frame is often black. */
const POSTER_AT_S = 0.2;

export async function measureMedia(file: Blob, kind: 'video' | 'audio'): Promise<Measures> {
  const player = document.createElement(kind);
  const url = URL.createObjectURL(file);
  try {
    player.preload = 'auto';
    player.muted = true;
    player.src = url;
    if (!(await hears(player, 'loadeddata'))) return { width: null, height: null, durationMs: null, thumbnail: null };
    const durationMs = Number.isFinite(player.duration) ? Math.round(player.duration * 1000) : null;
    if (!(player instanceof HTMLVideoElement)) return { width: null, height: null, durationMs, thumbnail: null };
    const [width, height] = [player.videoWidth || null, player.videoHeight || null];
    player.currentTime = Math.min(POSTER_AT_S, player.duration / 2 || 0);
    const isThere = await hears(player, 'seeked');
    return { width, height, durationMs, thumbnail: isThere ? await drawThumbnail(player) : null };
  } finally {
    player.removeAttribute('src');
    player.load();
    URL.revokeObjectURL(url);
  }
}

function hears(player: HTMLMediaElement, event: 'loadeddata' | 'seeked'): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => end(false), WAIT_MAX_MS);
    const end = (isThere: boolean): void => {
      clearTimeout(timer);
      player.removeEventListener(event, onEvent);
      player.removeEventListener('error', onError);
      resolve(isThere);
    };
    const onEvent = (): void => end(true);
    const onError = (): void => end(false);
    player.addEventListener(event, onEvent);
    player.addEventListener('error', onError);
  });
}
