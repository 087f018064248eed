/**
 * The service requests of the open conversation: those it is linked to, those it may belong to, and the question before it is answered or
 * ended without one. Invariants: the question is asked at most once for a conversation while the window is open, never of an agent who has
 * just linked one themselves, and only where there is something to link; whatever its answer, what its agent wanted to do stays theirs to do.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { isEnded, type RequestRole } from '../../contract/requests/request-rules.ts';
import type { LinkSuggestion, ServiceRequest } from '../../contract/work-entities.ts';
import type { ChangeFeed } from '../rpc/change-feed.ts';
import type { EngineClient, EngineOutputs } from '../rpc/engine-client.ts';
import type { ConversationState } from './conversation-store.ts';
import { createCoalesced } from './serial.ts';
import { reuse } from './share.ts';
import type { ToastState } from './toast-store.ts';

/** What is said after linking. */
export type LinkText = `requestLinks.toast.${'linked' | 'unlinked' | 'linkedMeanwhile' | 'relinked'}`;
export type RequestOfConversation = EngineOutputs['requests']['ofConversation'][number];
export type ConversationLinks = {
  conversationId: string;
  /** Linked ones, then others of the person. */
  requests: readonly RequestOfConversation[];
  suggestions: readonly LinkSuggestion[];
  /** All of the one that the conversation shows. */
  shown: ServiceRequest | null;
};
export type NudgeIntent = 'reply' | 'archived' | 'closed';
export type Nudge = { conversationId: string; intent: NudgeIntent; suggestion: LinkSuggestion; go(): void };

export type LinksState = {
  /** Of the open conversation; null until it was read. */
  links: ConversationLinks | null;
  nudge: Nudge | null;
  /** @param target of the conversation: how it is called. @returns whether it stands. */
  link(target: LinkTarget, request: RequestName, role: RequestRole): Promise<boolean>;
  unlink(target: LinkTarget, request: RequestName, role: RequestRole): Promise<boolean>;
  /** Before a conversation is answered or ended. @returns whether its agent is asked first; `go` is what they wanted. */
  ask(conversationId: string, intent: NudgeIntent, go: () => void): boolean;
  /** `back`: neither; the next time nothing is asked. */
  answer(answer: 'link' | 'without' | 'back'): void;
};
export type LinkTarget = { id: string; name: string };
export type RequestName = { id: string; reference: string };

type Deps = {
  client: EngineClient;
  changes: ChangeFeed;
  conversation: StoreApi<ConversationState>;
  toasts: StoreApi<ToastState>;
  report(error: unknown): void;
  reportAction(error: unknown): void;
};

export function createLinksStore({ client, changes, conversation, toasts, report, reportAction }: Deps): StoreApi<LinksState> {
  /** Conversations whose agent has had their say. */
  const asked = new Set<string>();
  const openId = (): string | null => conversation.getState().openId;

  const store = createStore<LinksState>((set, get) => ({
    links: null,
    nudge: null,
    link: (target, request, role) => {
      // Whoever writes on at once is faster than the engine says that it stands.
      asked.add(target.id);
      return setLink(target, request, role, true);
    },
    unlink: (target, request, role) => setLink(target, request, role, false),
    ask: (conversationId, intent, go) => {
      const { links } = get();
      const [suggestion] = links?.suggestions ?? [];
      if (links?.conversationId !== conversationId || !suggestion || links.requests.some(isCurrent) || asked.has(conversationId)) return false;
      asked.add(conversationId);
      set({ nudge: { conversationId, intent, suggestion, go } });
      return true;
    },
    answer: (answer) => {
      const { nudge } = get();
      set({ nudge: null });
      if (!nudge || answer === 'back') return;
      if (answer === 'without') return nudge.go();
      const { request, role } = nudge.suggestion;
      const name = conversation.getState().thread?.conversation.contact.name ?? '';
      // Not linked after all is said, and no reason to keep a reply from leaving.
      void setLink({ id: nudge.conversationId, name }, request, role, true).then(nudge.go);
    },
  }));

  /** From what stands now: of a request with another conversation of the same person it moves over. */
  async function setLink(target: LinkTarget, { id: requestId, reference }: RequestName, role: RequestRole, isLinked: boolean): Promise<boolean> {
    try {
      const { links } = await client.requests.get({ requestId });
      const from = links.find((link) => link.role === role)?.conversationId ?? null;
      const to = isLinked ? target.id : null;
      // It stands so already, as after a double click; or somebody has unlinked it, or linked another one in its place.
      if (isLinked ? from === to : from !== target.id) return true;
      const { outcome } = await client.requests.link({ requestId, role, from, to });
      const values = { name: target.name, what: reference };
      const isDone = outcome === 'applied' || outcome === 'merged';
      if (isDone) {
        const undo = (): void => void putBack({ requestId, role, from: to, to: from }).catch(reportAction);
        toasts.getState().say(isLinked ? 'requestLinks.toast.linked' : 'requestLinks.toast.unlinked', { values, action: { label: 'action.undo', run: undo } });
      } else if (outcome === 'forbidden') toasts.getState().fail('FORBIDDEN');
      else toasts.getState().say('requestLinks.toast.linkedMeanwhile', { values });
      await refreshInOrder();
      return isDone;
    } catch (error) {
      reportAction(error);
      return false;
    }
  }

  async function putBack(link: { requestId: string; role: RequestRole; from: string | null; to: string | null }): Promise<void> {
    const { outcome } = await client.requests.link(link);
    toasts.getState().say(outcome === 'applied' ? 'requestLinks.toast.relinked' : 'requestLinks.toast.linkedMeanwhile', { values: { name: '', what: '' } });
    await refreshInOrder();
  }

  const refreshInOrder = createCoalesced(async () => {
    const conversationId = openId();
    if (conversationId === null) return;
    const [requests, suggestions] = await Promise.all([client.requests.ofConversation({ conversationId }), client.requests.suggestLinks({ conversationId })]);
    const linked = requests.filter(({ isLinked }) => isLinked);
    const shownId = conversation.getState().thread?.conversation.request?.id;
    const first = linked.find(({ id }) => id === shownId) ?? linked[0];
    const shown = first ? await client.requests.get({ requestId: first.id }) : null;
    if (openId() !== conversationId) return;
    store.setState(({ links, nudge }) => ({
      links: reuse(links, { conversationId, requests, suggestions, shown }),
      // A colleague has linked it meanwhile: there is nothing left to ask.
      nudge: linked.some(isCurrent) ? null : nudge,
    }));
  });
  const refresh = (): void => void refreshInOrder().catch(report);

  conversation.subscribe(({ openId: now }, { openId: before }) => {
    if (now === before) return;
    store.setState({ links: null, nudge: null });
    if (now !== null) refresh();
  });
  changes.subscribe((change) => {
    const id = openId();
    if (id !== null && (change.requests || change.contacts || change.conversations === 'all' || change.conversations.includes(id))) refresh();
  });
  return store;
}

/** One that is over says nothing of what is written now. */
const isCurrent = ({ isLinked, status }: RequestOfConversation): boolean => isLinked && !isEnded(status);

/** Of the open conversation, and of no other. */
export const linksOf = ({ links }: LinksState, conversationId: string): ConversationLinks | null => (links?.conversationId === conversationId ? links : null);
