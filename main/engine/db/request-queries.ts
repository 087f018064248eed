/**
 * Statements over service requests, their links and events. Pages are keyset pages; a search reads the folded words of all requests
 * (`request_words`, kept by triggers), which for 50,000 of them takes milliseconds.
 */
import type Database from 'better-sqlite3';
import type { RequestEventRow, RequestLinkRow, RequestMessageRow, ServiceRequestRow } from '../../../contract/state.ts';
import { LOOKUPS, PENDING_SEQ } from '../../../contract/state.ts';
import type { RequestStatus } from '../../../contract/requests/request-rules.ts';
import type { RequestFilter } from '../../../contract/work-entities.ts';
import type { ActivityView } from './conversation-queries.ts';

export type RequestView = ServiceRequestRow & { openEvents: number };
/** `people`: contacts that the search found by name or number. `vendors`, `customers`: the filtered one with everybody who was merged into them. */
export type RequestSearch = Omit<RequestFilter, 'vendorId' | 'customerId'> & { people: readonly string[]; vendors: readonly string[] | null; customers: readonly string[] | null };
/** `content`: of a revoked message nothing but that it was revoked. */
export type AttachedView = Pick<RequestMessageRow, 'by' | 'at' | 'seq'> & {
  messageId: string;
  conversationId: string;
  contactId: string;
  direction: 'in' | 'out';
  actorId: string | null;
  sentAt: number;
  content: string;
};
export type RequestPosition = { key: string | number; id: string };
export type LastWords = { content: string; at: number };

const IDS = (name: string): string => `(SELECT value FROM json_each(@${name}))`;
const OPEN = "r.status NOT IN ('done', 'cancelled')";
const COLUMNS = "r.*, (SELECT count(*) FROM request_event e WHERE e.request_id = r.id AND e.state = 'open') AS openEvents";
/** Nothing is due on a day that was not named. */
const DUE = "coalesce(r.requested_date, '9999-12-31')";
const ORDERS: Record<RequestFilter['sort'], { key: string; direction: 'ASC' | 'DESC' }> = {
  newest: { key: 'r.created_seq', direction: 'DESC' },
  updated: { key: 'r.updated_seq', direction: 'DESC' },
  requested_date: { key: DUE, direction: 'ASC' },
};
const TERMS_MAX = 8;
/** Requests with the same words. */
const MANY = 2_000;
const HISTORY_MAX = 200;

const ACCENTS: Record<string, string> = { á: 'a', é: 'e', í: 'i', ó: 'o', ú: 'u', ü: 'u', ñ: 'n' };
/** As `request_words` holds them: lower case, without the accents of Spanish. */
const foldWords = (text: string): string => text.toLowerCase().replaceAll(/[áéíóúüñ]/g, (letter) => ACCENTS[letter] ?? letter);
const termsOf = (search: string): string[] =>
  foldWords(search.normalize('NFC'))
    .split(/\s+/)
    .map((word) => word.replace(/^#(?=\d)/, ''))
    .filter((word) => word !== '')
    .slice(0, TERMS_MAX);
/** Digits of what looks like a part of a number; empty: it does not. */
const digitsOf = (search: string): string => (/^\+?[\d\s().-]{3,}$/.test(search.trim()) ? search.replace(/\D/g, '').replace(/^00/, '') : '');

type Bound = Record<string, string | number>;

/** What a search looks for in `request_words w`; null: nothing. */
function readWords(search: string): { condition: string; bound: Bound } | null {
  const terms = termsOf(search);
  if (terms.length === 0) return null;
  const digits = digitsOf(search);
  const all = terms.map((_, n) => `instr(w.words, +@term${n}) > 0`).join(' AND ');
  return {
    condition: digits === '' ? `(${all})` : `((${all}) OR instr(w.words, +@digits) > 0)`,
    bound: { ...Object.fromEntries(terms.map((term, n) => [`term${n}`, term])), ...(digits === '' ? {} : { digits }) },
  };
}

/** Conditions and what they bind, but for the words; the text depends on the shape of the filter alone, so few statements are compiled. */
function readFilter(search: RequestSearch): { conditions: string[]; bound: Bound } {
  const conditions: string[] = [];
  const bound: Bound = {};
  const add = (condition: string, values: Bound = {}): void => {
    conditions.push(condition);
    Object.assign(bound, values);
  };
  if (search.statuses.length > 0) add(`r.status IN ${IDS('statuses')}`, { statuses: JSON.stringify(search.statuses) });
  if (search.serviceType !== null) add('r.service_type = +@serviceType', { serviceType: search.serviceType });
  if (search.vendors !== null) add(`r.vendor_id IN ${IDS('vendors')}`, { vendors: JSON.stringify(search.vendors) });
  if (search.customers !== null) add(`r.customer_id IN ${IDS('customers')}`, { customers: JSON.stringify(search.customers) });
  if (search.requestedFrom !== null) add('r.requested_date >= +@requestedFrom', { requestedFrom: search.requestedFrom });
  if (search.requestedTo !== null) add('r.requested_date <= +@requestedTo', { requestedTo: search.requestedTo });
  if (search.hasOpenEvents) add("r.id IN (SELECT e.request_id FROM request_event e WHERE e.state = 'open')");
  if (search.isUnlinked) add('NOT EXISTS (SELECT 1 FROM request_link l WHERE l.request_id = r.id)');
  return { conditions, bound };
}

export function createRequestQueries(db: Database.Database) {
  const statements = new Map<string, Database.Statement>();
  const prepare = (sql: string): Database.Statement => {
    const known = statements.get(sql) ?? db.prepare(sql);
    statements.set(sql, known);
    return known;
  };
  const where = (conditions: readonly string[]): string => (conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`);

  const one = db.prepare(`SELECT ${COLUMNS} FROM service_request r WHERE r.id = +?`);
  const byExternalId = db.prepare('SELECT id FROM service_request WHERE external_id = +?').pluck();
  const byStatus = db.prepare('SELECT status, count(*) AS count FROM service_request GROUP BY status');
  const openEvents = db.prepare("SELECT count(*) FROM request_event WHERE state = 'open'").pluck();
  const ofConversation = db.prepare(
    `SELECT ${COLUMNS} FROM service_request r WHERE r.id IN (
       SELECT l.request_id FROM request_link l WHERE l.conversation_id = @conversationId
       UNION SELECT c.id FROM service_request c WHERE c.customer_id IN ${IDS('people')} UNION SELECT v.id FROM service_request v WHERE v.vendor_id IN ${IDS('people')}
     ) ORDER BY EXISTS (SELECT 1 FROM request_link l WHERE l.request_id = r.id AND l.conversation_id = @conversationId) DESC, ${OPEN} DESC, r.created_seq DESC, r.id DESC LIMIT +@limit`,
  );
  const ofPeople = db.prepare(
    `SELECT ${COLUMNS} FROM service_request r WHERE r.id IN (
       SELECT c.id FROM service_request c WHERE c.customer_id IN ${IDS('people')} UNION SELECT v.id FROM service_request v WHERE v.vendor_id IN ${IDS('people')}
     ) ORDER BY ${OPEN} DESC, r.created_seq DESC, r.id DESC LIMIT +@limit`,
  );
  const named = db.prepare(
    `SELECT ${COLUMNS} FROM service_request r WHERE r.id IN (
       SELECT x.id FROM service_request x WHERE x.external_id IN ${IDS('externalIds')} UNION SELECT n.id FROM service_request n WHERE n.number IN ${IDS('numbers')} AND n.number IS NOT NULL
     ) ORDER BY ${OPEN} DESC, r.created_seq DESC, r.id DESC LIMIT 20`,
  );
  const byPhone = db.prepare(
    `SELECT ${COLUMNS} FROM service_request r WHERE r.contact_phone IN ${IDS('phones')} AND r.contact_phone <> '' AND ${OPEN} ORDER BY r.created_seq DESC, r.id DESC LIMIT 20`,
  );
  const linksOf = db.prepare('SELECT * FROM request_link WHERE request_id = +? ORDER BY role');
  const linksIn = db.prepare('SELECT * FROM request_link WHERE conversation_id = +?');
  const eventsOf = db.prepare('SELECT * FROM request_event WHERE request_id = +? ORDER BY seq DESC, at DESC, id DESC');
  // What is pending has no place in the log yet: by when it was done.
  const open = db.prepare("SELECT e.* FROM request_event e WHERE e.state = 'open' ORDER BY e.seq DESC, e.at DESC, e.id DESC LIMIT +?");
  const openOfPeople = db.prepare(
    `SELECT e.* FROM request_event e JOIN service_request r ON r.id = e.request_id
     WHERE e.state = 'open' AND coalesce(e.contact_id, CASE e.role WHEN 'customer' THEN r.customer_id ELSE r.vendor_id END) IN ${IDS('people')} ORDER BY e.seq DESC, e.at DESC, e.id DESC LIMIT 200`,
  );
  const automatic = db.prepare(`SELECT * FROM request_event WHERE state = 'open' AND mode = 'auto' AND seq < ${PENDING_SEQ} AND at > +@after ORDER BY seq, id LIMIT +@limit`);
  const messagesOf = db.prepare(
    `SELECT q.message_id AS messageId, m.conversation_id AS conversationId, m.contact_id AS contactId, m.direction, m.actor_id AS actorId, m.sent_at AS sentAt, q.by, q.at, q.seq,
       CASE WHEN m.revoked_at IS NULL THEN m.content ELSE '{"kind":"revoke"}' END AS content
     FROM request_message q JOIN message m ON m.id = q.message_id WHERE q.request_id = +? ORDER BY m.sort_at, m.seq, m.id`,
  );
  const history = db.prepare(
    `SELECT a.op_id AS opId, a.type, a.outcome, a.actor_id AS actorId, g.name AS actorName, a.occurred_at AS occurredAt, a.seq, a.detail FROM activity a LEFT JOIN agent g ON g.id = a.actor_id
     WHERE json_extract(a.detail, '$.requestId') = +? AND ${LOOKUPS.activity_by_request.where}
     ORDER BY a.seq DESC, a.occurred_at DESC, a.op_id DESC LIMIT ${HISTORY_MAX}`,
  );
  const op = db.prepare(
    'SELECT a.op_id AS opId, a.type, a.outcome, a.actor_id AS actorId, g.name AS actorName, a.occurred_at AS occurredAt, a.seq, a.detail FROM activity a LEFT JOIN agent g ON g.id = a.actor_id WHERE a.op_id = +?',
  );
  const lastInbound = db.prepare(
    `SELECT m.content, m.sent_at AS at FROM message m WHERE m.contact_id = +? AND m.direction = 'in' AND m.target_wamid IS NULL AND m.revoked_at IS NULL ORDER BY m.sort_at DESC, m.seq DESC LIMIT 1`,
  );
  const recentTexts = db.prepare(
    `SELECT id, content FROM (SELECT m.id, m.content, m.conversation_id FROM message m WHERE m.contact_id = +@contactId AND m.revoked_at IS NULL ORDER BY m.sort_at DESC, m.seq DESC, m.id DESC LIMIT +@limit)
     WHERE conversation_id = @conversationId`,
  );
  const openConversation = db.prepare(
    `SELECT id, contact_id AS contactId FROM conversation WHERE contact_id IN ${IDS('people')} AND phone_number_id = +@phoneNumberId AND status <> 'closed' ORDER BY last_message_at DESC, id DESC LIMIT 1`,
  );
  const knownExternalIds = db.prepare(`SELECT external_id FROM service_request WHERE external_id IN ${IDS('externalIds')}`).pluck();
  const vendors = db.prepare('SELECT id FROM contact WHERE is_vendor = 1').pluck();

  /** The filter as a whole. `total`: how many it finds, where counting the words has told it. */
  const plan = (search: RequestSearch): { conditions: string[]; bound: Bound; total: number | null } => {
    const { conditions, bound } = readFilter(search);
    const words = readWords(search.search);
    if (words === null) return { conditions, bound, total: null };
    const count = prepare(`SELECT count(*) FROM request_words w WHERE ${words.condition}`).pluck().get(words.bound) as number;
    // What many requests have is soon found on the way through them, what few have in one look at the words.
    const found = count > MANY ? `EXISTS (SELECT 1 FROM request_words w WHERE w.id = r.id AND ${words.condition})` : `r.id IN (SELECT w.id FROM request_words w WHERE ${words.condition})`;
    const hasPeople = search.people.length > 0;
    const people = hasPeople ? ` OR r.customer_id IN ${IDS('people')} OR r.vendor_id IN ${IDS('people')}` : '';
    return {
      conditions: [...conditions, `(${found}${people})`],
      bound: { ...bound, ...words.bound, ...(hasPeople ? { people: JSON.stringify(search.people) } : {}) },
      total: conditions.length === 0 && !hasPeople ? count : null,
    };
  };

  const listPage = (search: RequestSearch, after: RequestPosition | null, limit: number): { rows: (RequestView & { sortKey: string | number })[]; total: number } => {
    const { conditions, bound, total } = plan(search);
    const { key, direction } = ORDERS[search.sort];
    const all = after === null ? conditions : [...conditions, `(${key}, r.id) ${direction === 'DESC' ? '<' : '>'} (+@afterKey, +@afterId)`];
    const sql = `SELECT ${COLUMNS}, ${key} AS sortKey FROM service_request r ${where(all)} ORDER BY ${key} ${direction}, r.id ${direction} LIMIT +@limit`;
    const rows = prepare(sql).all({ ...bound, limit, ...(after === null ? {} : { afterKey: after.key, afterId: after.id }) }) as (RequestView & { sortKey: string | number })[];
    return {
      rows,
      total:
        total ??
        (prepare(`SELECT count(*) FROM service_request r ${where(conditions)}`)
          .pluck()
          .get(bound) as number),
    };
  };

  return {
    /** `total`: of the whole filter. */
    listPage,
    find: (id: string) => one.get(id) as RequestView | undefined,
    findByExternalId: (externalId: string) => (byExternalId.get(externalId) as string | undefined) ?? null,
    countByStatus: () => byStatus.all() as { status: RequestStatus; count: number }[],
    countOpenEvents: () => openEvents.get() as number,
    /** Linked to the conversation first, open ones before ended ones. */
    listOfConversation: (conversationId: string, people: readonly string[], limit: number) => ofConversation.all({ conversationId, people: JSON.stringify(people), limit }) as RequestView[],
    /** Of which one of these is the customer or the vendor, open ones first. */
    listOfPeople: (people: readonly string[], limit: number) => ofPeople.all({ people: JSON.stringify(people), limit }) as RequestView[],
    listNamed: (externalIds: readonly string[], numbers: readonly number[]) => named.all({ externalIds: JSON.stringify(externalIds), numbers: JSON.stringify(numbers) }) as RequestView[],
    /** Not ended. */
    listByPhone: (phones: readonly string[]) => byPhone.all({ phones: JSON.stringify(phones) }) as RequestView[],
    listLinks: (requestId: string) => linksOf.all(requestId) as RequestLinkRow[],
    listLinksIn: (conversationId: string) => linksIn.all(conversationId) as RequestLinkRow[],
    listEvents: (requestId: string) => eventsOf.all(requestId) as RequestEventRow[],
    listOpenEvents: (limit: number) => open.all(limit) as RequestEventRow[],
    listOpenEventsOf: (people: readonly string[]) => openOfPeople.all({ people: JSON.stringify(people) }) as RequestEventRow[],
    /** Confirmed ones that nobody has to decide about and that arose after a time (ms), oldest first. */
    listAutomaticEvents: (after: number, limit: number) => automatic.all({ after, limit }) as RequestEventRow[],
    /** Those that were attached, in the order in which they were written. */
    listMessages: (requestId: string) => messagesOf.all(requestId) as AttachedView[],
    listHistory: (requestId: string) => history.all(requestId) as ActivityView[],
    findOp: (opId: string) => op.get(opId) as ActivityView | undefined,
    /** What a contact wrote last. */
    findLastInbound: (contactId: string) => lastInbound.get(contactId) as LastWords | undefined,
    /** Newest first, of the last `limit` messages with the person. */
    listRecentTexts: (conversationId: string, contactId: string, limit: number) => recentTexts.all({ conversationId, contactId, limit }) as { id: string; content: string }[],
    /** Of several identities of a person, on a number. */
    findOpenConversation: (people: readonly string[], phoneNumberId: string) =>
      openConversation.get({ people: JSON.stringify(people), phoneNumberId }) as { id: string; contactId: string } | undefined,
    /** Those of these that a request has. */
    listKnownExternalIds: (externalIds: readonly string[]) => knownExternalIds.all({ externalIds: JSON.stringify(externalIds) }) as string[],
    listVendors: () => vendors.all() as string[],
  };
}
export type RequestQueries = ReturnType<typeof createRequestQueries>;
