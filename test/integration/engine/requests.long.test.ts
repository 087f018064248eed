/** Service requests and who is told what of them: desktops, relay and the stand-in for Meta as they are, with a bad line and a killed program in between. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RequestFields } from '../../../contract/ops/op.ts';
import { OP_LEVEL } from '../../../contract/ops/op.ts';
import { BUILTIN_TEMPLATES } from '../../../contract/requests/builtin-templates.ts';
import { DEFAULT_WORKSPACE_SETTINGS, type WorkspaceSettings } from '../../../contract/rules/workspace-settings.ts';
import type { ImportState } from '../../../contract/work-entities.ts';
import { addDesk, type ContractClient, type Desk } from '../../support/desk.ts';
import { startTeam, type Desktop, type Team } from '../../support/team.ts';
import { waitUntil } from '../../support/wait-until.ts';

const FIELDS: RequestFields = {
  externalId: null,
  status: 'new',
  serviceType: 'Limpieza de fosa séptica',
  customerId: null,
  customerName: 'María Xicay',
  contactPhone: '5555 1234',
  contactEmail: 'maria@example.com',
  address: '12 calle 3-45, zona 10',
  requestedDate: '2026-12-04',
  approvedDate: '2026-12-06',
  vendorId: null,
  formUrl: 'https://example.com/ptar/1042',
  description: '',
};
const WITHIN_MS = 15_000;

let team: Team;
beforeEach(async () => {
  team = await startTeam();
  const body = (text: string, samples: Readonly<Record<string, string>>) => [{ type: 'BODY', text, example: { body_text: [Object.values(samples)] } }];
  const seed = Object.values(BUILTIN_TEMPLATES).map(({ name, language, category, body: text, samples }) => ({ body: { name, language, category, components: body(text, samples) } }));
  team.meta.setTemplates({ seed });
});
afterEach(() => team.stop());

type Client = ContractClient | Desktop['client'];
type SentTemplate = { to: string; template: { name: string; components: { type: string; parameters: { text: string }[] }[] } };
/** Every template that Meta took: to whom, which, and its parameters in order. */
const told = (): string[] =>
  team.meta
    .journal()
    .filter(({ method, path, accepted }) => method === 'POST' && path.endsWith('/messages') && accepted)
    .map(({ body }) => body as SentTemplate)
    .filter((body) => 'template' in body)
    .map(({ to, template }) => [to, template.name, ...template.components.flatMap(({ parameters }) => parameters.map(({ text }) => text))].join(' | '));
const isReady = (client: Client) =>
  waitUntil(
    'everybody reads what this program writes, and the templates are there',
    async () =>
      (await client.team.directory({})).members.some(({ isMe }) => isMe) &&
      (await client.session.sync({})).writeLevel >= OP_LEVEL &&
      (await client.templates.list({})).builtins.every(({ state }) => state === 'ok'),
    WITHIN_MS,
  );
const addVendor = async (client: Client, phone: string, name: string): Promise<string> =>
  (await client.contacts.add({ phone, fields: { name, firstName: name.split(' ')[0] ?? null, isVendor: true } })).contactId;
const setModes = (client: Client, modes: Partial<WorkspaceSettings['requestEvents']>) => {
  const from = DEFAULT_WORKSPACE_SETTINGS.requestEvents;
  return client.team.setSetting({ from: { key: 'requestEvents', value: from }, to: { key: 'requestEvents', value: { ...from, ...modes } } });
};
/** Reviews and sends: what the two keys do. */
const sendOpenEvent = async (client: Client, kind: string) => {
  const proposal = (await client.requests.events({})).find(({ event }) => event.kind === kind);
  if (!proposal?.template) throw new Error(`nothing is proposed for ${kind}`);
  const texts = Object.fromEntries(proposal.slots.map(({ key, candidates }) => [key, candidates[0]?.value ?? '']));
  return client.requests.sendEvent({ eventId: proposal.event.id, template: { key: proposal.template.key, texts } });
};
const numberOf = async (client: Client, requestId: string): Promise<string> =>
  (await waitUntil('the request has its number', async () => (await client.requests.get({ requestId })).reference || null)) ?? '';
const hasEvent = (client: Client, requestId: string, is: string) =>
  waitUntil(
    `an event is ${is}`,
    async () =>
      (await client.requests.list({})).items.some(({ id }) => id === requestId) &&
      (await client.requests.get({ requestId })).events.find(({ kind, state, isPending }) => `${kind} ${state}` === is && !isPending),
    WITHIN_MS,
  );

describe('events', () => {
  it('each tells the right person with the right words in order, also who lost the request', async () => {
    const ana = await team.addDesktop({ role: 'admin' });
    await isReady(ana.client);
    const carlos = await addVendor(ana.client, '4444 0001', 'Carlos Pérez');
    const marta = await addVendor(ana.client, '4444 0002', 'Marta Tun');
    const { requestId } = await ana.client.requests.add({ fields: { ...FIELDS, vendorId: carlos } });
    const number = await numberOf(ana.client, requestId);
    const change = async (changes: Parameters<Client['requests']['change']>[0]['changes']) => expect((await ana.client.requests.change({ requestId, changes })).outcome).toBe('applied');

    await sendOpenEvent(ana.client, 'vendor_assigned');
    await change({ status: { from: 'new', to: 'received' } });
    await sendOpenEvent(ana.client, 'received');
    await change({ status: { from: 'received', to: 'ptar_form_sent' } });
    await sendOpenEvent(ana.client, 'form_due');
    await change({ status: { from: 'ptar_form_sent', to: 'approved' } });
    await sendOpenEvent(ana.client, 'approved');
    await change({ status: { from: 'approved', to: 'reassigned' }, vendorId: { from: carlos, to: marta } });
    expect((await ana.client.requests.counts({})).openEvents).toBe(2);
    await sendOpenEvent(ana.client, 'vendor_removed');
    await sendOpenEvent(ana.client, 'vendor_assigned');
    await waitUntil('everything was sent', () => told().length === 6, WITHIN_MS);
    const forVendor = `${number} | Limpieza de fosa séptica | María Xicay | +502 5555 1234 | 12 calle 3-45, zona 10 | 4 de diciembre de 2026`;
    expect(told().toSorted()).toEqual(
      [
        `+50244440001 | nueva_solicitud_de_servicio | ${forVendor}`,
        `+50255551234 | solicitud_recibida_cliente | María Xicay | ${number} | Limpieza de fosa séptica | 4 de diciembre de 2026 | maria@example.com`,
        '+50255551234 | ptar_formulario_enviado | María Xicay | https://example.com/ptar/1042 | Carlos Pérez | +502 4444 0001',
        `+50244440001 | solicitud_aprobada_operaciones | Carlos Pérez | ${number} | 6 de diciembre de 2026`,
        `+50244440001 | reasignacion_removida | Carlos | ${number} | Limpieza de fosa séptica`,
        `+50244440002 | nueva_solicitud_de_servicio | ${forVendor}`,
      ].toSorted(),
    );
    const request = await ana.client.requests.get({ requestId });
    expect(request.events.every(({ state }) => state === 'sent')).toBe(true);
    expect(request.links.map(({ role }) => role).toSorted(), 'whom it was told is talked with about it').toEqual(['customer', 'vendor']);
    expect(request.history.map(({ type }) => type)).toContain('request.notify');
  });

  it('what one desktop decided without a line goes once, and only one of two answers is taken', async () => {
    const [ana, bo] = await Promise.all([addDesk(team, { name: 'Ana', role: 'admin' }), addDesk(team, { name: 'Bo', role: 'agent' })]);
    await Promise.all([isReady(ana.client()), isReady(bo.client())]);
    const carlos = await addVendor(ana.client(), '4444 0001', 'Carlos Pérez');
    const { requestId } = await ana.client().requests.add({ fields: { ...FIELDS, vendorId: carlos } });
    await hasEvent(ana.client(), requestId, 'vendor_assigned open');
    await waitUntil('Bo has it', async () => (await bo.client().requests.counts({})).openEvents === 1, WITHIN_MS);

    bo.line.cut();
    await waitUntil('Bo is offline', async () => (await bo.client().session.sync({})).state === 'offline');
    expect(await sendOpenEvent(bo.client(), 'vendor_assigned')).toMatchObject({ outcome: 'applied' });
    expect(await sendOpenEvent(ana.client(), 'vendor_assigned')).toMatchObject({ outcome: 'applied' });
    await waitUntil('Ana told him', () => told().length === 1, WITHIN_MS);
    bo.line.restore();
    bo.wakeUp();
    const [conflict] = await waitUntil('Bo hears of it', async () => ((await bo.client().conflicts.list({})).length === 1 ? bo.client().conflicts.list({}) : null), WITHIN_MS);
    expect(conflict).toMatchObject({ type: 'request.notify', outcome: 'superseded', winner: { actor: { name: 'Ana' } }, canReapply: false });
    expect(told()).toHaveLength(1);
  });

  it('by itself: once, from the desktop where it arose, and nobody hears of who was slower', async () => {
    const ana = await team.addDesktop({ role: 'admin' });
    const bo = await team.addDesktop({ name: 'Bo' });
    await Promise.all([isReady(ana.client), isReady(bo.client)]);
    await setModes(ana.client, { vendor_assigned: 'auto', received: 'auto' });
    const carlos = await addVendor(ana.client, '4444 0001', 'Carlos Pérez');
    const { requestId } = await ana.client.requests.add({ fields: { ...FIELDS, vendorId: carlos, contactEmail: '' } });
    await hasEvent(bo.client, requestId, 'vendor_assigned sent');
    await waitUntil('it is sent', () => told().length === 1, WITHIN_MS);
    // Without an e-mail address a person has to look.
    await ana.client.requests.change({ requestId, changes: { status: { from: 'new', to: 'received' } } });
    await hasEvent(bo.client, requestId, 'received open');
    await ana.client.requests.change({ requestId, changes: { contactEmail: { from: '', to: 'maria@example.com' } } });
    await hasEvent(bo.client, requestId, 'received sent');
    await Promise.all([ana.engine.waitForIdle(WITHIN_MS), bo.engine.waitForIdle(WITHIN_MS)]);
    expect(told().map((line) => line.split(' | ')[1])).toEqual(['nueva_solicitud_de_servicio', 'solicitud_recibida_cliente']);
    expect(await Promise.all([ana.client.conflicts.list(), bo.client.conflicts.list()])).toEqual([[], []]);
  });

  it('by itself: what waits for a person stands in nobody’s way', async () => {
    const ana = await team.addDesktop({ role: 'admin' });
    await isReady(ana.client);
    await setModes(ana.client, { received: 'auto' });
    // Without an e-mail address a person has to look: more of these than are tried in one go.
    for (let n = 0; n < 25; n += 1) await ana.client.requests.add({ fields: { ...FIELDS, status: 'received', contactEmail: '' } });
    const { requestId } = await ana.client.requests.add({ fields: { ...FIELDS, status: 'received' } });
    await hasEvent(ana.client, requestId, 'received sent');
    await waitUntil('it is sent', () => told().length === 1, WITHIN_MS);
    expect((await ana.client.requests.events({})).length).toBe(25);
  });

  it('by itself from another desktop when the one where it arose is gone', { timeout: 40_000 }, async () => {
    const [ana, bo] = await Promise.all([addDesk(team, { name: 'Ana', role: 'admin' }), addDesk(team, { name: 'Bo', role: 'agent', hasNumber: false })]);
    await isReady(ana.client());
    await waitUntil('Bo is known', async () => (await bo.client().team.directory({})).members.some(({ isMe }) => isMe));
    await setModes(ana.client(), { vendor_assigned: 'auto' });
    const carlos = await addVendor(ana.client(), '4444 0001', 'Carlos Pérez');
    // And with the vendor what came before in the log: how such events are told.
    await waitUntil('Bo knows the vendor', async () => (await bo.client().contacts.list({ role: 'vendor' })).items.length === 1, WITHIN_MS);
    // Bo cannot send: a desktop without a number and templates.
    await bo.client().requests.add({ fields: { ...FIELDS, vendorId: carlos } });
    await waitUntil('Ana’s desktop takes it', () => told().length === 1, 25_000);
    expect(told()[0]).toContain('+50244440001 | nueva_solicitud_de_servicio');
  });

  it('a program that is killed while it tells somebody tells them once at most', async () => {
    const ana = await addDesk(team, { name: 'Ana', role: 'admin' });
    await isReady(ana.client());
    const carlos = await addVendor(ana.client(), '4444 0001', 'Carlos Pérez');
    const { requestId } = await ana.client().requests.add({ fields: { ...FIELDS, vendorId: carlos } });
    await hasEvent(ana.client(), requestId, 'vendor_assigned open');
    // Meta takes it and never answers.
    team.meta.setFaults({ dropAfterAccept: 1 });
    await sendOpenEvent(ana.client(), 'vendor_assigned');
    await waitUntil('it is at Meta', () => told().length === 1, WITHIN_MS);
    await ana.kill();
    await ana.start();
    await hasEvent(ana.client(), requestId, 'vendor_assigned sent');
    await waitUntil(
      'what became of it is known',
      async () => {
        const [link] = (await ana.client().requests.get({ requestId })).links.filter(({ role }) => role === 'vendor');
        const [message] = link ? (await ana.client().messages.page({ conversationId: link.conversationId })).items : [];
        return message?.delivery === 'delivered' || message?.delivery === 'read';
      },
      WITHIN_MS,
    );
    expect(told()).toHaveLength(1);
  });
});

describe('a file', () => {
  const ROWS = 10_000;
  const HEADER = 'ID; Nombre del Cliente ;Teléfono;Correo electrónico;Fecha Solicitada;Proveedor;Color;Enlace';
  const row = (n: number): string => `ERP-${n};María "Mari" Xicay ${n};5${5_550_000 + n};m${n}@example.com;${(n % 28) + 1}/12/2026;${n % 50 === 0 ? 'carlos perez' : ''};azul;`;
  /** Lines of a file of ROWS rows, three of them bad. */
  const lines = (): string[] => {
    const all = [HEADER, ...Array.from({ length: ROWS - 3 }, (_, n) => row(n))];
    all.splice(5_000, 0, 'ERP-1;Repetida;;;;;;', 'ERP-x;"Luis\r\nPérez";123;luis;31/02/2026;Nadie;;javascript:alert(1)', 'ERP-y;;;;;;;');
    return all;
  };
  const upload = async (client: Client, text: string): Promise<ImportState> => {
    const { importId } = await client.requests.beginImport({ name: 'solicitudes.csv' });
    let state: ImportState | null = null;
    for (let at = 0; at < text.length; at += 400_000) state = await client.requests.addImportText({ importId, text: text.slice(at, at + 400_000), isLast: at + 400_000 >= text.length });
    if (!state) throw new Error('an empty file');
    return state;
  };
  const total = async (client: Client): Promise<number> => (await client.requests.list({ limit: 1 })).total;

  it('of 10,000 rows names every bad one, writes the others, and nothing else waits for it', { timeout: 60_000 }, async () => {
    const ana = await team.addDesktop({ role: 'admin' });
    const bo = await team.addDesktop({ name: 'Bo' });
    await isReady(ana.client);
    await addVendor(ana.client, '4444 0001', 'Carlos Pérez');
    await ana.client.requests.add({ fields: { ...FIELDS, externalId: 'ERP-7' } });
    const state = await upload(ana.client, `\u{FEFF}${lines().join('\r\n')}\r\n`);
    expect(state).toMatchObject({ state: 'ready', rows: ROWS, good: ROWS - 4, badRows: 4 });
    expect(state.columns.map(({ field }) => field)).toEqual(['externalId', 'customerName', 'contactPhone', 'contactEmail', 'requestedDate', 'vendor', null, 'formUrl']);
    expect(state.bad).toEqual([
      { line: 9, problems: [{ column: 'ID', problem: 'exists', value: 'ERP-7' }] },
      { line: 5_001, problems: [{ column: 'ID', problem: 'duplicate_in_file', value: 'ERP-1' }] },
      {
        line: 5_002,
        problems: [
          { column: 'Teléfono', problem: 'phone', value: '123' },
          { column: 'Correo electrónico', problem: 'email', value: 'luis' },
          { column: 'Fecha Solicitada', problem: 'date', value: '31/02/2026' },
          { column: 'Proveedor', problem: 'vendor_unknown', value: 'Nadie' },
          { column: 'Enlace', problem: 'url', value: 'javascript:alert(1)' },
        ],
      },
      // The row before has a line break in a cell.
      { line: 5_004, problems: [{ column: 'Nombre del Cliente', problem: 'missing', value: '' }] },
    ]);
    expect(await total(ana.client)).toBe(1);

    const seen: number[] = [];
    const watching = (async () => {
      for await (const { done } of await ana.client.requests.watchImport({ importId: state.importId })) seen.push(done);
    })();
    await ana.client.requests.commitImport({ importId: state.importId });
    await watching;
    expect(seen.at(-1)).toBe(ROWS - 4);
    expect(seen.length, 'it is told how far it is').toBeGreaterThan(10);
    expect(await total(ana.client)).toBe(ROWS - 3);
    await waitUntil('it is in the log', async () => (await bo.client.requests.list({ limit: 1, search: 'ERP-9996' })).total === 1 && (await total(bo.client)) === ROWS - 3, 30_000);
    const { items } = await bo.client.requests.list({ search: 'xicay 4999' });
    expect(items[0]).toMatchObject({ externalId: 'ERP-4999', contactPhone: '+50255554999', customer: { phone: '+502 5555 4999' }, isPending: false });
    expect((await bo.client.requests.counts({})).openEvents, 'new ones with a vendor are proposed').toBe(200);
    expect(told()).toEqual([]);
  });

  it('that is cancelled leaves nothing, whenever', async () => {
    const ana = await team.addDesktop({ role: 'admin' });
    await isReady(ana.client);
    const text = lines().join('\n');
    const { importId } = await ana.client.requests.beginImport({ name: 'a.csv' });
    const reading = ana.client.requests.addImportText({ importId, text, isLast: true });
    await waitUntil('some rows were read', async () => {
      for await (const { rows } of await ana.client.requests.watchImport({ importId })) if (rows > 0) return true;
      return false;
    });
    expect(await ana.client.requests.cancelImport({ importId })).toMatchObject({ state: 'cancelled', done: 0 });
    expect(await reading).toMatchObject({ state: 'cancelled' });
    expect(await ana.client.requests.commitImport({ importId })).toMatchObject({ state: 'cancelled', done: 0 });
    const ready = await upload(ana.client, text);
    await ana.client.requests.cancelImport({ importId: ready.importId });
    await ana.client.requests.commitImport({ importId: ready.importId });
    expect(await total(ana.client)).toBe(0);
  });

  it('is written whole when the program is killed in the middle of it', { timeout: 60_000 }, async () => {
    const ana: Desk = await addDesk(team, { name: 'Ana', role: 'admin' });
    await isReady(ana.client());
    await addVendor(ana.client(), '4444 0001', 'Carlos Pérez');
    const text = lines().join('\n');
    const read = await upload(ana.client(), text);
    await ana.kill();
    expect(
      ana.look((db) => db.prepare('SELECT count(*) FROM service_request').pluck().get()),
      'before it is decided there is nothing',
    ).toBe(0);
    await ana.start();
    await expect(ana.client().requests.commitImport({ importId: read.importId })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await isReady(ana.client());
    const { importId } = await upload(ana.client(), text);
    await ana.client().requests.commitImport({ importId });
    await ana.kill();
    const left = ana.look((db) => db.prepare('SELECT count(*) FROM import_op').pluck().get()) as number;
    expect(left, 'it was killed in the middle').toBeGreaterThan(0);
    await ana.start();
    await waitUntil('the rest is written', async () => (await total(ana.client())) === ROWS - 3, 30_000);
  });
});
