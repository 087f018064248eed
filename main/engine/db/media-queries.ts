/** Statements over `media_file` and `media_trouble`, and messages by their files. About `+?` see docs/decisions/0007-bound-values-with-plus.md. */
import type Database from 'better-sqlite3';
import { MESSAGE_COLUMNS, MESSAGE_JOINS, type MessageView, type ThreadPosition } from './message-queries.ts';

/** `mimeType`: by its bytes. `width`, `height` (px), `durationMs`: as the window said, of own files. `isShared`: the relay has it. */
export type MediaFile = {
  sha256: string;
  mimeType: string;
  bytes: number;
  source: 'meta' | 'team' | 'own';
  width: number | null;
  height: number | null;
  durationMs: number | null;
  isShared: boolean;
  hasThumbnail: boolean;
};
export type NewMediaFile = Omit<MediaFile, 'isShared' | 'hasThumbnail'>;
export type MediaTrouble = 'expired' | 'refused';
/** What of a message says which file it has and where that comes from. `content` is JSON. */
export type FileMessage = { id: string; conversationId: string; phoneNumberId: string; seq: number; sentAt: number; receivedAt: number; content: string };

const HAS_FILE = "json_extract(m.content, '$.media') IS NOT NULL";
const FILE_MESSAGE = `SELECT m.id, m.conversation_id AS conversationId, c.phone_number_id AS phoneNumberId, m.seq, m.sent_at AS sentAt, m.received_at AS receivedAt, m.content
  FROM message m JOIN conversation c ON c.id = m.conversation_id`;

export function createMediaQueries(db: Database.Database) {
  const find = db.prepare(
    'SELECT sha256, mime_type AS mimeType, bytes, source, width, height, duration_ms AS durationMs, is_shared AS isShared, has_thumbnail AS hasThumbnail FROM media_file WHERE sha256 = ?',
  );
  const add = db.prepare(
    `INSERT INTO media_file (sha256, mime_type, bytes, source, width, height, duration_ms, added_at) VALUES (@sha256, @mimeType, @bytes, @source, @width, @height, @durationMs, @now)
     ON CONFLICT (sha256) DO UPDATE SET width = coalesce(width, excluded.width), height = coalesce(height, excluded.height), duration_ms = coalesce(duration_ms, excluded.duration_ms)`,
  );
  const remove = db.prepare('DELETE FROM media_file WHERE sha256 = ?');
  const markShared = db.prepare('UPDATE media_file SET is_shared = 1 WHERE sha256 = ?');
  const unmarkShared = db.prepare('UPDATE media_file SET is_shared = 0 WHERE sha256 = ?');
  const markThumbnail = db.prepare('UPDATE media_file SET has_thumbnail = 1 WHERE sha256 = ?');
  const listAfter = db.prepare('SELECT sha256 FROM media_file WHERE sha256 > ? ORDER BY sha256 LIMIT +?').pluck();
  const findTrouble = db.prepare('SELECT state FROM media_trouble WHERE file_key = ?').pluck();
  const setTrouble = db.prepare('INSERT INTO media_trouble (file_key, state, at) VALUES (?, ?, ?) ON CONFLICT (file_key) DO UPDATE SET state = excluded.state, at = excluded.at');
  const clearTrouble = db.prepare('DELETE FROM media_trouble WHERE file_key = ?');
  const findMessage = db.prepare(`${FILE_MESSAGE} WHERE m.id = +? AND m.revoked_at IS NULL`);
  const listRecent = db.prepare(`${FILE_MESSAGE} WHERE ${HAS_FILE} AND m.revoked_at IS NULL AND (m.received_at, m.id) > (+@receivedAt, +@id) ORDER BY m.received_at, m.id LIMIT +@limit`);
  const listConversations = db.prepare(`SELECT DISTINCT m.conversation_id FROM message m WHERE ${HAS_FILE} AND json_extract(m.content, '$.media.sha256') = +? LIMIT 100`).pluck();
  const gallery = db.prepare(
    `SELECT ${MESSAGE_COLUMNS} FROM message m ${MESSAGE_JOINS}
     WHERE m.contact_id = +@contactId AND ${HAS_FILE} AND m.revoked_at IS NULL AND json_extract(m.content, '$.kind') IN (SELECT value FROM json_each(+@kinds))
       AND (m.sort_at, m.seq, m.id) < (+@sortAt, +@seq, +@id) ORDER BY m.sort_at DESC, m.seq DESC, m.id DESC LIMIT +@limit`,
  );

  return {
    find: (sha256: string): MediaFile | undefined => {
      const row = find.get(sha256) as (Omit<MediaFile, 'isShared' | 'hasThumbnail'> & { isShared: number; hasThumbnail: number }) | undefined;
      return row && { ...row, isShared: row.isShared === 1, hasThumbnail: row.hasThumbnail === 1 };
    },
    /** Of one that is known already, what was not known of it is filled in. */
    add: (file: NewMediaFile, now: number) => void add.run({ ...file, now }),
    remove: (sha256: string) => void remove.run(sha256),
    markShared: (sha256: string) => void markShared.run(sha256),
    unmarkShared: (sha256: string) => void unmarkShared.run(sha256),
    markThumbnail: (sha256: string) => void markThumbnail.run(sha256),
    listAfter: (sha256: string, limit: number) => listAfter.all(sha256, limit) as string[],
    findTrouble: (fileKey: string) => findTrouble.get(fileKey) as MediaTrouble | undefined,
    setTrouble: (fileKey: string, state: MediaTrouble, now: number) => void setTrouble.run(fileKey, state, now),
    clearTrouble: (fileKey: string) => void clearTrouble.run(fileKey),
    /** Any message that is not revoked, with a file or without. */
    findMessage: (id: string) => findMessage.get(id) as FileMessage | undefined,
    /** Messages with a file, by when they came, after a position. */
    listRecent: (after: { receivedAt: number; id: string }, limit: number) => listRecent.all({ ...after, limit }) as FileMessage[],
    /** Conversations that show a file, at most 100 of them. */
    listConversations: (sha256: string) => listConversations.all(sha256) as string[],
    /** Of a person, newest first, before a position. */
    gallery: (contactId: string, kinds: string[], before: ThreadPosition | null, limit: number) =>
      gallery.all({
        contactId,
        kinds: JSON.stringify(kinds),
        limit,
        sortAt: before?.sortAt ?? Number.MAX_SAFE_INTEGER,
        seq: before?.seq ?? Number.MAX_SAFE_INTEGER,
        id: before?.id ?? '\u{10FFFF}',
      }) as MessageView[],
  };
}
export type MediaQueries = ReturnType<typeof createMediaQueries>;
