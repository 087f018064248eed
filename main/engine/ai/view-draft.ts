/** A draft of the log as screens see it: from `approved` on its state is its message's delivery. */
import { draftBodySchema, templateSuggestionSchema, type DraftBody } from '../../../contract/ai/ai-entities.ts';
import type { DraftView } from '../../../contract/ai/ai-views.ts';
import type { DraftState } from '../../../contract/ai/ai-words.ts';
import type { Agent, Delivery } from '../../../contract/entities.ts';
import { parseJson } from '../../../contract/json.ts';
import type { AiDraftRow } from '../../../contract/state.ts';

type Surroundings = {
  /** Of its message; null: none (yet). */
  delivery: Delivery | null;
  /** Somebody wrote after what it is based on. */
  isStale: boolean;
  toAgent: (id: string) => Agent;
  deviceId: string | null;
};

/** Null: its words were erased, or a future version wrote them. */
export const readDraftBody = (row: Pick<AiDraftRow, 'body'>): DraftBody | null => (row.body === '' ? null : (draftBodySchema.safeParse(parseJson(row.body)).data ?? null));

export function viewDraft(row: AiDraftRow, { delivery, isStale, toAgent, deviceId }: Surroundings): DraftView {
  const agent = (id: string | null): Agent | null => (id === null ? null : toAgent(id));
  return {
    draftId: row.id,
    conversationId: row.conversation_id,
    aboutMessageId: row.about_message_id,
    state: row.state === 'approved' ? stateOf(delivery) : row.state,
    reason: row.reason,
    body: readDraftBody(row),
    template: row.template === null ? null : (templateSuggestionSchema.safeParse(parseJson(row.template)).data ?? null),
    runId: row.run_id,
    isRequested: row.is_requested === 1,
    by: agent(row.actor_id),
    editedBy: agent(row.edited_by),
    decidedBy: agent(row.decided_by),
    at: row.at,
    isStale,
    auto: row.auto_state === null || row.auto_at === null ? null : { state: row.auto_state, at: row.auto_at, isHere: row.device_id === deviceId },
    messageId: row.message_id,
  };
}

function stateOf(delivery: Delivery | null): DraftState {
  switch (delivery) {
    case null:
      return 'approved';
    case 'sent':
    case 'delivered':
    case 'read':
    case 'played':
      return 'sent';
    case 'uncertain':
      return 'send_unknown';
    case 'failed':
    case 'discarded':
    case 'needs_confirmation':
      return 'failed';
    case 'held':
    case 'waiting':
    case 'queued':
    case 'sending':
      return 'sending';
  }
}
