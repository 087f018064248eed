/** What screens and REST clients are given of templates, service requests and people. Times are milliseconds since the epoch, days `YYYY-MM-DD`. */
import { z } from 'zod';
import { agentSchema, contactSchema, conversationSummarySchema, conversationStatusSchema } from './entities.ts';
import { EVENT_KINDS, EVENT_MODES, REQUEST_ROLES, REQUEST_STATUSES, VALUE_SOURCES } from './requests/request-rules.ts';
import { messageContentSchema } from './whatsapp/message-content.ts';
import { templateSchema } from './whatsapp/template-definition.ts';

const id = z.string();
const time = z.number().int();
const day = z.string().nullable();

// Templates.
/** How one of the built-in templates stands in the account. `other_parameters`: another number of variables; `other_language`: not in Spanish. */
export const BUILTIN_STATES = ['ok', 'missing', 'not_approved', 'other_parameters', 'other_language'] as const;
/** `key`: name and language. `builtin`: null for every other template. `isSendable`: approved, and of kinds that this program can fill. */
export const templateViewSchema = templateSchema.extend({
  key: z.string(),
  builtin: z.enum(BUILTIN_STATES).nullable(),
  isSendable: z.boolean(),
  isFavourite: z.boolean(),
  /** When it was last sent from this desktop. */
  lastUsedAt: time.nullable(),
});
export type TemplateView = z.infer<typeof templateViewSchema>;
export const templateListSchema = z.object({
  items: z.array(templateViewSchema),
  /** The five, also those that the account does not have. */
  builtins: z.array(z.object({ name: z.string(), state: z.enum(BUILTIN_STATES), key: z.string().nullable() })),
  /** When the account was last read whole; null: never. */
  syncedAt: time.nullable(),
  isSyncing: z.boolean(),
  /** Why the last attempt failed: Meta's code, or `unreachable`, `no_account` (no WABA id or token here). Null: it did not. */
  problem: z.object({ kind: z.enum(['unreachable', 'no_account', 'refused']), code: z.number().int().nullable(), detail: z.string().nullable() }).nullable(),
});
export type TemplateList = z.infer<typeof templateListSchema>;

/** Why Meta took no design. `field`: path in `TemplateDesign` as far as Meta's words tell it (`body`, `header.text`, `buttons.0.url`, `name` …). */
export const templateRefusalSchema = z.object({ field: z.string().nullable(), code: z.number().int(), subcode: z.number().int().nullable(), title: z.string(), text: z.string() });
export type TemplateRefusal = z.infer<typeof templateRefusalSchema>;
export const submitResultSchema = z.discriminatedUnion('status', [
  z.object({ status: z.literal('submitted'), key: z.string(), templateStatus: z.string(), /** Meta may file it under another one. */ category: z.string() }),
  z.object({ status: z.literal('refused'), refusal: templateRefusalSchema }),
  /** Meta was not reached, or its answer was lost: looking at the list again tells whether it is there. */
  z.object({ status: z.literal('unreachable'), detail: z.string() }),
]);
export type SubmitResult = z.infer<typeof submitResultSchema>;

/** A value that could go into a slot, and where it is from, best first. `label`: of an attribute, what it is called. */
export const VALUE_ORIGINS = ['request', 'contact', 'attribute', 'agent', 'workspace', 'last_used'] as const;
export const slotProposalSchema = z.object({
  key: z.string(),
  candidates: z.array(z.object({ value: z.string(), origin: z.enum(VALUE_ORIGINS), source: z.enum(VALUE_SOURCES).nullable(), label: z.string().nullable() })),
});
export type SlotProposal = z.infer<typeof slotProposalSchema>;

// Service requests.
export const requestPersonSchema = z.object({ contact: contactSchema, conversationId: id.nullable() });
/** A link, and the last words on it. `lastInbound`: what the person wrote last, also in another conversation of theirs. */
const linkSchema = z.object({ role: z.enum(REQUEST_ROLES), conversationId: id, status: conversationStatusSchema, lastInbound: z.object({ text: z.string(), at: time }).nullable() });
export const requestEventSchema = z.object({
  id,
  requestId: id,
  kind: z.enum(EVENT_KINDS),
  role: z.enum(REQUEST_ROLES),
  /** Whom it is to be told; null: not known yet. */
  contact: contactSchema.nullable(),
  mode: z.enum(EVENT_MODES),
  state: z.enum(['open', 'sent', 'dismissed', 'obsolete']),
  at: time,
  by: agentSchema,
  messageId: id.nullable(),
  decidedBy: agentSchema.nullable(),
  isPending: z.boolean(),
});
export type RequestEvent = z.infer<typeof requestEventSchema>;
export const requestSummarySchema = z.object({
  id,
  /** What people call it: the outside system's id, else its number; empty while the relay has not given one. */
  reference: z.string(),
  number: z.number().int().nullable(),
  externalId: z.string().nullable(),
  status: z.enum(REQUEST_STATUSES),
  serviceType: z.string(),
  customer: contactSchema.nullable(),
  customerName: z.string(),
  contactPhone: z.string(),
  contactEmail: z.string(),
  address: z.string(),
  requestedDate: day,
  approvedDate: day,
  vendor: contactSchema.nullable(),
  formUrl: z.string(),
  description: z.string(),
  /** Open events: templates that could be sent now. */
  openEvents: z.number().int(),
  isPending: z.boolean(),
  createdAt: time,
  updatedAt: time,
});
export type RequestSummary = z.infer<typeof requestSummarySchema>;
const attachedMessageSchema = z.object({
  messageId: id,
  conversationId: id,
  contact: contactSchema,
  direction: z.enum(['in', 'out']),
  author: agentSchema.nullable(),
  content: messageContentSchema,
  sentAt: time,
  attachedBy: agentSchema,
  attachedAt: time,
  isPending: z.boolean(),
});
export type AttachedMessage = z.infer<typeof attachedMessageSchema>;
export const serviceRequestSchema = requestSummarySchema.extend({
  source: z.enum(['manual', 'csv', 'api']),
  createdBy: agentSchema,
  links: z.array(linkSchema),
  events: z.array(requestEventSchema),
  /** Messages that were attached to it, in the order in which they were written. `isPending`: not confirmed by the relay yet. */
  messages: z.array(attachedMessageSchema),
  /** Newest first. `changes`: by field, as its author saw it and wanted it; `lost`: those that did not apply. */
  history: z.array(z.object({ opId: id, type: z.string(), actor: agentSchema, at: time, outcome: z.string(), isPending: z.boolean(), detail: z.record(z.string(), z.unknown()) })),
});
export type ServiceRequest = z.infer<typeof serviceRequestSchema>;

/** Everything needed to review and send the template of an event. */
export const eventProposalSchema = z.object({
  event: requestEventSchema,
  request: requestSummarySchema,
  /** Null: the account does not have it, or it is not approved (`builtin` says which). */
  template: templateViewSchema.nullable(),
  templateName: z.string(),
  slots: z.array(slotProposalSchema),
  /** Where it will go: the person's open conversation; null: a new one begins. */
  conversationId: id.nullable(),
  /** Whether the person's service window is open: a template leaves either way. */
  isBlocked: z.boolean(),
});
export type EventProposal = z.infer<typeof eventProposalSchema>;

/** A request that a conversation may belong to. */
export const linkSuggestionSchema = z.object({
  request: requestSummarySchema,
  role: z.enum(REQUEST_ROLES),
  reason: z.enum(['id_in_text', 'phone', 'is_customer', 'is_vendor']),
  messageId: id.nullable(),
});
export type LinkSuggestion = z.infer<typeof linkSuggestionSchema>;

/** One row of a CSV as it would be imported. `problems`: by column, in words of the closed list. */
export const IMPORT_PROBLEMS = ['missing', 'phone', 'date', 'email', 'url', 'status', 'vendor_unknown', 'duplicate_in_file', 'exists', 'too_long', 'columns'] as const;
export const importStateSchema = z.object({
  importId: id,
  state: z.enum(['reading', 'ready', 'importing', 'done', 'cancelled', 'failed']),
  rows: z.number().int(),
  done: z.number().int(),
  good: z.number().int(),
  /** How each column of the file was understood; null: ignored. */
  columns: z.array(z.object({ header: z.string(), field: z.string().nullable() })),
  /** The first 200; `badRows` counts all. `line`: in the file, from 1. */
  bad: z.array(z.object({ line: z.number().int(), problems: z.array(z.object({ column: z.string(), problem: z.enum(IMPORT_PROBLEMS), value: z.string() })) })),
  badRows: z.number().int(),
});
export type ImportState = z.infer<typeof importStateSchema>;

export const requestFilterSchema = z.object({
  search: z.string().max(200).default(''),
  statuses: z.array(z.enum(REQUEST_STATUSES)).default([]),
  serviceType: z.string().nullable().default(null),
  vendorId: id.nullable().default(null),
  customerId: id.nullable().default(null),
  /** Days, inclusive. */
  requestedFrom: day.default(null),
  requestedTo: day.default(null),
  hasOpenEvents: z.boolean().default(false),
  isUnlinked: z.boolean().default(false),
  sort: z.enum(['newest', 'requested_date', 'updated']).default('newest'),
});
export type RequestFilter = z.infer<typeof requestFilterSchema>;
export const requestViewSchema = z.object({ id, name: z.string().trim().min(1).max(80), filter: requestFilterSchema });
export type RequestView = z.infer<typeof requestViewSchema>;

// People.
export const contactDetailsSchema = contactSchema.extend({
  givenName: z.string().nullable(),
  profileName: z.string().nullable(),
  firstName: z.string().nullable(),
  email: z.string().nullable(),
  company: z.string().nullable(),
  isVendor: z.boolean(),
  serviceTypes: z.array(z.string()),
  marketing: z.enum(['stop', 'resume']).nullable(),
  mergedInto: contactSchema.nullable(),
  /** Contacts that are this person, too. */
  merged: z.array(contactSchema),
  identifiers: z.array(z.object({ kind: z.enum(['wa_id', 'user_id', 'parent_user_id', 'phone', 'username', 'anonymous']), value: z.string(), contactId: id })),
  attributes: z.array(z.object({ key: z.string(), value: z.string() })),
  /** Roles they have in requests that are not ended. */
  roles: z.array(z.enum(REQUEST_ROLES)),
  conversations: z.array(conversationSummarySchema),
  requests: z.array(requestSummarySchema),
  isPending: z.boolean(),
});
export type ContactDetails = z.infer<typeof contactDetailsSchema>;
export const contactRowSchema = contactSchema.extend({
  isVendor: z.boolean(),
  serviceTypes: z.array(z.string()),
  company: z.string().nullable(),
  openRequests: z.number().int(),
  lastMessageAt: time.nullable(),
});
export type ContactListRow = z.infer<typeof contactRowSchema>;

/** Somebody who could take a conversation, best first. Reasons carry their numbers. */
export const assigneeSuggestionSchema = z.object({
  agent: agentSchema,
  score: z.number(),
  reasons: z.array(
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('answered_contact'), count: z.number().int(), lastAt: time }),
      z.object({ kind: z.literal('handled_service'), serviceType: z.string(), count: z.number().int() }),
      z.object({ kind: z.literal('load'), open: z.number().int() }),
    ]),
  ),
  /** Null: unknown, this desktop is offline. */
  isPresent: z.boolean().nullable(),
});
export type AssigneeSuggestion = z.infer<typeof assigneeSuggestionSchema>;
