/** What people and desktops decide about drafts, automatic answers and the knowledge base, for the random histories. */
import type { OpBody } from '../../contract/ops/op.ts';
import { DEFAULT_AI_SETTINGS } from '../../contract/ai/ai-defaults.ts';
import type { AiSettings } from '../../contract/ai/ai-entities.ts';
import {
  PENDING_SEQ,
  type AiDraftRow,
  type ContactRow,
  type ConversationAiRow,
  type ConversationRow,
  type KbArticleRow,
  type KbGapRow,
  type KbQuestionRow,
  type TableName,
} from '../../contract/state.ts';
import { ANSWER, bodyOf, runOf } from '../unit/contract/ai-samples.ts';
import type { Desktop, World } from './world.ts';

/** How often each is done. `ai.auto`: the next step of an automatic answer, whichever is due. */
export const AI_WEIGHTS = {
  'ai.mode': 1,
  'ai.auto': 2,
  'ai.draft': 4,
  'ai.approve': 4,
  'ai.edit': 2,
  'ai.stopAuto': 1,
  'ai.discard': 1,
  'ai.run': 1,
  'ai.summary': 1,
  'ai.handoff': 1,
  'ai.review': 1,
  'ai.stop': 1,
  'ai.budget': 2,
  'ai.erase': 1,
  'ai.settings': 1,
  'kb.write': 3,
  'kb.change': 1,
  'kb.question': 1,
  'kb.decide': 1,
  'kb.gap': 1,
};
export type AiKind = keyof typeof AI_WEIGHTS;
const MONTH = '2026-11';
/** As the admin sets it at the beginning: everything leaves by itself that may, and the month's cap is soon used up. */
export const AUTO_SETTINGS: AiSettings = {
  ...DEFAULT_AI_SETTINGS,
  mode: 'auto',
  auto: { ...DEFAULT_AI_SETTINGS.auto, state: 'on', countdownSeconds: 20 },
  caps: { ...DEFAULT_AI_SETTINGS.caps, team: 25 },
};

const choose = <T>(items: readonly T[], index: number): T | undefined => items[index % Math.max(1, items.length)];

/** Null where there is nothing to decide about. */
export function decideAiOp(world: World, desktop: Desktop, kind: AiKind, pick: number, to: number): OpBody | null {
  const rows = <T>(table: TableName, where = '1'): T[] => desktop.db.prepare(`SELECT * FROM ${table} WHERE ${where} ORDER BY 1`).all() as T[];
  const begun = "id IN (SELECT conversation_id FROM ai_draft WHERE auto_state = 'counting') OR id IN (SELECT conversation_id FROM conversation_ai WHERE claim_device = '" + desktop.deviceId + "')";
  const conversations = rows<ConversationRow>('conversation', kind === 'ai.auto' && to % 4 !== 0 ? begun : '1');
  const conversation = choose(conversations.length > 0 ? conversations : rows<ConversationRow>('conversation'), pick);
  if (!conversation) return null;
  const conversationId = conversation.id;
  const seenThrough = desktop.sync.readMeta().cursor;
  const [row] = rows<ConversationAiRow>('conversation_ai', `conversation_id = '${conversationId}'`);
  const newest = conversation.last_inbound_seq === 0 ? null : `m_${conversation.last_inbound_seq}`;
  const draft = choose(rows<AiDraftRow>('ai_draft', to % 4 === 0 ? '1' : "state IN ('ready', 'edited')"), pick);
  const text = `texto ${world.nextId()}`;
  const makeRun = (isGap = false) => runOf(`run-${world.nextId()}`, conversationId, seenThrough, { isGap });
  const propose = (more: Partial<Extract<OpBody, { type: 'draft.propose' }>['args']> = {}): OpBody => ({
    type: 'draft.propose',
    args: {
      draftId: `draft-${world.nextId()}`,
      conversationId,
      aboutMessageId: newest,
      replaces: null,
      body: bodyOf(),
      template: null,
      isRequested: false,
      auto: null,
      run: makeRun(to % 3 === 0),
      ...more,
    },
  });
  switch (kind) {
    case 'ai.mode':
      return { type: 'conversation.ai', args: { conversationId, from: row?.mode ?? null, to: choose(['off', 'draft', 'auto', null] as const, to) ?? null } };
    case 'ai.auto':
      return decideAutomatic();
    case 'ai.draft': {
      const [live] = rows<AiDraftRow>('ai_draft', `conversation_id = '${conversationId}' AND state IN ('ready', 'edited')`);
      return propose({ isRequested: to % 3 !== 0, replaces: to % 2 === 0 ? (live?.id ?? null) : null });
    }
    case 'ai.approve':
      return draft ? { type: 'draft.approve', args: { draftId: draft.id, messageId: `out-${world.nextId()}`, content: { kind: 'text', text }, seenThrough, fence: null } } : null;
    case 'ai.edit':
      return draft ? { type: 'draft.edit', args: { draftId: draft.id } } : null;
    case 'ai.stopAuto':
      return draft ? { type: 'draft.stop_auto', args: { draftId: draft.id } } : null;
    case 'ai.discard':
      return draft ? { type: 'draft.discard', args: { draftId: draft.id, reason: 'wrong', note: 'no' } } : null;
    case 'ai.run':
      return { type: 'ai.run', args: { run: makeRun(true) } };
    case 'ai.summary':
      return newest === null ? null : { type: 'ai.summary', args: { conversationId, throughMessageId: newest, text, sentences: [], facts: [], run: makeRun() } };
    case 'ai.handoff':
      return newest === null ? null : { type: 'ai.handoff', args: { conversationId, aboutMessageId: newest, reason: 'policy', detail: '', runId: null } };
    case 'ai.review':
      return draft ? { type: 'ai.review', args: { draftId: draft.id, verdict: choose(['good', 'bad', null] as const, to) ?? null, reason: null, note: '' } } : null;
    case 'ai.stop':
      return { type: 'ai.stop', args: { isStopped: to % 3 === 0 } };
    case 'ai.budget':
      return { type: 'ai.budget', args: { month: MONTH, amount: 11 + (to % 10) } };
    case 'ai.erase':
      return to % 2 === 0 ? { type: 'ai.erase', args: { contactId: choose(rows<ContactRow>('contact'), pick)?.id ?? 'nobody' } } : null;
    case 'ai.settings': {
      const [current] = rows<{ value: string }>('workspace_setting', "key = 'ai'");
      const from = current ? (JSON.parse(current.value) as AiSettings) : DEFAULT_AI_SETTINGS;
      const value = to % 3 === 0 ? { ...AUTO_SETTINGS, mode: 'draft' as const } : AUTO_SETTINGS;
      return { type: 'setting.set', args: { from: { key: 'ai', value: from }, to: { key: 'ai', value } } };
    }
    default:
      return decideKnowledgeOp(world, rows, kind, pick, to);
  }

  /** Claims, proposes, approves: what comes next from what the log has given back. Now and then too early, or under a fence of long ago. */
  function decideAutomatic(): OpBody | null {
    if (newest === null) return null;
    const claim: OpBody = { type: 'draft.claim', args: { conversationId, aboutMessageId: newest } };
    const [counting] = rows<AiDraftRow>('ai_draft', `conversation_id = '${conversationId}' AND device_id = '${desktop.deviceId}' AND auto_state = 'counting' AND seq < ${PENDING_SEQ}`);
    if (counting && counting.auto_fence !== null && to % 8 !== 0) {
      if (to % 8 > 2 && world.relayNow() < (counting.auto_at ?? 0)) world.advanceClock((counting.auto_at ?? 0) - world.relayNow());
      const args = { draftId: counting.id, messageId: `out-${world.nextId()}`, content: { kind: 'text' as const, text: ANSWER }, seenThrough, fence: counting.auto_fence };
      return { type: 'draft.approve', args };
    }
    const isMine = row?.claim_device === desktop.deviceId && row.claim_about === newest && row.claim_fence < PENDING_SEQ;
    if (!isMine || to % 8 === 0) return claim;
    return propose({ auto: { fence: to % 16 === 1 ? 1 : row.claim_fence, at: world.relayNow() + 20_000 } });
  }
}

type KnowledgeKind = Extract<AiKind, `kb.${string}`>;
function decideKnowledgeOp(world: World, rows: <T>(table: TableName, where?: string) => T[], kind: KnowledgeKind, pick: number, to: number): OpBody | null {
  const articleId = `article-${to % 2}`;
  const [article] = rows<KbArticleRow>('kb_article', `id = '${articleId}'`);
  switch (kind) {
    case 'kb.write': {
      // A part, or the revision that it belongs to, as it goes.
      const [part] = rows<{ revision_id: string }>('kb_part', `article_id = '${articleId}' AND revision_no = 0`);
      if (!part || pick % 5 === 0) return { type: 'kb.part', args: { articleId, revisionId: `revision-${world.nextId()}`, no: pick % 7 === 0 ? 1 : 0, text: 'va' } };
      const args = {
        articleId,
        revisionId: part.revision_id,
        from: article?.revision_id ?? null,
        kind: 'article' as const,
        parts: 1,
        title: 'Horario',
        language: 'es' as const,
        folder: '',
        source: null,
        draftId: null,
      };
      return { type: 'kb.save', args };
    }
    case 'kb.change': {
      const changes = [
        { mayAutoAnswer: { from: article?.may_auto_answer ?? 0, to: 1 as const } },
        { state: { from: article?.state ?? 'pending', to: 'approved' as const } },
        { title: { from: article?.title ?? 'x', to: 'Otro' } },
      ];
      return article ? { type: 'kb.change', args: { articleId, revisionId: article.revision_id, changes: choose(changes, pick) ?? {} } } : null;
    }
    case 'kb.question':
      return { type: 'kb.question', args: { questionId: `question-${world.nextId()}`, articleId, text: `pregunta ${pick % 3}`, language: 'es', draftId: null } };
    case 'kb.decide': {
      const question = choose(rows<KbQuestionRow>('kb_question'), pick);
      return question ? { type: 'kb.decide', args: { questionId: question.id, isApproved: to % 2 === 0 } } : null;
    }
    case 'kb.gap': {
      const gap = choose(rows<KbGapRow>('kb_gap'), pick);
      return gap ? { type: 'gap.close', args: { runId: gap.run_id, articleId: null } } : null;
    }
  }
}
