/**
 * What the team keeps of people: looking them up, changing them, saying that two are one. A person is shown by the contact that stands for
 * them, with everything of those that are merged into it. Invariant: whatever changes is one guarded op, so a colleague's change is never
 * written over unseen.
 */
import { z } from 'zod';
import { AppError } from '../../../contract/app-error.ts';
import type { Contact, ConversationSummary } from '../../../contract/entities.ts';
import { parseJson } from '../../../contract/json.ts';
import { CONTACT_FIELD_MAX, REQUEST_TEXT_MAX } from '../../../contract/limits.ts';
import type { OpArgs, OpBody } from '../../../contract/ops/op.ts';
import { isEmail } from '../../../contract/rules/email.ts';
import { foldText } from '../../../contract/rules/fold-text.ts';
import { phoneTwin } from '../../../contract/rules/phone-variants.ts';
import type { ContactRow } from '../../../contract/state.ts';
import type { ContactDetails, ContactListRow, RequestSummary } from '../../../contract/work-entities.ts';
import { readPhoneInput } from '../conversations/phone-input.ts';
import { judgeLocal, type OpVerdict } from '../conversations/triage.ts';
import { createPhoneFormatter, viewContact } from '../conversations/views.ts';
import type { ContactQueries, ContactRole } from '../db/contact-queries.ts';
import type { Ids } from '../ports.ts';
import type { Replica } from '../sync/replica.ts';

/** People found by what is typed, before the role narrows them down. */
const FOUND_MAX = 1_000;
/** People with the same name, e-mail or number that are looked at, and offered. */
const ALIKE_MAX = 100;
const DUPLICATES_MAX = 10;
const CONVERSATIONS_MAX = 200;

const cursorSchema = z.tuple([z.string(), z.string()]);
const madeSchema = z.object({ contactId: z.string() });
const ownerSchema = z.object({ contact: z.string() });

/** As the window gives them. A line without text is none. */
export type ContactInput = {
  name: string | null;
  firstName: string | null;
  email: string | null;
  company: string | null;
  isVendor: boolean;
  serviceTypes: string[];
  isBlocked: boolean;
  marketing: 'stop' | 'resume' | null;
};
type Changes = { [K in keyof ContactInput]?: { from: ContactInput[K]; to: ContactInput[K] } | undefined };
type OpFields = OpArgs<'contact.add'>['fields'];

type Deps = {
  queries: ContactQueries;
  replica: Replica;
  /** By name, e-mail, company or number; merged ones as they were found. */
  findPeople: (text: string, limit: number) => string[];
  conversations: { byIds(ids: string[]): ConversationSummary[] };
  /** Service requests of which one of these is the customer or the vendor, open ones first. */
  listRequests: (contactIds: readonly string[]) => RequestSummary[];
  /** The number of the business as Meta shows it; null: none yet. */
  readOwnNumber: () => string | null;
  ids: Ids;
};
export type Contacts = ReturnType<typeof createContacts>;

export function createContacts({ queries, replica, findPeople, conversations, listRequests, readOwnNumber, ids }: Deps) {
  const toPhone = createPhoneFormatter();

  const view = (contactId: string): Contact => {
    const person = queries.findPerson(contactId);
    if (!person) throw new AppError('NOT_FOUND', `no contact ${contactId}`);
    return viewContact(person, toPhone);
  };

  const rowOf = (contactId: string): ContactRow => {
    const row = replica.state.get('contact', [contactId]);
    if (!row) throw new AppError('NOT_FOUND', `no contact ${contactId}`);
    return row;
  };

  /** @param contactId of one that stands for themselves. */
  const viewRow = (contactId: string): ContactListRow => {
    const rows = queries.listBelow(contactId);
    const all = rows.map(({ id }) => id);
    return {
      ...view(contactId),
      isVendor: rows.some(({ is_vendor: isVendor }) => isVendor === 1),
      serviceTypes: typesOf(rows),
      company: rows.find(({ id }) => id === contactId)?.company ?? null,
      openRequests: queries.countOpenRequests(all),
      lastMessageAt: queries.findLastMessageAt(all),
    };
  };

  const readPhone = (phone: string): string => {
    const ownNumber = readOwnNumber();
    const input = readPhoneInput(phone, ownNumber);
    if (!input.isComplete || input.digits === ownNumber?.replaceAll(/\D/g, '')) throw new AppError('PHONE_INVALID');
    return input.digits;
  };

  const judge = (op: OpBody): OpVerdict => judgeLocal(replica, op);
  const detailOf = <T>(opId: string, schema: z.ZodType<T>): T | null => schema.safeParse(parseJson(replica.state.get('activity', [opId])?.detail ?? '{}')).data ?? null;

  return {
    list: ({ search, role, limit, cursor }: { search: string; role: ContactRole; limit: number; cursor?: string | undefined }): { items: ContactListRow[]; nextCursor: string | null } => {
      const after = cursor === undefined ? null : readCursor(cursor);
      const among = search.trim() === '' ? null : findPeople(search, FOUND_MAX);
      const found = among?.length === 0 ? [] : queries.listPage({ role, among, after, limit: limit + 1 });
      const page = found.slice(0, limit);
      const last = page.at(-1);
      return { items: page.map(({ id }) => viewRow(id)), nextCursor: found.length > limit && last ? JSON.stringify([last.sortName, last.id]) : null };
    },

    /** @throws AppError NOT_FOUND. */
    get: ({ contactId }: { contactId: string }): ContactDetails => {
      const row = rowOf(contactId);
      const rows = queries.listBelow(contactId);
      const all = [contactId, ...rows.flatMap(({ id }) => (id === contactId ? [] : [id]))];
      const identifiers = queries.listIdentifiersOf(all);
      return {
        ...view(contactId),
        givenName: row.name,
        profileName: row.profile_name,
        firstName: row.first_name,
        email: row.email,
        company: row.company,
        isVendor: row.is_vendor === 1,
        serviceTypes: splitTypes(row.service_types),
        marketing: row.marketing,
        mergedInto: row.merged_into === null ? null : view(queries.findRoot(contactId)),
        // One that was only the beginning of a record has nothing that could be told apart again.
        merged: rows.flatMap((one) => (one.merged_into === contactId && identifiers.some((identifier) => identifier.contactId === one.id) ? [viewAsThemselves(one)] : [])),
        identifiers,
        attributes: queries.listAttributes(contactId),
        roles: queries.listRoles(all),
        conversations: conversations.byIds(queries.listConversationsOf(all, CONVERSATIONS_MAX)),
        requests: listRequests(all),
        isPending: queries.isPending(all),
      };
    },

    /** @throws AppError PHONE_INVALID, INVALID_INPUT (an e-mail address that is none). */
    add: ({ phone, fields }: { phone: string | null; fields: { [K in keyof ContactInput]?: ContactInput[K] | undefined } }): OpVerdict & { contactId: string } => {
      const contactId = ids.next();
      const verdict = judge({ type: 'contact.add', args: { contactId, phone: phone === null ? null : readPhone(phone), fields: readFields(fields) } });
      return { ...verdict, contactId: queries.findRoot(detailOf(verdict.opId, madeSchema)?.contactId ?? contactId) };
    },

    /** Each field on its own: those that somebody else changed meanwhile stay as they are (`partial`, `superseded`). @throws AppError INVALID_INPUT. */
    change: ({ contactId, changes }: { contactId: string; changes: Changes }): OpVerdict => {
      rowOf(contactId);
      const pick = (side: 'from' | 'to') => Object.fromEntries(Object.entries(changes).flatMap(([field, change]) => (change === undefined ? [] : [[field, change[side]]])));
      const from = toOpFields(pick('from'));
      const to = readFields(pick('to'));
      const both = Object.fromEntries(Object.keys(to).map((field) => [field, { from: from[field as keyof OpFields], to: to[field as keyof OpFields] }]));
      return judge({ type: 'contact.change', args: { contactId, changes: both } });
    },

    /** @throws AppError PHONE_INVALID. */
    addPhone: ({ contactId, phone }: { contactId: string; phone: string }): OpVerdict & { belongsTo: string | null } => {
      rowOf(contactId);
      const verdict = judge({ type: 'contact.phone', args: { contactId, phone: readPhone(phone) } });
      const owner = detailOf(verdict.opId, ownerSchema)?.contact;
      return { ...verdict, belongsTo: owner === undefined ? null : queries.findRoot(owner) };
    },

    setAttribute: ({ contactId, key, from, to }: { contactId: string; key: string; from: string | null; to: string | null }): OpVerdict => {
      rowOf(contactId);
      return judge({ type: 'contact.attribute', args: { contactId, key, from, to: readLine(to) } });
    },

    merge: ({ contactId, from, to }: { contactId: string; from: string | null; to: string | null }): OpVerdict => {
      rowOf(contactId);
      if (to !== null) rowOf(to);
      return judge({ type: 'contact.merge', args: { contactId, from, to } });
    },

    duplicates: ({ contactId }: { contactId: string }): ContactListRow[] => {
      const root = queries.findRoot(contactId);
      const mine = traitsOf(queries.listBelow(root));
      const numbers = queries.listIdentifiersOf([...mine.ids]).flatMap(({ kind, value }) => (kind === 'wa_id' || kind === 'phone' ? [value, phoneTwin(value) ?? value] : []));
      const asked = [...mine.names, ...mine.emails, ...numbers];
      const others = new Set(asked.flatMap((text) => findPeople(text, ALIKE_MAX)).map(queries.findRoot));
      others.delete(root);
      const alike = [...others].filter((id) => {
        const rows = queries.listBelow(id);
        const theirs = traitsOf(rows);
        const hasNumber = (): boolean => queries.listIdentifiersOf([...theirs.ids]).some(({ value }) => numbers.includes(value));
        return overlaps(theirs.names, mine.names) || overlaps(theirs.emails, mine.emails) || hasNumber();
      });
      return alike.slice(0, DUPLICATES_MAX).map(viewRow);
    },

    conversations: ({ contactId }: { contactId: string }): ConversationSummary[] => {
      const all = queries.listBelow(rowOf(contactId).id).map(({ id }) => id);
      return conversations.byIds(queries.listConversationsOf(all, CONVERSATIONS_MAX));
    },
  };

  /** By their own name: on the page of the one that stands for them they would all be called the same. */
  function viewAsThemselves({ id, name, profile_name: profileName }: ContactRow): Contact {
    const person = queries.findPerson(id);
    if (!person) throw new AppError('NOT_FOUND', `no contact ${id}`);
    return viewContact({ ...person, calledName: name ?? profileName }, toPhone);
  }
}

/** What may be the same of two records of one person. A single word is a name that many have. */
function traitsOf(rows: readonly ContactRow[]): { ids: Set<string>; names: Set<string>; emails: Set<string> } {
  const texts = (values: (string | null)[]): string[] => values.flatMap((value) => (value === null ? [] : [foldText(value).trim().replaceAll(/\s+/g, ' ')]));
  return {
    ids: new Set(rows.map(({ id }) => id)),
    names: new Set(texts(rows.flatMap(({ name, profile_name: profileName }) => [name, profileName])).filter((name) => name.includes(' '))),
    emails: new Set(texts(rows.map(({ email }) => email))),
  };
}

const overlaps = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean => [...a].some((value) => b.has(value));
const splitTypes = (types: string): string[] => (types === '' ? [] : types.split('\n'));
const typesOf = (rows: readonly ContactRow[]): string[] => [...new Set(rows.flatMap(({ service_types: types }) => splitTypes(types)))].toSorted();
/** One line; null where nothing is left of it. */
const readLine = (text: string | null): string | null => (text === null ? null : text.trim() === '' ? null : text.trim());

/** Values as an op carries them. */
function toOpFields({ name, firstName, email, company, isVendor, serviceTypes, isBlocked, marketing }: { [K in keyof ContactInput]?: ContactInput[K] | undefined }): OpFields {
  const fields = {
    name: name === undefined ? undefined : readLine(name),
    firstName: firstName === undefined ? undefined : readLine(firstName),
    email: email === undefined ? undefined : readLine(email),
    company: company === undefined ? undefined : readLine(company),
    isVendor: isVendor === undefined ? undefined : toFlag(isVendor),
    serviceTypes: serviceTypes && joinTypes(serviceTypes),
    isBlocked: isBlocked === undefined ? undefined : toFlag(isBlocked),
    marketing,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
const toFlag = (isOn: boolean): 0 | 1 => (isOn ? 1 : 0);
const joinTypes = (types: readonly string[]): string =>
  [...new Set(types.map((type) => type.replaceAll(/\s+/g, ' ').trim()))]
    .filter((type) => type !== '')
    .toSorted()
    .join('\n');

/** The same for what somebody typed just now. @throws AppError INVALID_INPUT for what cannot be kept. */
function readFields(input: { [K in keyof ContactInput]?: ContactInput[K] | undefined }): OpFields {
  const fields = toOpFields(input);
  if (typeof fields.email === 'string' && !isEmail(fields.email)) throw new AppError('INVALID_INPUT', 'this is no e-mail address');
  if ((fields.serviceTypes?.length ?? 0) > REQUEST_TEXT_MAX) throw new AppError('INVALID_INPUT', 'too many kinds of service');
  for (const line of [fields.name, fields.firstName, fields.email, fields.company]) if ((line?.length ?? 0) > CONTACT_FIELD_MAX) throw new AppError('INVALID_INPUT', 'too long');
  return fields;
}

function readCursor(text: string): { sortName: string; id: string } {
  const parsed = cursorSchema.safeParse(parseJson(text));
  if (!parsed.success) throw new AppError('INVALID_INPUT', 'cursor is not one that this list gave out');
  return { sortName: parsed.data[0], id: parsed.data[1] };
}
