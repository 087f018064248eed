/** What is to be said of a text before people see it. */
import type { Fact, Finding, Sentence } from '../../../../contract/ai/ai-entities.ts';
import type { Confidence, ConfidenceReason, Intent } from '../../../../contract/ai/ai-words.ts';
import { TEXT_BODY_MAX } from '../../../../contract/limits.ts';

export type Judged = { findings: Finding[]; confidence: Confidence; confidenceReasons: ConfidenceReason[]; hasInjection: boolean; intent: Intent | null };
export type TextToJudge = {
  text: string;
  sentences: readonly Sentence[];
  /** Ids that the model named and that are none. */
  unknownMarkers: readonly string[];
  facts: readonly Fact[];
  /** The customer's newest messages, oldest first. */
  inbound: readonly string[];
  question: string;
  language: { code: string; isSure: boolean };
  isCutOff: boolean;
};
export type JudgeText = (input: TextToJudge) => Judged;

export const judgeText: JudgeText = ({ text, sentences, unknownMarkers, isCutOff, language }) => {
  const findings: Finding[] = [
    ...unknownMarkers.map((detail): Finding => ({ start: 0, end: 0, kind: 'marker', severity: 'low', detail })),
    ...(text.length > TEXT_BODY_MAX ? [{ start: TEXT_BODY_MAX, end: text.length, kind: 'length' as const, severity: 'high' as const, detail: String(text.length) }] : []),
  ];
  const sourced = sentences.filter(({ factIds }) => factIds.length > 0).length;
  const reasons: ConfidenceReason[] = [
    ...(sourced === 0 ? ['no_source' as const] : []),
    ...(findings.length > 0 ? ['findings' as const] : []),
    ...(sourced > 0 && sourced * 2 < sentences.length ? ['few_sources' as const] : []),
    ...(language.isSure ? [] : ['unsure_language' as const]),
    ...(isCutOff ? ['cut_off' as const] : []),
  ];
  const confidence: Confidence = sourced === 0 || isCutOff ? 'weak' : reasons.length > 0 ? 'check' : 'solid';
  return { findings, confidence, confidenceReasons: reasons.length > 0 ? reasons : ['well_sourced'], hasInjection: false, intent: null };
};
