/**
 * Events of service requests that wait for somebody: what would be sent to whom, and sending it. Invariants: an event is decided by one op
 * and its message with it (`request.notify`), so it goes once in the whole team; to anybody but its person only where that is said.
 */
import { AppError } from '../../../contract/app-error.ts';
import { rootOf } from '../../../contract/ops/contact-ops.ts';
import { personOf } from '../../../contract/ops/request-events.ts';
import { EVENT_TEMPLATES } from '../../../contract/requests/request-rules.ts';
import type { RequestEventRow, ServiceRequestRow } from '../../../contract/state.ts';
import type { TemplateInput } from '../../../contract/work-api.ts';
import type { EventProposal } from '../../../contract/work-entities.ts';
import { requireMayContact } from '../conversations/may-contact.ts';
import { judgeLocal, type OpVerdict } from '../conversations/triage.ts';
import type { ContactQueries } from '../db/contact-queries.ts';
import type { RequestQueries, RequestView } from '../db/request-queries.ts';
import type { Ids } from '../ports.ts';
import type { Replica } from '../sync/replica.ts';
import { bestValues } from '../templates/propose-values.ts';
import type { Templates } from '../templates/templates.ts';
import type { RequestViews } from './request-views.ts';

const EVENTS_MAX = 200;
/** How a person is reached, as the outbox would. */
const ADDRESSES: ReadonlySet<string> = new Set(['wa_id', 'user_id', 'phone']);

type Deps = {
  queries: RequestQueries;
  views: RequestViews;
  contacts: Pick<ContactQueries, 'findRoot' | 'listBelow' | 'listIdentifiersOf'>;
  templates: Pick<Templates, 'find' | 'findBuiltin' | 'compose' | 'proposeFor' | 'noteUse'>;
  replica: Replica;
  /** The number that this desktop sends from; null: none yet. */
  readNumber: () => { phoneNumberId: string } | null;
  ids: Ids;
};
type Input = { eventId: string; template: TemplateInput; to?: string | undefined; isOverride: boolean };
export type EventProposals = ReturnType<typeof createEventProposals>;

export function createEventProposals({ queries, views, contacts, templates, replica, readNumber, ids }: Deps) {
  const { state } = replica;

  const readEvent = (eventId: string): { event: RequestEventRow; request: ServiceRequestRow } => {
    const event = state.get('request_event', [eventId]);
    const request = event && state.get('service_request', [event.request_id]);
    if (!event || !request) throw new AppError('NOT_FOUND', `no event ${eventId}`);
    return { event, request };
  };

  /** Where a person is written to: their open conversation on our number, else an identity of theirs that can be reached; null: none can. */
  const findTarget = (contactId: string): { contactId: string; conversationId: string | null } | null => {
    const people = contacts.listBelow(contacts.findRoot(contactId)).map(({ id }) => id);
    const number = readNumber();
    const open = number === null ? undefined : queries.findOpenConversation(people, number.phoneNumberId);
    if (open) return { contactId: open.contactId, conversationId: open.id };
    const reachable = new Set(contacts.listIdentifiersOf(people).flatMap((identifier) => (ADDRESSES.has(identifier.kind) ? [identifier.contactId] : [])));
    const first = [contactId, ...people].find((id) => reachable.has(id));
    return first === undefined ? null : { contactId: first, conversationId: null };
  };

  const propose = (event: RequestEventRow, request: RequestView): EventProposal => {
    const { template: templateName } = EVENT_TEMPLATES[event.kind];
    const template = templates.findBuiltin(templateName);
    const due = personOf(event, request);
    const shown = views.event(event, request);
    return {
      event: shown,
      request: views.summary(request),
      template,
      templateName,
      slots: template && due !== null ? templates.proposeFor({ template, contactId: due, requestId: request.id, role: event.role }) : [],
      conversationId: due === null ? null : (findTarget(due)?.conversationId ?? null),
      isBlocked: shown.contact?.isBlocked ?? false,
    };
  };

  /** @throws AppError NOT_FOUND, WRONG_ROLE, NUMBER_MISSING, TEMPLATE_UNAVAILABLE, CONTENT_REFUSED, BLOCKED, OPTED_OUT, NOT_ALLOWED_NOW (nobody to write to) */
  const send = async ({ eventId, template: input, to, isOverride, isAutomatic }: Input & { isAutomatic: boolean }): Promise<OpVerdict & { messageId: string | null }> => {
    const { event, request } = readEvent(eventId);
    const number = readNumber();
    if (!number) throw new AppError('NUMBER_MISSING');
    const due = personOf(event, request);
    const wanted = to ?? due;
    if (wanted === null) throw new AppError('NOT_ALLOWED_NOW', 'the request names nobody for this');
    if (to !== undefined && !state.get('contact', [to])) throw new AppError('NOT_FOUND', `no contact ${to}`);
    const isOther = due === null || rootOf(state, due) !== rootOf(state, wanted);
    if (isOther && !isOverride) throw new AppError('WRONG_ROLE');
    const target = findTarget(wanted);
    if (!target) throw new AppError('NOT_ALLOWED_NOW', 'this person has no number that could be written to');
    const template = templates.find(input.key);
    if (template?.name !== EVENT_TEMPLATES[event.kind].template) throw new AppError('TEMPLATE_UNAVAILABLE', `${input.key} is not the template of this event`);
    const content = await templates.compose(input, { id: request.id, role: event.role, isOverride: isOther });
    requireMayContact(state, target.contactId, content);
    const messageId = ids.next();
    const args = { eventId, messageId, conversationId: ids.next(), contactId: target.contactId, phoneNumberId: number.phoneNumberId, content, isOverride: isOther, isAutomatic };
    const verdict = judgeLocal(replica, { type: 'request.notify', args });
    if (verdict.outcome !== 'applied') return { ...verdict, messageId: null };
    templates.noteUse(input, target.contactId, request.id);
    return { ...verdict, messageId };
  };

  return {
    /** Open ones, newest first: of a request, of the person of a conversation, or of all. */
    list: ({ requestId, conversationId }: { requestId?: string | undefined; conversationId?: string | undefined }): EventProposal[] => {
      const contactId = conversationId === undefined ? undefined : state.get('conversation', [conversationId])?.contact_id;
      const rows =
        requestId !== undefined
          ? queries.listEvents(requestId).filter((event) => event.state === 'open')
          : conversationId === undefined
            ? queries.listOpenEvents(EVENTS_MAX)
            : contactId === undefined
              ? []
              : queries.listOpenEventsOf(contacts.listBelow(contacts.findRoot(contactId)).map(({ id }) => id));
      return rows.flatMap((event) => {
        const request = queries.find(event.request_id);
        return request ? [propose(event, request)] : [];
      });
    },

    send: (input: Input) => send({ ...input, isAutomatic: false }),

    /**
     * With the values that would be proposed. Null: it cannot be sent without a person (no template, a value that is missing, nobody to
     * write to, or they may not be written to), so it stays as a proposal; or it has been decided.
     */
    sendByItself: async (event: RequestEventRow): Promise<OpVerdict | null> => {
      const request = queries.find(event.request_id);
      const template = templates.findBuiltin(EVENT_TEMPLATES[event.kind].template);
      const due = request && personOf(event, request);
      // Others, and what was sent just before, may have decided it since it was looked up.
      const isStillDue = state.get('request_event', [event.id])?.state === 'open';
      if (!request || !due || !isStillDue || template?.builtin !== 'ok') return null;
      const texts = bestValues(templates.proposeFor({ template, contactId: due, requestId: request.id, role: event.role }));
      try {
        return await send({ eventId: event.id, template: { key: template.key, texts, place: null, file: null }, isOverride: false, isAutomatic: true });
      } catch (error) {
        if (error instanceof AppError) return null;
        throw error;
      }
    },

    dismiss: ({ eventId }: { eventId: string }): OpVerdict => {
      readEvent(eventId);
      return judgeLocal(replica, { type: 'request.dismiss', args: { eventId } });
    },
  };
}
