/**
 * Ops: the intents of a device. Each names its type and version; `contract/ops/*` hold schema and reducer of each area,
 * `contract/reduce.ts` joins them. Invariant: a released branch is never changed; a new meaning is a new `v`.
 */
import { z } from 'zod';
import {
  CANNED_BODY_MAX,
  CAPTION_MAX,
  EMOJI_MAX,
  FILENAME_MAX,
  NAME_MAX,
  NOTE_BODY_MAX,
  PICKED_MAX,
  OUTBOUND_CONTENT_MAX,
  SEALED_MAX,
  SHORTCUT_MAX,
  TEMPLATE_TEXT_MAX,
  TEXT_BODY_MAX,
  CONTACT_FIELD_MAX,
  REQUEST_FIELD_MAX,
  REQUEST_TEXT_MAX,
  IMPORT_ROWS_MAX,
  AI_MAX,
  KB_MAX,
  RETENTION_CONVERSATIONS_MAX,
} from '../limits.ts';
import { AI_MODES, CHOSEN_DISCARD_REASONS, HANDOFF_REASONS, KB_KINDS, KB_LANGUAGES, KB_STATES, REVIEW_REASONS, REVIEW_VERDICTS } from '../ai/ai-words.ts';
import { draftBodySchema, factSchema, runSchema, sentenceSchema, templateSuggestionSchema } from '../ai/ai-entities.ts';
import { LABEL_COLORS } from '../rules/label-colors.ts';
import { REQUEST_ROLES, REQUEST_STATUSES } from '../requests/request-rules.ts';
import { workspaceSettingSchema } from '../rules/workspace-settings.ts';
import { publicKeySchema } from '../wire.ts';
import { contactCardSchema, interactiveSchema, mediaSchema, messageErrorSchema, templateParameterSchema } from '../whatsapp/message-content.ts';

const id = z.string().min(1).max(128);
/** Id of a row that an op makes: never one of those that entries give their rows. */
const newId = id.regex(/^(?![mcpe]_\d+$)/);
/** wamids are opaque and short; longer ones are nothing we could answer to. */
export const WAMID_MAX = 1_000;
const wamid = z.string().min(1).max(WAMID_MAX);
const seq = z.number().int().nonnegative();
const agentId = id.nullable();
const name = z.string().trim().min(1).max(NAME_MAX);
const noteBody = z.string().min(1).max(NOTE_BODY_MAX);
const mentions = z.array(id).max(50);
const color = z.enum(LABEL_COLORS);
/** The part after the slash that agents type. */
const shortcut = z
  .string()
  .regex(/^[\p{L}\p{N}_-]+$/u)
  .max(SHORTCUT_MAX);
const cannedBody = z.string().min(1).max(CANNED_BODY_MAX);
/** Relay time (ms), or null: not snoozed. */
const until = z.number().int().positive().nullable();
/** A field of an op that carries several: what its author saw and wants. */
const change = <T extends z.ZodType>(value: T) => z.object({ from: value, to: value }).optional();

const caption = z.string().max(CAPTION_MAX).nullable();
/** A file that its author's desktop holds: the bytes are known, Meta's id is not yet. */
const ownMedia = mediaSchema.extend({ id: z.null(), sha256: mediaSchema.shape.sha256.unwrap(), mimeType: z.string().max(100), bytes: z.number().int().positive() });
const isWithinOp = (content: unknown): boolean => JSON.stringify(content).length <= OUTBOUND_CONTENT_MAX;
/**
 * What a desktop may send. The limits of each kind are Meta's and are checked before an op is written (`contract/whatsapp/send-message.ts`);
 * here only what the log itself needs.
 */
export const outboundContentSchema = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('text'), text: z.string().min(1).max(TEXT_BODY_MAX), hasPreview: z.boolean().optional() }),
    z.object({ kind: z.literal('image'), media: ownMedia, caption }),
    z.object({ kind: z.literal('video'), media: ownMedia, caption }),
    z.object({ kind: z.literal('audio'), media: ownMedia, isVoice: z.boolean() }),
    z.object({ kind: z.literal('document'), media: ownMedia, filename: z.string().min(1).max(FILENAME_MAX).nullable(), caption }),
    z.object({ kind: z.literal('sticker'), media: ownMedia, isAnimated: z.boolean() }),
    z.object({
      kind: z.literal('location'),
      latitude: z.number().min(-90).max(90),
      longitude: z.number().min(-180).max(180),
      name: z.string().max(1_000).nullable(),
      address: z.string().max(1_000).nullable(),
      url: z.null(),
    }),
    z.object({ kind: z.literal('contacts'), contacts: z.array(contactCardSchema).min(1).max(257) }),
    z.object({ kind: z.literal('interactive'), interactive: interactiveSchema }),
    z.object({
      kind: z.literal('template'),
      name: z.string().min(1).max(512),
      language: z.string().min(2).max(20),
      category: z.string().max(40),
      header: z
        .discriminatedUnion('format', [
          z.object({ format: z.literal('TEXT'), text: z.string().max(1_000) }),
          z.object({ format: z.enum(['IMAGE', 'VIDEO', 'DOCUMENT']), filename: z.string().min(1).max(FILENAME_MAX).nullable() }),
          z.object({
            format: z.literal('LOCATION'),
            latitude: z.number().min(-90).max(90),
            longitude: z.number().min(-180).max(180),
            name: z.string().max(1_000).nullable(),
            address: z.string().max(1_000).nullable(),
          }),
        ])
        .nullable(),
      media: ownMedia.optional(),
      body: z.string().max(TEMPLATE_TEXT_MAX),
      footer: z.string().max(1_000).nullable(),
      buttons: z.array(z.object({ type: z.string().max(40), text: z.string().max(200), value: z.string().max(4_000).nullable() })).max(10),
      parameters: z.array(templateParameterSchema).max(100),
      request: z.object({ id, role: z.enum(REQUEST_ROLES), isOverride: z.boolean() }).nullable(),
    }),
    /** On the message that `targetMessageId` of the op names. Empty: takes it away. */
    z.object({ kind: z.literal('reaction'), emoji: z.string().max(EMOJI_MAX) }),
  ])
  .refine(isWithinOp);
export type OutboundContent = z.infer<typeof outboundContentSchema>;

const field = z.string().max(REQUEST_FIELD_MAX);
const longText = z.string().max(REQUEST_TEXT_MAX);
/** Digits with country code, as WhatsApp writes a number. */
const phoneDigits = z.string().regex(/^[1-9]\d{6,14}$/);
/** A day, `YYYY-MM-DD`. */
const day = z.iso.date().nullable();
const requestFields = {
  externalId: z.string().min(1).max(128).nullable(),
  serviceType: field,
  customerId: id.nullable(),
  customerName: field,
  contactPhone: field,
  contactEmail: field,
  address: longText,
  requestedDate: day,
  approvedDate: day,
  vendorId: id.nullable(),
  formUrl: longText,
  description: longText,
  status: z.enum(REQUEST_STATUSES),
};
export const requestFieldsSchema = z.object(requestFields);
export type RequestFields = z.infer<typeof requestFieldsSchema>;
const contactField = z.string().max(CONTACT_FIELD_MAX).nullable();
const flag = z.union([z.literal(0), z.literal(1)]);
const contactFields = {
  name: contactField,
  firstName: contactField,
  email: contactField,
  company: contactField,
  isVendor: flag,
  /** What a vendor does, sorted, joined by line breaks; empty: anything. */
  serviceTypes: longText,
  isBlocked: flag,
  /** What they said about advertising, told to us and not by WhatsApp. */
  marketing: z.enum(['stop', 'resume']).nullable(),
};
const role = z.enum(REQUEST_ROLES);
const aiMode = z.enum(AI_MODES);
const kbTitle = z.string().trim().min(1).max(KB_MAX.title);
/** Path of folders, joined by slashes; empty: none. */
const kbFolder = z.string().max(KB_MAX.folder);
const changesOf = <T extends Record<string, z.ZodType>>(fields: T) =>
  z.object(Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, change(value)])) as { [K in keyof T]: ReturnType<typeof change<T[K]>> });

export const opBodySchema = z.discriminatedUnion('type', [
  /**
   * Puts a message into the outbox. `seenThrough`: the last seq its author had when pressing send. `quotedWamid`: the message it answers.
   * `targetWamid`: the message that a reaction is about, with a reaction only. v2: other content than plain text; v3: templates.
   */
  z.object({
    type: z.literal('message.queue'),
    args: z.object({ messageId: newId, conversationId: id, seenThrough: seq, content: outboundContentSchema, quotedWamid: wamid.optional(), targetWamid: wamid.optional() }),
  }),
  /** The author of a held message saw what came in between and sends it all the same. */
  z.object({ type: z.literal('message.confirm'), args: z.object({ messageId: id, seenThrough: seq }) }),
  /** The author gives up a message that was not sent: held, waiting or failed. */
  z.object({ type: z.literal('message.discard'), args: z.object({ messageId: id }) }),
  /** What the Graph API answered, by the sending device. `waId`, `userId`: whom Meta sent it to, which may be written otherwise than we wrote it. */
  z.object({
    type: z.literal('message.result'),
    args: z.union([z.object({ messageId: id, wamid, waId: id.optional(), userId: id.optional() }), z.object({ messageId: id, error: messageErrorSchema })]),
  }),
  /** What a desktop found when it downloaded the file of an inbound message whose sha256 Meta had not given. The first one in the log counts. */
  z.object({ type: z.literal('message.media'), args: z.object({ messageId: id, sha256: mediaSchema.shape.sha256.unwrap(), bytes: z.number().int().positive() }) }),
  /**
   * Begins a conversation with a number (digits with country code). Where the person is known already (the same number, or another way
   * of writing it) it is theirs, and where they have one that is not closed it is that one: `merged`, with its id in the detail.
   */
  z.object({
    type: z.literal('conversation.start'),
    args: z.object({ conversationId: newId, contactId: newId, phoneNumberId: id, phone: z.string().regex(/^[1-9]\d{6,14}$/), name: name.nullable() }),
  }),
  /** An agent has seen the conversation up to this message. Max-register: never goes back. */
  /** `isUnread` (v2): the other way, back to before this message. */
  z.object({ type: z.literal('read.advance'), args: z.object({ conversationId: id, throughMessageId: id, isUnread: z.literal(true).optional() }) }),
  /** Archive, close, reopen. Archive and close are refused when an inbound message came after `seenThrough`. */
  z.object({
    type: z.literal('conversation.status'),
    args: z.object({ conversationId: id, from: z.enum(['active', 'archived', 'closed']), to: z.enum(['active', 'archived', 'closed']), seenThrough: seq }),
  }),

  /** Assign, take, release, transfer. Agents: to themselves, or what is theirs. `note` tells the next one why; it is written only if the op applies. `isByReply`: came with an answer, nobody chose it. */
  z.object({
    type: z.literal('conversation.assign'),
    args: z.object({ conversationId: id, from: agentId, to: agentId, note: z.object({ noteId: newId, body: noteBody }).optional(), isByReply: z.literal(true).optional() }),
  }),
  /** Hands a conversation to a team, or to none (null). */
  z.object({ type: z.literal('conversation.team'), args: z.object({ conversationId: id, from: id.nullable(), to: id.nullable() }) }),
  /** Out of sight until a time, or back (null). Refused when an inbound message came after `seenThrough`. */
  z.object({ type: z.literal('conversation.snooze'), args: z.object({ conversationId: id, from: until, to: until, seenThrough: seq }) }),
  /** Puts a label on, or takes it off. No guard: the last one in the log counts. */
  z.object({ type: z.literal('conversation.label'), args: z.object({ conversationId: id, labelId: id, isOn: z.boolean() }) }),

  z.object({ type: z.literal('note.add'), args: z.object({ noteId: newId, conversationId: id, body: noteBody, mentions }) }),
  /** By its author, or a lead. */
  z.object({ type: z.literal('note.edit'), args: z.object({ noteId: id, from: noteBody, to: noteBody, mentions }) }),
  z.object({ type: z.literal('note.delete'), args: z.object({ noteId: id }) }),

  /** Labels and teams are made, changed and deleted by leads. */
  z.object({ type: z.literal('label.add'), args: z.object({ labelId: newId, name, color }) }),
  z.object({ type: z.literal('label.change'), args: z.object({ labelId: id, changes: z.object({ name: change(name), color: change(color) }) }) }),
  z.object({ type: z.literal('label.delete'), args: z.object({ labelId: id }) }),
  z.object({ type: z.literal('team.add'), args: z.object({ teamId: newId, name }) }),
  z.object({ type: z.literal('team.rename'), args: z.object({ teamId: id, from: name, to: name }) }),
  z.object({ type: z.literal('team.member'), args: z.object({ teamId: id, agentId: id, isMember: z.boolean() }) }),
  z.object({ type: z.literal('team.delete'), args: z.object({ teamId: id }) }),

  /** Canned replies: one's own (`isPersonal`), or the team's, which leads keep. */
  z.object({ type: z.literal('canned.add'), args: z.object({ cannedId: newId, isPersonal: z.boolean(), shortcut, body: cannedBody }) }),
  z.object({ type: z.literal('canned.change'), args: z.object({ cannedId: id, changes: z.object({ shortcut: change(shortcut), body: change(cannedBody) }) }) }),
  z.object({ type: z.literal('canned.delete'), args: z.object({ cannedId: id }) }),

  /**
   * A new service request; its number comes from the order of the log. `customer`: who it is for, by phone, where the person may not be
   * known yet; they are then made with `contactId`. A second one with the same `externalId` is a `duplicate`, with the id of the first.
   */
  z.object({
    type: z.literal('request.add'),
    args: z.object({ requestId: newId, fields: requestFieldsSchema, customer: z.object({ contactId: newId, phone: phoneDigits }).nullable(), source: z.enum(['manual', 'csv', 'api']) }),
  }),
  /**
   * Rows of one file, as many as an op holds (`OP_BODY_MAX`); `importId` joins the ops of a file. A request has the id that
   * `importedRequestId` gives. What a row leaves out is empty; one whose `externalId` is there already is left out.
   */
  z.object({
    type: z.literal('request.import'),
    args: z.object({
      importId: newId,
      rows: z
        .array(z.object({ fields: z.object(requestFields).partial(), customerPhone: phoneDigits.optional() }))
        .min(1)
        .max(IMPORT_ROWS_MAX),
    }),
  }),
  /** Each field is guarded on its own; a status also has to be allowed from where it stands (`request-rules.ts`). What it means for templates becomes `request_event` rows. */
  z.object({ type: z.literal('request.change'), args: z.object({ requestId: id, changes: changesOf(requestFields) }) }),
  /** The conversation with the customer or the vendor of a request; null: none. */
  z.object({ type: z.literal('request.link'), args: z.object({ requestId: id, role, from: id.nullable(), to: id.nullable() }) }),
  /**
   * Sends the template of a request event: once in the whole team, because only an event that is still open applies. It goes into the
   * person's open conversation on that number, or begins `conversationId`. To anybody but the person of the event it is refused
   * (`wrong_role`) unless `isOverride`, which stays on record. `isAutomatic`: no person chose it.
   */
  z.object({
    type: z.literal('request.notify'),
    args: z.object({
      eventId: id,
      messageId: newId,
      conversationId: newId,
      contactId: id,
      phoneNumberId: id,
      content: outboundContentSchema,
      isOverride: z.boolean(),
      isAutomatic: z.boolean(),
    }),
  }),
  /** Messages that belong to a request, as what shows what was agreed; or not any more. A set: the last one in the log counts for each message. */
  z.object({ type: z.literal('request.attach'), args: z.object({ requestId: id, messageIds: z.array(id).min(1).max(PICKED_MAX), isOn: z.boolean() }) }),
  /** Nothing is sent for this event. */
  z.object({ type: z.literal('request.dismiss'), args: z.object({ eventId: id }) }),

  /** Somebody who has not written yet. Where the number is known it is that contact: `merged`, with its id in the detail. */
  z.object({
    type: z.literal('contact.add'),
    args: z.object({ contactId: newId, phone: phoneDigits.nullable(), fields: z.object(contactFields).partial() }),
  }),
  z.object({ type: z.literal('contact.change'), args: z.object({ contactId: id, changes: changesOf(contactFields) }) }),
  /** A further number of theirs; one that belongs to somebody else stays theirs (`superseded`, with their id). */
  z.object({ type: z.literal('contact.phone'), args: z.object({ contactId: id, phone: phoneDigits }) }),
  /** A free field; null: takes it away. */
  z.object({
    type: z.literal('contact.attribute'),
    args: z.object({ contactId: id, key: z.string().trim().min(1).max(NAME_MAX), from: longText.nullable(), to: longText.nullable() }),
  }),
  /** The same person as another contact (`to`), or not any more (null). By leads. Conversations stay with the identity they were held with. */
  z.object({ type: z.literal('contact.merge'), args: z.object({ contactId: id, from: id.nullable(), to: id.nullable() }) }),

  /** The claim of automatic assignment: the first one in the log counts, others are superseded without a word. */
  z.object({ type: z.literal('conversation.route'), args: z.object({ conversationId: id, to: id }) }),

  /** What the AI does in this conversation; null: as its number or the workspace says. `auto` by leads. */
  z.object({ type: z.literal('conversation.ai'), args: z.object({ conversationId: id, from: aiMode.nullable(), to: aiMode.nullable() }) }),
  /**
   * This desktop makes the answer to a message: the first claim in the log counts until its lease ends (`CLAIM_LEASE_MS` from the relay's
   * time of the entry), the customer writes again or changes what they said, or a person takes the conversation. Again by the same desktop while it
   * runs: the lease begins anew, the fence stays. Only the applied op of the log is a claim, its fence stands in the outcome; refused with `reason`
   * `not_newest`, `claimed` or `drafted`.
   */
  z.object({ type: z.literal('draft.claim'), args: z.object({ conversationId: id, aboutMessageId: id }) }),
  /**
   * A finished draft, with the run that made it, which is recorded whatever becomes of the draft. `isRequested`: a person asked for it.
   * `replaces`: the live draft it stands for. Too late it is `superseded`, and kept as that. `auto`: it leaves by itself under the claim with this fence,
   * unless somebody stops it, where nothing in body, run and conversation speaks against it (`run.policy` must say so); else it waits for people. `at`:
   * wished, relay time, ms; the row's `auto_at` counts, which is never before the settings' countdown. `run.basis.lastMessageSeq`: through which place of
   * the log the conversation was read, never that of a pending message. It must fit an op: `fitProposal`.
   */
  z.object({
    type: z.literal('draft.propose'),
    args: z.object({
      draftId: newId,
      conversationId: id,
      aboutMessageId: id.nullable(),
      replaces: id.nullable(),
      body: draftBodySchema,
      template: templateSuggestionSchema.nullable(),
      isRequested: z.boolean(),
      auto: z.object({ fence: seq, at: z.number().int().positive() }).nullable(),
      run: runSchema,
    }),
  }),
  /** Its author has begun to change it: nothing replaces it any more by itself, and it does not leave by itself. */
  z.object({ type: z.literal('draft.edit'), args: z.object({ draftId: id }) }),
  /** It does not leave by itself. */
  z.object({ type: z.literal('draft.stop_auto'), args: z.object({ draftId: id }) }),
  /**
   * Sends a draft, as it is or changed: decided and written by the same op, so it goes once. By a person where it is not live any more (sent,
   * discarded, superseded), or where they had not seen another answer: the message is held. `fence`: by itself, word for word as it stands with its notice, from `auto_at`
   * on; then anything that came in between refuses it whole (`superseded` with its `reason`).
   */
  z.object({
    type: z.literal('draft.approve'),
    args: z.object({ draftId: id, messageId: newId, content: outboundContentSchema, seenThrough: seq, quotedWamid: wamid.optional(), fence: seq.nullable() }),
  }),
  z.object({ type: z.literal('draft.discard'), args: z.object({ draftId: id, reason: z.enum(CHOSEN_DISCARD_REASONS), note: z.string().max(AI_MAX.discardNote) }) }),
  /** The record of a run that made no draft: it failed, rewrote, was cancelled. */
  z.object({ type: z.literal('ai.run'), args: z.object({ run: runSchema }) }),
  /** What a conversation was about up to a message, for whoever takes it over. The newest one counts. */
  z.object({
    type: z.literal('ai.summary'),
    args: z.object({
      conversationId: id,
      throughMessageId: id,
      text: z.string().min(1).max(AI_MAX.summary),
      sentences: z.array(sentenceSchema).max(100),
      facts: z.array(factSchema).max(60),
      run: runSchema,
    }),
  }),
  /** The automatic mode leaves the conversation to people, as of the customer's newest message: one that nobody answered, or whose automatic answer is still waiting `AUTO_LATE_MAX_MS` after its place in the log, because its desktop went away. Ends with the next answer of a person, or with the conversation. `detail`: the rules that did not hold. */
  z.object({
    type: z.literal('ai.handoff'),
    args: z.object({ conversationId: id, aboutMessageId: id, reason: z.enum(HANDOFF_REASONS), detail: z.string().max(500), runId: id.nullable() }),
  }),
  /** What a person says of a draft that was sent. The newest counts; null takes it back. */
  z.object({
    type: z.literal('ai.review'),
    args: z.object({ draftId: id, verdict: z.enum(REVIEW_VERDICTS).nullable(), reason: z.enum(REVIEW_REASONS).nullable(), note: z.string().max(AI_MAX.reviewNote) }),
  }),
  /** Nothing leaves by itself on any desktop, also not later what counted down by then. Anybody stops; leads let it go on. */
  z.object({ type: z.literal('ai.stop'), args: z.object({ isStopped: z.boolean() }) }),
  /** A desktop takes a part of what the team may spend in a month (`YYYY-MM`), millionths of a US dollar; refused where the cap of the settings has no more. */
  z.object({ type: z.literal('ai.budget'), args: z.object({ month: z.string().regex(/^\d{4}-\d\d$/), amount: z.number().int().positive().max(1_000_000_000) }) }),
  /** Takes every word about a person out of runs, drafts, summaries and gaps; the figures stay. By leads. */
  z.object({ type: z.literal('ai.erase'), args: z.object({ contactId: id }) }),

  /**
   * Takes a person out of the team's rows, with everybody merged into them: what they wrote, what was written to and about them, what requests say of
   * them. What stays has no words (docs/privacy.md). By leads. It cannot be taken back.
   */
  z.object({ type: z.literal('contact.erase'), args: z.object({ contactId: id }) }),
  /**
   * The workspace's retention: these archived and closed conversations, whose newest message is older than `before` (relay time, ms), go with what was
   * said in them. Whatever the setting does not allow at this point of the log stays. No person chooses it.
   */
  z.object({ type: z.literal('retention.apply'), args: z.object({ before: z.number().int().positive(), conversationIds: z.array(id).min(1).max(RETENTION_CONVERSATIONS_MAX) }) }),

  /** A piece of an article's text (Markdown), before the `kb.save` that makes it count. */
  z.object({
    type: z.literal('kb.part'),
    args: z.object({
      articleId: newId,
      revisionId: newId,
      no: z
        .number()
        .int()
        .min(0)
        .max(KB_MAX.parts - 1),
      text: z.string().max(KB_MAX.partText),
    }),
  }),
  /**
   * A revision of an article whose parts are there: a new article (`from` null) or the next revision of the one that its author saw. By leads it is approved
   * at once, by others it waits (`pending`). `source`: the file it came from. `draftId`: what it was learnt from.
   */
  z.object({
    type: z.literal('kb.save'),
    args: z.object({
      articleId: newId,
      revisionId: newId,
      from: id.nullable(),
      kind: z.enum(KB_KINDS),
      parts: z.number().int().min(1).max(KB_MAX.parts),
      title: kbTitle,
      language: z.enum(KB_LANGUAGES),
      folder: kbFolder,
      source: z.object({ filename: z.string().min(1).max(FILENAME_MAX), mimeType: z.string().max(100), sha256: mediaSchema.shape.sha256.unwrap(), bytes: z.number().int().positive() }).nullable(),
      draftId: id.nullable(),
    }),
  }),
  /** `mayAutoAnswer` by leads. `revisionId`: the words that its author saw; other ones are not let through by it. */
  z.object({
    type: z.literal('kb.change'),
    args: z.object({
      articleId: id,
      revisionId: id,
      changes: z.object({ title: change(kbTitle), language: change(z.enum(KB_LANGUAGES)), folder: change(kbFolder), mayAutoAnswer: change(flag), state: change(z.enum(KB_STATES)) }),
    }),
  }),
  /** Another way of asking for an article; by leads approved at once, by others pending. */
  z.object({
    type: z.literal('kb.question'),
    args: z.object({ questionId: newId, articleId: id, text: z.string().trim().min(1).max(KB_MAX.question), language: z.enum(KB_LANGUAGES), draftId: id.nullable() }),
  }),
  /** A question is approved, or taken away. By leads; what is pending also by its author. */
  z.object({ type: z.literal('kb.decide'), args: z.object({ questionId: id, isApproved: z.boolean() }) }),
  /** A question without an answer is dealt with: by an article, or it needs none (null). */
  z.object({ type: z.literal('gap.close'), args: z.object({ runId: id, articleId: id.nullable() }) }),

  /** A workspace setting, by an admin. `from`: the value its author saw. */
  z.object({ type: z.literal('setting.set'), args: z.object({ from: workspaceSettingSchema, to: workspaceSettingSchema }).refine(({ from, to }) => from.key === to.key) }),
  /** An admin's desktop gives another one the number and its Graph token, sealed to that device: nobody else can read it. */
  z.object({ type: z.literal('device.grant'), args: z.object({ deviceId: id, sealed: z.string().min(1).max(SEALED_MAX) }) }),
  /** An admin's window printed the workspace's key of this epoch, or its admin said that it is on paper. */
  z.object({ type: z.literal('key.sheet'), args: z.object({ epoch: z.number().int().positive(), publicKey: publicKeySchema }) }),
  /** The desktop that writes this got the key from paper; `epoch`: the newest it opened. */
  z.object({ type: z.literal('key.recover'), args: z.object({ epoch: z.number().int().positive() }) }),
  /** An admin has had the team's key given to a desktop: for every desktop it is one of the team, also if it was shut out before the relay was restored. */
  z.object({ type: z.literal('key.admit'), args: z.object({ deviceId: id }) }),
]);
export type OpBody = z.infer<typeof opBodySchema>;
export type OpType = OpBody['type'];
export type OpArgs<T extends OpType> = Extract<OpBody, { type: T }>['args'];

/**
 * Highest version of each op type that this program understands, and the level since which programs know it. A desktop
 * tells the relay its OP_LEVEL; nobody writes an op above the lowest level in the team (readers before writers, sync.md 7).
 */
const KNOWN_OPS: Record<OpType, { v: number; level: number }> = {
  'message.queue': { v: 3, level: 4 },
  'message.confirm': { v: 1, level: 1 },
  'message.discard': { v: 1, level: 1 },
  'message.result': { v: 1, level: 1 },
  'read.advance': { v: 2, level: 6 },
  'conversation.status': { v: 1, level: 1 },
  'message.media': { v: 1, level: 3 },
  'conversation.start': { v: 1, level: 3 },
  'conversation.assign': { v: 1, level: 2 },
  'conversation.team': { v: 1, level: 2 },
  'conversation.snooze': { v: 1, level: 2 },
  'conversation.label': { v: 1, level: 2 },
  'note.add': { v: 1, level: 2 },
  'note.edit': { v: 1, level: 2 },
  'note.delete': { v: 1, level: 2 },
  'label.add': { v: 1, level: 2 },
  'label.change': { v: 1, level: 2 },
  'label.delete': { v: 1, level: 2 },
  'team.add': { v: 1, level: 2 },
  'team.rename': { v: 1, level: 2 },
  'team.member': { v: 1, level: 2 },
  'team.delete': { v: 1, level: 2 },
  'canned.add': { v: 1, level: 2 },
  'canned.change': { v: 1, level: 2 },
  'canned.delete': { v: 1, level: 2 },
  'setting.set': { v: 3, level: 6 },
  'device.grant': { v: 1, level: 2 },
  'request.add': { v: 1, level: 4 },
  'request.import': { v: 1, level: 4 },
  'request.change': { v: 1, level: 4 },
  'request.link': { v: 1, level: 4 },
  'request.attach': { v: 1, level: 6 },
  'request.notify': { v: 1, level: 4 },
  'request.dismiss': { v: 1, level: 4 },
  'contact.add': { v: 1, level: 4 },
  'contact.change': { v: 1, level: 4 },
  'contact.phone': { v: 1, level: 4 },
  'contact.attribute': { v: 1, level: 4 },
  'contact.merge': { v: 1, level: 4 },
  'conversation.route': { v: 1, level: 4 },
  'conversation.ai': { v: 1, level: 5 },
  'draft.claim': { v: 1, level: 5 },
  'draft.propose': { v: 1, level: 5 },
  'draft.edit': { v: 1, level: 5 },
  'draft.stop_auto': { v: 1, level: 5 },
  'draft.approve': { v: 1, level: 5 },
  'draft.discard': { v: 1, level: 5 },
  'ai.run': { v: 1, level: 5 },
  'ai.summary': { v: 1, level: 5 },
  'ai.handoff': { v: 1, level: 5 },
  'ai.review': { v: 1, level: 5 },
  'ai.stop': { v: 1, level: 5 },
  'ai.budget': { v: 1, level: 5 },
  'ai.erase': { v: 1, level: 5 },
  'kb.part': { v: 1, level: 5 },
  'kb.save': { v: 1, level: 5 },
  'kb.change': { v: 1, level: 5 },
  'kb.question': { v: 1, level: 5 },
  'kb.decide': { v: 1, level: 5 },
  'gap.close': { v: 1, level: 5 },
  'contact.erase': { v: 1, level: 6 },
  'retention.apply': { v: 1, level: 6 },
  'key.sheet': { v: 1, level: 7 },
  'key.recover': { v: 1, level: 7 },
  'key.admit': { v: 1, level: 7 },
};
/** The highest level of this program. */
export const OP_LEVEL = 7;

/** Version and level of a `message.queue`, by what it holds: the oldest ones that say it. */
function queueVersion({ content }: OpArgs<'message.queue'>): { v: number; level: number } {
  if (content.kind === 'template') return { v: 3, level: 4 };
  return content.kind === 'text' && content.hasPreview === undefined ? { v: 1, level: 1 } : { v: 2, level: 3 };
}

/** The same of a `setting.set`, by its key: an older program would refuse a key that it does not know, and hold other rows. */
const LATEST_SETTINGS: ReadonlySet<string> = new Set(['businessHours', 'responseTarget', 'retention', 'ai']);
const settingVersion = ({ to }: OpArgs<'setting.set'>): { v: number; level: number } => (LATEST_SETTINGS.has(to.key) ? { v: 3, level: 6 } : { v: 1, level: 2 });

/** Forward it is as old as reading. */
const readVersion = ({ isUnread }: OpArgs<'read.advance'>): { v: number; level: number } => (isUnread ? { v: 2, level: 6 } : { v: 1, level: 1 });

function versionOf(op: OpBody): { v: number; level: number } {
  if (op.type === 'message.queue') return queueVersion(op.args);
  if (op.type === 'read.advance') return readVersion(op.args);
  return op.type === 'setting.set' ? settingVersion(op.args) : KNOWN_OPS[op.type];
}

/** The version with which an op is written: the oldest one that says it. */
export const opVersion = (op: OpBody): number => versionOf(op).v;
/** The level that every desktop of the team must have before it is written. */
export const opLevel = (op: OpBody): number => versionOf(op).level;
/** The same for a type, where it is said in one way only. What does something by itself asks first (`writeLevel` of `SyncQueries.readMeta`), as nobody is there to be told `UPDATE_NEEDED`. */
export const typeLevel = (type: Exclude<OpType, 'message.queue' | 'setting.set' | 'read.advance'>): number => KNOWN_OPS[type].level;
/** Drafts, runs, claims and the knowledge base are one level: while the team is below it, no part of the AI writes, and everything else goes on as before. */
export const mayWriteAi = (writeLevel: number): boolean => writeLevel >= typeLevel('draft.propose');
/** Highest version known of a type that came from outside; 0 for a type of the future. */
export const knownOpVersion = (type: string): number => (Object.hasOwn(KNOWN_OPS, type) ? KNOWN_OPS[type as OpType].v : 0);

/** An op as the reducer sees it, pending or confirmed. */
export type ReducerOp<T extends OpType = OpType> = {
  seq: number;
  receivedAt: number;
  opId: string;
  actorId: string;
  deviceId: string;
  deviceSeq: number;
  occurredAt: number;
  type: T;
  args: OpArgs<T>;
};
