/** Statements over `media_upload`: which file Meta holds under which id. */
import type Database from 'better-sqlite3';
import { UPLOAD_REUSE_MS } from '../../../contract/limits.ts';

export function createUploadQueries(db: Database.Database) {
  const find = db.prepare('SELECT media_id FROM media_upload WHERE sha256 = ? AND phone_number_id = ? AND uploaded_at > ?').pluck();
  const put = db.prepare(
    'INSERT INTO media_upload (sha256, phone_number_id, media_id, uploaded_at) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET media_id = excluded.media_id, uploaded_at = excluded.uploaded_at',
  );
  const forget = db.prepare('DELETE FROM media_upload WHERE sha256 = ? AND phone_number_id = ?');

  return {
    /** Meta's id of a file, as long as it can be relied on; null: it has to be uploaded. */
    find: (sha256: string, phoneNumberId: string, now: number) => (find.get(sha256, phoneNumberId, now - UPLOAD_REUSE_MS) as string | undefined) ?? null,
    put: (sha256: string, phoneNumberId: string, mediaId: string, now: number) => void put.run(sha256, phoneNumberId, mediaId, now),
    forget: (sha256: string, phoneNumberId: string) => void forget.run(sha256, phoneNumberId),
  };
}
export type UploadQueries = ReturnType<typeof createUploadQueries>;
