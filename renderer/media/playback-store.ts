/**
 * What is being listened to. Invariants: one recording at a time; it goes on playing while its row is scrolled away; it
 * stops when its conversation is left. Times are milliseconds.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';

export const RATES = [1, 1.5, 2] as const;
export type Rate = (typeof RATES)[number];

export type PlaybackState = {
  /** Of the message; null: nothing was played yet. */
  id: string | null;
  isPlaying: boolean;
  at: number;
  /** As the recording itself says. */
  length: number | null;
  /** Stays as it was chosen. */
  rate: Rate;
  /** It cannot be played here. */
  hasFailed: boolean;
  /** Plays it, or pauses it if it is what plays. */
  toggle(id: string, url: string): void;
  /** Goes there; another one than that of before begins there when it is played. */
  seek(id: string, url: string, at: number): void;
  nextRate(): void;
  pause(): void;
};

/** What is used of an `HTMLAudioElement`. */
export type Player = Pick<HTMLAudioElement, 'src' | 'currentTime' | 'duration' | 'paused' | 'playbackRate' | 'play' | 'pause' | 'addEventListener'>;

export function createPlaybackStore(deps: { createPlayer(): Player }): StoreApi<PlaybackState> {
  let player: Player | null = null;

  /** The one player, with this recording in it. */
  function load(id: string, url: string): Player {
    player ??= makePlayer();
    if (store.getState().id !== id || store.getState().hasFailed) {
      player.pause();
      player.src = url;
      store.setState({ id, isPlaying: false, at: 0, length: null, hasFailed: false });
    }
    player.playbackRate = store.getState().rate;
    return player;
  }

  function makePlayer(): Player {
    const made = deps.createPlayer();
    const show = (): void => store.setState({ isPlaying: !made.paused, at: made.currentTime * 1000, length: Number.isFinite(made.duration) ? made.duration * 1000 : store.getState().length });
    for (const event of ['play', 'pause', 'timeupdate', 'durationchange', 'seeked'] as const) made.addEventListener(event, show);
    made.addEventListener('ended', () => {
      made.currentTime = 0;
      store.setState({ isPlaying: false, at: 0 });
    });
    made.addEventListener('error', () => store.setState({ isPlaying: false, hasFailed: true }));
    return made;
  }

  const store = createStore<PlaybackState>((set, get) => ({
    id: null,
    isPlaying: false,
    at: 0,
    length: null,
    rate: 1,
    hasFailed: false,
    toggle: (id, url) => {
      const loaded = load(id, url);
      if (!loaded.paused) return loaded.pause();
      // Refused by a pause that follows at once, or by a file that is broken, which `error` tells.
      loaded.play().catch(() => undefined);
    },
    seek: (id, url, at) => {
      load(id, url).currentTime = at / 1000;
      set({ at });
    },
    nextRate: () => {
      const rate = RATES[(RATES.indexOf(get().rate) + 1) % RATES.length] ?? 1;
      if (player) player.playbackRate = rate;
      set({ rate });
    },
    pause: () => player?.pause(),
  }));
  return store;
}
