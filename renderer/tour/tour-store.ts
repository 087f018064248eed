/** How far the guided tour of the demo is. Kept in the window's storage, so that it can be left and resumed. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { DraftStorage } from '../store/drafts-store.ts';
import { TOUR_STEPS } from './tour-steps.ts';

const KEY = 'bandeja.tour';

export type TourState = {
  /** The step that is shown, from 0; null: the tour is not on. */
  step: number | null;
  /** Where it goes on. */
  reached: number;
  /** It has been offered, or begun. */
  isKnown: boolean;
  start(): void;
  resume(): void;
  next(): void;
  back(): void;
  /** It can be resumed later. */
  leave(): void;
  /** The demo begins anew: its program is away for some seconds, as it was asked to be. */
  isBeginning: boolean;
  /** Before the demo begins anew: the tour is offered again, once it has begun. */
  forget(): void;
  begun(): void;
};

export function createTourStore({ storage }: { storage: DraftStorage }): StoreApi<TourState> {
  const known = Number(storage.getItem(KEY) ?? Number.NaN);
  const last = TOUR_STEPS.length - 1;
  return createStore<TourState>((set, get) => {
    const show = (step: number | null, reached: number): void => {
      storage.setItem(KEY, String(reached));
      set({ step, reached, isKnown: true });
    };
    return {
      step: null,
      reached: Number.isInteger(known) ? Math.min(last, Math.max(0, known)) : 0,
      isKnown: Number.isInteger(known),
      isBeginning: false,
      start: () => show(0, 0),
      resume: () => show(get().reached, get().reached),
      next: () => {
        const { step } = get();
        if (step === null) return;
        if (step === last) show(null, 0);
        else show(step + 1, step + 1);
      },
      back: () => {
        const { step } = get();
        if (step !== null && step > 0) show(step - 1, step - 1);
      },
      leave: () => show(null, get().reached),
      forget: () => {
        storage.removeItem(KEY);
        set({ step: null, reached: 0, isKnown: false, isBeginning: true });
      },
      begun: () => set({ isBeginning: false }),
    };
  });
}
