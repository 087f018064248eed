/**
 * The workspace's keys on this desktop (`contract/sealing/key-ring.ts`), kept in its secrets as `workspace-keys`. Invariants: they are kept before they
 * are used; what is known is never replaced: a ring from elsewhere counts only if it begins with all that this desktop has, which only those know who
 * have it too.
 */
import { parseJson } from '../../../contract/json.ts';
import { createRing, ringSchema, type KeyRing, type RingSecrets } from '../../../contract/sealing/key-ring.ts';
import type { Secrets } from '../ports.ts';

export type WorkspaceRing = KeyRing & {
  /** Reads what is kept, once; before it the ring is empty. @throws if the secrets cannot be read, or hold something else. */
  load(): Promise<void>;
  /** Of epochs 1, 2, 3…; empty: none. To be sealed to a device, and for nothing else. */
  readSecrets(): readonly string[];
  /** Keeps a ring that was given or made. `differs`: it contradicts this one, and is not kept. */
  take(secrets: RingSecrets): Promise<'taken' | 'known' | 'differs'>;
  /** Of another workspace: forgets and deletes them. */
  forget(): Promise<void>;
};

export function createWorkspaceRing(secrets: Secrets): WorkspaceRing {
  let own: readonly string[] = [];
  let ring: KeyRing = createRing([]);
  let loading: Promise<void> | null = null;

  const use = (next: readonly string[]): void => {
    own = next;
    ring = createRing([...next]);
  };
  const read = async (): Promise<void> => {
    const kept = await secrets.get('workspace-keys');
    if (kept !== null) use(ringSchema.parse(parseJson(kept)));
  };
  const load = (): Promise<void> => {
    loading ??= read().catch((error: unknown) => {
      loading = null; // a locked keyring, most likely: the next call tries again
      throw error;
    });
    return loading;
  };

  return {
    newest: () => ring.newest(),
    find: (epoch) => ring.find(epoch),
    load,
    readSecrets: () => own,
    take: async (given) => {
      await load();
      if (own.some((secret, index) => index < given.length && secret !== given[index])) return 'differs';
      if (given.length <= own.length) return 'known';
      await secrets.set('workspace-keys', JSON.stringify(ringSchema.parse(given)));
      use([...given]);
      return 'taken';
    },
    forget: async () => {
      await load();
      if (own.length > 0) await secrets.delete('workspace-keys');
      use([]);
    },
  };
}
