/** Unsent text, by conversation. Kept in this window's storage, so that a reload or a crash loses nothing. */
import { createStore, type StoreApi } from 'zustand/vanilla';

export type Draft = { text: string; quotedId: string | null };
export type DraftsState = { drafts: Readonly<Record<string, Draft>>; setText(conversationId: string, text: string): void; setQuoted(conversationId: string, quotedId: string | null): void };

export type DraftStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

const PREFIX = 'bandeja.draft.';
export const NO_DRAFT: Draft = { text: '', quotedId: null };

export function createDraftsStore(storage: DraftStorage): StoreApi<DraftsState> {
  const store = createStore<DraftsState>(() => ({
    drafts: readDrafts(storage),
    setText: (conversationId, text) => change(conversationId, { text }),
    setQuoted: (conversationId, quotedId) => change(conversationId, { quotedId }),
  }));

  function change(conversationId: string, patch: Partial<Draft>): void {
    const { [conversationId]: current = NO_DRAFT, ...others } = store.getState().drafts;
    const draft = { ...current, ...patch };
    const isEmpty = draft.text === '' && draft.quotedId === null;
    if (isEmpty) storage.removeItem(PREFIX + conversationId);
    else storage.setItem(PREFIX + conversationId, JSON.stringify(draft));
    store.setState({ drafts: isEmpty ? others : { ...others, [conversationId]: draft } });
  }
  return store;
}

function readDrafts(storage: DraftStorage): Record<string, Draft> {
  const drafts: Record<string, Draft> = {};
  for (let index = 0; index < storage.length; index++) {
    const key = storage.key(index);
    const draft = key?.startsWith(PREFIX) ? parseDraft(storage.getItem(key)) : null;
    if (key && draft) drafts[key.slice(PREFIX.length)] = draft;
  }
  return drafts;
}

function parseDraft(json: string | null): Draft | null {
  try {
    const value = JSON.parse(json ?? '') as Partial<Record<keyof Draft, unknown>>;
    return typeof value.text === 'string' ? { text: value.text, quotedId: typeof value.quotedId === 'string' ? value.quotedId : null } : null;
  } catch {
    return null;
  }
}
