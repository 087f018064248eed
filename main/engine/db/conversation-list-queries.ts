/**
 * Pages of the list. Invariants: a page is a keyset page, so its cost does not grow with its depth; pages put one behind the other,
 * from either end, are the list without a gap and without a row twice. An order may have parts that follow each other, as open windows and the rest.
 */
import type Database from 'better-sqlite3';
import { SERVICE_WINDOW_GUARD_MS, SERVICE_WINDOW_MS } from '../../../contract/limits.ts';
import type { RequestLinkFilter } from '../../../contract/requests/request-rules.ts';
import { NOT_WAITING_AFTER, VIEW_COUNT_MAX, type ContactRole, type ListSort, type Trouble } from '../../../contract/rules/inbox-filter.ts';
import { foldText } from '../../../contract/rules/fold-text.ts';
import type { ConversationStatus } from '../../../contract/state.ts';
import { PERSON_JOIN, PERSON_WORDS } from './contact-queries.ts';
import { AWAKE, FAILED_IDS, HAS_FAILED, HAS_HELD, HELD_IDS, IS_VENDOR, MY_TEAMS, REQUEST, SUMMARY_COLUMNS, SUMMARY_JOINS, UNREAD, WINDOW_OPENED_AT, type SummaryView } from './conversation-queries.ts';

export type AssigneeFilter = 'anybody' | 'me' | 'my_teams' | 'nobody' | { agentId: string } | { teamId: string };
/** What a list is narrowed to; see `conversations.list` of the contract. */
export type ListConditions = {
  status: ConversationStatus;
  unread: boolean;
  search: string;
  assignee: AssigneeFilter;
  labelId?: string | undefined;
  request?: RequestLinkFilter | undefined;
  requestId?: string | undefined;
  snoozed: 'no' | 'only';
  hasDraft: boolean;
  waiting?: boolean | undefined;
  role?: ContactRole | undefined;
  trouble?: Trouble | undefined;
};
/** As `ListPlace` of the contract. */
export type ListPosition = { part: number; key: number; id: string };
/** `from`: the position after which, in the direction of reading, the page begins. */
export type ListFilter = ListConditions & { sort?: ListSort | undefined; towards?: 'start' | 'end' | undefined; from: ListPosition | null; limit: number };

/** `key`: an expression over `c` (and `o`); `from`: rows, where they are not the conversations that the conditions find. */
type Part = { key: string; isDescending: boolean; from?: string; condition?: string };

/** As in the indexes `conversation_waiting` and `conversation_assignee_waiting`. */
const WAITING_KEY = `coalesce(CASE c.status WHEN 'active' THEN c.waiting_since END, ${NOT_WAITING_AFTER} - c.last_message_at)`;
/** Keys of those that wait are times; of the others none is so low, also while their last message is pending. */
const WAITING_KEYS_END = 1e14;
const BY_LAST_MESSAGE: Part = { key: 'c.last_message_at', isDescending: true };
/** A window belongs to person and number, and counts from `o`, their last message in whichever conversation: by the index `conversation_inbound`, at most a day of it. */
const OPEN_WINDOWS: Part = {
  key: 'o.last_inbound_at',
  isDescending: false,
  from: 'conversation o INDEXED BY conversation_inbound CROSS JOIN conversation c ON c.contact_id = o.contact_id AND c.phone_number_id = o.phone_number_id',
  condition: `o.last_inbound_at > @openSince AND NOT EXISTS (SELECT 1 FROM conversation n WHERE n.contact_id = o.contact_id AND n.phone_number_id = o.phone_number_id AND (n.last_inbound_at > o.last_inbound_at OR (n.last_inbound_at = o.last_inbound_at AND n.id > o.id)))`,
};
const PARTS: Record<ListSort, readonly Part[]> = {
  newest: [BY_LAST_MESSAGE],
  waiting: [{ key: WAITING_KEY, isDescending: false }],
  window: [OPEN_WINDOWS, { ...BY_LAST_MESSAGE, condition: `coalesce(${WINDOW_OPENED_AT}, 0) <= @openSince` }],
};

/** In the order in which they are read. */
function partsOf(sort: ListSort, towards: 'start' | 'end'): { part: Part; index: number }[] {
  const parts = PARTS[sort].map((part, index) => ({ part, index }));
  return towards === 'start' ? parts.toReversed() : parts;
}

/** What was typed into the search, as `MATCHES` and `CALLED_SO` compare it. `digits`: empty where it is no number. */
type Sought = { folded: string; digits: string };
const readSearch = (search: string): Sought | null => {
  const typed = search.trim();
  return typed === '' ? null : { folded: foldText(typed.replace(/^@/, '')), digits: /^[\d\s+()-]{3,}$/.test(typed) ? typed.replace(/\D/g, '') : '' };
};
const MATCHES = `(fold(${PERSON_WORDS}) LIKE +@like ESCAPE '\\' OR (@digits <> '' AND EXISTS (
  SELECT 1 FROM contact_identifier i WHERE i.contact_id = c.contact_id AND i.kind IN ('wa_id', 'phone') AND i.value LIKE '%' || @digits || '%')))`;
const HAS_LINK = 'EXISTS (SELECT 1 FROM request_link l WHERE l.conversation_id = c.id)';
const TROUBLE_IDS: Record<Trouble, string> = { failed: `SELECT DISTINCT id FROM (${FAILED_IDS})`, held: HELD_IDS, any: `${HELD_IDS} UNION ${FAILED_IDS}` };
const TROUBLE_CONDITIONS: Record<Trouble, string> = { failed: HAS_FAILED, held: HAS_HELD, any: `(${HAS_HELD} OR ${HAS_FAILED})` };

/** SQLite would rather take the index of all that are active. */
const WAITING_BY_NEWEST = 'conversation c INDEXED BY conversation_waiting_newest';

type Parameters = Record<string, string | number>;

/** The condition for an assignee filter, and what it binds. */
function assigneeCondition(filter: AssigneeFilter): { sql: string; bound: Parameters } {
  if (typeof filter === 'object')
    return 'agentId' in filter ? { sql: 'c.assignee_id = +@assigneeId', bound: { assigneeId: filter.agentId } } : { sql: 'c.team_id = +@teamId', bound: { teamId: filter.teamId } };
  switch (filter) {
    case 'anybody':
      return { sql: '', bound: {} };
    case 'me':
      return { sql: 'c.assignee_id = +@agentId', bound: {} };
    case 'my_teams':
      return { sql: MY_TEAMS, bound: {} };
    case 'nobody':
      return { sql: 'c.assignee_id IS NULL', bound: {} };
  }
}

/** By what the row shows, so that a list can judge its own rows as this does. The cheap question comes first: most conversations are linked to none. */
function requestCondition(filter: RequestLinkFilter | undefined): { sql: string; bound: Parameters } {
  if (filter === undefined) return { sql: '', bound: {} };
  if (filter === 'linked' || filter === 'unlinked') return { sql: filter === 'linked' ? HAS_LINK : `NOT ${HAS_LINK}`, bound: {} };
  return { sql: `(${HAS_LINK} AND json_extract(${REQUEST}, '$.status') = +@requestStatus)`, bound: { requestStatus: filter } };
}

/** Sets of conversations that hold all that the filter finds. `isFew`: known to be small; else `counted` says how many. A list begins at a small one: there may be none among a hundred thousand. */
type Around = { ids: string; isFew: true } | { ids: string; isFew: false; counted: string };
function setsAround({ hasDraft, trouble, requestId, labelId, request, role }: ListConditions, sought: Sought | null): Around[] {
  const few = (ids: string): Around => ({ ids, isFew: true });
  const maybeMany = (ids: string, counted = ids): Around => ({ ids, isFew: false, counted });
  return [
    ...(requestId === undefined ? [] : [few('SELECT DISTINCT conversation_id AS id FROM request_link WHERE request_id = +@requestId')]),
    ...(trouble === undefined ? [] : [few(TROUBLE_IDS[trouble])]),
    ...(hasDraft ? [few('SELECT conversation_id AS id FROM draft')] : []),
    ...(labelId === undefined ? [] : [maybeMany('SELECT conversation_id AS id FROM conversation_label WHERE label_id = +@labelId')]),
    ...(request === undefined || request === 'unlinked' ? [] : [maybeMany(request === 'linked' ? LINKED_IDS : IDS_BY_REQUEST_STATUS)]),
    ...(role === 'vendor' ? [maybeMany(VENDOR_IDS)] : []),
    ...(sought !== null && hasPieces(sought) ? [maybeMany(CALLED_SO_IDS, CALLED_SO)] : []),
  ];
}

const LINKED_IDS = 'SELECT DISTINCT conversation_id AS id FROM request_link';
const IDS_BY_REQUEST_STATUS = 'SELECT DISTINCT l.conversation_id AS id FROM service_request q CROSS JOIN request_link l ON l.request_id = q.id WHERE q.status = +@requestStatus';
const VENDOR_IDS = `WITH RECURSIVE below (id) AS (SELECT id FROM contact WHERE is_vendor = 1 UNION SELECT x.id FROM below CROSS JOIN contact x ON x.merged_into = below.id)
  SELECT k.id FROM below CROSS JOIN conversation k ON k.contact_id = below.id UNION SELECT conversation_id FROM request_link WHERE role = 'vendor'`;
/**
 * People who may be called so: whose pieces, as they were indexed, hold what was typed; whoever changed since then; and those for whom somebody else
 * stands, whose name counts for them (`PERSON_WORDS`).
 */
const CALLED_SO = `SELECT s.contact_id FROM (SELECT rowid AS n FROM search_pieces WHERE search_pieces MATCH @pieces) f CROSS JOIN search_person s ON s.n = f.n
  UNION ALL SELECT ref FROM search_todo WHERE kind = 'person' UNION ALL SELECT id FROM contact WHERE merged_into IS NOT NULL`;
const CALLED_SO_IDS = `SELECT DISTINCT k.id FROM (${CALLED_SO}) x CROSS JOIN conversation k ON k.contact_id = x.contact_id`;
/** The index knows pieces of three characters, and an FTS5 expression ends at a NUL. */
const hasPieces = ({ folded, digits }: Sought): boolean => [folded, digits || folded].every((text) => /^.{3}/su.test(text) && !text.includes('\0'));
const piecesOf = ({ folded, digits }: Sought): string =>
  [folded, digits]
    .filter((text) => text !== '')
    .map((text) => `"${text.replaceAll('"', '""')}"`)
    .join(' OR ');
/** So many are sorted in a few milliseconds; where there are more, a page of them is soon found. */
const FEW = 2_000;

/** `isOfWaiting`: it is about those that wait, and not about somebody's or a team's, which have indexes of their own. */
type Read = { sets: ReturnType<typeof setsAround>; isOfWaiting: boolean; conditions: string[]; bound: Parameters };

/** The text of the conditions depends on the shape of the filter alone, so few statements are compiled. */
function readConditions(filter: ListConditions): Read {
  const assignee = assigneeCondition(filter.assignee);
  const request = requestCondition(filter.request);
  const sought = readSearch(filter.search);
  const isAnywhere = filter.hasDraft || filter.trouble !== undefined;
  const conditions = [
    isAnywhere ? '' : 'c.status = +@status',
    isAnywhere ? '' : filter.snoozed === 'only' ? 'c.snoozed_until > @now' : AWAKE,
    filter.waiting ? `c.status = 'active' AND c.waiting_since IS NOT NULL AND ${WAITING_KEY} < ${WAITING_KEYS_END}` : '',
    assignee.sql,
    filter.unread ? UNREAD : '',
    filter.role === undefined ? '' : filter.role === 'vendor' ? IS_VENDOR : `NOT ${IS_VENDOR}`,
    filter.labelId === undefined ? '' : 'EXISTS (SELECT 1 FROM conversation_label cl WHERE cl.conversation_id = c.id AND cl.label_id = +@labelId)',
    request.sql,
    filter.requestId === undefined ? '' : 'EXISTS (SELECT 1 FROM request_link l WHERE l.request_id = +@requestId AND l.conversation_id = c.id)',
    filter.hasDraft ? 'EXISTS (SELECT 1 FROM draft d WHERE d.conversation_id = c.id)' : '',
    filter.trouble === undefined ? '' : TROUBLE_CONDITIONS[filter.trouble],
    sought === null ? '' : MATCHES,
  ];
  return {
    sets: setsAround(filter, sought),
    isOfWaiting: filter.waiting === true && ['anybody', 'my_teams', 'nobody'].includes(filter.assignee as string),
    conditions: conditions.filter((condition) => condition !== ''),
    bound: {
      status: filter.status,
      ...assignee.bound,
      ...request.bound,
      ...(filter.labelId !== undefined && { labelId: filter.labelId }),
      ...(filter.requestId !== undefined && { requestId: filter.requestId }),
      ...(sought !== null && { like: `%${sought.folded.replace(/[\\%_]/g, '\\$&')}%`, digits: sought.digits, ...(hasPieces(sought) && { pieces: piecesOf(sought) }) }),
    },
  };
}

/** What of the rest of a row the conditions ask about. */
const joinsFor = (sql: string): string =>
  [/\b[ps]\./.test(sql) ? `JOIN contact p ON p.id = c.contact_id ${PERSON_JOIN}` : '', sql.includes(UNREAD) ? 'LEFT JOIN read_position r ON r.agent_id = +@agentId AND r.conversation_id = c.id' : '']
    .join(' ')
    .trim();

function pageSql({ isOfWaiting, conditions }: Read, source: string | null, part: Part, isBackwards: boolean): string {
  const isDescending = part.isDescending !== isBackwards;
  const [beyond, order] = isDescending ? ['<', 'DESC'] : ['>', 'ASC'];
  // A row value does not find an index of an expression.
  const isColumn = /^\w+\.\w+$/.test(part.key) && part.from === undefined;
  const keyset = isColumn ? `(${part.key}, c.id) ${beyond} (+@key, +@id)` : `${part.key} ${beyond}= +@key AND (${part.key} ${beyond} +@key OR c.id ${beyond} +@id)`;
  const where = [...conditions, ...(part.condition === undefined ? [] : [part.condition]), keyset].join(' AND ');
  const from = part.from ?? source;
  const orderBy = (key: string): string => `ORDER BY ${key} ${order}, c.id ${order}`;
  const table = isOfWaiting && isColumn ? WAITING_BY_NEWEST : 'conversation c';
  // Where many may be passed over, or have to be sorted, the ids alone are looked for.
  if (from === null && joinsFor(where) === '') return `SELECT ${SUMMARY_COLUMNS} FROM ${table} ${SUMMARY_JOINS} WHERE ${where} ${orderBy(part.key)} LIMIT +@limit`;
  const page = `SELECT c.id, ${part.key} AS key FROM ${from ?? table} ${joinsFor(where)} WHERE ${where} ${orderBy(part.key)} LIMIT +@limit`;
  return `SELECT ${SUMMARY_COLUMNS} FROM (${page}) page CROSS JOIN conversation c ON c.id = page.id ${SUMMARY_JOINS} ${orderBy('page.key')}`;
}

const sourceOf = (set: { ids: string } | undefined): string | null => (set ? `(${set.ids}) few CROSS JOIN conversation c ON c.id = few.id` : null);

/** The statements that a page is read with, where its set is small. Exported for the test that they use their indexes. */
export const listSql = ({ sort = 'newest', towards = 'end', ...filter }: Omit<ListFilter, 'from' | 'limit'>): string[] =>
  partsOf(sort, towards).map(({ part }) => {
    const read = readConditions(filter);
    return pageSql(read, sourceOf(read.sets[0]), part, towards === 'start');
  });

const countSql = ({ isOfWaiting, conditions }: Read, source: string | null): string => {
  const where = conditions.join(' AND ');
  return `SELECT count(*) FROM (SELECT 1 FROM ${source ?? (isOfWaiting ? WAITING_BY_NEWEST : 'conversation c')} ${joinsFor(where)} WHERE ${where} LIMIT ${VIEW_COUNT_MAX})`;
};

/** Before the first row and behind the last, in either order. */
const LOWEST = { key: Number.MIN_SAFE_INTEGER, id: '' };
const HIGHEST = { key: Number.MAX_SAFE_INTEGER, id: '\u{10FFFF}' };

/** @param now relay time, ms. */
export function createConversationListQueries(db: Database.Database, now: () => number) {
  db.function('fold', { deterministic: true }, (text: unknown) => foldText(String(text)));
  const statements = new Map<string, Database.Statement>();
  const prepare = (sql: string): Database.Statement => {
    const known = statements.get(sql) ?? db.prepare(sql);
    statements.set(sql, known);
    return known;
  };
  /** Where to begin: at the first set that is small. */
  const chooseSource = ({ sets }: Read, bound: Parameters): string | null =>
    sourceOf(
      sets.find((set) => {
        if (set.isFew) return true;
        return (
          (prepare(`SELECT count(*) FROM (SELECT 1 FROM (${set.counted}) LIMIT ${FEW + 1})`)
            .pluck()
            .get(bound) as number) <= FEW
        );
      }),
    );
  const boundOf = (read: Read, agentId: string): Parameters => ({ ...read.bound, agentId, now: now(), openSince: now() + SERVICE_WINDOW_GUARD_MS - SERVICE_WINDOW_MS });

  return {
    /** At most `limit` rows, in the order of the list, whichever way they are read. */
    list: ({ sort = 'newest', towards = 'end', from, limit, ...filter }: ListFilter, agentId: string): SummaryView[] => {
      const read = readConditions(filter);
      const bound = boundOf(read, agentId);
      const source = chooseSource(read, bound);
      const isBackwards = towards === 'start';
      const rows: SummaryView[] = [];
      for (const { part, index } of partsOf(sort, towards)) {
        if (rows.length >= limit || (from !== null && (isBackwards ? index > from.part : index < from.part))) continue;
        const { key, id } = from?.part === index ? from : part.isDescending === isBackwards ? LOWEST : HIGHEST;
        rows.push(...(prepare(pageSql(read, source, part, isBackwards)).all({ ...bound, key, id, limit: limit - rows.length }) as SummaryView[]));
      }
      return isBackwards ? rows.toReversed() : rows;
    },
    /** How many there are, up to `VIEW_COUNT_MAX`. */
    count: (filter: ListConditions, agentId: string): number => {
      const read = readConditions(filter);
      const bound = boundOf(read, agentId);
      return prepare(countSql(read, chooseSource(read, bound)))
        .pluck()
        .get(bound) as number;
    },
  };
}
export type ConversationListQueries = ReturnType<typeof createConversationListQueries>;
