/** What screens and REST clients are given. Times are milliseconds since the epoch. */
import { BINDING, BINDINGS_MAX, COMMAND_ID_MAX, KEYMAP_MAX } from './keys/binding.ts';
import { z } from 'zod';
import { CAPTION_MAX } from './limits.ts';
import { DELIVERY_STATUSES } from './rules/delivery-status.ts';
import { REQUEST_FILTERS, REQUEST_ROLES, REQUEST_STATUSES } from './requests/request-rules.ts';
import { CONTACT_ROLES, FOLDERS, LIST_SORTS, VIEW_NAME_MAX } from './rules/inbox-filter.ts';
import { LABEL_COLORS } from './rules/label-colors.ts';
import { SETUP_STEPS } from './rules/setup-steps.ts';
import { workspaceSettingsSchema } from './rules/workspace-settings.ts';
import { MEDIA_KINDS, messageContentSchema, messageContextSchema, messageErrorSchema, pricingSchema } from './whatsapp/message-content.ts';
import { presenceActivitySchema, roleSchema } from './wire.ts';

const id = z.string();
const time = z.number().int();

export const agentSchema = z.object({ id, name: z.string(), isMe: z.boolean() });
export type Agent = z.infer<typeof agentSchema>;

export const labelSchema = z.object({ id, name: z.string(), color: z.enum(LABEL_COLORS) });
export type Label = z.infer<typeof labelSchema>;
export const teamSchema = z.object({ id, name: z.string(), memberIds: z.array(id) });
export type Team = z.infer<typeof teamSchema>;

/** A member of the workspace, with what leads want to know before they give them more. */
export const memberSchema = agentSchema.extend({
  role: roleSchema,
  teamIds: z.array(id),
  /** Active, not snoozed conversations that are theirs. */
  open: z.number().int(),
});
export type Member = z.infer<typeof memberSchema>;

export const cannedReplySchema = z.object({ id, shortcut: z.string(), body: z.string(), isPersonal: z.boolean() });
export type CannedReply = z.infer<typeof cannedReplySchema>;

/** What the whole team shares besides conversations. `me` is null before the first sync. */
export const directorySchema = z.object({
  members: z.array(memberSchema),
  /** People who left: their names are still on what they did. */
  formerMembers: z.array(agentSchema),
  teams: z.array(teamSchema),
  labels: z.array(labelSchema),
  /** The team's and my own. */
  canned: z.array(cannedReplySchema),
  settings: workspaceSettingsSchema,
});
export type Directory = z.infer<typeof directorySchema>;

export const noteSchema = z.object({
  id,
  conversationId: id,
  /** Empty when deleted. */
  body: z.string(),
  mentions: z.array(agentSchema),
  author: agentSchema,
  createdAt: time,
  editedAt: time.nullable(),
  deletedBy: agentSchema.nullable(),
  /** The relay has not confirmed it yet. */
  isPending: z.boolean(),
});
export type Note = z.infer<typeof noteSchema>;

export const contactSchema = z.object({
  id,
  /** What the team calls them, else their profile name, phone, @username, a placeholder: never empty. A merged contact goes by the name of the one that stands for it. */
  name: z.string(),
  /** Formatted for reading (`+502 5555 1234`); null when WhatsApp gave none. */
  phone: z.string().nullable(),
  /** Without the leading @. */
  username: z.string().nullable(),
  /** They asked for no advertising: told by WhatsApp, or to us. */
  hasOptedOut: z.boolean(),
  /** Nothing is sent to them. */
  isBlocked: z.boolean(),
});
export type Contact = z.infer<typeof contactSchema>;

/**
 * Where an outbound message stands. `waiting`: recorded here, the relay has not confirmed it. `queued`: confirmed, its
 * desktop will send it. `sending`: on its way to Meta. `uncertain`: Meta's answer was lost; a status will settle it.
 * `held`: a colleague answered first. `needs_confirmation`: it waited long and the customer wrote meanwhile. `discarded`: given up.
 */
export const deliverySchema = z.enum(['waiting', ...DELIVERY_STATUSES, 'sending', 'uncertain', 'held', 'needs_confirmation', 'discarded']);
export type Delivery = z.infer<typeof deliverySchema>;

export const serviceWindowSchema = z.object({ state: z.enum(['open', 'closing', 'closed', 'none']), closesAt: time.nullable() });
export const conversationStatusSchema = z.enum(['active', 'archived', 'closed']);

/**
 * Where the bytes of a message's file are. `here`: on this desktop, under its sha256. `waiting`: will be fetched by itself.
 * `expired`: WhatsApp has deleted it and no desktop of the team has it. `refused`: larger than the limit, or not what Meta announced.
 */
export const fileStateSchema = z.object({
  state: z.enum(['here', 'fetching', 'waiting', 'expired', 'refused']),
  /** Size of the file that is here: Meta does not always say it. */
  bytes: z.number().int().nullable(),
  /** A small picture of it is here (image, video, sticker). */
  hasThumbnail: z.boolean(),
  /** Bytes fetched, or sent to Meta; null: not under way. */
  progress: z.object({ done: z.number().int(), total: z.number().int().nullable() }).nullable(),
});
export type FileState = z.infer<typeof fileStateSchema>;

export const reactionSchema = z.object({
  /** Of the message that holds it. */
  messageId: id,
  emoji: z.string(),
  direction: z.enum(['in', 'out']),
  /** Null: the customer, or a colleague on the phone. */
  author: agentSchema.nullable(),
  at: time,
  /** Null for the customer's. */
  delivery: deliverySchema.nullable(),
  error: messageErrorSchema.nullable(),
});
export type Reaction = z.infer<typeof reactionSchema>;

export const messageSchema = z.object({
  id,
  conversationId: id,
  direction: z.enum(['in', 'out']),
  /** As it is now. Revoked: `{kind: 'revoke'}`; what it was is told by `messages.versions` to whoever may see it. */
  content: messageContentSchema,
  /** Meta's timestamp, or when the author pressed send. */
  sentAt: time,
  receivedAt: time,
  /** It came long after it was written, and stands where it belongs. */
  isLate: z.boolean(),
  /** Null: through the Cloud API; else written on the phone, imported, or received while Meta's agent held the thread. */
  origin: z.enum(['phone_app', 'history', 'standby']).nullable(),
  context: messageContextSchema.nullable(),
  editedAt: time.nullable(),
  revokedAt: time.nullable(),
  /** 1, 2, 3… over the customer's messages of the conversation in the order of the log, which reading follows; null for outbound ones. */
  inboundNo: z.number().int().positive().nullable(),
  /** Null for inbound ones and for messages that another tool sent. */
  author: agentSchema.nullable(),
  /** Null for inbound messages. */
  delivery: deliverySchema.nullable(),
  /** Why it failed, or what Meta remarked. */
  error: messageErrorSchema.nullable(),
  /** When it reached each status, in order. */
  timeline: z.array(z.object({ status: z.enum(DELIVERY_STATUSES), at: time })),
  pricing: pricingSchema.nullable(),
  /** The message it answers. `id` null: it is not known here. */
  quoted: z.object({ id: id.nullable(), direction: z.enum(['in', 'out']).nullable(), author: agentSchema.nullable(), content: messageContentSchema.nullable() }).nullable(),
  /** One of the customer and one of ours at most. */
  reactions: z.array(reactionSchema),
  /** Null: it has no file. */
  file: fileStateSchema.nullable(),
  /** The service requests that it is attached to; `reference` as of `RequestSummary`. */
  requests: z.array(z.object({ id, reference: z.string() })),
  /** The draft by AI that it came from, as it was or changed, and the record of how it was made. `isAutomatic`: it left by itself, nobody pressed send. */
  ai: z.object({ draftId: id, runId: id, isAutomatic: z.boolean() }).nullable(),
});
export type Message = z.infer<typeof messageSchema>;

/** The service request that a conversation is about: of several the one that is not ended, then the one linked last. */
export const linkedRequestSchema = z.object({
  id,
  /** As `RequestSummary.reference`. */
  reference: z.string(),
  status: z.enum(REQUEST_STATUSES),
  role: z.enum(REQUEST_ROLES),
  /** Further requests linked to it that are not ended. */
  others: z.number().int().nonnegative(),
});
export type LinkedRequest = z.infer<typeof linkedRequestSchema>;

export const conversationSummarySchema = z.object({
  id,
  contact: contactSchema,
  phoneNumberId: z.string(),
  status: conversationStatusSchema,
  /** Inbound messages that I have not read. */
  unread: z.number().int().nonnegative(),
  /** The person's on this number: what they wrote in another conversation counts in this one. */
  window: serviceWindowSchema,
  assignee: agentSchema.nullable(),
  team: z.object({ id, name: z.string() }).nullable(),
  labels: z.array(labelSchema),
  /** Relay time until which it is snoozed; null if it is not, or no longer. */
  snoozedUntil: time.nullable(),
  /** When the oldest message came that nobody has answered yet; null: it is not our turn. */
  waitingSince: time.nullable(),
  /** Of who waits: from when on their time runs out, and when they should have heard from us (`rules/response-target.ts` judges it). Null: nobody waits, or there is no target. */
  sla: z.object({ soonAt: time, dueAt: time }).nullable(),
  /** Start of what I have typed here and not sent. */
  draft: z.string().nullable(),
  /** Files that wait there with it. */
  draftFiles: z.number().int().nonnegative(),
  /** Its place in the list by its last message; what the relay has not confirmed stands above everything. */
  sortAt: time,
  role: z.enum(CONTACT_ROLES),
  /** Something of mine is not confirmed by the relay yet. */
  isPending: z.boolean(),
  /** A message of mine waits for my decision: it was held, or needs to be confirmed. */
  hasHeld: z.boolean(),
  /** It is active, and what we wrote last was not delivered. */
  hasFailed: z.boolean(),
  /** The automatic mode left the conversation to people; else a draft by AI leaves by itself unless somebody stops it, or stands ready. */
  ai: z.enum(['ready', 'counting', 'handoff']).nullable(),
  /** Null: linked to none. */
  request: linkedRequestSchema.nullable(),
  /** `isAutomatic`: it left by itself; `author` is then who the desktop belongs to. */
  lastMessage: z
    .object({ id, direction: z.enum(['in', 'out']), content: messageContentSchema, delivery: deliverySchema.nullable(), author: agentSchema.nullable(), isAutomatic: z.boolean(), at: time })
    .nullable(),
});
export type ConversationSummary = z.infer<typeof conversationSummarySchema>;

const shortId = z.string().min(1).max(100);
/** Whose a conversation is, as a filter. */
export const assigneeFilterSchema = z.union([z.enum(['anybody', 'me', 'my_teams', 'nobody']), z.object({ agentId: shortId }), z.object({ teamId: shortId })]);
/** A filter and an order of the list that I keep under a name, on this desktop. A search is for one moment and is never part of it. */
export const inboxViewSchema = z.object({
  id: shortId,
  name: z.string().trim().min(1).max(VIEW_NAME_MAX),
  filter: z.object({
    status: conversationStatusSchema,
    whose: assigneeFilterSchema,
    unread: z.boolean(),
    waiting: z.boolean(),
    role: z.enum(CONTACT_ROLES).nullable(),
    labelId: shortId.nullable(),
    request: z.enum(REQUEST_FILTERS).nullable(),
    requestId: shortId.nullable(),
    folder: z.enum(FOLDERS).nullable(),
    search: z.literal(''),
    sort: z.enum(LIST_SORTS),
  }),
});
export type InboxView = z.infer<typeof inboxViewSchema>;

export const activitySchema = z.object({
  opId: id,
  type: z.string(),
  outcome: z.enum(['applied', 'merged', 'partial', 'superseded', 'held', 'duplicate', 'target_missing', 'forbidden']),
  actor: agentSchema,
  occurredAt: time,
  isPending: z.boolean(),
  detail: z.record(z.string(), z.unknown()),
});
export type Activity = z.infer<typeof activitySchema>;

/**
 * What was done to the person's conversations within a stretch of their thread, oldest first: assigned, snoozed, handed over, linked … `from`, `to`: the stretch
 * by when it was done (ms, both included), so that whoever holds more than one knows what each replaces.
 */
export const threadEventsSchema = z.object({ from: time, to: time, items: z.array(activitySchema.extend({ conversationId: id })) });
export type ThreadEvents = z.infer<typeof threadEventsSchema>;
export type ThreadEvent = ThreadEvents['items'][number];

/** One message to one conversation. `code`: why it was not recorded; null: it was. `field`: of CONTENT_REFUSED, what of it. */
export const forwardResultSchema = z.object({ conversationId: id, sourceId: id, messageId: id, code: z.string().nullable(), field: z.string().nullable() });
export type ForwardResult = z.infer<typeof forwardResultSchema>;

export const conversationSchema = conversationSummarySchema.extend({
  /** Everything WhatsApp gave to identify the person. */
  identifiers: z.array(z.object({ kind: z.enum(['wa_id', 'user_id', 'parent_user_id', 'phone', 'username', 'anonymous']), value: z.string() })),
  /** When the customer first wrote in this conversation, and their last message. */
  startedAt: time.nullable(),
  lastInboundAt: time.nullable(),
  inboundCount: z.number().int(),
  /** The person's other conversations on this number, newest first. */
  otherConversations: z.array(z.object({ id, status: conversationStatusSchema, lastMessageAt: time })),
  /** Newest first: everything but plain message traffic and reading, with the outcomes. */
  activity: z.array(activitySchema),
  /** Log position up to which I have read it; 0 if never. */
  readThrough: z.number().int(),
  /** The last log position this conversation was read at: send it back with whatever is decided from it. */
  seenThrough: z.number().int(),
});
export type Conversation = z.infer<typeof conversationSchema>;

/**
 * An op of mine that did not come about as I meant it (outcome superseded, held, forbidden, target_missing, partial),
 * until I re-apply or dismiss it: "while you were offline".
 */
export const conflictSchema = activitySchema.extend({
  conversation: z.object({ id, name: z.string() }).nullable(),
  /** Who or what it is about, where that is no conversation: what a contact is called now. */
  about: z.string().nullable(),
  /** The op that stands instead of mine, if one can be named. */
  winner: z.object({ actor: agentSchema, occurredAt: time, detail: z.record(z.string(), z.unknown()) }).nullable(),
  /** It could be done now, from what stands at present. */
  canReapply: z.boolean(),
});
export type Conflict = z.infer<typeof conflictSchema>;

export const boardRowSchema = z.object({
  /** Null: the conversations that nobody has taken. */
  agent: memberSchema.nullable(),
  open: z.number().int(),
  waiting: z.number().int(),
  oldestWaitingSince: time.nullable(),
  /** The open window that closes first. */
  windowClosesAt: time.nullable(),
});
export type BoardRow = z.infer<typeof boardRowSchema>;

export const presenceEntrySchema = z.object({ agent: agentSchema, conversationId: id.nullable(), activity: presenceActivitySchema });
export type PresenceEntry = z.infer<typeof presenceEntrySchema>;

/** What a message is, where its words do not say it; `text` may then be empty. */
export const NOTICE_SUBJECTS = ['image', 'video', 'voice', 'audio', 'sticker', 'document', 'location', 'contacts', 'flow_reply', 'order'] as const;
const noticeSubject = z.enum(NOTICE_SUBJECTS).optional();

/** Something the agent should hear of although they may look elsewhere. One per conversation and burst. */
export const noticeSchema = z.discriminatedUnion('kind', [
  /** `count` messages of the customer; `text` of the newest one. `isMention`: a note names me. */
  z.object({ kind: z.literal('message'), conversationId: id, name: z.string(), text: z.string(), subject: noticeSubject, count: z.number().int().positive() }),
  /** `by` null: it was given in turn (`routing`). */
  z.object({ kind: z.literal('assigned'), conversationId: id, name: z.string(), by: z.string().nullable() }),
  z.object({ kind: z.literal('mention'), conversationId: id, name: z.string(), by: z.string(), text: z.string() }),
  z.object({ kind: z.literal('failed'), conversationId: id, name: z.string(), text: z.string(), subject: noticeSubject }),
  z.object({ kind: z.literal('window_closing'), conversationId: id, name: z.string(), closesAt: time }),
  /** By the team's response target: of a conversation of mine that should be answered soon; to leads, of one that nobody has and whose time has passed. */
  z.object({ kind: z.literal('target_closing'), conversationId: id, name: z.string(), dueAt: time }),
  z.object({ kind: z.literal('target_missed'), conversationId: id, name: z.string(), dueAt: time }),
  z.object({ kind: z.literal('snooze_ended'), conversationId: id, name: z.string() }),
]);
export type Notice = z.infer<typeof noticeSchema>;
/** `show` replaces the notice of the same conversation; `clear`: it was read, here or on another desktop of mine. */
export const noticeEventSchema = z.discriminatedUnion('t', [
  z.object({ t: z.literal('show'), notice: noticeSchema, isSilent: z.boolean() }),
  z.object({ t: z.literal('clear'), conversationId: id }),
  /** The agent clicked a notice outside the window, or followed a link. `messageId` null: where reading goes on. */
  z.object({ t: z.literal('open'), conversationId: id, messageId: id.nullable() }),
  /** A link leads nowhere here: it is of another team, or of something that this desktop does not have. */
  z.object({ t: z.literal('link_refused'), reason: z.enum(['not_a_link', 'other_workspace', 'unknown']) }),
]);
export type NoticeEvent = z.infer<typeof noticeEventSchema>;

/** A match: the parts of its text in order, those that match marked. */
export const snippetSchema = z.array(z.object({ text: z.string(), isMatch: z.boolean() }));
export type Snippet = z.infer<typeof snippetSchema>;
export const searchHitSchema = z.object({
  kind: z.enum(['message', 'note']),
  id,
  conversationId: id,
  contact: contactSchema,
  direction: z.enum(['in', 'out']).nullable(),
  author: agentSchema.nullable(),
  at: time,
  /** Null for a note. */
  content: messageContentSchema.nullable(),
  snippet: snippetSchema,
});
export type SearchHit = z.infer<typeof searchHitSchema>;

/** A file that the window handed over, as it can be sent. `kind` null: WhatsApp takes it in no form, for the `problem` named. */
export const stagedFileSchema = z.object({
  sha256: z.string(),
  bytes: z.number().int().positive(),
  /** By its bytes, never by its name. */
  mimeType: z.string(),
  /** Safe to show and to send. */
  filename: z.string(),
  kind: z.enum(MEDIA_KINDS).nullable(),
  /** Other kinds it may be sent as: a photo as a document. */
  alternatives: z.array(z.enum(MEDIA_KINDS)),
  problem: z.enum(['empty', 'type_refused', 'too_big']).nullable(),
  limitBytes: z.number().int().nullable(),
});
export type StagedFile = z.infer<typeof stagedFileSchema>;

/** One file of a conversation's draft, in the order in which they will be sent. */
export const draftFileSchema = z.object({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  kind: z.enum(MEDIA_KINDS),
  filename: z.string().max(255),
  mimeType: z.string().max(100),
  bytes: z.number().int().positive(),
  caption: z.string().max(CAPTION_MAX),
  isVoice: z.boolean(),
});
export type DraftFile = z.infer<typeof draftFileSchema>;

/**
 * One thing that the connection doctor looked at. `code` names what it found (each `id` has its own words, in `renderer/i18n`);
 * `facts`: what to show beside it (times in ms, names, counts). `unknown`: it could not be looked at, `code` says why.
 */
export const CONNECTION_CHECKS = [
  'relay_reachable',
  'relay_https',
  'webhook_verified',
  'webhook_signature',
  'webhook_callback',
  'webhook_fields',
  'last_event',
  'backlog',
  'app_subscribed',
  'meta_reachable',
  'token_valid',
  'token_expiry',
  'token_permissions',
  'number_health',
  'number_quality',
  'number_limits',
  'account_events',
  'clock_skew',
  'keys_kept',
  'outbox',
] as const;
export const connectionCheckSchema = z.object({
  id: z.enum(CONNECTION_CHECKS),
  state: z.enum(['ok', 'warning', 'failed', 'unknown']),
  code: z.string(),
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
});
export type ConnectionCheck = z.infer<typeof connectionCheckSchema>;

/** A raw entry of the log that came from Meta, and what became of it on this desktop. */
export const rawEventSchema = z.object({
  seq: z.number().int(),
  receivedAt: time,
  /** Meta's webhook field, `unrecognised` for what is none. */
  field: z.string(),
  /** Message type, status or event. */
  type: z.string(),
  outcome: z.enum(['applied', 'merged', 'duplicate', 'parked', 'kept', 'test', 'unrecognised']),
  messageId: id.nullable(),
  conversationId: id.nullable(),
  /** Who wrote, or what it is about, as far as it says. */
  about: z.string().nullable(),
});
export type RawEvent = z.infer<typeof rawEventSchema>;

export const accountEventSchema = z.object({
  id,
  at: time,
  field: z.string(),
  event: z.string(),
  subject: z.string(),
  severity: z.enum(['info', 'warning', 'error']),
  detail: z.record(z.string(), z.unknown()),
});
export type AccountEvent = z.infer<typeof accountEventSchema>;

export const syncStateSchema = z.object({
  state: z.enum(['not_enrolled', 'offline', 'connecting', 'catching_up', 'live', 'installing', 'waiting_for_key', 'revoked', 'forked', 'wrong_log', 'update_needed', 'stopped']),
  /** Relay time of the last frame. */
  lastContactAt: time.nullable(),
  /** Ops that the relay has not confirmed. */
  pending: z.number().int(),
  cursor: z.number().int(),
  head: z.number().int(),
  /** Conflicts that I have neither re-applied nor dismissed. */
  conflicts: z.number().int(),
  /** While `waiting_for_key`: what an admin compares before this desktop is given the key; null: not known yet. */
  keyCode: z.string().nullable(),
  /** The relay has another key than this desktop, which waits for a person to say that it is the team's. */
  hasOtherKeys: z.boolean(),
  /** The relay was put back and lacks the newest key that is here: nothing leaves until an admin's desktop that has it brings it again. */
  isKeyLost: z.boolean(),
  /** The relay is of an older version than this desktop and has to be updated. `limited`: what it does not know waits; `unusable`: nothing gets through it. Null: it is not, as far as is known. */
  oldRelay: z.enum(['limited', 'unusable']).nullable(),
  /**
   * For admins: the recovery code as it was last shown to anybody for paper, of key `epoch`; null: never. `isVoid`: it opens the newest key no more.
   * `isPutOff`: nobody here wants to hear of that now.
   */
  sheet: z.object({ epoch: z.number().int(), at: time, byName: z.string().nullable(), isVoid: z.boolean(), isPutOff: z.boolean() }).nullable(),
  /** For admins: desktops that got the key from the printed code, the newest first, and where in the log it said so; null: none, or all were taken note of here. */
  recovered: z.object({ seq: z.number().int(), desktops: z.array(z.object({ deviceId: id, deviceName: z.string(), agentName: z.string().nullable(), at: time })) }).nullable(),
  /** For admins: desktops that were shut out, and are not any more because the relay was restored from a backup of before. */
  returned: z.number().int(),
  /** For admins: why there is no key, or not yet the next one. `old_desktops`: not all of them understand it; `failing`: it was tried in vain, and `failing_first` where there is none yet. */
  keyTrouble: z.enum(['old_desktops', 'failing', 'failing_first']).nullable(),
  /** For admins: desktops of the team that wait for its key. */
  keyRequests: z.number().int(),
  /** Features that not every desktop of the team understands yet stay hidden: the lowest op level among them. */
  writeLevel: z.number().int(),
  logId: z.string().nullable(),
  /** When the next attempt to connect is made, while offline; null: none is planned (`session.pretendOffline`). */
  retryAt: time.nullable(),
  /** Meta: whether the last call could be made. `blocked`: token or account problem, the outbox waits. */
  whatsapp: z.enum(['unknown', 'ok', 'unreachable', 'blocked', 'not_configured']),
  whatsappError: messageErrorSchema.nullable(),
});
export type SyncState = z.infer<typeof syncStateSchema>;

export const sessionSchema = z.object({
  me: z.object({ id, name: z.string(), role: roleSchema }).nullable(),
  /** Null with `me` set: waiting until an admin's desktop hands it over. */
  number: z.object({ phoneNumberId: z.string(), wabaId: z.string().nullable(), displayPhoneNumber: z.string().nullable(), verifiedName: z.string().nullable() }).nullable(),
  isDemo: z.boolean(),
  /** What starts this program again from a terminal; null where it is no program of a terminal. */
  startCommand: z.string().nullable(),
  /** The window has to show notices: nobody around it does. */
  showsNotices: z.boolean(),
  version: z.string(),
  /** Name of this computer, as the list of devices will show it. */
  deviceName: z.string(),
  /** Relay time minus this machine's, ms: count windows with it. */
  clockOffset: z.number().int(),
});
export type Session = z.infer<typeof sessionSchema>;

export const preferencesSchema = z.object({
  /** `system`: the computer's; else a BCP 47 tag. */
  language: z
    .string()
    .regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{2,8})*$/)
    .max(35),
  theme: z.enum(['system', 'light', 'dark']),
  /** `system`: what the computer asks for. */
  contrast: z.enum(['system', 'more']),
  density: z.enum(['comfortable', 'compact']),
  sendKey: z.enum(['enter', 'mod_enter']),
  /** When the customer sees blue ticks: when an agent answers, when one opens the conversation, or never. */
  readReceipts: z.enum(['on_reply', 'on_open', 'never']),
  /** The customer sees that somebody writes; WhatsApp then also marks their messages as read. */
  showsTyping: z.boolean(),
  /** The window marks words that are misspelt, as far as what shows it can. */
  checksSpelling: z.boolean(),
  /** Files of messages come by themselves (those of the last 30 days), or when somebody looks at them. */
  fetchesMedia: z.enum(['all', 'on_sight']),
  isSidePanelOpen: z.boolean(),
  /** What was done to a conversation (assigned, snoozed …) stands between its messages. */
  showsEvents: z.boolean(),
  notifications: z.object({ isOn: z.boolean(), hasSound: z.boolean(), /** Relay time (ms): do not disturb until then; null: disturb. */ quietUntil: time.nullable() }),
  /** Keys that the agent gave to commands, by command; what is not here has its usual ones, an empty list none. */
  keymap: z.record(z.string().min(1).max(COMMAND_ID_MAX), z.array(z.string().regex(BINDING)).max(BINDINGS_MAX)).refine((keymap) => Object.keys(keymap).length <= KEYMAP_MAX),
  /** What of the first steps cannot be read from the workspace. `isDismissed`: the rail no longer offers them. */
  setup: z.object({ isDismissed: z.boolean(), hasTriedKeys: z.boolean(), skipped: z.array(z.enum(SETUP_STEPS)) }),
});
export type Preferences = z.infer<typeof preferencesSchema>;

/** What may have changed since the last one; a screen refetches what it shows of it. */
export const changeSchema = z.object({
  /** Conversations with changed rows; `all` after a bulk change. */
  conversations: z.union([z.literal('all'), z.array(id)]),
  sync: z.boolean(),
  session: z.boolean(),
  /** Members and their desktops, teams, labels, canned replies, settings. */
  directory: z.boolean(),
  presence: z.boolean(),
  conflicts: z.boolean(),
  /** Of the number, the account or its templates. */
  account: z.boolean(),
  /** What is known of the account's templates. */
  templates: z.boolean(),
  /** Service requests, their links and events. */
  requests: z.boolean(),
  /** What the team keeps of people. */
  contacts: z.boolean(),
  /** Drafts, runs, reviews, costs, and what is being made here. */
  ai: z.boolean(),
  /** Articles, questions, gaps, and how far the index is. */
  knowledge: z.boolean(),
});
export type Change = z.infer<typeof changeSchema>;
