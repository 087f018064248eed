/**
 * Service requests: looking them up, making and changing them, and the conversations in which they are talked about. Invariant: whatever
 * changes is guarded per field, so a colleague's change is never written over unseen; whoever a request is for is a contact.
 */
import { z } from 'zod';
import { AppError } from '../../../contract/app-error.ts';
import { parseJson } from '../../../contract/json.ts';
import type { OpArgs, OpBody, RequestFields } from '../../../contract/ops/op.ts';
import { REQUEST_STATUSES, type RequestRole } from '../../../contract/requests/request-rules.ts';
import { foldText } from '../../../contract/rules/fold-text.ts';
import type { ServiceRequestRow } from '../../../contract/state.ts';
import { wordsOf } from '../../../contract/whatsapp/content-words.ts';
import { requestViewSchema, type RequestFilter, type RequestSummary, type RequestView as SavedView, type ServiceRequest } from '../../../contract/work-entities.ts';
import { judgeLocal, type OpVerdict } from '../conversations/triage.ts';
import { readContent, viewActivity } from '../conversations/views.ts';
import type { ContactQueries } from '../db/contact-queries.ts';
import type { RequestPosition, RequestQueries, RequestSearch, RequestView } from '../db/request-queries.ts';
import type { SettingQueries } from '../db/setting-queries.ts';
import type { Ids } from '../ports.ts';
import type { ChangeCollector } from '../sync/change-collector.ts';
import type { Replica } from '../sync/replica.ts';
import { csvFileName, csvHeader, csvRow } from './csv-format.ts';
import { readEmail, readLink, readPhone } from './request-fields.ts';
import type { RequestViews } from './request-views.ts';

/** Contacts found by what is typed, as customers and vendors of the requests that are looked for. */
const PEOPLE_MAX = 200;
const OF_CONVERSATION_MAX = 50;
const OF_PERSON_MAX = 200;
const EXPORT_PAGE = 500;

const cursorSchema = z.tuple([z.union([z.string(), z.number()]), z.string()]);
const lostSchema = z.object({ lost: z.record(z.string(), z.object({ to: z.unknown(), was: z.unknown(), reason: z.string().optional() })) });
const contactSchema = z.object({ contactId: z.string() });
const duplicateSchema = z.object({ requestId: z.string() });

type Changes = OpArgs<'request.change'>['changes'];
type Lost = z.infer<typeof lostSchema>['lost'];
type Deps = {
  queries: RequestQueries;
  views: RequestViews;
  contacts: Pick<ContactQueries, 'findRoot' | 'listBelow'>;
  settings: SettingQueries;
  replica: Replica;
  changes: Pick<ChangeCollector, 'noteRequests' | 'publish'>;
  /** By name, e-mail, company or number. */
  findPeople: (text: string, limit: number) => string[];
  /** The number of the business as Meta shows it; null: none yet. */
  readOwnNumber: () => string | null;
  ids: Ids;
  /** Relay time, ms. */
  now: () => number;
  myId: () => string;
};
export type Requests = ReturnType<typeof createRequests>;

export function createRequests({ queries, views, contacts, settings, replica, changes, findPeople, readOwnNumber, ids, now, myId }: Deps) {
  const { state } = replica;
  const judge = (op: OpBody): OpVerdict => judgeLocal(replica, op);
  const detailOf = <T>(opId: string, schema: z.ZodType<T>): T | null => schema.safeParse(parseJson(state.get('activity', [opId])?.detail ?? '{}')).data ?? null;

  const find = (requestId: string): RequestView => {
    const row = queries.find(requestId);
    if (!row) throw new AppError('NOT_FOUND', `no service request ${requestId}`);
    return row;
  };
  const requireContact = (contactId: string | null | undefined): void => {
    if (typeof contactId === 'string' && !state.get('contact', [contactId])) throw new AppError('NOT_FOUND', `no contact ${contactId}`);
  };

  /** A person with everybody who was merged into them. */
  const everybody = (contactId: string): string[] => contacts.listBelow(contacts.findRoot(contactId)).map(({ id }) => id);
  /** Whoever is called as was typed. People are also found with typing errors, and a list by date would show those among the others. */
  const findExactly = (search: string): string[] => {
    const words = foldText(search).split(/\s+/);
    const isNumber = !/\p{L}/u.test(search);
    return findPeople(search, PEOPLE_MAX).filter((id) => {
      const rows = isNumber ? [] : contacts.listBelow(contacts.findRoot(id));
      const text = foldText(rows.flatMap((row) => [row.name, row.profile_name, row.username, row.company, row.email]).join(' '));
      return isNumber || words.every((word) => text.includes(word));
    });
  };
  const toSearch = (filter: RequestFilter): RequestSearch => ({
    ...filter,
    people: filter.search.trim().length < 2 ? [] : [...new Set(findExactly(filter.search.trim()).flatMap(everybody))],
    vendors: filter.vendorId === null ? null : everybody(filter.vendorId),
    customers: filter.customerId === null ? null : everybody(filter.customerId),
  });

  /** As it is kept. @throws AppError PHONE_INVALID, INVALID_INPUT */
  const readFields = <T extends Partial<RequestFields>>(fields: T): { fields: T; digits: string | null } => {
    const phone = fields.contactPhone === undefined ? null : readPhone(fields.contactPhone, readOwnNumber());
    if (fields.contactPhone !== undefined && phone === null) throw new AppError('PHONE_INVALID');
    const email = fields.contactEmail === undefined ? undefined : readEmail(fields.contactEmail);
    if (email === null) throw new AppError('INVALID_INPUT', 'contactEmail: this is no e-mail address');
    if (fields.formUrl !== undefined && readLink(fields.formUrl) === null) throw new AppError('INVALID_INPUT', 'formUrl: this is no link that begins with https://');
    requireContact(fields.customerId);
    requireContact(fields.vendorId);
    const tidy = Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, typeof value === 'string' ? value.trim() : value]));
    const externalId = fields.externalId?.trim() === '' ? null : fields.externalId?.trim();
    return {
      fields: {
        ...fields,
        ...tidy,
        ...(phone === null ? {} : { contactPhone: phone.phone }),
        ...(email === undefined ? {} : { contactEmail: email }),
        ...(externalId === undefined ? {} : { externalId }),
      },
      digits: phone?.digits ?? null,
    };
  };

  const viewLinks = (row: ServiceRequestRow): ServiceRequest['links'] =>
    queries.listLinks(row.id).flatMap(({ role, conversation_id: conversationId }) => {
      const conversation = state.get('conversation', [conversationId]);
      if (!conversation) return [];
      // What the person wrote last, in whichever of their conversations.
      const [last] = everybody(conversation.contact_id)
        .flatMap((id) => queries.findLastInbound(id) ?? [])
        .toSorted((a, b) => b.at - a.at);
      return [{ role, conversationId, status: conversation.status, lastInbound: last ? { text: wordsOf(readContent(last.content)) ?? '', at: last.at } : null }];
    });

  const viewHistory = (row: ServiceRequestRow): ServiceRequest['history'] => {
    // A request from a file was made with others by one op, whose id begins its own.
    const made = row.source === 'csv' ? queries.findOp(row.id.slice(0, row.id.lastIndexOf(':'))) : undefined;
    return [...queries.listHistory(row.id), ...(made ? [{ ...made, detail: '{}' }] : [])].map((activity) => {
      const { opId, type, actor, occurredAt, outcome, isPending, detail } = viewActivity(activity, myId());
      return { opId, type, actor, at: occurredAt, outcome, isPending, detail };
    });
  };

  const get = (requestId: string): ServiceRequest => {
    const row = find(requestId);
    return {
      ...views.summary(row),
      source: row.source,
      createdBy: views.agent(row.created_by),
      links: viewLinks(row),
      events: queries.listEvents(requestId).map((event) => views.event(event, row)),
      messages: queries.listMessages(requestId).map((attached) => views.message(attached)),
      history: viewHistory(row),
    };
  };

  /** The contact of a number, made if nobody has it. */
  const addCustomer = (phone: string, name: string): string => {
    const contactId = ids.next();
    const { opId } = judge({ type: 'contact.add', args: { contactId, phone, fields: name === '' ? {} : { name } } });
    return detailOf(opId, contactSchema)?.contactId ?? contactId;
  };

  return {
    list: ({ limit, cursor, ...filter }: RequestFilter & { limit: number; cursor?: string | undefined }): { items: RequestSummary[]; nextCursor: string | null; total: number } => {
      const { rows, total } = queries.listPage(toSearch(filter), cursor === undefined ? null : readCursor(cursor), limit + 1);
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      return { items: page.map(views.summary), nextCursor: rows.length > limit && last ? JSON.stringify([last.sortKey, last.id]) : null, total };
    },

    counts: () => ({
      byStatus: {
        ...(Object.fromEntries(REQUEST_STATUSES.map((status) => [status, 0])) as Record<ServiceRequestRow['status'], number>),
        ...Object.fromEntries(queries.countByStatus().map(({ status, count }) => [status, count])),
      },
      openEvents: queries.countOpenEvents(),
    }),

    /** @throws AppError NOT_FOUND */
    get,
    findByExternalId: (externalId: string): ServiceRequest | null => {
      const id = queries.findByExternalId(externalId);
      return id === null ? null : get(id);
    },

    ofConversation: (conversationId: string): (RequestSummary & { role: RequestRole | null; isLinked: boolean })[] => {
      const contactId = state.get('conversation', [conversationId])?.contact_id;
      if (contactId === undefined) throw new AppError('NOT_FOUND', `no conversation ${conversationId}`);
      const people = everybody(contactId);
      const links = new Map(queries.listLinksIn(conversationId).map((link) => [link.request_id, link.role]));
      const roleIn = ({ customer_id: customer, vendor_id: vendor }: ServiceRequestRow): RequestRole | null =>
        customer !== null && people.includes(customer) ? 'customer' : vendor !== null && people.includes(vendor) ? 'vendor' : null;
      return queries.listOfConversation(conversationId, people, OF_CONVERSATION_MAX).map((row) => ({ ...views.summary(row), role: links.get(row.id) ?? roleIn(row), isLinked: links.has(row.id) }));
    },

    /** Of which one of these contacts is the customer or the vendor, open ones first. */
    ofPeople: (contactIds: readonly string[]): RequestSummary[] => queries.listOfPeople(contactIds, OF_PERSON_MAX).map(views.summary),

    /** `requestId`: of the one that is there already, where the outcome is `duplicate`. @throws AppError PHONE_INVALID, INVALID_INPUT, NOT_FOUND (a contact) */
    add: ({ fields: given, source = 'manual' }: { fields: RequestFields; source?: 'manual' | 'api' }): OpVerdict & { requestId: string } => {
      const { fields, digits } = readFields(given);
      const requestId = ids.next();
      const customer = fields.customerId === null && digits !== null ? { contactId: ids.next(), phone: digits } : null;
      const verdict = judge({ type: 'request.add', args: { requestId, fields, customer, source } });
      return { ...verdict, requestId: detailOf(verdict.opId, duplicateSchema)?.requestId ?? requestId };
    },

    /** @throws AppError NOT_FOUND, PHONE_INVALID, INVALID_INPUT */
    change: ({ requestId, changes: given }: { requestId: string; changes: Changes }): OpVerdict & { lost: Lost } => {
      const row = find(requestId);
      const wanted = Object.entries(given).flatMap(([field, change]) => (change === undefined ? [] : [[field, change] as const]));
      const { fields, digits } = readFields(Object.fromEntries(wanted.map(([field, { to }]) => [field, to])) as Partial<RequestFields>);
      const values: Record<string, unknown> = fields;
      const tidy = Object.fromEntries(wanted.map(([field, { from }]) => [field, { from, to: values[field] }])) as Changes;
      return replica.transact(() => {
        // Whoever the number belongs to is who it is for, until somebody says otherwise.
        const isNobodys = row.customer_id === null && tidy.customerId === undefined && digits !== null;
        const customer = isNobodys ? { customerId: { from: null, to: addCustomer(digits, tidy.customerName?.to ?? row.customer_name) } } : {};
        const verdict = judge({ type: 'request.change', args: { requestId, changes: { ...tidy, ...customer } } });
        return { ...verdict, lost: detailOf(verdict.opId, lostSchema)?.lost ?? {} };
      });
    },

    /** @throws AppError NOT_FOUND */
    link: ({ requestId, role, from, to }: { requestId: string; role: RequestRole; from: string | null; to: string | null }): OpVerdict => {
      const row = find(requestId);
      const conversation = to === null ? undefined : state.get('conversation', [to]);
      if (to !== null && !conversation) throw new AppError('NOT_FOUND', `no conversation ${to}`);
      return replica.transact(() => {
        const verdict = judge({ type: 'request.link', args: { requestId, role, from, to } });
        // A request without a customer is for the one it is talked about with. A vendor is chosen, because being chosen is told to them.
        if (verdict.outcome === 'applied' && conversation && role === 'customer' && row.customer_id === null)
          judge({ type: 'request.change', args: { requestId, changes: { customerId: { from: null, to: contacts.findRoot(conversation.contact_id) } } } });
        return verdict;
      });
    },

    /** @throws AppError NOT_FOUND (the request, or none of the messages), UPDATE_NEEDED */
    attach: ({ requestId, messageIds, isOn }: { requestId: string; messageIds: string[]; isOn: boolean }): OpVerdict => {
      find(requestId);
      if (!messageIds.some((id) => state.get('message', [id]))) throw new AppError('NOT_FOUND', 'none of these messages is here');
      return judge({ type: 'request.attach', args: { requestId, messageIds, isOn } });
    },

    views: (): SavedView[] => settings.read('requestViews', z.array(requestViewSchema)) ?? [],
    setViews: ({ views: saved }: { views: SavedView[] }): void => {
      settings.write('requestViews', saved);
      changes.noteRequests();
      changes.publish();
    },

    /** In steps, so that nothing else waits for it. */
    export: async (filter: RequestFilter): Promise<{ filename: string; csv: string }> => {
      const search = toSearch(filter);
      const parts = [csvHeader()];
      for (let after: RequestPosition | null = null, isMore = true; isMore;) {
        const { rows } = queries.listPage(search, after, EXPORT_PAGE);
        parts.push(...rows.map((row) => csvRow(views.summary(row))));
        const last = rows.at(-1);
        isMore = rows.length === EXPORT_PAGE && last !== undefined;
        if (last) after = { key: last.sortKey, id: last.id };
        await new Promise((resolve) => setImmediate(resolve));
      }
      return { filename: csvFileName(now()), csv: parts.join('') };
    },
  };
}

function readCursor(text: string): RequestPosition {
  const parsed = cursorSchema.safeParse(parseJson(text));
  if (!parsed.success) throw new AppError('INVALID_INPUT', 'cursor is not one that this list gave out');
  return { key: parsed.data[0], id: parsed.data[1] };
}
