/** Tells the store that the newest message has really been seen: at the bottom, in a visible and focused window, under no dialog, for a moment, and for long enough to be read. */
import { useCallback, useEffect, useRef, type RefObject } from 'react';
import { useStores } from '../ui/app-context.tsx';

const DWELL_MS = 250;
/** Whoever is writing needs longer to notice what comes above the box. */
const READ_MS = 2_000;

const isCovered = (): boolean => document.querySelector('[role="dialog"][data-state="open"]') !== null;

/** @returns to be called whenever the bottom may have come into view. */
export function useSeen(isAtBottom: RefObject<boolean>): () => void {
  const { conversation } = useStores();
  const timers = useRef<ReturnType<typeof setTimeout>[]>([]);
  /** A dialog stood before it when it would have been seen. */
  const wasCovered = useRef(false);
  const stop = useCallback(() => timers.current.forEach(clearTimeout), []);
  const check = useCallback(() => {
    const isBefore = (): boolean => {
      if (isCovered()) wasCovered.current = true;
      return isAtBottom.current && document.visibilityState === 'visible' && document.hasFocus() && !isCovered();
    };
    stop();
    timers.current = [
      setTimeout(() => isBefore() && conversation.getState().sawBottom(), DWELL_MS),
      // It stood there all the time: whatever moves the thread or takes the window's focus begins anew.
      setTimeout(() => isBefore() && conversation.getState().readBottom(), READ_MS),
    ];
  }, [conversation, isAtBottom, stop]);

  useEffect(() => {
    // A dialog that closes gives the focus back.
    const onFocusIn = (): void => {
      if (!wasCovered.current || isCovered()) return;
      wasCovered.current = false;
      check();
    };
    document.addEventListener('focusin', onFocusIn);
    window.addEventListener('focus', check);
    window.addEventListener('blur', stop);
    document.addEventListener('visibilitychange', check);
    return () => {
      stop();
      document.removeEventListener('focusin', onFocusIn);
      window.removeEventListener('blur', stop);
      window.removeEventListener('focus', check);
      document.removeEventListener('visibilitychange', check);
    };
  }, [check, stop]);
  return check;
}
