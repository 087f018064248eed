/**
 * The list against a slow calculation over the same rows: whatever the rows, the filter, the order, the size of a page and the end it is
 * read from, pages one behind the other are what was meant, and the window's own judgement of a row (`belongs`, `compareRows`) agrees.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SERVICE_WINDOW_MS } from '../../contract/limits.ts';
import { CONTACT_ROLES, FOLDERS, LIST_SORTS, toQuery, type InboxFilter } from '../../contract/rules/inbox-filter.ts';
import { PENDING_SORT_AT, type ConversationStatus } from '../../contract/state.ts';
import { belongs, compareRows } from '../../renderer/store/inbox-filter.ts';
import { mergeRows } from '../../renderer/store/merge-rows.ts';
import { createOffice, HOUR, type Desk } from '../unit/engine/desk.ts';

const ROWS = 160;
const FILTERS = 60;
const ME = 'bo';
const NEW_REQUEST = 'request-new';
const DONE_REQUEST = 'request-done';

type Row = {
  id: string;
  contactNo: number;
  phoneNumberId: string;
  status: ConversationStatus;
  lastInboundAt: number | null;
  lastMessageAt: number;
  inboundCount: number;
  readCount: number;
  assigneeId: string | null;
  teamId: string | null;
  snoozedUntil: number | null;
  waitingSince: number | null;
  labels: string[];
  links: { requestId: string; role: 'customer' | 'vendor' }[];
  hasDraft: boolean;
  held: 'mine' | 'theirs' | null;
  failed: 'last' | 'answered' | 'given_up' | null;
};

/** @param now so that windows close and snoozes end around it. Few different times: rows that tie are the hard ones. */
const rowsOf = (now: number): fc.Arbitrary<Omit<Row, 'id' | 'links'> & { link: Row['links'][number] | null }> => {
  const around = fc.integer({ min: -30, max: 3 }).map((hours) => now + hours * HOUR);
  const rarely = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { freq: 4 });
  return fc.record({
    contactNo: fc.nat(90),
    phoneNumberId: fc.constantFrom('2', '2', '3'),
    status: fc.constantFrom('active', 'active', 'active', 'archived', 'closed'),
    lastInboundAt: fc.option(around, { freq: 6 }),
    lastMessageAt: fc.oneof({ weight: 9, arbitrary: around }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 5 }).map((seq) => PENDING_SORT_AT + seq) }),
    inboundCount: fc.nat(3),
    readCount: fc.nat(3),
    assigneeId: fc.constantFrom(null, ME, 'cy'),
    teamId: fc.constantFrom(null, 'mine', 'theirs'),
    snoozedUntil: rarely(around),
    waitingSince: fc.option(around, { freq: 2 }),
    labels: fc.subarray(['vip', 'late']),
    link: rarely(fc.record({ requestId: fc.constantFrom(NEW_REQUEST, DONE_REQUEST), role: fc.constantFrom('customer', 'vendor') })),
    hasDraft: fc.boolean(),
    held: rarely(fc.constantFrom('mine', 'theirs')),
    failed: rarely(fc.constantFrom('last', 'answered', 'given_up')),
  });
};

const filters: fc.Arbitrary<InboxFilter> = fc.record({
  status: fc.constantFrom('active', 'active', 'archived', 'closed'),
  whose: fc.oneof({ weight: 3, arbitrary: fc.constant('anybody' as const) }, fc.constantFrom<InboxFilter['whose'][]>('me', 'my_teams', 'nobody', { agentId: 'cy' }, { teamId: 'theirs' })),
  unread: fc.boolean(),
  waiting: fc.boolean(),
  role: fc.option(fc.constantFrom(...CONTACT_ROLES), { freq: 1 }),
  labelId: fc.option(fc.constantFrom('vip', 'late'), { freq: 1 }),
  request: fc.option(fc.constantFrom('linked', 'unlinked', 'new', 'done'), { freq: 1 }),
  requestId: fc.constant(null),
  folder: fc.option(fc.constantFrom(...FOLDERS), { freq: 1 }),
  search: fc.constant(''),
  sort: fc.constantFrom(...LIST_SORTS),
});

/** A request has one conversation a role. */
function withLinks(rows: readonly (Omit<Row, 'id' | 'links'> & { link: Row['links'][number] | null })[]): Row[] {
  const taken = new Set<string>();
  return rows.map(({ link, ...row }, index) => {
    const key = link && `${link.requestId} ${link.role}`;
    const isFree = key !== null && !taken.has(key);
    if (isFree) taken.add(key);
    return { ...row, id: `c${String((index * 7919) % 1000).padStart(3, '0')}`, links: link && isFree ? [link] : [] };
  });
}

function write({ db }: Desk, rows: readonly Row[], isVendor: (contactNo: number) => boolean): void {
  const insert = (table: string, values: Record<string, string | number | null>): void =>
    void db
      .prepare(
        `INSERT INTO ${table} (${Object.keys(values).join(', ')}) VALUES (${Object.keys(values)
          .map((key) => `@${key}`)
          .join(', ')}) ON CONFLICT DO NOTHING`,
      )
      .run(values);
  db.exec('DELETE FROM conversation; DELETE FROM message; DELETE FROM draft');
  for (const id of ['vip', 'late']) insert('label', { id, name: id, color: 'red', is_deleted: 0 });
  for (const id of ['mine', 'theirs']) insert('team', { id, name: id, is_deleted: 0 });
  insert('team_member', { team_id: 'mine', agent_id: ME });
  const request = {
    service_type: 'x',
    customer_name: '',
    contact_phone: '',
    contact_email: '',
    address: '',
    form_url: '',
    description: '',
    source: 'manual',
    created_by: ME,
    created_at: 0,
    updated_seq: 1,
    updated_at: 0,
  };
  insert('service_request', { ...request, id: NEW_REQUEST, status: 'new', created_seq: 1 });
  insert('service_request', { ...request, id: DONE_REQUEST, status: 'done', created_seq: 2 });
  for (const [index, row] of rows.entries()) {
    const contactId = `p${row.contactNo}`;
    const message = { conversation_id: row.id, contact_id: contactId, direction: 'out', sort_at: 1, sent_at: 1, received_at: 1, content: '{"kind":"text","text":"x"}', status: 'queued' };
    insert('contact', { id: contactId, profile_name: contactId, created_seq: 1, is_vendor: isVendor(row.contactNo) ? 1 : 0 });
    insert('conversation', {
      id: row.id,
      contact_id: contactId,
      phone_number_id: row.phoneNumberId,
      status: row.status,
      created_seq: index + 1,
      last_inbound_seq: 1,
      last_inbound_at: row.lastInboundAt,
      inbound_count: row.inboundCount,
      last_outbound_seq: 10,
      other_outbound_seq: 0,
      last_message_at: row.lastMessageAt,
      assignee_id: row.assigneeId,
      team_id: row.teamId,
      snoozed_until: row.snoozedUntil,
      waiting_since: row.waitingSince,
    });
    insert('read_position', { agent_id: ME, conversation_id: row.id, seq: 1, inbound_no: row.readCount });
    for (const labelId of row.labels) insert('conversation_label', { conversation_id: row.id, label_id: labelId });
    for (const { requestId, role } of row.links) insert('request_link', { request_id: requestId, role, conversation_id: row.id, seq: index });
    if (row.hasDraft) insert('draft', { conversation_id: row.id, text: 'va', mode: 'reply', updated_at: 1 });
    if (row.held) insert('message', { ...message, id: `${row.id}-held`, seq: 9, hold: 'held', actor_id: row.held === 'mine' ? ME : 'cy' });
    if (row.failed) insert('message', { ...message, id: `${row.id}-failed`, seq: row.failed === 'answered' ? 9 : 10, status: 'failed', hold: row.failed === 'given_up' ? 'discarded' : null });
  }
}

/** What was meant, told without SQL. */
function meant(rows: readonly Row[], filter: InboxFilter, isVendor: (contactNo: number) => boolean, now: number): string[] {
  const openedAt = (row: Row): number =>
    Math.max(0, ...rows.filter((other) => other.contactNo === row.contactNo && other.phoneNumberId === row.phoneNumberId).map((other) => other.lastInboundAt ?? 0));
  const isOpen = (row: Row): boolean => openedAt(row) + SERVICE_WINDOW_MS - now > 60_000;
  const waits = (row: Row): number | null => (row.status === 'active' ? row.waitingSince : null);
  const isSnoozed = (row: Row): boolean => row.snoozedUntil !== null && row.snoozedUntil > now;
  const isVendorRow = (row: Row): boolean => isVendor(row.contactNo) || row.links.some(({ role }) => role === 'vendor');
  const whose = (row: Row): boolean => {
    if (typeof filter.whose === 'object') return 'agentId' in filter.whose ? row.assigneeId === filter.whose.agentId : row.teamId === filter.whose.teamId;
    return { anybody: true, me: row.assigneeId === ME, my_teams: row.teamId === 'mine', nobody: row.assigneeId === null }[filter.whose];
  };
  const about = (row: Row): boolean => {
    const status = row.links[0]?.requestId === NEW_REQUEST ? 'new' : row.links[0] ? 'done' : null;
    return filter.request === null || (filter.request === 'linked' ? status !== null : filter.request === 'unlinked' ? status === null : status === filter.request);
  };
  const inFolder = (row: Row): boolean => {
    if (filter.folder === 'drafts') return row.hasDraft;
    if (filter.folder === 'trouble') return row.held === 'mine' || (row.status === 'active' && row.failed === 'last');
    return row.status === filter.status && isSnoozed(row) === (filter.folder === 'snoozed');
  };
  const found = rows.filter(
    (row) =>
      inFolder(row) &&
      whose(row) &&
      about(row) &&
      (!filter.unread || row.inboundCount > row.readCount) &&
      (!filter.waiting || waits(row) !== null) &&
      (filter.role === null || (filter.role === 'vendor') === isVendorRow(row)) &&
      (filter.labelId === null || row.labels.includes(filter.labelId)),
  );
  const up = (a: string, b: string): number => (a < b ? -1 : 1);
  const newest = (a: Row, b: Row): number => b.lastMessageAt - a.lastMessageAt;
  const sorted = found.toSorted((a, b) => {
    if (filter.sort === 'newest') return newest(a, b) || up(b.id, a.id);
    const isWaiting = filter.sort === 'waiting';
    const first = (row: Row): boolean => (isWaiting ? waits(row) !== null : isOpen(row));
    const key = (row: Row): number => (isWaiting ? (waits(row) ?? 0) : openedAt(row));
    if (first(a) !== first(b)) return first(a) ? -1 : 1;
    if (first(a)) return key(a) - key(b) || up(a.id, b.id);
    return newest(a, b) || (isWaiting ? up(a.id, b.id) : up(b.id, a.id));
  });
  return sorted.map(({ id }) => id);
}

function readAll(desk: Desk, filter: InboxFilter, limit: number, towards: 'start' | 'end') {
  const items = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = desk.conversations.list({ ...toQuery(filter), limit, towards, ...(cursor !== undefined && { cursor }) });
    if (towards === 'end') items.push(...page.items);
    else items.unshift(...page.items);
    cursor = towards === 'end' ? page.nextCursor : page.previousCursor;
    expect(page.items.length === 0 || items.length <= ROWS).toBe(true);
  }
  return items;
}

it.each([20_261_123, 7])('pages of the list, from either end, are what was meant, and the window agrees (seed %i)', { timeout: 120_000 }, (seed) => {
  const office = createOffice();
  try {
    const desk = office.openDesk(ME);
    const now = desk.now();
    const isVendor = (contactNo: number): boolean => contactNo % 5 === 0;
    const rows = withLinks(fc.sample(fc.array(rowsOf(now), { minLength: ROWS, maxLength: ROWS }), { seed, numRuns: 1 })[0]!);
    write(desk, rows, isVendor);
    const byId = new Map(rows.map(({ id }) => desk.conversations.byIds([id])[0]!).map((row) => [row.id, row]));
    const found = { rows: 0, empty: 0 };
    for (const [n, filter] of fc.sample(filters, { seed, numRuns: FILTERS }).entries()) {
      // Half of them ask little, so that lists are long as well.
      const asked: InboxFilter = n % 2 === 0 ? { ...filter, unread: false, waiting: n % 8 === 0, role: n % 6 === 0 ? filter.role : null, labelId: null, request: null } : filter;
      const expected = meant(rows, asked, isVendor, now);
      const about = JSON.stringify(asked);
      const limit = 1 + (n % 13);
      expect(
        readAll(desk, asked, limit, 'end').map(({ id }) => id),
        about,
      ).toEqual(expected);
      expect(
        readAll(desk, asked, limit, 'start').map(({ id }) => id),
        `${about} backwards`,
      ).toEqual(expected);
      const shown = [...byId.values()].filter((row) => belongs(row, asked, new Set(['mine']))).toSorted((a, b) => compareRows(a, b, asked.sort));
      expect(
        shown.map(({ id }) => id),
        `${about} in the window`,
      ).toEqual(expected);
      if (shown.length > 3) {
        // A row that moved lands where the engine has it; what lies beyond an edge waits for its page.
        const [above, loaded, top, bottom] = [shown.slice(0, 2), shown.slice(2, -1), shown[2]!, shown.at(-2)!];
        const changed = [...byId.values()].filter((_, index) => (index + n) % 3 === 0);
        const ids = new Set(changed.map(({ id }) => id));
        const merged = mergeRows(
          loaded,
          changed,
          ids,
          (row) => belongs(row, asked, new Set(['mine'])),
          (a, b) => compareRows(a, b, asked.sort),
          { top, bottom },
        );
        expect(merged, `${about} merged`).toEqual({ rows: loaded, above: expect.arrayContaining(above.filter(({ id }) => ids.has(id))) });
      }
      found.rows += expected.length;
      if (expected.length === 0) found.empty += 1;
    }
    // A test of empty lists would prove little.
    expect(found.rows).toBeGreaterThan(FILTERS * 5);
    expect(found.empty).toBeLessThan(FILTERS * 0.6);
  } finally {
    office.close();
  }
});
