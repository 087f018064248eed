/**
 * An outside program as somebody would write it who has nothing but the OpenAPI document: `client.ts` beside this file is made from it in
 * the test run (`generated-client.test.ts`), and types and calls are checked against each other there. Kept out of the project's own
 * compilation, because the client is not in the repository.
 */
import { expect } from 'vitest';
import { waitUntil } from '../support/wait-until.ts';
import * as api from './client.ts';

export type Surroundings = {
  url: string;
  token: string;
  /** A customer writes on WhatsApp. */
  write(from: string, name: string, text: string): void;
  /** Bodies of what Meta was asked to send, in order. */
  sent(): { type?: string; to?: string; text?: { body: string }; template?: { name: string; components?: { type: string; parameters?: { text?: string }[] }[] } }[];
};

const MARTA = '50255551234';
const NEWCOMER = '50255550000';
const REQUEST = 'SOL-1042';
const fields = {
  serviceType: 'Limpieza de fosa séptica',
  customer: { phone: '+502 5555 1234', name: 'Marta Xicay' },
  contactEmail: 'marta@example.com',
  address: 'Zona 10',
  requestedDate: '2026-12-04',
  vendor: { phone: '+502 5555 9876', name: 'Servicios del Lago' },
};

export function connect({ url, token }: Pick<Surroundings, 'url' | 'token'>): void {
  api.defaults.baseUrl = `${url}/api`;
  api.defaults.headers = { authorization: `Bearer ${token}` };
}

/** The data of an answer with this status; anything else fails with what came instead. */
function want<Answer extends { status: number; data: unknown }, Status extends Answer['status']>(answer: Answer, status: Status): Extract<Answer, { status: Status }>['data'] {
  expect(answer.status, JSON.stringify(answer.data)).toBe(status);
  return answer.data as Extract<Answer, { status: Status }>['data'];
}

/** Every call of the document once, in the order of a day's work. */
export async function driveEverything({ write, sent, ...where }: Surroundings): Promise<void> {
  connect(where);
  write(NEWCOMER, 'Berta', 'Buenas');
  write(MARTA, 'Marta', '¿Tienen visita mañana?');
  await waitUntil('both wrote', async () => want(await api.listConversations(), 200).items.length === 2);

  // Lists and pages.
  const first = want(await api.listConversations({ status: 'active', limit: 1 }), 200);
  const second = want(await api.listConversations({ status: 'active', limit: 1, cursor: first.nextCursor ?? '' }), 200);
  expect([...first.items, ...second.items].map(({ contact }) => contact.name).toSorted()).toEqual(['Berta', 'Marta']);
  expect(second.nextCursor).toBeNull();
  const marta = [...first.items, ...second.items].find(({ contact }) => contact.name === 'Marta')?.id ?? '';
  const opened = want(await api.getConversation(marta, { messages: 10 }), 200);
  expect(opened.messages.map(({ content }) => content)).toEqual([expect.objectContaining({ kind: 'text', text: '¿Tienen visita mañana?' })]);
  expect(want(await api.getConversation('nobody'), 404).error).toMatchObject({ code: 'NOT_FOUND', type: 'RequestException' });

  // Replying, once for one messageId.
  const messageId = crypto.randomUUID();
  const reply = want(await api.replyWithText(marta, { text: 'Sí, a las 10', messageId }), 201);
  expect(want(await api.replyWithText(marta, { text: 'Sí, a las 10', messageId }), 201).id).toBe(reply.id);
  await waitUntil('it was sent', () => sent().some(({ text }) => text?.body === 'Sí, a las 10'));
  expect(sent().filter(({ type }) => type === 'text')).toHaveLength(1);
  expect(want(await api.replyWithText(marta, { text: ' ' }), 400).error.code).toBe('TEXT_EMPTY');

  // Direct messages: free text inside the window, templates also outside of it.
  want(await api.sendDirectMessage({ phone: MARTA, content: { type: 'text', text: 'Le confirmo' } }), 201);
  await waitUntil('it was sent', () => sent().some(({ text }) => text?.body === 'Le confirmo'));
  expect(want(await api.sendDirectMessage({ phone: '+502 5555 7777', content: { type: 'text', text: 'Hola' } }), 409).error.code).toBe('WINDOW_CLOSED');
  expect(want(await api.sendDirectMessage({ phone: '+502 123', content: { type: 'text', text: 'Hola' } }), 400).error.code).toBe('PHONE_INVALID');
  expect(want(await api.listConversations({ limit: 200 }), 200).items).toHaveLength(2);

  // Templates.
  const templates = await waitUntil('the templates were read', async () => {
    const { items } = want(await api.listTemplates(), 200);
    return items.length > 0 ? items : null;
  });
  expect(templates.find(({ name }) => name === 'solicitud_aprobada_operaciones')).toMatchObject({ status: 'APPROVED', category: 'UTILITY', isSendable: true });
  const approved = { name: 'solicitud_aprobada_operaciones', body: ['Carlos', REQUEST, '4 de diciembre'] };
  // No conversation begins with a number that nothing could be said to.
  const incomplete = { ...approved, body: ['Carlos'] };
  expect(want(await api.sendDirectMessage({ phone: '+502 5555 7777', content: { type: 'template', template: incomplete } }), 400).error.code).toBe('CONTENT_REFUSED');
  expect(want(await api.sendTemplate({ phone: '+502 5555 7777', template: incomplete }), 400).error.code).toBe('CONTENT_REFUSED');
  expect(want(await api.listConversations({ limit: 200 }), 200).items).toHaveLength(2);
  want(await api.sendDirectMessage({ phone: '+502 5555 7777', name: 'Nuevo', content: { type: 'template', template: approved } }), 201);
  want(
    await api.sendTemplate({ conversationId: marta, template: { name: 'solicitud_recibida_cliente', body: { '1': 'Marta', '2': REQUEST, '3': 'Limpieza', '4': 'lunes', '5': 'marta@example.com' } } }),
    201,
  );
  await waitUntil('both were sent', () => sent().filter(({ type }) => type === 'template').length === 2);
  const parametersOf = (name: string): unknown =>
    sent()
      .find(({ template }) => template?.name === name)
      ?.template?.components?.flatMap(({ parameters = [] }) => parameters.map(({ text }) => text));
  expect(parametersOf('solicitud_aprobada_operaciones')).toEqual(approved.body);
  expect(parametersOf('solicitud_recibida_cliente')).toEqual(['Marta', REQUEST, 'Limpieza', 'lunes', 'marta@example.com']);
  expect(want(await api.sendTemplate({ conversationId: marta, template: { name: 'otra' } }), 409).error).toMatchObject({ code: 'TEMPLATE_UNAVAILABLE', error_subcode: 132001 });
  expect(want(await api.sendTemplate({ conversationId: marta, template: { ...approved, body: ['Carlos'] } }), 400).error.code).toBe('CONTENT_REFUSED');
  expect(want(await api.sendTemplate({ conversationId: marta, template: { ...approved, body: ['1', '2', '3', '4'] } }), 400).error.error_data?.field).toBe('template.body');
  expect(want(await api.sendTemplate({ template: approved }), 400).error.code).toBe('INVALID_INPUT');
  expect(want(await api.sendTemplate({ conversationId: marta, template: { ...approved, buttons: { '0': 'x' } } }), 400).error.error_data?.field).toBe('template.buttons.0');
  // What is refused begins no conversation with somebody new.
  const conversations = want(await api.listConversations({ limit: 200 }), 200).items.length;
  const short = { ...approved, body: ['Carlos'] };
  expect(want(await api.sendTemplate({ phone: '+502 5555 8888', template: short }), 400).error.code).toBe('CONTENT_REFUSED');
  expect(want(await api.sendDirectMessage({ phone: '+502 5555 8888', content: { type: 'template', template: short } }), 400).error.code).toBe('CONTENT_REFUSED');
  expect(want(await api.listConversations({ limit: 200 }), 200).items).toHaveLength(conversations);

  // Triage.
  const { assignee } = want(await api.assignConversation(marta, { agentId: null }), 200);
  expect(assignee).toBeNull();
  expect(want(await api.assignConversation(marta, { agentId: 'nobody' }), 404).error.error_data?.field).toBe('agentId');
  expect(want(await api.markConversationRead(marta), 200)).toEqual({ unread: 0 });

  // A service request of the outside system, and what belongs to it.
  const made = want(await api.putServiceRequest(REQUEST, fields, { idempotencyKey: 'create-1042' }), 200);
  expect(made).toMatchObject({
    isNew: true,
    externalId: REQUEST,
    reference: REQUEST,
    source: 'api',
    status: 'new',
    customerName: 'Marta Xicay',
    contactPhone: '+50255551234',
    requestedDate: '2026-12-04',
  });
  expect(made.customer?.id).toBe(opened.contact.id);
  expect(made.vendor?.name).toBe('Servicios del Lago');
  expect(made.events.map(({ kind, role, state }) => [kind, role, state])).toEqual([['vendor_assigned', 'vendor', 'open']]);
  expect(want(await api.putServiceRequest(REQUEST, fields, { idempotencyKey: 'create-1042' }), 200)).toEqual(made);
  expect(want(await api.putServiceRequest(REQUEST, { ...fields, address: 'Zona 1' }, { idempotencyKey: 'create-1042' }), 422).error.code).toBe('KEY_REUSED');
  const before = want(await api.getServiceRequest(REQUEST), 200);
  expect([before.address, before.history.length]).toEqual(['Zona 10', 1]);
  expect(want(await api.putServiceRequest(REQUEST, fields), 200)).toMatchObject({ isNew: false, id: made.id });
  // Blanks around a value or the id make no other request and no change, and neither does leaving out what is known.
  expect(want(await api.putServiceRequest(` ${REQUEST} `, { address: ' Zona 10 ', customer: { phone: fields.customer.phone } }), 200)).toMatchObject({ isNew: false, id: made.id });
  expect(want(await api.putServiceRequest(' ', fields), 400).error.error_data?.field).toBe('externalId');
  expect(want(await api.getServiceRequest(REQUEST), 200).history).toHaveLength(1);
  expect(want(await api.putServiceRequest(REQUEST, { status: 'done' }), 409).error).toMatchObject({ code: 'NOT_ALLOWED_NOW', error_data: { field: 'status' } });
  const changed = want(await api.putServiceRequest(REQUEST, { status: 'approved', approvedDate: '2026-12-05', address: 'Zona 14' }), 200);
  expect(changed).toMatchObject({ status: 'approved', approvedDate: '2026-12-05', address: 'Zona 14', serviceType: fields.serviceType });
  expect(want(await api.getServiceRequest('SOL-0'), 404).error.code).toBe('NOT_FOUND');

  want(await api.linkConversation(marta, { externalId: REQUEST, role: 'customer' }), 200);
  expect(want(await api.getServiceRequest(REQUEST), 200).links.map(({ role, conversationId }) => [role, conversationId])).toContainEqual(['customer', marta]);
  expect(want(await api.linkConversation(marta, { externalId: 'SOL-0', role: 'customer' }), 404).error.code).toBe('NOT_FOUND');
  want(await api.linkConversation(marta, { requestId: made.id, role: 'customer', isLinked: false }), 200);
  expect(want(await api.getServiceRequest(REQUEST), 200).links).not.toContainEqual(expect.objectContaining({ role: 'customer' }));

  // A template of the request to somebody it does not belong to.
  const wrong = { conversationId: marta, externalId: REQUEST, template: approved };
  expect(want(await api.sendTemplate(wrong), 409).error.code).toBe('WRONG_ROLE');
  want(await api.sendTemplate({ ...wrong, isOverride: true }), 201);

  expect(want(await api.setConversationStatus(marta, { status: 'archived' }), 200)).toMatchObject({ outcome: 'applied', status: 'archived' });
}

/** After the program was started anew: the key is still known. */
export async function repeatAfterRestart(where: Pick<Surroundings, 'url' | 'token'>): Promise<void> {
  connect(where);
  const again = want(await api.putServiceRequest(REQUEST, fields, { idempotencyKey: 'create-1042' }), 200);
  expect(again).toMatchObject({ isNew: true, address: 'Zona 10' });
  expect(want(await api.getServiceRequest(REQUEST), 200)).toMatchObject({ address: 'Zona 14', status: 'approved' });
}
