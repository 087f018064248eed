/** The part of the contract about the company's own work: templates, service requests, people, who should take what. */
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { base, opResult } from './api-base.ts';
import { conversationSummarySchema, messageSchema } from './entities.ts';
import { NAME_MAX, PICKED_MAX, REQUEST_TEXT_MAX } from './limits.ts';
import { requestFieldsSchema } from './ops/op.ts';
import { REQUEST_ROLES, REQUEST_STATUSES } from './requests/request-rules.ts';
import { templateDesignSchema } from './whatsapp/template-definition.ts';
import {
  assigneeSuggestionSchema,
  contactDetailsSchema,
  contactRowSchema,
  eventProposalSchema,
  importStateSchema,
  linkSuggestionSchema,
  requestFilterSchema,
  requestSummarySchema,
  requestViewSchema,
  serviceRequestSchema,
  slotProposalSchema,
  submitResultSchema,
  templateListSchema,
} from './work-entities.ts';

const id = z.string().min(1).max(128);
const key = z.string().min(1).max(600);
const cursor = z.string().max(200);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const role = z.enum(REQUEST_ROLES);
const fieldChange = <T extends z.ZodType>(value: T) => z.object({ from: value, to: value }).optional();
const changesOf = <T extends Record<string, z.ZodType>>(fields: T) =>
  z.object(Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, fieldChange(value)])) as { [K in keyof T]: ReturnType<typeof fieldChange<T[K]>> });
const line = z.string().trim().max(200).nullable();
const contactFields = {
  name: line,
  firstName: line,
  email: line,
  company: line,
  isVendor: z.boolean(),
  serviceTypes: z.array(z.string().trim().min(1).max(NAME_MAX)).max(50),
  isBlocked: z.boolean(),
  marketing: z.enum(['stop', 'resume']).nullable(),
};

/** Values of a template's slots (`contract/whatsapp/template-slots.ts`). `file`: of the header, by the sha256 that `media.finish` gave. */
export const templateInput = z.object({
  key,
  texts: z.record(z.string().max(200), z.string().max(REQUEST_TEXT_MAX)),
  place: z.object({ latitude: z.number(), longitude: z.number(), name: z.string().nullable(), address: z.string().nullable() }).nullable().default(null),
  file: z
    .object({ sha256, filename: z.string().min(1).max(255) })
    .nullable()
    .default(null),
});
export type TemplateInput = z.infer<typeof templateInput>;

export const workContract = {
  templates: {
    /** What this desktop knows of the account's templates, favourites and recently used ones first. */
    list: base.output(templateListSchema),
    /** Reads the account now; the answer is the list, with its `problem` where it failed. */
    sync: base.output(templateListSchema),
    setFavourite: base.input(z.object({ key, isOn: z.boolean() })).output(z.void()),
    /** By leads. `editedId`: Meta's id of the template that this replaces; null: a new one. */
    submit: base.input(z.object({ design: templateDesignSchema, editedId: z.string().max(64).nullable() })).output(submitResultSchema),
    /** One of the built-in five as it is. */
    submitBuiltin: base.input(z.object({ name: z.string().max(100) })).output(submitResultSchema),
    /** A sample for a media header, by resumable upload; gives Meta's handle for `header.sample`. */
    uploadSample: base
      .input(z.object({ sha256 }))
      .output(z.discriminatedUnion('status', [z.object({ status: z.literal('ok'), handle: z.string() }), z.object({ status: z.literal('failed'), detail: z.string() })])),
    /** By leads. Without a language: all of them; Meta blocks the name for 30 days. */
    remove: base.input(z.object({ name: z.string().max(512), metaId: z.string().max(64).nullable() })).output(submitResultSchema),
    /** Values for the slots of a template in a conversation, from its request, its person, the agent. `requestId`: of several, this one. */
    propose: base.input(z.object({ key, conversationId: id, requestId: id.optional() })).output(z.array(slotProposalSchema)),
    /** Sendable templates for what an agent could not say as free text, best first. */
    suggest: base.input(z.object({ conversationId: id, text: z.string().max(20_000).default('') })).output(z.array(key)),
    /**
     * Sends one in a conversation, open window or not. CONTENT_REFUSED names the slot. WRONG_ROLE: by its request it belongs to somebody
     * else (unless `isOverride`, which stays on record). OPTED_OUT, BLOCKED: the person wants none of it.
     */
    send: base
      .input(
        z.object({
          conversationId: id,
          messageId: z.uuid().optional(),
          template: templateInput,
          requestId: id.nullable().default(null),
          isOverride: z.boolean().default(false),
          draftId: id.nullable().default(null),
        }),
      )
      .output(messageSchema),
  },
  requests: {
    list: base
      .input(requestFilterSchema.extend({ limit: z.number().int().min(1).max(200).default(50), cursor: cursor.optional() }))
      .output(z.object({ items: z.array(requestSummarySchema), nextCursor: z.string().nullable(), total: z.number().int() })),
    /** How many there are of each status, and how many open events. */
    counts: base.output(z.object({ byStatus: z.record(z.enum(REQUEST_STATUSES), z.number().int()), openEvents: z.number().int() })),
    get: base.input(z.object({ requestId: id })).output(serviceRequestSchema),
    /** Linked to this conversation, or of its person; open ones first. */
    ofConversation: base.input(z.object({ conversationId: id })).output(z.array(requestSummarySchema.extend({ role: role.nullable(), isLinked: z.boolean() }))),
    suggestLinks: base.input(z.object({ conversationId: id })).output(z.array(linkSuggestionSchema)),
    /** `customerId`, `vendorId` by contact; a customer who is not known yet is made from `contactPhone`. */
    add: base.input(z.object({ fields: requestFieldsSchema })).output(opResult.extend({ requestId: id })),
    /** `lost`: fields that somebody else had changed, with what stands. */
    change: base
      .input(z.object({ requestId: id, changes: changesOf(requestFieldsSchema.shape) }))
      .output(opResult.extend({ lost: z.record(z.string(), z.object({ to: z.unknown(), was: z.unknown(), reason: z.string().optional() })) })),
    link: base.input(z.object({ requestId: id, role, from: id.nullable(), to: id.nullable() })).output(opResult),
    /** Puts messages into a request, or takes them out. */
    attach: base.input(z.object({ requestId: id, messageIds: z.array(id).min(1).max(PICKED_MAX), isOn: z.boolean() })).output(opResult),
    /** Open events, newest first: of a request, of the person of a conversation, or of all. */
    events: base.input(z.object({ requestId: id.optional(), conversationId: id.optional() })).output(z.array(eventProposalSchema)),
    /** Sends an event's template, once in the whole team: `superseded` if it was decided meanwhile. `to`: somebody else, with `isOverride`. */
    sendEvent: base.input(z.object({ eventId: id, template: templateInput, to: id.optional(), isOverride: z.boolean().default(false) })).output(opResult.extend({ messageId: id.nullable() })),
    dismissEvent: base.input(z.object({ eventId: id })).output(opResult),
    views: base.output(z.array(requestViewSchema)),
    setViews: base.input(z.object({ views: z.array(requestViewSchema).max(50) })).output(z.void()),
    /** Takes a CSV (UTF-8 or Windows-1252, comma, semicolon or tab) and judges every row; nothing is written yet. `text` in pieces of up to 1 MB. */
    beginImport: base.input(z.object({ name: z.string().max(255) })).output(z.object({ importId: id })),
    addImportText: base.input(z.object({ importId: id, text: z.string().max(1_000_000), isLast: z.boolean() })).output(importStateSchema),
    watchImport: base.input(z.object({ importId: id })).output(eventIterator(importStateSchema)),
    /** Writes the good rows, all or none. */
    commitImport: base.input(z.object({ importId: id })).output(importStateSchema),
    cancelImport: base.input(z.object({ importId: id })).output(importStateSchema),
    /** What a filter finds, as CSV with a header, in the columns that the import understands. */
    export: base.input(requestFilterSchema).output(z.object({ filename: z.string(), csv: z.string() })),
  },
  contacts: {
    list: base
      .input(
        z.object({
          search: z.string().max(200).default(''),
          role: z.enum(['anybody', 'customer', 'vendor']).default('anybody'),
          limit: z.number().int().min(1).max(200).default(50),
          cursor: cursor.optional(),
        }),
      )
      .output(z.object({ items: z.array(contactRowSchema), nextCursor: z.string().nullable() })),
    get: base.input(z.object({ contactId: id })).output(contactDetailsSchema),
    /** PHONE_INVALID. Where the number is known it is that contact (`merged`). */
    add: base.input(z.object({ phone: z.string().max(40).nullable(), fields: z.object(contactFields).partial() })).output(opResult.extend({ contactId: id })),
    change: base.input(z.object({ contactId: id, changes: changesOf(contactFields) })).output(opResult),
    addPhone: base.input(z.object({ contactId: id, phone: z.string().max(40) })).output(opResult.extend({ /** Whose it is, if not theirs. */ belongsTo: id.nullable() })),
    setAttribute: base.input(z.object({ contactId: id, key: z.string().trim().min(1).max(NAME_MAX), from: z.string().nullable(), to: z.string().max(REQUEST_TEXT_MAX).nullable() })).output(opResult),
    /** By leads. Null: they are not the same person after all. */
    merge: base.input(z.object({ contactId: id, from: id.nullable(), to: id.nullable() })).output(opResult),
    /** Contacts that may be the same person: the same name, e-mail or a number written otherwise. */
    duplicates: base.input(z.object({ contactId: id })).output(z.array(contactRowSchema)),
    conversations: base.input(z.object({ contactId: id })).output(z.array(conversationSummarySchema)),
  },
  assignment: {
    suggest: base.input(z.object({ conversationId: id })).output(z.array(assigneeSuggestionSchema)),
  },
};
