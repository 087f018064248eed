/** Statements for how much room everything takes. SQLite: "The DBSTAT Virtual Table". */
import type Database from 'better-sqlite3';

export function createStorageQueries(db: Database.Database) {
  const sizeOf = db.prepare('SELECT coalesce(sum(s.pgsize), 0) FROM json_each(?) n JOIN dbstat s ON s.name = n.value AND s.aggregate = TRUE').pluck();
  const indexTables = db.prepare("SELECT name FROM sqlite_schema WHERE name LIKE 'search!_%' ESCAPE '!' AND type IN ('table', 'index') AND rootpage > 0").pluck();
  const counts = db.prepare(
    'SELECT (SELECT count(*) FROM conversation) AS conversations, (SELECT count(*) FROM message) AS messages, (SELECT count(*) FROM contact WHERE merged_into IS NULL) AS contacts, (SELECT count(*) FROM service_request) AS requests',
  );
  const media = db.prepare('SELECT count(*) AS files, coalesce(sum(bytes), 0) AS bytes FROM media_file');
  /** What is waiting to be sent, or written, needs its file. */
  const OLD = `f.added_at < @before AND NOT EXISTS (SELECT 1 FROM job j WHERE j.state <> 'done' AND j.subject = f.sha256)
    AND NOT EXISTS (SELECT 1 FROM draft d WHERE instr(d.files, f.sha256) > 0)
    AND NOT EXISTS (SELECT 1 FROM message m WHERE json_extract(m.content, '$.media') IS NOT NULL AND json_extract(m.content, '$.media.sha256') = f.sha256 AND m.direction = 'out' AND m.status IN ('queued', 'failed'))`;
  const oldMedia = db.prepare(`SELECT count(*) AS files, coalesce(sum(f.bytes), 0) AS bytes FROM media_file f WHERE ${OLD} AND f.is_shared = @isShared`);
  const listOld = db.prepare(`SELECT f.sha256 FROM media_file f WHERE ${OLD} AND f.is_shared >= @isShared LIMIT +@limit`).pluck();
  const forget = db.prepare('DELETE FROM media_file WHERE sha256 = ?');

  return {
    /** Bytes of the search index. */
    indexBytes: () => sizeOf.get(JSON.stringify(indexTables.all())) as number,
    eventBytes: () => sizeOf.get(JSON.stringify(['log_entry', 'log_entry_message', 'log_entry_parked', 'log_entry_outcome'])) as number,
    counts: () => counts.get() as { conversations: number; messages: number; contacts: number; requests: number },
    media: () => media.get() as { files: number; bytes: number },
    /** Files that came before a time (ms), that the relay has (or not). */
    countOldMedia: (before: number, isShared: boolean) => oldMedia.get({ before, isShared: isShared ? 1 : 0 }) as { files: number; bytes: number },
    listOldMedia: (before: number, isSharedOnly: boolean, limit: number) => listOld.all({ before, isShared: isSharedOnly ? 1 : 0, limit }) as string[],
    forgetMedia: (sha256: string) => void forget.run(sha256),
  };
}
export type StorageQueries = ReturnType<typeof createStorageQueries>;
