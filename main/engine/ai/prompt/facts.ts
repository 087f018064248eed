/**
 * From rows to facts. Invariants: every fact is of this person, of a request that is linked to this conversation, or of the company;
 * of a request somebody learns no more than its templates would tell their role (`contract/requests/request-rules.ts`).
 */
import type { Fact } from '../../../../contract/ai/ai-entities.ts';
import { isSoIn, referenceOf, type RequestRole } from '../../../../contract/requests/request-rules.ts';
import type { ServiceWindow } from '../../../../contract/rules/service-window.ts';
import type { ServiceRequestRow } from '../../../../contract/state.ts';
import { formatPhone } from '../../conversations/views.ts';
import type { ValuePerson } from '../../templates/propose-values.ts';
import { PROMPT_WORDS, type PromptLanguage } from './prompt-words.ts';

/** A fact before it has an id. `isOptional`: the budget may leave it out. */
export type FactSource = Omit<Fact, 'id'> & { isOptional: boolean };

/** A request that is linked to the conversation, with what the person is in it. */
export type FactRequest = {
  row: ServiceRequestRow;
  role: RequestRole;
  /** Of the link. */
  conversationId: string;
  /** `theirs`: the request names them in this role, or nobody yet. `former`: a vendor who lost it. `other`: it names somebody else. */
  standing: 'theirs' | 'former' | 'other';
  vendor: Pick<ValuePerson, 'name' | 'company' | 'phone'> | null;
};
export type FactRows = {
  conversationId: string;
  /** Who stands for the person, and everybody merged into them. */
  contactId: string;
  contactIds: ReadonlySet<string>;
  person: ValuePerson;
  requests: readonly FactRequest[];
  window: ServiceWindow;
  /** Best first; where the window is open, none. */
  templates: readonly { key: string; name: string; language: string }[];
  workspace: { name: string | null; phone: string | null };
  /** What the company says of itself (`AiSettings.profile`). */
  profile: string;
  /** ms. */
  now: number;
  /** IANA name. */
  timeZone: string;
};

/** Requests that are told of; a vendor's conversation gathers links for years. */
const REQUESTS_MAX = 4;
const ATTRIBUTES_MAX = 12;
const TEMPLATES_MAX = 5;
const TEXT_MAX = 1_000;

/** In the order in which they are told, the company's profile first. @throws Error for a row of somebody else: that is a bug, and nothing may leave. */
export function collectFacts(rows: FactRows, language: PromptLanguage): FactSource[] {
  const { labels, windows, yes } = PROMPT_WORDS[language];
  const { contactId, contactIds, person, workspace, now, timeZone } = rows;
  if (!contactIds.has(contactId)) throw new Error('the facts of a person do not name them');
  for (const { row, conversationId } of rows.requests) if (conversationId !== rows.conversationId) throw new Error(`request ${row.id} is linked to another conversation`);

  const facts: FactSource[] = [];
  const add = (kind: Fact['kind'], label: string, text: string | null | undefined, ref: Fact['ref'], isOptional: boolean): void => {
    if (text !== null && text !== undefined && text.trim() !== '') facts.push({ kind, label: label.slice(0, 300), text: text.slice(0, kind === 'business' ? 3_000 : TEXT_MAX), ref, isOptional });
  };
  const ofPerson = { kind: 'contact', contactId } as const;

  // The schema of a fact has 3,000 characters; what a company says of itself may have more.
  add('business', labels.business, rows.profile, null, false);
  add('business', labels.business, rows.profile.slice(3_000), null, false);
  add('time', labels.now, `${writeMoment(now, timeZone, language)} (${timeZone})`, null, false);
  add('window', labels.window, windows[rows.window.state].replace('{at}', rows.window.closesAt === null ? '' : writeMoment(rows.window.closesAt, timeZone, language)), null, false);
  add('contact', labels.name, person.name, ofPerson, false);
  for (const request of rows.requests.slice(0, REQUESTS_MAX)) addRequest(request, language, add);
  for (const { key, name, language: written } of rows.templates.slice(0, TEMPLATES_MAX)) add('template', labels.template, `${name} (${written})`, { kind: 'template', key }, true);
  add('business', labels.workspaceName, workspace.name, null, true);
  add('business', labels.workspacePhone, writePhone(workspace.phone), null, true);
  add('contact', labels.firstName, person.firstName, ofPerson, true);
  add('contact', labels.company, person.company, ofPerson, true);
  add('contact', labels.email, person.email, ofPerson, true);
  add('contact', labels.phone, writePhone(person.phone), ofPerson, true);
  add('contact', labels.isVendor, person.isVendor ? yes : null, ofPerson, true);
  for (const { key, value } of person.attributes.slice(0, ATTRIBUTES_MAX)) add('contact', key, value, ofPerson, true);
  // Required ones first: what may be left out is left out from the end.
  return [...facts.filter(({ isOptional }) => !isOptional), ...facts.filter(({ isOptional }) => isOptional)];
}

type Add = (kind: Fact['kind'], label: string, text: string | null | undefined, ref: Fact['ref'], isOptional: boolean) => void;

function addRequest({ row, role, standing, vendor }: FactRequest, language: PromptLanguage, add: Add): void {
  const { labels, statuses, roles, noLongerTheirs } = PROMPT_WORDS[language];
  const reference = referenceOf(row);
  const ref = { kind: 'request', requestId: row.id } as const;
  const tell = (label: keyof typeof labels, text: string | null | undefined, isOptional = true): void => add('request', labels[label].replace('{ref}', reference), text, ref, isOptional);
  tell('reference', reference === '' ? null : reference, false);
  tell('service', row.service_type, false);
  // Who lost it, or only writes for somebody else, is told that there is such a request and nothing of its people.
  if (standing === 'former') return tell('former', noLongerTheirs, false);
  tell('role', roles[role], false);
  tell('status', statuses[row.status], false);
  tell('requestedDate', writeDay(row.requested_date, language), false);
  tell('approvedDate', writeDay(row.approved_date, language), false);
  if (standing === 'other') return;
  tell('customer', row.customer_name);
  tell('contactPhone', writePhone(row.contact_phone));
  tell('address', row.address);
  if (role === 'vendor') return;
  tell('contactEmail', row.contact_email);
  // The customer learns form and vendor by the message that sends them the form.
  if (row.status === 'cancelled' || !isSoIn('form_due', row.status)) return;
  tell('form', row.form_url);
  tell('vendor', vendor?.name ?? vendor?.company);
  tell('vendorPhone', writePhone(vendor?.phone));
}

const writePhone = (phone: string | null | undefined): string | null =>
  phone === null || phone === undefined || !/\d/.test(phone) ? null : /^\+?[\d\s().-]+$/.test(phone) ? formatPhone(phone.replaceAll(/[^\d+]/g, '')) : phone;

/** `viernes, 4 de diciembre de 2026`. */
function writeDay(day: string | null, language: PromptLanguage): string | null {
  const at = Date.parse(`${day ?? ''}T00:00:00Z`);
  return Number.isNaN(at) ? null : new Intl.DateTimeFormat(language, { dateStyle: 'full', timeZone: 'UTC' }).format(at);
}

/** `domingo, 22 de noviembre de 2026, 06:00`. */
function writeMoment(at: number, timeZone: string, language: PromptLanguage): string {
  const day = new Intl.DateTimeFormat(language, { dateStyle: 'full', timeZone }).format(at);
  return `${day}, ${new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone }).format(at)}`;
}
