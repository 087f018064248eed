import { useEffect } from 'react';
import { mayAdminister } from '../../contract/rules/rights.ts';
import { mayNotify } from '../notices/permission.ts';
import { useFrom } from '../ui/app-context.tsx';
import { countOpenSteps, type SetupFacts } from './setup-steps.ts';

/** What the steps are judged by; null until it was read. */
export function useSetupFacts(): SetupFacts | null {
  const session = useFrom('session', (state) => state.session);
  const sync = useFrom('session', (state) => state.sync);
  const setup = useFrom('setup', ({ state }) => state);
  const preferences = useFrom('preferences', (state) => state.setup);
  return session && sync && setup && { session, sync, setup, preferences, mayNotify: () => !session.showsNotices || mayNotify(window) };
}

/** How many steps the rail should offer: to admins of a workspace of their own, until they want to see them no more. */
export function useOpenSetup(): number {
  const isOffered = useFrom('session', ({ session }) => session !== null && !session.isDemo && mayAdminister(session.me));
  const isDismissed = useFrom('preferences', ({ setup, isLoaded }) => !isLoaded || setup.isDismissed);
  const load = useFrom('setup', (setup) => setup.load);
  const facts = useSetupFacts();
  const isShown = isOffered && !isDismissed;
  useEffect(() => {
    if (isShown) load();
  }, [isShown, load]);
  return isShown && facts !== null ? countOpenSteps('admin', facts) : 0;
}
