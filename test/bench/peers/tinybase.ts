/** TinyBase: tables in memory with indexes, written as one JSON file. */
import path from 'node:path';
import { createIndexes, createStore } from 'tinybase';
import { createFilePersister } from 'tinybase/persisters/persister-file';
import { createWordTest, FOUND, PAGE, type PeerData, type PeerStore } from './peer-store.ts';

export async function openTinybase(folder: string): Promise<PeerStore> {
  const store = createStore();
  const indexes = createIndexes(store);
  const persister = createFilePersister(store, path.join(folder, 'peer.json'));
  await persister.load();
  const newestFirst = (a: unknown, b: unknown): number => Number(b) - Number(a);
  indexes.setIndexDefinition('active', 'conversation', (cell) => String(cell('isActive')), 'lastAt', undefined, newestFirst);
  indexes.setIndexDefinition('thread', 'message', 'conversationId', 'at', undefined, newestFirst);
  const write = async ({ conversations, messages }: PeerData): Promise<void> => {
    store.transaction(() => {
      for (const { id, ...row } of messages) store.setRow('message', id, row);
      for (const { id, ...row } of conversations) store.setRow('conversation', id, row);
    });
    await persister.save();
  };
  return {
    load: write,
    apply: write,
    list: async () => readRows(indexes.getSliceRowIds('active', 'true').slice(0, PAGE), (id) => store.getRow('conversation', id)),
    open: async (conversationId) => readRows(indexes.getSliceRowIds('thread', conversationId).slice(0, PAGE), (id) => store.getRow('message', id)),
    search: async (word) => {
      const holds = createWordTest(word);
      const found: { id: string; at: number }[] = [];
      for (const id of store.getRowIds('message')) if (holds(String(store.getCell('message', id, 'text')))) found.push({ id, at: Number(store.getCell('message', id, 'at')) });
      const newest = found.toSorted((a, b) => b.at - a.at).slice(0, FOUND);
      return readRows(
        newest.map(({ id }) => id),
        (id) => store.getRow('message', id),
      );
    },
    close: () => persister.destroy().then(() => undefined),
  };
}

/** Whoever lists rows reads them. */
function readRows(ids: string[], read: (id: string) => object): string[] {
  const rows = ids.map((id) => ({ id, ...read(id) }));
  return rows.map(({ id }) => id);
}
