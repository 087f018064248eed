/** Entities with plain values, for tests that care about one or two fields. */
import type { Contact, Conversation, ConversationSummary, Message } from '../../../contract/entities.ts';
import { PENDING_SORT_AT } from '../../../contract/state.ts';
import { BUILTIN_TEMPLATES } from '../../../contract/requests/builtin-templates.ts';
import { EVENT_TEMPLATES } from '../../../contract/requests/request-rules.ts';
import { isSendable } from '../../../contract/whatsapp/template-slots.ts';
import type { EventProposal, RequestEvent, RequestSummary, ServiceRequest, TemplateView } from '../../../contract/work-entities.ts';
import { templateKey } from '../../../contract/whatsapp/template-words.ts';

const NOON = Date.UTC(2026, 10, 22, 18);

export const makeMessage = (patch: Partial<Message> & { id: string }): Message => ({
  conversationId: 'c1',
  direction: 'in',
  content: { kind: 'text', text: patch.id },
  sentAt: NOON,
  receivedAt: NOON,
  isLate: false,
  origin: null,
  context: null,
  editedAt: null,
  revokedAt: null,
  pricing: null,
  reactions: [],
  file: null,
  requests: [],
  ai: null,
  inboundNo: null,
  author: null,
  delivery: null,
  error: null,
  timeline: [],
  quoted: null,
  ...patch,
});

export const makeSummary = (id: string, patch: Partial<ConversationSummary> = {}): ConversationSummary => ({
  id,
  contact: { id: `contact-${id}`, name: `Cliente ${id}`, phone: '+502 5555 0000', username: null, hasOptedOut: false, isBlocked: false },
  phoneNumberId: '1',
  status: 'active',
  unread: 0,
  window: { state: 'open', closesAt: NOON + 3_600_000 },
  assignee: null,
  team: null,
  labels: [],
  snoozedUntil: null,
  waitingSince: null,
  sla: null,
  draft: null,
  draftFiles: 0,
  // As the engine has it: what the relay has not confirmed stands above everything.
  sortAt: patch.lastMessage ? patch.lastMessage.at + (patch.lastMessage.delivery === 'waiting' ? PENDING_SORT_AT : 0) : 0,
  role: 'customer',
  isPending: false,
  hasHeld: false,
  hasFailed: false,
  ai: null,
  request: null,
  lastMessage: null,
  ...patch,
});

export const makeConversation = (id: string, patch: Partial<Conversation> = {}): Conversation => ({
  ...makeSummary(id),
  identifiers: [],
  startedAt: NOON,
  lastInboundAt: NOON,
  inboundCount: 1,
  otherConversations: [],
  activity: [],
  readThrough: 0,
  seenThrough: 10,
  ...patch,
});

const makeContact = (id: string, name: string): Contact => ({ ...makeSummary(id).contact, id, name });

export const makeRequestSummary = (id: string, patch: Partial<RequestSummary> = {}): RequestSummary => ({
  id,
  reference: `SOL-${id}`,
  number: 1001,
  externalId: `SOL-${id}`,
  status: 'new',
  serviceType: 'Limpieza de fosa séptica',
  customer: makeContact('customer', 'María Xicay'),
  customerName: 'María Xicay',
  contactPhone: '+50255551234',
  contactEmail: 'maria@example.com',
  address: '12 calle 3-45, zona 10',
  requestedDate: '2026-12-04',
  approvedDate: null,
  vendor: makeContact('vendor', 'Servicios del Lago'),
  formUrl: '',
  description: '',
  openEvents: 0,
  isPending: false,
  createdAt: NOON,
  updatedAt: NOON,
  ...patch,
});

export const makeRequest = (id: string, patch: Partial<ServiceRequest> = {}): ServiceRequest => ({
  ...makeRequestSummary(id),
  source: 'manual',
  createdBy: { id: 'ana', name: 'Ana', isMe: false },
  links: [],
  messages: [],
  events: [],
  history: [],
  ...patch,
});

export const makeEvent = (id: string, patch: Partial<RequestEvent> = {}): RequestEvent => {
  const kind = patch.kind ?? 'vendor_assigned';
  return {
    id,
    requestId: 'r1',
    kind,
    role: EVENT_TEMPLATES[kind].role,
    contact: makeContact('vendor', 'Servicios del Lago'),
    mode: 'propose',
    state: 'open',
    at: NOON,
    by: { id: 'ana', name: 'Ana', isMe: false },
    messageId: null,
    decidedBy: null,
    isPending: false,
    ...patch,
  };
};

/** Every value filled in. */
export const makeProposal = (id: string, patch: Partial<EventProposal> = {}): EventProposal => {
  const event = patch.event ?? makeEvent(id);
  const { template: name, parameters } = EVENT_TEMPLATES[event.kind];
  const design = BUILTIN_TEMPLATES[name];
  return {
    event,
    request: makeRequestSummary(event.requestId),
    template: makeTemplate({ ...design, builtin: 'ok' }),
    templateName: name,
    slots: parameters.map((source, index) => ({ key: `body.${index + 1}`, candidates: [{ value: `valor ${index + 1}`, origin: 'request', source, label: null }] })),
    conversationId: null,
    isBlocked: false,
    ...patch,
  };
};

/** Approved and of our account, unless told otherwise. */
export function makeTemplate(design: Partial<TemplateView> & { name: string }): TemplateView {
  const template = {
    metaId: design.name,
    language: 'es',
    category: 'UTILITY',
    status: 'APPROVED',
    quality: 'GREEN',
    rejectedReason: null,
    parameterFormat: 'POSITIONAL' as const,
    header: null,
    body: 'Hola.',
    footer: null,
    buttons: [],
    samples: {},
    builtin: null,
    isFavourite: false,
    lastUsedAt: null,
    ...design,
  };
  return { ...template, key: templateKey(template), isSendable: isSendable(template) };
}
