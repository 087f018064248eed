/**
 * The workspace's keys on this desktop (`contract/sealing/key-ring.ts`), kept in its secrets as `workspace-keys`. Invariants: they are kept before they
 * are used; what is known is never replaced but by a person: a ring from elsewhere counts only if it begins with all that this desktop has, which only those
 * know who have it too.
 */
import { parseJson } from '../../../contract/json.ts';
import { createRing, derivePublicKey, ringSchema, type KeyRing, type RingSecrets } from '../../../contract/sealing/key-ring.ts';
import type { Secrets } from '../ports.ts';

export type WorkspaceRing = KeyRing & {
  /** Reads what is kept, once; before it the ring is empty. @throws if the secrets cannot be read, or hold something else. */
  load(): Promise<void>;
  /** Of epochs 1, 2, 3…; empty: none. To be sealed to a device, and for nothing else. */
  readSecrets(): readonly string[];
  /** Keeps a ring that was given or made. `differs`: it contradicts this one, and is not kept. */
  take(secrets: RingSecrets): Promise<'taken' | 'known' | 'differs'>;
  /** The public half of an epoch's key, base64url; null: this desktop does not have that one. */
  publicKeyOf(epoch: number): Promise<string | null>;
  /** Whether these are the workspace's keys here, as far as both go. One key says it for all before it: whoever made it had those. @param epochs 1, 2, 3… */
  agreesWith(epochs: readonly { publicKey: string }[]): Promise<boolean>;
  /** Keeps a ring in the place of one that it contradicts. Only on a person's word: whoever was shut out knows the beginning of both. */
  replace(secrets: RingSecrets): Promise<void>;
  /** Of another workspace: forgets and deletes them. */
  forget(): Promise<void>;
};

export function createWorkspaceRing(secrets: Secrets): WorkspaceRing {
  let own: readonly string[] = [];
  let ring: KeyRing = createRing([]);
  let loading: Promise<void> | null = null;
  let publicKeys = new Map<number, Promise<string>>();

  const use = (next: readonly string[]): void => {
    own = next;
    ring = createRing([...next]);
    publicKeys = new Map();
  };
  const keep = async (next: RingSecrets): Promise<void> => {
    await secrets.set('workspace-keys', JSON.stringify(ringSchema.parse(next)));
    use([...next]);
  };
  const publicKeyOf = async (epoch: number): Promise<string | null> => {
    const keys = ring.find(epoch);
    if (!keys) return null;
    const publicKey = publicKeys.get(epoch) ?? derivePublicKey(keys);
    publicKeys.set(epoch, publicKey);
    return publicKey;
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
      await keep(given);
      return 'taken';
    },
    publicKeyOf,
    agreesWith: async (epochs) => {
      await load();
      const common = Math.min(own.length, epochs.length);
      return common === 0 || (await publicKeyOf(common)) === epochs[common - 1]?.publicKey;
    },
    replace: async (given) => {
      await load();
      await keep(given);
    },
    forget: async () => {
      await load();
      if (own.length > 0) await secrets.delete('workspace-keys');
      use([]);
    },
  };
}
