/**
 * How the AI parts stand: in the workspace, and in the open conversation with what is being made for it on this desktop. Invariant: from the last
 * piece of a text that is being written to the finished draft nothing in between is shown: what ended is read before its end is told.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AiState, ConversationAiView, RunningView } from '../../contract/ai/ai-views.ts';
import type { AiMode, DiscardReason } from '../../contract/ai/ai-words.ts';
import type { ChangeFeed } from '../rpc/change-feed.ts';
import type { EngineClient } from '../rpc/engine-client.ts';
import type { ConversationState } from './conversation-store.ts';
import { createCoalesced } from './serial.ts';
import { reuse } from './share.ts';
import type { ToastState } from './toast-store.ts';

export type ChosenDiscardReason = Extract<DiscardReason, 'wrong' | 'incomplete' | 'tone' | 'not_needed' | 'other'>;
export type OpenAi = { conversationId: string; ai: ConversationAiView };

export type AiStoreState = {
  /** Null until it was read. */
  workspace: AiState | null;
  /** Of the open conversation; null until it was read. */
  open: OpenAi | null;
  /** What is made for it here. */
  running: RunningView;
  /** Makes a draft now, at its agent's wish. */
  request(conversationId: string, instruction?: string): void;
  cancel(conversationId: string): void;
  discard(draftId: string, reason: ChosenDiscardReason): void;
  stopAuto(draftId: string): Promise<boolean>;
  setMode(conversationId: string, from: AiMode | null, to: AiMode | null): void;
  /** Everything that the AI parts do by themselves, for everybody. */
  stop(isStopped: boolean): void;
  refresh(): void;
};

const IDLE: RunningView = { state: 'idle', draftId: null, text: '', until: null, failure: null, startedAt: null };
/** Before what ended without a reason is followed again. */
const FOLLOW_AGAIN_MS = 1_000;

type Deps = {
  client: Pick<EngineClient, 'ai'>;
  changes: Pick<ChangeFeed, 'subscribe'>;
  conversation: StoreApi<ConversationState>;
  toasts: StoreApi<ToastState>;
  report(error: unknown): void;
  reportAction(error: unknown): void;
};

export function createAiStore({ client, changes, conversation, toasts, report, reportAction }: Deps): StoreApi<AiStoreState> {
  let following: AbortController | null = null;
  const openId = (): string | null => conversation.getState().openId;

  const store = createStore<AiStoreState>(() => ({
    workspace: null,
    open: null,
    running: IDLE,
    request: (conversationId, instruction = '') => void attempt(() => client.ai.draft({ conversationId, instruction })),
    cancel: (conversationId) => void attempt(() => client.ai.cancel({ conversationId })),
    discard: (draftId, reason) => void attempt(() => client.ai.discard({ draftId, reason })),
    stopAuto: (draftId) => attempt(() => client.ai.stopAuto({ draftId })),
    setMode: (conversationId, from, to) => void attempt(() => client.ai.setMode({ conversationId, from, to })),
    stop: (isStopped) => void attempt(() => client.ai.stop({ isStopped })),
    refresh: () => refresh(),
  }));

  async function attempt(task: () => Promise<{ outcome: string } | void>): Promise<boolean> {
    try {
      const answer = await task();
      refresh();
      const code = answer?.outcome === 'forbidden' ? 'FORBIDDEN' : answer?.outcome === 'superseded' ? 'CHANGED_MEANWHILE' : null;
      if (code !== null) toasts.getState().fail(code);
      return code === null;
    } catch (error) {
      reportAction(error);
      return false;
    }
  }

  const readConversation = createCoalesced(async () => {
    const conversationId = openId();
    if (conversationId === null) return;
    const ai = await client.ai.conversation({ conversationId });
    if (openId() !== conversationId) return;
    store.setState(({ open }) => ({ open: reuse(open, { conversationId, ai }) }));
  });
  const readWorkspace = createCoalesced(async () => {
    const fresh = await client.ai.state();
    store.setState(({ workspace }) => ({ workspace: reuse(workspace, fresh) }));
  });
  function refresh(): void {
    void readConversation().catch(report);
    void readWorkspace().catch(report);
  }

  async function follow(conversationId: string): Promise<void> {
    following?.abort();
    const { signal } = (following = new AbortController());
    try {
      for await (const running of await client.ai.watch({ conversationId }, { signal })) {
        if (signal.aborted) return;
        const hasEnded = (running.state === 'idle' || running.state === 'failed') && store.getState().running.state !== running.state;
        if (hasEnded) await readConversation().catch(report);
        if (signal.aborted) return;
        store.setState({ running });
      }
      if (!signal.aborted) setTimeout(() => !signal.aborted && void follow(conversationId), FOLLOW_AGAIN_MS);
    } catch {
      // The line broke, or the window went on: the next line or conversation begins anew.
    }
  }

  conversation.subscribe(({ openId: now }, { openId: before }) => {
    if (now === before) return;
    following?.abort();
    store.setState({ open: null, running: IDLE });
    if (now === null) return;
    void readConversation().catch(report);
    void follow(now);
  });
  changes.subscribe((change) => {
    const id = openId();
    if (change.ai || change.session || change.directory) void readWorkspace().catch(report);
    if (id === null) return;
    if (change.ai || change.directory || change.conversations === 'all' || change.conversations.includes(id)) void readConversation().catch(report);
    if (change.session) void follow(id);
  });
  return store;
}

/** Of that conversation, and of no other. */
export const aiOf = ({ open }: Pick<AiStoreState, 'open'>, conversationId: string): ConversationAiView | null => (open?.conversationId === conversationId ? open.ai : null);
