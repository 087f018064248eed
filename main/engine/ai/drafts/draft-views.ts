/** Drafts, runs and how a conversation stands, as screens see them. */
import { draftBodySchema, factSchema, sentenceSchema, templateSuggestionSchema, type Basis } from '../../../../contract/ai/ai-entities.ts';
import type { ConversationAiView, DraftView } from '../../../../contract/ai/ai-views.ts';
import { classifyEdit } from '../../../../contract/ai/edit-class.ts';
import { POLICY_RULES, type DraftState, type EditClass } from '../../../../contract/ai/ai-words.ts';
import { effectiveMode } from '../../../../contract/ai/effective-mode.ts';
import type { AiSettings } from '../../../../contract/ai/ai-entities.ts';
import { z } from 'zod';
import { AppError } from '../../../../contract/app-error.ts';
import type { Agent, Message } from '../../../../contract/entities.ts';
import { findLiveDraft } from '../../../../contract/ops/draft-events.ts';
import { parseJson } from '../../../../contract/json.ts';
import { inboundMessageId } from '../../../../contract/whatsapp/webhook-result.ts';
import { PENDING_SEQ, type AiDraftRow, type ConversationAiRow, type ConversationRow, type StateTx } from '../../../../contract/state.ts';
import { isWindowOpenFor } from '../../conversations/window-of.ts';
import { wordsOf } from '../../../../contract/whatsapp/content-words.ts';
import { readContent, viewAgent, viewDelivery } from '../../conversations/views.ts';
import type { AiQueries } from '../../db/ai-queries.ts';
import type { MessageQueries } from '../../db/message-queries.ts';
import { readRecord, readRun } from './read-run.ts';

/** How long a draft that fell is still told of. */
const FELL_MS = 60 * 60 * 1000;
const factsSchema = z.array(factSchema);
const sentencesSchema = z.array(sentenceSchema);
const rulesSchema = z.array(z.enum(POLICY_RULES)).catch([]);

type Deps = {
  queries: Pick<AiQueries, 'findLastDraft' | 'hasGivenUp' | 'findRun' | 'findDraftOfRun' | 'hasRunWithHash' | 'listSent'>;
  state: Pick<StateTx, 'get' | 'list'>;
  messages: Pick<MessageQueries, 'find'>;
  showMessage: (id: string) => Message;
  readSettings: () => AiSettings;
  myId: () => string;
  deviceId: () => string | null;
  /** Relay time, ms. */
  now: () => number;
};
export type DraftViews = ReturnType<typeof createDraftViews>;

export function createDraftViews({ queries, state, messages, showMessage, readSettings, myId, deviceId, now }: Deps) {
  const agent = (id: string | null): Agent | null => (id === null ? null : viewAgent(id, state.get('agent', [id])?.name ?? null, myId()));
  const basisOf = (runId: string): Basis | null => {
    const run = state.get('ai_run', [runId]);
    return (run && readRecord(run)?.basis) ?? null;
  };
  const isLive = ({ state: is }: AiDraftRow): boolean => is === 'ready' || is === 'edited';
  /** The customer or a colleague wrote after what it is based on. */
  const isStale = (draft: AiDraftRow, row: ConversationRow): boolean => {
    const newest = row.last_inbound_seq === 0 ? null : inboundMessageId(row.last_inbound_seq);
    if (draft.about_message_id !== null && newest !== null && draft.about_message_id !== newest && state.get('message', [draft.about_message_id])?.conversation_id === row.id) return true;
    const read = basisOf(draft.run_id)?.lastMessageSeq ?? PENDING_SEQ;
    return row.last_outbound_seq > read && row.last_outbound_seq !== PENDING_SEQ;
  };

  /** From `approved` on a draft is its message. */
  const stateOf = (draft: AiDraftRow, row: ConversationRow): DraftState => {
    if (isLive(draft) && !isWindowOpenFor(state, row, now())) return 'blocked';
    if (draft.state !== 'approved') return draft.state;
    const message = draft.message_id === null ? undefined : messages.find(draft.message_id);
    switch (message ? viewDelivery(message) : null) {
      case 'sent':
      case 'delivered':
      case 'read':
      case 'played':
        return 'sent';
      case 'sending':
        return 'sending';
      case 'uncertain':
        return 'send_unknown';
      case 'failed':
        return 'failed';
      default:
        return 'approved';
    }
  };

  const viewDraft = (draft: AiDraftRow): DraftView => {
    const row = state.get('conversation', [draft.conversation_id]);
    if (!row) throw new AppError('NOT_FOUND', `no conversation ${draft.conversation_id}`);
    const body = draft.body === '' ? null : draftBodySchema.safeParse(parseJson(draft.body));
    const template = draft.template === null ? null : templateSuggestionSchema.safeParse(parseJson(draft.template));
    return {
      draftId: draft.id,
      conversationId: draft.conversation_id,
      aboutMessageId: draft.about_message_id,
      state: stateOf(draft, row),
      reason: draft.reason,
      body: body?.success ? body.data : null,
      template: template?.success ? template.data : null,
      runId: draft.run_id,
      isRequested: draft.is_requested === 1,
      by: agent(draft.actor_id),
      editedBy: agent(draft.edited_by),
      decidedBy: agent(draft.decided_by),
      at: draft.at,
      isStale: isLive(draft) && isStale(draft, row),
      auto: draft.auto_state === null || draft.auto_at === null ? null : { state: draft.auto_state, at: draft.auto_at, isHere: draft.device_id === deviceId() },
      messageId: draft.message_id,
    };
  };

  const findShown = (conversationId: string): AiDraftRow | undefined => {
    const last = findLiveDraft(state, conversationId) ?? queries.findLastDraft(conversationId);
    return last && (isLive(last) || last.state === 'approved' || (last.decided_at ?? last.at) > now() - FELL_MS) ? last : undefined;
  };

  const viewMode = (row: ConversationRow, ai: ConversationAiRow | undefined, isStopped: boolean, isShadow: boolean): ConversationAiView['mode'] => {
    const settings = readSettings();
    const own = ai?.mode ?? null;
    const { mode, from } = effectiveMode(settings, row.phone_number_id, own);
    return { own, inherited: effectiveMode(settings, row.phone_number_id, null).mode, effective: mode, from, isStopped, isShadow };
  };

  const claimedBy = (ai: ConversationAiRow | undefined, row: ConversationRow): Agent | null => {
    if (!ai || ai.claim_device === null || ai.claim_device === deviceId() || ai.claim_until <= now()) return null;
    // Its lease may still run, but nothing is being made.
    if (ai.claim_about !== null && queries.hasGivenUp({ conversationId: row.id, deviceId: ai.claim_device, messageId: ai.claim_about, since: ai.claim_fence })) return null;
    const isOpen = ai.claim_about === inboundMessageId(row.last_inbound_seq) && row.last_outbound_seq < row.last_inbound_seq && queries.findLastDraft(row.id)?.about_message_id !== ai.claim_about;
    return isOpen ? agent(state.get('device', [ai.claim_device])?.agent_id ?? null) : null;
  };

  const viewSummary = (row: ConversationRow): ConversationAiView['summary'] => {
    const summary = state.get('conversation_summary', [row.id]);
    if (!summary) return null;
    const facts = factsSchema.safeParse(parseJson(summary.facts));
    const sentences = sentencesSchema.safeParse(parseJson(summary.sentences));
    return {
      text: summary.text,
      sentences: sentences.data ?? [],
      facts: facts.data ?? [],
      throughMessageId: summary.through_message_id,
      at: summary.at,
      by: agent(summary.actor_id),
      isBehind: row.last_message_id !== null && row.last_message_id !== summary.through_message_id,
    };
  };

  const readRow = (draftId: string): AiDraftRow => {
    const draft = state.get('ai_draft', [draftId]);
    if (!draft) throw new AppError('NOT_FOUND', `no draft ${draftId}`);
    return draft;
  };

  return {
    readRow,
    viewDraft,
    viewMode,
    isStale,
    conversation: (row: ConversationRow, { isStopped, isShadow }: { isStopped: boolean; isShadow: boolean }): Pick<ConversationAiView, 'mode' | 'draft' | 'claimedBy' | 'handoff' | 'summary'> => {
      const ai = state.get('conversation_ai', [row.id]);
      const draft = findShown(row.id);
      const handoff: ConversationAiView['handoff'] =
        ai && ai.handoff_reason !== null ? { reason: ai.handoff_reason, rules: rulesSchema.parse(ai.handoff_detail.split(/[\s,]+/).filter((rule) => rule !== '')), at: ai.handoff_at ?? 0 } : null;
      return { mode: viewMode(row, ai, isStopped, isShadow), draft: draft ? viewDraft(draft) : null, claimedBy: claimedBy(ai, row), handoff, summary: viewSummary(row) };
    },

    run: (runId: string) => {
      const row = queries.findRun(runId);
      const read = row && readRun(row);
      if (!row || !read) throw new AppError('NOT_FOUND', `no run ${runId}`);
      const { run } = read;
      const draft = queries.findDraftOfRun(row.conversation_id, runId);
      const body = draft && draft.body !== '' ? draftBodySchema.safeParse(parseJson(draft.body)) : null;
      const sent = queries.listSent(runId);
      const isChained = run.prevHash === '' || queries.hasRunWithHash(row.device_id, run.prevHash);
      return {
        run,
        by: agent(row.actor_id),
        deviceName: row.deviceName,
        isIntact: read.isIntact ? (isChained ? true : null) : false,
        facts: body?.success ? body.data.facts : (viewSummaryFacts(row.conversation_id, runId) ?? []),
        sent: sent.length === 0 ? null : sent.join('\n'),
        draftId: draft?.id ?? null,
        message: draft?.message_id != null && messages.find(draft.message_id) ? showMessage(draft.message_id) : null,
        editClass: draft ? editClass(draft, body?.data?.text ?? null) : null,
      };
    },
  };

  /** Null: nothing was decided yet, or its words were erased. */
  function editClass(draft: AiDraftRow, text: string | null): EditClass | null {
    if (draft.state === 'discarded') return 'discarded';
    // Only its notice was added, which nobody wrote.
    if (draft.auto_state === 'sent') return text === null ? null : 'as_is';
    const message = draft.state === 'approved' && draft.message_id !== null ? state.get('message', [draft.message_id]) : undefined;
    const sent = message && wordsOf(readContent(message.content));
    return text === null || sent === undefined || sent === null ? null : classifyEdit(text, sent);
  }

  function viewSummaryFacts(conversationId: string, runId: string) {
    const summary = state.get('conversation_summary', [conversationId]);
    return summary?.run_id === runId ? factsSchema.safeParse(parseJson(summary.facts)).data : undefined;
  }
}
