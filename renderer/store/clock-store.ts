/** One tick a second for everything that shows elapsed or remaining time. Select a coarser value where a second is too fine. */
import { createStore, type StoreApi } from 'zustand/vanilla';

/** `now`: this computer's clock, ms. Add `Session.clockOffset` where the relay's time matters. */
export type ClockState = { now: number };
export type ClockStore = StoreApi<ClockState> & { start(): void; stop(): void };

export function createClockStore(now: () => number): ClockStore {
  const store = createStore<ClockState>(() => ({ now: now() }));
  let timer: ReturnType<typeof setInterval> | undefined;
  return {
    ...store,
    start: () => {
      timer ??= setInterval(() => store.setState({ now: now() }), 1000);
    },
    stop: () => clearInterval(timer),
  };
}

export const toMinute = ({ now }: ClockState): number => Math.floor(now / 60_000) * 60_000;
