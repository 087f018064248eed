import { useEffect } from 'react';

const EVERY_MS = 10_000;

/** For what changes at the relay without a word to the desktops: asked again while it is shown in a window that can be seen, and when that can be seen again. */
export function useNowAndThen(refresh: () => void): void {
  useEffect(() => {
    const look = (): void => {
      if (document.visibilityState === 'visible') refresh();
    };
    const timer = setInterval(look, EVERY_MS);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [refresh]);
}
