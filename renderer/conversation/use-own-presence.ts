/** Colleagues see that I have this conversation before me, as long as its window is in front. */
import { useEffect } from 'react';
import { useFrom, usePresenceReporter } from '../ui/app-context.tsx';

export function useOwnPresence(): void {
  const presence = usePresenceReporter();
  const openId = useFrom('conversation', (state) => state.openId);
  useEffect(() => {
    const tell = (): void => presence.look(openId, document.visibilityState === 'visible' && document.hasFocus());
    tell();
    window.addEventListener('focus', tell);
    window.addEventListener('blur', tell);
    document.addEventListener('visibilitychange', tell);
    return () => {
      window.removeEventListener('focus', tell);
      window.removeEventListener('blur', tell);
      document.removeEventListener('visibilitychange', tell);
    };
  }, [presence, openId]);
}
