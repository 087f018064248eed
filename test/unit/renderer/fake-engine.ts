/** An engine made of a few arrays, for the stores: answers like the contract, counts calls, can be slow or away. */
import { createHash } from 'node:crypto';
import type { ComposedContent } from '../../../contract/api.ts';
import type { Change, Conflict, Conversation, ConversationSummary, Directory, DraftFile, InboxView, Message, Note, ThreadEvent } from '../../../contract/entities.ts';
import { EVERYTHING, type ChangeFeed, type ChangeListener } from '../../../renderer/rpc/change-feed.ts';
import type { EngineClient } from '../../../renderer/rpc/engine-client.ts';
import type { EventProposal, LinkSuggestion, ServiceRequest } from '../../../contract/work-entities.ts';
import type { RequestOfConversation } from '../../../renderer/store/links-store.ts';
import type { Finding } from '../../../contract/ai/ai-entities.ts';
import type { ConversationAiView, RunningView } from '../../../contract/ai/ai-views.ts';
import { NO_AI } from './ai-fixtures.ts';
import { makeConversation } from './fixtures.ts';

export type FakeEngine = {
  client: EngineClient;
  /** Without more, everything changed. */
  changes: ChangeFeed & { tell(conversations?: Change['conversations'], rest?: Partial<Change>): Promise<void> };
  rows: ConversationSummary[];
  /** Saved views of the list. */
  views: InboxView[];
  conversations: Map<string, Partial<Conversation>>;
  /** Conversations that the engine does not know any more. */
  erased: Set<string>;
  messages: Message[];
  /** What every page tells of the thread. */
  events: ThreadEvent[];
  /** What `messages.locate` finds. */
  located: string | null;
  calls: string[];
  /** Answers come only when `release` is called. */
  pause(): { release(): void };
  /** The next call of this name throws. */
  failNext(name: string, error: Error): void;
  setStatusOutcome: 'applied' | 'merged' | 'superseded';
  setStatusReason: 'customer_wrote' | 'newer_conversation' | null;
  myTeamIds: string[];
  directory: Directory | null;
  conflicts: Conflict[];
  /** What `bulk`, `ops.undo` and `conflicts.reapply` answer. */
  bulk: { opIds: string[]; changed: number; refused: number };
  undo: { undone: number; refused: number };
  reapplied: { opId: string; outcome: string; reason: string | null };
  /** What was given to them. */
  asked: { name: string; input: unknown }[];
  /** What was marked as read, by the message it was read through. */
  marked: string[];
  /** What was given to `messages.send`; `text` of a text. */
  sent: { conversationId: string; content: ComposedContent; text?: string; messageId?: string; quotedMessageId?: string; seenThrough?: number; isGuarded?: boolean }[];
  notes: Note[];
  /** What the engine holds of unsent texts. */
  drafts: Map<string, { text: string; mode: 'reply' | 'note'; files: DraftFile[]; updatedAt: number }>;
  /** Files of which the engine has all bytes, by upload, and what it answers to the last piece. */
  staged: Map<string, { filename: string; bytes: number; received: number; isCancelled: boolean }>;
  /** The answer to changes of triage and notes. */
  verdict: { outcome: string; reason: string | null };
  /** By id. */
  requests: Map<string, ServiceRequest>;
  ofConversation: RequestOfConversation[];
  linkSuggestions: LinkSuggestion[];
  proposals: EventProposal[];
  /** Of every conversation. */
  ai: ConversationAiView;
  running: RunningView[];
  findings(text: string): Finding[];
  rewritten: { state: 'streaming' | 'done'; text: string }[];
  /** What was given to `presence.set`. */
  presences: { conversationId: string | null; activity: string; isReply?: boolean }[];
};

type ListInput = {
  status?: string;
  unread?: boolean;
  search?: string;
  limit?: number;
  cursor?: string;
  assignee?: 'anybody' | 'me' | 'my_teams' | 'nobody' | { agentId: string } | { teamId: string };
  labelId?: string;
  request?: string;
  snoozed?: 'no' | 'only';
  hasDraft?: boolean;
  trouble?: string;
  waiting?: boolean;
  role?: string;
  towards?: 'start' | 'end';
};

type PageInput = { conversationId: string; before?: string; after?: string; around?: string; limit?: number };

export const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
};

export function createFakeEngine(): FakeEngine {
  const listeners = new Set<ChangeListener>();
  const failures = new Map<string, Error>();
  let gate: Promise<void> = Promise.resolve();
  const engine: FakeEngine = {
    client: undefined as unknown as EngineClient,
    changes: {
      subscribe: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      start: () => undefined,
      tell: async (conversations = 'all', rest = {}) => {
        for (const listener of listeners) listener({ ...EVERYTHING, conversations, ...rest });
        await settle();
      },
    },
    rows: [],
    views: [],
    conversations: new Map(),
    erased: new Set(),
    messages: [],
    events: [],
    located: null,
    calls: [],
    pause: () => {
      let release = (): void => undefined;
      gate = new Promise((resolve) => {
        release = resolve;
      });
      return { release };
    },
    failNext: (name, error) => void failures.set(name, error),
    setStatusOutcome: 'applied',
    setStatusReason: null,
    myTeamIds: [],
    directory: null,
    conflicts: [],
    bulk: { opIds: [], changed: 0, refused: 0 },
    undo: { undone: 1, refused: 0 },
    reapplied: { opId: 'op-again', outcome: 'applied', reason: null },
    asked: [],
    marked: [],
    sent: [],
    notes: [],
    drafts: new Map(),
    staged: new Map(),
    verdict: { outcome: 'applied', reason: null },
    requests: new Map(),
    ofConversation: [],
    linkSuggestions: [],
    proposals: [],
    presences: [],
    ai: NO_AI,
    running: [],
    findings: () => [],
    rewritten: [],
  };

  const answer = async <T>(name: string, make: () => T): Promise<T> => {
    engine.calls.push(name);
    await gate;
    const failure = failures.get(name);
    failures.delete(name);
    if (failure) throw failure;
    return structuredClone(make());
  };

  const noting = <T>(name: string, input: unknown, make: () => T): Promise<T> => {
    engine.asked.push({ name, input });
    return answer(name, make);
  };

  const pageOf = ({ conversationId, before, after, around, limit = 50 }: PageInput) => {
    const all = engine.messages
      .map((message, index) => (message.direction === 'in' ? { ...message, inboundNo: message.inboundNo ?? index + 1 } : message))
      .filter((message) => message.conversationId === conversationId);
    const at = (id: string | undefined): number => all.findIndex((message) => message.id === id);
    if (around !== undefined && at(around) === -1) throw new Error(`no message ${around}`);
    const from = around === undefined ? (after === undefined ? null : at(after) + 1) : Math.max(0, at(around) - Math.floor(limit / 2));
    const end = from === null ? (before === undefined ? all.length : at(before)) : Math.min(all.length, (around === undefined ? from : at(around) - Math.floor(limit / 2)) + limit);
    const start = from ?? Math.max(0, end - limit);
    const items = all.slice(start, end);
    return {
      items,
      olderCursor: start > 0 ? items[0]!.id : null,
      newerCursor: end < all.length ? items.at(-1)!.id : null,
      events: { from: 0, to: Number.MAX_SAFE_INTEGER, items: engine.events },
    };
  };

  engine.client = {
    session: { get: () => answer('session', () => null), sync: () => answer('sync', () => null) },
    preferences: { get: () => answer('preferences', () => ({})) },
    conversations: {
      counts: () => answer('counts', () => null),
      views: () => answer('views', () => engine.views),
      setViews: (input: { views: InboxView[] }) =>
        noting('setViews', input, () => {
          engine.views = input.views;
        }),
      viewCounts: () => answer('viewCounts', () => engine.views.map(({ id }) => ({ id, count: engine.rows.length }))),
      list: ({
        status = 'active',
        unread = false,
        search = '',
        limit = 50,
        cursor,
        assignee = 'anybody',
        labelId,
        request,
        snoozed = 'no',
        hasDraft = false,
        trouble,
        waiting = false,
        role,
        towards = 'end',
      }: ListInput) =>
        answer('list', () => {
          const rows = engine.rows.filter(
            (row) =>
              (trouble ? row.hasFailed || row.hasHeld : hasDraft ? row.draft : row.status === status && (snoozed === 'only') === (row.snoozedUntil !== null)) &&
              (!unread || row.unread > 0) &&
              (!waiting || row.waitingSince !== null) &&
              (role === undefined || row.role === role) &&
              row.contact.name.includes(search) &&
              (labelId === undefined || row.labels.some((label) => label.id === labelId)) &&
              (request === undefined || (request === 'unlinked' ? row.request === null : request === 'linked' ? row.request !== null : row.request?.status === request)) &&
              (assignee === 'anybody' ||
                (typeof assignee === 'object' && ('agentId' in assignee ? row.assignee?.id === assignee.agentId : row.team?.id === assignee.teamId)) ||
                (assignee === 'me' && row.assignee?.isMe) ||
                (assignee === 'nobody' && row.assignee === null) ||
                (assignee === 'my_teams' && engine.myTeamIds.includes(row.team?.id ?? ''))),
          );
          // A place between rows, by the id of the one it is next to; none has that of the ends.
          const id = cursor === undefined ? null : (JSON.parse(cursor) as [number, string])[1];
          const place = rows.findIndex((row) => row.id === id);
          const [start, end] = towards === 'end' ? [place + 1, place + 1 + limit] : [Math.max(0, (id === null ? rows.length : place) - limit), id === null ? rows.length : place];
          const items = rows.slice(start, end);
          return { items, nextCursor: end < rows.length ? 'more' : null, previousCursor: start > 0 ? 'more' : null };
        }),
      get: ({ conversationId }: { conversationId: string }) =>
        answer('get', () => ({ ...makeConversation(conversationId), ...engine.conversations.get(conversationId), messages: [], messagesCursor: null })),
      open: (input: { conversationId: string; limit: number; aboveUnread?: number }) =>
        noting('open', input, () => {
          const { conversationId, limit, aboveUnread } = input;
          const conversation: Conversation = { ...makeConversation(conversationId), ...engine.conversations.get(conversationId) };
          const wanted = aboveUnread === undefined || conversation.unread === 0 ? limit : Math.max(limit, conversation.unread + aboveUnread);
          return { conversation, page: pageOf({ conversationId, limit: Math.min(wanted, 200) }), notes: engine.notes };
        }),
      byIds: ({ ids }: { ids: string[] }) =>
        answer('byIds', () => ids.filter((id) => !engine.erased.has(id)).map((id) => engine.rows.find((row) => row.id === id) ?? { ...makeConversation(id), ...engine.conversations.get(id) })),
      markRead: (input: { conversationId: string; throughMessageId: string }) => {
        engine.marked.push(input.throughMessageId);
        return answer('markRead', () => ({ unread: 0 }));
      },
      setStatus: ({ from, to }: { from: string; to: string }) =>
        answer('setStatus', () => ({ outcome: engine.setStatusOutcome, status: engine.setStatusOutcome === 'superseded' ? from : to, reason: engine.setStatusReason, opId: 'op-status' })),
      assign: (input: { from: string | null; to: string | null }) =>
        noting('assign', input, () => ({ ...engine.verdict, opId: 'op-assign', assignee: { id: input.to ?? input.from ?? 'x', name: 'Cy', isMe: false } })),
      snooze: (input: unknown) => noting('snooze', input, () => ({ opId: 'op-snooze', ...engine.verdict })),
      bulk: (input: unknown) => noting('bulk', input, () => engine.bulk),
    },
    requests: {
      get: ({ requestId }: { requestId: string }) => answer('request', () => engine.requests.get(requestId)),
      ofConversation: () => answer('ofConversation', () => engine.ofConversation),
      suggestLinks: () => answer('suggestLinks', () => engine.linkSuggestions),
      link: (input: unknown) => noting('link', input, () => ({ opId: 'op-link', ...engine.verdict })),
      events: () => answer('events', () => engine.proposals),
      counts: () => answer('requestCounts', () => ({ byStatus: {}, openEvents: engine.proposals.length })),
      sendEvent: (input: unknown) => noting('sendEvent', input, () => ({ opId: 'op-send', ...engine.verdict, messageId: 'm1' })),
      dismissEvent: (input: unknown) => noting('dismissEvent', input, () => ({ opId: 'op-dismiss', ...engine.verdict })),
    },
    diagnostics: { account: () => answer('account', () => []) },
    ai: {
      state: () => answer('aiState', () => null),
      conversation: () => answer('ai', () => engine.ai),
      watch: async function* () {
        await gate;
        yield* engine.running;
      },
      edit: (input: unknown) => noting('editAiDraft', input, () => ({ opId: 'op-edit', ...engine.verdict })),
      check: ({ text }: { text: string }) => answer('checkAiDraft', () => ({ findings: engine.findings(text), hasHigh: engine.findings(text).length > 0 })),
      send: (input: unknown) => noting('sendAiDraft', input, () => undefined),
      rewrite: (input: unknown) =>
        noting('rewrite', input, () => undefined).then(async function* () {
          yield* engine.rewritten;
        }),
    },
    ops: { undo: (input: unknown) => noting('undo', input, () => engine.undo) },
    conflicts: {
      list: () => answer('conflicts', () => engine.conflicts),
      reapply: (input: unknown) => noting('reapply', input, () => engine.reapplied),
      dismiss: (input: unknown) => noting('dismiss', input, () => ({ left: 0 })),
    },
    team: { directory: () => answer('directory', () => engine.directory) },
    notes: {
      list: () => answer('notes', () => engine.notes),
      add: () => answer('addNote', () => engine.notes[0]),
      edit: () => answer('editNote', () => ({ opId: 'op', ...engine.verdict })),
    },
    drafts: {
      get: ({ conversationId }: { conversationId: string }) => answer('getDraft', () => engine.drafts.get(conversationId) ?? null),
      set: ({ conversationId, text, mode }: { conversationId: string; text: string; mode: 'reply' | 'note' }) =>
        answer('setDraft', () => {
          const files = engine.drafts.get(conversationId)?.files ?? [];
          if (text.trim() === '' && files.length === 0) engine.drafts.delete(conversationId);
          else engine.drafts.set(conversationId, { text, mode, files, updatedAt: 1 });
        }),
      setFiles: ({ conversationId, files }: { conversationId: string; files: DraftFile[] }) =>
        answer('setFiles', () => {
          const { text = '', mode = 'reply' } = engine.drafts.get(conversationId) ?? {};
          if (text.trim() === '' && files.length === 0) engine.drafts.delete(conversationId);
          else engine.drafts.set(conversationId, { text, mode, files, updatedAt: 1 });
        }),
    },
    media: {
      begin: ({ filename, bytes }: { filename: string; bytes: number }) =>
        answer('begin', () => {
          const uploadId = `u${engine.staged.size + 1}`;
          engine.staged.set(uploadId, { filename, bytes, received: 0, isCancelled: false });
          return { uploadId };
        }),
      chunk: ({ uploadId, offset, data }: { uploadId: string; offset: number; data: string }) =>
        answer('chunk', () => {
          const upload = engine.staged.get(uploadId)!;
          if (upload.received !== offset) throw new Error('a piece out of order');
          upload.received += Buffer.from(data, 'base64').length;
          return { received: upload.received };
        }),
      finish: ({ uploadId }: { uploadId: string }) =>
        answer('finish', () => {
          const { filename, bytes } = engine.staged.get(uploadId)!;
          return { sha256: createHash('sha256').update(filename).digest('hex'), bytes, mimeType: 'image/jpeg', filename, kind: 'image', alternatives: [], problem: null, limitBytes: null };
        }),
      cancel: ({ uploadId }: { uploadId: string }) =>
        answer('cancelUpload', () => {
          engine.staged.get(uploadId)!.isCancelled = true;
        }),
      setThumbnail: (input: unknown) => noting('setThumbnail', input, () => undefined),
    },
    presence: {
      list: () => answer('presence', () => null),
      set: (presence: FakeEngine['presences'][number]) => {
        engine.presences.push(presence);
        return answer('setPresence', () => undefined);
      },
    },
    messages: {
      page: (input: PageInput) => answer('page', () => pageOf(input)),
      locate: () => answer('locate', () => ({ messageId: engine.located })),
      send: (input: FakeEngine['sent'][number]) => {
        engine.sent.push({ ...input, ...(input.content.kind === 'text' && { text: input.content.text }) });
        return answer('send', () => engine.messages[0]);
      },
    },
  } as unknown as EngineClient;
  return engine;
}
