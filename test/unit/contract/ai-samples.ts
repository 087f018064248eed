/** What desktops write about drafts and runs, for tests of the reducer. */
import { DEFAULT_AI_SETTINGS } from '../../../contract/ai/ai-defaults.ts';
import type { AiRun, AiSettings, DraftBody } from '../../../contract/ai/ai-entities.ts';
import { hashRun } from '../../../contract/ai/run-record.ts';
import type { OpArgs, OpBody } from '../../../contract/ops/op.ts';

export const ANSWER = 'Abrimos de 8 a 17.';

export const bodyOf = (more: Partial<DraftBody> = {}): DraftBody => ({
  text: ANSWER,
  language: 'es',
  sentences: [{ start: 0, end: ANSWER.length, factIds: ['K1'] }],
  facts: [{ id: 'K1', kind: 'knowledge', label: 'Horario', text: 'Lunes a viernes de 8 a 17', ref: null }],
  findings: [],
  confidence: 'solid',
  confidenceReasons: ['well_sourced'],
  hasInjection: false,
  isExtract: false,
  isCutOff: false,
  ...more,
});

/** A run whose policy would send. @param seen `basis.lastMessageSeq`. */
export function runOf(runId: string, conversationId: string, seen: number, more: Partial<AiRun> = {}): AiRun {
  const run: Omit<AiRun, 'hash'> = {
    runId,
    purpose: 'reply',
    rewrite: null,
    conversationId,
    contactId: 'somebody',
    basis: { conversationId, lastInboundId: null, lastMessageSeq: seen, requestRev: 0, contactRev: 0, knowledgeRev: 0, settingsRev: '', promptVersion: '1' },
    provider: { profile: 'openai', host: 'models.example', modelAsked: 'm', modelAnswered: 'm', fingerprint: null, requestId: null },
    promptHash: '',
    sections: { rules: 900 },
    facts: [],
    retrieved: [],
    masked: {},
    text: { question: '¿A qué hora abren?', raw: `${ANSWER} [K1]`, final: ANSWER, instruction: '' },
    findings: [],
    confidence: 'solid',
    confidenceReasons: ['well_sourced'],
    hasInjection: false,
    intent: 'knowledge_question',
    policy: { maySend: true, isShadow: false, rules: [{ rule: 'claim', holds: true, detail: null }] },
    usage: { input: 900, output: 20, cached: 0, reasoning: 0, isEstimate: false },
    costMicros: 120,
    priceTable: null,
    firstTokenMs: 300,
    totalMs: 900,
    retries: 0,
    outcome: 'ok',
    isGap: false,
    startedAt: 1,
    prevHash: '',
    ...more,
  };
  return { ...run, hash: hashRun(run) };
}

type Propose = Partial<Omit<OpArgs<'draft.propose'>, 'body' | 'run'>> & { body?: Partial<DraftBody>; run?: Partial<AiRun>; seen?: number };
export const proposeOp = (draftId: string, conversationId: string, aboutMessageId: string | null, { body, run, seen = 0, ...more }: Propose = {}): OpBody => ({
  type: 'draft.propose',
  args: {
    draftId,
    conversationId,
    aboutMessageId,
    replaces: null,
    body: bodyOf(body),
    template: null,
    isRequested: false,
    auto: null,
    run: runOf(`run-${draftId}`, conversationId, seen, run),
    ...more,
  },
});

/** An admin changes the AI settings from what they are. */
export const settingsOp = (from: AiSettings, to: AiSettings): OpBody => ({ type: 'setting.set', args: { from: { key: 'ai', value: from }, to: { key: 'ai', value: to } } });
export const AUTO_ON: AiSettings = { ...DEFAULT_AI_SETTINGS, mode: 'auto', auto: { ...DEFAULT_AI_SETTINGS.auto, state: 'on' } };
