/**
 * The rows that webhooks made, without what only the place in the log decides: ids and numbers that derive from a seq, the
 * time of receipt, and which of two contacts (or names of one) was there first. What is left must not depend on the order.
 */
import type Database from 'better-sqlite3';

/** @param receivedAfter times from here on (ms) are those of receipt. @returns one line for each row, sorted. */
export function readComparableRows(db: Database.Database, receivedAfter: number): string[] {
  const time = (column: string): string => `CASE WHEN ${column} >= ${receivedAfter} THEN 'receipt' ELSE ${column} END AS ${column}`;
  const read = (table: string, columns: string): string[] =>
    db
      .prepare(`SELECT ${columns} FROM ${table}`)
      .all()
      .map((row) => `${table} ${JSON.stringify(row)}`);
  return [
    ...read(
      'message m',
      `wamid, direction, ${time('sent_at')}, ${time('sort_at')}, content, quoted_wamid, target_wamid, context, origin, original_content, edited_at, revoked_at, pricing, status, error, hold, inbound_no IS NOT NULL AS counts,
       (SELECT phone_number_id FROM conversation WHERE id = m.conversation_id) AS number`,
    ),
    ...read('message_status s', `(SELECT wamid FROM message WHERE id = s.message_id) AS wamid, status, ${time('at')}`),
    ...read('parked_status', `wamid, status, ${time('at')}, error, pricing`),
    ...read('contact_identifier', 'kind, value'),
    ...read('contact', `marketing, ${time('marketing_at')}`).filter((line) => !line.includes('"marketing":null')),
    ...read('account_event', `field, event, subject, severity, detail, ${time('at')}`),
  ].toSorted();
}
