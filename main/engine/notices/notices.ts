/**
 * Tells the agent what they should hear of although they may look elsewhere: one notice per conversation, replaced while
 * more comes, and taken back when it was seen on any of their desktops. Invariants: only what the log has confirmed is
 * told, after the commit; nothing is told twice after a restart (entries are applied once, and of time only what passed
 * since `through`); the history that a new desktop brings in is no news.
 */
import { z } from 'zod';
import { readActor } from '../../../contract/ops/actor.ts';
import { mayLead } from '../../../contract/rules/rights.ts';
import { AppError } from '../../../contract/app-error.ts';
import { SERVICE_WINDOW_MS } from '../../../contract/limits.ts';
import type { Notice, NoticeEvent, Preferences, SyncState } from '../../../contract/entities.ts';
import { readDeepLink, workspaceOf } from '../../../contract/rules/deep-link.ts';
import type { ApplyResult } from '../../../contract/reduce.ts';
import type { LogEntry } from '../../../contract/wire.ts';
import type { Drafts } from '../conversations/drafts.ts';
import { formatPhone, nameOf, readContent } from '../conversations/views.ts';
import type { ConversationQueries, SummaryView } from '../db/conversation-queries.ts';
import type { MessageQueries } from '../db/message-queries.ts';
import type { NoticeQueries } from '../db/notice-queries.ts';
import type { SettingQueries } from '../db/setting-queries.ts';
import type { Hours } from '../hours/hours.ts';
import type { EnginePorts } from '../ports.ts';
import type { ChangeCollector } from '../sync/change-collector.ts';
import type { Replica } from '../sync/replica.ts';
import { createNoticeFeed } from './notice-feed.ts';
import { BURST_MS, concerns, isDisturbable, isSpeech, joinNotices, NEWS_MAX_AGE_MS, noticeSubject, noticeText, readCandidate, WINDOW_LEADS_MS, type Candidate } from './notice-rules.ts';

/** How often is looked for what the time alone brings about. */
const LOOK_EVERY_MS = 15_000;
const markSchema = z.object({ through: z.number().int() });

type Deps = {
  queries: NoticeQueries;
  conversations: ConversationQueries;
  messages: MessageQueries;
  settings: SettingQueries;
  state: Replica['state'];
  changes: ChangeCollector;
  drafts: Drafts;
  targetOf: Hours['targetOf'];
  readPreferences: () => Preferences;
  syncState: () => SyncState['state'];
  cursor: () => number;
  /** The conversation that the agent has before their eyes. */
  lookedAt: () => string | null;
  sendReply: (reply: { conversationId: string; text: string; seenThrough: number; throughMessageId: string | null }) => void;
  /** Relay time, ms. */
  now: () => number;
  myId: () => string;
  readLogId: () => string | null;
  show: EnginePorts['showNotice'];
};

/** `seenThrough`: the last log position that the notice tells of. */
type Shown = { notice: Notice; seenThrough: number; messageId: string | null; soundedAt: number };
type News = { notice: Notice; seq: number; messageId: string | null };

export type Notices = {
  start(): void;
  stop(): void;
  /** Every entry that is applied, inside its transaction. */
  note(entry: LogEntry, result: ApplyResult): void;
  /** Looks at what was committed and at the clock. Called after every change. */
  look(): void;
  /** For `events.notices`. */
  watch(signal: AbortSignal | undefined): AsyncGenerator<NoticeEvent>;
  /** The agent clicked a notice outside the window. */
  open(conversationId: string): void;
  /** The agent followed a link to a place (`deep-link.ts`); it comes from outside. */
  openLink(link: string): void;
  /** The agent answered from the notice. What cannot be sent as it stands becomes a draft, and the conversation opens. */
  reply(conversationId: string, text: string): void;
};

export function createNotices(deps: Deps): Notices {
  const { queries, conversations, messages, settings, state, changes, drafts, targetOf, readPreferences, syncState, cursor, lookedAt, sendReply, now, myId, readLogId, show } = deps;
  const feed = createNoticeFeed();
  /** By seq: a transaction that is rolled back and tried again notes the same entries twice. */
  const candidates = new Map<number, Candidate>();
  const shown = new Map<string, Shown>();
  /** Up to when (relay time) the passing of time has been told; null: the first sync is not through. */
  let through = settings.read('notices', markSchema)?.through ?? null;
  let timer: NodeJS.Timeout | undefined;
  /** Who I am and what time it is, asked once for all entries of a transaction: a first sync brings a million. */
  let reader: { me: string; now: number } | null = null;

  const emit = (event: NoticeEvent): void => {
    if (show && (event.t === 'show' || event.t === 'clear')) show(event, readPreferences().language);
    else feed.push(event);
  };

  const clear = (conversationId: string): void => {
    if (shown.delete(conversationId)) emit({ t: 'clear', conversationId });
  };

  const tell = ({ notice, seq, messageId }: News, mayBeHeard: boolean): boolean => {
    const preferences = readPreferences().notifications;
    const { conversationId } = notice;
    if (!isDisturbable(preferences, now()) || lookedAt() === conversationId) return false;
    const before = shown.get(conversationId);
    const isSilent = !preferences.hasSound || !mayBeHeard || (before !== undefined && now() - before.soundedAt < BURST_MS);
    const joined = joinNotices(before?.notice ?? null, notice);
    shown.set(conversationId, { notice: joined, seenThrough: seq, messageId: messageId ?? before?.messageId ?? null, soundedAt: isSilent ? (before?.soundedAt ?? 0) : now() });
    emit({ t: 'show', notice: joined, isSilent });
    return !isSilent;
  };

  /** At most one of what came together is heard. */
  const tellAll = (news: Iterable<News>): void => {
    let isHeard = false;
    for (const one of news) isHeard = tell(one, !isHeard) || isHeard;
  };

  const find = (conversationId: string): SummaryView | undefined => conversations.find(conversationId, myId());
  const nameIn = (row: SummaryView): string => nameOf(row, formatPhone);
  const agentName = (id: string): string => state.get('agent', [id])?.name ?? '—';
  const unreadIn = (row: SummaryView): number => row.inboundCount - row.readCount;
  const isMine = (row: SummaryView): boolean =>
    concerns(myId(), {
      assigneeId: row.assigneeId,
      teamMemberIds: row.teamId === null ? null : state.list('team_member_by_team', [row.teamId]).map((member) => ('agent_id' in member ? member.agent_id : '')),
    });

  const judgeMessage = ({ seq, messageId }: Extract<Candidate, { kind: 'message' }>): News | null => {
    const message = messages.find(messageId);
    const row = message && find(message.conversationId);
    if (!message || !row) return null;
    const { conversationId } = message;
    const content = readContent(message.content);
    if (!isSpeech(content)) return null;
    const subject = noticeSubject(content);
    const told = { conversationId, name: nameIn(row), text: noticeText(content), ...(subject && { subject }) };
    if (message.direction === 'out') return message.status === 'failed' && message.hold === null && message.actorId === myId() ? { notice: { kind: 'failed', ...told }, seq, messageId: null } : null;
    const isNews = now() - message.sentAt <= NEWS_MAX_AGE_MS && message.inboundNo !== null && unreadIn(row) > 0 && isMine(row);
    return isNews ? { notice: { kind: 'message', ...told, count: 1 }, seq, messageId } : null;
  };

  const judge = (candidate: Candidate): News | null => {
    if (candidate.kind === 'acted') return null;
    if (candidate.kind === 'message') return judgeMessage(candidate);
    const { conversationId, seq } = candidate;
    const row = find(conversationId);
    if (!row) return null;
    const told = { conversationId, name: nameIn(row) };
    if (candidate.kind === 'mention') return { notice: { kind: 'mention', ...told, by: agentName(candidate.by), text: candidate.text }, seq, messageId: null };
    return row.assigneeId === myId() ? { notice: { kind: 'assigned', ...told, by: candidate.by === null ? null : agentName(candidate.by) }, seq, messageId: null } : null;
  };

  const tellCommitted = (): void => {
    reader = null;
    if (candidates.size === 0) return;
    const committed = [...candidates.values()].filter(({ seq }) => seq <= cursor()).toSorted((a, b) => a.seq - b.seq);
    candidates.clear();
    if (through === null) return;
    const news = new Map<string, News>();
    for (const candidate of committed) {
      if (candidate.kind === 'acted') {
        if (shown.get(candidate.conversationId)?.notice.kind !== 'message') clear(candidate.conversationId);
        continue;
      }
      const next = judge(candidate);
      if (!next) continue;
      const { conversationId } = next.notice;
      const before = news.get(conversationId);
      news.delete(conversationId);
      news.set(conversationId, { ...next, notice: joinNotices(before?.notice ?? null, next.notice), messageId: next.messageId ?? before?.messageId ?? null });
    }
    tellAll(news.values());
  };

  /** Read, taken over by somebody else, answered: what is told no longer calls for this agent. */
  const isOver = ({ notice }: Shown): boolean => {
    const row = find(notice.conversationId);
    if (!row || lookedAt() === notice.conversationId) return true;
    if (notice.kind === 'message') return unreadIn(row) <= 0 || !isMine(row);
    if (notice.kind === 'target_missed') return row.waitingSince === null || row.assigneeId !== null;
    if (notice.kind === 'window_closing' || notice.kind === 'target_closing') return row.waitingSince === null || row.assigneeId !== myId();
    return notice.kind === 'assigned' && row.assigneeId !== myId();
  };

  const clearSeen = (): void => {
    for (const [conversationId, one] of shown) if (isOver(one)) clear(conversationId);
  };

  const windowNews = (after: number, until: number): News[] => {
    const ids = new Set(
      WINDOW_LEADS_MS.flatMap((lead) => {
        const age = SERVICE_WINDOW_MS - lead;
        return queries.listOwed(myId(), { after: after - age, through: until - age });
      }),
    );
    return [...ids].flatMap((id) => {
      const row = find(id);
      const closesAt = (row?.lastInboundAt ?? 0) + SERVICE_WINDOW_MS;
      return row && closesAt > until ? [{ notice: { kind: 'window_closing' as const, conversationId: id, name: nameIn(row), closesAt }, seq: cursor(), messageId: null }] : [];
    });
  };

  /** What passed in (after, until]. */
  const targetNews = (after: number, until: number): News[] => {
    const isLead = mayLead(readActor(state, myId()));
    return queries.listWaiting(myId(), until).flatMap(({ id, assigneeId, waitingSince }): News[] => {
      const target = assigneeId !== null || isLead ? targetOf(waitingSince) : null;
      if (target === null) return [];
      const { soonAt, dueAt } = target;
      const kind = assigneeId === null ? 'target_missed' : 'target_closing';
      const isDue = kind === 'target_missed' ? dueAt > after && dueAt <= until : soonAt > after && soonAt <= until && dueAt > until;
      const row = isDue ? find(id) : undefined;
      return row ? [{ notice: { kind, conversationId: id, name: nameIn(row), dueAt }, seq: cursor(), messageId: null }] : [];
    });
  };

  const tellTime = (): void => {
    const until = now();
    if (through === null) {
      if (syncState() !== 'live') return;
      through = until;
      settings.write('notices', { through });
      return;
    }
    // Told by a clock that was wrong: it must not silence the right one for longer than this.
    if (through > until + NEWS_MAX_AGE_MS) through = until;
    if (until <= through) return;
    const woken = conversations.listWoken(through, until);
    const snoozes = woken.flatMap((id): News[] => {
      const row = find(id);
      const isForMe = row && (row.assigneeId === myId() || (row.assigneeId === null && queries.findSnoozer(id) === myId()));
      return isForMe ? [{ notice: { kind: 'snooze_ended', conversationId: id, name: nameIn(row) }, seq: cursor(), messageId: null }] : [];
    });
    const news = [...targetNews(through, until), ...windowNews(through, until), ...snoozes];
    through = until;
    // Written only when something was told: to look again at a time in which nothing was is harmless.
    if (news.length > 0) settings.write('notices', { through });
    tellAll(news);
    if (woken.length === 0) return;
    for (const id of woken) changes.noteConversation(id);
    changes.publish();
  };

  const look = (): void => {
    // Wiped: nothing of the customers stays on the screen either.
    if (myId() === '') return [...shown.keys()].forEach(clear);
    tellCommitted();
    clearSeen();
  };

  const open = (conversationId: string, messageId: string | null = null): void => {
    clear(conversationId);
    emit({ t: 'open', conversationId, messageId });
  };

  const openLink = (text: string): void => {
    const link = readDeepLink(text);
    const logId = readLogId();
    if (!link) return emit({ t: 'link_refused', reason: 'not_a_link' });
    if (logId === null || link.workspace !== workspaceOf(logId)) return emit({ t: 'link_refused', reason: 'other_workspace' });
    if (!find(link.conversationId)) return emit({ t: 'link_refused', reason: 'unknown' });
    // A message that is not here any more still leads to its conversation.
    open(link.conversationId, link.messageId !== null && messages.find(link.messageId) ? link.messageId : null);
  };

  return {
    start: () => {
      timer = setInterval(() => {
        tellTime();
        clearSeen();
      }, LOOK_EVERY_MS);
      tellTime();
    },
    stop: () => {
      clearInterval(timer);
      if (through !== null) settings.write('notices', { through });
    },
    note: (entry, result) => {
      reader ??= { me: myId(), now: now() };
      const candidate = readCandidate(entry, result, reader.me, reader.now);
      if (candidate) candidates.set(candidate.seq, candidate);
    },
    look: () => {
      if (through === null) tellTime();
      look();
    },
    watch: feed.watch,
    open: (conversationId) => open(conversationId),
    openLink,
    reply: (conversationId, text) => {
      const seen = shown.get(conversationId);
      try {
        if (!seen) throw new AppError('THREAD_MOVED', 'the notice is not known any more');
        sendReply({ conversationId, text, seenThrough: seen.seenThrough, throughMessageId: seen.messageId });
        clear(conversationId);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        const draft = drafts.get({ conversationId });
        drafts.set({ conversationId, text: draft && draft.text.trim() !== '' ? `${draft.text}\n${text}` : text, mode: draft?.mode ?? 'reply' });
        open(conversationId);
      }
    },
  };
}
