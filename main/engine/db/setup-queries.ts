/** Statements for the first steps of a workspace: what of it is there already. */
import type Database from 'better-sqlite3';

export type NewestInboundRow = { id: string; conversationId: string; content: string; at: number };

export function createSetupQueries(db: Database.Database) {
  // By the order in which rows were written: the index of a table of a million rows is not walked for one of them.
  const newestInbound = db.prepare("SELECT id, conversation_id AS conversationId, content, sent_at AS at FROM message WHERE direction = 'in' ORDER BY rowid DESC LIMIT 1");
  const setting = db.prepare('SELECT 1 FROM workspace_setting WHERE key = ?').pluck();
  const articles = db.prepare("SELECT count(*) FROM kb_article WHERE state = 'approved'").pluck();
  const sqlite = db.prepare('SELECT sqlite_version()').pluck();
  return {
    findNewestInbound: () => newestInbound.get() as NewestInboundRow | undefined,
    /** Whether somebody has set it; else its default counts. */
    hasSetting: (key: string): boolean => setting.get(key) !== undefined,
    countArticles: () => articles.get() as number,
    sqliteVersion: () => sqlite.get() as string,
  };
}
export type SetupQueries = ReturnType<typeof createSetupQueries>;
