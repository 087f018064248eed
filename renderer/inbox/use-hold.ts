/**
 * Holds the list still while the pointer is in its pane (so that the way to the news does not change them) or the
 * keyboard is in the list, and notices when the focused row has left it.
 */
import { useEffect, useRef, type FocusEvent } from 'react';
import { useStores } from '../ui/app-context.tsx';

export type Hold = {
  pane: { onPointerEnter(): void; onPointerLeave(): void };
  list: { onFocus(event: FocusEvent): void; onBlur(event: FocusEvent): void };
  /** Whether the keyboard was in this list and its row is gone (a removed element tells nobody); says so once. */
  loseFocus(list: HTMLElement | null): boolean;
};

export function useHold(): Hold {
  const { inbox } = useStores();
  const inside = useRef({ pointer: false, keyboard: false });
  const set = (patch: Partial<{ pointer: boolean; keyboard: boolean }>): void => {
    Object.assign(inside.current, patch);
    inbox.getState().hold(inside.current.pointer || inside.current.keyboard);
  };
  useEffect(() => () => inbox.getState().hold(false), [inbox]);
  return {
    pane: {
      onPointerEnter: () => set({ pointer: true }),
      onPointerLeave: () => set({ pointer: false }),
    },
    list: {
      onFocus: (event) => set({ keyboard: event.target.matches(':focus-visible') }),
      onBlur: (event) => set({ keyboard: inside.current.keyboard && event.currentTarget.contains(event.relatedTarget) }),
    },
    loseFocus: (list) => {
      if (!inside.current.keyboard || list?.contains(document.activeElement)) return false;
      set({ keyboard: false });
      return true;
    },
  };
}
