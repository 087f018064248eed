import { beforeEach, expect, test } from 'vitest';
import type { StoreApi } from 'zustand/vanilla';
import { createPlaybackStore, type PlaybackState, type Player } from '../../../renderer/media/playback-store.ts';

/** A player that does what it is told, and tells of it as a browser's does. */
class FakePlayer extends EventTarget {
  src = '';
  currentTime = 0;
  duration = Number.NaN;
  paused = true;
  playbackRate = 1;
  play(): Promise<void> {
    this.paused = false;
    this.dispatchEvent(new Event('play'));
    return Promise.resolve();
  }
  pause(): void {
    this.paused = true;
    this.dispatchEvent(new Event('pause'));
  }
  tell(event: string, change: Partial<Pick<FakePlayer, 'currentTime' | 'duration' | 'paused'>> = {}): void {
    Object.assign(this, change);
    this.dispatchEvent(new Event(event));
  }
}

let players: FakePlayer[];
let store: StoreApi<PlaybackState>;
beforeEach(() => {
  players = [];
  store = createPlaybackStore({
    createPlayer: () => {
      players.push(new FakePlayer());
      return players.at(-1) as unknown as Player;
    },
  });
});
const state = (): PlaybackState => store.getState();

test('one recording plays at a time, with one player', () => {
  expect(players).toHaveLength(0);
  state().toggle('a', 'url-a');
  expect(state()).toMatchObject({ id: 'a', isPlaying: true });
  players[0]!.tell('timeupdate', { currentTime: 4 });
  state().toggle('b', 'url-b');
  expect(players).toHaveLength(1);
  expect(players[0]!.src).toBe('url-b');
  expect(state()).toMatchObject({ id: 'b', isPlaying: true });
});

test('it pauses and goes on from where it was; another one begins at its beginning', () => {
  state().toggle('a', 'url-a');
  players[0]!.tell('timeupdate', { currentTime: 4, duration: 10 });
  expect(state()).toMatchObject({ at: 4000, length: 10_000 });
  state().toggle('a', 'url-a');
  expect(state()).toMatchObject({ isPlaying: false, at: 4000 });
  state().toggle('a', 'url-a');
  expect(state()).toMatchObject({ isPlaying: true, at: 4000 });
});

test('one that has ended can be heard again from its beginning', () => {
  state().toggle('a', 'url-a');
  players[0]!.tell('timeupdate', { currentTime: 10, duration: 10 });
  players[0]!.tell('ended', { paused: true });
  expect(state()).toMatchObject({ isPlaying: false, at: 0 });
  expect(players[0]!.currentTime).toBe(0);
});

test('the chosen speed stays, also for the next one', () => {
  state().nextRate();
  state().toggle('a', 'url-a');
  expect(players[0]!.playbackRate).toBe(1.5);
  state().nextRate();
  expect(players[0]!.playbackRate).toBe(2);
  state().toggle('b', 'url-b');
  expect(players[0]!.playbackRate).toBe(2);
  state().nextRate();
  expect(state().rate).toBe(1);
});

test('seeking moves within it, and a length that nobody knows stays unknown', () => {
  state().seek('a', 'url-a', 3_500);
  expect(players[0]!.currentTime).toBe(3.5);
  players[0]!.tell('durationchange', { duration: Infinity });
  expect(state()).toMatchObject({ id: 'a', at: 3_500, length: null, isPlaying: false });
});

test('one that cannot be played says so, and can be tried again', () => {
  state().toggle('a', 'url-a');
  players[0]!.tell('error', { paused: true });
  expect(state()).toMatchObject({ hasFailed: true, isPlaying: false });
  state().toggle('a', 'url-a');
  expect(state()).toMatchObject({ hasFailed: false, isPlaying: true });
});
