/**
 * Designs of templates that were not submitted yet. Invariant: what was typed is in the window's storage at any moment, so that
 * leaving the page, a reload or a restart loses nothing; only submitting or discarding takes it away.
 */
import { z } from 'zod';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { templateDesignSchema, type TemplateDesign } from '../../contract/whatsapp/template-definition.ts';
import type { DraftStorage } from './drafts-store.ts';

const KEY = 'bandeja.designs';
/** Older ones beyond that many are forgotten. */
const KEPT_MAX = 50;

/** `editedId`: Meta's id of the template that it replaces, `editedStatus` its status then; null: a new one. `headerFile`: name of the header's sample. */
const designDraftSchema = z.object({
  id: z.string(),
  editedId: z.string().nullable(),
  editedStatus: z.string().nullable(),
  design: templateDesignSchema,
  headerFile: z.string().nullable(),
  updatedAt: z.number(),
});
export type DesignDraft = z.infer<typeof designDraftSchema>;

export const NEW_DESIGN: TemplateDesign = { name: '', language: 'es', category: 'UTILITY', parameterFormat: 'POSITIONAL', header: null, body: '', footer: null, buttons: [], samples: {} };

export type DesignsState = {
  /** Last changed first. */
  drafts: readonly DesignDraft[];
  /** @returns the id of the draft; of a template that is being edited already, that one. */
  begin(from: { design: TemplateDesign; edited: { metaId: string; status: string } | null }): string;
  change(id: string, patch: Partial<Pick<DesignDraft, 'design' | 'headerFile'>>): void;
  drop(id: string): void;
};

export function createDesignsStore({ storage, newId, now }: { storage: Pick<DraftStorage, 'getItem' | 'setItem' | 'removeItem'>; newId(): string; now(): number }): StoreApi<DesignsState> {
  const store = createStore<DesignsState>((_set, get) => {
    const keep = (drafts: readonly DesignDraft[]): void => {
      const kept = drafts.toSorted((a, b) => b.updatedAt - a.updatedAt).slice(0, KEPT_MAX);
      store.setState({ drafts: kept });
      if (kept.length === 0) storage.removeItem(KEY);
      else storage.setItem(KEY, JSON.stringify(kept));
    };
    return {
      drafts: readKept(storage.getItem(KEY)),
      begin: ({ design, edited }) => {
        const known = edited && get().drafts.find(({ editedId }) => editedId === edited.metaId);
        if (known) return known.id;
        const id = newId();
        keep([{ id, editedId: edited?.metaId ?? null, editedStatus: edited?.status ?? null, design, headerFile: null, updatedAt: now() }, ...get().drafts]);
        return id;
      },
      change: (id, patch) => keep(get().drafts.map((draft) => (draft.id === id ? { ...draft, ...patch, updatedAt: now() } : draft))),
      drop: (id) => keep(get().drafts.filter((draft) => draft.id !== id)),
    };
  });
  return store;
}

function readKept(text: string | null): DesignDraft[] {
  try {
    const parsed = z.array(z.unknown()).safeParse(JSON.parse(text ?? '[]'));
    return (parsed.data ?? []).flatMap((one) => designDraftSchema.safeParse(one).data ?? []);
  } catch {
    // Not JSON: another program's, or cut off. There is nothing to save in it.
    return [];
  }
}
