/** Whether this desktop has a lock, which is open while this window is there, and locking it. What else is set about it: `settings/lock-settings.tsx`. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { EngineClient } from '../rpc/engine-client.ts';

export type LockTools = {
  isOn: boolean;
  /** What was typed is with the engine before this window forgets it. */
  flush(): Promise<void>;
  lockNow(): Promise<void>;
};

export function createLockStore({ client, flushStorage }: { client: Pick<EngineClient, 'lock'>; flushStorage?: (() => Promise<void>) | undefined }): StoreApi<LockTools> {
  const flush = flushStorage ?? (() => Promise.resolve());
  return createStore<LockTools>(() => ({
    isOn: flushStorage !== undefined,
    flush,
    lockNow: async () => {
      await flush();
      await client.lock.now();
    },
  }));
}
