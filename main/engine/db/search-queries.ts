/**
 * Statements of the search index. It holds no text of its own (contentless FTS5): `search_words.rowid` = `search_doc.docid`
 * leads back to the row. A docid says when something was written: 4 × seconds since 2009, or where that is taken one near by,
 * so an index scan backwards is newest first, a span of time is a span of docids, and the docid of a row is found from its
 * time and id (`placesFor`). Invariant: rows of `search_doc` are never deleted one by one, or that search would end too early.
 * SQLite: FTS5, "Contentless-Delete Tables"; "The Trigram Tokenizer".
 */
import type Database from 'better-sqlite3';
import { BELOW, PERSON_COLUMNS, PERSON_JOIN, PERSON_NUMBERS, PERSON_WORDS, standsFor, type PersonView } from './contact-queries.ts';

export type SearchKind = 'message' | 'note' | 'person';
export type DocKind = Exclude<SearchKind, 'person'>;
export type Todo = { n: number; kind: SearchKind; ref: string; at: number };
export type MessageSource = { id: string; sentAt: number; content: string; direction: 'in' | 'out'; contactId: string; actorId: string | null; revokedAt: number | null };
export type NoteSource = { id: string; createdAt: number; body: string; contactId: string; authorId: string; deletedBy: string | null };
/** `words`: names, e-mail, company. `listed`: what the list of conversations looks for them by, as long as nobody else stands for them. */
export type PersonSource = { words: string; listed: string; identifiers: string[] };
/** What the index holds of a person; see the tables. */
export type PersonWords = { names: string; pieces: string; numbers: string };
export type FoundDoc = { docid: number; kind: DocKind; ref: string };
/** What a hit is shown with, and judged by once more. `isGone`: revoked or deleted, or an edit that is told by its message. */
export type HitSource = PersonView & {
  id: string;
  conversationId: string;
  direction: 'in' | 'out' | null;
  actorId: string | null;
  actorName: string | null;
  at: number;
  text: string;
  isGone: 0 | 1;
};
/** Of the conversation that something was written in. `requestIds`: linked to one of them. */
export type ConversationFilter = { statuses: readonly string[]; labelIds: readonly string[]; requestIds: readonly string[]; isUnread: boolean; assigneeIds: readonly string[] };

/** WhatsApp is not older. */
const FIRST_SECOND = Date.UTC(2009, 0, 1) / 1000;
const DOCIDS_A_SECOND = 4;
export const DOCID_MAX = Number.MAX_SAFE_INTEGER;
/** Where docids of a moment (ms) begin. */
export const firstDocid = (at: number): number => Math.max(1, (Math.floor(at / 1000) - FIRST_SECOND) * DOCIDS_A_SECOND);
/** The moment of a docid, ms. */
export const timeOfDocid = (docid: number): number => (Math.floor(docid / DOCIDS_A_SECOND) + FIRST_SECOND) * 1000;

/**
 * Where a document may stand, best first: at its second, then within twice, four times … as many docids from there, by a hash of
 * its id. Thousands written in one second (an import) are so placed and found in a dozen steps, not in thousands.
 */
function* placesFor(ref: string, at: number): Generator<number> {
  const base = firstDocid(at);
  let hash = 0x81_1c_9d_c5;
  for (let n = 0; n < ref.length; n++) hash = Math.imul(hash ^ ref.charCodeAt(n), 0x01_00_01_93);
  yield base;
  for (let bits = 1; bits < 32; bits++) {
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c_1b_3c_6d) + bits;
    yield base + (hash >>> (32 - bits));
  }
}

/** Empties the index. The caller holds the transaction. */
export function eraseSearch(db: Database.Database): void {
  for (const table of ['search_words', 'search_names', 'search_pieces', 'search_numbers']) db.exec(`INSERT INTO ${table} (${table}) VALUES ('delete-all')`);
  for (const table of ['search_doc', 'search_person', 'search_todo']) db.exec(`DELETE FROM ${table}`);
}

export function createSearchQueries(db: Database.Database) {
  const addTodo = db.prepare('INSERT INTO search_todo (kind, ref, at) VALUES (?, ?, ?)');
  const listTodo = db.prepare('SELECT n, kind, ref, at FROM search_todo ORDER BY n LIMIT +?');
  const dropTodo = db.prepare('DELETE FROM search_todo WHERE n <= ?');
  const countTodo = db.prepare('SELECT count(*) FROM (SELECT 1 FROM search_todo LIMIT +?)').pluck();
  const readScan = db.prepare('SELECT done, until FROM search_scan');
  const setScanUntil = db.prepare('UPDATE search_scan SET until = ?');

  const messageColumns = 'id, sent_at AS sentAt, content, direction, contact_id AS contactId, actor_id AS actorId, revoked_at AS revokedAt';
  const scanMessages = db.prepare(`SELECT rowid AS n, ${messageColumns} FROM message WHERE rowid > ? AND rowid <= ? ORDER BY rowid DESC LIMIT +?`);
  const message = db.prepare(`SELECT ${messageColumns} FROM message WHERE id = ?`);
  const note = db.prepare('SELECT id, created_at AS createdAt, body, contact_id AS contactId, author_id AS authorId, deleted_by AS deletedBy FROM note WHERE id = ?');
  const person = db.prepare(
    `SELECT coalesce(p.name, '') || ' ' || coalesce(p.first_name, '') || ' ' || coalesce(p.profile_name, '') || ' ' || coalesce(p.username, '') || ' ' || coalesce(p.email, '') || ' ' || coalesce(p.company, '') AS words,
       ${PERSON_WORDS} || ' ' || ${PERSON_NUMBERS} AS listed FROM contact p JOIN contact s ON s.id = p.id WHERE p.id = ?`,
  );
  const identifiers = db.prepare('SELECT value FROM contact_identifier WHERE contact_id = +? ORDER BY kind, value').pluck();

  const docAt = db.prepare('SELECT kind, ref FROM search_doc WHERE docid = ?');
  const addDoc = db.prepare('INSERT INTO search_doc (docid, kind, ref) VALUES (?, ?, ?)');
  const addWords = db.prepare('INSERT INTO search_words (rowid, words) VALUES (?, ?)');
  const putWords = db.prepare('INSERT OR REPLACE INTO search_words (rowid, words) VALUES (?, ?)');
  const dropWords = db.prepare('DELETE FROM search_words WHERE rowid = ?');
  const personAt = db.prepare('SELECT n FROM search_person WHERE contact_id = ?').pluck();
  const addPerson = db.prepare('INSERT INTO search_person (contact_id) VALUES (?) RETURNING n').pluck();
  const putNames = db.prepare('INSERT OR REPLACE INTO search_names (rowid, names) VALUES (?, ?)');
  const putPieces = db.prepare('INSERT OR REPLACE INTO search_pieces (rowid, pieces) VALUES (?, ?)');
  const putNumbers = db.prepare('INSERT OR REPLACE INTO search_numbers (rowid, digits) VALUES (?, ?)');
  const dropNames = db.prepare('DELETE FROM search_names WHERE rowid = ?');
  const dropPieces = db.prepare('DELETE FROM search_pieces WHERE rowid = ?');
  const dropNumbers = db.prepare('DELETE FROM search_numbers WHERE rowid = ?');
  const nameWords = db.prepare('SELECT term FROM search_name_words').pluck();

  // The index is asked first and alone: joined to it, SQLite might begin with another table.
  const found = (columns: string): string => `SELECT ${columns} FROM search_words WHERE search_words MATCH @match AND rowid >= @from AND rowid < @to ORDER BY rowid DESC LIMIT +@limit`;
  const newest = db.prepare(`SELECT f.docid, d.kind, d.ref FROM (${found('rowid AS docid')}) f CROSS JOIN search_doc d ON d.docid = f.docid ORDER BY f.docid DESC`);
  const ranked = db.prepare(`SELECT f.docid, f.score, d.kind, d.ref FROM (${found('rowid AS docid, bm25(search_words) AS score')}) f CROSS JOIN search_doc d ON d.docid = f.docid`);
  const count = db.prepare('SELECT count(*) FROM search_words WHERE search_words MATCH ? AND rowid >= ? AND rowid < ?').pluck();
  const peopleByName = db
    .prepare('SELECT s.contact_id FROM (SELECT rowid AS n FROM search_names WHERE search_names MATCH ? ORDER BY rowid DESC LIMIT +?) f CROSS JOIN search_person s ON s.n = f.n')
    .pluck();
  const peopleByNumber = db
    .prepare('SELECT s.contact_id FROM (SELECT rowid AS n FROM search_numbers WHERE search_numbers MATCH ? ORDER BY rowid DESC LIMIT +?) f CROSS JOIN search_person s ON s.n = f.n')
    .pluck();
  const newestConversation = db.prepare(
    `${BELOW} SELECT c.id, c.last_message_at AS at FROM below CROSS JOIN conversation c ON c.contact_id = below.id ORDER BY c.last_message_at DESC, c.created_seq DESC LIMIT 1`,
  );
  const standing = db.prepare(`SELECT ${standsFor('p')} FROM contact p WHERE p.id = +?`).pluck();
  const below = db.prepare(`${BELOW} SELECT id FROM below`).pluck();

  const messageHit = db.prepare(
    `SELECT m.id, m.conversation_id AS conversationId, m.direction, m.actor_id AS actorId, g.name AS actorName, m.sent_at AS at, m.content AS text,
       m.revoked_at IS NOT NULL OR (m.target_wamid IS NOT NULL AND EXISTS (SELECT 1 FROM message t WHERE t.wamid = m.target_wamid)) AS isGone, ${PERSON_COLUMNS}
     FROM message m JOIN contact p ON p.id = m.contact_id ${PERSON_JOIN} LEFT JOIN agent g ON g.id = m.actor_id WHERE m.id = +?`,
  );
  const noteHit = db.prepare(
    `SELECT n.id, n.conversation_id AS conversationId, NULL AS direction, n.author_id AS actorId, g.name AS actorName, n.created_at AS at, n.body AS text,
       n.deleted_by IS NOT NULL AS isGone, ${PERSON_COLUMNS}
     FROM note n JOIN contact p ON p.id = n.contact_id ${PERSON_JOIN} LEFT JOIN agent g ON g.id = n.author_id WHERE n.id = +?`,
  );
  const agents = db.prepare('SELECT id, name FROM agent');
  const labels = db.prepare('SELECT id, name FROM label WHERE is_deleted = 0');
  const linkedRequests = db.prepare('SELECT DISTINCT r.id FROM service_request r JOIN request_link k ON k.request_id = r.id WHERE r.external_id = ? OR r.number = ?').pluck();

  const inList = (values: readonly string[]): string => JSON.stringify(values);
  /** Conditions on `conversation c` and `read_position r`; an empty list is no condition. */
  const CONVERSATION = `(@statuses = '[]' OR c.status IN (SELECT value FROM json_each(@statuses)))
    AND (@assignees = '[]' OR c.assignee_id IN (SELECT value FROM json_each(@assignees)))
    AND (@requests = '[]' OR EXISTS (SELECT 1 FROM request_link k WHERE k.conversation_id = c.id AND k.request_id IN (SELECT value FROM json_each(@requests))))
    AND (@isUnread = 0 OR c.inbound_count > coalesce((SELECT r.inbound_no FROM read_position r WHERE r.agent_id = @agentId AND r.conversation_id = c.id), 0))
    AND NOT EXISTS (SELECT 1 FROM json_each(@labels) l WHERE NOT EXISTS (SELECT 1 FROM conversation_label cl WHERE cl.conversation_id = c.id AND cl.label_id = l.value))`;
  const isOfConversation = db.prepare(`SELECT 1 FROM conversation c WHERE c.id = @id AND ${CONVERSATION}`).pluck();
  const contactsOf = db.prepare(`SELECT DISTINCT c.contact_id FROM conversation c WHERE ${CONVERSATION} LIMIT +@limit`).pluck();
  const bindFilter = ({ statuses, labelIds, requestIds, isUnread, assigneeIds }: ConversationFilter, agentId: string) => ({
    statuses: inList(statuses),
    labels: inList(labelIds),
    requests: inList(requestIds),
    assignees: inList(assigneeIds),
    isUnread: isUnread ? 1 : 0,
    agentId,
  });

  /** The docid of a row written at this time, or the one it would get. */
  const findDocid = (kind: DocKind, ref: string, at: number): { docid: number; isKnown: boolean } => {
    for (const docid of placesFor(ref, at)) {
      const doc = docAt.get(docid) as Pick<FoundDoc, 'kind' | 'ref'> | undefined;
      if (!doc) return { docid, isKnown: false };
      if (doc.ref === ref && doc.kind === kind) return { docid, isKnown: true };
    }
    throw new Error('no docid is free');
  };

  return {
    addTodo: (kind: SearchKind, ref: string, at: number) => void addTodo.run(kind, ref, at),
    listTodo: (limit: number) => listTodo.all(limit) as Todo[],
    dropTodo: (through: number) => void dropTodo.run(through),
    /** At most `limit`. */
    countTodo: (limit: number) => countTodo.get(limit) as number,
    /** Empties the index; everything there is has to be put into it. The caller holds the transaction. */
    startAnew: (): void => {
      eraseSearch(db);
      db.exec(`DELETE FROM search_scan; INSERT INTO search_scan (id, done, until) SELECT 1, 0, coalesce(max(rowid), 0) FROM message;
        INSERT INTO search_todo (kind, ref, at) SELECT 'note', id, created_at FROM note UNION ALL SELECT 'person', id, 0 FROM contact`);
    },
    /** Rows with rowids above `done`, up to `until`, are still to be read. Null: a database that was wiped. */
    readScan: () => (readScan.get() as { done: number; until: number } | undefined) ?? { done: 0, until: 0 },
    setScanUntil: (until: number) => void setScanUntil.run(until),
    /** From the newest; `n`: their rowids. */
    scanMessages: (after: number, until: number, limit: number) => scanMessages.all(after, until, limit) as (MessageSource & { n: number })[],

    findMessage: (id: string) => message.get(id) as MessageSource | undefined,
    findNote: (id: string) => note.get(id) as NoteSource | undefined,
    findPerson: (id: string): PersonSource | undefined => {
      const row = person.get(id) as Omit<PersonSource, 'identifiers'> | undefined;
      return row && { ...row, identifiers: identifiers.all(id) as string[] };
    },

    findDocid,
    addDoc: (docid: number, kind: DocKind, ref: string) => void addDoc.run(docid, kind, ref),
    /** `isNew`: there is nothing under this docid. */
    putWords: (docid: number, words: string, isNew: boolean) => void (isNew ? addWords : putWords).run(docid, words),
    dropWords: (docid: number) => void dropWords.run(docid),
    putPerson: (contactId: string, { names, pieces, numbers }: PersonWords): void => {
      const n = (personAt.get(contactId) as number | undefined) ?? (addPerson.get(contactId) as number);
      putNames.run(n, names);
      putPieces.run(n, pieces);
      putNumbers.run(n, numbers);
    },
    dropPerson: (contactId: string): void => {
      const n = personAt.get(contactId) as number | undefined;
      if (n === undefined) return;
      dropNames.run(n);
      dropPieces.run(n);
      dropNumbers.run(n);
    },

    /** Every word that occurs in a name, folded. */
    listNameWords: () => nameWords.all() as string[],
    /** Newest first. `match`: an FTS5 expression; docids from `from`, below `to`. */
    listNewest: (match: string, from: number, to: number, limit: number) => newest.all({ match, from, to, limit }) as FoundDoc[],
    /** The newest ones, each with its bm25 (the lower the better). */
    listRanked: (match: string, from: number, to: number, limit: number) => ranked.all({ match, from, to, limit }) as (FoundDoc & { score: number })[],
    countFound: (match: string, from: number, to: number) => count.get(match, from, to) as number,
    /** Contact ids. */
    listPeopleByName: (match: string, limit: number) => peopleByName.all(match, limit) as string[],
    listPeopleByNumber: (match: string, limit: number) => peopleByNumber.all(match, limit) as string[],
    /** Of contacts, those that stand for them: each person once, in the same order. */
    listStanding: (contactIds: readonly string[]) => [...new Set(contactIds.flatMap((id) => (standing.get(id) as string | undefined) ?? []))],
    /** Of the contacts that stand for people, everybody who is one of them. */
    listBelow: (contactIds: readonly string[]) => contactIds.flatMap((id) => below.all(id) as string[]),
    /** The newest of a person, by the contact that stands for them. */
    findNewestConversation: (contactId: string) => newestConversation.get(contactId) as { id: string; at: number } | undefined,
    findHit: ({ kind, ref }: Pick<FoundDoc, 'kind' | 'ref'>) => (kind === 'note' ? noteHit : messageHit).get(ref) as HitSource | undefined,
    listAgents: () => agents.all() as { id: string; name: string }[],
    listLabels: () => labels.all() as { id: string; name: string }[],
    /** Service requests that are called so and have a conversation. */
    findLinkedRequests: (reference: string) => linkedRequests.all(reference, /^\d{1,15}$/.test(reference) ? Number(reference) : null) as string[],
    isOfConversation: (id: string, filter: ConversationFilter, agentId: string) => isOfConversation.get({ id, ...bindFilter(filter, agentId) }) !== undefined,
    /** The people with such a conversation, at most `limit`. */
    listContactsOf: (filter: ConversationFilter, agentId: string, limit: number) => contactsOf.all({ limit, ...bindFilter(filter, agentId) }) as string[],
  };
}
export type SearchQueries = ReturnType<typeof createSearchQueries>;
