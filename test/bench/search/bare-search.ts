/**
 * The ceilings of searching: one statement over the same index that gives what a result shows, its rows taken as they are.
 * By relevance: SQLite's own `ORDER BY rank` over every match.
 */
import path from 'node:path';
import Database from 'better-sqlite3';
import { DATABASE_FILE } from '../../../main/engine/db/open-database.ts';

export type BareSearch = ReturnType<typeof openBareSearch>;

const SHOWN = `m.id, m.conversation_id, m.direction, m.sent_at, m.content, g.name, p.profile_name, p.username,
  (SELECT value FROM contact_identifier i WHERE i.contact_id = p.id AND i.kind = 'wa_id' LIMIT 1)`;
const JOINS = 'CROSS JOIN search_doc d ON d.docid = f.docid CROSS JOIN message m ON m.id = d.ref JOIN contact p ON p.id = m.contact_id LEFT JOIN agent g ON g.id = m.actor_id';

/** @param dataDir a desktop's folder; opened a second time, beside the engine, with the same cache. */
export function openBareSearch(dataDir: string) {
  const db = new Database(path.join(dataDir, DATABASE_FILE), { readonly: true });
  db.pragma('cache_size = -32000');
  const find = (order: string) => db.prepare(`SELECT ${SHOWN} FROM (SELECT rowid AS docid FROM search_words WHERE search_words MATCH ? ORDER BY ${order} LIMIT 30) f ${JOINS}`);
  const newest = find('rowid DESC');
  const best = find('rank');
  const people = db.prepare('SELECT id, profile_name FROM contact WHERE profile_name LIKE ? LIMIT 20');
  const anyText = db.prepare("SELECT content FROM message WHERE content LIKE '%order %' OR content LIKE '%pedido %' ORDER BY rowid LIMIT 2000").pluck();
  const count = db.prepare('SELECT count(*) FROM search_words WHERE search_words MATCH ?').pluck();
  const size = db.prepare("SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'search_%'").pluck();
  const wholeSize = db.prepare('SELECT page_count * page_size FROM pragma_page_count, pragma_page_size').pluck();
  return {
    newest: (match: string) => newest.all(match),
    best: (match: string) => best.all(match),
    people: (text: string) => people.all(`%${text}%`),
    count: (match: string) => count.get(match) as number,
    /** A word that one message has: a six-digit number. */
    rareWord: (): string => {
      for (const content of anyText.all() as string[]) {
        const number = /\b\d{6}\b/.exec(content)?.[0];
        if (number !== undefined && (count.get(`"${number}"`) as number) === 1) return number;
      }
      throw new Error('no rare word');
    },
    /** Of the index, and of the whole file, MB. */
    sizes: (): { index: number | null; file: number } => {
      const mb = (bytes: unknown): number => Math.ceil((bytes as number) / 2 ** 20);
      try {
        return { index: mb(size.get()), file: mb(wholeSize.get()) };
      } catch {
        return { index: null, file: mb(wholeSize.get()) };
      }
    },
    close: () => db.close(),
  };
}
