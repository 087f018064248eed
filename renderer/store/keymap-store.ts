/** The keys in force, made from what the agent chose. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { keymapOf, type Keymap } from '../commands/keymap.ts';
import type { PreferencesState } from './preferences-store.ts';

export type KeymapState = { keys: Keymap };

export function createKeymapStore(preferences: StoreApi<PreferencesState>): StoreApi<KeymapState> {
  const store = createStore<KeymapState>(() => ({ keys: keymapOf(preferences.getState().keymap) }));
  preferences.subscribe(({ keymap }, before) => {
    if (keymap !== before.keymap) store.setState({ keys: keymapOf(keymap) });
  });
  return store;
}
