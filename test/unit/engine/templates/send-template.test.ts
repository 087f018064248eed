/** What a template of a service request does to the request: who may get it, and the events that it decides. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RequestFields } from '../../../../contract/ops/op.ts';
import { BUILTIN_TEMPLATES, type BuiltinTemplateName } from '../../../../contract/requests/builtin-templates.ts';
import { placeholdersOf, templateKey } from '../../../../contract/whatsapp/template-words.ts';
import { createContactQueries } from '../../../../main/engine/db/contact-queries.ts';
import { createJobQueries } from '../../../../main/engine/db/job-queries.ts';
import { createMessageQueries } from '../../../../main/engine/db/message-queries.ts';
import { createSettingQueries } from '../../../../main/engine/db/setting-queries.ts';
import { createTemplateQueries } from '../../../../main/engine/db/template-queries.ts';
import { createUploadQueries } from '../../../../main/engine/db/upload-queries.ts';
import { createMessages } from '../../../../main/engine/messages/messages.ts';
import { createSending } from '../../../../main/engine/messages/sending.ts';
import { createTemplates } from '../../../../main/engine/templates/templates.ts';
import { createOffice, ROSA } from '../desk.ts';

const LAGO = '50255559876';
const SUR = '50255550000';

let office: ReturnType<typeof createOffice>;
let kit: ReturnType<typeof openKit>;
beforeEach(() => {
  office = createOffice();
  for (const from of [LAGO, SUR]) office.log.customerWrites({ from, name: from });
  kit = openKit();
});
afterEach(() => office.close());

function openKit() {
  const desk = office.openDesk('ana');
  const { db, sync, replica, conversations, now } = desk;
  sync.setWriteLevel(4);
  const queries = createTemplateQueries(db);
  const nothing = { open: async () => null, describe: () => undefined, viewFile: () => null, fetchNow: async () => undefined, gallery: () => ({ rows: [], nextCursor: null }) };
  const runner = {} as Parameters<typeof createMessages>[0]['runner'];
  const myId = (): string => 'ana';
  let counter = 0;
  const ids = { next: () => `id-${String((counter += 1))}` };
  const messages = createMessages({ queries: createMessageQueries(db), conversations, runner, replica, now, myId, media: nothing });
  const jobs = createJobQueries(db);
  const sending = createSending({ messages, conversations, media: nothing, uploads: createUploadQueries(db), jobs, runner, sync, replica, ids, now, myId, assignsOnReply: () => false });
  const templates = createTemplates({
    client: {} as Parameters<typeof createTemplates>[0]['client'],
    account: {} as Parameters<typeof createTemplates>[0]['account'],
    queries,
    settings: createSettingQueries(db),
    contacts: createContactQueries(db),
    media: nothing,
    messages,
    sending,
    state: replica.state,
    changes: desk.changes,
    transact: replica.transact,
    readNumber: () => ({ wabaId: '1', displayPhoneNumber: null, verifiedName: 'Taller' }),
    hasToken: async () => true,
    readWorkspaceName: () => '',
    isOpen: () => true,
    myId,
    now,
    random: () => 0,
    log: () => undefined,
  });
  for (const design of Object.values(BUILTIN_TEMPLATES))
    queries.put(templateKey(design), '1', JSON.stringify({ ...design, metaId: design.name, status: 'APPROVED', quality: 'UNKNOWN', rejectedReason: null }));
  const contactOf = (phone: string): string => replica.state.get('contact_identifier', ['wa_id', phone])!.contact_id;
  const conversationOf = (phone: string): string => replica.state.list('conversation_by_contact', [contactOf(phone), '2'])[0]!.id;
  const fields = (change: Partial<RequestFields> = {}): RequestFields => ({
    externalId: 'SOL-1',
    serviceType: 'Limpieza',
    customerId: contactOf(ROSA),
    customerName: 'Rosa',
    contactPhone: '+50255551234',
    contactEmail: 'rosa@example.com',
    address: 'Zona 10',
    requestedDate: '2026-12-04',
    approvedDate: null,
    vendorId: contactOf(LAGO),
    formUrl: '',
    description: '',
    status: 'new',
    ...change,
  });
  return {
    ...desk,
    templates,
    sending,
    contactOf,
    conversationOf,
    add: (change: Partial<RequestFields> = {}): void => void replica.applyLocal({ type: 'request.add', args: { requestId: 'r', fields: fields(change), customer: null, source: 'manual' } }),
    send: (phone: string, name: BuiltinTemplateName, isOverride = false, requestId: string | null = 'r') => {
      const values = placeholdersOf(BUILTIN_TEMPLATES[name].body).map((key) => [`body.${key}`, `valor ${key}`]);
      const template = { key: `${name}/es`, texts: Object.fromEntries(values) as Record<string, string>, place: null, file: null };
      return templates.send({ conversationId: conversationOf(phone), template, requestId, isOverride });
    },
    events: () => replica.state.list('request_event_by_request', ['r']).map(({ kind, state, message_id }) => ({ kind, state, message_id })),
  };
}

test('goes to the person of the role only, unless its author says otherwise, which stays on record', async () => {
  kit.add();
  for (const [phone, name] of [
    [ROSA, 'nueva_solicitud_de_servicio'],
    [SUR, 'nueva_solicitud_de_servicio'],
    [LAGO, 'solicitud_recibida_cliente'],
    [LAGO, 'reasignacion_removida'],
  ] as const)
    await expect(kit.send(phone, name)).rejects.toMatchObject({ code: 'WRONG_ROLE' });
  await expect(kit.send(LAGO, 'nueva_solicitud_de_servicio', false, 'r-0')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  const { content } = await kit.send(SUR, 'nueva_solicitud_de_servicio', true);
  expect(content).toMatchObject({ request: { id: 'r', role: 'vendor', isOverride: true } });
  // Whom it is meant for has not been told by that.
  expect(kit.events()).toMatchObject([{ kind: 'vendor_assigned', state: 'open' }]);
});

test('without naming the request, nobody gets what is meant for the other role of theirs', async () => {
  // Nothing is known of anybody's role yet.
  await kit.send(LAGO, 'solicitud_recibida_cliente', false, null);
  kit.add();
  await expect(kit.send(LAGO, 'solicitud_recibida_cliente', false, null)).rejects.toMatchObject({ code: 'WRONG_ROLE' });
  expect((await kit.send(LAGO, 'nueva_solicitud_de_servicio', false, null)).content).toMatchObject({ request: null });
  expect((await kit.send(LAGO, 'solicitud_recibida_cliente', true, null)).content).toMatchObject({ request: { id: 'r', role: 'customer', isOverride: true } });
});

test('decides the event that it tells of, so that nobody sends it again', async () => {
  kit.add();
  const message = await kit.send(LAGO, 'nueva_solicitud_de_servicio', true);
  expect(message.content).toMatchObject({ request: { role: 'vendor', isOverride: false } });
  expect(kit.events()).toEqual([{ kind: 'vendor_assigned', state: 'sent', message_id: message.id }]);
  kit.deliver();
  expect(kit.events()).toMatchObject([{ state: 'sent' }]);
  // Said a second time it is a message like any other.
  const again = await kit.send(LAGO, 'nueva_solicitud_de_servicio');
  expect(again.id).not.toBe(message.id);
  expect(kit.events()).toEqual([{ kind: 'vendor_assigned', state: 'sent', message_id: message.id }]);
});

test('after a reassignment the former vendor is told what they lost, and the new one what they got', async () => {
  kit.add();
  await kit.send(LAGO, 'nueva_solicitud_de_servicio');
  kit.replica.applyLocal({ type: 'request.change', args: { requestId: 'r', changes: { vendorId: { from: kit.contactOf(LAGO), to: kit.contactOf(SUR) } } } });
  await expect(kit.send(SUR, 'reasignacion_removida')).rejects.toMatchObject({ code: 'WRONG_ROLE' });
  await expect(kit.send(LAGO, 'nueva_solicitud_de_servicio')).rejects.toMatchObject({ code: 'WRONG_ROLE' });
  const [removed, assigned] = [await kit.send(LAGO, 'reasignacion_removida'), await kit.send(SUR, 'nueva_solicitud_de_servicio')];
  expect(kit.events().filter(({ state }) => state === 'sent')).toHaveLength(3);
  expect(kit.events()).toContainEqual({ kind: 'vendor_removed', state: 'sent', message_id: removed.id });
  expect(kit.events()).toContainEqual({ kind: 'vendor_assigned', state: 'sent', message_id: assigned.id });
});

test('a retry decides the event anew: it names the new message', async () => {
  kit.add();
  const { id } = await kit.send(LAGO, 'nueva_solicitud_de_servicio');
  kit.deliver();
  kit.replica.applyLocal({ type: 'message.result', args: { messageId: id, error: { code: 131_000, title: 'x', detail: null } } });
  const again = kit.sending.retry({ messageId: id });
  expect(again.content).toMatchObject({ kind: 'template', request: { role: 'vendor' } });
  expect(kit.events()).toEqual([{ kind: 'vendor_assigned', state: 'sent', message_id: again.id }]);
  kit.deliver();
  expect(kit.events()).toEqual([{ kind: 'vendor_assigned', state: 'sent', message_id: again.id }]);
});

test('who is blocked gets nothing, neither templates nor words', async () => {
  kit.add();
  kit.replica.applyLocal({ type: 'contact.change', args: { contactId: kit.contactOf(LAGO), changes: { isBlocked: { from: 0, to: 1 } } } });
  await expect(kit.send(LAGO, 'nueva_solicitud_de_servicio')).rejects.toMatchObject({ code: 'BLOCKED' });
  expect(() => kit.sending.sendText({ conversationId: kit.conversationOf(LAGO), text: 'hola', isGuarded: false })).toThrow(expect.objectContaining({ code: 'BLOCKED' }));
  expect(kit.events()).toMatchObject([{ state: 'open' }]);
});

test('values come from the request that the conversation is about, for the role of who it goes to', () => {
  kit.add();
  const propose = (phone: string, name: BuiltinTemplateName) =>
    kit.templates.propose({ key: `${name}/es`, conversationId: kit.conversationOf(phone) }).map(({ candidates: [best] }) => best?.value ?? null);
  expect(propose(LAGO, 'nueva_solicitud_de_servicio')).toEqual(['SOL-1', 'Limpieza', 'Rosa', '+502 5555 1234', 'Zona 10', '4 de diciembre de 2026']);
  expect(propose(ROSA, 'solicitud_recibida_cliente')).toEqual(['Rosa', 'SOL-1', 'Limpieza', '4 de diciembre de 2026', 'rosa@example.com']);
  expect(propose(SUR, 'nueva_solicitud_de_servicio')).toEqual([null, null, null, null, null, null]);
  expect(kit.templates.suggest({ conversationId: kit.conversationOf(LAGO), text: 'buenas' })[0]).toBe('nueva_solicitud_de_servicio/es');
  expect(kit.templates.suggest({ conversationId: kit.conversationOf(ROSA), text: 'buenas' })).not.toContain('nueva_solicitud_de_servicio/es');
});

test('in place of an answer goes only a template that says it, or tells of what is due, and never advertising', () => {
  const queries = createTemplateQueries(kit.db);
  const put = (name: string, body: string, category: 'UTILITY' | 'MARKETING' = 'UTILITY'): void => {
    const design = { ...BUILTIN_TEMPLATES.reasignacion_removida, name, category, body, samples: {} };
    queries.put(`${name}/es`, '1', JSON.stringify({ ...design, metaId: name, status: 'APPROVED', quality: 'UNKNOWN', rejectedReason: null }));
    queries.setFavourite(`${name}/es`, true);
  };
  put('promocion_sabado', 'Este sábado abrimos con descuento: la limpieza de su fosa cuesta la mitad.', 'MARKETING');
  put('recordatorio', 'Le recordamos su visita de mantenimiento.');
  put('consulta', 'Le escribimos por su consulta. ¿Podemos seguir por aquí?');
  const fitting = (phone: string, text: string) => kit.templates.findFitting({ conversationId: kit.conversationOf(phone), text });
  expect(fitting(ROSA, 'Sí, este sábado abrimos; la limpieza de la fosa cuesta Q450.')).toBeNull();
  expect(fitting(ROSA, 'Su visita cuesta Q150 y dura dos horas.')).toBeNull();
  expect(fitting(ROSA, 'Le escribimos por la consulta de ayer.')).toBe('consulta/es');
  expect(fitting(ROSA, '')).toBeNull();
  kit.add();
  expect(fitting(LAGO, 'Buenas tardes.')).toBe('nueva_solicitud_de_servicio/es');
});

test('what a value stood for is remembered, not what it was', async () => {
  kit.add();
  const design = { ...BUILTIN_TEMPLATES.reasignacion_removida, name: 'aviso', body: 'Queda así: {{1}} y ya.', samples: { '1': 'x' } };
  createTemplateQueries(kit.db).put('aviso/es', '1', JSON.stringify({ ...design, metaId: '9', status: 'APPROVED', quality: 'UNKNOWN', rejectedReason: null }));
  const propose = (phone: string) => kit.templates.propose({ key: 'aviso/es', conversationId: kit.conversationOf(phone) })[0]?.candidates;
  expect(propose(ROSA)).toEqual([]);
  await kit.templates.send({ conversationId: kit.conversationOf(ROSA), template: { key: 'aviso/es', texts: { 'body.1': 'Zona 10' }, place: null, file: null }, requestId: 'r', isOverride: false });
  expect(propose(LAGO)).toEqual([{ value: 'Zona 10', origin: 'request', source: 'address', label: null }]);
  // Without a request the words of somebody else's are not offered.
  expect(propose(SUR)).toEqual([]);
});
