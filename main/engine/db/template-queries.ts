/** Statements over this desktop's copy of the account's templates, and over what their values can be taken from. */
import type Database from 'better-sqlite3';
import type { AccountEventRow, ServiceRequestRow } from '../../../contract/state.ts';

/** `body`: JSON of `Template`. */
export type StoredTemplate = { key: string; body: string; isFavourite: 0 | 1 | null; lastUsedAt: number | null };
export type TemplateEventRow = Pick<AccountEventRow, 'seq' | 'at' | 'field' | 'event' | 'subject' | 'detail'>;

/** How far back in a person's thread it is looked for what they were sent last. */
const LOOK_BACK = 300;

export function createTemplateQueries(db: Database.Database) {
  const columns = 't.key, t.body, u.is_favourite AS isFavourite, u.last_used_at AS lastUsedAt FROM template t LEFT JOIN template_use u ON u.key = t.key';
  const list = db.prepare(`SELECT ${columns} WHERE t.waba_id = ? ORDER BY coalesce(u.is_favourite, 0) DESC, u.last_used_at DESC, t.key`);
  const find = db.prepare(`SELECT ${columns} WHERE t.key = ? AND t.waba_id = ?`);
  const put = db.prepare('INSERT INTO template (key, waba_id, body) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET waba_id = excluded.waba_id, body = excluded.body');
  const remove = db.prepare('DELETE FROM template WHERE key = ?');
  const keys = db.prepare('SELECT key FROM template').pluck();
  const setFavourite = db.prepare('INSERT INTO template_use (key, is_favourite) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET is_favourite = excluded.is_favourite');
  const noteUse = db.prepare('INSERT INTO template_use (key, last_used_at, facts) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET last_used_at = excluded.last_used_at, facts = excluded.facts');
  const readFacts = db.prepare('SELECT facts FROM template_use WHERE key = ?').pluck();
  const events = db.prepare(
    "SELECT seq, at, field, event, subject, detail FROM account_event WHERE seq > +? AND (field LIKE 'message\\_template%' ESCAPE '\\' OR field LIKE 'template\\_%' ESCAPE '\\') ORDER BY seq",
  );
  const lastEvent = db.prepare('SELECT coalesce(max(seq), 0) FROM account_event').pluck();

  const identities = db.prepare('WITH RECURSIVE same (id) AS (SELECT ? UNION SELECT c.id FROM contact c JOIN same ON c.merged_into = same.id) SELECT id FROM same').pluck();
  const attributes = db.prepare('SELECT key, value FROM contact_attribute WHERE contact_id IN (SELECT value FROM json_each(+?)) ORDER BY key, contact_id');
  const isEnded = "status IN ('done', 'cancelled')";
  const linked = db.prepare(`SELECT r.* FROM request_link l JOIN service_request r ON r.id = l.request_id WHERE l.conversation_id = ? ORDER BY ${isEnded}, l.seq DESC, r.id DESC`);
  const ofPerson = db.prepare(
    `SELECT * FROM service_request WHERE id IN (
       SELECT id FROM service_request WHERE customer_id IN (SELECT value FROM json_each(+@ids)) UNION SELECT id FROM service_request WHERE vendor_id IN (SELECT value FROM json_each(+@ids))
     ) ORDER BY ${isEnded}, updated_seq DESC, id DESC LIMIT 50`,
  );
  const lastContent = db
    .prepare(
      `SELECT content FROM (SELECT content, sort_at, seq, id FROM message WHERE contact_id = +? AND direction = 'out' ORDER BY sort_at DESC, seq DESC, id DESC LIMIT ${LOOK_BACK})
       WHERE json_extract(content, '$.kind') = 'template' AND json_extract(content, '$.name') = ? AND json_extract(content, '$.language') = ?
       ORDER BY sort_at DESC, seq DESC, id DESC LIMIT 1`,
    )
    .pluck();

  return {
    /** Of the account; favourites first, then those used last, then by name. */
    list: (wabaId: string) => list.all(wabaId) as StoredTemplate[],
    find: (key: string, wabaId: string) => find.get(key, wabaId) as StoredTemplate | undefined,
    put: (key: string, wabaId: string, body: string) => void put.run(key, wabaId, body),
    remove: (key: string) => void remove.run(key),
    /** Also those of another account. */
    listKeys: () => keys.all() as string[],
    setFavourite: (key: string, isOn: boolean) => void setFavourite.run(key, isOn ? 1 : 0),
    /** `facts`: JSON, what its values stood for. */
    noteUse: (key: string, at: number, facts: string) => void noteUse.run(key, at, facts),
    readFacts: (key: string) => (readFacts.get(key) as string | undefined) ?? null,
    /** What Meta told of templates after `seq`, oldest first. */
    listEventsAfter: (seq: number) => events.all(seq) as TemplateEventRow[],
    lastEventSeq: () => lastEvent.get() as number,

    /** The contact and all that were merged into it. */
    listIdentities: (rootId: string) => identities.all(rootId) as string[],
    listAttributes: (contactIds: readonly string[]) => attributes.all(JSON.stringify(contactIds)) as { key: string; value: string }[],
    /** Open ones first, newest link first. */
    listLinkedRequests: (conversationId: string) => linked.all(conversationId) as ServiceRequestRow[],
    /** Open ones first, last changed first. */
    listRequestsOf: (contactIds: readonly string[]) => ofPerson.all({ ids: JSON.stringify(contactIds) }) as ServiceRequestRow[],
    /** What this contact was sent last with a template: JSON of its content. */
    findLastContent: (contactId: string, name: string, language: string) => (lastContent.get(contactId, name, language) as string | undefined) ?? null,
  };
}
export type TemplateQueries = ReturnType<typeof createTemplateQueries>;
