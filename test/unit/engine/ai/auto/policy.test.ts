import { expect, test } from 'vitest';
import { POLICY_RULES, type PolicyRule } from '../../../../../contract/ai/ai-words.ts';
import { judgePolicy, type PolicyInput } from '../../../../../main/engine/ai/auto/policy.ts';

const NOW = Date.UTC(2026, 10, 23, 16);
const MINUTE = 60_000;
const ok: PolicyInput = {
  now: NOW,
  settings: {
    state: 'on',
    confirmedFor: 'abc',
    countdownSeconds: 30,
    perConversationInRow: 3,
    perConversationDay: 6,
    perNumberHour: 60,
    intents: ['knowledge_question', 'request_status'],
    languages: ['es', 'en'],
    hours: 'always',
    reviewSample: 10,
  },
  isOpen: true,
  mode: 'auto',
  isStopped: false,
  confirmation: 'abc',
  isOnline: true,
  claim: { inboundMessageId: 'm2', leaseUntil: NOW + 40_000 },
  assignee: null,
  lastHumanAt: NOW - 31 * MINUTE,
  isHumanTyping: false,
  lastInboundAt: NOW - 10_000,
  inbound: [
    { messageId: 'm1', kind: 'text', text: 'Hola' },
    { messageId: 'm2', kind: 'text', text: '¿A qué hora abren?' },
  ],
  newestInboundId: 'm2',
  wishesPerson: false,
  intent: 'knowledge_question',
  language: { code: 'es', isSure: true },
  draft: { text: 'Abrimos a las 8:00.', confidence: 'solid', findings: [], hasInjection: false, isCutOff: false },
  sources: [{ mayAutoAnswer: true }],
  usesRequestFacts: false,
  autoSentAt: [],
  autoInRow: 0,
  numberAutoSentAt: [],
  isCostCapped: false,
  sentTexts: ['Buenos días'],
  recentInbound: [
    { at: NOW - 15_000, text: 'Hola' },
    { at: NOW - 10_000, text: '¿A qué hora abren?' },
  ],
};
const draft = ok.draft!;
const settings = ok.settings;

test('it sends when everything holds, and tells every rule', () => {
  const { maySend, rules } = judgePolicy(ok);
  expect(rules.filter(({ holds }) => !holds)).toEqual([]);
  expect(rules.map(({ rule }) => rule)).toEqual([...POLICY_RULES]);
  expect(maySend).toBe(true);
});

const finding = { kind: 'money', start: 0, end: 1, severity: 'low', detail: '' } as const;
/** Each change breaks exactly one rule. */
const BROKEN: [PolicyRule, string, Partial<PolicyInput>][] = [
  ['mode', 'the mode is draft', { mode: 'draft' }],
  ['stopped', 'the kill switch is on', { isStopped: true }],
  ['confirmed', 'another model was chosen since', { confirmation: 'other' }],
  ['confirmed', 'nobody ever confirmed it', { confirmation: '', settings: { ...settings, confirmedFor: '' } }],
  ['online', 'the relay is away', { isOnline: false }],
  ['claim', 'another desktop has it', { claim: null }],
  ['claim', 'the lease has ended', { claim: { inboundMessageId: 'm2', leaseUntil: NOW } }],
  ['claim', 'it is of an older message', { claim: { inboundMessageId: 'm1', leaseUntil: NOW + 1 } }],
  ['assignee', 'somebody has the conversation and is there', { assignee: { isAway: false } }],
  ['human_recent', 'a person wrote 30 minutes ago less a moment', { lastHumanAt: NOW - 30 * MINUTE + 1 }],
  ['human_typing', 'a colleague types', { isHumanTyping: true }],
  ['window', 'five minutes are left', { lastInboundAt: NOW - 24 * 60 * MINUTE + 5 * MINUTE }],
  ['window', 'the customer never wrote', { lastInboundAt: null }],
  ['business_hours', 'it is open and only nights are answered', { settings: { ...settings, hours: 'outside' } }],
  ['business_hours', 'the time zone is none', { isOpen: null, settings: { ...settings, hours: 'outside' } }],
  ['inbound_kind', 'one of the burst is a picture', { inbound: [{ messageId: 'm1', kind: 'image', text: '' }, ...ok.inbound.slice(1)] }],
  ['newest', 'a newer one has come', { newestInboundId: 'm3' }],
  ['handoff_wish', 'the customer wants a person', { wishesPerson: true }],
  ['intent', 'it is a complaint', { intent: 'complaint' }],
  ['intent', 'it is on the list of the settings and may never be answered', { intent: 'refund', settings: { ...settings, intents: ['refund'] } }],
  ['intent', 'the settings leave it out', { intent: 'request_status', settings: { ...settings, intents: ['knowledge_question'] } }],
  ['intent', 'nothing is known of it', { intent: null }],
  ['language', 'it is not supported', { language: { code: 'pt', isSure: true } }],
  ['language', 'it is a guess', { language: { code: 'es', isSure: false } }],
  ['confidence', 'it wants a look', { draft: { ...draft, confidence: 'check' } }],
  ['confidence', 'it ends in the middle', { draft: { ...draft, isCutOff: true } }],
  ['findings', 'there is one, however slight', { draft: { ...draft, findings: [finding] } }],
  ['injection', 'somebody commands the model', { draft: { ...draft, hasInjection: true } }],
  ['source_approved', 'an article must not answer by itself', { sources: [{ mayAutoAnswer: true }, { mayAutoAnswer: false }] }],
  ['source_approved', 'it rests on nothing', { sources: [] }],
  ['conversation_cap', 'three in a row', { autoInRow: 3 }],
  ['conversation_cap', 'six today', { autoSentAt: Array.from({ length: 6 }, (_, n) => NOW - n * 60 * MINUTE) }],
  ['number_cap', 'sixty within the hour', { numberAutoSentAt: Array.from({ length: 60 }, () => NOW - 59 * MINUTE) }],
  ['cost_cap', 'the money is spent', { isCostCapped: true }],
  ['repeat', 'the same was said before, in other letters', { sentTexts: ['ABRIMOS a las 8:00'] }],
  ['repeat', 'it was sent with the notice of the first one', { sentTexts: ['Respuesta automática.\n\nAbrimos a las 8:00.'] }],
  ['loop', 'five within 20 seconds', { recentInbound: Array.from({ length: 5 }, (_, n) => ({ at: NOW - 100_000 + n * 4_999, text: `mensaje ${n}` })) }],
  [
    'loop',
    'the same text twice',
    {
      recentInbound: [
        { at: NOW - 50_000, text: 'Gracias por escribirnos.' },
        { at: NOW, text: 'gracias por escribirnos' },
      ],
    },
  ],
];
test.each(BROKEN)('%s does not hold when %s', (rule, _, change) => {
  const verdict = judgePolicy({ ...ok, ...change });
  expect(verdict.rules.filter(({ holds }) => !holds).map((one) => one.rule)).toEqual([rule]);
  expect(verdict.maySend).toBe(false);
});
test('every rule can fail', () => {
  expect(new Set(BROKEN.map(([rule]) => rule))).toEqual(new Set(POLICY_RULES));
});
test('without a draft nothing may leave', () => {
  expect(judgePolicy({ ...ok, draft: null }).maySend).toBe(false);
});

test.each<[string, Partial<PolicyInput>]>([
  ['whoever has it is away', { assignee: { isAway: true } }],
  ['no person ever wrote', { lastHumanAt: null }],
  ['a person wrote 30 minutes ago', { lastHumanAt: NOW - 30 * MINUTE }],
  ['a request’s own facts say it', { intent: 'request_status', sources: [], usesRequestFacts: true }],
  ['the sixth of yesterday counts no more', { autoSentAt: Array.from({ length: 6 }, () => NOW - 24 * 60 * MINUTE) }],
  ['four within 20 seconds', { recentInbound: Array.from({ length: 4 }, (_, n) => ({ at: NOW - 100_000 + n, text: `mensaje ${n}` })) }],
  ['the fifth comes after 20 seconds', { recentInbound: Array.from({ length: 5 }, (_, n) => ({ at: NOW - 100_000 + n * 5_000, text: `mensaje ${n}` })) }],
  ['the same text came an hour ago', { recentInbound: [{ at: NOW - 60 * MINUTE, text: 'Hola' }, ...ok.recentInbound] }],
  ['it is open and days are answered', { settings: { ...settings, hours: 'inside' } }],
])('it still sends when %s', (_, change) => {
  expect(judgePolicy({ ...ok, ...change }).rules.filter(({ holds }) => !holds)).toEqual([]);
});
