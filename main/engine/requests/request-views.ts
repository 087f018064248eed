/** Turns rows of requests and their events into what screens show (`contract/work-entities.ts`). */
import type { Agent, Contact } from '../../../contract/entities.ts';
import { referenceOf } from '../../../contract/requests/request-rules.ts';
import { PENDING_SEQ, type RequestEventRow, type ServiceRequestRow, type StateTx } from '../../../contract/state.ts';
import type { AttachedMessage, RequestEvent, RequestSummary } from '../../../contract/work-entities.ts';
import { createPhoneFormatter, readContent, viewAgent, viewContact } from '../conversations/views.ts';
import type { ContactQueries } from '../db/contact-queries.ts';
import type { AttachedView, RequestView } from '../db/request-queries.ts';
import { personOf } from '../../../contract/ops/request-events.ts';

type Deps = { contacts: Pick<ContactQueries, 'findPerson'>; state: Pick<StateTx, 'get'>; myId: () => string };
export type RequestViews = ReturnType<typeof createRequestViews>;

export function createRequestViews({ contacts, state, myId }: Deps) {
  const toPhone = createPhoneFormatter();
  const person = (contactId: string | null): Contact | null => {
    const found = contactId === null ? undefined : contacts.findPerson(contactId);
    return found ? viewContact(found, toPhone) : null;
  };
  const agent = (agentId: string): Agent => viewAgent(agentId, state.get('agent', [agentId])?.name ?? null, myId());

  return {
    agent,
    summary: (row: RequestView): RequestSummary => ({
      id: row.id,
      reference: referenceOf(row),
      number: row.number,
      externalId: row.external_id,
      status: row.status,
      serviceType: row.service_type,
      customer: person(row.customer_id),
      customerName: row.customer_name,
      contactPhone: row.contact_phone,
      contactEmail: row.contact_email,
      address: row.address,
      requestedDate: row.requested_date,
      approvedDate: row.approved_date,
      vendor: person(row.vendor_id),
      formUrl: row.form_url,
      description: row.description,
      openEvents: row.openEvents,
      isPending: row.updated_seq === PENDING_SEQ,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
    }),
    message: (row: AttachedView): AttachedMessage => ({
      messageId: row.messageId,
      conversationId: row.conversationId,
      contact: person(row.contactId) ?? { id: row.contactId, name: '—', phone: null, username: null, hasOptedOut: false, isBlocked: false },
      direction: row.direction,
      author: row.actorId === null ? null : agent(row.actorId),
      content: readContent(row.content),
      sentAt: row.sentAt,
      attachedBy: agent(row.by),
      attachedAt: row.at,
      isPending: row.seq === PENDING_SEQ,
    }),
    event: (row: RequestEventRow, request: ServiceRequestRow): RequestEvent => ({
      id: row.id,
      requestId: row.request_id,
      kind: row.kind,
      role: row.role,
      contact: person(personOf(row, request)),
      mode: row.mode,
      state: row.state,
      at: row.at,
      by: agent(row.actor_id),
      messageId: row.message_id,
      decidedBy: row.decided_by === null ? null : agent(row.decided_by),
      isPending: row.seq === PENDING_SEQ,
    }),
  };
}
