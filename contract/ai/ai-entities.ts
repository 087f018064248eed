/** What the AI parts make and keep, as it travels in ops, over the API and to the window. Offsets are UTF-16 code units. */
import { z } from 'zod';
import { AI_MAX, TEXT_BODY_MAX } from '../limits.ts';
import { AI_MODES, AUTO_STATES, CONFIDENCES, CONFIDENCE_REASONS, FACT_KINDS, FAILURE_CLASSES, FINDING_KINDS, INTENTS, POLICY_RULES, PROVIDER_PROFILES, REWRITES, RUN_PURPOSES } from './ai-words.ts';

const id = z.string().min(1).max(128);
const time = z.number().int();
const count = z.number().int().nonnegative();
const offset = z.number().int().nonnegative();

/**
 * Something that a draft may rest on. `id`: `F1`, `F2` for what is known of customer, request and window; `K1` for passages of the
 * knowledge base. `ref`: where it stands, so that it can be opened; `passageId` names the passage of that revision.
 */
export const factSchema = z.object({
  id: z.string().regex(/^[FK]\d{1,3}$/),
  kind: z.enum(FACT_KINDS),
  /** What it is, for people and model: `Estado de la solicitud`, or the heading path of a passage. */
  label: z.string().max(300),
  text: z.string().max(AI_MAX.factText),
  ref: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('contact'), contactId: id }),
      z.object({ kind: z.literal('request'), requestId: id }),
      z.object({ kind: z.literal('knowledge'), articleId: id, revisionId: id, passageId: id, mayAutoAnswer: z.boolean() }),
      z.object({ kind: z.literal('message'), messageId: id }),
      z.object({ kind: z.literal('template'), key: z.string().max(600) }),
    ])
    .nullable(),
});
export type Fact = z.infer<typeof factSchema>;

/** A sentence of the text with the facts it rests on; none: nothing was named for it. */
export const sentenceSchema = z.object({ start: offset, end: offset, factIds: z.array(factSchema.shape.id).max(20) });
export type Sentence = z.infer<typeof sentenceSchema>;
/** `detail`: the words in question or what was expected, never a text for people. */
export const findingSchema = z.object({ start: offset, end: offset, kind: z.enum(FINDING_KINDS), severity: z.enum(['high', 'low']), detail: z.string().max(200) });
export type Finding = z.infer<typeof findingSchema>;

/** Tokens as the server counted them; null: it did not say. `cached` is part of `input`, `reasoning` of `output`. */
export const usageSchema = z.object({ input: count, output: count, cached: count.default(0), reasoning: count.default(0), isEstimate: z.boolean() });
export type Usage = z.infer<typeof usageSchema>;

export const basisSchema = z.object({
  conversationId: id,
  /** The newest inbound message that the draft is about. */
  lastInboundId: id.nullable(),
  /** Through which place of the log the conversation was read; never that of a pending message (`PENDING_SEQ`). */
  lastMessageSeq: count,
  requestRev: count,
  contactRev: count,
  knowledgeRev: count,
  settingsRev: z.string().max(64),
  promptVersion: z.string().max(32),
});
export type Basis = z.infer<typeof basisSchema>;

export const ruleVerdictSchema = z.object({ rule: z.enum(POLICY_RULES), holds: z.boolean(), detail: z.string().max(200).nullable() });

/** What a run says in whole sentences: erased with the customer, as are the details of findings and rules (`run-record.ts`). */
export const runTextSchema = z.object({
  /** What the customer asked, as it was searched for; empty for a rewrite. */
  question: z.string().max(AI_MAX.question),
  /** As the model wrote it, and after the checks. */
  raw: z.string().max(AI_MAX.output),
  final: z.string().max(TEXT_BODY_MAX),
  instruction: z.string().max(AI_MAX.instruction),
});
/**
 * One call of a model (or of the built-in extract), as it is recorded once and never changed. `prevHash` chains the runs of a desktop: the `hash`
 * of the one before it; words count in it by their hash, so that erasing them breaks nothing.
 */
export const runSchema = z.object({
  runId: id,
  purpose: z.enum(RUN_PURPOSES),
  rewrite: z.enum(REWRITES).nullable(),
  conversationId: id,
  contactId: id,
  basis: basisSchema,
  provider: z.object({
    profile: z.enum(PROVIDER_PROFILES),
    /** Host of the base URL; null: nothing left the machine. */
    host: z.string().max(255).nullable(),
    modelAsked: z.string().max(200),
    modelAnswered: z.string().max(200).nullable(),
    fingerprint: z.string().max(200).nullable(),
    requestId: z.string().max(200).nullable(),
  }),
  promptHash: z.string().max(64),
  /** Tokens by section of the prompt, estimated. */
  sections: z.record(z.string().max(40), count),
  facts: z.array(z.object({ id: factSchema.shape.id, hash: z.string().max(64), isUsed: z.boolean() })).max(60),
  retrieved: z.array(z.object({ passageId: id, articleId: id, score: z.number(), rank: count, isCited: z.boolean() })).max(20),
  /** How many of each kind were masked before it left. */
  masked: z.record(z.string().max(20), count),
  text: runTextSchema,
  findings: z.array(findingSchema).max(60),
  confidence: z.enum(CONFIDENCES).nullable(),
  confidenceReasons: z.array(z.enum(CONFIDENCE_REASONS)).max(12),
  hasInjection: z.boolean(),
  intent: z.enum(INTENTS).nullable(),
  /** What the automatic mode decided; null: it was not asked. `isShadow`: it would have, and sent nothing. */
  policy: z.object({ maySend: z.boolean(), isShadow: z.boolean(), rules: z.array(ruleVerdictSchema).max(40) }).nullable(),
  usage: usageSchema.nullable(),
  /** Millionths of a US dollar; null: the price is not known. `priceTable`: which one was used. */
  costMicros: count.nullable(),
  priceTable: z.string().max(40).nullable(),
  firstTokenMs: count.nullable(),
  totalMs: count,
  retries: count,
  outcome: z.union([z.enum(['ok', 'cancelled', 'superseded']), z.enum(FAILURE_CLASSES)]),
  /** Nothing in the knowledge base answers the question. */
  isGap: z.boolean(),
  startedAt: time,
  prevHash: z.string().max(64),
  /** `hashRun` of the rest. */
  hash: z.string().max(64),
});
export type AiRun = z.infer<typeof runSchema>;

/** What a template could say where the service window is closed: its key with filled values, as `templates.send` takes them. */
export const templateSuggestionSchema = z.object({ key: z.string().max(600), texts: z.record(z.string().max(200), z.string().max(4_000)) });
export type TemplateSuggestion = z.infer<typeof templateSuggestionSchema>;

/** The text of a proposed reply with everything that a reader needs to trust it. */
export const draftBodySchema = z.object({
  text: z.string().min(1).max(TEXT_BODY_MAX),
  /** Said below it (`automaticText`) if it leaves by itself; absent: nothing. */
  notice: z.string().max(300).optional(),
  language: z.string().max(10),
  sentences: z.array(sentenceSchema).max(200),
  /** Those that sentences name. */
  facts: z.array(factSchema).max(40),
  findings: z.array(findingSchema).max(60),
  confidence: z.enum(CONFIDENCES),
  confidenceReasons: z.array(z.enum(CONFIDENCE_REASONS)).max(12),
  hasInjection: z.boolean(),
  /** No model wrote it: passages and facts as they stand. */
  isExtract: z.boolean(),
  /** It ends where the connection did. Never sent by itself. */
  isCutOff: z.boolean(),
});
export type DraftBody = z.infer<typeof draftBodySchema>;

/** Where the model is. The key is a secret of each desktop (`Secrets`), bound to the origin it was given for. */
export const providerSettingsSchema = z.object({
  profile: z.enum(PROVIDER_PROFILES),
  /** With its version path, `https://api.openai.com/v1`; empty for `builtin`. https, or http on loopback. */
  baseUrl: z.string().trim().max(500),
  model: z.string().trim().max(200),
  api: z.enum(['chat', 'responses']),
  /** Refuses every host that is not this machine. */
  isLocalOnly: z.boolean(),
  /** Dimensions asked for; null: no embeddings. */
  embeddingModel: z.string().trim().max(200).nullable(),
  /** US dollars per million tokens, by the company's own contract; null: unknown, cost is not told. */
  prices: z.object({ input: z.number().min(0).max(10_000), cached: z.number().min(0).max(10_000), output: z.number().min(0).max(10_000) }).nullable(),
});
export type ProviderSettings = z.infer<typeof providerSettingsSchema>;

/** `HH:MM` from and to of a day, Monday first; none: closed. */
/** What the workspace says of AI, by admins. One workspace setting (`ai`). */
export const aiSettingsSchema = z.object({
  mode: z.enum(AI_MODES),
  /** By phone number id. */
  numberModes: z.record(z.string().max(64), z.enum(AI_MODES)),
  provider: providerSettingsSchema,
  /** Who we are, how we write, what we do not promise: for the model. */
  profile: z.string().max(4_000),
  tone: z.string().max(1_000),
  masking: z.object({ cards: z.boolean(), ids: z.boolean(), email: z.boolean(), phones: z.boolean(), names: z.boolean(), addresses: z.boolean() }),
  budget: z.object({ inputTokens: z.number().int().min(1_000).max(200_000), outputTokens: z.number().int().min(50).max(4_000) }),
  /** Millionths of a US dollar; null: no cap. `conversation` counts a calendar month, like `team`. */
  caps: z.object({ draft: count.nullable(), desktopDay: count.nullable(), conversation: count.nullable(), team: count.nullable() }),
  /** How long this and other desktops keep what left the machine, word for word. */
  journalDays: z.number().int().min(0).max(365),
  auto: z.object({
    state: z.enum(AUTO_STATES),
    /** `autoConfirmation` of the settings that an admin has confirmed it for; another model, address or prompt takes it back to shadow. */
    confirmedFor: z.string().max(64),
    /** Seconds everybody can still stop an answer. */
    countdownSeconds: z.number().int().min(20).max(60),
    perConversationInRow: z.number().int().min(1).max(10),
    perConversationDay: z.number().int().min(1).max(50),
    perNumberHour: z.number().int().min(1).max(1_000),
    intents: z.array(z.enum(INTENTS)).max(20),
    languages: z.array(z.string().max(10)).max(10),
    /** Answers outside the workspace's business hours, within them, or always. */
    hours: z.enum(['always', 'inside', 'outside']),
    /** Per cent of drafts that a person sends which also come to the review queue. */
    reviewSample: z.number().int().min(0).max(100),
  }),
});
export type AiSettings = z.infer<typeof aiSettingsSchema>;
