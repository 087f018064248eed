/**
 * Holds the list still while the pointer is in its pane (so that the way to the news does not change them) or the
 * keyboard is in the list, and notices when the focused row has left it.
 */
import { useCallback, useEffect, useRef, type FocusEvent, type PointerEvent as ReactPointerEvent } from 'react';

export type Hold = {
  pane: { onPointerOver(event: ReactPointerEvent): void };
  list: { onFocus(event: FocusEvent): void; onBlur(event: FocusEvent): void };
  /** Whether the keyboard was in this list and its row is gone (a removed element tells nobody); says so once. */
  loseFocus(list: HTMLElement | null): boolean;
};

/** @param hold of the store whose list it is; the same function each time. */
export function useHold(hold: (isHeld: boolean) => void): Hold {
  const inside = useRef({ pointer: false, keyboard: false });
  const overPane = useRef<Event | null>(null);
  const set = useCallback(
    (patch: Partial<{ pointer: boolean; keyboard: boolean }>): void => {
      Object.assign(inside.current, patch);
      hold(inside.current.pointer || inside.current.keyboard);
    },
    [hold],
  );
  // What the pointer has come to, not what it has left: a row that is gone from under it tells nobody that it was left.
  useEffect(() => {
    const onOver = (event: Event): void => set({ pointer: event === overPane.current });
    const onLeave = (): void => set({ pointer: false });
    document.addEventListener('pointerover', onOver);
    document.documentElement.addEventListener('pointerleave', onLeave);
    return () => {
      document.removeEventListener('pointerover', onOver);
      document.documentElement.removeEventListener('pointerleave', onLeave);
      hold(false);
    };
  }, [hold, set]);
  return {
    pane: {
      // Also over a menu of the pane, wherever in the page that stands.
      onPointerOver: (event) => {
        overPane.current = event.nativeEvent;
      },
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
