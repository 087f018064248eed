/**
 * Begins drafts by itself: for what customers write, after their burst, where the mode says so. Invariants: with the relay only under a claim of this
 * desktop that the log has confirmed and whose lease runs; without it only what needs no model; one try a message, whatever became of it,
 * unless the customer wrote again. What is due is read from the rows, so a restart goes on where a crash ended it.
 */
import type { AiSettings } from '../../../../contract/ai/ai-entities.ts';
import type { ConversationAiView } from '../../../../contract/ai/ai-views.ts';
import { effectiveMode } from '../../../../contract/ai/effective-mode.ts';
import { AppError } from '../../../../contract/app-error.ts';
import { BURST_QUIET_MS } from '../../../../contract/limits.ts';
import { errorText, type Log } from '../../../../contract/log.ts';
import { typeLevel } from '../../../../contract/ops/op.ts';
import { PENDING_SEQ, type StateTx } from '../../../../contract/state.ts';
import { isAboutAnother } from '../../../../contract/whatsapp/about-message.ts';
import { wordsOf } from '../../../../contract/whatsapp/content-words.ts';
import { inboundMessageId } from '../../../../contract/whatsapp/webhook-result.ts';
import { readContent } from '../../conversations/views.ts';
import type { AiQueries, UnansweredView } from '../../db/ai-queries.ts';
import type { SyncQueries } from '../../db/sync-queries.ts';
import type { Replica } from '../../sync/replica.ts';
import type { Presence } from '../../team/presence.ts';
import type { Wish } from './attempt.ts';
import type { DraftFlow } from './draft-flow.ts';
import { readRecord } from './read-run.ts';

/** After a change, in which more may come. */
const QUIET_MS = 20;
/** Each desktop waits so much longer than the one before it. */
const STEP_MS = 2_000;
/** Older messages are nobody's news: a person asks for a draft where they want one. */
export const DRAFT_NEWS_MS = 60 * 60 * 1000;
const AT_ONCE = 200;
/** With less of its lease left, a claim whose answer is being made begins anew. */
const RENEW_BEFORE_MS = 25_000;

type Deps = {
  queries: Pick<AiQueries, 'listUnanswered' | 'findLastReply'>;
  flow: Pick<DraftFlow, 'attempts' | 'start' | 'look'>;
  replica: Pick<Replica, 'applyLocal'>;
  state: Pick<StateTx, 'get' | 'list'>;
  sync: Pick<SyncQueries, 'readMeta'>;
  presence: Pick<Presence, 'presentDevices' | 'connectedDevices'>;
  readSettings: () => AiSettings;
  isStoppedByTeam: () => boolean;
  /** The rows are those of the whole log, as far as this desktop knows. */
  isUpToDate: () => boolean;
  /** The relay cannot be reached. */
  isRelayAway: () => boolean;
  isBuiltin: () => boolean;
  /** There is something in the knowledge base. */
  hasKnowledge: () => boolean;
  nudge: () => void;
  /** Relay time, ms. */
  now: () => number;
  log: Log;
};
export type DraftTriggers = ReturnType<typeof createDraftTriggers>;

export function createDraftTriggers({ queries, flow, replica, state, sync, presence, readSettings, isStoppedByTeam, isUpToDate, isRelayAway, isBuiltin, hasKnowledge, nudge, now, log }: Deps) {
  let timer: NodeJS.Timeout | undefined;
  let dueAt = Infinity;
  let isStopped = false;
  /** Messages that this desktop has begun a draft about. */
  const tried = new Set<string>();
  /** Asked for by a person, and overtaken by the customer: made when they are done writing. */
  const wishes = new Map<string, Wish>();

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
    if (isStopped || sync.readMeta().deviceId === null) return;
    try {
      lookAround();
    } catch (error) {
      // The next change tries again.
      if (!(error instanceof AppError)) log('error', 'drafts.failed', { error: errorText(error) });
    }
  };

  const lookAround = (): void => {
    for (const wish of flow.look()) wishes.set(wish.conversationId, wish);
    const waiting = new Map<string, number>();
    const next: number[] = [];
    const wait = (until: number): void => void next.push(until);
    const settings = readSettings();
    const isAlone = isRelayAway() && isBuiltin();
    // Rows that are behind say nothing; the next change tells when they are not.
    if (!isUpToDate() && !isRelayAway()) return;
    const isOff = settings.mode === 'off' || isStoppedByTeam() || !(isUpToDate() || isAlone);
    for (const wish of wishes.values()) followWish(wish, waiting, wait);
    const unanswered = isOff ? [] : queries.listUnanswered(now() - DRAFT_NEWS_MS, AT_ONCE);
    for (const view of unanswered) {
      const { conversationId } = view;
      if (!wishes.has(conversationId) && !flow.attempts.findLive(conversationId) && isDue(settings, view)) advance(view, waiting, wait);
    }
    if (!isOff) for (const id of tried) if (unanswered.every(({ messageId }) => messageId !== id)) tried.delete(id);
    flow.attempts.setWaiting(waiting);
    keepClaims(wait);
    const soonest = Math.min(...next);
    if (soonest < Infinity) schedule(Math.max(QUIET_MS, soonest - now()));
  };

  const quietFrom = (receivedAt: number): number => Math.min(receivedAt, now()) + BURST_QUIET_MS;
  /** Somebody asked for it, and gets it also where nothing is made by itself. */
  const followWish = (wish: Wish, waiting: Map<string, number>, wait: (until: number) => void): void => {
    const { conversationId } = wish;
    const row = state.get('conversation', [conversationId]);
    const message = row && state.get('message', [inboundMessageId(row.last_inbound_seq)]);
    if (!message || row.status !== 'active' || row.last_outbound_seq > row.last_inbound_seq || flow.attempts.findLive(conversationId)) return void wishes.delete(conversationId);
    const quietAt = quietFrom(message.received_at);
    if (now() >= quietAt) return begin(message.id, wish);
    waiting.set(conversationId, quietAt);
    wait(quietAt);
  };

  /** A draft is to be made, by somebody. */
  const isDue = (settings: AiSettings, view: UnansweredView): boolean =>
    !tried.has(view.messageId) && effectiveMode(settings, view.phoneNumberId, view.mode).mode !== 'off' && hasWords(view.content) && couldAnswer(view.conversationId);
  /** Without a model there are articles and requests to quote, or nothing. */
  const couldAnswer = (conversationId: string): boolean => !isBuiltin() || hasKnowledge() || state.list('request_link_by_conversation', [conversationId]).length > 0;

  /** One step nearer to a draft: waits for the burst, for the turn, for the claim. */
  const advance = (view: UnansweredView, waiting: Map<string, number>, wait: (until: number) => void): void => {
    const quietAt = quietFrom(view.receivedAt);
    const me = sync.readMeta().deviceId;
    const at = now();
    if (!isUpToDate()) {
      // Nobody can be asked whether a colleague's desktop does it. What is made here costs nothing, and the log takes one.
      if (at >= quietAt) return begin(view.messageId, { conversationId: view.conversationId, isRequested: false, instruction: '', fence: null });
      waiting.set(view.conversationId, quietAt);
      return wait(quietAt);
    }
    if (view.claimAbout === view.messageId) {
      if (view.claimDevice === me && view.claimFence === PENDING_SEQ) return;
      if (at < view.claimUntil) {
        if (view.claimDevice === me) return begin(view.messageId, { conversationId: view.conversationId, isRequested: false, instruction: '', fence: view.claimFence });
        return wait(view.claimUntil);
      }
    }
    const place = placeOf(view);
    if (place === null) return;
    const turnAt = Math.max(quietAt + place * STEP_MS, view.claimAbout === view.messageId ? view.claimUntil + place * STEP_MS : 0);
    if (place === 0) waiting.set(view.conversationId, turnAt);
    if (at < turnAt) return wait(turnAt);
    if (sync.readMeta().writeLevel < typeLevel('draft.claim')) return;
    waiting.delete(view.conversationId);
    const { outcome } = replica.applyLocal({ type: 'draft.claim', args: { conversationId: view.conversationId, aboutMessageId: view.messageId } });
    // What the rows refuse already would be refused each time.
    if (outcome !== 'applied') tried.add(view.messageId);
    nudge();
  };

  /**
   * Among the desktops that somebody is at, the assignee's first; where answers may leave by themselves, those that nobody is at come after them. Null:
   * this one is not among them.
   */
  const placeOf = ({ assigneeId, phoneNumberId, mode }: UnansweredView): number | null => {
    const attended = presence.presentDevices() ?? [];
    const isAuto = effectiveMode(readSettings(), phoneNumberId, mode).mode === 'auto';
    const others = isAuto ? (presence.connectedDevices() ?? []).filter((id) => attended.every(({ deviceId }) => deviceId !== id)) : [];
    const ordered = [...attended.toSorted((a, b) => Number(b.agentId === assigneeId) - Number(a.agentId === assigneeId)).map(({ deviceId }) => deviceId), ...others];
    const place = ordered.indexOf(sync.readMeta().deviceId ?? '');
    return place < 0 ? null : place;
  };

  const begin = (messageId: string, wish: Wish): void => {
    wishes.delete(wish.conversationId);
    tried.add(messageId);
    flow.start(wish);
  };

  const keepClaims = (wait: (until: number) => void): void => {
    for (const { conversationId, fence } of flow.attempts.listLive()) {
      const row = fence === null ? undefined : state.get('conversation_ai', [conversationId]);
      if (!row || row.claim_device !== sync.readMeta().deviceId || row.claim_fence !== fence || row.claim_about === null) continue;
      if (row.claim_until - now() > RENEW_BEFORE_MS) wait(row.claim_until - RENEW_BEFORE_MS);
      else if (isUpToDate()) {
        replica.applyLocal({ type: 'draft.claim', args: { conversationId, aboutMessageId: row.claim_about } });
        nudge();
      }
    }
  };

  return {
    /** Something changed. */
    look: (): void => {
      // What is overtaken ends now; what is due can wait for the rest of the change.
      for (const wish of flow.look()) wishes.set(wish.conversationId, wish);
      schedule(QUIET_MS);
    },

    /** Why nothing was made by itself for the newest message; null: it was, or it is about to be, or nothing is due. */
    explain: (conversationId: string): ConversationAiView['noDraftBecause'] => {
      const row = state.get('conversation', [conversationId]);
      if (!row || row.last_inbound_seq === 0 || row.status !== 'active') return null;
      if (row.last_outbound_seq > row.last_inbound_seq) return 'answered';
      const message = state.get('message', [inboundMessageId(row.last_inbound_seq)]);
      if (!message) return null;
      const content = readContent(message.content);
      if (content.kind === 'reaction') return 'reaction';
      const own = state.get('conversation_ai', [conversationId])?.mode ?? null;
      if (effectiveMode(readSettings(), row.phone_number_id, own).mode === 'off') return 'off';
      if (isAboutAnother(content) || wordsOf(content) === null) return 'not_text';
      const run = queries.findLastReply(conversationId);
      const record = run && readRecord(run);
      if (record && record.basis.lastInboundId === message.id) {
        if (record.outcome === 'ok' || record.outcome === 'superseded') return null;
        if (record.isGap) return 'no_answer_found';
        if (record.intent === 'greeting') return 'nothing_asked';
        return record.outcome === 'cap_reached' ? 'cap_reached' : record.outcome === 'cancelled' ? 'stopped' : 'failed';
      }
      return isStoppedByTeam() ? 'stopped' : null;
    },

    stop: (): void => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

function hasWords(json: string): boolean {
  const content = readContent(json);
  return !isAboutAnother(content) && wordsOf(content) !== null;
}
