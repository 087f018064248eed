/**
 * Unsent text, by conversation. Kept in this window's storage, so that a reload or a crash loses nothing.
 * Invariant: from the first attempt to send a text until the engine has taken it, that text goes out under one message id,
 * so that repeating it after a lost answer cannot send it twice. Another text is another message.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';

/** A quoted message as it was shown: it need not be loaded any more when the reply leaves. */
export type Quoted = { id: string; direction: 'in' | 'out'; text: string };
export type Attempt = { messageId: string; text: string; quoted: Quoted | null };
export type Draft = {
  text: string;
  quoted: Quoted | null;
  /** The last attempt to send, until the engine has taken it. */
  attempt: Attempt | null;
  /** The attempt is on its way to the engine. */
  isSending: boolean;
};

export type DraftsState = {
  drafts: Readonly<Record<string, Draft>>;
  setText(conversationId: string, text: string): void;
  setQuoted(conversationId: string, quoted: Quoted | null): void;
  /** Takes the text and its quote out of the draft, to send them. */
  beginSend(conversationId: string): Attempt;
  /** Not taken: the text comes back, before what was typed meanwhile. */
  endSend(conversationId: string, isTaken: boolean): void;
};

export type DraftStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

const PREFIX = 'bandeja.draft.';
export const NO_DRAFT: Draft = { text: '', quoted: null, attempt: null, isSending: false };

export function createDraftsStore(deps: { storage: DraftStorage; newId(): string }): StoreApi<DraftsState> {
  const { storage, newId } = deps;
  const store = createStore<DraftsState>(() => ({
    drafts: readDrafts(storage),
    setText: (conversationId, text) => {
      // Whoever empties the box gives the attempt up; what is on its way is still waited for.
      const isGivenUp = text === '' && !draftOf(conversationId).isSending;
      change(conversationId, { text, ...(isGivenUp && { attempt: null }) });
    },
    setQuoted: (conversationId, quoted) => change(conversationId, { quoted }),
    beginSend: (conversationId) => {
      const { text, quoted, attempt: before } = draftOf(conversationId);
      const isSame = before !== null && before.text === text && before.quoted?.id === quoted?.id;
      const attempt = isSame ? before : { messageId: newId(), text, quoted };
      change(conversationId, { text: '', quoted: null, attempt, isSending: true });
      return attempt;
    },
    endSend: (conversationId, isTaken) => {
      const draft = draftOf(conversationId);
      change(conversationId, isTaken ? { attempt: null, isSending: false } : { ...restore(draft), isSending: false });
    },
  }));

  const draftOf = (conversationId: string): Draft => store.getState().drafts[conversationId] ?? NO_DRAFT;

  function change(conversationId: string, patch: Partial<Draft>): void {
    const { [conversationId]: current = NO_DRAFT, ...others } = store.getState().drafts;
    const draft = { ...current, ...patch };
    const isEmpty = draft.text === '' && draft.quoted === null && draft.attempt === null;
    store.setState({ drafts: isEmpty ? others : { ...others, [conversationId]: draft } });
    try {
      if (isEmpty) storage.removeItem(PREFIX + conversationId);
      else storage.setItem(PREFIX + conversationId, JSON.stringify(draft));
    } catch {
      // Storage that is full or blocked: the draft lives as long as the window.
    }
  }
  return store;
}

function restore({ text, quoted, attempt }: Draft): Pick<Draft, 'text' | 'quoted'> {
  if (!attempt) return { text, quoted };
  return { text: text === '' ? attempt.text : `${attempt.text}\n${text}`, quoted: quoted ?? attempt.quoted };
}

function readDrafts(storage: DraftStorage): Record<string, Draft> {
  const drafts: Record<string, Draft> = {};
  try {
    for (let index = 0; index < storage.length; index++) {
      const key = storage.key(index);
      const draft = key?.startsWith(PREFIX) ? parseDraft(storage.getItem(key)) : null;
      if (key && draft) drafts[key.slice(PREFIX.length)] = draft;
    }
  } catch {
    // Blocked storage holds no drafts.
  }
  return drafts;
}

type Unknown<T> = Partial<Record<keyof T, unknown>>;

function parseDraft(json: string | null): Draft | null {
  try {
    const value = JSON.parse(json ?? '') as Unknown<Draft>;
    if (typeof value.text !== 'string') return null;
    const draft: Draft = { text: value.text, quoted: parseQuoted(value.quoted), attempt: parseAttempt(value.attempt), isSending: false };
    // Sending was cut off by a reload: whether the text has left is not known, so it comes back under its id.
    return value.isSending === true ? { ...draft, ...restore(draft) } : draft;
  } catch {
    return null;
  }
}

function parseQuoted(value: unknown): Quoted | null {
  const { id, direction, text } = (value ?? {}) as Unknown<Quoted>;
  return typeof id === 'string' && (direction === 'in' || direction === 'out') && typeof text === 'string' ? { id, direction, text } : null;
}

function parseAttempt(value: unknown): Attempt | null {
  const { messageId, text, quoted } = (value ?? {}) as Unknown<Attempt>;
  return typeof messageId === 'string' && typeof text === 'string' ? { messageId, text, quoted: parseQuoted(quoted) } : null;
}
