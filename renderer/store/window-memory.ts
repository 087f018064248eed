/**
 * What a window keeps of the workspace between two looks at it: drafts, the open conversation, the filter. Invariant: after
 * `forget` nothing of it is there, and whoever still holds the storage, as a call that comes back late, writes nothing more.
 */
import type { DraftStorage } from './drafts-store.ts';

const OURS = 'bandeja.';
/** They say nothing of any customer, and the window goes on needing them. */
const STAYS: ReadonlySet<string> = new Set(['bandeja.secret', 'bandeja.theme', 'bandeja.panes', 'bandeja.lock-asked']);

export type WindowMemory = { storage: DraftStorage; isEmpty(): boolean; forget(): void };

/** Keys of what a storage has of the workspace. */
export const listKept = (storage: DraftStorage): string[] =>
  Array.from({ length: storage.length }, (_, at) => storage.key(at)).filter((key) => key !== null && key.startsWith(OURS) && !STAYS.has(key)) as string[];

export function createWindowMemory(storage: DraftStorage): WindowMemory {
  let isOver = false;
  return {
    storage: {
      get length() {
        return storage.length;
      },
      key: (index) => storage.key(index),
      getItem: (key) => storage.getItem(key),
      setItem: (key, value) => {
        if (!isOver) storage.setItem(key, value);
      },
      removeItem: (key) => storage.removeItem(key),
    },
    isEmpty: () => listKept(storage).length === 0,
    forget: () => {
      isOver = true;
      for (const key of listKept(storage)) storage.removeItem(key);
    },
  };
}
