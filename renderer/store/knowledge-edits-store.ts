/**
 * Articles that are being written. Invariant: what was typed stays until it is saved or thrown away by a person: in the window's storage,
 * or, where that has no room, at least as long as the window is open.
 */
import * as z from 'zod/mini';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { KB_LANGUAGES, type KbLanguage } from '../../contract/ai/ai-words.ts';
import type { DraftStorage } from './drafts-store.ts';

const KEY = 'bandeja.knowledge';
/** Characters of all together; a browser keeps about five million. */
const STORED_MAX = 1_000_000;

export type ArticleText = { title: string; language: KbLanguage; folder: string; text: string };
/**
 * `articleId`: null for a new one. `from`: the revision that it began with, `base`: what that said. `gapRunId`: the question that nobody
 * could answer and that it is written for; closed when it is saved.
 */
export type KnowledgeEdit = { id: string; articleId: string | null; from: string | null; base: ArticleText; typed: ArticleText; gapRunId: string | null };

/** One that was only opened is none. */
export const isEdited = ({ base, typed }: KnowledgeEdit): boolean => typed.title !== base.title || typed.language !== base.language || typed.folder !== base.folder || typed.text !== base.text;

const articleText = z.object({ title: z.string(), language: z.enum(KB_LANGUAGES), folder: z.string(), text: z.string() });
const editSchema: z.ZodMiniType<KnowledgeEdit> = z.object({
  id: z.string(),
  articleId: z.nullable(z.string()),
  from: z.nullable(z.string()),
  base: articleText,
  typed: articleText,
  gapRunId: z.nullable(z.string()),
});

export type KnowledgeEditsState = {
  edits: readonly KnowledgeEdit[];
  /** @returns the id of the edit; of an article that is being edited already, that one. */
  begin(from: Omit<KnowledgeEdit, 'id' | 'typed'> & { typed?: ArticleText }): string;
  type(id: string, change: Partial<ArticleText>): void;
  /** What is typed now goes on from another revision: whoever saves it has seen that one. */
  rebase(id: string, from: string, base: ArticleText): void;
  drop(id: string): void;
};

export function createKnowledgeEditsStore({ storage, newId }: { storage: Pick<DraftStorage, 'getItem' | 'setItem' | 'removeItem'>; newId(): string }): StoreApi<KnowledgeEditsState> {
  const store = createStore<KnowledgeEditsState>((set, get) => {
    const keep = (edits: readonly KnowledgeEdit[]): void => {
      set({ edits });
      const edited = edits.filter(isEdited);
      const stored = JSON.stringify(edited);
      storage.removeItem(KEY);
      if (edited.length > 0 && stored.length <= STORED_MAX) storage.setItem(KEY, stored);
    };
    const change = (id: string, next: (edit: KnowledgeEdit) => KnowledgeEdit): void => keep(get().edits.map((edit) => (edit.id === id ? next(edit) : edit)));
    return {
      edits: readKept(storage.getItem(KEY)),
      begin: ({ typed, ...from }) => {
        const known = get().edits.find((edit) => isEdited(edit) && (from.articleId === null ? from.gapRunId !== null && edit.gapRunId === from.gapRunId : edit.articleId === from.articleId));
        if (known) return known.id;
        const id = newId();
        keep([...get().edits.filter(isEdited), { ...from, id, typed: typed ?? from.base }]);
        return id;
      },
      type: (id, typed) => change(id, (edit) => ({ ...edit, typed: { ...edit.typed, ...typed } })),
      rebase: (id, from, base) => change(id, (edit) => ({ ...edit, from, base })),
      drop: (id) => keep(get().edits.filter((edit) => edit.id !== id)),
    };
  });
  return store;
}

function readKept(stored: string | null): KnowledgeEdit[] {
  try {
    const kept = z.array(editSchema).safeParse(JSON.parse(stored ?? '[]'));
    return kept.success ? kept.data : [];
  } catch {
    return [];
  }
}
