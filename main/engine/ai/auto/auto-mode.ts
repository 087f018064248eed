/**
 * The automatic mode on this desktop: counts its drafts down, approves them, and sees to it that nobody waits unseen. Invariants: it acts only
 * with the relay, on what the log has given back, and only where automatic answers are on and confirmed; what this process did not propose itself
 * it never approves, so nothing leaves late after a crash. Whether an approval counts, the log decides (`draft-ops.ts`).
 */
import { draftBodySchema, type AiSettings } from '../../../../contract/ai/ai-entities.ts';
import type { HandoffReason } from '../../../../contract/ai/ai-words.ts';
import { automaticText } from '../../../../contract/ai/automatic-text.ts';
import { effectiveMode } from '../../../../contract/ai/effective-mode.ts';
import { AppError } from '../../../../contract/app-error.ts';
import { parseJson } from '../../../../contract/json.ts';
import { errorText, shortId, type Log } from '../../../../contract/log.ts';
import { readActor } from '../../../../contract/ops/actor.ts';
import { isAiStopped } from '../../../../contract/ops/ai-settings.ts';
import { readConversationAi } from '../../../../contract/ops/draft-events.ts';
import { mayWriteAi, type OpBody } from '../../../../contract/ops/op.ts';
import { mayAdminister } from '../../../../contract/rules/rights.ts';
import { PENDING_SEQ, type AiDraftRow } from '../../../../contract/state.ts';
import { isAboutAnother } from '../../../../contract/whatsapp/about-message.ts';
import { wordsOf } from '../../../../contract/whatsapp/content-words.ts';
import { inboundMessageId } from '../../../../contract/whatsapp/webhook-result.ts';
import { judgeLocal, type OpVerdict } from '../../conversations/triage.ts';
import { readContent } from '../../conversations/views.ts';
import type { AiQueries } from '../../db/ai-queries.ts';
import type { AutoQueries, WaitingView } from '../../db/auto-queries.ts';
import type { SyncQueries } from '../../db/sync-queries.ts';
import type { Ids } from '../../ports.ts';
import type { Replica } from '../../sync/replica.ts';
import type { Presence } from '../../team/presence.ts';
import { autoConfirmationOf } from '../auto-confirmation.ts';
import type { AutoDecision, DraftFlow, ReadyDraft } from '../drafts/draft-flow.ts';
import { readRecord } from '../drafts/read-run.ts';
import { whenGone, planCountdown, planInbound, type InboundSight } from './auto-core.ts';
import { handoffFor, type AutoDecider, type AutoSubject } from './decide-auto.ts';

/** After a change, in which more may come. */
const QUIET_MS = 20;
/** Each desktop waits so much longer than the one before it with what any of them could write. */
const STEP_MS = 2_000;
const AGAIN_MS = 10_000;
/** Of those who have waited longer, people have seen the conversation. */
const NEWS_MS = 24 * 60 * 60 * 1000;
/** Longer than a message can take until it is sent or handed over. */
const AT_IT_MS = 5 * 60_000;
const AT_ONCE = 50;
const WATCHED = 500;

type Deps = {
  decider: AutoDecider;
  queries: AutoQueries;
  runs: Pick<AiQueries, 'findLastReply'>;
  flow: Pick<DraftFlow, 'attempts'>;
  replica: Replica;
  sync: Pick<SyncQueries, 'readMeta'>;
  presence: Pick<Presence, 'connectedDevices' | 'isWriting'>;
  readSettings: () => AiSettings;
  /** There is a line to the relay, and it has told everything it had. */
  isOnline: () => boolean;
  ids: Ids;
  myId: () => string;
  nudge: () => void;
  /** Relay time, ms. */
  now: () => number;
  log: Log;
};
export type AutoMode = ReturnType<typeof createAutoMode>;

export function createAutoMode({ decider, queries, runs, flow, replica, sync, presence, readSettings, isOnline, ids, myId, nudge, now, log }: Deps) {
  const { state } = replica;
  /** What this process has proposed and counts down. */
  const inHand = new Map<string, { subject: AutoSubject; approvals: { count: number; lastAt: number } }>();
  /** Since when (relay time) this desktop knows that somebody is to be handed over. */
  let since = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  let dueAt = Infinity;
  let isStopped = false;

  const schedule = (ms: number): void => {
    if (isStopped) return;
    const at = now() + Math.max(0, ms);
    // Overdue: the clock was set, or the machine slept, and the timer knows nothing of it.
    const isOverdue = timer !== undefined && dueAt < now();
    if (timer !== undefined && at >= dueAt && !isOverdue) return;
    clearTimeout(timer);
    dueAt = at;
    timer = setTimeout(work, isOverdue ? 0 : Math.max(0, ms));
  };
  const work = (): void => {
    timer = undefined;
    dueAt = Infinity;
    const { deviceId, writeLevel } = sync.readMeta();
    if (isStopped || deviceId === null || !mayWriteAi(writeLevel)) return;
    try {
      const until = Math.min(countDown(deviceId), isOnline() ? watch(deviceId) : Infinity);
      if (until < Infinity) schedule(Math.max(QUIET_MS, until - now()));
    } catch (error) {
      // The next change tries again.
      if (!(error instanceof AppError)) log('error', 'auto.failed', { error: errorText(error) });
    }
  };

  const isOn = (): boolean => !isAiStopped(state) && !decider.isShadow();
  const isAutomatic = (phoneNumberId: string, own: WaitingView['mode']): boolean => effectiveMode(readSettings(), phoneNumberId, own).mode === 'auto';
  const write = (op: OpBody): boolean => {
    const { outcome } = replica.applyLocal(op);
    nudge();
    return outcome === 'applied';
  };
  const handOff = (conversationId: string, aboutMessageId: string, runId: string | null, { reason, detail }: { reason: HandoffReason; detail: string }): void => {
    log('info', 'auto.handed_off', { conversation: shortId(conversationId), reason, detail });
    write({ type: 'ai.handoff', args: { conversationId, aboutMessageId, reason, detail: detail.slice(0, 500), runId } });
  };

  /** @returns when something is due next, relay time, ms. */
  const countDown = (deviceId: string): number => {
    let next = Infinity;
    const mine = queries.listCounting().filter((draft) => draft.device_id === deviceId);
    // A proposal that the log has not taken yet may still be refused.
    for (const draft of mine) if (draft.seq !== PENDING_SEQ) next = Math.min(next, step(draft));
    for (const id of inHand.keys()) if (mine.every((draft) => draft.id !== id)) inHand.delete(id);
    return next;
  };

  const step = (draft: AiDraftRow): number => {
    const { conversation_id: conversationId, about_message_id: aboutMessageId } = draft;
    const hand = inHand.get(draft.id);
    const claim = readConversationAi(state, conversationId);
    const verdict = hand ? decider.judge(hand.subject) : null;
    const planned = planCountdown({
      now: now(),
      at: draft.auto_at ?? 0,
      isOnline: isOnline(),
      isInHand: hand !== undefined,
      leaseUntil: claim.claim_about === aboutMessageId && claim.claim_device === draft.device_id && claim.claim_fence === draft.auto_fence ? claim.claim_until : null,
      isSomebodyWriting: presence.isWriting(conversationId),
      broken: verdict === null || verdict.maySend ? null : { handoff: handoffFor(verdict.rules) },
      approvals: hand?.approvals ?? { count: 0, lastAt: 0 },
    });
    switch (planned.do) {
      case 'wait':
        return planned.until;
      case 'let_go':
        inHand.delete(draft.id);
        return Infinity;
      case 'stop':
        log('info', 'auto.stopped', { conversation: shortId(conversationId) });
        write({ type: 'draft.stop_auto', args: { draftId: draft.id } });
        return Infinity;
      case 'renew':
        return aboutMessageId !== null && write({ type: 'draft.claim', args: { conversationId, aboutMessageId } }) ? now() + QUIET_MS : Infinity;
      case 'hand_off':
        handOff(conversationId, aboutMessageId ?? '', draft.run_id, planned);
        return Infinity;
      case 'approve':
        return approve(draft, hand);
    }
  };

  const approve = (draft: AiDraftRow, hand: { approvals: { count: number; lastAt: number } } | undefined): number => {
    const body = draftBodySchema.safeParse(parseJson(draft.body));
    if (!hand || !body.success || draft.auto_fence === null) return Infinity;
    hand.approvals = { count: hand.approvals.count + 1, lastAt: now() };
    log('info', 'auto.approved', { conversation: shortId(draft.conversation_id) });
    write({
      type: 'draft.approve',
      args: { draftId: draft.id, messageId: ids.next(), content: { kind: 'text', text: automaticText(body.data) }, seenThrough: sync.readMeta().cursor, fence: draft.auto_fence },
    });
    return Infinity;
  };

  /** Those who wait and whom nothing will answer. @returns when something is due next, relay time, ms. */
  const watch = (deviceId: string): number => {
    let next = Infinity;
    const known = since;
    since = new Map();
    let left = AT_ONCE;
    /** What any desktop could write: one after the other, the one that knows first. */
    const inTurn = (conversationId: string, authorId: string | null, act: () => void): void => {
      const from = known.get(conversationId) ?? now();
      since.set(conversationId, from);
      const at = from + placeOf(deviceId, authorId) * STEP_MS;
      if (at > now() || left === 0) return void (next = Math.min(next, Math.max(at, now() + QUIET_MS)));
      left -= 1;
      // Should the log refuse it, it is not said again at once.
      since.set(conversationId, now() + AGAIN_MS);
      act();
    };
    for (const view of isOn() ? queries.listWaiting(now() - NEWS_MS, WATCHED) : []) {
      if (!isAutomatic(view.phoneNumberId, view.mode)) continue;
      const { sight, runId, authorId } = see(view);
      const planned = planInbound(sight);
      if (planned.do === 'wait') next = Math.min(next, planned.until);
      else if (planned.do === 'hand_off') inTurn(view.conversationId, authorId, () => handOff(view.conversationId, view.messageId, runId, planned));
    }
    // Also where nothing answers by itself any more: the customer seems to have an answer, and has none.
    for (const { conversationId, aboutMessageId, deviceId: authorId, at } of queries.listUnsent(now() - NEWS_MS)) {
      const goneAt = whenGone(at);
      if (now() < goneAt) next = Math.min(next, goneAt);
      else inTurn(conversationId, authorId, () => handOff(conversationId, aboutMessageId, null, { reason: 'failed', detail: 'not_sent' }));
    }
    return next;
  };

  const see = (view: WaitingView): { sight: InboundSight; runId: string | null; authorId: string | null } => {
    const { conversationId, messageId } = view;
    const draft = queries.findDraftAbout(conversationId, messageId);
    const run = runs.findLastReply(conversationId);
    const record = run && readRecord(run);
    const isAboutIt = record?.basis.lastInboundId === messageId;
    const content = readContent(view.content);
    return {
      sight: {
        now: now(),
        receivedAt: view.receivedAt,
        kind: isAboutAnother(content) ? 'none' : wordsOf(content) === null ? 'no_words' : 'words',
        claimedUntil: view.claimAbout === messageId ? view.claimUntil : 0,
        isBeingMade: flow.attempts.findLive(conversationId) !== undefined || draft?.seq === PENDING_SEQ,
        draft: draft && draft.seq !== PENDING_SEQ ? seeDraft(draft, messageId) : null,
        lastTry: record && isAboutIt ? { outcome: record.outcome, isGap: record.isGap } : null,
      },
      runId: draft?.run_id ?? (run && isAboutIt ? run.id : null),
      authorId: draft?.device_id ?? (run && isAboutIt ? run.device_id : null),
    };
  };
  const seeDraft = (draft: AiDraftRow, messageId: string): InboundSight['draft'] => {
    if (draft.state === 'superseded' || draft.state === 'approved') return null;
    if (draft.state !== 'ready' || draft.about_message_id !== messageId || draft.is_requested === 1) return { is: 'attended' };
    if (draft.auto_state === 'counting') return { is: 'counting', at: draft.auto_at ?? 0 };
    if (draft.auto_state !== null) return isLeftAlone(draft) ? { is: 'waiting', verdict: { maySend: true, handoff: null } } : { is: 'attended' };
    const run = state.get('ai_run', [draft.run_id]);
    const policy = (run && readRecord(run)?.policy) ?? null;
    return { is: 'waiting', verdict: policy === null || policy.isShadow ? null : { maySend: policy.maySend, handoff: handoffFor(policy.rules) } };
  };
  /** It was stopped by what the customer did and not by a person: they end the claim, too, but somebody has the conversation then, or wrote in it. */
  const isLeftAlone = ({ conversation_id: conversationId, at }: AiDraftRow): boolean =>
    readConversationAi(state, conversationId).claim_about === null && state.get('conversation', [conversationId])?.assignee_id === null && (queries.findLastHuman(conversationId) ?? 0) <= at;

  const placeOf = (deviceId: string, authorId: string | null): number => {
    const devices = (presence.connectedDevices() ?? []).toSorted((a, b) => Number(b === authorId) - Number(a === authorId));
    return Math.max(0, devices.indexOf(deviceId));
  };

  return {
    decide: (ready: ReadyDraft): AutoDecision => {
      const { subject, ...decision } = decider.decide(ready);
      if (subject !== null && decision.auto !== null) inHand.set(ready.draftId, { subject, approvals: { count: 0, lastAt: 0 } });
      return decision;
    },

    /** @throws AppError FORBIDDEN for who is no admin, CHANGED_MEANWHILE where the settings are other ones than those that were confirmed. */
    confirm: ({ autoConfirmation }: { autoConfirmation: string }): OpVerdict => {
      if (!mayAdminister(readActor(state, myId()))) throw new AppError('FORBIDDEN', 'automatic answers are confirmed by admins');
      const settings = readSettings();
      if (autoConfirmation !== autoConfirmationOf(settings)) throw new AppError('CHANGED_MEANWHILE', 'the AI settings are other ones now');
      const to: AiSettings = { ...settings, auto: { ...settings.auto, state: 'on', confirmedFor: autoConfirmation } };
      return judgeLocal(replica, { type: 'setting.set', args: { from: { key: 'ai', value: settings }, to: { key: 'ai', value: to } } });
    },

    /** An answer may leave by itself in the conversation, or it will be handed over within minutes. */
    isAtIt: (conversationId: string): boolean => {
      const row = state.get('conversation', [conversationId]);
      if (!row || !isOn() || !isOnline() || row.last_inbound_seq <= row.last_outbound_seq) return false;
      const { mode, handoff_reason: handoff } = readConversationAi(state, conversationId);
      const message = state.get('message', [inboundMessageId(row.last_inbound_seq)]);
      if (handoff !== null || !isAutomatic(row.phone_number_id, mode) || !message || now() > message.received_at + AT_IT_MS) return false;
      const draft = queries.findDraftAbout(conversationId, message.id);
      return !draft || draft.state === 'superseded' || draft.auto_state === 'counting';
    },

    /** Something changed: what is to stop stops now, the rest can wait for the rest of the change. */
    look: (): void => {
      if (!isOnline()) inHand.clear();
      schedule(QUIET_MS);
    },

    /** What counts down here will not leave: people hear of it while the line is still there. */
    stop: (): void => {
      isStopped = true;
      clearTimeout(timer);
      if (!isOnline() || inHand.size === 0) return;
      for (const draft of queries.listCounting()) {
        if (inHand.has(draft.id) && draft.seq !== PENDING_SEQ) handOff(draft.conversation_id, draft.about_message_id ?? '', draft.run_id, { reason: 'failed', detail: 'ended' });
      }
    },
  };
}
