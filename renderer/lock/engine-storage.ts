/**
 * The window's storage while the lock is on: in memory, and with the engine, which keeps it encrypted; never in the browser's own files. Invariant: what
 * is set is with the engine within `SAVE_AFTER_MS`, in this order, or tried again while the page is there.
 */
import type { EngineClient } from '../rpc/engine-client.ts';
import type { WindowStorage } from '../shell/window-storage.ts';

const SAVE_AFTER_MS = 300;
const AGAIN_AFTER_MS = 2_000;

export type EngineStorage = { storage: WindowStorage; /** Everything that was set is with the engine. */ flush(): Promise<void> };

/** @param save Null: forgotten. */
export function createEngineStorage(kept: Record<string, string>, save: (changes: Record<string, string | null>) => Promise<unknown>): EngineStorage {
  const values = new Map(Object.entries(kept));
  let changes: Record<string, string | null> = {};
  let timer: ReturnType<typeof setTimeout> | undefined;
  let saving: Promise<void> = Promise.resolve();

  const saveNow = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const some = changes;
    if (Object.keys(some).length === 0) return;
    changes = {};
    try {
      await save(some);
    } catch {
      changes = { ...some, ...changes };
      timer ??= setTimeout(() => void flush(), AGAIN_AFTER_MS);
    }
  };
  const flush = (): Promise<void> => {
    saving = saving.then(saveNow);
    return saving;
  };
  const change = (key: string, value: string | null): void => {
    changes[key] = value;
    timer ??= setTimeout(() => void flush(), SAVE_AFTER_MS);
  };
  return {
    storage: {
      ...readingOf(values),
      setItem: (key, value) => {
        if (values.get(key) === value) return;
        values.set(key, value);
        change(key, value);
      },
      removeItem: (key) => {
        if (values.delete(key)) change(key, null);
      },
    },
    flush,
  };
}

/** For what outlives only a reload otherwise: it ends with the page. */
export function createMemoryStorage(): WindowStorage {
  const values = new Map<string, string>();
  return { ...readingOf(values), setItem: (key, value) => void values.set(key, value), removeItem: (key) => void values.delete(key) };
}

function readingOf(values: ReadonlyMap<string, string>): Pick<WindowStorage, 'getItem' | 'key' | 'length'> {
  return Object.defineProperty({ getItem: (key: string) => values.get(key) ?? null, key: (at: number) => [...values.keys()][at] ?? null, length: 0 }, 'length', { get: () => values.size });
}

/** Where the lock is off again, once. @returns whether the engine had anything. */
export async function takeBack({ preferences }: Pick<EngineClient, 'preferences'>, storage: WindowStorage): Promise<boolean> {
  const kept = Object.entries(await preferences.memory());
  if (kept.length === 0) return false;
  for (const [key, value] of kept) storage.setItem(key, value);
  await preferences.remember({ changes: Object.fromEntries(kept.map(([key]) => [key, null])) });
  return true;
}

/** Moves what the window has of the workspace to where it is kept from now on. @param keys of it. */
export function moveKept(keys: readonly string[], from: WindowStorage, to: WindowStorage): void {
  for (const key of keys) {
    const value = from.getItem(key);
    if (value !== null) to.setItem(key, value);
    from.removeItem(key);
  }
}
