/** The list's statements over a real database: every common question has an index, and saved views are counted as they are listed. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inboxViewSchema, type InboxView } from '../../../contract/entities.ts';
import { NO_FILTER, toQuery, VIEW_COUNT_MAX, type InboxFilter } from '../../../contract/rules/inbox-filter.ts';
import { createInboxViews } from '../../../main/engine/conversations/inbox-views.ts';
import { createConversationListQueries, listSql } from '../../../main/engine/db/conversation-list-queries.ts';
import { createSettingQueries } from '../../../main/engine/db/setting-queries.ts';
import { createOffice, type Desk } from './desk.ts';

let office: ReturnType<typeof createOffice>;
let desk: Desk;
beforeEach(() => {
  office = createOffice();
  desk = office.openDesk('bo');
});
afterEach(() => office.close());

const BOUND = {
  status: 'active',
  agentId: 'bo',
  assigneeId: 'cy',
  teamId: 't',
  requestId: 'r',
  labelId: 'l',
  like: '%a%',
  digits: '',
  pieces: '"abc"',
  now: 1,
  openSince: 1,
  key: 1,
  id: '',
  limit: 51,
};
/** The steps that read rows of conversations, and whether anything is sorted; of the statement without what each row shows and what is looked up once for all of them. */
const plansOf = (filter: Partial<InboxFilter>): string[] =>
  (['end', 'start'] as const).flatMap((towards) =>
    listSql({ ...toQuery({ ...NO_FILTER, ...filter }), towards }).map((sql) => {
      const used = Object.fromEntries(Object.entries(BOUND).filter(([name]) => sql.includes(`@${name}`)));
      const steps = desk.db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(used) as { id: number; parent: number; detail: string }[];
      const isOfSubquery = (step: (typeof steps)[number]): boolean => /^(?:CORRELATED|SCALAR|LIST) /.test(step.detail) || steps.some((parent) => parent.id === step.parent && isOfSubquery(parent));
      return steps
        .filter((step) => !isOfSubquery(step))
        .map(({ detail }) => detail)
        .join('\n');
    }),
  );

describe('an index serves', () => {
  it.each([
    ['the newest', {}, /SEARCH c USING INDEX conversation_list \(status=\? AND \(last_message_at,id\)[<>]\(\?,\?\)\)/],
    ['mine', { whose: 'me' }, /SEARCH c USING INDEX conversation_assignee \(assignee_id=\? AND status=\? AND \(last_message_at,id\)[<>]/],
    ['a colleague’s', { whose: { agentId: 'cy' } }, /SEARCH c USING INDEX conversation_assignee \(assignee_id=\? AND status=\?/],
    ['a team’s', { whose: { teamId: 't' } }, /SEARCH c USING INDEX conversation_team \(team_id=\? AND status=\?/],
    ['those that wait', { waiting: true }, /USING (?:COVERING )?INDEX conversation_waiting_newest/],
    ['who waits longest', { sort: 'waiting' }, /SEARCH c USING INDEX conversation_waiting \(status=\? AND <expr>/],
    ['mine by who waits longest', { sort: 'waiting', whose: 'me' }, /SEARCH c USING INDEX conversation_assignee_waiting \(assignee_id=\? AND status=\? AND <expr>/],
    ['nobody’s by who waits longest', { sort: 'waiting', whose: 'nobody' }, /SEARCH c USING INDEX conversation_assignee_waiting \(assignee_id=\? AND status=\? AND <expr>/],
  ] as [string, Partial<InboxFilter>, RegExp][])('%s, without reading or sorting anything else', (_, filter, index) => {
    for (const plan of plansOf(filter)) {
      expect(plan).toMatch(index);
      expect(plan).not.toMatch(/SCAN|TEMP B-TREE/);
    }
  });

  it('the windows that close next from the messages of one day, and the rest from the newest', () => {
    const [open, rest, restBack, openBack] = plansOf({ sort: 'window' });
    for (const plan of [open, openBack]) {
      expect(plan).toMatch(/SEARCH o USING (?:COVERING )?INDEX conversation_inbound \(last_inbound_at>\?/);
      expect(plan).not.toMatch(/SCAN [co]\b/);
    }
    for (const plan of [rest, restBack]) expect(plan).toMatch(/SEARCH c USING INDEX conversation_list \(status=\?/);
  });

  it.each([
    ['drafts', { folder: 'drafts' }],
    ['what did not arrive or is held', { folder: 'trouble' }],
    ['a request', { requestId: 'r' }],
    ['a piece of a name', { search: 'rcí' }],
  ] as [string, Partial<InboxFilter>][])('%s: begins at the few that are meant', (_, filter) => {
    for (const plan of plansOf(filter)) expect(plan).toMatch(/SEARCH c USING PRIMARY KEY \(id=\?\)/);
    for (const plan of plansOf(filter)) expect(plan).not.toMatch(/SCAN (?:c|m|f)\b(?! USING (?:COVERING )?INDEX message_(?:undelivered|held))/);
  });
});

describe('a piece of a name or number', () => {
  const TYPED = [
    'ñández',
    'NANDEZ',
    'z pe',
    '@rosa',
    '50%',
    'a_b',
    '"vip"',
    "d'or",
    'OR',
    'a*b',
    '한국',
    '👩‍🌾 ro',
    '5550',
    '+502 5555-0003',
    '(5)',
    '55 5',
    '  mar  ',
    'los olivos',
    'x@olivos',
    'nadie así',
    'bo',
    '-',
  ];
  const fold = (text: string): string => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
  /** What the statement says, asked of each row. */
  const judged = (search: string): string[] => {
    const typed = search.trim();
    const digits = /^[\d\s+()-]{3,}$/.test(typed) ? typed.replaceAll(/\D/g, '') : '';
    const { state } = desk.replica;
    const rows = desk.db.prepare('SELECT c.id, c.contact_id FROM conversation c ORDER BY c.last_message_at DESC, c.id DESC').all() as { id: string; contact_id: string }[];
    const numbers = desk.db.prepare("SELECT value FROM contact_identifier WHERE contact_id = ? AND kind IN ('wa_id', 'phone')").pluck();
    return rows
      .filter(({ contact_id }) => {
        const person = state.get('contact', [contact_id])!;
        let standing = person;
        while (standing.merged_into !== null) standing = state.get('contact', [standing.merged_into])!;
        const words = [standing.name, person.name, person.profile_name, person.username, standing.email, standing.company].map((word) => word ?? '').join(' ');
        return fold(words).includes(fold(typed.replace(/^@/, ''))) || (digits !== '' && (numbers.all(contact_id) as string[]).some((value) => value.includes(digits)));
      })
      .map(({ id }) => id);
  };
  const listed = (search: string): string[] => desk.conversations.list({ ...toQuery({ ...NO_FILTER, search }), limit: 100 }).items.map(({ id }) => id);
  const compare = (): number[] =>
    TYPED.map((typed) => {
      expect(listed(typed), typed).toEqual(judged(typed));
      return judged(typed).length;
    });
  const contactOf = (phone: string): string => desk.db.prepare('SELECT contact_id FROM contact_identifier WHERE value = ?').pluck().get(phone) as string;
  const isIndexed = (): boolean => desk.searchIndex.finishLittle();

  it('finds the same before anybody is in the index, when all are, and after what changes then', () => {
    const { log } = office;
    const NAMES = ['José Hernández Peña', 'Rosa', 'Ana 50% "vip"', "Pan d'Or a_b", 'A*B a-b', '한국어 이름', '👩‍🌾 Rosalía', 'María OR Mario', 'Marco', 'x'];
    for (const [n, name] of NAMES.entries()) log.customerWrites({ from: `5025555000${n}`, name });
    desk.pull();
    const before = compare();
    expect(before.filter((found) => found > 0).length).toBeGreaterThan(15);
    expect(desk.searchQueries.countTodo(1)).toBe(1);
    expect(isIndexed()).toBe(true);
    expect(compare()).toEqual(before);

    const [jose, marco, ana] = ['50255550000', '50255550008', '50255550002'].map(contactOf) as [string, string, string];
    const change = (contactId: string, changes: Record<string, { from: string | null; to: string | null }>) => log.op('bo', { type: 'contact.change', args: { contactId, changes } });
    for (const what of [
      () => change(jose, { name: { from: null, to: 'Pepe' }, company: { from: null, to: 'Los Olivos' }, email: { from: null, to: 'pepe@olivos.gt' } }),
      // A colleague's other identity: whoever stands for them gives their name, before and after the index knows it.
      () => log.op('leo', { type: 'contact.merge', args: { contactId: marco, from: null, to: jose } }),
      () => change(jose, { company: { from: 'Los Olivos', to: 'Los Olivos de Marisol' } }),
      () => log.op('leo', { type: 'contact.merge', args: { contactId: marco, from: jose, to: null } }),
      () => log.op('bo', { type: 'contact.phone', args: { contactId: ana, phone: '50255503333' } }),
      () => log.op('ana', { type: 'contact.erase', args: { contactId: ana } }),
    ]) {
      what();
      desk.pull();
      const found = compare();
      expect(isIndexed()).toBe(true);
      expect(compare()).toEqual(found);
    }
    expect(listed('olivos')).toHaveLength(1);
    expect(listed('"vip"')).toEqual([]);
    expect(listed('a text with\0a NUL')).toEqual([]);
  });
});

describe('saved views', () => {
  const view = (id: string, filter: Partial<InboxFilter> = {}): InboxView => inboxViewSchema.parse({ id, name: id, filter: { ...NO_FILTER, ...filter } });
  const createViews = () => createInboxViews({ lists: createConversationListQueries(desk.db, desk.now), settings: createSettingQueries(desk.db), changes: desk.changes, myId: () => 'bo' });

  it('come back in their order with what each shows now, and a change of them is told', () => {
    const heard: boolean[] = [];
    desk.changes.listen(({ session }) => heard.push(session));
    createViews().setViews([view('all'), view('mine', { whose: 'me' }), view('closed', { status: 'closed' })]);
    expect(heard).toEqual([true]);
    const views = createViews();
    expect(views.views().map(({ id }) => id)).toEqual(['all', 'mine', 'closed']);
    expect(views.counts()).toEqual([
      { id: 'all', count: 1 },
      { id: 'mine', count: 0 },
      { id: 'closed', count: 0 },
    ]);
    office.log.customerWrites({ from: '50255550001' });
    desk.pull();
    expect(views.counts()[0]).toEqual({ id: 'all', count: 2 });
  });

  it('are counted no further than anybody reads', () => {
    const insert = desk.db.prepare(
      `INSERT INTO conversation (id, contact_id, phone_number_id, status, created_seq, last_inbound_seq, inbound_count, last_outbound_seq, other_outbound_seq, last_message_at)
       SELECT 'n' || value, contact_id, '2', 'active', value, 0, 0, 0, 0, value FROM conversation, json_each(?)`,
    );
    insert.run(JSON.stringify(Array.from({ length: VIEW_COUNT_MAX + 50 }, (_, index) => index)));
    const views = createViews();
    views.setViews([view('all'), view('by waiting', { sort: 'waiting' })]);
    expect(views.counts().map(({ count }) => count)).toEqual([VIEW_COUNT_MAX, VIEW_COUNT_MAX]);
  });
});

it('a message that failed marks its conversation until we write again, give it up, or put the conversation away', () => {
  const { log } = office;
  const { conversationId } = log;
  const send = (messageId: string, at: number): void => {
    log.op('bo', { type: 'message.queue', args: { messageId, conversationId, seenThrough: log.head(), content: { kind: 'text', text: 'va' } } });
    log.op('bo', { type: 'message.result', args: { messageId, wamid: `wamid.${at}` } });
  };
  const shown = (): { hasFailed: boolean | undefined; listed: number; counted: number } => {
    desk.pull();
    const query = toQuery({ ...NO_FILTER, folder: 'trouble' });
    return { hasFailed: desk.conversations.byIds([conversationId])[0]?.hasFailed, listed: desk.conversations.list({ ...query, limit: 10 }).items.length, counted: desk.conversations.counts().trouble };
  };
  const IS = { hasFailed: true, listed: 1, counted: 1 };
  const IS_NOT = { hasFailed: false, listed: 0, counted: 0 };
  send('m1', 1);
  expect(shown()).toEqual(IS_NOT);
  log.status({ wamid: 'wamid.1', status: 'failed', code: 131_026 });
  expect(shown()).toEqual(IS);
  log.customerWrites();
  expect(shown()).toEqual(IS);
  send('m2', 2);
  expect(shown()).toEqual(IS_NOT);
  log.status({ wamid: 'wamid.2', status: 'failed', code: 131_026 });
  expect(shown()).toEqual(IS);
  log.op('bo', { type: 'message.discard', args: { messageId: 'm2' } });
  log.op('bo', { type: 'conversation.status', args: { conversationId, from: 'active', to: 'archived', seenThrough: log.head() } });
  expect(shown()).toEqual(IS_NOT);
});
