import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RequestFields } from '../../../contract/ops/op.ts';
import { requestFilterSchema, type ImportState, type RequestFilter } from '../../../contract/work-entities.ts';
import { createContactQueries } from '../../../main/engine/db/contact-queries.ts';
import { createImportQueries } from '../../../main/engine/db/import-queries.ts';
import { createRequestQueries } from '../../../main/engine/db/request-queries.ts';
import { createSettingQueries } from '../../../main/engine/db/setting-queries.ts';
import { createCsvImport } from '../../../main/engine/requests/csv-import.ts';
import { createRowJudge } from '../../../main/engine/requests/csv-rows.ts';
import { createImportWriter } from '../../../main/engine/requests/import-writer.ts';
import { createLinkSuggestions } from '../../../main/engine/requests/link-suggestions.ts';
import { createRequestViews } from '../../../main/engine/requests/request-views.ts';
import { createRequests } from '../../../main/engine/requests/requests.ts';
import { createOffice, ROSA, type Desk } from './desk.ts';

const EMPTY: RequestFields = {
  externalId: null,
  status: 'new',
  serviceType: '',
  customerId: null,
  customerName: '',
  contactPhone: '',
  contactEmail: '',
  address: '',
  requestedDate: null,
  approvedDate: null,
  vendorId: null,
  formUrl: '',
  description: '',
};

let office: ReturnType<typeof createOffice>;
let bo: ReturnType<typeof open>;
beforeEach(() => {
  office = createOffice();
  bo = open('bo');
});
afterEach(() => office.close());

function open(agentId: string) {
  const desk: Desk = office.openDesk(agentId);
  const queries = createRequestQueries(desk.db);
  const contacts = createContactQueries(desk.db);
  const myId = (): string => agentId;
  const views = createRequestViews({ contacts, state: desk.replica.state, myId });
  let n = 0;
  const ids = { next: () => `${agentId}-made-${String((n += 1)).padStart(4, '0')}` };
  const readOwnNumber = (): null => null;
  const writer = createImportWriter({ queries: createImportQueries(desk.db), replica: desk.replica, sync: desk.sync, isOnline: () => false, nudge: () => undefined, log: () => undefined });
  return {
    desk,
    requests: createRequests({
      queries,
      views,
      contacts,
      settings: createSettingQueries(desk.db),
      replica: desk.replica,
      changes: desk.changes,
      findPeople: desk.search.findPeople,
      readOwnNumber,
      ids,
      now: desk.now,
      myId,
    }),
    suggest: createLinkSuggestions({ queries, views, contacts, state: desk.replica.state }),
    imports: createCsvImport({ writer, ids, createJudge: () => createRowJudge({ queries, contacts, state: desk.replica.state, readOwnNumber }) }),
    add: (fields: Partial<RequestFields> = {}) => {
      const { requestId } = bo.requests.add({ fields: { ...EMPTY, ...fields } });
      return requestId;
    },
    addVendor: (contactId: string, phone: string, name: string) => void desk.replica.applyLocal({ type: 'contact.add', args: { contactId, phone, fields: { name, isVendor: 1 } } }),
  };
}

const filter = (given: Partial<RequestFilter> = {}): RequestFilter => ({ ...requestFilterSchema.parse({}), ...given });
const names = (given: Partial<RequestFilter> = {}): string[] => bo.requests.list({ ...filter(given), limit: 200 }).items.map(({ customerName }) => customerName);

describe('looking up', () => {
  beforeEach(() => {
    bo.addVendor('carlos', '50244440001', 'Carlos Pérez');
    bo.add({ customerName: 'uno', externalId: 'ERP-77', serviceType: 'Lodos', requestedDate: '2026-12-04', vendorId: 'carlos' });
    bo.add({ customerName: 'María Núñez', address: '12 calle 3-45, zona 10', contactPhone: '5555 1234', requestedDate: '2026-12-01', status: 'received' });
    bo.add({ customerName: 'tres', contactEmail: 'tres@example.com', status: 'done' });
    bo.desk.deliver();
  });

  it('every filter, in every order, page by page', () => {
    expect(names()).toEqual(['tres', 'María Núñez', 'uno']);
    expect(names({ sort: 'requested_date' })).toEqual(['María Núñez', 'uno', 'tres']);
    expect(names({ statuses: ['new', 'done'] })).toEqual(['tres', 'uno']);
    expect(names({ serviceType: 'Lodos' })).toEqual(['uno']);
    expect(names({ vendorId: 'carlos' })).toEqual(['uno']);
    expect(names({ requestedFrom: '2026-12-01', requestedTo: '2026-12-03' })).toEqual(['María Núñez']);
    expect(names({ hasOpenEvents: true })).toEqual(['María Núñez', 'uno']);
    expect(names({ isUnlinked: true })).toHaveLength(3);
    const first = bo.requests.list({ ...filter({ sort: 'requested_date' }), limit: 2 });
    expect(first).toMatchObject({ total: 3, items: [{ customerName: 'María Núñez' }, { customerName: 'uno' }] });
    const second = bo.requests.list({ ...filter({ sort: 'requested_date' }), limit: 2, cursor: first.nextCursor ?? '' });
    expect(second).toMatchObject({ total: 3, items: [{ customerName: 'tres' }], nextCursor: null });
    expect(bo.requests.counts()).toMatchObject({ byStatus: { new: 1, received: 1, done: 1, approved: 0 }, openEvents: 2 });
  });

  it.each([
    ['nunez', 'María Núñez'],
    ['MARÍA zona', 'María Núñez'],
    ['55551234', 'María Núñez'],
    ['+502 5555-1234', 'María Núñez'],
    ['5555 12', 'María Núñez'],
    ['erp-77', 'uno'],
    ['#1001', 'uno'],
    ['carlos', 'uno'],
    ['4444 0001', 'uno'],
    ['tres@', 'tres'],
  ])('finds what %s means', (search, name) => {
    bo.desk.searchIndex.finishLittle();
    expect(names({ search })).toEqual([name]);
  });
});

it('a typing error finds people, but no requests among those that were meant', () => {
  for (const name of ['Xicay 4999', 'Xicay 9499']) bo.add({ customerName: name, contactPhone: `5555 ${name.slice(-4)}` });
  bo.desk.deliver();
  bo.desk.searchIndex.finishLittle();
  expect(bo.desk.search.findPeople('xicay 4999', 10)).toHaveLength(2);
  expect(names({ search: 'xicay 4999' })).toEqual(['Xicay 4999']);
});

it('a request is made with its customer, its number in E.164, and what is wrong is said', () => {
  const requestId = bo.add({ customerName: 'Luis', contactPhone: '5012 3456' });
  const { customer, contactPhone, reference, isPending } = bo.requests.get(requestId);
  expect([customer?.name, contactPhone, reference, isPending]).toEqual(['Luis', '+50250123456', '', true]);
  bo.desk.deliver();
  expect(bo.requests.get(requestId)).toMatchObject({ reference: '1001', isPending: false });
  expect(() => bo.add({ contactPhone: '123' })).toThrow(expect.objectContaining({ code: 'PHONE_INVALID' }));
  expect(() => bo.add({ contactEmail: 'luis' })).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  expect(() => bo.add({ vendorId: 'nobody' })).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
  // Whoever the number belongs to is who it is for.
  const other = bo.add({ customerName: 'Rosa' });
  bo.requests.change({ requestId: other, changes: { contactPhone: { from: '', to: ROSA } } });
  expect(bo.requests.get(other).customer?.id).toBe(bo.desk.conversations.find(office.log.conversationId).contactId);
});

it('two who change the same: one is told, may do it again, and the page says who did what', () => {
  const requestId = bo.add({ address: 'uno' });
  bo.desk.deliver();
  const cy = open('cy');
  cy.requests.change({ requestId, changes: { address: { from: 'uno', to: 'dos' } } });
  cy.desk.deliver();
  expect(bo.requests.change({ requestId, changes: { address: { from: 'uno', to: 'tres' }, description: { from: '', to: 'algo' } } }).outcome).toBe('applied');
  bo.desk.deliver();
  expect(bo.requests.get(requestId)).toMatchObject({ address: 'dos', description: 'algo' });
  const [conflict] = bo.desk.conflicts.list();
  expect(conflict).toMatchObject({ type: 'request.change', outcome: 'partial', about: '1001', canReapply: true, winner: { actor: { name: 'cy' } } });
  expect(bo.desk.conflicts.reapply({ opId: conflict?.opId ?? '' }).outcome).toBe('applied');
  expect(bo.requests.get(requestId).address).toBe('tres');
  expect(bo.requests.get(requestId).history.map(({ type, outcome, actor }) => `${type} ${outcome} ${actor.name}`)).toEqual([
    'request.change applied bo',
    'request.change partial bo',
    'request.change applied cy',
    'request.add applied bo',
  ]);
});

it('a request that a colleague made already is told with what I had written', () => {
  bo.add({ externalId: 'ERP-1', customerName: 'Rosa' });
  const cy = open('cy');
  cy.requests.add({ fields: { ...EMPTY, externalId: 'ERP-1', customerName: 'Rosa Pérez' } });
  cy.desk.deliver();
  bo.desk.deliver();
  expect(bo.desk.conflicts.list()).toMatchObject([{ type: 'request.add', outcome: 'duplicate', canReapply: false, winner: { actor: { name: 'cy' } }, detail: { fields: { customerName: 'Rosa' } } }]);
});

it('a change can be taken back, a step without a way back cannot', () => {
  const requestId = bo.add({ address: 'uno' });
  const { opId } = bo.requests.change({ requestId, changes: { address: { from: 'uno', to: 'dos' } } });
  const link = bo.requests.link({ requestId, role: 'customer', from: null, to: office.log.conversationId });
  expect(bo.requests.get(requestId), 'a request of nobody is for whom it is talked about with').toMatchObject({
    links: [{ role: 'customer', lastInbound: { text: 'hola' } }],
    customer: { phone: '+502 5555 1234' },
  });
  expect(bo.desk.triage.undo({ opIds: [opId, link.opId] })).toEqual({ undone: 2, refused: 0 });
  expect(bo.requests.get(requestId)).toMatchObject({ address: 'uno', links: [] });
  const status = bo.requests.change({ requestId, changes: { status: { from: 'new', to: 'received' } } });
  expect(bo.desk.triage.undo({ opIds: [status.opId] })).toEqual({ undone: 0, refused: 1 });
});

it('suggests what is named in the conversation, then what is of the person; nothing that only looks like a number', () => {
  for (let n = 0; n < 3; n += 1) bo.add({ customerName: `n${n}`, externalId: n === 2 ? 'SOL/9-b' : null });
  const mine = bo.add({ contactPhone: ROSA });
  const byPhone = bo.add({ customerName: 'otra', contactPhone: ROSA, customerId: bo.requests.get(mine).customer?.id ?? null });
  bo.desk.replica.applyLocal({ type: 'contact.add', args: { contactId: 'luis', phone: null, fields: {} } });
  const numberOnly = bo.add({ customerName: 'tercera', contactPhone: ROSA, customerId: 'luis' });
  bo.desk.deliver();
  const said = office.log.customerWrites({ text: 'sobre la SOL-1002, y la sol/9-B. En 2026 llamen al 5555-1003 o 1001-5555' });
  bo.desk.pull();
  const { conversationId } = office.log;
  const found = bo.suggest(conversationId).map(({ request, reason, role, messageId }) => [request.customerName, reason, role, messageId]);
  expect(found).toEqual([
    ['n1', 'id_in_text', 'customer', `m_${said}`],
    ['otra', 'is_customer', 'customer', null],
    ['', 'is_customer', 'customer', null],
    ['tercera', 'phone', 'customer', null],
  ]);
  bo.requests.link({ requestId: byPhone, role: 'customer', from: null, to: conversationId });
  expect(bo.suggest(conversationId).map(({ request }) => request.id)).not.toContain(byPhone);
  expect(bo.requests.ofConversation(conversationId).map(({ id, isLinked, role }) => [id, isLinked, role])).toEqual([
    [byPhone, true, 'customer'],
    [mine, false, 'customer'],
  ]);
  expect(numberOnly).not.toBe('');
});

it('suggests no request that is talked about with somebody else in the same role', () => {
  const requestId = bo.add({ customerName: 'María', contactPhone: '+50244445555', externalId: 'SOL-7' });
  const { customer } = bo.requests.get(requestId);
  bo.desk.replica.applyLocal({ type: 'conversation.start', args: { conversationId: 'theirs', contactId: 'unused', phoneNumberId: '106540352242922', phone: '50244445555', name: null } });
  bo.desk.deliver();
  office.log.customerWrites({ text: 'mi solicitud SOL-7' });
  bo.desk.pull();
  const { conversationId } = office.log;
  expect(customer).not.toBeNull();
  expect(bo.suggest(conversationId).map(({ request }) => request.id)).toEqual([requestId]);
  bo.requests.link({ requestId, role: 'customer', from: null, to: 'theirs' });
  expect(bo.suggest(conversationId)).toEqual([]);
});

describe('files', () => {
  const read = async (text: string): Promise<ImportState> => bo.imports.addText({ importId: bo.imports.begin().importId, text, isLast: true });

  it.each([
    ['comma, English', 'Request ID,Customer Name,E-mail,Requested Date\nA-1,Rosa,r@example.com,2026-12-04\n'],
    ['semicolon, Spanish with accents and odd spaces', '\u{FEFF}CÓDIGO ;  cliente;Correo  Electrónico;FECHA\r\nA-1;Rosa;r@example.com;4/12/2026'],
    ['tab, old Mac', 'id\tnombre\tcorreo\tfecha de entrega\rA-1\tRosa\tr@example.com\t04-12-26\r'],
  ])('%s', async (_name, text) => {
    const state = await read(text);
    expect(state).toMatchObject({ state: 'ready', rows: 1, good: 1, bad: [] });
    await bo.imports.commit({ importId: state.importId });
    expect(bo.requests.list({ ...filter(), limit: 1 }).items[0]).toMatchObject({ externalId: 'A-1', customerName: 'Rosa', contactEmail: 'r@example.com', requestedDate: '2026-12-04' });
  });

  it('what cannot be read is said: no known column, a quotation mark that never ends, another number of cells', async () => {
    expect(await read('color,peso\nazul,3\n')).toMatchObject({
      state: 'failed',
      columns: [
        { header: 'color', field: null },
        { header: 'peso', field: null },
      ],
    });
    expect(await read('')).toMatchObject({ state: 'failed' });
    expect(await read('id,cliente\nA-1,Rosa\nA-2,"Luis\nA-3,Eva\n')).toMatchObject({ state: 'ready', rows: 2, good: 1, bad: [{ line: 3, problems: [{ problem: 'columns' }] }] });
    expect(await read('id,cliente\n\nA-1,Rosa,más\n,,\nA-2,Luis,\n')).toMatchObject({ rows: 2, good: 1, bad: [{ line: 3, problems: [{ problem: 'columns', value: '3' }] }] });
    expect(await read(`id,cliente,estado\nA-1,${'x'.repeat(201)},volando\n`)).toMatchObject({
      bad: [
        {
          problems: [
            { column: 'cliente', problem: 'too_long' },
            { column: 'estado', problem: 'status' },
          ],
        },
      ],
    });
  });

  it('a sign of two halves is whole wherever the file is cut, and a file of countless columns is none', async () => {
    const text = `id,cliente,descripcion\n${Array.from({ length: 100 }, (_, n) => `A-${n},Rosa,${'x'.repeat(n)}${'🚚'.repeat(1_000)}\n`).join('')}`;
    const state = await read(text);
    expect(state).toMatchObject({ state: 'ready', good: 100, bad: [] });
    await bo.imports.commit({ importId: state.importId });
    let last: ImportState['state'] = 'importing';
    for await (const seen of bo.imports.watch({ importId: state.importId }, undefined)) last = seen.state;
    expect(last).toBe('done');
    const { items } = bo.requests.list({ ...filter(), limit: 100 });
    expect([items.length, items.every(({ description }) => description.replaceAll('x', '') === '🚚'.repeat(1_000))]).toEqual([100, true]);
    expect(await read(`cliente${','.repeat(10_000)}\nRosa\n`)).toMatchObject({ state: 'failed', columns: [] });
  });

  it('whoever reads its progress slowly hears how it ended', async () => {
    const { importId } = await read('cliente\nRosa\n');
    const watch = bo.imports.watch({ importId }, undefined);
    expect((await watch.next()).value).toMatchObject({ state: 'ready' });
    expect(await bo.imports.commit({ importId })).toMatchObject({ state: 'done' });
    expect((await watch.next()).value).toMatchObject({ state: 'done' });
    expect((await watch.next()).done).toBe(true);
  });

  it('what fails inside while a file is read ends that import, and is told to the window', async () => {
    const broken = createCsvImport({
      writer: { take: () => undefined },
      ids: { next: () => 'import' },
      createJudge: () => () => {
        throw new Error('the disk');
      },
    });
    const { importId } = broken.begin();
    await expect(broken.addText({ importId, text: 'cliente\nRosa\n', isLast: true })).rejects.toThrow('the disk');
    expect(await broken.addText({ importId, text: 'Eva\n', isLast: true })).toMatchObject({ state: 'failed' });
  });

  it('the export can be imported again, and no cell of it is a formula', async () => {
    bo.addVendor('carlos', '50244440001', 'Carlos Pérez');
    bo.add({ externalId: 'A-1', customerName: '=HYPERLINK("x")', contactPhone: '5555 0001', address: 'línea 1\nlínea "2"', description: '-2+3', vendorId: 'carlos', status: 'approved' });
    const { csv, filename } = await bo.requests.export(filter());
    expect(filename).toMatch(/^solicitudes-\d{4}-\d\d-\d\d\.csv$/);
    expect(csv).toContain('"\'=HYPERLINK(""x"")"');
    expect(csv).toContain(",'-2+3\r\n");
    expect(csv).toContain(',+50255550001,');
    const again = await read(csv.replace('A-1', 'A-2'));
    expect(again).toMatchObject({ good: 1, bad: [] });
    await bo.imports.commit({ importId: again.importId });
    const [copy, original] = bo.requests.list({ ...filter({ search: 'hyperlink' }), limit: 2 }).items;
    expect({ ...copy, id: '', externalId: '', reference: '', createdAt: 0, updatedAt: 0, openEvents: 0 }).toEqual({
      ...original,
      id: '',
      externalId: '',
      reference: '',
      createdAt: 0,
      updatedAt: 0,
      openEvents: 0,
    });
  });
});

it('views are kept on this desktop', () => {
  bo.requests.setViews({ views: [{ id: 'v', name: 'Mías', filter: filter({ statuses: ['new'] }) }] });
  expect(bo.requests.views()).toMatchObject([{ name: 'Mías', filter: { statuses: ['new'] } }]);
});
