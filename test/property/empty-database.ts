/** Databases before the first entry, many of them: copies of one that `openDatabase` has made, because migrating each would take longest of all. */
import { writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { nativeBindingOption } from '../../contract/sqlite/native-binding.ts';
import { openDatabase } from '../../main/engine/db/open-database.ts';

function createCopier(): () => Buffer {
  let bytes: Buffer | null = null;
  return () => {
    if (bytes) return bytes;
    const db = openDatabase(':memory:');
    bytes = db.serialize();
    db.close();
    return bytes;
  };
}
const copyEmpty = createCopier();

/** In memory. */
export const openEmptyDatabase = (): Database.Database => new Database(copyEmpty(), nativeBindingOption());

/** In a file, as a desktop opens it. */
export function openEmptyFile(file: string): Database.Database {
  writeFileSync(file, copyEmpty());
  return openDatabase(file);
}
