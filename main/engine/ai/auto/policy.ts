/**
 * Whether an automatic answer may leave. Pure: whoever asks brings what is so at this moment, and asks again before sending. Invariant: every
 * rule is judged and told each time, and one that does not hold is enough; what is not known counts as not holding.
 */
import type { AiSettings, Finding } from '../../../../contract/ai/ai-entities.ts';
import { POLICY_RULES, type AiMode, type Confidence, type Intent, type PolicyRule, type RuleVerdict } from '../../../../contract/ai/ai-words.ts';
import { HUMAN_RECENT_MS, SERVICE_WINDOW_MS } from '../../../../contract/limits.ts';
import { foldText } from '../../../../contract/rules/fold-text.ts';

/** Left of the service window at least. */
export const WINDOW_MARGIN_MS = 5 * 60 * 1000;
/** So many messages of a customer within so long are written by no person. */
export const LOOP_MESSAGES = 4;
export const LOOP_MS = 20_000;
/** The same text twice within so long may be another automaton's answer to ours; people who say "ok" twice a day are none. */
export const SAME_TEXT_MS = 60 * 60 * 1000;
const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

export type PolicyInput = {
  /** Relay time, like all times here (ms). */
  now: number;
  settings: AiSettings['auto'];
  /** The business, by the workspace's hours. Null: this machine does not know its time zone. */
  isOpen: boolean | null;
  /** As it is for this conversation: its own, its number's or the workspace's. */
  mode: AiMode;
  /** The kill switch is on. */
  isStopped: boolean;
  /** `autoConfirmation` of the settings as they are now. */
  confirmation: string;
  /** The relay is there and everything it has was applied. */
  isOnline: boolean;
  /** This desktop holds the claim of the message; `leaseUntil` in relay time. Null: it does not. */
  claim: { inboundMessageId: string; leaseUntil: number } | null;
  /** Null: nobody has the conversation. */
  assignee: { isAway: boolean } | null;
  /** When a person of the team last wrote in it; null: never. */
  lastHumanAt: number | null;
  isHumanTyping: boolean;
  /** Meta's time of the customer's last message; null: never. */
  lastInboundAt: number | null;
  /** The messages that are answered, oldest first; `kind` as messages have it, `text` what a customer typed. */
  inbound: readonly { messageId: string; kind: string; text: string }[];
  /** Id of the newest inbound message there is now. */
  newestInboundId: string | null;
  wishesPerson: boolean;
  intent: Intent | null;
  /** In which the answer is. */
  language: { code: string; isSure: boolean };
  draft: { text: string; confidence: Confidence; findings: readonly Finding[]; hasInjection: boolean; isCutOff: boolean } | null;
  /** Knowledge that the text rests on; those of the request and contact need no approval. */
  sources: readonly { mayAutoAnswer: boolean }[];
  /** The text rests on the request's own facts. */
  usesRequestFacts: boolean;
  /** When automatic answers left in this conversation, newest last, and how many since a person last wrote. */
  autoSentAt: readonly number[];
  autoInRow: number;
  /** Automatic answers of the number, in the last hour or longer. */
  numberAutoSentAt: readonly number[];
  isCostCapped: boolean;
  /** What was sent in this conversation before, by whomever, newest last. */
  sentTexts: readonly string[];
  /** Inbound messages of the conversation of the last hour at least, the answered ones among them. */
  recentInbound: readonly { at: number; text: string }[];
};

type Judgement = { holds: boolean; detail?: string | null };

/** Texts are the same however they are spaced and whether or not they have accents. */
const sameText = (text: string): string =>
  foldText(text)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
const since = (times: readonly number[], now: number, span: number): number => times.filter((at) => at > now - span).length;

const RULES: Record<PolicyRule, (input: PolicyInput) => Judgement> = {
  mode: ({ mode }) => ({ holds: mode === 'auto', detail: mode }),
  stopped: ({ isStopped }) => ({ holds: !isStopped }),
  // Shadow decides too: whether it sends is the caller's to know, so only what was confirmed counts here.
  confirmed: ({ settings, confirmation }) => ({ holds: confirmation !== '' && settings.confirmedFor === confirmation }),
  online: ({ isOnline }) => ({ holds: isOnline }),
  claim: ({ claim, inbound, now }) => ({
    holds: claim !== null && claim.leaseUntil > now && claim.inboundMessageId === inbound.at(-1)?.messageId,
    detail: claim === null ? null : String(claim.leaseUntil - now),
  }),
  assignee: ({ assignee }) => ({ holds: assignee === null || assignee.isAway, detail: assignee === null ? null : assignee.isAway ? 'away' : 'present' }),
  human_recent: ({ lastHumanAt, now }) => ({
    holds: lastHumanAt === null || now - lastHumanAt >= HUMAN_RECENT_MS,
    detail: lastHumanAt === null ? null : String(Math.round((now - lastHumanAt) / 60_000)),
  }),
  human_typing: ({ isHumanTyping }) => ({ holds: !isHumanTyping }),
  window: ({ lastInboundAt, now }) => {
    const left = lastInboundAt === null ? 0 : lastInboundAt + SERVICE_WINDOW_MS - now;
    return { holds: left > WINDOW_MARGIN_MS, detail: String(Math.max(0, Math.floor(left / 60_000))) };
  },
  business_hours: ({ settings: { hours }, isOpen }) => {
    if (hours === 'always') return { holds: true, detail: hours };
    return { holds: isOpen !== null && isOpen === (hours === 'inside'), detail: isOpen === null ? 'zone' : isOpen ? 'open' : 'closed' };
  },
  inbound_kind: ({ inbound }) => {
    const other = inbound.find(({ kind, text }) => kind !== 'text' || text.trim() === '');
    return { holds: inbound.length > 0 && other === undefined, detail: other?.kind ?? null };
  },
  newest: ({ inbound, newestInboundId }) => ({ holds: newestInboundId !== null && inbound.at(-1)?.messageId === newestInboundId }),
  handoff_wish: ({ wishesPerson }) => ({ holds: !wishesPerson }),
  // The list of the settings can only be shorter than the one that is allowed at all.
  intent: ({ intent, settings }) => ({ holds: (intent === 'knowledge_question' || intent === 'request_status') && settings.intents.includes(intent), detail: intent }),
  language: ({ language, settings }) => ({ holds: language.isSure && settings.languages.includes(language.code), detail: language.code }),
  confidence: ({ draft }) => ({ holds: draft?.confidence === 'solid' && !draft.isCutOff, detail: draft === null ? null : draft.isCutOff ? 'cut_off' : draft.confidence }),
  findings: ({ draft }) => ({ holds: draft !== null && draft.findings.length === 0, detail: draft === null ? null : [...new Set(draft.findings.map(({ kind }) => kind))].join(' ') || null }),
  injection: ({ draft }) => ({ holds: draft !== null && !draft.hasInjection }),
  source_approved: ({ sources, usesRequestFacts }) => ({
    holds: sources.every(({ mayAutoAnswer }) => mayAutoAnswer) && (sources.length > 0 || usesRequestFacts),
    detail: String(sources.filter(({ mayAutoAnswer }) => !mayAutoAnswer).length),
  }),
  conversation_cap: ({ autoInRow, autoSentAt, settings, now }) => {
    const today = since(autoSentAt, now, DAY_MS);
    return { holds: autoInRow < settings.perConversationInRow && today < settings.perConversationDay, detail: `${autoInRow}/${settings.perConversationInRow} ${today}/${settings.perConversationDay}` };
  },
  number_cap: ({ numberAutoSentAt, settings, now }) => {
    const sent = since(numberAutoSentAt, now, HOUR_MS);
    return { holds: sent < settings.perNumberHour, detail: `${sent}/${settings.perNumberHour}` };
  },
  cost_cap: ({ isCostCapped }) => ({ holds: !isCostCapped }),
  // Also within what was sent: the first automatic answer carries more than its text.
  repeat: ({ draft, sentTexts }) => ({ holds: draft !== null && !sentTexts.some((text) => ` ${sameText(text)} `.includes(` ${sameText(draft.text)} `)) }),
  loop: ({ recentInbound, now }) => {
    const sorted = recentInbound.filter(({ at }) => at > now - SAME_TEXT_MS).toSorted((one, other) => one.at - other.at);
    const crowded = sorted.some(({ at }) => sorted.filter((other) => other.at >= at && other.at < at + LOOP_MS).length > LOOP_MESSAGES);
    const texts = sorted.map(({ text }) => sameText(text)).filter((text) => text !== '');
    const isIdentical = new Set(texts).size < texts.length;
    return { holds: !crowded && !isIdentical, detail: crowded ? 'crowded' : isIdentical ? 'identical' : null };
  },
};

/** @returns every rule in the order of `POLICY_RULES`; `maySend` only if all hold. */
export function judgePolicy(input: PolicyInput): { maySend: boolean; rules: RuleVerdict[] } {
  const rules = POLICY_RULES.map((rule) => {
    const { holds, detail = null } = RULES[rule](input);
    return { rule, holds, detail: detail?.slice(0, 200) ?? null };
  });
  return { maySend: rules.every(({ holds }) => holds), rules };
}
