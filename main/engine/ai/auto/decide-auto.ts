/**
 * What the policy has to know of a conversation, read from rows, and what follows from its verdict. Invariants: the same reading decides when a draft
 * is ready, while it counts down and when it is due; in shadow everything is judged and recorded as if it were confirmed, and nothing counts down.
 */
import type { AiSettings, DraftBody } from '../../../../contract/ai/ai-entities.ts';
import type { HandoffReason, Intent, PolicyRule, RuleVerdict } from '../../../../contract/ai/ai-words.ts';
import { automaticText } from '../../../../contract/ai/automatic-text.ts';
import { effectiveMode } from '../../../../contract/ai/effective-mode.ts';
import { TEXT_BODY_MAX } from '../../../../contract/limits.ts';
import { isAiStopped } from '../../../../contract/ops/ai-settings.ts';
import { readConversationAi } from '../../../../contract/ops/draft-events.ts';
import type { StateTx } from '../../../../contract/state.ts';
import { wordsOf } from '../../../../contract/whatsapp/content-words.ts';
import { inboundMessageId } from '../../../../contract/whatsapp/webhook-result.ts';
import { readContent } from '../../conversations/views.ts';
import type { AutoQueries, SaidView } from '../../db/auto-queries.ts';
import type { Presence } from '../../team/presence.ts';
import { autoConfirmationOf } from '../auto-confirmation.ts';
import { wishesPersonIn } from '../checks/handoff-wish.ts';
import type { AutoDecision, ReadyDraft } from '../drafts/draft-flow.ts';
import type { Ledger } from '../drafts/ledger.ts';
import { noticeIn, withoutNotice } from './notice.ts';
import type { Hours } from '../../hours/hours.ts';
import { judgePolicy, type PolicyInput } from './policy.ts';

/** What is known of a draft beside its rows, as long as this desktop has it in hand. */
export type AutoSubject = {
  draftId: string;
  conversationId: string;
  fence: number | null;
  body: DraftBody;
  intent: Intent | null;
  isLanguageSure: boolean;
  costMicros: number | null;
};
export type AutoVerdict = { maySend: boolean; rules: RuleVerdict[] };

/** Messages of ours that are compared with, and how far back a customer's pace is looked at. */
const SENT_LOOK_BACK = 50;
const PACE_MS = 60_000;
const HOUR_MS = 60 * 60 * 1000;
/** The team decided so, somebody has the conversation, or there is a newer message to judge: nothing is handed to anybody for it. */
const DECIDED: ReadonlySet<PolicyRule> = new Set(['mode', 'stopped', 'confirmed', 'assignee', 'newest']);
/** A person was there a moment ago. */
const ATTENDED: ReadonlySet<PolicyRule> = new Set(['human_recent', 'human_typing']);
/** Nothing of the conversation: this desktop was too late, or alone. */
const TOO_LATE: ReadonlySet<PolicyRule> = new Set(['online', 'claim']);

type Deps = {
  queries: Pick<AutoQueries, 'listBurst' | 'listInboundSince' | 'findLastHuman' | 'listSent' | 'listAutomatic' | 'listAutomaticOfNumber'>;
  state: Pick<StateTx, 'get' | 'list'>;
  presence: Pick<Presence, 'presentAgents' | 'isWriting'>;
  ledger: Pick<Ledger, 'hasRoomForAuto'>;
  readSettings: () => AiSettings;
  hours: Pick<Hours, 'isOpen'>;
  /** There is a line to the relay, and it has told everything it had. */
  isOnline: () => boolean;
  deviceId: () => string | null;
  /** Relay time, ms. */
  now: () => number;
};
export type AutoDecider = ReturnType<typeof createAutoDecider>;

export function createAutoDecider({ queries, state, presence, ledger, readSettings, hours, isOnline, deviceId, now }: Deps) {
  const judge = ({ draftId, conversationId, fence, body, intent, isLanguageSure, costMicros }: AutoSubject): AutoVerdict | null => {
    const row = state.get('conversation', [conversationId]);
    if (!row) return null;
    const settings = readSettings();
    const ai = readConversationAi(state, conversationId);
    const at = now();
    const burst = queries.listBurst(conversationId).map(readSaid);
    const lastHumanAt = queries.findLastHuman(conversationId);
    const autoSentAt = queries.listAutomatic(conversationId);
    // Confirmed was what the settings name: where that is away, what the knowledge base says instead is for people to send.
    const confirmation = body.isExtract === (settings.provider.profile === 'builtin') ? autoConfirmationOf(settings) : '';
    const isMine = fence !== null && ai.claim_about !== null && ai.claim_device === deviceId() && ai.claim_fence === fence;
    return judgePolicy({
      now: at,
      settings: isShadow() ? { ...settings.auto, confirmedFor: confirmation } : settings.auto,
      isOpen: hours.isOpen(at),
      mode: effectiveMode(settings, row.phone_number_id, ai.mode).mode,
      isStopped: isAiStopped(state),
      confirmation,
      isOnline: isOnline(),
      claim: isMine ? { inboundMessageId: ai.claim_about ?? '', leaseUntil: ai.claim_until } : null,
      assignee: row.assignee_id === null ? null : { isAway: presence.presentAgents()?.has(row.assignee_id) === false },
      lastHumanAt,
      isHumanTyping: presence.isWriting(conversationId),
      lastInboundAt: row.last_inbound_at,
      inbound: burst,
      newestInboundId: row.last_inbound_seq === 0 ? null : inboundMessageId(row.last_inbound_seq),
      wishesPerson: wishesPersonIn(burst.map(({ text }) => text)),
      intent,
      language: { code: body.language, isSure: isLanguageSure },
      draft: body,
      sources: body.facts.flatMap((fact) => (fact.kind === 'knowledge' ? [{ mayAutoAnswer: mayAnswer(fact.ref) }] : [])),
      usesRequestFacts: body.facts.some(({ kind }) => kind === 'request'),
      autoSentAt,
      autoInRow: autoSentAt.filter((sentAt) => sentAt > (lastHumanAt ?? 0)).length,
      numberAutoSentAt: queries.listAutomaticOfNumber(row.phone_number_id, at - HOUR_MS, draftId),
      isCostCapped: !ledger.hasRoomForAuto(conversationId, costMicros),
      sentTexts: queries
        .listSent(conversationId, SENT_LOOK_BACK)
        .flatMap((content) => wordsOf(readContent(content)) ?? [])
        .map(withoutNotice)
        .toReversed(),
      recentInbound: queries.listInboundSince(conversationId, at - PACE_MS).map((said) => ({ at: said.at, text: readSaid(said).text })),
    } satisfies PolicyInput);
  };

  /** Approved when it was read, and still. */
  const mayAnswer = (ref: DraftBody['facts'][number]['ref']): boolean => {
    if (ref?.kind !== 'knowledge' || !ref.mayAutoAnswer) return false;
    const article = state.get('kb_article', [ref.articleId]);
    return article?.state === 'approved' && article.may_auto_answer === 1;
  };

  const isShadow = (): boolean => {
    const settings = readSettings();
    return settings.auto.state === 'shadow' || settings.auto.confirmedFor !== autoConfirmationOf(settings);
  };

  return {
    judge,
    /** It decides, and sends nothing: by the settings, or because nobody has confirmed what they are now. */
    isShadow,
    /** Of a draft that is about to be proposed. @returns its decision, and what to keep of it while it counts down. */
    decide: ({ draftId, conversationId, fence, body, intent, prompt, costMicros }: ReadyDraft): AutoDecision & { subject: AutoSubject | null } => {
      // The first one says what it is, and how to reach a person.
      const notice = queries.listAutomatic(conversationId).length === 0 ? noticeIn(body.language) : undefined;
      const subject: AutoSubject = { draftId, conversationId, fence, body: { ...body, ...(notice !== undefined && { notice }) }, intent, isLanguageSure: prompt.language.isSure, costMicros };
      const verdict = judge(subject);
      if (verdict === null) return { auto: null, policy: null, subject: null };
      const policy = { ...verdict, isShadow: isShadow() };
      const isFitting = automaticText(subject.body).length <= TEXT_BODY_MAX;
      if (!verdict.maySend || policy.isShadow || fence === null || !isFitting) return { auto: null, policy, subject: null };
      return { auto: { fence, at: now() + readSettings().auto.countdownSeconds * 1_000 }, policy, ...(notice !== undefined && { notice }), subject };
    },
  };
}

/** Why people have to go on; null: whoever is at it, or the team, knows already. `detail`: the rules that did not hold. */
export function handoffFor(rules: readonly Pick<RuleVerdict, 'rule' | 'holds'>[]): { reason: HandoffReason; detail: string } | null {
  const broken = rules.filter(({ holds }) => !holds).map(({ rule }) => rule);
  const detail = broken.join(' ');
  if (broken.length === 0 || broken.some((rule) => DECIDED.has(rule))) return null;
  if (broken.includes('handoff_wish')) return { reason: 'asked_for_person', detail };
  if (broken.some((rule) => ATTENDED.has(rule))) return null;
  return { reason: broken.every((rule) => TOO_LATE.has(rule)) ? 'failed' : 'policy', detail };
}

/** What is no text has no words that could be answered. */
function readSaid({ messageId, content, at }: SaidView): { messageId: string; kind: string; text: string; at: number } {
  const said = readContent(content);
  return { messageId, kind: said.kind, text: wordsOf(said) ?? '', at };
}
