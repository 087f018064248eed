/** The part of the contract about drafts by AI, what is made of them, and the knowledge base they rest on. */
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { base, opResult } from './api-base.ts';
import { factSchema, providerSettingsSchema, sentenceSchema, templateSuggestionSchema } from './ai/ai-entities.ts';
import {
  aiFailureSchema,
  aiStateSchema,
  conversationAiSchema,
  kbArticleDetailsSchema,
  kbArticleSchema,
  kbGapSchema,
  kbHitSchema,
  kbPendingQuestionSchema,
  kbStatusSchema,
  kbUploadSchema,
  promptPreviewSchema,
  providerPresetSchema,
  qualitySchema,
  reviewItemSchema,
  runningSchema,
  runListItemSchema,
  runViewSchema,
  textFindingsSchema,
} from './ai/ai-views.ts';
import { probeResultSchema } from './ai/probe-result.ts';
import { AI_MODES, CHOSEN_DISCARD_REASONS, EDIT_CLASSES, KB_LANGUAGES, KB_STATES, REVIEW_REASONS, REVIEW_VERDICTS, REWRITES, RUN_PURPOSES } from './ai/ai-words.ts';
import { messageSchema } from './entities.ts';
import { AI_MAX, KB_MAX, STAGE_CHUNK_BYTES, TEXT_BODY_MAX } from './limits.ts';

const id = z.string().min(1).max(128);
const cursor = z.string().max(200);
const time = z.number().int();
const text = z.string().max(TEXT_BODY_MAX * 4);
const instruction = z.string().trim().max(AI_MAX.instruction);
const language = z.enum(KB_LANGUAGES);
const title = z.string().trim().min(1).max(KB_MAX.title);
const folder = z.string().trim().max(KB_MAX.folder);
const articleText = z.string().max(KB_MAX.partText * KB_MAX.parts);
const change = <T extends z.ZodType>(value: T) => z.object({ from: value, to: value }).optional();
const period = z.object({ from: time, to: time });

/** A rewrite as it comes; the last element is `done` or `failed`. Aborting the call cancels it. */
const rewriteEvent = z.discriminatedUnion('state', [
  z.object({ state: z.literal('streaming'), text: z.string() }),
  z.object({ state: z.literal('done'), text: z.string() }),
  z.object({ state: z.literal('failed'), failure: aiFailureSchema }),
]);

export const aiContract = {
  ai: {
    state: base.output(aiStateSchema),
    presets: base.output(z.array(providerPresetSchema)),
    /** Kept by this computer's own store, bound to the origin of the base URL, never read back. Null: forgets it. By admins; handed sealed to the team's desktops. */
    setKey: base.input(z.object({ key: z.string().trim().min(1).max(500).nullable(), baseUrl: z.string().trim().max(500) })).output(z.void()),
    /** Tries what is given, with the key given or the one that is kept for that origin. */
    testConnection: base.input(z.object({ provider: providerSettingsSchema, key: z.string().trim().max(500).nullable() })).output(probeResultSchema),
    /** Anybody stops, leads let it go on (FORBIDDEN). */
    stop: base.input(z.object({ isStopped: z.boolean() })).output(opResult),
    /** Automatic answers for the settings as they are. By admins. */
    confirmAuto: base.input(z.object({ autoConfirmation: z.string().max(64) })).output(opResult),

    conversation: base.input(z.object({ conversationId: id })).output(conversationAiSchema),
    /** What is being made for a conversation on this desktop, as it grows; the first element is how it stands. */
    watch: base.input(z.object({ conversationId: id })).output(eventIterator(runningSchema)),
    setMode: base.input(z.object({ conversationId: id, from: z.enum(AI_MODES).nullable(), to: z.enum(AI_MODES).nullable() })).output(opResult),
    /** Makes one now, at a person's wish, also where the mode is `off`; returns at once. `instruction`: what to say or how. A live draft is replaced when the new one is ready. */
    draft: base.input(z.object({ conversationId: id, instruction: instruction.default('') })).output(z.void()),
    /** What is being made here is stopped. */
    cancel: base.input(z.object({ conversationId: id })).output(z.void()),
    edit: base.input(z.object({ draftId: id })).output(opResult),
    /** What an edited text says that nothing supports. */
    check: base.input(z.object({ draftId: id, text })).output(textFindingsSchema),
    /** Sends a draft, as it is or edited. DRAFT_STALE, DRAFT_FINDINGS (high ones) ask once. DRAFT_SENT: somebody was faster. WINDOW_CLOSED: then only as a template. */
    send: base
      .input(
        z.object({
          draftId: id,
          text,
          messageId: z.uuid().optional(),
          /** Which message it answers, as in `messages.send`. */
          quotedMessageId: id.optional(),
          seenThrough: z.number().int().nonnegative(),
          isStaleAccepted: z.boolean().default(false),
          acceptsFindings: z.boolean().default(false),
        }),
      )
      .output(messageSchema),
    discard: base.input(z.object({ draftId: id, reason: z.enum(CHOSEN_DISCARD_REASONS), note: z.string().max(AI_MAX.discardNote).default('') })).output(opResult),
    stopAuto: base.input(z.object({ draftId: id })).output(opResult),
    /** Of a draft (`draftId`) or of what is in the composer. `language`: for `translate`, its code or its name in any language (`pt`, `quiché`). */
    rewrite: base
      .input(z.object({ conversationId: id, draftId: id.nullable(), text, rewrite: z.enum(REWRITES), language: z.string().trim().max(AI_MAX.languageName).nullable().default(null) }))
      .output(eventIterator(rewriteEvent)),
    /** What would leave the machine for a draft now. */
    preview: base.input(z.object({ conversationId: id, instruction: instruction.default('') })).output(promptPreviewSchema),
    /** For the transfer to a colleague, or a long thread; returns when it is there. */
    summarize: base
      .input(z.object({ conversationId: id }))
      .output(
        z.discriminatedUnion('status', [
          z.object({ status: z.literal('ok'), text: z.string(), sentences: z.array(sentenceSchema), facts: z.array(factSchema) }),
          z.object({ status: z.literal('failed'), failure: aiFailureSchema }),
        ]),
      ),
    /** A fitting template with filled values, where the window is closed. */
    suggestTemplate: base.input(z.object({ draftId: id })).output(templateSuggestionSchema.nullable()),

    /** Why this reply: the record of a run. */
    run: base.input(z.object({ runId: id })).output(runViewSchema),
    /** The audit, newest first. */
    runs: base
      .input(period.partial().extend({ conversationId: id.optional(), purpose: z.enum(RUN_PURPOSES).optional(), limit: z.number().int().min(1).max(200).default(50), cursor: cursor.optional() }))
      .output(z.object({ items: z.array(runListItemSchema), nextCursor: z.string().nullable() })),
    /** JSON Lines, a record each. */
    exportRuns: base.input(period.partial()).output(eventIterator(z.string())),
    /** Words about a person leave runs, drafts, summaries and gaps on every desktop; figures stay. By leads. */
    erase: base.input(z.object({ contactId: id })).output(opResult),

    /** What waits for a review: all automatic answers (or the share that is due), and a sample of the rest. `done`: those that have one. */
    reviewQueue: base
      .input(z.object({ is: z.enum(['open', 'done']).default('open'), limit: z.number().int().min(1).max(100).default(30), cursor: cursor.optional() }))
      .output(z.object({ items: z.array(reviewItemSchema), nextCursor: z.string().nullable(), open: z.number().int() })),
    review: base
      .input(z.object({ draftId: id, verdict: z.enum(REVIEW_VERDICTS).nullable(), reason: z.enum(REVIEW_REASONS).nullable().default(null), note: z.string().max(AI_MAX.reviewNote).default('') }))
      .output(opResult),
    quality: base.input(period).output(qualitySchema),
    /** Decided drafts of a period, with what was sent, as CSV. */
    exportQuality: base.input(period).output(z.object({ filename: z.string(), csv: z.string() })),
    drafts: base
      .input(period.extend({ editClass: z.enum(EDIT_CLASSES).optional(), agentId: id.optional(), limit: z.number().int().min(1).max(100).default(30), cursor: cursor.optional() }))
      .output(z.object({ items: z.array(reviewItemSchema), nextCursor: z.string().nullable() })),
  },
  knowledge: {
    status: base.output(kbStatusSchema),
    list: base.input(z.object({ state: z.enum(KB_STATES).optional(), search: z.string().max(200).default('') })).output(z.array(kbArticleSchema)),
    /** `revisionId`, `passageId`: as they were when something cited them. */
    get: base.input(z.object({ articleId: id, revisionId: id.optional(), passageId: id.optional() })).output(kbArticleDetailsSchema),
    search: base.input(z.object({ text: z.string().max(500), limit: z.number().int().min(1).max(50).default(10) })).output(z.object({ hits: z.array(kbHitSchema), isAnswerable: z.boolean() })),
    /** A new article (`articleId` null) or the next revision of the one seen (`from`). CHANGED_MEANWHILE. */
    save: base
      .input(z.object({ articleId: id.nullable(), from: id.nullable(), title, language, folder: folder.default(''), text: articleText, draftId: id.nullable().default(null) }))
      .output(opResult.extend({ articleId: id })),
    change: base
      .input(
        z.object({
          articleId: id,
          /** The words that were seen, where it is approved or may answer by itself (`superseded` if there are others); absent: those that are here. */
          revisionId: id.optional(),
          changes: z.object({ title: change(title), language: change(language), folder: change(folder), mayAutoAnswer: change(z.boolean()), state: change(z.enum(KB_STATES)) }),
        }),
      )
      .output(opResult),
    addQuestion: base.input(z.object({ articleId: id, text: z.string().trim().min(1).max(KB_MAX.question), language, draftId: id.nullable().default(null) })).output(opResult),
    /** Of all articles, oldest first. */
    pendingQuestions: base.output(z.array(kbPendingQuestionSchema)),
    decideQuestion: base.input(z.object({ questionId: id, isApproved: z.boolean() })).output(opResult),
    /** A file in pieces of STAGE_CHUNK_BYTES, in order; `data`: base64. `path`: with its folders, as it was dropped. */
    beginFile: base.input(z.object({ path: z.string().min(1).max(1_000), bytes: z.number().int().positive().max(KB_MAX.fileBytes) })).output(z.object({ uploadId: id })),
    addFileChunk: base.input(z.object({ uploadId: id, offset: z.number().int().nonnegative(), data: z.base64().max(STAGE_CHUNK_BYTES * 2) })).output(z.object({ received: z.number().int() })),
    /** Reads it in a process of its own. A file of the same name and folder becomes the next revision. */
    finishFile: base.input(z.object({ uploadId: id })).output(kbUploadSchema),
    cancelFile: base.input(z.object({ uploadId: id })).output(z.void()),
    gaps: base.output(z.array(kbGapSchema)),
    closeGap: base.input(z.object({ runId: id, articleId: id.nullable() })).output(opResult),
  },
};
