/**
 * What could go into the slots of a template, from the request, its people, the agent. Invariants: a candidate is of this request and of
 * the person it goes to, never of somebody else; each is cleaned as it would be sent; where nothing fits, nothing is proposed.
 */
import { assertNever } from '../../../contract/app-error.ts';
import { EVENT_TEMPLATES, eventOfTemplate, type RequestRole, type ValueSource } from '../../../contract/requests/request-rules.ts';
import { foldText } from '../../../contract/rules/fold-text.ts';
import type { ServiceRequestRow } from '../../../contract/state.ts';
import type { Template } from '../../../contract/whatsapp/template-definition.ts';
import { placeholdersOf } from '../../../contract/whatsapp/template-words.ts';
import { cleanValue, slotsOf, type TemplateSlot } from '../../../contract/whatsapp/template-slots.ts';
import type { SlotProposal } from '../../../contract/work-entities.ts';
import { formatPhone } from '../conversations/views.ts';
import { FACTS, findHints, hintWordsOf, type Fact } from './value-hints.ts';

/** Somebody a template can be sent to, or names. `phone`: digits. Null: not known. */
export type ValuePerson = {
  name: string | null;
  firstName: string | null;
  phone: string | null;
  email: string | null;
  company: string | null;
  isVendor: boolean;
  attributes: readonly { key: string; value: string }[];
};
export type ValueContext = {
  /** Whom it goes to. */
  person: ValuePerson;
  request: ServiceRequestRow | null;
  /** As what they are told; null: they have no part in the request, or there is none. A vendor who was replaced is told as a vendor. */
  role: RequestRole | null;
  /** Of the request, whoever it goes to. */
  customer: ValuePerson | null;
  vendor: ValuePerson | null;
  agentName: string | null;
  workspace: { name: string | null; phone: string | null };
  /** What this person was sent last in this template, by slot. */
  lastUsed: Readonly<Record<string, string>>;
  /** What agents put into this template before, by slot: the fact, not the words. */
  usedFacts: Readonly<Record<string, Fact>>;
};
type Candidate = SlotProposal['candidates'][number];
type TextSlot = Extract<TemplateSlot, { kind: 'text' }>;

/** One element for each slot that takes a text, in the order in which the person reads them; best candidate first. */
export function proposeValues(template: Template, context: ValueContext): SlotProposal[] {
  return slotsOf(template).flatMap((slot) => (slot.kind === 'text' ? [{ key: slot.key, candidates: proposeFor(template, slot, context) }] : []));
}

/** The best value of each slot; slots without one are left out. */
export const bestValues = (proposals: readonly SlotProposal[]): Record<string, string> =>
  Object.fromEntries(proposals.flatMap(({ key, candidates: [best] }) => (best === undefined ? [] : [[key, best.value]])));

function proposeFor(template: Template, slot: TextSlot, context: ValueContext): Candidate[] {
  const read = (facts: readonly Fact[]): Candidate[] => facts.flatMap((fact) => readFact(fact, context, template.language));
  const last = context.lastUsed[slot.key];
  const lastUsed: Candidate[] = last === undefined ? [] : [{ value: last, origin: 'last_used', source: null, label: null }];
  const known = builtinFacts(template, slot, context.role);
  // Of another request, what was said last would be wrong.
  if (known.length > 0) return distinct([...read(known), ...(context.request === null ? lastUsed : [])]);
  if (slot.part === 'button' && slot.button?.type !== 'URL') return distinct(lastUsed);
  const { before, after } = surroundingsOf(template, slot);
  const used = context.usedFacts[slot.key];
  const end = slot.part === 'button' ? proposeUrlEnd(template, slot, context) : [];
  return distinct([...end, ...read(used === undefined ? [] : [used]), ...matchAttributes(before, context.person), ...read(findHints(before, after)), ...lastUsed]);
}

/** Which fact a value was, so that the same is proposed next time, of then; null: none that is known here. */
export const factOf = (value: string, context: ValueContext, language: string): Fact | null =>
  FACTS.find((fact) => readFact(fact, context, language).some((candidate) => cleanValue(candidate.value) === value)) ?? null;

/** The request's parameters stand in a table; a template that merely has the name and other variables is read like any other. */
function builtinFacts(template: Template, slot: TextSlot, role: RequestRole | null): readonly Fact[] {
  const kind = eventOfTemplate(template.name);
  if (kind === null || slot.part !== 'body') return [];
  const { parameters, role: toRole } = EVENT_TEMPLATES[kind];
  const names = placeholdersOf(template.body);
  if (names.length !== parameters.length) return [];
  const index = template.parameterFormat === 'POSITIONAL' ? Number(slot.name) - 1 : names.indexOf(slot.name);
  const source = parameters[index];
  if (source === undefined) return [];
  // What is not known of the request is of whoever it goes to, if it is about them.
  const own = role === null || role === toRole ? OWN_FACTS[source] : undefined;
  return own?.role === toRole ? [source, ...own.facts] : [source];
}

const OWN_FACTS: Partial<Record<ValueSource, { role: RequestRole; facts: readonly Fact[] }>> = {
  customer_name: { role: 'customer', facts: ['person_name'] },
  contact_email: { role: 'customer', facts: ['person_email'] },
  vendor_name: { role: 'vendor', facts: ['person_name'] },
  vendor_first_name: { role: 'vendor', facts: ['person_first_name', 'person_name'] },
};

/** A named variable says what it is; a number is known by the words around it. */
function surroundingsOf(template: Template, slot: TextSlot): { before: string; after: string } {
  if (slot.button?.type === 'URL') {
    const button = template.buttons[slot.button.index];
    const path = button?.type === 'URL' ? button.url.replace(/^https?:\/\/[^/]*/, '').replace(/\{\{.*$/, '') : '';
    return { before: `${slot.button.text} ${path.replaceAll(/[^\p{L}\p{N}]+/gu, ' ')}`, after: '' };
  }
  if (!/^\d+$/.test(slot.name)) return { before: slot.name, after: '' };
  const text = slot.part === 'header' && template.header?.format === 'TEXT' ? template.header.text : template.body;
  const place = new RegExp(String.raw`\{\{\s*${slot.name}\s*\}\}`).exec(text);
  return place ? { before: text.slice(0, place.index), after: text.slice(place.index + place[0].length) } : { before: '', after: '' };
}

/** The form of the request, where the button leads to it: only what follows the fixed part. */
function proposeUrlEnd(template: Template, slot: TextSlot, { request }: ValueContext): Candidate[] {
  const button = template.buttons[slot.button?.index ?? -1];
  const fixed = button?.type === 'URL' ? button.url.replace(/\{\{.*$/, '') : '';
  const url = request?.form_url ?? '';
  return fixed !== '' && url.startsWith(fixed) && url.length > fixed.length ? [{ value: url.slice(fixed.length), origin: 'request', source: 'form_url', label: null }] : [];
}

/** Fields that the team made itself, called as the variable is. */
function matchAttributes(before: string, { attributes }: ValuePerson): Candidate[] {
  const hint = ` ${hintWordsOf(before).join(' ')} `;
  return attributes
    .filter(({ key }) => {
      const words = hintWordsOf(key).join(' ');
      return words.length > 2 && (hint.includes(` ${words} `) || foldText(key) === foldText(before));
    })
    .map(({ key, value }) => ({ value, origin: 'attribute' as const, source: null, label: key }));
}

function readFact(fact: Fact, context: ValueContext, language: string): Candidate[] {
  const { person, request, role, agentName, workspace } = context;
  const of = (origin: Candidate['origin'], source: ValueSource | null, ...values: (string | null | undefined)[]): Candidate[] =>
    values.flatMap((value) => (value === null || value === undefined ? [] : [{ value, origin, source, label: null }]));
  const mine = (source: ValueSource | null, ...values: (string | null | undefined)[]): Candidate[] => of('contact', source, ...values);
  /** Of somebody in the request, who may be the one it goes to. */
  const theirs = (who: RequestRole, source: ValueSource, ...values: (string | null | undefined)[]): Candidate[] => of(who === role ? 'contact' : 'request', source, ...values);
  const customer = role === 'customer' ? person : context.customer;
  // A vendor who lost the request is told with their own name, not with that of who has it now.
  const vendor = role === 'vendor' ? person : context.vendor;
  switch (fact) {
    case 'request_id':
      return of('request', fact, request?.external_id ?? request?.number?.toString());
    case 'service_type':
      return of('request', fact, request?.service_type);
    case 'customer_name':
      return request ? [...of('request', fact, request.customer_name), ...theirs('customer', fact, customer?.name)] : [];
    case 'contact_phone':
      return request ? [...of('request', fact, writePhone(request.contact_phone)), ...theirs('customer', fact, writePhone(customer?.phone))] : [];
    case 'contact_email':
      return request ? [...of('request', fact, request.contact_email), ...theirs('customer', fact, customer?.email)] : [];
    case 'address':
      return of('request', fact, request?.address);
    case 'requested_date':
      return of('request', fact, writeDay(request?.requested_date, language));
    case 'approved_date':
      return of('request', fact, writeDay(request?.approved_date, language));
    case 'form_url':
      return of('request', fact, request?.form_url);
    case 'vendor_name':
      return request ? theirs('vendor', fact, vendor?.name ?? vendor?.company) : [];
    case 'vendor_first_name':
      return request ? theirs('vendor', fact, vendor?.firstName, vendor?.name) : [];
    case 'vendor_phone':
      return request ? theirs('vendor', fact, writePhone(vendor?.phone)) : [];
    // Without a request nobody is a customer; who is not known as a vendor may be one.
    case 'customer_person':
      return role === 'customer' || (role === null && !person.isVendor) ? mine(null, person.name) : [];
    case 'vendor_person':
      return role === 'vendor' || (role === null && person.isVendor) ? mine(null, person.name) : [];
    case 'person_name':
      return mine(null, person.name);
    case 'person_first_name':
      return mine(null, person.firstName);
    case 'person_phone':
      return mine(null, writePhone(person.phone));
    case 'person_email':
      return mine(null, person.email);
    case 'person_company':
      return mine(null, person.company);
    case 'agent_name':
      return of('agent', null, agentName);
    case 'workspace_name':
      return of('workspace', null, workspace.name);
    case 'workspace_phone':
      return of('workspace', null, writePhone(workspace.phone));
    default:
      return assertNever(fact);
  }
}

/** `50255551234`, `+502 55551234` → `+502 5555 1234`; what is no number stays as it is. */
function writePhone(phone: string | null | undefined): string | null {
  if (phone === null || phone === undefined) return null;
  return /^\+?[\d\s().-]{7,}$/.test(phone) ? formatPhone(phone.replaceAll(/[^\d+]/g, '')) : phone;
}

/** A day in words of the template's language: `4 de diciembre de 2026`. */
export function writeDay(day: string | null | undefined, language: string): string | null {
  const at = Date.parse(`${day ?? ''}T00:00:00Z`);
  if (Number.isNaN(at)) return null;
  return new Intl.DateTimeFormat([language.replaceAll('_', '-'), 'es'].filter(isLocale), { dateStyle: 'long', timeZone: 'UTC' }).format(at);
}

function isLocale(tag: string): boolean {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf([tag]).length > 0;
  } catch {
    return false;
  }
}

function distinct(candidates: readonly Candidate[]): Candidate[] {
  const known = new Set<string>();
  return candidates.map((candidate) => ({ ...candidate, value: cleanValue(candidate.value) })).filter(({ value }) => value !== '' && !known.has(value) && known.add(value));
}
