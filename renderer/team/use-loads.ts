import { useEffect } from 'react';
import { useStores } from '../ui/app-context.tsx';

/** What members hold is shown: it follows the conversations meanwhile. */
export function useLoads(isShown = true): void {
  const { team } = useStores();
  useEffect(() => (isShown ? team.getState().followLoads() : undefined), [isShown, team]);
}
