import { useEffect } from 'react';

const ASK_AGAIN_MS = 1_500;

/** While part of the history is being prepared, an answer grows. @param answer what was said last: from then on it is waited. */
export function useAskAgain(isIndexing: boolean, answer: unknown, refresh: () => void): void {
  useEffect(() => {
    if (!isIndexing) return;
    const timer = setTimeout(refresh, ASK_AGAIN_MS);
    return () => clearTimeout(timer);
  }, [isIndexing, answer, refresh]);
}
