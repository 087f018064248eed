/** Settings of this desktop: one JSON value a key. */
import type Database from 'better-sqlite3';
import type { z } from 'zod';

export type SettingKey =
  | 'preferences'
  | 'number'
  | 'grants'
  | 'notices'
  | 'templates'
  | 'requestViews'
  | 'inboxViews'
  | 'api'
  | 'knowledge-index'
  | 'retention'
  | 'sealed'
  | 'first-key'
  | 'key-asked'
  | 'key-notices'
  | 'window-memory';

export function createSettingQueries(db: Database.Database) {
  const read = db.prepare('SELECT value FROM setting WHERE key = ?').pluck();
  const write = db.prepare('INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value');
  return {
    /** The value, or null where there is none or it no longer has the expected shape. */
    read: <T>(key: SettingKey, schema: z.ZodType<T>): T | null => {
      const text = read.get(key) as string | undefined;
      const parsed = text === undefined ? null : schema.safeParse(JSON.parse(text));
      return parsed?.success ? parsed.data : null;
    },
    write: (key: SettingKey, value: unknown) => void write.run(key, JSON.stringify(value)),
  };
}
export type SettingQueries = ReturnType<typeof createSettingQueries>;
