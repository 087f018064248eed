/** The closed lists of the AI parts, and the life of a draft. No schemas here: the window reads this file when it starts. */

/** What the program does by itself with what customers write. `off`: nothing; `draft`: proposes; `auto`: may answer, by the policy. */
export const AI_MODES = ['off', 'draft', 'auto'] as const;
export type AiMode = (typeof AI_MODES)[number];

/** How far automatic answers go where the mode is `auto`. `shadow`: decides and sends nothing. */
export const AUTO_STATES = ['shadow', 'on'] as const;
export type AutoState = (typeof AUTO_STATES)[number];

export const DRAFT_STATES = ['requested', 'preparing', 'streaming', 'ready', 'edited', 'approved', 'sending', 'sent', 'send_unknown', 'failed', 'discarded', 'superseded', 'blocked'] as const;
export type DraftState = (typeof DRAFT_STATES)[number];

const ENDS_BEFORE_SENDING = ['discarded', 'superseded', 'failed', 'blocked'] as const;
/**
 * What may follow what. Up to `streaming` a draft lives on the desktop that makes it; from `ready` on in the log; from `approved` on it
 * is its message's delivery. `blocked` by the service window opens again when the customer writes, as another draft.
 */
const NEXT: Record<DraftState, readonly DraftState[]> = {
  requested: ['preparing', ...ENDS_BEFORE_SENDING],
  preparing: ['streaming', 'ready', ...ENDS_BEFORE_SENDING],
  streaming: ['ready', ...ENDS_BEFORE_SENDING],
  ready: ['edited', 'approved', ...ENDS_BEFORE_SENDING],
  edited: ['approved', ...ENDS_BEFORE_SENDING],
  approved: ['sending', 'failed', 'superseded'],
  sending: ['sent', 'send_unknown', 'failed'],
  send_unknown: ['sent', 'failed'],
  sent: [],
  failed: [],
  discarded: [],
  superseded: [],
  blocked: ['discarded', 'superseded'],
};
export const mayDraftBecome = (from: DraftState, to: DraftState): boolean => NEXT[from].includes(to);
/** A conversation has at most one draft in these states. */
export const LIVE_DRAFT_STATES = ['requested', 'preparing', 'streaming', 'ready', 'edited', 'blocked'] as const satisfies readonly DraftState[];
export const isLiveDraft = (state: DraftState): boolean => (LIVE_DRAFT_STATES as readonly DraftState[]).includes(state);

/** `cancelled`: stopped while it was made. `own_reply`: its agent answered with words of their own. */
export const DISCARD_REASONS = ['wrong', 'incomplete', 'tone', 'not_needed', 'other', 'cancelled', 'own_reply', 'closed'] as const;
export type DiscardReason = (typeof DISCARD_REASONS)[number];
/** Those that a person chooses from. */
export const CHOSEN_DISCARD_REASONS = ['wrong', 'incomplete', 'tone', 'not_needed', 'other'] as const satisfies readonly DiscardReason[];
export const SUPERSEDED_BY = ['newer_inbound', 'other_agent', 'redrafted'] as const;
export type SupersededBy = (typeof SUPERSEDED_BY)[number];

/** Why nothing, or only a part, came from the model's server. `stream_lost`, `truncated`: a part is kept and marked as cut off. `needs_model`: there is none, and it takes one. */
export const FAILURE_CLASSES = [
  'offline',
  'auth',
  'quota',
  'rate_limited',
  'model_missing',
  'needs_model',
  'context_too_long',
  'content_filter',
  'truncated',
  'stream_lost',
  'empty',
  'timeout_first_token',
  'timeout_idle',
  'bad_response',
  'cap_reached',
] as const;
export type FailureClass = (typeof FAILURE_CLASSES)[number];

export const RUN_PURPOSES = ['reply', 'rewrite', 'summary'] as const;
export type RunPurpose = (typeof RUN_PURPOSES)[number];
export const REWRITES = ['shorten', 'friendlier', 'formal', 'fix', 'translate'] as const;
export type Rewrite = (typeof REWRITES)[number];

export const FACT_KINDS = ['contact', 'request', 'window', 'template', 'business', 'time', 'knowledge', 'message'] as const;
export type FactKind = (typeof FACT_KINDS)[number];

/** What a check found in a text that is to be sent. */
export const FINDING_KINDS = ['number', 'date', 'weekday', 'time', 'money', 'id', 'phone', 'url', 'email', 'status', 'name', 'promise', 'language', 'echo', 'marker', 'length', 'empty'] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];
/** `high`: sending it takes one more confirmation. */
export type Severity = 'high' | 'low';

export const CONFIDENCES = ['solid', 'check', 'weak'] as const;
export type Confidence = (typeof CONFIDENCES)[number];
/** Why a draft is not `solid`, worst first; or, last, why it is. */
export const CONFIDENCE_REASONS = [
  'no_source',
  'findings',
  'injection',
  'asks_for_person',
  'risky_topic',
  'low_retrieval',
  'close_race',
  'few_sources',
  'unsure_language',
  'cut_off',
  'stale_source',
  'well_sourced',
] as const;
export type ConfidenceReason = (typeof CONFIDENCE_REASONS)[number];

/** Rules of the automatic mode, in the order in which they are told. All must hold. */
export const POLICY_RULES = [
  'mode',
  'stopped',
  'confirmed',
  'online',
  'claim',
  'assignee',
  'human_recent',
  'human_typing',
  'window',
  'business_hours',
  'inbound_kind',
  'newest',
  'handoff_wish',
  'intent',
  'language',
  'confidence',
  'findings',
  'injection',
  'source_approved',
  'conversation_cap',
  'number_cap',
  'cost_cap',
  'repeat',
  'loop',
] as const;
export type PolicyRule = (typeof POLICY_RULES)[number];
export type RuleVerdict = { rule: PolicyRule; holds: boolean; /** A figure or word that says more, never a text for people. */ detail: string | null };

/** What a message is about, as far as the policy has to know. Only the first two may be answered by themselves. */
export const INTENTS = [
  'knowledge_question',
  'request_status',
  'greeting',
  'complaint',
  'refund',
  'legal',
  'safety',
  'payment',
  'personal_data',
  'emergency',
  'insult',
  'minor',
  'off_topic',
  'unclear',
] as const;
export type Intent = (typeof INTENTS)[number];
export const AUTO_INTENTS: readonly Intent[] = ['knowledge_question', 'request_status'];

/** Why a conversation was handed to people by the automatic mode. `policy`: a rule did not hold; the run says which. */
export const HANDOFF_REASONS = ['asked_for_person', 'policy', 'failed', 'no_answer'] as const;
export type HandoffReason = (typeof HANDOFF_REASONS)[number];

export const REVIEW_VERDICTS = ['good', 'bad'] as const;
export const REVIEW_REASONS = ['wrong_fact', 'incomplete', 'tone', 'should_not_answer', 'language', 'other'] as const;
export type ReviewReason = (typeof REVIEW_REASONS)[number];

/** By how much the text that was sent differs from the draft, in grapheme clusters: light is below 40 %. */
export const EDIT_CLASSES = ['as_is', 'light', 'heavy', 'discarded'] as const;
export type EditClass = (typeof EDIT_CLASSES)[number];

export const KB_LANGUAGES = ['es', 'en', 'pt'] as const;
/** The language of the window, where the knowledge base has it. */
export const toKbLanguage = (language: string): (typeof KB_LANGUAGES)[number] => KB_LANGUAGES.find((one) => one === language) ?? 'es';
export type KbLanguage = (typeof KB_LANGUAGES)[number];
export const KB_KINDS = ['article', 'file'] as const;
export const KB_STATES = ['pending', 'approved', 'retired'] as const;
export type KbState = (typeof KB_STATES)[number];
/** What can be dropped in. */
export const KB_EXTENSIONS = ['md', 'txt', 'csv', 'pdf', 'docx', 'html'] as const;
/** Why a file gave no text. */
export const KB_FILE_PROBLEMS = ['too_large', 'unknown_type', 'empty', 'encrypted', 'damaged', 'too_slow', 'too_much_text'] as const;
export type KbFileProblem = (typeof KB_FILE_PROBLEMS)[number];

export const PROVIDER_PROFILES = ['builtin', 'openai', 'azure', 'ollama', 'custom'] as const;
export type ProviderProfile = (typeof PROVIDER_PROFILES)[number];

/** Why settings of a provider are refused before anything is sent. `other_origin`: the key was given for another server; `not_local`: only this machine is allowed. */
export const PROVIDER_PROBLEMS = ['no_address', 'bad_address', 'not_https', 'not_local', 'no_model', 'no_key', 'other_origin'] as const;
export type ProviderProblem = (typeof PROVIDER_PROBLEMS)[number];
