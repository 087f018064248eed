/** The executor of the engine in schedules: its decisions (`auto-core.ts`) over rows, and claims as the engine makes them. What it remembers is what a process does. */
import { readConversationAi, findLiveDraft } from '../../contract/ops/draft-events.ts';
import { isAiStopped } from '../../contract/ops/ai-settings.ts';
import { isAutomatic } from '../../contract/ops/draft-ops.ts';
import type { AiDraftRow, ConversationRow } from '../../contract/state.ts';
import { planCountdown, planInbound, whenGone, type InboundSight } from '../../main/engine/ai/auto/auto-core.ts';
import { ANSWER, bodyOf, runOf } from '../unit/contract/ai-samples.ts';
import type { AutoExecutor, AutoStep, AutoView } from './auto-schedules.ts';

const NOTHING: AutoStep = { do: 'nothing' };

export function createEngineExecutor(): AutoExecutor {
  const inHand = new Map<string, { count: number; lastAt: number }>();

  const countDown = (view: AutoView, draft: AiDraftRow, handOff: (reason: 'policy' | 'failed' | 'asked_for_person' | 'no_answer') => AutoStep, claim: AutoStep): AutoStep => {
    const { state, conversation, now, newId, cursor } = view;
    const row = readConversationAi(state, conversation.id);
    const approvals = inHand.get(draft.id);
    const planned = planCountdown({
      now,
      at: draft.auto_at ?? 0,
      isOnline: view.isOnline,
      isInHand: approvals !== undefined,
      leaseUntil: row.claim_about === draft.about_message_id && row.claim_device === draft.device_id && row.claim_fence === draft.auto_fence ? row.claim_until : null,
      isSomebodyWriting: false,
      broken: isAutomatic(state, conversation) && !isAiStopped(state) && conversation.assignee_id === null ? null : { handoff: null },
      approvals: approvals ?? { count: 0, lastAt: 0 },
    });
    switch (planned.do) {
      case 'let_go':
        inHand.delete(draft.id);
        return NOTHING;
      case 'stop':
        return { do: 'op', op: { type: 'draft.stop_auto', args: { draftId: draft.id } } };
      case 'renew':
        return claim;
      case 'hand_off':
        return handOff(planned.reason);
      case 'approve':
        inHand.set(draft.id, { count: (approvals?.count ?? 0) + 1, lastAt: now });
        return { do: 'op', op: { type: 'draft.approve', args: { draftId: draft.id, messageId: newId(), content: { kind: 'text', text: ANSWER }, seenThrough: cursor, fence: draft.auto_fence } } };
      case 'wait':
        return NOTHING;
    }
  };

  return {
    next: (view) => {
      const { state, conversation, deviceId, now, isOnline, hasPending, generated, newId } = view;
      const { id: conversationId, last_inbound_seq: lastInbound } = conversation;
      const about = state.get('message', [`m_${lastInbound}`]);
      const live = findLiveDraft(state, conversationId);
      if (!isOnline) {
        inHand.clear();
        return NOTHING;
      }
      if (hasPending || !about || conversation.status !== 'active') return NOTHING;
      const row = readConversationAi(state, conversationId);
      const handOff = (reason: 'policy' | 'failed' | 'asked_for_person' | 'no_answer'): AutoStep => ({
        do: 'op',
        op: { type: 'ai.handoff', args: { conversationId, aboutMessageId: about.id, reason, detail: '', runId: null } },
      });
      const claim: AutoStep = { do: 'op', op: { type: 'draft.claim', args: { conversationId, aboutMessageId: about.id } } };
      if (live?.auto_state === 'counting' && live.device_id === deviceId) return countDown(view, live, handOff, claim);
      const isOn = isAutomatic(state, conversation) && !isAiStopped(state) && row.handoff_reason === null;
      if (conversation.last_outbound_seq > lastInbound) {
        const answer = findUnsent(state, conversation);
        return answer && row.handoff_reason === null && now >= whenGone(answer.received_at) ? handOff('failed') : NOTHING;
      }
      const isMine = row.claim_about === about.id && row.claim_device === deviceId && now < row.claim_until;
      const planned = planInbound({
        now,
        receivedAt: about.received_at,
        kind: 'words',
        claimedUntil: row.claim_about === about.id ? row.claim_until : 0,
        isBeingMade: isMine && generated?.aboutMessageId === about.id && generated.outcome !== 'failed',
        draft: seeDraft(state, conversation, live ?? state.list('draft_by_conversation', [conversationId]).findLast((one) => one.about_message_id === about.id), about.id),
        lastTry: generated?.aboutMessageId === about.id && generated.outcome === 'failed' ? { outcome: 'offline', isGap: false } : null,
      });
      if (isOn && planned.do === 'hand_off') return handOff(planned.reason);
      // One try a message.
      if (live || isAiStopped(state) || (generated?.aboutMessageId === about.id && generated.outcome === 'failed')) return NOTHING;
      if (!isMine) return row.claim_about === about.id && now < row.claim_until ? NOTHING : claim;
      if (generated?.aboutMessageId !== about.id) return { do: 'generate', aboutMessageId: about.id };
      const maySend = generated.outcome === 'solid' && isOn && conversation.assignee_id === null;
      const draftId = newId();
      if (maySend) inHand.set(draftId, { count: 0, lastAt: 0 });
      const policy = { maySend, isShadow: false, rules: maySend ? [] : [{ rule: 'confidence' as const, holds: false, detail: null }] };
      const args = {
        draftId,
        conversationId,
        aboutMessageId: about.id,
        replaces: null,
        body: bodyOf(maySend ? {} : { confidence: 'check' }),
        template: null,
        isRequested: false,
        auto: maySend ? { fence: row.claim_fence, at: now + 20_000 } : null,
        run: runOf(newId(), conversationId, generated.seenThrough, { policy }),
      };
      return { do: 'op', op: { type: 'draft.propose', args } };
    },
  };
}

function seeDraft(state: AutoView['state'], conversation: ConversationRow, draft: AiDraftRow | undefined, aboutMessageId: string): InboundSight['draft'] {
  if (!draft || draft.state === 'superseded' || draft.state === 'approved') return null;
  if (draft.state !== 'ready' || draft.about_message_id !== aboutMessageId) return { is: 'attended' };
  if (draft.auto_state === 'counting') return { is: 'counting', at: draft.auto_at ?? 0 };
  if (draft.auto_state !== null)
    return readConversationAi(state, conversation.id).claim_about === null && conversation.assignee_id === null ? { is: 'waiting', verdict: { maySend: true, handoff: null } } : { is: 'attended' };
  const run = state.get('ai_run', [draft.run_id]);
  const { policy } = JSON.parse(run?.record ?? '{}') as { policy?: { maySend: boolean } | null };
  return { is: 'waiting', verdict: policy ? { maySend: policy.maySend, handoff: policy.maySend ? null : { reason: 'policy', detail: '' } } : null };
}

function findUnsent(state: AutoView['state'], conversation: ConversationRow) {
  const draft = state
    .list('draft_by_conversation', [conversation.id])
    .find(({ auto_state: auto, message_id: id }) => auto === 'sent' && state.get('message', [id ?? ''])?.seq === conversation.last_outbound_seq);
  const answer = draft && state.get('message', [draft.message_id ?? '']);
  return answer?.status === 'queued' ? answer : undefined;
}
