/** Tells the store that the newest message has really been seen: at the bottom, in a visible and focused window, for a moment. */
import { useCallback, useEffect, useRef, type RefObject } from 'react';
import { useStores } from '../ui/app-context.tsx';

const DWELL_MS = 250;

/** @returns to be called whenever the bottom may have come into view. */
export function useSeen(isAtBottom: RefObject<boolean>): () => void {
  const { conversation } = useStores();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const check = useCallback(() => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      if (isAtBottom.current && document.visibilityState === 'visible' && document.hasFocus()) conversation.getState().sawBottom();
    }, DWELL_MS);
  }, [conversation, isAtBottom]);

  useEffect(() => {
    window.addEventListener('focus', check);
    document.addEventListener('visibilitychange', check);
    return () => {
      clearTimeout(timer.current);
      window.removeEventListener('focus', check);
      document.removeEventListener('visibilitychange', check);
    };
  }, [check]);
  return check;
}
