/** What an agent can do, with what is said about it afterwards. Every command ends with the engine's own answer on screen. */
import type { StoreApi } from 'zustand/vanilla';
import type { ComposedContent } from '../../contract/api.ts';
import type { Conversation, ConversationSummary, Message } from '../../contract/entities.ts';
import type { RefusedContent } from '../../contract/refused-content.ts';
import type { ConversationStatus } from '../../contract/state.ts';
import type { EngineClient } from '../rpc/engine-client.ts';
import { createBulkCommands, type BulkCommands } from './bulk-commands.ts';
import type { ConversationState } from './conversation-store.ts';
import { failureCodeOf, refusedContentOf, type FailureCode } from './failure.ts';
import { NOTHING_ACCEPTED, type Accepted, type DraftDeskState, type Question } from './draft-desk-store.ts';
import { attemptContent, type DraftsState } from './drafts-store.ts';
import type { LinksState } from './links-store.ts';
import type { InboxState } from './inbox-store.ts';
import type { SelectionState } from './selection-store.ts';
import { areKindsOn, type SessionState } from './session-store.ts';
import type { TeamState } from './team-store.ts';
import type { ToastState } from './toast-store.ts';
import { createTriageCommands, type TriageCommands } from './triage-commands.ts';
import { createUndoHistory } from './undo-history.ts';

export type Commands = BulkCommands &
  TriageCommands & {
    /** Text and files in the composer; behind those that are still on their way to the engine, which takes them in the order in which they were sent. */
    sendDraft(conversationId: string, seenThrough: number, accepted?: Accepted): Promise<void>;
    /**
     * A card that was filled in (location, contact, buttons …), with the quote of the draft. `messageId`: the same for every attempt.
     * @returns why it did not come about; null: it did. THREAD_MOVED is for the caller to ask about.
     */
    sendCard(conversationId: string, card: { messageId: string; content: ComposedContent; seenThrough: number }): Promise<{ code: FailureCode; refused: RefusedContent | null } | null>;
    /** `onDone`: it stands, also when a question had to be answered first. */
    setStatus(conversation: Conversation, to: ConversationStatus, onDone?: () => void): Promise<void>;
    /** The same from a list row, as the row was shown. */
    setStatusOfRow(row: ConversationSummary, to: ConversationStatus, onDone?: () => void): Promise<void>;
    markUnread(conversationId: string): Promise<void>;
    confirm(message: Message, seenThrough: number): Promise<void>;
    discard(message: Message): Promise<void>;
    retry(message: Message): Promise<void>;
    settle(message: Message, as: 'not_sent' | 'resend'): Promise<void>;
    /** Puts our reaction on a message or changes it. */
    react(message: Message, emoji: string): Promise<void>;
    /** Takes it away; one that failed is given up. */
    unreact(message: Message): Promise<void>;
    fetchFile(message: Message): Promise<void>;
    /** Opens the conversation with a number, a new one where there is none. */
    startConversation(phone: string, name: string | null): Promise<void>;
  };

type Deps = {
  /** This computer's time, ms. */
  now(): number;
  client: EngineClient;
  toasts: StoreApi<ToastState>;
  inbox: StoreApi<InboxState>;
  selection: StoreApi<SelectionState>;
  session: StoreApi<SessionState>;
  team: StoreApi<TeamState>;
  conversation: StoreApi<ConversationState>;
  drafts: StoreApi<DraftsState>;
  desk: StoreApi<DraftDeskState>;
  links: StoreApi<LinksState>;
};

export function createCommands({ now, client, toasts, inbox, selection, session, team, conversation: open, drafts, desk, links }: Deps): Commands {
  /** @param handled failures that are shown in another way than by a notice. */
  async function attempt(task: () => Promise<unknown>, handled: Partial<Record<FailureCode, () => void>> = {}): Promise<boolean> {
    try {
      await task();
      open.getState().refresh();
      return true;
    } catch (error) {
      const code = failureCodeOf(error);
      (handled[code] ?? (() => toasts.getState().fail(code, refusedContentOf(error))))();
      return false;
    }
  }

  const undo = createUndoHistory({ now, client, toasts, attempt, onDone: (id) => void attempt(() => inbox.getState().dropMoved([id])), onUndone: () => inbox.getState().showReturned() });

  async function changeStatus(target: { id: string; name: string; seenThrough: number }, from: ConversationStatus, to: ConversationStatus, onDone?: () => void): Promise<void> {
    await attempt(async () => {
      const { outcome, status, reason, opId } = await client.conversations.setStatus({ conversationId: target.id, from, to, seenThrough: target.seenThrough });
      if (outcome === 'superseded') {
        const text =
          reason === 'newer_conversation' ? 'status.newerConversation' : reason === 'customer_wrote' || status === from ? 'status.superseded' : (`status.changedMeanwhile.${status}` as const);
        toasts.getState().say(text, { values: { name: target.name } });
        return;
      }
      undo.sayDone(`status.done.${to}`, { name: target.name }, outcome === 'applied' ? [opId] : [], target);
      onDone?.();
    });
  }

  /** On screen the composer asks; about a conversation that was left meanwhile it has to be said. */
  function sayMoved(conversationId: string): void {
    open.getState().stopReply(conversationId);
    if (open.getState().openId !== conversationId) toasts.getState().fail('THREAD_MOVED');
  }

  const commands: Commands = {
    sendDraft: async (conversationId, seenThrough, accepted = NOTHING_ACCEPTED) => {
      if (links.getState().ask(conversationId, 'reply', () => void commands.sendDraft(conversationId, seenThrough, accepted))) return;
      desk.getState().ask(conversationId, null);
      let isSentAlready = false;
      for (let next = drafts.getState().beginSend(conversationId, seenThrough, areKindsOn(session.getState())); next;) {
        const { messageId, text, quoted, aiDraftId: draftId, seenThrough: seen } = next;
        const content = attemptContent(next);
        const isOfDraft = draftId !== null;
        const quote = quoted && { quotedMessageId: quoted.id };
        const seenThrough = Math.max(seen, await open.getState().seenWhenOpened(conversationId));
        const ask = (question: Question) => (): void => desk.getState().ask(conversationId, { draftId: draftId ?? '', text, question, accepted, from: 'composer' });
        const isTaken = await attempt(
          () =>
            isOfDraft
              ? client.ai.send({ draftId, text, messageId, seenThrough, ...accepted, ...quote })
              : client.messages.send({ conversationId, messageId, content, seenThrough, isGuarded: true, ...quote }),
          { THREAD_MOVED: () => sayMoved(conversationId), ...(isOfDraft && { DRAFT_STALE: ask('DRAFT_STALE'), DRAFT_FINDINGS: ask('DRAFT_FINDINGS'), DRAFT_SENT: () => void (isSentAlready = true) }) },
        );
        next = drafts.getState().endSend(conversationId, isTaken);
        if (isSentAlready && draftId !== null) {
          // What stands in the composer is a text of its own from now on, and is asked about as any other.
          drafts.getState().setAiDraft(conversationId, null);
          await desk.getState().saySent({ draftId, conversationId });
        }
      }
    },
    sendCard: async (conversationId, card) => {
      const quoted = drafts.getState().drafts[conversationId]?.quoted ?? null;
      try {
        await client.messages.send({ conversationId, ...card, isGuarded: true, ...(quoted && { quotedMessageId: quoted.id }) });
      } catch (error) {
        const code = failureCodeOf(error);
        if (code === 'THREAD_MOVED') open.getState().stopReply(conversationId);
        return { code, refused: refusedContentOf(error) };
      }
      if (quoted) drafts.getState().setQuoted(conversationId, null);
      open.getState().refresh();
      return null;
    },
    setStatus: async (conversation, to, onDone) => {
      if (to !== 'active' && links.getState().ask(conversation.id, to, () => void commands.setStatus(conversation, to, onDone))) return;
      open.getState().lookAgain();
      // What the agent has seen of the open thread may be older than what the engine last said of it.
      const { thread } = open.getState();
      const seen = thread?.conversation.id === conversation.id ? thread.seenThrough : conversation.seenThrough;
      const seenThrough = Math.max(seen, await open.getState().seenWhenOpened(conversation.id));
      await changeStatus({ id: conversation.id, name: conversation.contact.name, seenThrough }, conversation.status, to, onDone);
    },
    setStatusOfRow: async (row, to, onDone) => {
      await attempt(async () => {
        const { seenThrough, lastMessage } = await client.conversations.get({ conversationId: row.id, messages: 0 });
        // The row showed something older than what there is: its agent decided without having seen that.
        if (lastMessage?.id !== row.lastMessage?.id) return void toasts.getState().say('status.superseded', { values: { name: row.contact.name } });
        await changeStatus({ id: row.id, name: row.contact.name, seenThrough }, row.status, to, onDone);
      });
    },
    markUnread: async (conversationId) => void (await attempt(() => client.conversations.markUnread({ conversationId }))),
    confirm: async (message, seenThrough) => void (await attempt(() => client.messages.confirm({ messageId: message.id, seenThrough }))),
    discard: async (message) => void (await attempt(() => client.messages.discard({ messageId: message.id }))),
    retry: async (message) => void (await attempt(() => client.messages.retry({ messageId: message.id }))),
    settle: async (message, as) => void (await attempt(() => client.messages.settle({ messageId: message.id, as }))),
    react: async (message, emoji) => void (await attempt(() => client.messages.react({ messageId: message.id, emoji }))),
    unreact: async (message) => {
      const own = message.reactions.find(({ direction }) => direction === 'out');
      if (own) await attempt(() => (own.delivery === 'failed' ? client.messages.discard({ messageId: own.messageId }) : client.messages.react({ messageId: message.id, emoji: '' })));
    },
    fetchFile: async (message) => void (await attempt(() => client.media.fetch({ messageId: message.id }))),
    startConversation: async (phone, name) =>
      void (await attempt(async () => {
        const { conversationId } = await client.conversations.start({ phone, name });
        open.getState().open(conversationId);
      })),
    ...createBulkCommands({ client, toasts, inbox, selection, team, undo, attempt }),
    ...createTriageCommands({ client, toasts, conversation: open, drafts, undo, attempt }),
  };
  return commands;
}
