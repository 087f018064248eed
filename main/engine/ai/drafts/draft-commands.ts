/** What people do with drafts: send, change, discard, stop, and say how far the AI may go. */
import type { AiSettings, Fact, Finding, TemplateSuggestion } from '../../../../contract/ai/ai-entities.ts';
import { draftBodySchema } from '../../../../contract/ai/ai-entities.ts';
import type { AiMode, CHOSEN_DISCARD_REASONS } from '../../../../contract/ai/ai-words.ts';
import { AppError } from '../../../../contract/app-error.ts';
import type { Message } from '../../../../contract/entities.ts';
import { parseJson } from '../../../../contract/json.ts';
import { readActor } from '../../../../contract/ops/actor.ts';
import { mayAdminister } from '../../../../contract/rules/rights.ts';
import { bestValues } from '../../templates/propose-values.ts';
import type { AiDraftRow, ConversationRow } from '../../../../contract/state.ts';
import { judgeLocal, type OpVerdict } from '../../conversations/triage.ts';
import { isWindowOpenFor } from '../../conversations/window-of.ts';
import type { Messages } from '../../messages/messages.ts';
import type { Sending } from '../../messages/sending.ts';
import type { Replica } from '../../sync/replica.ts';
import type { Templates } from '../../templates/templates.ts';
import { splitSentences } from '../prompt/read-answer.ts';
import type { DraftViews } from './draft-views.ts';
import type { JudgeText } from './judge-text.ts';
import type { Models } from './models.ts';

type SendInput = { draftId: string; text: string; messageId?: string | undefined; quotedMessageId?: string | undefined; seenThrough: number; isStaleAccepted: boolean; acceptsFindings: boolean };
type Deps = {
  views: Pick<DraftViews, 'readRow' | 'isStale'>;
  /** What is known of the conversation now. */
  readFacts: (conversationId: string) => { facts: readonly Fact[]; inbound: readonly string[] };
  judge: JudgeText;
  models: Pick<Models, 'setKey'>;
  /** Other desktops get the key, too. */
  handOutKey: () => void;
  replica: Replica;
  messages: Pick<Messages, 'has' | 'show'>;
  sending: Pick<Sending, 'approveDraft'>;
  templates: Pick<Templates, 'findFitting' | 'propose'>;
  readSettings: () => AiSettings;
  myId: () => string;
  /** Relay time, ms. */
  now: () => number;
};
export type DraftCommands = ReturnType<typeof createDraftCommands>;

export function createDraftCommands({ views, readFacts, judge, models, handOutKey, replica, messages, sending, templates, myId, now }: Deps) {
  const { state } = replica;
  const conversationOf = (draft: AiDraftRow): ConversationRow => {
    const row = state.get('conversation', [draft.conversation_id]);
    if (!row) throw new AppError('NOT_FOUND', `no conversation ${draft.conversation_id}`);
    return row;
  };

  /** Of a text that goes out for a draft: what was found when it was made, or what is found in it now. */
  const findIn = (draft: AiDraftRow, text: string): Finding[] => {
    const body = draft.body === '' ? null : draftBodySchema.safeParse(parseJson(draft.body));
    if (body?.success && body.data.text === text) return body.data.findings;
    const { facts, inbound } = readFacts(draft.conversation_id);
    const sources = [...(body?.data?.facts ?? []), ...facts];
    return judge({
      conversationId: draft.conversation_id,
      text,
      sentences: splitSentences(text).map((span) => ({ ...span, factIds: [] })),
      unknownMarkers: [],
      facts: sources,
      inbound,
      question: inbound.at(-1) ?? '',
      // A person writes in the language they mean to.
      language: { code: body?.data?.language ?? 'es', isSure: false },
      retrieved: [],
      systemText: '',
      nonce: '',
      isCutOff: false,
    }).findings;
  };

  /** Filled as far as the facts go; null: the account has none that fits. */
  const suggestTemplate = (conversationId: string, text: string): TemplateSuggestion | null => {
    const key = templates.findFitting({ conversationId, text });
    return key === null ? null : { key, texts: bestValues(templates.propose({ key, conversationId })) };
  };
  const suggestWhereClosed = (conversationId: string, text: string): TemplateSuggestion | null => {
    const row = state.get('conversation', [conversationId]);
    return !row || isWindowOpenFor(state, row, now()) ? null : suggestTemplate(conversationId, text);
  };

  return {
    suggestWhereClosed,
    suggestTemplate: ({ draftId }: { draftId: string }): TemplateSuggestion | null => {
      const draft = views.readRow(draftId);
      const body = draft.body === '' ? null : draftBodySchema.safeParse(parseJson(draft.body));
      return suggestTemplate(draft.conversation_id, body?.data?.text ?? '');
    },

    check: ({ draftId, text }: { draftId: string; text: string }) => {
      const findings = findIn(views.readRow(draftId), text);
      return { findings, hasHigh: findings.some(({ severity }) => severity === 'high') };
    },

    /** @throws AppError NOT_FOUND, DRAFT_SENT, DRAFT_STALE, DRAFT_FINDINGS, and those of a reply. */
    send: ({ draftId, text, messageId, quotedMessageId, seenThrough, isStaleAccepted, acceptsFindings }: SendInput): Message => {
      if (messageId !== undefined && messages.has(messageId)) return messages.show(messageId);
      const draft = views.readRow(draftId);
      if (draft.state === 'approved') throw new AppError('DRAFT_SENT');
      const row = conversationOf(draft);
      if (!isWindowOpenFor(state, row, now()) && row.status !== 'closed') throw new AppError('WINDOW_CLOSED');
      if (!isStaleAccepted && views.isStale(draft, row)) throw new AppError('DRAFT_STALE');
      if (!acceptsFindings && findIn(draft, text).some(({ severity }) => severity === 'high')) throw new AppError('DRAFT_FINDINGS');
      return sending.approveDraft({ draftId, conversationId: row.id, messageId, quotedMessageId, seenThrough, text });
    },

    edit: ({ draftId }: { draftId: string }): OpVerdict => judgeLocal(replica, { type: 'draft.edit', args: { draftId } }),
    discard: (args: { draftId: string; reason: (typeof CHOSEN_DISCARD_REASONS)[number]; note: string }): OpVerdict => judgeLocal(replica, { type: 'draft.discard', args }),
    stopAuto: ({ draftId }: { draftId: string }): OpVerdict => judgeLocal(replica, { type: 'draft.stop_auto', args: { draftId } }),
    setStopped: ({ isStopped }: { isStopped: boolean }): OpVerdict => judgeLocal(replica, { type: 'ai.stop', args: { isStopped } }),
    setMode: (args: { conversationId: string; from: AiMode | null; to: AiMode | null }): OpVerdict => judgeLocal(replica, { type: 'conversation.ai', args }),
    erase: ({ contactId }: { contactId: string }): OpVerdict => judgeLocal(replica, { type: 'ai.erase', args: { contactId } }),

    /** @throws AppError FORBIDDEN for who is no admin, INVALID_INPUT for an address that no key can be for. */
    setKey: async (input: { key: string | null; baseUrl: string }): Promise<void> => {
      if (!mayAdminister(readActor(state, myId()))) throw new AppError('FORBIDDEN', 'the key is for admins');
      if (!(await models.setKey(input))) throw new AppError('INVALID_INPUT', 'baseUrl: https, or http on this computer');
      handOutKey();
    },
  };
}
