/** Automerge: a document in memory with its whole history; whoever edits sends the changes. */
import * as A from '@automerge/automerge';
import { REPLICAS, type Replicas } from './replicas.ts';

/** A plain string would be a text that several people edit at once, which costs more. */
type Team = { assignee: Record<string, A.ImmutableString | null> };

export function startAutomerge(conversations: number): Replicas {
  const base = A.from<Team>({ assignee: Object.fromEntries(Array.from({ length: conversations }, (_, n) => [String(n), null])) });
  const saved = A.save(base);
  const docs = Array.from({ length: REPLICAS }, () => A.load<Team>(saved));
  const changes: A.Change[][] = docs.map(() => []);
  return {
    edit: (replica, edits) => {
      const doc = docs[replica];
      if (!doc) return;
      const next = A.change(doc, ({ assignee }) => edits.forEach(({ conversation, to }) => (assignee[String(conversation)] = to === null ? null : new A.ImmutableString(to))));
      const change = A.getLastLocalChange(next);
      if (change) changes[replica]?.push(change);
      docs[replica] = next;
    },
    exchange: () => {
      for (const [n, doc] of docs.entries())
        [docs[n]] = A.applyChanges(
          doc,
          changes.flatMap((theirs, other) => (other === n ? [] : theirs)),
        );
    },
    read: (replica) => Array.from({ length: conversations }, (_, n) => docs[replica]?.assignee[String(n)]?.toString() ?? null),
    close: () => docs.forEach((doc) => A.free(doc)),
  };
}
