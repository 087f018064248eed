/** What is read for a prompt from a real database: this person's rows, and nobody else's. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { assemblePrompt, type PromptTask } from '../../../../../main/engine/ai/prompt/assemble.ts';
import { openZone } from '../../../../../main/engine/hours/zone.ts';
import { createContextReader } from '../../../../../main/engine/ai/prompt/read-context.ts';
import type { RequestFields } from '../../../../../contract/ops/op.ts';
import type { AiSettings } from '../../../../../contract/ai/ai-entities.ts';
import { createContactQueries } from '../../../../../main/engine/db/contact-queries.ts';
import { createMessageQueries } from '../../../../../main/engine/db/message-queries.ts';
import { createTeamQueries } from '../../../../../main/engine/db/team-queries.ts';
import { createTemplateQueries } from '../../../../../main/engine/db/template-queries.ts';
import { NONCE } from '../../../../eval/prompt/sample-input.ts';
import { createOffice, HOUR, ROSA, type Desk } from '../../desk.ts';

const FIELDS: RequestFields = {
  externalId: 'SOL-7',
  serviceType: 'Limpieza',
  customerId: null,
  customerName: 'Rosa',
  contactPhone: '+50255551234',
  contactEmail: '',
  address: '1 calle',
  requestedDate: null,
  approvedDate: null,
  vendorId: null,
  formUrl: '',
  description: '',
  status: 'received',
};
const SETTINGS = {
  tone: '',
  profile: '',
  masking: { cards: true, ids: true, email: false, phones: false, names: false, addresses: false },
  budget: { inputTokens: 6_000, outputTokens: 350 },
} as AiSettings;
const REPLY: PromptTask = { purpose: 'reply', instruction: null, previous: null };
const R1 = '00000000-0000-4000-8000-000000000001';
const R2 = '00000000-0000-4000-8000-000000000002';

let office: ReturnType<typeof createOffice>;
beforeEach(() => {
  office = createOffice();
});
afterEach(() => {
  office.close();
});

function openReader(desk: Desk) {
  const asked: string[] = [];
  const reader = createContextReader({
    state: desk.replica.state,
    messages: createMessageQueries(desk.db),
    notes: createTeamQueries(desk.db),
    templateQueries: createTemplateQueries(desk.db),
    contacts: createContactQueries(desk.db),
    suggestTemplates: ({ text }) => {
      asked.push(text);
      return [{ key: 'aviso:es', name: 'aviso', language: 'es' }];
    },
    workspace: () => ({ name: 'Taller', phone: '+502 2334 4550' }),
    zone: () => openZone('America/Guatemala'),
    now: desk.now,
  });
  const read = (conversationId = office.log.conversationId, task: PromptTask = REPLY, settings = SETTINGS) =>
    reader.read({ conversationId, task, passages: [], summary: null, language: { code: 'es', isSure: true }, settings, tokenFactor: 1, settingsRev: 's', knowledgeRev: 3 });
  return { ...reader, read, asked };
}
const contactOf = (desk: Desk, conversationId: string): string => desk.replica.state.get('conversation', [conversationId])?.contact_id ?? '';

it('reads the person, the linked request in its role and what was said, and nothing of another customer', () => {
  const { log } = office;
  const leo = `c_${log.customerWrites({ from: '50255550002', name: 'Leo', text: 'secreto de Leo' })}`;
  log.customerWrites({ from: ROSA, name: 'Rosa Xicay', text: '¿Cuándo vienen?' });
  log.op('ana', { type: 'request.add', args: { requestId: R1, fields: FIELDS, customer: null, source: 'manual' } });
  log.op('ana', { type: 'request.add', args: { requestId: R2, fields: { ...FIELDS, externalId: 'SOL-8', customerName: 'Leo', address: 'casa de Leo' }, customer: null, source: 'manual' } });
  log.op('ana', { type: 'request.link', args: { requestId: R1, role: 'customer', from: null, to: log.conversationId } });
  log.op('ana', { type: 'request.link', args: { requestId: R2, role: 'customer', from: null, to: leo } });
  const reader = openReader(office.openDesk('bo'));
  const input = reader.read();
  const prompt = assemblePrompt(input, () => NONCE);
  const text = prompt.messages.map(({ content }) => content).join('\n');
  expect(text).toContain('"Estado de la solicitud SOL-7": "Recibida"');
  expect(text).toContain('cliente: "¿Cuándo vienen?"');
  expect(text).toContain('"Rosa Xicay"');
  expect(text).not.toMatch(/Leo|SOL-8/);
  expect(prompt.question).toBe('hola\n¿Cuándo vienen?');
  expect(reader.readInbound(log.conversationId)).toEqual({ texts: ['hola', '¿Cuándo vienen?'], lastInboundId: prompt.basis.lastInboundId });
  expect(prompt.basis).toMatchObject({ conversationId: log.conversationId, knowledgeRev: 3, settingsRev: 's', promptVersion: '2026-11.1' });
  // Open: no template is looked for.
  expect(reader.asked).toEqual([]);
});

it('says that the window is closed, with what can be sent', () => {
  const desk = office.openDesk('bo');
  desk.advanceClock(25 * HOUR);
  const { facts } = openReader(desk).read();
  expect(facts.find(({ kind }) => kind === 'window')?.text).toContain('cerrada');
  expect(facts.filter(({ kind }) => kind === 'template')).toMatchObject([{ text: 'aviso (es)', ref: { kind: 'template', key: 'aviso:es' } }]);
});

it('merged contacts are one person: what is known of the one is told of the other, and nobody is refused', () => {
  const { log } = office;
  const second = `c_${log.customerWrites({ from: '50255550009', name: 'R', text: 'desde mi otro número' })}`;
  const desk = office.openDesk('bo');
  const [rosa, other] = [contactOf(desk, log.conversationId), contactOf(desk, second)];
  log.op('ana', { type: 'contact.change', args: { contactId: rosa, changes: { company: { from: null, to: 'Posada' } } } });
  log.op('ana', { type: 'contact.merge', args: { contactId: other, from: null, to: rosa } });
  log.op('ana', { type: 'request.add', args: { requestId: R1, fields: { ...FIELDS, customerId: rosa }, customer: null, source: 'manual' } });
  log.op('ana', { type: 'request.link', args: { requestId: R1, role: 'customer', from: null, to: second } });
  desk.pull();
  const input = openReader(desk).read(second);
  expect(input.facts.find(({ text }) => text === 'Posada')?.ref).toEqual({ kind: 'contact', contactId: rosa });
  // Of their own request under the other identity: with its address.
  expect(input.facts.some(({ text }) => text === '1 calle')).toBe(true);
  expect(() => assemblePrompt(input, () => NONCE)).not.toThrow();
});

it('who lost a request, or is another customer than it names, learns nothing of its people', () => {
  const { log } = office;
  const desk = office.openDesk('bo');
  log.op('ana', { type: 'request.add', args: { requestId: R1, fields: { ...FIELDS, vendorId: null }, customer: null, source: 'manual' } });
  log.op('ana', { type: 'request.link', args: { requestId: R1, role: 'vendor', from: null, to: log.conversationId } });
  desk.pull();
  const labels = openReader(desk)
    .read()
    .facts.filter(({ kind }) => kind === 'request')
    .map(({ text }) => text);
  expect(labels).toEqual(['SOL-7', 'Limpieza', 'Ya no está asignada a esta persona']);
});

it('notes are for summaries; the revision of what was read changes with it', () => {
  const { log } = office;
  log.op('ana', { type: 'note.add', args: { noteId: R1, conversationId: log.conversationId, body: 'Paga tarde', mentions: [] } });
  const desk = office.openDesk('bo');
  const reader = openReader(desk);
  const before = reader.read();
  expect(before.notes).toEqual([]);
  expect(reader.read(log.conversationId, { purpose: 'summary', kind: 'transfer' }).notes).toMatchObject([{ body: 'Paga tarde' }]);
  expect(reader.read().basis).toEqual(before.basis);
  log.op('ana', { type: 'contact.change', args: { contactId: contactOf(desk, log.conversationId), changes: { name: { from: null, to: 'Rosita' } } } });
  log.customerWrites({ text: 'otra cosa' });
  desk.pull();
  const after = reader.read().basis;
  expect(after.contactRev).not.toBe(before.basis.contactRev);
  expect(after.requestRev).toBe(before.basis.requestRev);
  expect(after.lastMessageSeq).toBeGreaterThan(before.basis.lastMessageSeq);
  expect(after.lastInboundId).not.toBe(before.basis.lastInboundId);
});

it('an unknown conversation is told as such', () => {
  expect(() => openReader(office.openDesk('bo')).read('c_none')).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
});
