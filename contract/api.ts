/**
 * The contract between the engine and its clients: the window (over a MessagePort or a WebSocket) and, for the procedures
 * with a `route`, the local REST API under `/api`. Queries read, commands return after the local commit, `events.watch`
 * is a subscription. Input is always validated; refusals are the closed codes of `app-error.ts`.
 */
import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { APP_ERRORS } from './app-error.ts';
import { changeSchema, conversationSchema, conversationStatusSchema, conversationSummarySchema, messageSchema, preferencesSchema, sessionSchema, syncStateSchema } from './entities.ts';
import { TEXT_BODY_MAX } from './limits.ts';

const base = oc.errors(APP_ERRORS);
const conversationId = z.string().min(1).max(128);
const messageId = z.string().min(1).max(128);
const cursor = z.string().max(200);

const sendTextInput = z.object({
  conversationId,
  /** Chosen by the caller: a second call with the same one gives the message of the first instead of another. */
  messageId: z.uuid().optional(),
  text: z.string().max(TEXT_BODY_MAX * 4),
  /** Log position the author had on screen (`Conversation.seenThrough`); without it, what this desktop holds now. */
  seenThrough: z.number().int().nonnegative().optional(),
  quotedMessageId: messageId.optional(),
});

export const contract = {
  session: {
    get: base.output(sessionSchema),
    sync: base.output(syncStateSchema),
  },
  preferences: {
    get: base.output(preferencesSchema),
    set: base.input(preferencesSchema.partial()).output(preferencesSchema),
  },
  conversations: {
    /** One page, newest first. `cursor` from the page before. `search` matches name, phone or @username. */
    list: base
      .route({ method: 'GET', path: '/whatsapp/conversations', summary: 'List conversations', tags: ['Conversations'] })
      .input(
        z.object({
          status: conversationStatusSchema.default('active'),
          unread: z.stringbool().or(z.boolean()).default(false),
          search: z.string().max(100).default(''),
          limit: z.coerce.number().int().min(1).max(200).default(50),
          cursor: cursor.optional(),
        }),
      )
      .output(z.object({ items: z.array(conversationSummarySchema), nextCursor: z.string().nullable() })),
    /** The summaries of these conversations, in any state; ids that do not exist are left out. */
    byIds: base.input(z.object({ ids: z.array(conversationId).max(200) })).output(z.array(conversationSummarySchema)),
    /** Counts for the rail, the badge and the window title. `needsMe`: active conversations with unread messages. */
    counts: base.output(z.object({ needsMe: z.number().int(), active: z.number().int(), archived: z.number().int(), closed: z.number().int() })),
    get: base
      .route({ method: 'GET', path: '/whatsapp/conversations/{conversationId}', summary: 'One conversation with its latest messages', tags: ['Conversations'] })
      .input(z.object({ conversationId, messages: z.coerce.number().int().min(0).max(200).default(50) }))
      .output(conversationSchema.extend({ messages: z.array(messageSchema), messagesCursor: z.string().nullable() })),
    /** Marks the inbound messages up to this one, in the order of the log, as read by me, on all my desktops. */
    markRead: base.input(z.object({ conversationId, throughMessageId: messageId })).output(z.object({ unread: z.number().int() })),
    setStatus: base
      .input(z.object({ conversationId, from: conversationStatusSchema, to: conversationStatusSchema, seenThrough: z.number().int().nonnegative() }))
      /** `reason` of `superseded`: the customer wrote, a newer conversation of theirs is open, or somebody else was faster (null). */
      .output(z.object({ outcome: z.enum(['applied', 'merged', 'superseded']), status: conversationStatusSchema, reason: z.enum(['customer_wrote', 'newer_conversation']).nullable() })),
  },
  messages: {
    /** The person's whole history on all their conversations, in reading order (oldest first); pages go back with `before`. */
    page: base
      .input(z.object({ conversationId, before: cursor.optional(), limit: z.number().int().min(1).max(200).default(50) }))
      .output(z.object({ items: z.array(messageSchema), nextCursor: z.string().nullable() })),
    /** Records the message for sending; returns at once, online or not. */
    sendText: base
      .route({ method: 'POST', path: '/whatsapp/conversations/{conversationId}/messages', summary: 'Reply with text', tags: ['Messages'], successStatus: 201 })
      .input(sendTextInput)
      .output(messageSchema),
    /** A held or needs-confirmation message: send it all the same, having seen `seenThrough`. */
    confirm: base.input(z.object({ messageId, seenThrough: z.number().int().nonnegative() })).output(messageSchema),
    /** A message that has not left (waiting, queued, held, needs-confirmation) or failed: give it up. */
    discard: base.input(z.object({ messageId })).output(messageSchema),
    /** A failed message: gives it up and records the same text anew. */
    retry: base.input(z.object({ messageId })).output(messageSchema),
    /** An uncertain message: the agent knows better. `not_sent` marks it failed, `resend` sends it (possibly a second time). */
    settle: base.input(z.object({ messageId, as: z.enum(['not_sent', 'resend']) })).output(messageSchema),
  },
  events: {
    watch: base.output(eventIterator(changeSchema)),
  },
};
export type Contract = typeof contract;

/** Procedures that the local REST API offers. */
export const restContract = { conversations: { list: contract.conversations.list, get: contract.conversations.get }, messages: { sendText: contract.messages.sendText } };
