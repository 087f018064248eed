/** Which conversations show something of another row, so that a change of it is announced as one of theirs. */
import type Database from 'better-sqlite3';
import { BELOW } from './contact-queries.ts';

export function createShownIn(db: Database.Database) {
  const ofContact = db.prepare(`${BELOW} SELECT c.id FROM below CROSS JOIN conversation c ON c.contact_id = below.id`).pluck();
  const ofRequest = db.prepare('SELECT conversation_id FROM request_link WHERE request_id = +?').pluck();
  return {
    /** Their name and service window; of those that are shown under their name, too. */
    contact: (contactId: string) => ofContact.all(contactId) as string[],
    /** That they are linked to it, and how it stands. */
    request: (requestId: string) => ofRequest.all(requestId) as string[],
  };
}
export type ShownIn = ReturnType<typeof createShownIn>;
