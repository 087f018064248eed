/**
 * The window's own storage. Invariant: never throws; where the browser blocks it or it is full, what would have been
 * remembered is forgotten with the window, and everything else works on.
 */
export type WindowStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

export function findWindowStorage(read: () => WindowStorage = () => localStorage): WindowStorage {
  const attempt = <T>(task: (storage: WindowStorage) => T, otherwise: T): T => {
    try {
      return task(read());
    } catch {
      return otherwise;
    }
  };
  return {
    get length() {
      return attempt((storage) => storage.length, 0);
    },
    key: (index) => attempt((storage) => storage.key(index), null),
    getItem: (key) => attempt((storage) => storage.getItem(key), null),
    setItem: (key, value) => attempt((storage) => storage.setItem(key, value), undefined),
    removeItem: (key) => attempt((storage) => storage.removeItem(key), undefined),
  };
}
