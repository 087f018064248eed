/** What a desktop's rows are, as plain rows for other stores; and more of them, both as rows and as the log that they come from. */
import path from 'node:path';
import Database from 'better-sqlite3';
import type { LogEntry } from '../../../contract/wire.ts';
import { createRandom } from '../../../main/demo/meta/random.ts';
import { DATABASE_FILE } from '../../../main/engine/db/open-database.ts';
import { LOG_END } from '../data/support-log.ts';
import { createTalk } from '../data/support-talk.ts';
import type { PeerConversation, PeerData } from './peer-store.ts';

type ConversationRow = { id: string; waId: string; name: string; status: string; lastAt: number; lastContent: string };
type MessageRow = { id: string; conversationId: string; at: number; direction: string; content: string };

export type DesktopRows = PeerData & { /** By which a customer writes again. */ writers: { conversationId: string; waId: string; name: string }[]; head: number };

const textOf = (content: string): string => (JSON.parse(content) as { text?: string }).text ?? '';

/** @param dataDir a desktop's folder. */
export function readDesktopRows(dataDir: string): DesktopRows {
  const db = new Database(path.join(dataDir, DATABASE_FILE), { readonly: true });
  try {
    const conversations = db
      .prepare<[], ConversationRow>(
        `SELECT c.id, i.value AS waId, p.profile_name AS name, c.status, c.last_message_at AS lastAt, m.content AS lastContent
         FROM conversation c JOIN contact p ON p.id = c.contact_id JOIN contact_identifier i ON i.contact_id = p.id AND i.kind = 'wa_id' JOIN message m ON m.id = c.last_message_id`,
      )
      .all();
    const messages = db
      .prepare<[], MessageRow>(
        'SELECT m.id, c.id AS conversationId, m.sort_at AS at, m.direction, m.content FROM message m JOIN conversation c ON c.contact_id = m.contact_id ORDER BY m.sort_at, m.seq',
      )
      .all();
    return {
      conversations: conversations.map(({ id, name, status, lastAt, lastContent }) => ({ id, name, isActive: status === 'active', lastAt, lastText: textOf(lastContent) })),
      messages: messages.map(({ id, conversationId, at, direction, content }) => ({ id, conversationId, at, isOut: direction === 'out', text: textOf(content) })),
      writers: conversations.map(({ id, waId, name }) => ({ conversationId: id, waId, name })),
      head: db.prepare('SELECT cursor FROM sync_meta').pluck().get() as number,
    };
  } finally {
    db.close();
  }
}

/** So many messages of customers all over the list, after everything that there is. @param turn 0, 1, 2…: each goes on where the one before ended. */
export function makeMore({ writers, head }: DesktopRows, count: number, turn: number): { entries: LogEntry[]; rows: PeerData } {
  const random = createRandom(turn, 'more');
  const talk = createTalk(random);
  const conversations = new Map<string, PeerConversation>();
  const messages: PeerData['messages'] = [];
  const entries: LogEntry[] = [];
  for (let n = 0; n < count; n += 1) {
    const seq = head + turn * count + n + 1;
    const at = LOG_END + (turn * count + n) * 1000;
    const { conversationId, waId, name } = writers[random.int(0, writers.length - 1)] ?? { conversationId: '', waId: '', name: '' };
    const text = talk.customerSays('es');
    const id = `m_${seq}`;
    const payload = { id: `wamid.more.${seq}`, from: waId, timestamp: String(Math.floor(at / 1000)), type: 'text', text: { body: text } };
    const body = { item: 'message', field: 'messages', wabaId: '102290129340398', metadata: { phone_number_id: '106540352242922' }, contacts: [{ wa_id: waId, profile: { name } }], payload };
    entries.push({ kind: 'webhook', seq, receivedAt: at, body: JSON.stringify(body) });
    messages.push({ id, conversationId, at, isOut: false, text });
    conversations.set(conversationId, { id: conversationId, name, isActive: true, lastAt: at, lastText: text });
  }
  return { entries, rows: { conversations: [...conversations.values()], messages } };
}
