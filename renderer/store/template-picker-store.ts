/**
 * Choosing a template for a conversation, and sending it. Where the service window is closed the composer is this; elsewhere its
 * agent opens it. Invariants: what was chosen and filled in belongs to one conversation and stays until it is sent or given up; an
 * answer that comes after something else was chosen is not shown; a text that could not leave is kept beside the template that takes
 * its place, and if it still waits to leave it is taken back once the engine has that template.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { RefusedContent } from '../../contract/refused-content.ts';
import type { TemplateInput } from '../../contract/work-api.ts';
import type { SlotProposal } from '../../contract/work-entities.ts';
import type { ChangeFeed } from '../rpc/change-feed.ts';
import type { EngineClient, EngineOutputs } from '../rpc/engine-client.ts';
import type { ConversationState } from './conversation-store.ts';
import { failureCodeOf, refusedContentOf, type FailureCode } from './failure.ts';
import { roleOfTemplate } from './template-form.ts';
import type { TemplateFormsState } from './template-forms-store.ts';
import type { ViewState } from './view-store.ts';

/** A message of ours that did not leave as it was written. `isWaiting`: it would still leave if the window opened. */
export type LostText = { messageId: string; text: string; isWaiting: boolean };
export type RequestOfConversation = EngineOutputs['requests']['ofConversation'][number];

export type Picker = {
  /** Its agent asked for it. */
  isOpen: boolean;
  query: string;
  /** The template that is being filled in; null: one is being chosen. */
  key: string | null;
  lost: LostText | null;
  /** Keys for what could not be said, best first. */
  suggested: readonly string[];
  /** Null: being read. */
  requests: readonly RequestOfConversation[] | null;
  /** What it is about, by its agent's choice; undefined: they have not chosen. */
  chosenRequestId: string | null | undefined;
  /** Null: being read. */
  proposals: readonly SlotProposal[] | null;
};
export const NO_PICKER: Picker = { isOpen: false, query: '', key: null, lost: null, suggested: [], requests: null, chosenRequestId: undefined, proposals: null };

export type TemplatePickerState = {
  /** By conversation. */
  pickers: Readonly<Record<string, Picker>>;
  /** Shows it, also where free text can be sent. */
  open(conversationId: string): void;
  /** The same, with the best template for a text that did not leave. */
  openFor(conversationId: string, lost: LostText): Promise<void>;
  /** Back to the text; what was filled in is kept. */
  close(conversationId: string): void;
  setQuery(conversationId: string, query: string): void;
  /** For the draft that cannot be sent: which templates say the same. */
  suggestFor(conversationId: string, text: string): void;
  pick(conversationId: string, key: string): void;
  /** From the form to the list. */
  unpick(conversationId: string): void;
  dropLost(conversationId: string): void;
  chooseRequest(conversationId: string, requestId: string | null): void;
  /** @returns why it did not come about; null: it did. */
  send(conversationId: string, template: TemplateInput, isOverride: boolean): Promise<{ code: FailureCode; refused: RefusedContent | null } | null>;
};

/** Its agent is at it: it stays when free text can be sent (again). */
export const isAtWork = ({ isOpen, query, key }: Picker): boolean => isOpen || query !== '' || key !== null;

/** Under which what was filled in is kept. */
export const formIdOf = (conversationId: string, key: string): string => `${conversationId} ${key}`;

/** What a template that is sent now would be about: the agent's choice, else the request that is linked, one in which the person has the template's role before others. */
export function requestOf({ key, requests, chosenRequestId }: Picker): RequestOfConversation | null {
  if (requests === null) return null;
  if (chosenRequestId !== undefined) return requests.find(({ id }) => id === chosenRequestId) ?? null;
  const role = key === null ? null : roleOfTemplate(key.split('/')[0] ?? key);
  const mine = requests.filter((request) => request.role !== null && (role === null || request.role === role));
  return mine.find(({ isLinked }) => isLinked) ?? requests.find(({ isLinked }) => isLinked) ?? mine[0] ?? null;
}

type Deps = {
  client: EngineClient;
  changes: Pick<ChangeFeed, 'subscribe'>;
  conversation: StoreApi<ConversationState>;
  forms: StoreApi<TemplateFormsState>;
  view: StoreApi<ViewState>;
  report(error: unknown): void;
};

export function createTemplatePickerStore({ client, changes, conversation, forms, view, report }: Deps): StoreApi<TemplatePickerState> {
  const store = createStore<TemplatePickerState>((_, get) => ({
    pickers: {},
    open: (conversationId) => change(conversationId, { isOpen: true }),
    openFor: async (conversationId, lost) => {
      change(conversationId, { isOpen: true, lost, query: '', key: null, suggested: [] });
      const suggested = await client.templates.suggest({ conversationId, text: lost.text }).catch((error: unknown) => (report(error), []));
      const picker = pickerOf(conversationId);
      if (picker.lost !== lost || picker.key !== null) return;
      change(conversationId, { suggested });
      if (suggested[0] !== undefined) get().pick(conversationId, suggested[0]);
    },
    close: (conversationId) => change(conversationId, { isOpen: false, query: '', key: null }),
    setQuery: (conversationId, query) => change(conversationId, { query }),
    suggestFor: (conversationId, text) => {
      client.templates.suggest({ conversationId, text }).then((suggested) => pickerOf(conversationId).lost === null && change(conversationId, { suggested }), report);
    },
    pick: (conversationId, key) => {
      change(conversationId, { key, requests: null, proposals: null });
      void readValues(conversationId);
    },
    unpick: (conversationId) => change(conversationId, { key: null }),
    dropLost: (conversationId) => change(conversationId, { lost: null }),
    chooseRequest: (conversationId, requestId) => {
      change(conversationId, { chosenRequestId: requestId, proposals: null });
      void readValues(conversationId);
    },
    send: async (conversationId, template, isOverride) => {
      const picker = pickerOf(conversationId);
      const requestId = requestOf(picker)?.id ?? null;
      const content = { template, requestId, isOverride };
      const messageId = forms.getState().messageIdOf(formIdOf(conversationId, template.key), content);
      try {
        await client.templates.send({ conversationId, messageId, ...content });
      } catch (error) {
        return { code: failureCodeOf(error), refused: refusedContentOf(error) };
      }
      if (picker.lost?.isWaiting) await takeBack(picker.lost.messageId).catch(report);
      change(conversationId, NO_PICKER);
      conversation.getState().refresh();
      if (conversation.getState().openId === conversationId) view.getState().focusComposer();
      return null;
    },
  }));

  const pickerOf = (conversationId: string): Picker => store.getState().pickers[conversationId] ?? NO_PICKER;

  function change(conversationId: string, patch: Partial<Picker>): void {
    store.setState(({ pickers }) => ({ pickers: { ...pickers, [conversationId]: { ...pickerOf(conversationId), ...patch } } }));
  }

  /** Requests first: of which one the values are to be is decided by them. */
  async function readValues(conversationId: string): Promise<void> {
    const { key, chosenRequestId } = pickerOf(conversationId);
    if (key === null) return;
    const isStale = (): boolean => pickerOf(conversationId).key !== key || pickerOf(conversationId).chosenRequestId !== chosenRequestId;
    // Without either of them it can still be filled in by hand.
    const requests = await client.requests.ofConversation({ conversationId }).catch((error: unknown) => (report(error), []));
    if (isStale()) return;
    // Together with the values: nothing is sent as about one request with the values of another.
    const request = requestOf({ ...pickerOf(conversationId), requests });
    const proposals = await client.templates.propose({ key, conversationId, ...(request && { requestId: request.id }) }).catch((error: unknown) => (report(error), []));
    if (isStale()) return;
    // About no request nothing is taken from one.
    change(conversationId, { requests, proposals: request ? proposals : proposals.map((slot) => ({ ...slot, candidates: slot.candidates.filter(({ origin }) => origin !== 'request') })) });
  }

  /** It may have been sent or taken back meanwhile: then there is nothing to take back. */
  async function takeBack(messageId: string): Promise<void> {
    await client.messages.discard({ messageId }).catch((error: unknown) => {
      if (failureCodeOf(error) !== 'NOT_ALLOWED_NOW') throw error;
    });
  }

  // Somebody changed the request or the person while a form of theirs is open.
  changes.subscribe((change) => {
    const { openId } = conversation.getState();
    if (openId !== null && (change.requests || change.contacts) && pickerOf(openId).key !== null) void readValues(openId);
  });
  return store;
}
