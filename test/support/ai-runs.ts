/** Runs and drafts as an engine would record them, for tests of what becomes of them. */
import type { AiRun, DraftBody, Fact } from '../../contract/ai/ai-entities.ts';
import { fitRun } from '../../contract/ai/fit-proposal.ts';
import type { OpArgs } from '../../contract/ops/op.ts';

export type DraftOptions = {
  /** What it says of itself when it leaves by itself. */
  notice?: string;
  draftId: string;
  conversationId: string;
  contactId: string;
  aboutMessageId?: string | null;
  question?: string;
  text: string;
  /** Articles that it cites, a passage each. */
  articles?: readonly string[];
  startedAt: number;
  prevHash?: string;
  run?: Partial<AiRun>;
  auto?: OpArgs<'draft.propose'>['auto'];
  lastMessageSeq?: number;
  replaces?: string | null;
};

export const makeRun = ({ draftId, conversationId, contactId, question = '¿A qué hora abren?', text, articles = [], startedAt, prevHash = '', lastMessageSeq = 0, run = {} }: DraftOptions) =>
  fitRun({
    runId: `run-${draftId}`,
    purpose: 'reply',
    rewrite: null,
    conversationId,
    contactId,
    basis: { conversationId, lastInboundId: null, lastMessageSeq, requestRev: 0, contactRev: 0, knowledgeRev: 0, settingsRev: '1', promptVersion: '1' },
    provider: { profile: 'openai', host: 'api.openai.com', modelAsked: 'm', modelAnswered: 'm-1', fingerprint: null, requestId: 'req-1' },
    promptHash: 'p',
    sections: { rules: 300, knowledge: 420, history: 90 },
    facts: articles.map((_, index) => ({ id: `K${index + 1}`, hash: 'h', isUsed: true })),
    retrieved: articles.map((articleId, rank) => ({ passageId: `p-${articleId}-${rank}`, articleId, score: 10 - rank, rank, isCited: true })),
    masked: { cards: 1 },
    text: { question, raw: `${text} [K1]`, final: text, instruction: '' },
    findings: [],
    confidence: 'solid',
    confidenceReasons: ['well_sourced'],
    hasInjection: false,
    intent: 'knowledge_question',
    policy: null,
    usage: { input: 1000, output: 80, cached: 0, reasoning: 0, isEstimate: false },
    costMicros: 900,
    priceTable: 'own',
    firstTokenMs: 400,
    totalMs: 1900,
    retries: 0,
    outcome: 'ok',
    isGap: false,
    startedAt,
    prevHash,
    ...run,
  });

export function makeProposal(options: DraftOptions): OpArgs<'draft.propose'> {
  const { draftId, conversationId, aboutMessageId = null, text, articles = [], auto = null, replaces = null, notice } = options;
  const facts: Fact[] = articles.map((articleId, index) => ({
    id: `K${index + 1}`,
    kind: 'knowledge',
    label: 'Horario › Oficina',
    text: 'Atendemos de lunes a viernes, de 8:00 a 17:00.',
    ref: { kind: 'knowledge', articleId, revisionId: `rev-${articleId}`, passageId: `p-${articleId}-${index}`, mayAutoAnswer: true },
  }));
  const body: DraftBody = {
    text,
    language: 'es',
    sentences: [{ start: 0, end: text.length, factIds: facts.map(({ id }) => id) }],
    facts,
    findings: [],
    confidence: 'solid',
    confidenceReasons: ['well_sourced'],
    hasInjection: false,
    isExtract: false,
    isCutOff: false,
    ...(notice === undefined ? {} : { notice }),
  };
  return { draftId, conversationId, aboutMessageId, replaces, body, template: null, isRequested: false, auto, run: makeRun(options) };
}
