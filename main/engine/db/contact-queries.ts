/**
 * Statements over contacts and their identifiers, and what other statements need to say who somebody is. A person is the
 * contact at the end of `merged_into` with everybody below it. Invariant: `PERSON_COLUMNS` is the only SQL that says what
 * somebody is called.
 */
import type Database from 'better-sqlite3';
import type { ContactRow, IdentifierKind } from '../../../contract/state.ts';

/** Who somebody is, as a list or a hit shows it. `calledName`: what the team calls them, else their profile name. */
export type PersonView = {
  contactId: string;
  calledName: string | null;
  username: string | null;
  /** As Meta writes it, else as an agent typed it. */ waId: string | null;
  hasOptedOut: 0 | 1;
  isBlocked: 0 | 1;
};
export type ContactRole = 'anybody' | 'customer' | 'vendor';
export type ContactPage = { role: ContactRole; /** Null: no search. */ among: readonly string[] | null; after: { sortName: string; id: string } | null; limit: number };
export type PersonIdentifier = { kind: IdentifierKind; value: string; contactId: string };

/** The id of the contact that stands for the one in row `p`. Few are merged, so few are followed. */
export const standsFor = (p: string): string =>
  `CASE WHEN ${p}.merged_into IS NULL THEN ${p}.id ELSE (WITH RECURSIVE up (id, parent) AS (
     SELECT x.id, x.merged_into FROM contact x WHERE x.id = ${p}.merged_into UNION ALL SELECT x.id, x.merged_into FROM up JOIN contact x ON x.id = up.parent
   ) SELECT up.id FROM up WHERE up.parent IS NULL) END`;
/** After `contact p`: gives `s`, who stands for them. */
export const PERSON_JOIN = `JOIN contact s ON s.id = ${standsFor('p')}`;
/** Asks something of `contact p` and those that stand for it: what was said of one of them counts for all, as `conversations/may-contact.ts` judges it. */
const lineUp = (what: string): string =>
  `WITH RECURSIVE up (id) AS (SELECT p.id UNION ALL SELECT x.merged_into FROM up JOIN contact x ON x.id = up.id WHERE x.merged_into IS NOT NULL) SELECT ${what} FROM up JOIN contact x ON x.id = up.id`;
/** `PersonView` of `contact p` with `PERSON_JOIN`. Number and @username are their own: that is where a message goes. */
export const PERSON_COLUMNS = `p.id AS contactId, coalesce(s.name, s.profile_name, p.name, p.profile_name) AS calledName, p.username,
  (SELECT i.value FROM contact_identifier i WHERE i.contact_id = p.id AND i.kind IN ('wa_id', 'phone') ORDER BY i.kind DESC, i.first_seq DESC LIMIT 1) AS waId,
  CASE WHEN p.merged_into IS NULL THEN p.marketing IS 'stop' ELSE coalesce((${lineUp("x.marketing IS 'stop'")} WHERE x.marketing IS NOT NULL ORDER BY coalesce(x.marketing_at, 0) DESC, x.marketing = 'stop' DESC LIMIT 1), 0) END AS hasOptedOut,
  CASE WHEN p.merged_into IS NULL THEN p.is_blocked ELSE (${lineUp('max(x.is_blocked)')}) END AS isBlocked`;
/** Everything somebody typed to find `contact p` (with `PERSON_JOIN`) may be part of. */
export const PERSON_WORDS = `coalesce(s.name, '') || ' ' || coalesce(p.name, '') || ' ' || coalesce(p.profile_name, '') || ' ' || coalesce(p.username, '') || ' ' || coalesce(s.email, '') || ' ' || coalesce(s.company, '')`;
/** And the numbers, any part of which somebody may type. */
export const PERSON_NUMBERS = `coalesce((SELECT group_concat(i.value, ' ') FROM contact_identifier i WHERE i.contact_id = p.id AND i.kind IN ('wa_id', 'phone')), '')`;

/** The contact `?` and everybody merged into it, however far down. */
export const BELOW = 'WITH RECURSIVE below (id) AS (SELECT ? UNION ALL SELECT c.id FROM below JOIN contact c ON c.merged_into = below.id)';

/** As in the index `contact_by_name`: without case and the accents of Spanish; who has no name comes last. */
const SORT_NAME = `replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(lower(coalesce(s.name, s.profile_name, '~')), 'á', 'a'), 'é', 'e'), 'í', 'i'), 'ó', 'o'), 'ú', 'u'), 'ü', 'u'), 'ñ', 'n~'), 'Á', 'a'), 'É', 'e'), 'Í', 'i'), 'Ó', 'o'), 'Ú', 'u'), 'Ü', 'u'), 'Ñ', 'n~')`;
const VENDORS = `SELECT ${standsFor('v')} FROM contact v WHERE v.is_vendor = 1`;
const CUSTOMERS = `SELECT ${standsFor('q')} FROM service_request r JOIN contact q ON q.id = r.customer_id WHERE r.customer_id IS NOT NULL`;
const ROLES: Record<ContactRole, string> = { anybody: '', vendor: `AND s.id IN (${VENDORS})`, customer: `AND (s.id NOT IN (${VENDORS}) OR s.id IN (${CUSTOMERS}))` };
const IDS = '(SELECT value FROM json_each(@ids))';
const OPEN = "r.status NOT IN ('done', 'cancelled')";

/** Exported for the test that it uses its index. */
export const contactPageSql = (role: ContactRole, isAmong: boolean): string =>
  `SELECT s.id, ${SORT_NAME} AS sortName FROM contact s WHERE s.merged_into IS NULL AND ${SORT_NAME} >= +@sortName AND (${SORT_NAME} > +@sortName OR s.id > +@id) ${ROLES[role]}
   ${isAmong ? `AND s.id IN (SELECT ${standsFor('p')} FROM contact p WHERE p.id IN ${IDS})` : ''} ORDER BY ${SORT_NAME}, s.id LIMIT +@limit`;

export function createContactQueries(db: Database.Database) {
  const findIdentifier = db.prepare('SELECT value FROM contact_identifier WHERE contact_id = +? AND kind = ? ORDER BY first_seq DESC, value LIMIT 1').pluck();
  const listIdentifiers = db.prepare('SELECT kind, value FROM contact_identifier WHERE contact_id = +? ORDER BY kind DESC, first_seq DESC');
  const person = db.prepare(`SELECT ${PERSON_COLUMNS} FROM contact p ${PERSON_JOIN} WHERE p.id = +?`);
  const root = db.prepare(`SELECT ${standsFor('p')} FROM contact p WHERE p.id = +?`).pluck();
  const below = db.prepare(`${BELOW} SELECT c.* FROM below CROSS JOIN contact c ON c.id = below.id ORDER BY c.created_seq, c.id`);
  const attributes = db.prepare('SELECT key, value FROM contact_attribute WHERE contact_id = +? ORDER BY key');
  const identifiersOf = db.prepare(
    `SELECT i.kind, i.value, i.contact_id AS contactId FROM contact_identifier i WHERE i.contact_id IN ${IDS} ORDER BY i.contact_id <> @first, i.kind DESC, i.first_seq DESC, i.value`,
  );
  const conversationsOf = db.prepare(`SELECT c.id FROM conversation c WHERE c.contact_id IN ${IDS} ORDER BY c.last_message_at DESC, c.id DESC LIMIT +@limit`).pluck();
  // What is pending has no place in time yet: it was written just now.
  const lastMessageAt = db
    .prepare(`SELECT max((SELECT m.sent_at FROM message m WHERE m.id = c.last_message_id)) FROM conversation c WHERE c.contact_id IN ${IDS} AND c.last_message_id IS NOT NULL`)
    .pluck();
  const openRequests = db
    .prepare(`SELECT count(*) FROM (SELECT r.id FROM service_request r WHERE r.customer_id IN ${IDS} AND ${OPEN} UNION SELECT r.id FROM service_request r WHERE r.vendor_id IN ${IDS} AND ${OPEN})`)
    .pluck();
  const roles = db
    .prepare(`SELECT 'customer' FROM service_request r WHERE r.customer_id IN ${IDS} AND ${OPEN} UNION SELECT 'vendor' FROM service_request r WHERE r.vendor_id IN ${IDS} AND ${OPEN} ORDER BY 1`)
    .pluck();
  const isPending = db.prepare("SELECT 1 FROM pending_op WHERE json_extract(body, '$.type') LIKE 'contact.%' AND json_extract(body, '$.args.contactId') IN (SELECT value FROM json_each(?)) LIMIT 1");
  const pages = new Map<string, Database.Statement>();
  const pageStatement = (role: ContactRole, isAmong: boolean): Database.Statement => {
    const sql = contactPageSql(role, isAmong);
    const known = pages.get(sql) ?? db.prepare(sql);
    pages.set(sql, known);
    return known;
  };
  const bind = (ids: readonly string[]) => ({ ids: JSON.stringify(ids) });

  return {
    /** The newest identifier of a kind. */
    findIdentifier: (contactId: string, kind: IdentifierKind) => (findIdentifier.get(contactId, kind) as string | undefined) ?? null,
    listIdentifiers: (contactId: string) => listIdentifiers.all(contactId) as { kind: IdentifierKind; value: string }[],
    findPerson: (contactId: string) => person.get(contactId) as PersonView | undefined,
    /** Who stands for a contact; they themselves, if they are not merged or not known. */
    findRoot: (contactId: string) => (root.get(contactId) as string | undefined) ?? contactId,
    /** A contact and everybody merged into it, the contact among them; the oldest first. */
    listBelow: (contactId: string) => below.all(contactId) as ContactRow[],
    listAttributes: (contactId: string) => attributes.all(contactId) as { key: string; value: string }[],
    /** Of several contacts, those of the first one first. */
    listIdentifiersOf: (ids: readonly string[]) => identifiersOf.all({ ...bind(ids), first: ids[0] ?? '' }) as PersonIdentifier[],
    /** Newest first. */
    listConversationsOf: (ids: readonly string[], limit: number) => conversationsOf.all({ ...bind(ids), limit }) as string[],
    findLastMessageAt: (ids: readonly string[]) => lastMessageAt.get(bind(ids)) as number | null,
    /** Service requests that are not ended, as customer or vendor. */
    countOpenRequests: (ids: readonly string[]) => openRequests.get(bind(ids)) as number,
    listRoles: (ids: readonly string[]) => roles.all(bind(ids)) as ('customer' | 'vendor')[],
    isPending: (ids: readonly string[]) => isPending.get(JSON.stringify(ids)) !== undefined,
    /** People in the order of their names; `among`: contacts that are looked for, merged or not. */
    listPage: ({ role, among, after, limit }: ContactPage) =>
      pageStatement(role, among !== null).all({ sortName: after?.sortName ?? '', id: after?.id ?? '', limit, ...(among === null ? {} : bind(among)) }) as { id: string; sortName: string }[],
  };
}
export type ContactQueries = ReturnType<typeof createContactQueries>;
