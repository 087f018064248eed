/** Yjs: a shared map in memory; whoever edits sends what changed. */
import * as Y from 'yjs';
import { REPLICAS, type Replicas } from './replicas.ts';

export function startYjs(conversations: number): Replicas {
  const first = new Y.Doc();
  first.transact(() => {
    for (let n = 0; n < conversations; n += 1) first.getMap('assignee').set(String(n), null);
  });
  const base = Y.encodeStateAsUpdate(first);
  const docs = Array.from({ length: REPLICAS }, () => {
    const doc = new Y.Doc();
    Y.applyUpdate(doc, base);
    return doc;
  });
  const updates: Uint8Array[][] = docs.map(() => []);
  docs.forEach((doc, n) => doc.on('update', (update: Uint8Array, origin: unknown) => origin === 'others' || updates[n]?.push(update)));
  return {
    edit: (replica, edits) => {
      const doc = docs[replica];
      doc?.transact(() => edits.forEach(({ conversation, to }) => doc.getMap('assignee').set(String(conversation), to)));
    },
    exchange: () => {
      for (const [n, doc] of docs.entries()) updates.forEach((theirs, other) => other !== n && theirs.forEach((update) => Y.applyUpdate(doc, update, 'others')));
    },
    read: (replica) => Array.from({ length: conversations }, (_, n) => (docs[replica]?.getMap('assignee').get(String(n)) ?? null) as string | null),
    close: () => docs.forEach((doc) => doc.destroy()),
  };
}
