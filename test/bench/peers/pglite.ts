/** PGlite: PostgreSQL in WebAssembly, with its own index of words. */
import path from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { FOUND, PAGE, type PeerData, type PeerStore } from './peer-store.ts';

const PER_STATEMENT = 2_000;
const TABLES = `
  CREATE TABLE IF NOT EXISTS conversation (id text PRIMARY KEY, name text NOT NULL, "isActive" boolean NOT NULL, "lastAt" bigint NOT NULL, "lastText" text NOT NULL);
  CREATE INDEX IF NOT EXISTS conversation_by_time ON conversation ("isActive", "lastAt" DESC);
  CREATE TABLE IF NOT EXISTS message (id text PRIMARY KEY, "conversationId" text NOT NULL, at bigint NOT NULL, "isOut" boolean NOT NULL, text text NOT NULL,
    words tsvector GENERATED ALWAYS AS (to_tsvector('simple', text)) STORED);
  CREATE INDEX IF NOT EXISTS message_by_conversation ON message ("conversationId", at DESC);
  CREATE INDEX IF NOT EXISTS message_by_word ON message USING gin (words);`;

export async function openPglite(folder: string): Promise<PeerStore> {
  const db = await PGlite.create(path.join(folder, 'peer'));
  await db.exec(TABLES);
  const ids = async (sql: string, values: unknown[]): Promise<string[]> => (await db.query<{ id: string }>(sql, values)).rows.map(({ id }) => id);
  const write = ({ conversations, messages }: PeerData): Promise<void> =>
    db.transaction(async (tx) => {
      for (let n = 0; n < messages.length; n += PER_STATEMENT)
        await tx.query(
          'INSERT INTO message (id, "conversationId", at, "isOut", text) SELECT id, "conversationId", at, "isOut", text FROM json_populate_recordset(NULL::message, $1::json) ON CONFLICT (id) DO NOTHING',
          [JSON.stringify(messages.slice(n, n + PER_STATEMENT))],
        );
      for (let n = 0; n < conversations.length; n += PER_STATEMENT)
        await tx.query(
          'INSERT INTO conversation SELECT * FROM json_populate_recordset(NULL::conversation, $1::json) ON CONFLICT (id) DO UPDATE SET "isActive" = excluded."isActive", "lastAt" = excluded."lastAt", "lastText" = excluded."lastText"',
          [JSON.stringify(conversations.slice(n, n + PER_STATEMENT))],
        );
    });
  return {
    load: async (data) => {
      await write(data);
      await db.exec('ANALYZE');
    },
    apply: write,
    list: () => ids(`SELECT * FROM conversation WHERE "isActive" ORDER BY "lastAt" DESC LIMIT ${PAGE}`, []),
    open: (conversationId) => ids(`SELECT id, at, "isOut", text FROM message WHERE "conversationId" = $1 ORDER BY at DESC LIMIT ${PAGE}`, [conversationId]),
    search: (word) => ids(`SELECT id, at, "isOut", text FROM message WHERE words @@ plainto_tsquery('simple', $1) ORDER BY at DESC LIMIT ${FOUND}`, [word]),
    close: () => db.close(),
  };
}
