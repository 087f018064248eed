/** Entities with plain values, for tests that care about one or two fields. */
import type { Conversation, ConversationSummary, Message } from '../../../contract/entities.ts';
import { isSendable } from '../../../contract/whatsapp/template-slots.ts';
import { templateKey } from '../../../contract/whatsapp/template-definition.ts';
import type { TemplateView } from '../../../contract/work-entities.ts';

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
  draft: null,
  draftFiles: 0,
  isPending: false,
  hasHeld: false,
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
