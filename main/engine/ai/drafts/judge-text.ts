/** What is to be said of a text before people see it: the checks, with what is known of the conversation. */
import type { Fact, Finding, Sentence } from '../../../../contract/ai/ai-entities.ts';
import type { Confidence, ConfidenceReason, Intent } from '../../../../contract/ai/ai-words.ts';
import { rootOf } from '../../../../contract/ops/contact-ops.ts';
import { referenceOf } from '../../../../contract/requests/request-rules.ts';
import type { Zone } from '../../hours/zone.ts';
import type { StateTx } from '../../../../contract/state.ts';
import { judgeConfidence } from '../checks/confidence.ts';
import { wishesPersonIn } from '../checks/handoff-wish.ts';
import { findInjection } from '../checks/injection.ts';
import { judgeIntent } from '../checks/intent.ts';
import { checkText } from '../checks/output-checks.ts';
import type { StatusFact } from '../checks/status-claims.ts';
import type { LanguageDetector } from '../language.ts';
import type { RetrievedPassage } from './model-calls.ts';

export type Judged = { findings: Finding[]; confidence: Confidence; confidenceReasons: ConfidenceReason[]; hasInjection: boolean; intent: Intent | null };
export type TextToJudge = {
  conversationId: string;
  text: string;
  sentences: readonly Sentence[];
  /** Ids that the model named and that are none. */
  unknownMarkers: readonly string[];
  /** Only of this conversation. */
  facts: readonly Fact[];
  /** The customer's newest messages, oldest first. */
  inbound: readonly string[];
  question: string;
  language: { code: string; isSure: boolean };
  /** That were found for it, best first. */
  retrieved: readonly RetrievedPassage[];
  /** Of the prompt; empty where a person wrote the text. */
  systemText: string;
  nonce: string;
  isCutOff: boolean;
};
type Deps = {
  state: Pick<StateTx, 'get' | 'list'>;
  detectLanguage: LanguageDetector['detectLanguage'];
  zone: () => Zone;
  /** Relay time, ms. */
  now: () => number;
};
export type JudgeText = ReturnType<typeof createTextJudge>;

export function createTextJudge({ state, detectLanguage, zone, now }: Deps) {
  const readPerson = (conversationId: string): string | null => {
    const contactId = state.get('conversation', [conversationId])?.contact_id;
    const row = contactId === undefined ? undefined : state.get('contact', [rootOf(state, contactId)]);
    return row?.name ?? row?.profile_name ?? null;
  };
  const readStatuses = (conversationId: string): StatusFact[] =>
    state.list('request_link_by_conversation', [conversationId]).flatMap(({ request_id: id }) => {
      const row = state.get('service_request', [id]);
      return row ? [{ reference: referenceOf(row), status: row.status }] : [];
    });

  return ({ conversationId, text, sentences, unknownMarkers, facts, inbound, question, language, retrieved, systemText, nonce, isCutOff }: TextToJudge): Judged => {
    const statusFacts = readStatuses(conversationId);
    const findings = checkText({
      text,
      sentences,
      facts,
      customerTexts: inbound,
      language: language.isSure ? language.code : null,
      detectLanguage: (written) => detectLanguage([written], 'es'),
      person: readPerson(conversationId),
      statusFacts,
      unknownMarkers,
      systemText,
      nonce,
      now: now(),
      timeZone: zone().name,
    });
    const hasInjection = [...inbound, ...facts.filter(({ kind }) => kind === 'knowledge').map((fact) => fact.text)].some((words) => findInjection(words) !== null);
    const { intent } = judgeIntent({ text: question, hasRequest: statusFacts.length > 0, hasKnowledge: retrieved.length > 0 });
    const records = new Set(facts.flatMap(({ id, kind }) => (kind === 'request' || kind === 'contact' ? [id] : [])));
    const usesRecordFacts = sentences.some(({ factIds }) => factIds.some((id) => records.has(id)));
    const { confidence, reasons } = judgeConfidence({
      findings,
      hasInjection,
      wishesPerson: wishesPersonIn(question.split('\n')),
      intent,
      passages: retrieved,
      usesRecordFacts,
      sentences,
      isLanguageSure: language.isSure,
      isCutOff,
      hasStaleSource: false,
    });
    return { findings, confidence, confidenceReasons: reasons, hasInjection, intent };
  };
}
