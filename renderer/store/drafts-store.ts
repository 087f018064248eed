/**
 * Unsent text, by conversation. Kept in this window's storage, so that a reload or a crash loses nothing.
 * Invariants: from the first attempt to send a text until the engine has taken it, that text goes out under one message
 * id, so that repeating it after a lost answer cannot send it twice (another text is another message); a text that is
 * sent while others are on their way goes to the engine after them, and not at all if one of them comes back.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';

/** A quoted message as it was shown: it need not be loaded any more when the reply leaves. */
export type Quoted = { id: string; direction: 'in' | 'out'; text: string };
export type Attempt = {
  messageId: string;
  text: string;
  quoted: Quoted | null;
  /** Log position that its author had seen. */
  seenThrough: number;
};
export type Draft = {
  text: string;
  quoted: Quoted | null;
  /** What was sent, in order, until the engine has taken it. */
  attempts: readonly Attempt[];
  /** The attempts are on their way to the engine; otherwise they have come back, and `text` began as theirs. */
  isSending: boolean;
};

export type DraftsState = {
  drafts: Readonly<Record<string, Draft>>;
  setText(conversationId: string, text: string): void;
  setQuoted(conversationId: string, quoted: Quoted | null): void;
  /** Takes the text and its quote out of the draft, to send them. @returns what to give to the engine now; null while something is on its way. */
  beginSend(conversationId: string, seenThrough: number): Attempt | null;
  /** The engine has answered to the first attempt. Not taken: all of them come back, before what was typed meanwhile. @returns what to give to it next. */
  endSend(conversationId: string, isTaken: boolean): Attempt | null;
};

export type DraftStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

const PREFIX = 'bandeja.draft.';
export const NO_DRAFT: Draft = { text: '', quoted: null, attempts: [], isSending: false };

export function createDraftsStore(deps: { storage: DraftStorage; newId(): string }): StoreApi<DraftsState> {
  const { storage, newId } = deps;
  const store = createStore<DraftsState>(() => ({
    drafts: readDrafts(storage),
    setText: (conversationId, text) => {
      // Whoever empties the box gives the attempt up; what is on its way is still waited for.
      const isGivenUp = text === '' && !draftOf(conversationId).isSending;
      change(conversationId, { text, ...(isGivenUp && { attempts: [] }) });
    },
    setQuoted: (conversationId, quoted) => change(conversationId, { quoted }),
    beginSend: (conversationId, seenThrough) => {
      const { text, quoted, attempts: before, isSending } = draftOf(conversationId);
      const cameBack = restore({ ...NO_DRAFT, attempts: before });
      const isSame = !isSending && before.length > 0 && cameBack.text === text && cameBack.quoted?.id === quoted?.id;
      const attempts = isSame ? before.map((attempt) => ({ ...attempt, seenThrough })) : [...(isSending ? before : []), { messageId: newId(), text, quoted, seenThrough }];
      change(conversationId, { text: '', quoted: null, attempts, isSending: true });
      return isSending ? null : attempts[0]!;
    },
    endSend: (conversationId, isTaken) => {
      const draft = draftOf(conversationId);
      const attempts = draft.attempts.slice(1);
      change(conversationId, isTaken ? { attempts, isSending: attempts.length > 0 } : { ...restore(draft), isSending: false });
      return isTaken ? (attempts[0] ?? null) : null;
    },
  }));

  const draftOf = (conversationId: string): Draft => store.getState().drafts[conversationId] ?? NO_DRAFT;

  function change(conversationId: string, patch: Partial<Draft>): void {
    const { [conversationId]: current = NO_DRAFT, ...others } = store.getState().drafts;
    const draft = { ...current, ...patch };
    const isEmpty = draft.text === '' && draft.quoted === null && draft.attempts.length === 0;
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

function restore({ text, quoted, attempts }: Draft): Pick<Draft, 'text' | 'quoted'> {
  const texts = [...attempts.map((attempt) => attempt.text), ...(text === '' ? [] : [text])];
  return { text: texts.join('\n'), quoted: quoted ?? attempts.find((attempt) => attempt.quoted)?.quoted ?? null };
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
    const draft: Draft = { text: value.text, quoted: parseQuoted(value.quoted), attempts: Array.isArray(value.attempts) ? value.attempts.flatMap(parseAttempt) : [], isSending: false };
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

function parseAttempt(value: unknown): Attempt[] {
  const { messageId, text, quoted } = (value ?? {}) as Unknown<Attempt>;
  // What its author had seen is asked again when it is sent again.
  return typeof messageId === 'string' && typeof text === 'string' ? [{ messageId, text, quoted: parseQuoted(quoted), seenThrough: 0 }] : [];
}
