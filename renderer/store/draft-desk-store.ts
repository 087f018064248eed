/**
 * What an agent does with drafts by AI in this window: their own words in the card, rewrites as they come, and the question before something doubtful is
 * sent. Invariants: what was typed in a card is in the window's storage until it is sent, discarded or taken over into the composer, whatever becomes of
 * the draft; a draft enters the composer only by a key or button of its agent, and never over their text unless they say so, with a way back; an edited text is sent
 * under its draft's id.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Finding } from '../../contract/ai/ai-entities.ts';
import type { AiFailure, DraftView } from '../../contract/ai/ai-views.ts';
import type { Rewrite } from '../../contract/ai/ai-words.ts';
import type { EngineClient } from '../rpc/engine-client.ts';
import type { AiStoreState } from './ai-store.ts';
import type { ConversationState } from './conversation-store.ts';
import { NO_DRAFT, type DraftsState, type DraftStorage } from './drafts-store.ts';
import { failureCodeOf } from './failure.ts';
import type { ToastState } from './toast-store.ts';
import type { ViewState } from './view-store.ts';

/** Its agent's words in the card, in the place of the draft's. `before`: what stood there before it was rewritten, to go back to. */
export type DraftEdit = { conversationId: string; text: string; before: string | null };
/** What a check says of `text`. */
export type CheckedText = { text: string; findings: readonly Finding[] };
/** `draftId` null: of words that began from none. */
export type Rewriting = {
  target: 'card' | 'composer';
  draftId: string | null;
  rewrite: Rewrite;
  language: string | null;
  /** What it was made from. */
  before: string;
  text: string;
  state: 'streaming' | 'done' | 'failed';
  failure: AiFailure | null;
};
/** What has to be said before a text leaves, once. */
export type Question = 'DRAFT_STALE' | 'DRAFT_FINDINGS' | 'THREAD_MOVED';
export type Asked = { draftId: string; text: string; question: Question; accepted: Accepted; from: 'card' | 'composer' };
export type Accepted = { isStaleAccepted: boolean; acceptsFindings: boolean };
export const NOTHING_ACCEPTED: Accepted = { isStaleAccepted: false, acceptsFindings: false };

export type DraftDeskState = {
  /** By draft. */
  edits: Readonly<Record<string, DraftEdit>>;
  checked: Readonly<Record<string, CheckedText>>;
  /** By conversation. */
  rewriting: Readonly<Record<string, Rewriting>>;
  asked: Readonly<Record<string, Asked>>;
  /** The draft that waits for its agent to say what becomes of the text in the composer. */
  choosing: { conversationId: string; text: string; draftId: string | null } | null;
  /** A line to fill in: what a draft should say, or the language to translate into. */
  field: { conversationId: string; what: 'instruction' } | { conversationId: string; what: 'language'; target: Rewriting['target']; draftId: string | null; text: string } | null;
  /** Lines that were read and put away. */
  dismissed: ReadonlySet<string>;
  /** On its way to the engine. */
  sending: string | null;

  edit(draft: Pick<DraftView, 'draftId' | 'conversationId' | 'state'>, text: string): void;
  /** Back to the draft's own words. */
  dropEdit(draftId: string): void;
  /** What an edited text says that nothing supports; `checked` tells it. */
  check(draftId: string, text: string): void;
  /** Into the composer. Where that has text of its own, its agent is asked first. @returns whether it is there. */
  take(conversationId: string, text: string, draftId: string | null, how?: 'replace' | 'append'): boolean;
  cancelTaking(): void;
  /** A draft's words change in the card; those of the composer wait beside it until `takeRewritten`. */
  rewrite(conversationId: string, what: Pick<Rewriting, 'target' | 'draftId'> & { text: string }, rewrite: Rewrite, language?: string | null): void;
  /** Into the composer, in the place of what they were made from. */
  takeRewritten(conversationId: string): void;
  endRewrite(conversationId: string): void;
  /** @returns whether it left. */
  send(draft: Pick<DraftView, 'draftId' | 'conversationId'>, text: string, accepted?: Accepted): Promise<boolean>;
  /** That a draft has left already, and by whom. */
  saySent(draft: Pick<DraftView, 'draftId' | 'conversationId'>): Promise<void>;
  ask(conversationId: string, asked: Asked | null): void;
  dismiss(key: string): void;
  showField(field: DraftDeskState['field']): void;
};

type Deps = {
  client: Pick<EngineClient, 'ai'>;
  ai: StoreApi<AiStoreState>;
  conversation: StoreApi<ConversationState>;
  drafts: StoreApi<DraftsState>;
  view: StoreApi<ViewState>;
  toasts: StoreApi<ToastState>;
  storage: DraftStorage;
  newId(): string;
  reportAction(error: unknown): void;
};

const PREFIX = 'bandeja.ai-edit.';
const CHECK_AFTER_MS = 350;
const QUESTIONS: ReadonlySet<string> = new Set<Question>(['DRAFT_STALE', 'DRAFT_FINDINGS', 'THREAD_MOVED']);
export const isQuestion = (code: string): code is Question => QUESTIONS.has(code);
/** With what was asked last taken as answered. */
export const acceptedAfter = ({ question, accepted }: Pick<Asked, 'question' | 'accepted'>): Accepted =>
  question === 'DRAFT_FINDINGS' ? { ...accepted, acceptsFindings: true } : { ...accepted, isStaleAccepted: true };

/** What was typed for drafts of a conversation that are not the one in its card: superseded, sent by a colleague, or in the way of a newer one. */
export const keptEditsOf = ({ edits, sending }: Pick<DraftDeskState, 'edits' | 'sending'>, conversationId: string, shownId: string | null): readonly (DraftEdit & { draftId: string })[] =>
  Object.entries(edits).flatMap(([draftId, edit]) => (edit.conversationId === conversationId && draftId !== shownId && draftId !== sending && edit.text.trim() !== '' ? [{ ...edit, draftId }] : []));

export function createDraftDeskStore({ client, ai, conversation, drafts, view, toasts, storage, newId, reportAction }: Deps): StoreApi<DraftDeskState> {
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  const rewrites = new Map<string, AbortController>();
  /** The engine knows that somebody works on it. */
  const told = new Set<string>();
  /** The same message id for every attempt at the same words. */
  const messageIds = new Map<string, { text: string; messageId: string }>();

  const store = createStore<DraftDeskState>((set, get) => ({
    edits: readEdits(storage),
    checked: {},
    rewriting: {},
    asked: {},
    choosing: null,
    field: null,
    dismissed: new Set(),
    sending: null,
    edit: ({ draftId, conversationId, state }, text) => {
      withdraw(conversationId);
      setEdit(draftId, { conversationId, text, before: get().edits[draftId]?.before ?? null });
      tellEdited(draftId, state);
      get().check(draftId, text);
    },
    dropEdit: (draftId) => {
      const edit = get().edits[draftId];
      if (edit) withdraw(edit.conversationId);
      setEdit(draftId, null);
    },
    check: (draftId, text) => {
      clearTimeout(timers.get(draftId));
      timers.set(
        draftId,
        setTimeout(() => {
          timers.delete(draftId);
          // Without an answer nothing is underlined; the check is made again before it is sent.
          void client.ai.check({ draftId, text }).then(
            ({ findings }) => set(({ checked }) => ({ checked: { ...checked, [draftId]: { text, findings } } })),
            () => undefined,
          );
        }, CHECK_AFTER_MS),
      );
    },
    take: (conversationId, text, draftId, how) => {
      const own = drafts.getState().drafts[conversationId] ?? NO_DRAFT;
      const before = own.text;
      if (before.trim() !== '' && how === undefined) {
        set({ choosing: { conversationId, text, draftId } });
        return false;
      }
      set({ choosing: null });
      withdraw(conversationId);
      endRewriteOf(conversationId, draftId, text);
      drafts.getState().setMode(conversationId, 'reply');
      drafts.getState().setText(conversationId, how === 'append' ? `${before.trimEnd()}\n${text}` : text);
      // The composer keeps them from now on.
      const handedOver = Object.entries(get().edits).filter(([edited, edit]) => edit.conversationId === conversationId && (edited === draftId || edit.text === text));
      for (const [edited] of handedOver) setEdit(edited, null);
      if (draftId !== null) {
        drafts.getState().setAiDraft(conversationId, draftId);
        tellEdited(draftId, 'ready');
        get().check(draftId, drafts.getState().drafts[conversationId]?.text ?? '');
      }
      if (before.trim() !== '' && how !== undefined) {
        offerBack(conversationId, own, how, () => {
          for (const [edited, edit] of handedOver) if (!get().edits[edited]) setEdit(edited, edit);
        });
      }
      view.getState().focusComposer();
      return true;
    },
    cancelTaking: () => set({ choosing: null }),
    rewrite: (conversationId, { target, draftId, text }, rewrite, language = null) => {
      // From here on, and not only when its new words are there: until then the old ones would count down.
      if (target === 'card' && draftId !== null) tellEdited(draftId, 'ready');
      void runRewrite(conversationId, { target, draftId, rewrite, language, before: text, text: '', state: 'streaming', failure: null });
    },
    takeRewritten: (conversationId) => {
      const rewriting = get().rewriting[conversationId];
      if (rewriting?.target !== 'composer' || rewriting.state !== 'done') return;
      // Whoever has written on meanwhile says what becomes of that.
      const isUnchanged = (drafts.getState().drafts[conversationId] ?? NO_DRAFT).text === rewriting.before;
      get().take(conversationId, rewriting.text, rewriting.draftId, isUnchanged ? 'replace' : undefined);
    },
    endRewrite: (conversationId) => {
      rewrites.get(conversationId)?.abort();
      rewrites.delete(conversationId);
      setRewriting(conversationId, null);
    },
    send: async (draft, text, accepted = NOTHING_ACCEPTED) => {
      const { draftId, conversationId } = draft;
      if (get().sending !== null) return false;
      set({ sending: draftId });
      get().ask(conversationId, null);
      endRewriteOf(conversationId, draftId, text);
      const known = messageIds.get(draftId);
      const messageId = known?.text === text ? known.messageId : newId();
      messageIds.set(draftId, { text, messageId });
      try {
        conversation.getState().glance();
        const { thread } = conversation.getState();
        const seen = thread?.conversation.id === conversationId ? thread.seenThrough : 0;
        const seenThrough = Math.max(seen, await conversation.getState().seenWhenOpened(conversationId));
        await client.ai.send({ draftId, text, messageId, seenThrough, ...accepted });
        setEdit(draftId, null);
        messageIds.delete(draftId);
        conversation.getState().refresh();
        ai.getState().refresh();
        return true;
      } catch (error) {
        const code = failureCodeOf(error);
        if (code === 'DRAFT_SENT') await get().saySent(draft);
        else if (isQuestion(code)) get().ask(conversationId, { draftId, text, question: code, accepted, from: 'card' });
        else reportAction(error);
        return false;
      } finally {
        set({ sending: null });
      }
    },
    saySent: async ({ draftId, conversationId }) => {
      conversation.getState().refresh();
      ai.getState().refresh();
      const shown = await client.ai.conversation({ conversationId }).then(
        ({ draft }) => (draft?.draftId === draftId ? draft : null),
        () => null,
      );
      const { say, fail } = toasts.getState();
      if (shown?.auto?.state === 'sent') say('ai.over.sent_automatically', { tone: 'failure' });
      else if (shown?.decidedBy && !shown.decidedBy.isMe) say('ai.sentBy', { tone: 'failure', values: { name: '', who: shown.decidedBy.name } });
      else fail('DRAFT_SENT');
    },
    ask: (conversationId, asked) =>
      set((state) => {
        const { [conversationId]: _, ...others } = state.asked;
        return { asked: asked ? { ...others, [conversationId]: asked } : others };
      }),
    dismiss: (key) => set(({ dismissed }) => ({ dismissed: new Set([...dismissed, key]) })),
    showField: (field) => set({ field }),
  }));

  /** A question was about words that are others now. */
  function withdraw(conversationId: string): void {
    if (store.getState().asked[conversationId]) store.getState().ask(conversationId, null);
  }

  /** The way back to the agent's own text, for as long as the composer holds what was put in its place. */
  function offerBack(conversationId: string, { mode, text, aiDraftId }: Pick<DraftsState['drafts'][string], 'mode' | 'text' | 'aiDraftId'>, how: 'replace' | 'append', onBack: () => void): void {
    const textNow = (): string => (drafts.getState().drafts[conversationId] ?? NO_DRAFT).text;
    const put = textNow();
    const run = (): void => {
      if (textNow() !== put) return;
      withdraw(conversationId);
      drafts.getState().setMode(conversationId, mode);
      drafts.getState().setText(conversationId, text);
      drafts.getState().setAiDraft(conversationId, aiDraftId);
      onBack();
      view.getState().focusComposer();
    };
    const id = toasts.getState().say(how === 'append' ? 'ai.take.appended' : 'ai.take.replaced', { action: { label: 'ai.take.back', run } });
    const stop = drafts.subscribe(() => {
      if (textNow() === put) return;
      stop();
      toasts.getState().dismiss(id);
    });
  }

  /** Of words that have left the card, or that are in the composer now. */
  function endRewriteOf(conversationId: string, draftId: string | null, text: string): void {
    const rewriting = store.getState().rewriting[conversationId];
    if (rewriting && (rewriting.target === 'card' ? rewriting.draftId === draftId : rewriting.text === text)) store.getState().endRewrite(conversationId);
  }

  /** What somebody works on is neither replaced when the customer writes on, nor sent by itself. */
  function tellEdited(draftId: string, state: DraftView['state']): void {
    if (told.has(draftId) || state === 'edited') return;
    told.add(draftId);
    void client.ai.edit({ draftId }).catch(() => told.delete(draftId));
  }

  function setEdit(draftId: string, edit: DraftEdit | null): void {
    const { [draftId]: _, ...others } = store.getState().edits;
    store.setState({ edits: edit ? { ...others, [draftId]: edit } : others });
    try {
      if (edit) storage.setItem(PREFIX + draftId, JSON.stringify(edit));
      else storage.removeItem(PREFIX + draftId);
    } catch {
      // Storage that is full or blocked: it lives as long as the window.
    }
  }

  function setRewriting(conversationId: string, rewriting: Rewriting | null): void {
    store.setState((state) => {
      const { [conversationId]: _, ...others } = state.rewriting;
      return { rewriting: rewriting ? { ...others, [conversationId]: rewriting } : others };
    });
  }

  async function runRewrite(conversationId: string, begun: Rewriting): Promise<void> {
    rewrites.get(conversationId)?.abort();
    const controller = new AbortController();
    rewrites.set(conversationId, controller);
    const { signal } = controller;
    const { target, draftId, before: text, rewrite, language } = begun;
    const show = (patch: Partial<Rewriting>): void => {
      const now = store.getState().rewriting[conversationId];
      if (!signal.aborted && now) setRewriting(conversationId, { ...now, ...patch });
    };
    setRewriting(conversationId, begun);
    try {
      for await (const event of await client.ai.rewrite({ conversationId, draftId, text, rewrite, language }, { signal })) {
        if (event.state === 'failed') show({ state: 'failed', failure: event.failure });
        else if (event.state === 'done' && target === 'card' && draftId !== null && !signal.aborted) {
          setEdit(draftId, { conversationId, text: event.text, before: text });
          store.getState().check(draftId, event.text);
          store.getState().endRewrite(conversationId);
        } else show({ state: event.state, text: event.text });
      }
    } catch (error) {
      if (signal.aborted) return;
      store.getState().endRewrite(conversationId);
      reportAction(error);
    }
  }

  // What is said of a conversation is said while it is open.
  conversation.subscribe(({ openId }, before) => {
    if (openId === before.openId) return;
    store.setState({ choosing: null, field: null });
    if (before.openId !== null && store.getState().rewriting[before.openId]?.state === 'streaming') store.getState().endRewrite(before.openId);
  });
  return store;
}

function readEdits(storage: DraftStorage): Record<string, DraftEdit> {
  const edits: Record<string, DraftEdit> = {};
  for (let index = 0; index < storage.length; index++) {
    const key = storage.key(index);
    if (!key?.startsWith(PREFIX)) continue;
    try {
      const value = JSON.parse(storage.getItem(key) ?? '') as Partial<Record<keyof DraftEdit, unknown>>;
      if (typeof value.text === 'string' && typeof value.conversationId === 'string') {
        edits[key.slice(PREFIX.length)] = { conversationId: value.conversationId, text: value.text, before: typeof value.before === 'string' ? value.before : null };
      }
    } catch {
      // What cannot be read was not written by us.
    }
  }
  return edits;
}
