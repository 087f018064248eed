/** The engine keeps the preferences; until it has answered, these stand in. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { DEFAULT_PREFERENCES } from '../../contract/default-preferences.ts';
import type { Preferences } from '../../contract/entities.ts';
import type { ChangeFeed } from '../rpc/change-feed.ts';
import type { EngineClient } from '../rpc/engine-client.ts';
import { createSerial } from './serial.ts';
import { reuse } from './share.ts';

export type PreferencesState = Preferences & { isLoaded: boolean; set(patch: Partial<Preferences>): void };

export function createPreferencesStore(deps: { client: EngineClient; changes: ChangeFeed; report(error: unknown): void; reportAction(error: unknown): void }): StoreApi<PreferencesState> {
  const inOrder = createSerial();
  const store = createStore<PreferencesState>(() => ({
    ...DEFAULT_PREFERENCES,
    isLoaded: false,
    set: (patch) => apply(() => deps.client.preferences.set(patch), deps.reportAction),
  }));
  const apply = (ask: () => Promise<Preferences>, report: (error: unknown) => void): void =>
    void inOrder(async () => {
      const fresh = await ask();
      store.setState((state) => reuse(state, { ...state, ...fresh, isLoaded: true }));
    }).catch(report);

  deps.changes.subscribe((change) => {
    if (change.session) apply(() => deps.client.preferences.get(), deps.report);
  });
  return store;
}
