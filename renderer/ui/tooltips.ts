/** Which tooltip of the window is open, and when the next one may open. Invariant: never two. */

/** At which element it stands; null: it is shut. Also the name of a tooltip: always the same function. */
export type Show = (at: HTMLElement | null) => void;

export type Tooltips = {
  /** The pointer moves on its trigger: it opens after a rest, or at once where one is open or just was. */
  point(show: Show, trigger: HTMLElement): void;
  /** The keyboard came to its trigger; a press that brings the focus asks for nothing. */
  focus(show: Show, trigger: HTMLElement): void;
  /** The pointer left the trigger, or the tooltip: it has a moment to come to the other of them. */
  leave(): void;
  /** The pointer is on the tooltip, which may be read and copied. */
  stay(): void;
  /** Whoever presses knows what it is. */
  press(): void;
  close(): void;
  /** Its trigger is gone. */
  forget(show: Show): void;
};

const REST_MS = 450;
/** So long after one has shut, the next one opens at once. */
const NEXT_WITHIN_MS = 250;
const LEAVE_MS = 100;

export function createTooltips(): Tooltips {
  let open: Show | null = null;
  /** The one on whose trigger the pointer is. */
  let pointed: Show | null = null;
  let isPressed = false;
  let closedAt = -Infinity;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const release = (): void => {
    isPressed = false;
  };
  function close(): void {
    clearTimeout(timer);
    if (!open) return;
    const show = open;
    open = null;
    closedAt = performance.now();
    show(null);
  }
  function openAt(show: Show, trigger: HTMLElement): void {
    if (open === show) return clearTimeout(timer);
    close();
    open = show;
    show(trigger);
  }

  return {
    point: (show, trigger) => {
      if (pointed === show) return;
      pointed = show;
      clearTimeout(timer);
      if (open !== null || performance.now() - closedAt < NEXT_WITHIN_MS) openAt(show, trigger);
      else timer = setTimeout(() => openAt(show, trigger), REST_MS);
    },
    focus: (show, trigger) => {
      if (!isPressed) openAt(show, trigger);
    },
    leave: () => {
      pointed = null;
      clearTimeout(timer);
      timer = setTimeout(close, LEAVE_MS);
    },
    stay: () => clearTimeout(timer),
    press: () => {
      close();
      isPressed = true;
      // What begins a drag is cancelled, and never let go.
      for (const type of ['pointerup', 'pointercancel']) document.addEventListener(type, release, { once: true, capture: true });
    },
    close,
    forget: (show) => {
      if (pointed === show) {
        pointed = null;
        clearTimeout(timer);
      }
      if (open === show) open = null;
    },
  };
}
