/**
 * Designs of templates that were not submitted yet. Invariant: what was typed is in the window's storage at any moment, so that
 * leaving the page, a reload or a restart loses nothing; only submitting or discarding takes it away.
 */
import * as z from 'zod/mini';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { TemplateDesign } from '../../contract/whatsapp/template-definition.ts';
import type { DraftStorage } from './drafts-store.ts';

const KEY = 'bandeja.designs';
/** Older ones beyond that many are forgotten. */
const KEPT_MAX = 50;

/** `editedId`: Meta's id of the template that it replaces, `editedStatus` its status then; null: a new one. `headerFile`: name of the header's sample. */
export type DesignDraft = { id: string; editedId: string | null; editedStatus: string | null; design: TemplateDesign; headerFile: string | null; updatedAt: number };

const words = z.nullable(z.string());
/** As the window's storage gives it back; written apart from the contract's schema, whose library the window does not load at its start. */
const designDraftSchema: z.ZodMiniType<DesignDraft> = z.object({
  id: z.string(),
  editedId: words,
  editedStatus: words,
  design: z.object({
    name: z.string(),
    language: z.string(),
    category: z.string(),
    parameterFormat: z.enum(['POSITIONAL', 'NAMED']),
    header: z.nullable(
      z.discriminatedUnion('format', [
        z.object({ format: z.literal('TEXT'), text: z.string(), sample: words }),
        z.object({ format: z.enum(['IMAGE', 'VIDEO', 'DOCUMENT', 'GIF']), sample: words }),
        z.object({ format: z.literal('LOCATION') }),
      ]),
    ),
    body: z.string(),
    footer: words,
    buttons: z.array(
      z.discriminatedUnion('type', [
        z.object({ type: z.literal('QUICK_REPLY'), text: z.string() }),
        z.object({ type: z.literal('URL'), text: z.string(), url: z.string(), sample: words }),
        z.object({ type: z.literal('PHONE_NUMBER'), text: z.string(), phone: z.string() }),
        z.object({ type: z.literal('COPY_CODE'), text: z.string(), sample: words }),
        z.object({ type: z.literal('FLOW'), text: z.string(), flowId: words }),
        z.object({ type: z.literal('OTHER'), text: z.string(), metaType: z.string() }),
      ]),
    ),
    samples: z.record(z.string(), z.string()),
  }),
  headerFile: words,
  updatedAt: z.number(),
});

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
