/** The AI parts as screens see them. Times are relay time in ms; money is millionths of a US dollar. */
import { z } from 'zod';
import { agentSchema, messageSchema, snippetSchema } from '../entities.ts';
import { aiSettingsSchema, draftBodySchema, factSchema, findingSchema, runSchema, sentenceSchema, templateSuggestionSchema, usageSchema } from './ai-entities.ts';
import {
  AI_MODES,
  DISCARD_REASONS,
  DRAFT_STATES,
  EDIT_CLASSES,
  FAILURE_CLASSES,
  HANDOFF_REASONS,
  KB_FILE_PROBLEMS,
  KB_KINDS,
  KB_LANGUAGES,
  KB_STATES,
  POLICY_RULES,
  PROVIDER_PROFILES,
  REVIEW_REASONS,
  REVIEW_VERDICTS,
  SUPERSEDED_BY,
} from './ai-words.ts';

const id = z.string().min(1).max(128);
const time = z.number().int();
const count = z.number().int().nonnegative();
const micros = count;

export const aiFailureSchema = z.object({
  class: z.enum(FAILURE_CLASSES),
  /** When it makes sense to try again; null: whenever. */
  retryAt: time.nullable(),
  /** Technical line for the details: no key, nothing of the conversation. */
  detail: z.string(),
  /** What had come until then. */
  partial: z.string(),
});

/** A draft of the log. `state` goes on with its message once it is approved. */
export const draftSchema = z.object({
  draftId: id,
  conversationId: id,
  aboutMessageId: id.nullable(),
  state: z.enum(DRAFT_STATES),
  reason: z.enum([...DISCARD_REASONS, ...SUPERSEDED_BY]).nullable(),
  body: draftBodySchema.nullable(),
  /** What fits where the window is closed; then the text cannot be sent as it is. */
  template: templateSuggestionSchema.nullable(),
  runId: id,
  isRequested: z.boolean(),
  by: agentSchema.nullable(),
  editedBy: agentSchema.nullable(),
  decidedBy: agentSchema.nullable(),
  at: time,
  /** The customer or a colleague wrote after what it is based on. */
  isStale: z.boolean(),
  /** It leaves by itself at `at` unless somebody stops it. */
  auto: z.object({ state: z.enum(['counting', 'stopped', 'sent']), at: time, isHere: z.boolean() }).nullable(),
  messageId: id.nullable(),
});

/** What is being made on this desktop now, or failed here last. `mayRequest`: nothing is under way. */
export const runningSchema = z.object({
  state: z.enum(['waiting', 'requested', 'preparing', 'streaming', 'failed', 'idle']),
  draftId: id.nullable(),
  /** So far, without markers. */
  text: z.string(),
  /** `waiting`: until when more messages of the customer are waited for. */
  until: time.nullable(),
  failure: aiFailureSchema.nullable(),
  startedAt: time.nullable(),
});

export const conversationAiSchema = z.object({
  /** `inherited`: what would hold without a choice of its own. */
  mode: z.object({
    own: z.enum(AI_MODES).nullable(),
    inherited: z.enum(AI_MODES),
    effective: z.enum(AI_MODES),
    from: z.enum(['conversation', 'number', 'workspace']),
    isStopped: z.boolean(),
    isShadow: z.boolean(),
  }),
  /** The live one, or the last that was sent or fell within the hour. */
  draft: draftSchema.nullable(),
  running: runningSchema,
  /** A colleague's desktop makes the answer. */
  claimedBy: agentSchema.nullable(),
  handoff: z.object({ reason: z.enum(HANDOFF_REASONS), rules: z.array(z.enum(POLICY_RULES)), at: time }).nullable(),
  summary: z.object({ text: z.string(), sentences: z.array(sentenceSchema), facts: z.array(factSchema), throughMessageId: id, at: time, by: agentSchema.nullable(), isBehind: z.boolean() }).nullable(),
  /** Why no draft came by itself for the newest message; null: one did, or none was due. */
  noDraftBecause: z.enum(['off', 'answered', 'not_text', 'reaction', 'nothing_asked', 'no_answer_found', 'cap_reached', 'failed', 'stopped']).nullable(),
});
export type DraftView = z.infer<typeof draftSchema>;
export type RunningView = z.infer<typeof runningSchema>;
export type ConversationAiView = z.infer<typeof conversationAiSchema>;
export type AiFailure = z.infer<typeof aiFailureSchema>;

/** What would leave the machine, or did. Nothing of the key. */
export const promptPreviewSchema = z.object({
  host: z.string().nullable(),
  model: z.string(),
  sections: z.array(z.object({ name: z.string(), tokens: count, text: z.string() })),
  dropped: z.array(z.string()),
  masked: z.record(z.string(), count),
  /** As it goes over the line. */
  body: z.string(),
});

export const runViewSchema = z.object({
  run: runSchema.omit({ text: true }).extend({ text: runSchema.shape.text.nullable() }),
  by: agentSchema.nullable(),
  deviceName: z.string().nullable(),
  /** The record fits its hash, and the record before it is the one it names. Null: that one is not here. */
  isIntact: z.boolean().nullable(),
  facts: z.array(factSchema),
  /** Word for word, while this desktop keeps it. */
  sent: z.string().nullable(),
  draftId: id.nullable(),
  message: messageSchema.nullable(),
  editClass: z.enum(EDIT_CLASSES).nullable(),
});

/** A run in the list of all. */
export const runListItemSchema = runViewSchema.omit({ sent: true, facts: true }).extend({ conversationName: z.string() });
export type RunListItem = z.infer<typeof runListItemSchema>;

export const aiStateSchema = z.object({
  settings: aiSettingsSchema,
  /** `other_origin`: there is one, given for another server. */
  key: z.enum(['missing', 'set', 'other_origin', 'not_needed']),
  isStopped: z.boolean(),
  /** `autoConfirmation` of the settings as they are. */
  autoConfirmation: z.string(),
  isAutoConfirmed: z.boolean(),
  /** The last failures opened the breaker until then; null: closed. */
  pausedUntil: time.nullable(),
  lastFailure: z.enum(FAILURE_CLASSES).nullable(),
  /** `isPriceKnown` false: nobody said what the model costs, so no cap can hold. */
  spent: z.object({ desktopToday: micros, teamMonth: micros, teamCap: micros.nullable(), isOver80: z.boolean(), isOver: z.boolean(), isPriceKnown: z.boolean() }),
  /** Automatic answers that count down now, in the whole team. */
  counting: count,
});
export type AiState = z.infer<typeof aiStateSchema>;

export const providerPresetSchema = z.object({ profile: z.enum(PROVIDER_PROFILES), baseUrl: z.string(), needsKey: z.boolean(), isLocal: z.boolean() });

/** One draft in the review queue, or in a list of what was sent. */
export const reviewItemSchema = z.object({
  draft: draftSchema,
  conversationName: z.string(),
  /** The customer's words it answers. */
  question: z.string(),
  sent: z.string().nullable(),
  editClass: z.enum(EDIT_CLASSES),
  /** Share of graphemes that differ, 0 to 1. */
  distance: z.number(),
  isAutomatic: z.boolean(),
  review: z.object({ verdict: z.enum(REVIEW_VERDICTS), reason: z.enum(REVIEW_REASONS).nullable(), note: z.string(), by: agentSchema.nullable(), at: time }).nullable(),
  /** The customer was answered once more by a person within the day after an automatic answer. */
  isCorrected: z.boolean(),
  topic: z.string(),
});
export type ReviewItem = z.infer<typeof reviewItemSchema>;

const shares = z.object({ as_is: count, light: count, heavy: count, discarded: count });
export const qualitySchema = z.object({
  total: shares,
  automatic: z.object({ sent: count, corrected: count, stopped: count, handedOff: count, shadow: z.object({ would: count, agreed: count }) }),
  byAgent: z.array(z.object({ agent: agentSchema, shares })),
  /** Titles of the articles most often cited; the empty one: none. */
  byTopic: z.array(z.object({ topic: z.string(), shares })),
  /** Weeks by their Monday, `YYYY-MM-DD`. */
  byWeek: z.array(z.object({ week: z.string(), shares, costMicros: micros })),
  reviews: z.object({ good: count, bad: count, byReason: z.record(z.string(), count), open: count }),
  failures: z.array(z.object({ class: z.string(), count })),
  cost: z.object({
    /** Null: some runs have no price. */
    totalMicros: micros,
    unpriced: count,
    usage: usageSchema.pick({ input: true, output: true }),
    byMonth: z.array(z.object({ month: z.string(), costMicros: micros, runs: count })),
    byConversation: z.array(z.object({ conversationId: id, name: z.string(), costMicros: micros, runs: count })),
  }),
});
export type Quality = z.infer<typeof qualitySchema>;

export const kbQuestionSchema = z.object({
  questionId: id,
  text: z.string(),
  language: z.enum(KB_LANGUAGES),
  state: z.enum(['pending', 'approved']),
  by: agentSchema.nullable(),
  draftId: id.nullable(),
  /** Of the draft that it came from. */
  conversationId: id.nullable(),
});
export type KbQuestion = z.infer<typeof kbQuestionSchema>;
/** A question that waits for a lead, with its article. */
export const kbPendingQuestionSchema = kbQuestionSchema.extend({ articleId: id, title: z.string() });
export type KbPendingQuestion = z.infer<typeof kbPendingQuestionSchema>;
export const kbArticleSchema = z.object({
  articleId: id,
  kind: z.enum(KB_KINDS),
  state: z.enum(KB_STATES),
  title: z.string(),
  language: z.enum(KB_LANGUAGES),
  folder: z.string(),
  source: z.object({ filename: z.string(), mimeType: z.string(), bytes: count }).nullable(),
  revisionId: id,
  revisionNo: count,
  mayAutoAnswer: z.boolean(),
  updatedBy: agentSchema.nullable(),
  updatedAt: time,
  questions: z.number().int(),
  pendingQuestions: z.number().int(),
  draftId: id.nullable(),
  /** Of the draft that it came from. */
  conversationId: id.nullable(),
  /** Answers it was cited in, last 30 days. */
  citations: count,
});
export type KbArticle = z.infer<typeof kbArticleSchema>;
/** `text`: Markdown. `passage`: what was asked for, as offsets into it. */
export const kbArticleDetailsSchema = kbArticleSchema.extend({
  text: z.string(),
  shownRevisionId: id,
  revisions: z.array(z.object({ revisionId: id, revisionNo: count, at: time.nullable() })),
  questionList: z.array(kbQuestionSchema),
  passage: z.object({ start: count, end: count }).nullable(),
});
export type KbArticleDetails = z.infer<typeof kbArticleDetailsSchema>;
export const kbHitSchema = z.object({
  passageId: id,
  articleId: id,
  revisionId: id,
  title: z.string(),
  heading: z.string(),
  snippet: snippetSchema,
  score: z.number(),
  language: z.enum(KB_LANGUAGES),
  mayAutoAnswer: z.boolean(),
});
export type KbHit = z.infer<typeof kbHitSchema>;
export const kbGapSchema = z.object({
  /** Of the newest of alike questions; the others are closed with it. */
  runId: id,
  question: z.string(),
  count: count,
  conversationId: id,
  at: time,
});
export type KbGap = z.infer<typeof kbGapSchema>;
/** A file on its way into the knowledge base. */
export const kbUploadSchema = z.object({
  uploadId: id,
  filename: z.string(),
  state: z.enum(['reading', 'done', 'failed']),
  problem: z.enum(KB_FILE_PROBLEMS).nullable(),
  articleId: id.nullable(),
  /** The same file is there already: nothing was added. */
  isKnown: z.boolean(),
});
export type KbUpload = z.infer<typeof kbUploadSchema>;
export const kbStatusSchema = z.object({
  approved: count,
  pending: count,
  pendingQuestions: count,
  gaps: count,
  passages: count,
  isIndexing: z.boolean(),
  embeddings: z.object({ isOn: z.boolean(), done: count, of: count }),
});
export type KbStatus = z.infer<typeof kbStatusSchema>;
export const textFindingsSchema = z.object({ findings: z.array(findingSchema), hasHigh: z.boolean() });
