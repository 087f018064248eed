import { expect, it } from 'vitest';
import { DEFAULT_AI_SETTINGS } from '../../../../../contract/ai/ai-defaults.ts';
import type { AiSettings } from '../../../../../contract/ai/ai-entities.ts';
import type { ProviderProfile } from '../../../../../contract/ai/ai-words.ts';
import { autoConfirmationOf } from '../../../../../main/engine/ai/auto-confirmation.ts';
import { createAutoDecider } from '../../../../../main/engine/ai/auto/decide-auto.ts';
import { bodyOf } from '../../../contract/ai-samples.ts';

/** What is judged of a draft where automatic answers are confirmed for these settings. */
function judge(profile: ProviderProfile, isExtract: boolean, autoState: AiSettings['auto']['state']) {
  const named: AiSettings = { ...DEFAULT_AI_SETTINGS, mode: 'auto', provider: { ...DEFAULT_AI_SETTINGS.provider, profile, model: 'm' } };
  const settings: AiSettings = { ...named, auto: { ...named.auto, state: autoState, confirmedFor: autoConfirmationOf(named) } };
  const conversation = { id: 'c', phone_number_id: 'p', assignee_id: null, last_inbound_at: 1, last_inbound_seq: 1 };
  const decider = createAutoDecider({
    queries: { listBurst: () => [], listInboundSince: () => [], findLastHuman: () => null, listSent: () => [], listAutomatic: () => [], listAutomaticOfNumber: () => [] },
    state: { get: ((table: string) => (table === 'conversation' ? conversation : undefined)) as never, list: () => [] },
    presence: { presentAgents: () => new Set(), isWriting: () => false },
    ledger: { hasRoomForAuto: () => true },
    readSettings: () => settings,
    hours: { isOpen: () => true },
    isOnline: () => true,
    deviceId: () => 'd',
    now: () => 2,
  });
  const verdict = decider.judge({ draftId: 'x', conversationId: 'c', fence: 1, body: bodyOf({ isExtract }), intent: 'knowledge_question', isLanguageSure: true, costMicros: null });
  return verdict?.rules.find(({ rule }) => rule === 'confirmed')?.holds;
}

it.each(['on', 'shadow'] as const)('what was confirmed is who answers, and nobody in its place (%s)', (state) => {
  expect(judge('openai', false, state)).toBe(true);
  expect(judge('builtin', true, state)).toBe(true);
  expect(judge('openai', true, state), 'the model is away, and the knowledge base speaks').toBe(false);
});
