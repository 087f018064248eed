/** `node:sqlite`: the SQLite that Node brings, with FTS5. */
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { FOUND, PAGE, type PeerData, type PeerStore } from './peer-store.ts';

const TABLES = `
  PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS conversation (id TEXT PRIMARY KEY, name TEXT NOT NULL, is_active INTEGER NOT NULL, last_at INTEGER NOT NULL, last_text TEXT NOT NULL) STRICT;
  CREATE INDEX IF NOT EXISTS conversation_by_time ON conversation (is_active, last_at DESC);
  CREATE TABLE IF NOT EXISTS message (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, conversation_id TEXT NOT NULL, at INTEGER NOT NULL, is_out INTEGER NOT NULL, text TEXT NOT NULL) STRICT;
  CREATE INDEX IF NOT EXISTS message_by_conversation ON message (conversation_id, at DESC);
  CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (text, content = '', tokenize = "unicode61 remove_diacritics 2");`;

export async function openNodeSqlite(folder: string): Promise<PeerStore> {
  const db = new DatabaseSync(path.join(folder, 'peer.db'));
  db.exec(TABLES);
  const putConversation = db.prepare(
    'INSERT INTO conversation VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET is_active = excluded.is_active, last_at = excluded.last_at, last_text = excluded.last_text',
  );
  const addMessage = db.prepare('INSERT INTO message (id, conversation_id, at, is_out, text) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING');
  const addWords = db.prepare('INSERT INTO words (rowid, text) VALUES (?, ?)');
  const list = db.prepare(`SELECT * FROM conversation WHERE is_active = 1 ORDER BY last_at DESC LIMIT ${PAGE}`);
  const open = db.prepare(`SELECT * FROM message WHERE conversation_id = ? ORDER BY at DESC LIMIT ${PAGE}`);
  const search = db.prepare(`SELECT m.* FROM (SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid DESC LIMIT ${FOUND}) w CROSS JOIN message m ON m.n = w.rowid`);
  const ids = (rows: unknown[]): string[] => (rows as { id: string }[]).map(({ id }) => id);
  const write = async ({ conversations, messages }: PeerData): Promise<void> => {
    db.exec('BEGIN IMMEDIATE');
    for (const { id, conversationId, at, isOut, text } of messages) {
      const { changes, lastInsertRowid } = addMessage.run(id, conversationId, at, isOut ? 1 : 0, text);
      if (changes === 1) addWords.run(lastInsertRowid, text);
    }
    for (const { id, name, isActive, lastAt, lastText } of conversations) putConversation.run(id, name, isActive ? 1 : 0, lastAt, lastText);
    db.exec('COMMIT');
  };
  return {
    load: write,
    apply: write,
    list: async () => ids(list.all()),
    open: async (conversationId) => ids(open.all(conversationId)),
    search: async (word) => ids(search.all(`"${word}"`)),
    close: async () => db.close(),
  };
}
