import { afterEach, beforeEach, expect, it } from 'vitest';
import { rootOf } from '../../../contract/ops/contact-ops.ts';
import { createTeamLog, ROSA } from './log-writer.ts';

let log: ReturnType<typeof createTeamLog>;
beforeEach(() => {
  log = createTeamLog();
  for (const [n, contactId] of ['a', 'b', 'c'].entries()) log.op('bo', { type: 'contact.add', args: { contactId, phone: `5025555000${n}`, fields: {} } });
});
afterEach(() => log.close());

const rosa = (): string => log.tx.get('conversation', [log.conversationId])?.contact_id ?? '';
const contact = (id: string) => log.tx.get('contact', [id]);
const merge = (contactId: string, from: string | null, to: string | null, actor = 'leo') => log.op(actor, { type: 'contact.merge', args: { contactId, from, to } });

it('somebody whose number is known is that person: the new id stands for them, and blanks are filled', () => {
  log.op('cy', { type: 'contact.change', args: { contactId: rosa(), changes: { company: { from: null, to: 'Las Flores' } } } });
  const added = log.op('bo', { type: 'contact.add', args: { contactId: 'again', phone: ROSA, fields: { company: 'otra', email: 'r@example.com', isVendor: 1, marketing: 'resume' } } });
  expect(added).toMatchObject({ outcome: 'merged', detail: { contactId: rosa() } });
  expect(rootOf(log.tx, 'again')).toBe(rosa());
  expect(contact(rosa())).toMatchObject({ company: 'Las Flores', email: 'r@example.com', is_vendor: 1, marketing: null });
});

it('fields are guarded on their own, and what was said about advertising has its time', () => {
  const change = (from: string | null, to: string) => log.op('bo', { type: 'contact.change', args: { contactId: 'a', changes: { name: { from, to }, marketing: { from: null, to: 'stop' } } } });
  expect(change(null, 'Ana').outcome).toBe('applied');
  expect(contact('a')?.marketing_at).toBeGreaterThan(0);
  expect(change(null, 'Eva')).toMatchObject({ outcome: 'partial', detail: { lost: { name: { was: 'Ana' } } } });
});

it('a number that belongs to somebody stays theirs', () => {
  const phone = (contactId: string, number: string) => log.op('bo', { type: 'contact.phone', args: { contactId, phone: number } });
  expect(phone('a', ROSA)).toMatchObject({ outcome: 'superseded', detail: { contact: rosa() } });
  expect(phone('a', '5215512345678').outcome).toBe('applied');
  expect(phone('b', '525512345678'), 'however it is written').toMatchObject({ outcome: 'superseded', detail: { contact: 'a' } });
});

it('attributes are guarded', () => {
  const set = (from: string | null, to: string | null) => log.op('bo', { type: 'contact.attribute', args: { contactId: 'a', key: 'NIT', from, to } });
  expect([set(null, '1').outcome, set(null, '1').outcome, set(null, '2').outcome, set('1', null).outcome]).toEqual(['applied', 'merged', 'superseded', 'applied']);
  expect(log.tx.get('contact_attribute', ['a', 'NIT'])).toBeUndefined();
});

it('merges are for leads, can be taken back, and never go round', () => {
  expect(merge('a', null, 'b', 'bo').outcome).toBe('forbidden');
  expect(merge('a', null, 'b').outcome).toBe('applied');
  expect(merge('b', null, 'a')).toMatchObject({ outcome: 'forbidden', detail: { reason: 'cycle' } });
  expect(merge('b', null, 'c').outcome).toBe('applied');
  expect(rootOf(log.tx, 'a')).toBe('c');
  expect(merge('a', 'b', 'a'), 'with itself, although it leads elsewhere now').toMatchObject({ outcome: 'forbidden', detail: { reason: 'cycle' } });
  expect(merge('b', 'c', 'a'), 'with somebody behind it').toMatchObject({ outcome: 'forbidden', detail: { reason: 'cycle' } });
  expect(merge('a', null, 'c').outcome).toBe('superseded');
  expect(merge('a', 'b', null).outcome).toBe('applied');
  expect(rootOf(log.tx, 'a')).toBe('a');
});

it('automatic assignment is claimed once, by members, where it is on', () => {
  const route = (to: string) => log.op('bo', { type: 'conversation.route', args: { conversationId: log.conversationId, to } });
  expect(route('cy').outcome).toBe('forbidden');
  const value = { isOn: false, capacity: 20 };
  log.op('ana', { type: 'setting.set', args: { from: { key: 'routing', value }, to: { key: 'routing', value: { ...value, isOn: true } } } });
  expect([route('gil').outcome, route('cy').outcome, route('leo').outcome]).toEqual(['target_missing', 'applied', 'superseded']);
  expect(log.tx.get('conversation', [log.conversationId])?.assignee_id).toBe('cy');
});
