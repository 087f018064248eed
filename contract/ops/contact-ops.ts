/**
 * What the team keeps of a person. Invariants: `merged_into` is a pointer that never goes round and can be taken back without loss, because
 * nothing else moves; an identifier that belongs to somebody stays theirs.
 */
import { NEW_CONTACT, type ContactRow, type StateTx } from '../state.ts';
import { judgeGuard } from '../rules/guard.ts';
import { mayLead } from '../rules/rights.ts';
import { readActor } from './actor.ts';
import { addIdentifier, findContactByPhone } from './contact-rows.ts';
import { judgeFields, toColumn } from './field-changes.ts';
import type { ReducerOp } from './op.ts';
import type { OpResult } from './op-result.ts';

const result = (outcome: OpResult['outcome'], detail: Record<string, unknown>): OpResult => ({ outcome, conversationId: null, detail });

/** The contact that stands for this one after all merges. */
export const rootOf = (tx: Pick<StateTx, 'get'>, contactId: string): string => lineUp(tx, contactId).at(-1) ?? contactId;

/** From a contact up to the one that stands for it, both with them. */
function lineUp(tx: Pick<StateTx, 'get'>, contactId: string): string[] {
  const line: string[] = [];
  for (let id: string | null = contactId; id !== null; id = tx.get('contact', [id])?.merged_into ?? null) line.push(id);
  return line;
}

export function reduceContactAdd(tx: StateTx, op: ReducerOp<'contact.add'>): OpResult {
  const { contactId, phone, fields } = op.args;
  if (tx.get('contact', [contactId])) return result('duplicate', { contactId });
  const known = phone === null ? undefined : findContactByPhone(tx, phone);
  const row: ContactRow = { ...NEW_CONTACT, id: contactId, profile_name: null, username: null, created_seq: op.seq };
  const given = Object.fromEntries(Object.entries(fields).map(([field, value]) => [toColumn(field), value])) as Partial<ContactRow>;
  if (known) {
    // What its author has said of the new contact meanwhile (a request for them, a further op) is said of the one who is there.
    tx.put('contact', { ...row, merged_into: known.id });
    tx.put('contact', fillBlanks(tx.get('contact', [rootOf(tx, known.id)]) ?? known, given));
    return result('merged', { contactId: known.id });
  }
  tx.put('contact', { ...row, ...given, marketing_at: fields.marketing ? op.receivedAt : null });
  addIdentifier(tx, contactId, 'phone', phone, op.seq);
  return result('applied', { contactId });
}

/** What nobody has said of a contact yet. What they said about advertising stays theirs. */
function fillBlanks(contact: ContactRow, { marketing: _, ...given }: Partial<ContactRow>): ContactRow {
  const isBlank = (column: string): boolean => [null, 0, ''].includes((contact as Record<string, string | number | null>)[column] ?? null);
  return { ...contact, ...Object.fromEntries(Object.entries(given).filter(([column]) => isBlank(column))) };
}

export function reduceContactChange(tx: StateTx, op: ReducerOp<'contact.change'>): OpResult {
  const { contactId, changes } = op.args;
  const contact = tx.get('contact', [contactId]);
  if (!contact) return result('target_missing', { contactId, changes });
  const { outcome, next, lost } = judgeFields(contact, changes, toColumn);
  if (next !== contact) tx.put('contact', next.marketing === contact.marketing ? next : { ...next, marketing_at: op.receivedAt });
  return result(outcome, { contactId, changes, lost });
}

export function reduceContactPhone(tx: StateTx, op: ReducerOp<'contact.phone'>): OpResult {
  const { contactId, phone } = op.args;
  if (!tx.get('contact', [contactId])) return result('target_missing', op.args);
  const known = findContactByPhone(tx, phone);
  if (known) return known.id === contactId ? result('merged', op.args) : result('superseded', { ...op.args, contact: known.id });
  addIdentifier(tx, contactId, 'phone', phone, op.seq);
  return result('applied', op.args);
}

export function reduceContactAttribute(tx: StateTx, op: ReducerOp<'contact.attribute'>): OpResult {
  const { contactId, key, from, to } = op.args;
  if (!tx.get('contact', [contactId])) return result('target_missing', op.args);
  const current = tx.get('contact_attribute', [contactId, key])?.value ?? null;
  const verdict = judgeGuard(current, from, to);
  if (verdict === 'applied') {
    if (to === null) tx.delete('contact_attribute', [contactId, key]);
    else tx.put('contact_attribute', { contact_id: contactId, key, value: to });
  }
  return result(verdict, verdict === 'superseded' ? { ...op.args, was: current } : op.args);
}

export function reduceContactMerge(tx: StateTx, op: ReducerOp<'contact.merge'>): OpResult {
  const { contactId, from, to } = op.args;
  const contact = tx.get('contact', [contactId]);
  if (!contact || (to !== null && !tx.get('contact', [to]))) return result('target_missing', op.args);
  if (!mayLead(readActor(tx, op.actorId))) return result('forbidden', op.args);
  // Not only its end: the contact's own pointer may lead elsewhere, and is about to change.
  if (to !== null && lineUp(tx, to).includes(contactId)) return result('forbidden', { ...op.args, reason: 'cycle' });
  const verdict = judgeGuard(contact.merged_into, from, to);
  if (verdict === 'applied') tx.put('contact', { ...contact, merged_into: to });
  return result(verdict, verdict === 'superseded' ? { ...op.args, was: contact.merged_into } : op.args);
}
