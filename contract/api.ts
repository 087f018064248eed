/**
 * The contract between the engine and its clients: the window (over a MessagePort or a WebSocket) and, for the procedures
 * with a `route`, the local REST API under `/api`. Queries read, commands return after the local commit, `events.watch`
 * is a subscription. Input is always validated; refusals are the closed codes of `app-error.ts`.
 */
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { aiContract } from './ai-api.ts';
import { base, opResult } from './api-base.ts';
import {
  accountEventSchema,
  agentSchema,
  assigneeFilterSchema,
  boardRowSchema,
  changeSchema,
  conflictSchema,
  connectionCheckSchema,
  contactSchema,
  conversationSchema,
  conversationStatusSchema,
  conversationSummarySchema,
  directorySchema,
  draftFileSchema,
  inboxViewSchema,
  forwardResultSchema,
  messageSchema,
  noteSchema,
  noticeEventSchema,
  preferencesSchema,
  presenceEntrySchema,
  rawEventSchema,
  searchHitSchema,
  sessionSchema,
  snippetSchema,
  stagedFileSchema,
  syncStateSchema,
  threadEventsSchema,
} from './entities.ts';
import {
  BULK_MAX,
  CANNED_BODY_MAX,
  CAPTION_MAX,
  DRAFT_FILES_MAX,
  EMOJI_MAX,
  FORWARD_TARGETS_MAX,
  MEDIA_BYTES_MAX,
  MESSAGES_PAGE_MAX,
  NAME_MAX,
  NOTE_BODY_MAX,
  PICKED_MAX,
  SHORTCUT_MAX,
  STAGE_CHUNK_BYTES,
  TEXT_BODY_MAX,
  THUMBNAIL_BYTES_MAX,
} from './limits.ts';
import { CONTACT_ROLES, INBOX_VIEWS_MAX, LIST_SORTS, TROUBLES, VIEW_COUNT_MAX } from './rules/inbox-filter.ts';
import { LABEL_COLORS } from './rules/label-colors.ts';
import { workspaceSettingSchema } from './rules/workspace-settings.ts';
import { contactCardSchema, interactiveSchema, messageContentSchema } from './whatsapp/message-content.ts';
import { localApiContract } from './local-api.ts';
import { lockContract } from './lock-api.ts';
import { reportsContract } from './reports.ts';
import { privacyContract } from './privacy-api.ts';
import { REQUEST_FILTERS } from './requests/request-rules.ts';
import { restProcedures } from './rest-contract.ts';
import { setupContract } from './setup-api.ts';
import { workContract } from './work-api.ts';
import { presenceActivitySchema, roleSchema } from './wire.ts';
import { deviceListSchema, INVITE_HOURS_MAX, inviteListSchema } from './wire-http.ts';

const conversationId = z.string().min(1).max(128);
const messageId = z.string().min(1).max(128);
const cursor = z.string().max(200);
const id = z.string().min(1).max(128);
const seq = z.number().int().nonnegative();
const time = z.number().int();
const name = z.string().trim().min(1).max(NAME_MAX);
const noteBody = z.string().trim().min(1).max(NOTE_BODY_MAX);
const shortcut = z
  .string()
  .trim()
  .regex(/^[\p{L}\p{N}_-]+$/u)
  .max(SHORTCUT_MAX);
const cannedBody = z.string().trim().min(1).max(CANNED_BODY_MAX);

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const captionText = z.string().max(CAPTION_MAX).nullable();
/** What an agent sends: files by the sha256 that `media.finish` gave. Limits are Meta's; a refusal (CONTENT_REFUSED) names the field. */
const composedContent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: z.string().max(TEXT_BODY_MAX * 4), hasPreview: z.boolean().optional() }),
  z.object({ kind: z.enum(['image', 'video']), sha256, caption: captionText }),
  z.object({ kind: z.literal('audio'), sha256, isVoice: z.boolean() }),
  z.object({ kind: z.literal('document'), sha256, filename: z.string().min(1).max(255), caption: captionText }),
  z.object({ kind: z.literal('sticker'), sha256 }),
  z.object({ kind: z.literal('location'), latitude: z.number(), longitude: z.number(), name: z.string().nullable(), address: z.string().nullable() }),
  z.object({ kind: z.literal('contacts'), contacts: z.array(contactCardSchema) }),
  z.object({ kind: z.literal('interactive'), interactive: interactiveSchema }),
]);
export type ComposedContent = z.infer<typeof composedContent>;

/** `olderCursor`, `newerCursor`: where to go on; null: no more that way. */
const messagePage = z.object({ items: z.array(messageSchema), olderCursor: z.string().nullable(), newerCursor: z.string().nullable(), events: threadEventsSchema });

const bulkAction = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('assign'), to: id.nullable() }),
  z.object({ kind: z.literal('team'), to: id.nullable() }),
  z.object({ kind: z.literal('label'), labelId: id, isOn: z.boolean() }),
  z.object({ kind: z.literal('status'), to: conversationStatusSchema }),
  z.object({ kind: z.literal('snooze'), until: time.nullable() }),
  z.object({ kind: z.literal('read') }),
]);

const sendTextInput = z.object({
  conversationId,
  /** Chosen by the caller: a second call with the same one gives the message of the first instead of another. */
  messageId: z.uuid().optional(),
  text: z.string().max(TEXT_BODY_MAX * 4),
  /** Log position the author had on screen (`Conversation.seenThrough`); without it, what this desktop holds now. */
  seenThrough: z.number().int().nonnegative().optional(),
  /** Refuse with THREAD_MOVED if a colleague answered or the customer wrote after `seenThrough`. */
  isGuarded: z.boolean().default(false),
  quotedMessageId: messageId.optional(),
});

export const contract = {
  ...workContract,
  ...aiContract,
  ...reportsContract,
  ...privacyContract,
  rest: restProcedures,
  localApi: localApiContract,
  lock: lockContract,
  setup: setupContract,
  session: {
    get: base.output(sessionSchema),
    sync: base.output(syncStateSchema),
    /**
     * In the demo only (else FORBIDDEN): forgets it and begins it anew; the window finds the new one where the old one was. NOT_ALLOWED_NOW where
     * a colleague's window of the demo is open, and in a colleague's own.
     */
    startOver: base.output(z.void()),
    /** In the demo only (else FORBIDDEN): this desktop reaches neither relay nor Meta until it is taken back, or the program ends. */
    pretendOffline: base.input(z.object({ isOffline: z.boolean() })).output(z.void()),
  },
  preferences: {
    get: base.output(preferencesSchema),
    set: base.input(preferencesSchema.partial()).output(preferencesSchema),
    /** What the window keeps here instead of in the browser's files, while the lock is on. */
    memory: base.output(z.record(z.string(), z.string())),
    /** Null: forgotten. */
    remember: base.input(z.object({ changes: z.record(z.string().max(300), z.string().max(1_000_000).nullable()) })).output(z.void()),
  },
  conversations: {
    /**
     * Begins a conversation with a number, or finds the one there is. PHONE_INVALID for what is no phone number.
     * Outside the service window only a template can be sent in it.
     */
    start: base.input(z.object({ phone: z.string().max(40), name: name.nullable().default(null) })).output(z.object({ conversationId: id, isNew: z.boolean() })),
    /** What a typed number means, as it is typed. `country`: ISO 3166-1; `known`: who has it, also written another way (MX, AR, BR). */
    readPhone: base.input(z.object({ phone: z.string().max(40) })).output(
      z.object({
        isComplete: z.boolean(),
        formatted: z.string().nullable(),
        country: z.string().nullable(),
        known: z.object({ conversationId: id.nullable(), contact: contactSchema }).nullable(),
      }),
    ),
    /**
     * One page, in the order of `sort`. `cursor`: `nextCursor` of the page before; with `towards: 'start'`, `previousCursor` of the page
     * after, and without a cursor the last page there is. `search` matches name, phone or @username.
     */
    list: base
      .route({ method: 'GET', path: '/whatsapp/conversations', operationId: 'listConversations', summary: 'List conversations', tags: ['Conversations'] })
      .input(
        z.object({
          status: conversationStatusSchema.default('active'),
          unread: z.stringbool().or(z.boolean()).default(false),
          search: z.string().max(100).default(''),
          assignee: assigneeFilterSchema.default('anybody'),
          labelId: id.optional(),
          /** By `ConversationSummary.request`: any, none, or one of that status. */
          request: z.enum(REQUEST_FILTERS).optional(),
          /** `no`: what is snoozed is left out. */
          snoozed: z.enum(['no', 'only']).default('no'),
          /** What I have begun to write, in conversations of any status, snoozed or not. */
          hasDraft: z.stringbool().or(z.boolean()).default(false),
          /** The customer waits for us. */
          waiting: z.stringbool().or(z.boolean()).default(false),
          role: z.enum(CONTACT_ROLES).optional(),
          /** Those that are linked to this service request. */
          requestId: id.optional(),
          /** What did not arrive, or waits for my decision, in conversations of any status, snoozed or not. */
          trouble: z.enum(TROUBLES).optional(),
          sort: z.enum(LIST_SORTS).default('newest'),
          towards: z.enum(['start', 'end']).default('end'),
          limit: z.coerce.number().int().min(1).max(200).default(50),
          cursor: cursor.optional(),
        }),
      )
      .output(z.object({ items: z.array(conversationSummarySchema), nextCursor: z.string().nullable(), previousCursor: z.string().nullable() })),
    /** The views of the list that I keep on this desktop, in my order. */
    views: base.output(z.array(inboxViewSchema)),
    setViews: base.input(z.object({ views: z.array(inboxViewSchema).max(INBOX_VIEWS_MAX) })).output(z.void()),
    /** How many conversations each view shows, counted up to `VIEW_COUNT_MAX`. */
    viewCounts: base.output(z.array(z.object({ id, count: z.number().int().max(VIEW_COUNT_MAX) }))),
    /** The summaries of these conversations, in any state; ids that do not exist are left out. */
    byIds: base.input(z.object({ ids: z.array(conversationId).max(200) })).output(z.array(conversationSummarySchema)),
    /** Counts for the rail, the badge and the window title. `needsMe`: active conversations, mine or nobody's (of my team, if they have one), with unread messages. */
    counts: base.output(
      z.object({
        needsMe: z.number().int(),
        active: z.number().int(),
        archived: z.number().int(),
        closed: z.number().int(),
        /** Of the active ones that are not snoozed. */
        mine: z.number().int(),
        myTeams: z.number().int(),
        unassigned: z.number().int(),
        snoozed: z.number().int(),
        drafts: z.number().int(),
        /** What `trouble: 'any'` lists. */
        trouble: z.number().int(),
      }),
    ),
    get: base
      .route({ method: 'GET', path: '/whatsapp/conversations/{conversationId}', operationId: 'getConversation', summary: 'One conversation with its latest messages', tags: ['Conversations'] })
      .input(z.object({ conversationId, messages: z.coerce.number().int().min(0).max(200).default(50) }))
      .output(conversationSchema.extend({ messages: z.array(messageSchema), messagesCursor: z.string().nullable() })),
    /** All that a window shows of it, of one moment: itself, the person's newest messages (as `messages.page`; `aboveUnread`: up to that many above the first unread one, as far as a page reaches) and notes. */
    open: base
      .input(z.object({ conversationId, limit: z.number().int().min(1).max(MESSAGES_PAGE_MAX), aboveUnread: z.number().int().min(0).max(MESSAGES_PAGE_MAX).optional() }))
      .output(z.object({ conversation: conversationSchema, page: messagePage, notes: z.array(noteSchema) })),
    /** Marks the inbound messages up to this one, in the order of the log, as read by me, on all my desktops. */
    markRead: base.input(z.object({ conversationId, throughMessageId: messageId })).output(z.object({ unread: z.number().int() })),
    /** The customer's last message counts as unread again, for me, on all my desktops. */
    markUnread: base.input(z.object({ conversationId })).output(z.object({ unread: z.number().int() })),
    setStatus: base.input(z.object({ conversationId, from: conversationStatusSchema, to: conversationStatusSchema, seenThrough: seq })).output(opResult.extend({ status: conversationStatusSchema })),
    /** `from`: the assignee on the author's screen. `note`: tells the next one why. Null: nobody. */
    assign: base.input(z.object({ conversationId, from: id.nullable(), to: id.nullable(), note: noteBody.optional() })).output(opResult.extend({ assignee: agentSchema.nullable() })),
    setTeam: base.input(z.object({ conversationId, from: id.nullable(), to: id.nullable() })).output(opResult),
    /** Relay time (ms), or null to bring it back. */
    snooze: base.input(z.object({ conversationId, from: time.nullable(), until: time.nullable(), seenThrough: seq })).output(opResult),
    setLabel: base.input(z.object({ conversationId, labelId: id, isOn: z.boolean() })).output(opResult),
    /** One action on many, from what this desktop shows of each at the moment. */
    bulk: base
      .input(z.object({ conversationIds: z.array(conversationId).min(1).max(BULK_MAX), action: bulkAction }))
      .output(z.object({ opIds: z.array(id), changed: z.number().int(), refused: z.number().int() })),
  },
  ops: {
    /** Takes back triage of mine (assign, team, snooze, status, label): an inverse op for each, guarded like any other. */
    undo: base.input(z.object({ opIds: z.array(id).min(1).max(BULK_MAX) })).output(z.object({ undone: z.number().int(), refused: z.number().int() })),
  },
  conflicts: {
    /** Newest first, at most CONFLICTS_MAX; `sync.conflicts` counts all of them. */
    list: base.output(z.array(conflictSchema)),
    /** The same intent again, from what stands now. */
    reapply: base.input(z.object({ opId: id })).output(opResult),
    /** `andOlder`: also all that the list would show below the last of them. */
    dismiss: base.input(z.object({ opIds: z.array(id).min(1).max(BULK_MAX), andOlder: z.boolean().default(false) })).output(z.object({ left: z.number().int() })),
  },
  notes: {
    /** Of the person, on all their conversations, oldest first. */
    list: base.input(z.object({ conversationId })).output(z.array(noteSchema)),
    /** `@name` in the body is what people read; who is meant stands in `mentions` (agent ids). */
    add: base.input(z.object({ conversationId, body: noteBody, mentions: z.array(id).max(50).default([]) })).output(noteSchema),
    edit: base.input(z.object({ noteId: id, from: z.string(), to: noteBody, mentions: z.array(id).max(50).default([]) })).output(opResult),
    remove: base.input(z.object({ noteId: id })).output(opResult),
  },
  drafts: {
    /** My unsent text of a conversation, kept in the database of this desktop; null: none. `mode`: a reply or a note. */
    get: base.input(z.object({ conversationId })).output(z.object({ text: z.string(), mode: z.enum(['reply', 'note']), files: z.array(draftFileSchema), updatedAt: time }).nullable()),
    /** Files that wait in the composer with what I write; none: takes them away. */
    setFiles: base.input(z.object({ conversationId, files: z.array(draftFileSchema).max(DRAFT_FILES_MAX) })).output(z.void()),
    /** Empty text, with no files, deletes it. */
    set: base.input(z.object({ conversationId, text: z.string().max(TEXT_BODY_MAX * 4), mode: z.enum(['reply', 'note']).default('reply') })).output(z.void()),
  },
  team: {
    directory: base.output(directorySchema),
    /** Agents and "nobody", with what waits for each: for leads (else FORBIDDEN). */
    board: base.output(z.array(boardRowSchema)),
    addLabel: base.input(z.object({ name, color: z.enum(LABEL_COLORS) })).output(opResult.extend({ id })),
    changeLabel: base
      .input(z.object({ labelId: id, name: z.object({ from: name, to: name }).optional(), color: z.object({ from: z.enum(LABEL_COLORS), to: z.enum(LABEL_COLORS) }).optional() }))
      .output(opResult),
    removeLabel: base.input(z.object({ labelId: id })).output(opResult),
    addTeam: base.input(z.object({ name })).output(opResult.extend({ id })),
    renameTeam: base.input(z.object({ teamId: id, from: name, to: name })).output(opResult),
    setTeamMember: base.input(z.object({ teamId: id, agentId: id, isMember: z.boolean() })).output(opResult),
    removeTeam: base.input(z.object({ teamId: id })).output(opResult),
    addCanned: base.input(z.object({ isPersonal: z.boolean(), shortcut, body: cannedBody })).output(opResult.extend({ id })),
    changeCanned: base
      .input(z.object({ cannedId: id, shortcut: z.object({ from: shortcut, to: shortcut }).optional(), body: z.object({ from: z.string(), to: cannedBody }).optional() }))
      .output(opResult),
    removeCanned: base.input(z.object({ cannedId: id })).output(opResult),
    setSetting: base.input(z.object({ from: workspaceSettingSchema, to: workspaceSettingSchema })).output(opResult),
  },
  presence: {
    /** What I look at; whoever is connected sees it. `isReply`: what I write is for the customer, who sees it too by `Preferences.showsTyping`. */
    set: base.input(z.object({ conversationId: conversationId.nullable(), activity: presenceActivitySchema, isReply: z.boolean().default(false) })).output(z.void()),
    /** Colleagues, not me. Null: unknown, this desktop is offline. */
    list: base.output(z.array(presenceEntrySchema).nullable()),
  },
  /** Membership: the relay decides, so all of these need a connection (OFFLINE). */
  members: {
    /** `link` takes a new desktop in; it is shown once. `agentId`: a further desktop of a member. */
    invite: base
      .input(z.object({ role: roleSchema.optional(), agentId: id.optional(), agentName: name.optional(), expiresInHours: z.number().int().min(1).max(INVITE_HOURS_MAX).default(72) }))
      .output(z.object({ link: z.string(), code: z.string(), expiresAt: time })),
    /** Invites that nobody has used yet, without their codes. By admins. */
    invites: base.output(inviteListSchema),
    /** Nobody joins with it any more. By admins. NOT_FOUND: it is not open any more. */
    withdrawInvite: base.input(z.object({ inviteId: id })).output(z.void()),
    change: base.input(z.object({ agentId: id, from: roleSchema, role: roleSchema.optional(), name: name.optional(), isRemoved: z.boolean().default(false) })).output(z.void()),
    devices: base.output(
      deviceListSchema.element
        .extend({
          isMine: z.boolean(),
          hasNumber: z.boolean(),
          /** It waits for the team's key, and its agent has this code on screen. Null: it does not, or that is not mine to know. */ keyCode: z.string().nullable(),
          /** When it last got the team's key from the printed code, ms; null: it did not. */
          recoveredAt: time.nullable(),
          /** To admins: it was shut out, and the relay was restored from a backup of before. `at`: ms; null: not known. It is given nothing until it gets the key. */
          shutOutBefore: z.object({ at: time.nullable() }).nullable(),
        })
        .array(),
    ),
    /** Gives the team's key to a desktop that waits for it. `code`: as both have it on their screens. By admins. */
    giveKey: base.input(z.object({ deviceId: id, code: z.string().max(100) })).output(z.void()),
    /** On this desktop nothing more is said: of a void sheet for a day or until the key changes, of desktops that came by the printed code for good, up to the `seq` that was shown. */
    putOffKeyNotice: base
      .input(z.discriminatedUnion('notice', [z.object({ notice: z.literal('sheet') }), z.object({ notice: z.literal('recovered'), seq: z.number().int().nonnegative() })]))
      .output(z.void()),
    /** The newest key, for paper. By admins. */
    recoveryCode: base.output(z.object({ code: z.string(), epoch: z.number().int(), relayUrl: z.string() })),
    /** The team has the code of this key on paper, and every admin is told. By admins. CHANGED_MEANWHILE: the newest key is another one. */
    noteSheet: base.input(z.object({ epoch: z.number().int().positive() })).output(z.void()),
    /** `wipe`: it also deletes everything it holds, when it next connects. */
    revokeDevice: base.input(z.object({ deviceId: id, wipe: z.boolean() })).output(z.void()),
  },
  enrollment: {
    /** What a pasted link or code means, without using it. `relayUrl` null: a bare code, the address has to be given. */
    read: base.input(z.object({ link: z.string().max(2_000) })).output(z.object({ relayUrl: z.string().nullable(), code: z.string() }).nullable()),
    join: base.input(z.object({ relayUrl: z.url().max(500), code: z.string().trim().min(8).max(200), agentName: name, deviceName: name.optional() })).output(sessionSchema),
    /** A copied database becomes a desktop of its own; what was pending is pushed by it. */
    renew: base.output(z.void()),
    /** Takes the team's key from what was printed, on a desktop that waits for it. */
    recover: base.input(z.object({ code: z.string().max(200) })).output(z.void()),
    /** Takes the key that the relay names, where this desktop has another one of its number: an admin has confirmed it by `code`, which this desktop shows. */
    acceptKey: base.input(z.object({ code: z.string().max(200) })).output(z.void()),
    /** Asks at once whether somebody has given this desktop the key. */
    askAgain: base.output(z.object({ isHere: z.boolean() })),
    /** Leaves a workspace of which this desktop never had the key, so that it can join another one. NOT_ALLOWED_NOW: it has the key, does not wait for it, or holds something of the workspace. */
    leave: base.output(z.void()),
    /** Drops the shared rows and folds them anew, from a snapshot or the log. Pending ops, drafts and settings stay. */
    rebuild: base.output(z.void()),
    /** The number this workspace sends from, by an admin; handed sealed to all of its desktops. */
    setNumber: base
      .input(
        z.object({
          phoneNumberId: z
            .string()
            .trim()
            .regex(/^\d{5,32}$/),
          wabaId: z
            .string()
            .trim()
            .regex(/^\d{5,32}$/)
            .nullable(),
          graphToken: z.string().trim().min(10).max(2_000),
        }),
      )
      .output(z.void()),
  },
  messages: {
    /**
     * The person's whole history on all their conversations, in reading order (oldest first): the newest page, or the one `before` or
     * `after` a cursor, or the one with a message (or a note) in its middle.
     */
    page: base
      .input(z.object({ conversationId, before: cursor.optional(), after: cursor.optional(), around: messageId.optional(), limit: z.number().int().min(1).max(MESSAGES_PAGE_MAX).default(50) }))
      .output(messagePage),
    /** The first message of the person's thread at or after a moment (the start of a day, ms), else the last one; or the customer's first one that I have not read. Null: none. */
    locate: base.input(z.object({ conversationId, what: z.union([z.object({ from: time }), z.literal('unread')]) })).output(z.object({ messageId: id.nullable() })),
    /** What a message was before its edits, or before it was revoked, oldest first: for leads and admins (else FORBIDDEN). */
    versions: base.input(z.object({ messageId })).output(z.array(z.object({ at: time, content: messageContentSchema }))),
    /** Records the message for sending; returns at once, online or not. */
    sendText: base
      .route({ method: 'POST', path: '/whatsapp/conversations/{conversationId}/messages', operationId: 'replyWithText', summary: 'Reply with text', tags: ['Messages'], successStatus: 201 })
      .input(sendTextInput)
      .output(messageSchema),
    /** The same for every kind of message. */
    send: base
      .input(
        z.object({
          conversationId,
          messageId: z.uuid().optional(),
          content: composedContent,
          seenThrough: seq.optional(),
          isGuarded: z.boolean().default(false),
          quotedMessageId: messageId.optional(),
        }),
      )
      .output(messageSchema),
    /**
     * Sends what messages say to other conversations, each as a message of its own by the same rules as any reply. `messages`: in the order in which they go, with an id
     * chosen by the caller for each: the same one once more is the same message. What cannot go is named, the rest goes.
     */
    forward: base
      .input(
        z.object({
          targets: z
            .array(
              z.object({
                conversationId,
                messages: z
                  .array(z.object({ sourceId: messageId, messageId: z.uuid() }))
                  .min(1)
                  .max(PICKED_MAX),
              }),
            )
            .min(1)
            .max(FORWARD_TARGETS_MAX),
        }),
      )
      .output(z.object({ results: z.array(forwardResultSchema) })),
    /** Puts our reaction on a message, changes it, or takes it away (empty). Gives the message it is on. */
    react: base.input(z.object({ messageId, emoji: z.string().max(EMOJI_MAX) })).output(messageSchema),
    /** A held or needs-confirmation message: send it all the same, having seen `seenThrough`. */
    confirm: base.input(z.object({ messageId, seenThrough: z.number().int().nonnegative() })).output(messageSchema),
    /** A message that has not left (waiting, queued, held, needs-confirmation) or failed: give it up. */
    discard: base.input(z.object({ messageId })).output(messageSchema),
    /** A failed message: gives it up and records the same content anew. */
    retry: base.input(z.object({ messageId })).output(messageSchema),
    /** An uncertain message: the agent knows better. `not_sent` marks it failed, `resend` sends it (possibly a second time). */
    settle: base.input(z.object({ messageId, as: z.enum(['not_sent', 'resend']) })).output(messageSchema),
  },
  media: {
    /** Takes a file from the window in pieces of STAGE_CHUNK_BYTES, in order; `data`: base64. What is not finished within a day is dropped. */
    begin: base.input(z.object({ filename: z.string().max(1_000), bytes: z.number().int().positive().max(MEDIA_BYTES_MAX) })).output(z.object({ uploadId: id })),
    chunk: base.input(z.object({ uploadId: id, offset: z.number().int().nonnegative(), data: z.base64().max(STAGE_CHUNK_BYTES * 2) })).output(z.object({ received: z.number().int() })),
    /** Width, height (px) and length as the window could tell; `isVoice`: recorded here. */
    finish: base
      .input(z.object({ uploadId: id, width: z.number().int().positive().nullable(), height: z.number().int().positive().nullable(), durationMs: z.number().int().nonnegative().nullable() }))
      .output(stagedFileSchema),
    cancel: base.input(z.object({ uploadId: id })).output(z.void()),
    /** A small picture of a file that is here, made by the window (WebP or JPEG, base64, at most THUMBNAIL_BYTES_MAX). The first one stays. */
    setThumbnail: base.input(z.object({ sha256, data: z.base64().max(THUMBNAIL_BYTES_MAX * 2) })).output(z.void()),
    /** Fetches the file of a message now. */
    fetch: base.input(z.object({ messageId })).output(messageSchema),
    /** Messages with files or links of the person, newest first. */
    gallery: base
      .input(z.object({ conversationId, kind: z.enum(['pictures', 'documents', 'audio']), cursor: cursor.optional(), limit: z.number().int().min(1).max(100).default(60) }))
      .output(z.object({ items: z.array(messageSchema), nextCursor: z.string().nullable() })),
  },
  search: {
    /**
     * Full text over messages, captions, file names, notes, and names and numbers of people; accents and case do not count, the last word
     * may be unfinished. Operators: from: to: in: label: has:file before: after: is:unread (`contract/rules/search-query.ts`).
     * `rank`: the newest thousand matches by relevance and age, then the next thousand. `people`: with the first page, where only words are given.
     * `conversationId`: only that person's thread. `unknown`: operators that mean nothing, to be told.
     */
    query: base
      .input(
        z.object({
          text: z.string().max(500),
          conversationId: conversationId.optional(),
          sort: z.enum(['rank', 'date']).default('rank'),
          limit: z.number().int().min(1).max(100).default(30),
          cursor: cursor.optional(),
        }),
      )
      .output(
        z.object({
          people: z.array(conversationSummarySchema.extend({ snippet: snippetSchema })),
          hits: z.array(searchHitSchema),
          nextCursor: z.string().nullable(),
          /** How many there are in the person's thread; null: not counted (no `conversationId`, or operators that are judged one by one). */
          total: z.number().int().nullable(),
          unknown: z.array(z.string()),
          /** Part of the history is still being prepared for searching. */
          isIndexing: z.boolean(),
        }),
      ),
  },
  diagnostics: {
    /** Looks at everything between Meta and this desktop: each of CONNECTION_CHECKS once, as it is found; ends within 10 s. */
    connection: base.output(eventIterator(connectionCheckSchema)),
    /** The whole story of an outbound message: what Meta said of it, and what the outbox does. `nextAttemptAt`: relay time, ms. */
    message: base.input(z.object({ messageId })).output(
      z.object({
        message: messageSchema,
        wamid: z.string().nullable(),
        deviceName: z.string().nullable(),
        attempts: z.number().int(),
        nextAttemptAt: time.nullable(),
        events: z.array(rawEventSchema),
      }),
    ),
    /** What Meta sent, newest first; `search` looks into the raw text. */
    events: base
      .input(z.object({ search: z.string().max(200).default(''), outcome: rawEventSchema.shape.outcome.optional(), before: seq.optional(), limit: z.number().int().min(1).max(100).default(50) }))
      .output(z.object({ items: z.array(rawEventSchema), nextBefore: seq.nullable() })),
    /** One of them with its JSON, by its place in the log or by the message it became. */
    event: base.input(z.union([z.object({ seq }), z.object({ messageId })])).output(rawEventSchema.extend({ body: z.string() })),
    /** Runs one through the reducer once more, on the rows as they are, and takes it back: what it would change, by table and key. */
    replay: base
      .input(z.object({ seq }))
      .output(z.object({ outcome: rawEventSchema.shape.outcome, changes: z.array(z.object({ table: z.string(), key: z.string(), before: z.string().nullable(), after: z.string().nullable() })) })),
    /** How number, account and templates stand: the newest of each kind, worst first. */
    account: base.output(z.array(accountEventSchema)),
  },
  events: {
    watch: base.output(eventIterator(changeSchema)),
    /** Notifications, for a window that shows them itself (`session.showsNotices`). */
    notices: base.output(eventIterator(noticeEventSchema)),
  },
};
export type Contract = typeof contract;

/** Procedures that the local REST API offers. */
export const restContract = { conversations: { list: contract.conversations.list, get: contract.conversations.get }, messages: { sendText: contract.messages.sendText }, rest: contract.rest };
