/** Statements over `import_op`: what of an import is decided and not recorded yet. */
import type Database from 'better-sqlite3';

export type ImportOpRow = { n: number; importId: string; body: string; rows: number };

export function createImportQueries(db: Database.Database) {
  const add = db.prepare('INSERT INTO import_op (import_id, body, rows) VALUES (?, ?, ?)');
  const first = db.prepare('SELECT n, import_id AS importId, body, rows FROM import_op ORDER BY n LIMIT 1');
  const remove = db.prepare('DELETE FROM import_op WHERE n = ?');
  return {
    add: ({ importId, body, rows }: Omit<ImportOpRow, 'n'>) => void add.run(importId, body, rows),
    first: () => first.get() as ImportOpRow | undefined,
    remove: (n: number) => void remove.run(n),
  };
}
export type ImportQueries = ReturnType<typeof createImportQueries>;
