import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OpBody } from '../../../contract/ops/op.ts';
import { isAboutErased, monthsBefore, namesErasedRequest } from '../../../contract/ops/erase-ops.ts';
import { LOOKUPS } from '../../../contract/state.ts';
import { dumpState } from '../../../contract/sqlite/state-tx.ts';
import { createPrivacyQueries } from '../../../main/engine/db/privacy-queries.ts';
import { proposeOp, runOf } from './ai-samples.ts';
import { createTeamLog, ROSA } from './log-writer.ts';

let log: ReturnType<typeof createTeamLog>;
let conversationId: string;
let rosa: string;
beforeEach(() => {
  log = createTeamLog();
  ({ conversationId } = log);
  rosa = log.tx.get('conversation', [conversationId])!.contact_id;
});
afterEach(() => log.close());

const erase = (contactId: string, who = 'leo') => log.op(who, { type: 'contact.erase', args: { contactId } });
const queue = (messageId: string, text: string, conversation = conversationId): OpBody => ({
  type: 'message.queue',
  args: { messageId, conversationId: conversation, seenThrough: log.head(), content: { kind: 'text', text } },
});
const REQUEST = {
  externalId: 'EXT-1',
  status: 'new' as const,
  serviceType: 'Limpieza',
  customerId: null,
  customerName: 'planted',
  contactPhone: '',
  contactEmail: 'planted@example.com',
  address: 'planted 5',
  requestedDate: '2026-12-04',
  approvedDate: null,
  vendorId: null,
  formUrl: 'https://planted.example',
  description: 'planted',
};
const words = (): string => [...dumpState(log.db)].filter((row) => row.includes('planted') || row.includes(ROSA)).join('\n');

/** Everything of her that the team's rows can hold. */
function plant(): void {
  log.customerWrites({ name: 'Rosa planted', text: 'planted' });
  log.webhook({ payload: { id: 'wamid.edit', from: ROSA, timestamp: '1795000000', type: 'reaction', reaction: { message_id: 'wamid.7', emoji: 'planted' } } });
  log.op('bo', queue('out', 'planted'));
  log.op('bo', { type: 'message.result', args: { messageId: 'out', wamid: 'wamid.out-planted', waId: ROSA } });
  log.status({ wamid: 'wamid.out-planted', status: 'delivered' });
  log.op('bo', { type: 'note.add', args: { noteId: 'n', conversationId, body: 'planted', mentions: [] } });
  log.op('bo', { type: 'note.edit', args: { noteId: 'n', from: 'planted', to: 'planted bis', mentions: [] } });
  log.op('bo', { type: 'contact.change', args: { contactId: rosa, changes: { name: { from: null, to: 'planted' }, email: { from: null, to: 'planted@example.com' } } } });
  log.op('cy', { type: 'contact.change', args: { contactId: rosa, changes: { name: { from: null, to: 'planted too' } } } });
  log.op('bo', { type: 'contact.attribute', args: { contactId: rosa, key: 'NIT', from: null, to: 'planted' } });
  log.op('bo', { type: 'contact.phone', args: { contactId: rosa, phone: '50255556789' } });
  log.op('bo', { type: 'conversation.assign', args: { conversationId, from: null, to: 'bo', note: { noteId: 'n2', body: 'planted' } } });
  log.op('bo', proposeOp('d', conversationId, null, { seen: log.head() }));
  log.op('bo', { type: 'draft.discard', args: { draftId: 'd', reason: 'tone', note: 'planted' } });
  log.op('leo', { type: 'label.add', args: { labelId: 'l', name: 'VIP', color: 'gray' } });
  log.op('bo', { type: 'conversation.label', args: { conversationId, labelId: 'l', isOn: true } });
  log.op('bo', { type: 'request.add', args: { requestId: 'r', fields: { ...REQUEST, customerId: rosa }, customer: null, source: 'manual' } });
  log.op('bo', { type: 'request.change', args: { requestId: 'r', changes: { address: { from: 'planted 5', to: 'planted 6' } } } });
  log.op('bo', { type: 'request.link', args: { requestId: 'r', role: 'customer', from: null, to: conversationId } });
  log.op('bo', { type: 'request.add', args: { requestId: 'r2', fields: { ...REQUEST, externalId: null, contactPhone: `+${ROSA}` }, customer: null, source: 'manual' } });
}

describe('erasing a person', () => {
  it('leaves no word of them in any row, and what the company needs of its own work', () => {
    plant();
    expect(words()).not.toBe('');
    expect(erase(rosa, 'bo')).toMatchObject({ outcome: 'forbidden', changed: [] });
    const { outcome, detail } = erase(rosa);
    expect({ outcome, detail }).toEqual({ outcome: 'applied', detail: { contactId: rosa, people: 1, conversations: 1, messages: 4, notes: 2, requests: 2 } });
    expect(words()).toBe('');
    expect(log.tx.get('contact', [rosa])).toBeUndefined();
    expect(log.tx.get('conversation', [conversationId])).toBeUndefined();
    expect(log.tx.get('service_request', ['r'])).toMatchObject({ number: 1001, external_id: 'EXT-1', service_type: 'Limpieza', requested_date: '2026-12-04', customer_id: null, customer_name: '' });
    expect(log.tx.get('ai_run', ['run-d'])).toMatchObject({ text: null, cost_micros: 120 });
    expect(log.tx.list('request_link_by_conversation', [conversationId])).toEqual([]);
    log.webhook({ item: 'status', payload: { id: 'wamid.out-planted', status: 'read', timestamp: '1795000000', recipient_id: ROSA, biz_opaque_callback_data: 'out' } });
    expect(words(), 'what WhatsApp says of it later').toBe('');
    expect(erase(rosa).outcome).toBe('target_missing');
  });

  it('reaches everybody who was merged with them, and nobody else', () => {
    const other = log.tx.get('conversation', [`c_${log.customerWrites({ from: '50255559999', text: 'planted' })}`])!.contact_id;
    const third = log.tx.get('conversation', [`c_${log.customerWrites({ from: '50255558888', text: 'kept' })}`])!.contact_id;
    log.op('leo', { type: 'contact.merge', args: { contactId: other, from: null, to: rosa } });
    expect(erase(other)).toMatchObject({ outcome: 'applied', detail: { people: 2, conversations: 2 } });
    expect(words()).toBe('');
    expect(log.tx.get('contact', [third])).toBeDefined();
    expect([...dumpState(log.db)].join('\n')).toContain('kept');
  });

  it('of a vendor leaves what a request says of its customer, and what was changed there', () => {
    const vendor = log.tx.get('conversation', [`c_${log.customerWrites({ from: '50255559999', text: 'kept' })}`])!.contact_id;
    log.op('bo', { type: 'request.add', args: { requestId: 'r', fields: { ...REQUEST, customerId: rosa, vendorId: vendor }, customer: null, source: 'manual' } });
    const change = { address: { from: 'planted 5', to: 'planted 6' } };
    log.op('bo', { type: 'request.change', args: { requestId: 'r', changes: change } });
    expect(erase(vendor).outcome).toBe('applied');
    expect(log.tx.get('service_request', ['r'])).toMatchObject({ vendor_id: null, customer_id: rosa, address: 'planted 6', description: 'planted' });
    expect(log.tx.list('activity_by_request', ['r']).map(({ detail }) => JSON.parse(detail) as unknown)).toContainEqual(expect.objectContaining({ changes: change }));
    // A text that lost goes back to its author, as ever.
    expect(log.op('cy', { type: 'request.change', args: { requestId: 'r', changes: { address: { from: 'planted 5', to: 'planted 7' } } } })).toMatchObject({
      outcome: 'superseded',
      detail: { changes: { address: { to: 'planted 7' } } },
    });
  });

  it('of a former vendor leaves nobody to be told', () => {
    const [former, next] = ['50255559999', '50255558888'].map((from) => log.tx.get('conversation', [`c_${log.customerWrites({ from, text: 'kept' })}`])!.contact_id);
    log.op('bo', { type: 'request.add', args: { requestId: 'r', fields: { ...REQUEST, vendorId: former! }, customer: null, source: 'manual' } });
    log.op('bo', { type: 'request.change', args: { requestId: 'r', changes: { vendorId: { from: former!, to: next! } } } });
    const events = () => log.tx.list('request_event_by_request', ['r']);
    expect(events().some((event) => event.contact_id === former)).toBe(true);
    expect(erase(former!).outcome).toBe('applied');
    expect(events().filter((event) => event.contact_id === former || (event.state === 'open' && event.contact_id !== next))).toEqual([]);
  });

  it('finds what is theirs without reading the rows of years', () => {
    for (const { table, columns, where } of Object.values(LOOKUPS) as { table: string; columns: readonly string[]; where?: string }[]) {
      const plan = log.db.prepare(`EXPLAIN QUERY PLAN SELECT * FROM ${table} WHERE ${[...columns.map((column) => `${column} = +?`), ...(where === undefined ? [] : [where])].join(' AND ')}`);
      expect((plan.all(...columns.map(() => '')) as { detail: string }[]).map(({ detail }) => detail).join(), `${table} by ${columns.join()}`).toContain('SEARCH');
    }
  });

  it('what was attached of theirs is attached no longer', () => {
    plant();
    log.op('bo', { type: 'request.attach', args: { requestId: 'r', messageIds: ['out'], isOn: true } });
    expect(log.tx.list('request_message_by_conversation', [conversationId])).toHaveLength(1);
    erase(rosa);
    expect(log.tx.list('request_message_by_conversation', [conversationId])).toEqual([]);
  });

  it('what was written of them before its author knew finds nobody, and leaves no word', () => {
    plant();
    erase(rosa);
    const late: OpBody[] = [
      queue('late', 'planted'),
      proposeOp('late draft', conversationId, null, { seen: log.head() }),
      { type: 'note.add', args: { noteId: 'late', conversationId, body: 'planted', mentions: [] } },
      { type: 'message.result', args: { messageId: 'out', wamid: 'wamid.out-planted', waId: ROSA } },
      { type: 'note.edit', args: { noteId: 'n', from: 'planted bis', to: 'planted', mentions: [] } },
      { type: 'contact.change', args: { contactId: rosa, changes: { name: { from: 'planted', to: 'planted 2' } } } },
      { type: 'contact.phone', args: { contactId: rosa, phone: ROSA } },
      { type: 'ai.run', args: { run: runOf('late', conversationId, 0) } },
      { type: 'ai.review', args: { draftId: 'd', verdict: 'bad', reason: null, note: 'planted' } },
      { type: 'draft.approve', args: { draftId: 'd', messageId: 'late', content: { kind: 'text', text: 'planted' }, seenThrough: 0, fence: null } },
      { type: 'request.add', args: { requestId: 'late', fields: { ...REQUEST, externalId: null, customerId: rosa }, customer: null, source: 'manual' } },
      { type: 'request.change', args: { requestId: 'r', changes: { customerId: { from: null, to: rosa } } } },
    ];
    for (const op of late) {
      expect(log.op('bo', op).outcome, op.type).toBe('target_missing');
      // The relay is told of them, because its log holds the words.
      expect(isAboutErased(log.tx, op), op.type).toBe(true);
    }
    // What they made of it meanwhile, too.
    const further: OpBody[] = [
      { type: 'note.edit', args: { noteId: 'late', from: 'planted', to: 'planted 2', mentions: [] } },
      { type: 'draft.approve', args: { draftId: 'late draft', messageId: 'later 2', content: { kind: 'text', text: 'planted' }, seenThrough: 0, fence: null } },
      { type: 'request.change', args: { requestId: 'late', changes: { address: { from: 'planted 5', to: 'planted 6' } } } },
    ];
    for (const op of further) {
      expect(log.op('bo', op).outcome, op.type).toBe('target_missing');
      expect(isAboutErased(log.tx, op) || namesErasedRequest(log.tx, op), op.type).toBe(true);
    }
    expect(log.op('bo', { type: 'request.change', args: { requestId: 'r', changes: { customerName: { from: 'planted', to: 'planted 2' } } } }).outcome).toBe('superseded');
    expect(words()).toBe('');
  });

  it('whoever writes from their number later is somebody new, with nothing of before', () => {
    plant();
    erase(rosa);
    const seq = log.customerWrites({ text: 'hola de nuevo' });
    const conversation = log.tx.get('conversation', [`c_${seq}`])!;
    expect(conversation.contact_id).not.toBe(rosa);
    expect(log.tx.get('contact_identifier', ['wa_id', ROSA])?.contact_id).toBe(conversation.contact_id);
    expect(log.tx.list('message_by_contact', [conversation.contact_id])).toHaveLength(1);
    expect(log.op('bo', queue('again', 'hola', conversation.id)).outcome).toBe('applied');
  });
});

describe('retention', () => {
  const months = (from: number | null, to: number | null, who = 'ana') =>
    log.op(who, { type: 'setting.set', args: { from: { key: 'retention', value: { months: from } }, to: { key: 'retention', value: { months: to } } } });
  const apply = (before: number, ids: string[], who = 'bo') => log.op(who, { type: 'retention.apply', args: { before, conversationIds: ids } });
  const status = (to: 'archived' | 'active', id = conversationId) =>
    log.op('bo', { type: 'conversation.status', args: { conversationId: id, from: to === 'archived' ? 'active' : 'archived', to, seenThrough: log.head() } });
  const receivedAt = (): number => log.log.at(-1)!.receivedAt;
  const boundary = (): number => monthsBefore(receivedAt(), 6);

  it('takes what ended and is older than the setting says, and leaves the rest of the person', () => {
    plant();
    log.op('bo', { type: 'request.link', args: { requestId: 'r', role: 'customer', from: conversationId, to: null } });
    status('archived');
    const younger = `c_${log.customerWrites({ from: '50255559999', text: 'joven' })}`;
    status('archived', younger);
    log.wait(200 * 24 * 60 * 60 * 1000);
    log.customerWrites({ from: '50255559999', text: 'joven' });
    expect(apply(boundary(), [conversationId]).outcome).toBe('forbidden');
    expect(months(null, 6, 'leo').outcome).toBe('forbidden');
    expect(months(null, 6).outcome).toBe('applied');
    expect(apply(receivedAt(), [conversationId]), 'younger than the setting lets go').toMatchObject({ outcome: 'forbidden', changed: [] });
    expect(apply(boundary(), [conversationId, younger, 'nobody'])).toMatchObject({ outcome: 'applied', detail: { conversations: 1, messages: 4 } });
    expect(log.tx.get('conversation', [conversationId])).toBeUndefined();
    expect(log.tx.get('conversation', [younger])).toBeDefined();
    expect(log.tx.get('contact', [rosa])).toBeDefined();
    expect(log.tx.get('note', ['n'])).toBeUndefined();
    expect(log.tx.get('ai_run', ['run-d'])?.text).toBeNull();
    expect(log.tx.get('service_request', ['r'])?.customer_name).toBe('planted');
    expect(apply(boundary(), [conversationId]).outcome).toBe('merged');
    // Whoever comes back begins anew, as the same person.
    expect(log.tx.get('conversation', [`c_${log.customerWrites()}`])?.contact_id).toBe(rosa);
  });

  it('never touches what is open, or belongs to a request that is', () => {
    log.op('bo', { type: 'request.add', args: { requestId: 'r', fields: { ...REQUEST, customerId: rosa }, customer: null, source: 'manual' } });
    log.op('bo', { type: 'request.link', args: { requestId: 'r', role: 'customer', from: null, to: conversationId } });
    log.wait(400 * 24 * 60 * 60 * 1000);
    months(null, 6);
    expect(apply(boundary(), [conversationId])).toMatchObject({ outcome: 'merged', changed: [] });
    status('archived');
    expect(apply(boundary(), [conversationId])).toMatchObject({ outcome: 'merged', changed: [] });
    log.op('bo', { type: 'request.change', args: { requestId: 'r', changes: { status: { from: 'new', to: 'cancelled' } } } });
    expect(apply(boundary(), [conversationId]).outcome).toBe('applied');
  });

  it('never touches a conversation of which a message belongs to a request that is open', () => {
    log.op('bo', { type: 'request.add', args: { requestId: 'r', fields: { ...REQUEST, customerId: rosa }, customer: null, source: 'manual' } });
    log.op('bo', queue('agreed', 'planted'));
    log.op('bo', { type: 'request.attach', args: { requestId: 'r', messageIds: ['agreed'], isOn: true } });
    status('archived');
    log.wait(400 * 24 * 60 * 60 * 1000);
    months(null, 6);
    const { countPast } = createPrivacyQueries(log.db);
    expect([apply(boundary(), [conversationId]).outcome, countPast(boundary()).conversations]).toEqual(['merged', 0]);
    log.op('bo', { type: 'request.change', args: { requestId: 'r', changes: { status: { from: 'new', to: 'cancelled' } } } });
    expect([countPast(boundary()).conversations, apply(boundary(), [conversationId]).outcome]).toEqual([1, 'applied']);
    expect(log.tx.list('request_message_by_conversation', [conversationId])).toEqual([]);
  });

  it('counts months as a calendar does', () => {
    expect(new Date(monthsBefore(Date.UTC(2026, 2, 31, 5), 1)).toISOString()).toBe('2026-02-28T05:00:00.000Z');
    expect(new Date(monthsBefore(Date.UTC(2024, 1, 29), 12)).toISOString()).toBe('2023-02-28T00:00:00.000Z');
    expect(new Date(monthsBefore(Date.UTC(2026, 0, 15), 13)).toISOString()).toBe('2024-12-15T00:00:00.000Z');
  });
});
