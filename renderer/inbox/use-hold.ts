/** Holds the list still while the pointer or the keyboard is inside, and notices when the focused row has left it. */
import { useEffect, useRef, type FocusEvent, type RefObject } from 'react';
import { useStores } from '../ui/app-context.tsx';

type Handlers = { onPointerEnter(): void; onPointerLeave(): void; onFocus(event: FocusEvent): void; onBlur(event: FocusEvent): void };

/** @returns `loseFocus`: whether the keyboard was in the list and its row is gone (a removed element tells nobody); says so once. */
export function useHold(frame: RefObject<HTMLElement | null>): { handlers: Handlers; loseFocus(): boolean } {
  const { inbox } = useStores();
  const inside = useRef({ pointer: false, keyboard: false });
  const set = (patch: Partial<{ pointer: boolean; keyboard: boolean }>): void => {
    Object.assign(inside.current, patch);
    inbox.getState().hold(inside.current.pointer || inside.current.keyboard);
  };
  useEffect(() => () => inbox.getState().hold(false), [inbox]);
  return {
    handlers: {
      onPointerEnter: () => set({ pointer: true }),
      onPointerLeave: () => set({ pointer: false }),
      onFocus: (event) => set({ keyboard: event.target.matches(':focus-visible') }),
      onBlur: (event) => set({ keyboard: inside.current.keyboard && event.currentTarget.contains(event.relatedTarget) }),
    },
    loseFocus: () => {
      if (!inside.current.keyboard || frame.current?.contains(document.activeElement)) return false;
      set({ keyboard: false });
      return true;
    },
  };
}
