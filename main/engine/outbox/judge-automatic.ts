/**
 * The last look at an answer that nobody reads before it goes. Invariant: it leaves only while nothing has happened in its conversation since its place
 * in the log, and not long after that place.
 */
import { AUTO_LATE_MAX_MS } from '../../../contract/limits.ts';
import { isAiStopped } from '../../../contract/ops/ai-settings.ts';
import { readConversationAi } from '../../../contract/ops/draft-events.ts';
import { isAutomatic } from '../../../contract/ops/draft-ops.ts';
import type { ConversationRow, MessageRow, StateTx } from '../../../contract/state.ts';
import { OWN_ERROR } from '../../../contract/whatsapp/error-codes.ts';
import type { MessageError } from '../../../contract/whatsapp/message-content.ts';

/** @param now relay time, ms. @returns why it may not leave; null where it may, or is no automatic answer. */
export function judgeAutomatic(state: Pick<StateTx, 'get' | 'list'>, message: MessageRow, conversation: ConversationRow, now: number): MessageError | null {
  const [draft] = state.list('draft_by_message', [message.id]);
  if (draft?.auto_state !== 'sent') return null;
  const { claim_about: about, claim_fence: fence, handoff_reason: handoff } = readConversationAi(state, conversation.id);
  const obstacles = {
    late: now - message.received_at > AUTO_LATE_MAX_MS,
    stopped: isAiStopped(state) || !isAutomatic(state, conversation),
    answered: conversation.last_outbound_seq > message.seq || conversation.last_inbound_seq > message.seq,
    // A person took it, or the customer took back what they had said: either ends the claim.
    taken: about !== draft.about_message_id || fence !== draft.auto_fence || handoff !== null || conversation.status !== 'active',
  };
  const obstacle = Object.entries(obstacles).find(([, holds]) => holds)?.[0];
  return obstacle === undefined ? null : { code: OWN_ERROR.automaticLate, title: 'the automatic answer came too late', detail: obstacle };
}
