/**
 * What only programs outside the window ask for (`/api`, product.md P2): the same commands as the window's, without the state that a screen
 * holds. A field that is not known is refused, since it is one that the caller believes in. What a caller leaves out of a guarded change is taken as it stands here at that moment.
 */
import { z } from 'zod';
import { base, opResult } from './api-base.ts';
import { agentSchema, conversationStatusSchema, messageSchema } from './entities.ts';
import { NAME_MAX, NOTE_BODY_MAX, REQUEST_FIELD_MAX, REQUEST_TEXT_MAX, TEXT_BODY_MAX } from './limits.ts';
import { REQUEST_ROLES, REQUEST_STATUSES } from './requests/request-rules.ts';
import { serviceRequestSchema, templateListSchema } from './work-entities.ts';

const id = z.string().min(1).max(128);
/** As requests keep it. */
const externalId = z.string().trim().min(1).max(128);
const phone = z.string().trim().min(3).max(40);
const role = z.enum(REQUEST_ROLES);
const field = z.string().trim().max(REQUEST_FIELD_MAX);
const text = z.string().trim().max(REQUEST_TEXT_MAX);

/** Values by what they are for: of the body in order (positional) or by name; `header` and `buttons` (by the button's place, from 0) where they have a variable. */
const templateMessage = z.strictObject({
  name: z.string().min(1).max(512),
  language: z.string().min(2).max(20).default('es'),
  body: z.union([z.array(text).max(50), z.record(z.string(), text)]).default([]),
  header: text.optional(),
  buttons: z.record(z.string().regex(/^\d$/), text).default({}),
});

/** A person in a request: a contact of ours, or a phone number; `name` is used where the person is not known yet. */
const person = z.strictObject({ contactId: id.optional(), phone: phone.optional(), name: z.string().trim().max(NAME_MAX).optional() });
/** What is left out stays as it is; a new request has it empty. */
const requestInput = z.strictObject({
  serviceType: field.optional(),
  status: z.enum(REQUEST_STATUSES).optional(),
  customer: person.nullable().optional(),
  contactEmail: field.optional(),
  address: text.optional(),
  requestedDate: z.iso.date().nullable().optional(),
  approvedDate: z.iso.date().nullable().optional(),
  vendor: person.nullable().optional(),
  formUrl: text.optional(),
  description: text.optional(),
});

const conversation = '/whatsapp/conversations/{conversationId}';

export const restProcedures = {
  /** Begins (or finds) the conversation with a number and sends in it. Free text needs an open service window (WINDOW_CLOSED); a template does not. */
  sendDirect: base
    .route({ method: 'POST', path: '/whatsapp/messages', operationId: 'sendDirectMessage', summary: 'Direct message to a number', tags: ['Messages'], successStatus: 201 })
    .input(
      z.strictObject({
        phone,
        name: z.string().trim().min(1).max(NAME_MAX).optional(),
        messageId: z.uuid().optional(),
        content: z.discriminatedUnion('type', [
          z.strictObject({ type: z.literal('text'), text: z.string().max(TEXT_BODY_MAX * 4) }),
          z.strictObject({ type: z.literal('template'), template: templateMessage }),
        ]),
      }),
    )
    .output(messageSchema),
  /** Sends a template in a conversation, or to a number. `requestId`, `externalId`: what it is about. */
  sendTemplate: base
    .route({ method: 'POST', path: '/whatsapp/templates/send', operationId: 'sendTemplate', summary: 'Send a template', tags: ['Templates'], successStatus: 201 })
    .input(
      z.strictObject({
        conversationId: id.optional(),
        phone: phone.optional(),
        messageId: z.uuid().optional(),
        template: templateMessage,
        requestId: id.optional(),
        externalId: externalId.optional(),
        isOverride: z.boolean().default(false),
      }),
    )
    .output(messageSchema),
  templates: base.route({ method: 'GET', path: '/whatsapp/templates', operationId: 'listTemplates', summary: 'Templates of the account', tags: ['Templates'] }).output(templateListSchema),
  assign: base
    .route({ method: 'POST', path: `${conversation}/assign`, operationId: 'assignConversation', summary: 'Assign, or release (null)', tags: ['Conversations'] })
    .input(z.strictObject({ conversationId: id, agentId: id.nullable(), note: z.string().trim().min(1).max(NOTE_BODY_MAX).optional() }))
    .output(opResult.extend({ assignee: agentSchema.nullable() })),
  /** Links the conversation to a request, by our id or by the outside system's; `isLinked: false` takes the link away. */
  link: base
    .route({ method: 'POST', path: `${conversation}/link`, operationId: 'linkConversation', summary: 'Link to a service request', tags: ['Conversations'] })
    .input(z.strictObject({ conversationId: id, requestId: id.optional(), externalId: externalId.optional(), role, isLinked: z.boolean().default(true) }))
    .output(opResult),
  /** Up to a message, or up to the newest. */
  read: base
    .route({ method: 'POST', path: `${conversation}/read`, operationId: 'markConversationRead', summary: 'Mark as read', tags: ['Conversations'] })
    .input(z.strictObject({ conversationId: id, throughMessageId: id.optional() }))
    .output(z.object({ unread: z.number().int() })),
  setStatus: base
    .route({ method: 'PATCH', path: `${conversation}/status`, operationId: 'setConversationStatus', summary: 'Archive, close, reopen', tags: ['Conversations'] })
    .input(z.strictObject({ conversationId: id, status: conversationStatusSchema, seenThrough: z.number().int().nonnegative().optional() }))
    .output(opResult.extend({ status: conversationStatusSchema })),
  /**
   * Creates or changes the request that the outside system knows by this id. The header `Idempotency-Key` (up to 128 characters, kept for
   * 24 h) makes a repetition harmless: the same key with the same body gets the first answer.
   */
  putRequest: base
    .route({ method: 'PUT', path: '/service-requests/{externalId}', operationId: 'putServiceRequest', summary: 'Create or change a service request', tags: ['Service requests'] })
    .input(requestInput.extend({ externalId }))
    .output(serviceRequestSchema.extend({ isNew: z.boolean() })),
  getRequest: base
    .route({ method: 'GET', path: '/service-requests/{externalId}', operationId: 'getServiceRequest', summary: 'One service request', tags: ['Service requests'] })
    .input(z.strictObject({ externalId }))
    .output(serviceRequestSchema),
};
