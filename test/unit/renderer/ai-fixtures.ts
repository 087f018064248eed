/** A conversation as the AI parts see it, with a draft. */
import type { Fact } from '../../../contract/ai/ai-entities.ts';
import type { ConversationAiView, DraftView, RunningView } from '../../../contract/ai/ai-views.ts';

export const IDLE: RunningView = { state: 'idle', draftId: null, text: '', until: null, failure: null, startedAt: null };
export const NO_AI: ConversationAiView = {
  mode: { own: null, inherited: 'draft', effective: 'draft', from: 'workspace', isStopped: false, isShadow: true },
  draft: null,
  running: IDLE,
  claimedBy: null,
  handoff: null,
  summary: null,
  noDraftBecause: null,
};

const fact = (id: string, label: string): Fact => ({ id, kind: 'knowledge', label, text: label, ref: null });
export const BODY: NonNullable<DraftView['body']> = {
  text: 'Abrimos a las 8. El cambio cuesta Q150.\n¿Le sirve?',
  language: 'es',
  sentences: [
    { start: 0, end: 17, factIds: ['K2'] },
    { start: 17, end: 40, factIds: ['K1', 'K2'] },
    { start: 40, end: 50, factIds: [] },
  ],
  facts: [fact('K1', 'Precios'), fact('K2', 'Horario')],
  findings: [{ start: 34, end: 38, kind: 'money', severity: 'high', detail: 'Q150' }],
  confidence: 'check',
  confidenceReasons: ['findings'],
  hasInjection: false,
  isExtract: false,
  isCutOff: false,
};

export const makeDraft = (patch: Partial<DraftView> = {}): DraftView => ({
  draftId: 'draft-1',
  conversationId: 'c1',
  aboutMessageId: 'm1',
  state: 'ready',
  reason: null,
  body: BODY,
  template: null,
  runId: 'run-1',
  isRequested: false,
  by: null,
  editedBy: null,
  decidedBy: null,
  at: 0,
  isStale: false,
  auto: null,
  messageId: null,
  ...patch,
});
