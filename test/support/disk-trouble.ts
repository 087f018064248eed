/**
 * Preloaded (`--import`) into a program whose disk is to fail: a message `{disk}` from the parent makes every SQLite database that the program has open
 * full (SQLite's own limit of pages, so that it is SQLite that answers SQLITE_FULL), or read-only (SQLITE_READONLY), until it is `fine` again.
 */
import Database from 'better-sqlite3';

const databases = new Set<Database.Database>();
const { prepare } = Database.prototype;
// oxlint-disable-next-line func-style -- it needs the database that it is called on
Database.prototype.prepare = function (this: Database.Database, ...args: Parameters<typeof prepare>) {
  databases.add(this);
  return Reflect.apply(prepare, this, args) as ReturnType<typeof prepare>;
} as typeof prepare;

const PAGES_MAX = 4_294_967_294;
process.on('message', (message: { disk?: 'full' | 'readonly' | 'fine' }) => {
  const { disk } = message;
  if (disk === undefined) return;
  for (const db of databases) {
    if (!db.open || db.readonly) continue;
    // Fewer than it has: SQLite takes what it has.
    db.pragma(`max_page_count = ${disk === 'full' ? 1 : PAGES_MAX}`);
    db.pragma(`query_only = ${disk === 'readonly' ? 1 : 0}`);
  }
  process.send?.({ disk });
});
