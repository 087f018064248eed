/** How far a draft can be trusted, in three words with reasons. By rules over what is known of it, never by what a model says of itself. */
import type { Finding } from '../../../../contract/ai/ai-entities.ts';
import { AUTO_INTENTS, CONFIDENCE_REASONS, type Confidence, type ConfidenceReason, type Intent } from '../../../../contract/ai/ai-words.ts';

export type ConfidenceInput = {
  findings: readonly Finding[];
  hasInjection: boolean;
  /** The customer wants no machine's answer. */
  wishesPerson: boolean;
  intent: Intent | null;
  /** The passages that were given, best first, as they were found. `score` orders them; `coverage`, 0 to 1, is how much of the question they hold. */
  passages: readonly { articleId: string; score: number; coverage: number }[];
  /** Whether the sentences rest on facts of the request or contact and so need no passage. */
  usesRecordFacts: boolean;
  sentences: readonly { factIds: readonly string[] }[];
  isLanguageSure: boolean;
  isCutOff: boolean;
  /** A passage that it rests on is of an older revision, or was retired. */
  hasStaleSource: boolean;
};

/** Below, a passage is hardly about the question. */
const COVERAGE_LOW = 0.35;
/** Another article with so much of the best one's score, and as much of the question, may be the right one. */
const CLOSE_SHARE = 0.92;
/** Of the sentences so many rest on a fact; greetings and thanks do not. */
const SOURCED_SHARE = 0.5;

/** Each makes a draft weak by itself. */
const WEAK: readonly ConfidenceReason[] = ['no_source', 'injection', 'cut_off', 'low_retrieval'];

/** @returns reasons worst first, as `CONFIDENCE_REASONS` has them; at least one. */
export function judgeConfidence(input: ConfidenceInput): { confidence: Confidence; reasons: ConfidenceReason[] } {
  const { findings, sentences, passages } = input;
  const sourced = sentences.filter(({ factIds }) => factIds.length > 0).length;
  const cites = sentences.some(({ factIds }) => factIds.some((id) => id.startsWith('K')));
  const [best] = passages;
  const rival = passages.find(({ articleId }) => articleId !== best?.articleId);
  const restsOnPassages = cites || !input.usesRecordFacts;
  const holds: Partial<Record<ConfidenceReason, boolean>> = {
    no_source: sourced === 0,
    findings: findings.length > 0,
    injection: input.hasInjection,
    asks_for_person: input.wishesPerson,
    risky_topic: input.intent !== null && input.intent !== 'greeting' && !AUTO_INTENTS.includes(input.intent),
    low_retrieval: restsOnPassages && best !== undefined && best.coverage < COVERAGE_LOW,
    close_race: restsOnPassages && best !== undefined && rival !== undefined && rival.coverage >= best.coverage && rival.score >= best.score * CLOSE_SHARE,
    few_sources: sourced > 0 && sourced / sentences.length < SOURCED_SHARE,
    unsure_language: !input.isLanguageSure,
    cut_off: input.isCutOff,
    stale_source: input.hasStaleSource,
  };
  const reasons = CONFIDENCE_REASONS.filter((reason) => holds[reason] === true);
  if (reasons.length === 0) return { confidence: 'solid', reasons: ['well_sourced'] };
  const isWeak = reasons.some((reason) => WEAK.includes(reason)) || findings.filter(({ severity }) => severity === 'high').length > 2;
  return { confidence: isWeak ? 'weak' : 'check', reasons };
}
