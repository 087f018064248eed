import { expect, it } from 'vitest';
import { DEFAULT_AI_SETTINGS } from '../../../../../contract/ai/ai-defaults.ts';
import type { PolicyRule } from '../../../../../contract/ai/ai-words.ts';
import { automaticText } from '../../../../../contract/ai/automatic-text.ts';
import { AUTO_LATE_MAX_MS } from '../../../../../contract/limits.ts';
import { planCountdown, planInbound, type CountdownSight, type CountdownStep, type InboundSight, type InboundStep } from '../../../../../main/engine/ai/auto/auto-core.ts';
import { handoffFor } from '../../../../../main/engine/ai/auto/decide-auto.ts';
import { noticeIn, withoutNotice } from '../../../../../main/engine/ai/auto/notice.ts';
import { autoConfirmationOf, withConfirmedAuto } from '../../../../../main/engine/ai/auto-confirmation.ts';
import { wishesPerson } from '../../../../../main/engine/ai/checks/handoff-wish.ts';

const AT = 1_000_000;
const due: CountdownSight = { now: AT + 1_000, at: AT, isOnline: true, isInHand: true, leaseUntil: AT + 40_000, isSomebodyWriting: false, broken: null, approvals: { count: 0, lastAt: 0 } };
const policy = { reason: 'policy', detail: 'intent' } as const;

it.each<[string, Partial<CountdownSight>, CountdownStep]>([
  ['it is time', {}, { do: 'approve' }],
  ['it is not time by a relay whose clock is a little behind', { now: AT + 100 }, { do: 'wait', until: AT + 500 }],
  ['its lease would end before it is time', { now: AT - 20_000, leaseUntil: AT }, { do: 'renew' }],
  ['its lease runs long enough', { now: AT - 20_000, leaseUntil: AT + 30_000 }, { do: 'wait', until: AT + 500 }],
  ['the relay is away', { isOnline: false }, { do: 'let_go' }],
  ['the relay is away and it is not in hand any more', { isOnline: false, isInHand: false }, { do: 'let_go' }],
  ['another process proposed it', { isInHand: false }, { do: 'hand_off', reason: 'failed', detail: 'interrupted' }],
  ['somebody writes', { isSomebodyWriting: true }, { do: 'stop' }],
  ['its lease is over', { leaseUntil: AT + 1_000 }, { do: 'hand_off', reason: 'failed', detail: 'lease' }],
  ['the claim is another', { leaseUntil: null }, { do: 'hand_off', reason: 'failed', detail: 'lease' }],
  ['the policy does not hold any more, and people know', { broken: { handoff: null } }, { do: 'stop' }],
  ['the policy does not hold any more, and nobody knows', { broken: { handoff: policy } }, { do: 'hand_off', ...policy }],
  ['the machine slept', { now: AT + AUTO_LATE_MAX_MS, leaseUntil: AT + 100_000 }, { do: 'hand_off', reason: 'failed', detail: 'late' }],
  ['it was approved a moment ago', { approvals: { count: 1, lastAt: AT + 600 } }, { do: 'wait', until: AT + 2_600 }],
  ['the log refused it twice', { now: AT + 5_000, approvals: { count: 2, lastAt: AT + 2_700 } }, { do: 'hand_off', reason: 'failed', detail: 'late' }],
])('a countdown where %s', (_, change, step) => {
  expect(planCountdown({ ...due, ...change })).toEqual(step);
});

const asked: InboundSight = { now: AT + 400_000, receivedAt: AT, kind: 'words', claimedUntil: 0, isBeingMade: false, draft: null, lastTry: null };
it.each<[string, Partial<InboundSight>, InboundStep]>([
  ['that nobody takes up', {}, { do: 'hand_off', reason: 'failed', detail: 'nobody' }],
  ['that came a moment ago', { now: AT + 1_000 }, { do: 'wait', until: AT + 180_000 }],
  ['that another desktop has claimed', { claimedUntil: AT + 430_000 }, { do: 'wait', until: AT + 430_000 }],
  ['that is being answered here', { isBeingMade: true, claimedUntil: AT + 430_000 }, { do: 'wait', until: AT + 405_000 }],
  ['that is a reaction', { kind: 'none' }, { do: 'nothing' }],
  ['that is a voice message', { kind: 'no_words' }, { do: 'hand_off', reason: 'policy', detail: 'inbound_kind' }],
  ['that nothing in the knowledge base answers', { lastTry: { outcome: 'empty', isGap: true } }, { do: 'hand_off', reason: 'no_answer', detail: '' }],
  ['for which the model failed', { lastTry: { outcome: 'quota', isGap: false } }, { do: 'hand_off', reason: 'failed', detail: 'quota' }],
  ['whose draft a person cancelled', { lastTry: { outcome: 'cancelled', isGap: false } }, { do: 'nothing' }],
  ['whose answer was overtaken, and which nobody takes up', { lastTry: { outcome: 'superseded', isGap: false } }, { do: 'hand_off', reason: 'failed', detail: 'nobody' }],
  ['whose draft a person has', { draft: { is: 'attended' } }, { do: 'nothing' }],
  ['whose draft the policy held back', { draft: { is: 'waiting', verdict: { maySend: false, handoff: policy } } }, { do: 'hand_off', ...policy }],
  ['whose draft waits for whoever is at it', { draft: { is: 'waiting', verdict: { maySend: false, handoff: null } } }, { do: 'nothing' }],
  ['whose draft was made in another mode', { draft: { is: 'waiting', verdict: null } }, { do: 'nothing' }],
  ['whose answer the log did not let go', { draft: { is: 'waiting', verdict: { maySend: true, handoff: null } } }, { do: 'hand_off', reason: 'failed', detail: 'interrupted' }],
  ['whose answer counts down', { draft: { is: 'counting', at: AT + 395_000 } }, { do: 'wait', until: AT + 465_000 }],
  ['whose answer has counted down long ago', { draft: { is: 'counting', at: AT } }, { do: 'hand_off', reason: 'failed', detail: 'interrupted' }],
])('a message %s', (_, change, step) => {
  expect(planInbound({ ...asked, ...change })).toEqual(step);
});

it.each<[PolicyRule[], ReturnType<typeof handoffFor>]>([
  [[], null],
  [['intent', 'findings'], { reason: 'policy', detail: 'intent findings' }],
  [['handoff_wish', 'confidence', 'human_recent'], { reason: 'asked_for_person', detail: 'handoff_wish confidence human_recent' }],
  [['claim'], { reason: 'failed', detail: 'claim' }],
  [['assignee', 'handoff_wish'], null],
  [['human_typing', 'intent'], null],
  [['stopped', 'intent'], null],
  [['newest', 'claim'], null],
])('where %j do not hold, people get %j', (broken, handoff) => {
  expect(handoffFor(broken.map((rule) => ({ rule, holds: false })))).toEqual(handoff);
});

it.each(['es', 'en', 'pt', 'fr'])('the notice in %s names a word that brings a person', (language) => {
  const word = /[«“](.+)[»”]/.exec(noticeIn(language))?.[1] ?? '';
  expect(wishesPerson(word)).toBe(true);
  // So that the next answer is compared with what this one said.
  expect(withoutNotice(automaticText({ text: 'Abrimos a las 8.', notice: noticeIn(language) }))).toBe('Abrimos a las 8.');
});

it('settings are on only for what was confirmed', () => {
  const on = (confirmedFor: string) => ({ ...DEFAULT_AI_SETTINGS, auto: { ...DEFAULT_AI_SETTINGS.auto, state: 'on' as const, confirmedFor } });
  const confirmed = on(autoConfirmationOf(DEFAULT_AI_SETTINGS));
  expect(withConfirmedAuto(confirmed)).toEqual(confirmed);
  expect(withConfirmedAuto(on('')).auto.state).toBe('shadow');
  for (const change of [{ model: 'other' }, { baseUrl: 'https://other.example/v1' }, { profile: 'custom' as const }, { api: 'responses' as const }]) {
    expect(withConfirmedAuto({ ...confirmed, provider: { ...confirmed.provider, ...change } }).auto.state).toBe('shadow');
  }
});
