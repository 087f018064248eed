/** Implements the part of the contract about what is kept. */
import type { Privacy } from '../privacy/privacy.ts';
import type { Storage } from '../privacy/storage.ts';
import type { Implementer } from './implementer.ts';

export type PrivacyFeatures = { privacy: Privacy; storage: Storage };
type Deps = PrivacyFeatures & {
  os: Pick<Implementer, 'privacy' | 'storage'>;
  /** Runs a command and wakes up what acts on it. */
  act: <T>(result: T) => T;
  read: <T>(query: () => T) => T;
};

export function createPrivacyRouter({ os, privacy, storage, act, read }: Deps) {
  return {
    privacy: {
      personToErase: os.privacy.personToErase.handler(({ input }) => read(() => privacy.personToErase(input))),
      erase: os.privacy.erase.handler(({ input }) => act(privacy.erase(input))),
      erased: os.privacy.erased.handler(() => read(() => privacy.erased())),
      retentionPreview: os.privacy.retentionPreview.handler(({ input }) => read(() => privacy.retentionPreview(input))),
    },
    storage: {
      get: os.storage.get.handler(({ input }) => storage.get(input)),
      dropMedia: os.storage.dropMedia.handler(({ input }) => storage.dropMedia(input)),
      rebuildSearch: os.storage.rebuildSearch.handler(() => storage.rebuildSearch()),
      compact: os.storage.compact.handler(() => storage.compact()),
    },
  };
}
