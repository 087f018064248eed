import { createContext, use, type ReactNode } from 'react';
import { useStore, type StoreApi } from 'zustand';
import type { App, Stores } from '../store/app.ts';
import type { EngineClient } from '../rpc/engine-client.ts';
import type { Commands } from '../store/commands.ts';

const AppContext = createContext<App | null>(null);

export function AppProvider({ app, children }: { app: App; children: ReactNode }) {
  return <AppContext value={app}>{children}</AppContext>;
}

function useApp(): App {
  const app = use(AppContext);
  if (!app) throw new Error('AppProvider is missing');
  return app;
}

export const useStores = (): Stores => useApp().stores;
/** For screens whose data nobody else shows; what several show stands in a store. */
export const useClient = (): EngineClient => useApp().client;
export const usePresenceReporter = (): App['presence'] => useApp().presence;
export const useCommandDesk = (): App['desk'] => useApp().desk;
export const useCommands = (): Commands => useApp().commands;

type StateOf<N extends keyof Stores> = ReturnType<Stores[N]['getState']>;

/** One value out of one store: `useFrom('inbox', (inbox) => inbox.rows)`. */
export function useFrom<N extends keyof Stores, T>(name: N, select: (state: StateOf<N>) => T): T {
  // TypeScript cannot see that the store of a name holds the state of that name.
  const store = useApp().stores[name] as unknown as StoreApi<StateOf<N>>;
  return useStore(store, select);
}
