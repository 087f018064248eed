/** What was typed goes to the engine before the window is hidden, reloaded or closed. */
import { useEffect } from 'react';
import { useStores } from '../ui/app-context.tsx';

export function useDraftsKept(): void {
  const { drafts } = useStores();
  useEffect(() => {
    const flush = (): void => drafts.getState().flush();
    window.addEventListener('pagehide', flush);
    document.addEventListener('visibilitychange', flush);
    return () => {
      window.removeEventListener('pagehide', flush);
      document.removeEventListener('visibilitychange', flush);
    };
  }, [drafts]);
}
