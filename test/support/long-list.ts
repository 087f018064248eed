/** A desktop that has a hundred thousand conversations, without a line to any relay: written as rows, as a log of that length would leave them. */
import path from 'node:path';
import type { LogEntry } from '../../contract/wire.ts';
import { DATABASE_FILE } from '../../main/engine/db/open-database.ts';
import { applyLog, openDesktopReplica } from '../bench/data/desktop-replica.ts';
import { AGENTS, ME } from '../bench/data/support-log.ts';

export const LIST_LENGTH = 100_000;
const MINUTE = 60_000;

/** The place of a row, from 1: what its customer is called. */
export const nameOfPlace = (place: number): string => `Cliente ${String(place).padStart(6, '0')}`;

/** The newest a minute ago, each further one a minute before the one above it. Every seventh waits for an answer, every hundredth is mine. */
export function writeLongList(dataDir: string): void {
  const { db, replica } = openDesktopReplica(path.join(dataDir, DATABASE_FILE));
  const now = Date.now();
  const enroll = ({ agentId, deviceId, name }: (typeof AGENTS)[number], seq: number): LogEntry => ({
    kind: 'relay',
    seq,
    receivedAt: now - LIST_LENGTH * MINUTE,
    body: JSON.stringify({ type: 'device.enrolled', deviceId, agentId, agentName: name, role: 'lead' }),
  });
  applyLog(replica, [enroll(ME, 1)]);
  const contact = db.prepare('INSERT INTO contact (id, profile_name, created_seq) VALUES (?, ?, 1)');
  const message = db.prepare(
    `INSERT INTO message (id, conversation_id, contact_id, direction, seq, sort_at, sent_at, received_at, content, inbound_no) VALUES (?, ?, ?, 'in', ?, ?, ?, ?, '{"kind":"text","text":"Buenos días, ¿siguen abiertos?"}', 1)`,
  );
  const conversation = db.prepare(
    `INSERT INTO conversation (id, contact_id, phone_number_id, status, created_seq, last_inbound_seq, last_inbound_at, inbound_count, last_outbound_seq, other_outbound_seq, last_message_id, last_message_at, assignee_id, waiting_since)
     VALUES (@id, @contactId, '2', 'active', @seq, @seq, @at, 1, 0, 0, @messageId, @at, @assigneeId, @waitingSince)`,
  );
  db.transaction(() => {
    for (let place = 1; place <= LIST_LENGTH; place++) {
      const at = now - place * MINUTE;
      const [id, contactId, messageId, seq] = [`c${place}`, `p${place}`, `m${place}`, place + 10];
      contact.run(contactId, nameOfPlace(place));
      message.run(messageId, id, contactId, seq, at, at, at);
      conversation.run({ id, contactId, seq, at, messageId, assigneeId: place % 100 === 0 ? ME.agentId : null, waitingSince: place % 7 === 0 ? at : null });
    }
  })();
  db.close();
}
