/**
 * Forms of templates that were begun and not sent, for as long as the window is open; `formId` says of which template and for what.
 * Invariants: what was typed stays until it is sent or given up; a message goes out under one id until the engine has taken it, so
 * that repeating it after a lost answer sends nothing twice; a header's file goes through the same checks as every file that is sent.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { MediaKind } from '../../contract/whatsapp/message-content.ts';
import type { ChangeFeed } from '../rpc/change-feed.ts';
import type { EngineClient } from '../rpc/engine-client.ts';
import { failureCodeOf } from './failure.ts';
import { NO_FORM, tidyText, type Candidate, type HeaderFile, type TemplateForm } from './template-form.ts';
import type { TrayTools } from './tray-store.ts';

export type TemplateFormsState = {
  forms: Readonly<Record<string, TemplateForm>>;
  setText(formId: string, key: string, raw: string): void;
  /** A proposal in the place of what stands there. */
  choose(formId: string, key: string, candidate: Candidate): void;
  setPlace(formId: string, place: TemplateForm['place']): void;
  /** @param kind what the header shows. */
  takeFile(formId: string, file: File, kind: MediaKind): void;
  retryFile(formId: string): void;
  dropFile(formId: string): void;
  /** The message id of this content, the same until `forget`. */
  messageIdOf(formId: string, content: unknown): string;
  /** It was sent, or is not wanted any more. */
  forget(formId: string): void;
};

type Deps = { client: Pick<EngineClient, 'media'>; changes: Pick<ChangeFeed, 'subscribe'>; newId(): string; loadTools(): Promise<TrayTools> };
type Source = { file: File; kind: MediaKind; controller: AbortController };

export function createTemplateFormsStore({ client, changes, newId, loadTools }: Deps): StoreApi<TemplateFormsState> {
  const sources = new Map<string, Source>();
  /** By form, then by content. */
  const messageIds = new Map<string, Map<string, string>>();

  const store = createStore<TemplateFormsState>(() => ({
    forms: {},
    setText: (formId, key, raw) => changeEdit(formId, key, { ...tidyText(raw), candidate: null }),
    choose: (formId, key, candidate) => changeEdit(formId, key, { ...tidyText(candidate.value), candidate }),
    setPlace: (formId, place) => change(formId, { place }),
    takeFile: (formId, file, kind) => {
      release(formId);
      const source = { file, kind, controller: new AbortController() };
      sources.set(formId, source);
      change(formId, {
        file: { filename: file.name, mimeType: file.type, kind, bytes: file.size, sha256: null, converted: null, isStilled: false, durationMs: null, preview: null, status: { state: 'preparing' } },
      });
      void makeReady(formId, source).catch((error: unknown) => {
        const code = failureCodeOf(error);
        changeFile(formId, source, { status: code === 'ENGINE_AWAY' ? { state: 'waiting' } : { state: 'failed', code } });
      });
    },
    retryFile: (formId) => {
      const source = sources.get(formId);
      if (source) store.getState().takeFile(formId, source.file, source.kind);
    },
    dropFile: (formId) => {
      release(formId);
      change(formId, { file: null });
    },
    messageIdOf: (formId, content) => {
      const ids = messageIds.get(formId) ?? new Map<string, string>();
      messageIds.set(formId, ids);
      const json = JSON.stringify(content);
      const id = ids.get(json) ?? newId();
      ids.set(json, id);
      return id;
    },
    forget: (formId) => {
      release(formId);
      messageIds.delete(formId);
      store.setState(({ forms: { [formId]: _, ...forms } }) => ({ forms }));
    },
  }));

  const formOf = (formId: string): TemplateForm => store.getState().forms[formId] ?? NO_FORM;

  function change(formId: string, patch: Partial<TemplateForm>): void {
    store.setState(({ forms }) => ({ forms: { ...forms, [formId]: { ...formOf(formId), ...patch } } }));
  }

  function changeEdit(formId: string, key: string, edit: TemplateForm['edits'][string]): void {
    change(formId, { edits: { ...formOf(formId).edits, [key]: edit } });
  }

  /** What comes late about a file that was replaced is nothing. */
  function changeFile(formId: string, source: Source, patch: Partial<HeaderFile>): void {
    const { file } = formOf(formId);
    if (file && sources.get(formId) === source) change(formId, { file: { ...file, ...patch } });
    else if (patch.preview) void forgetAddress(patch.preview);
  }

  async function makeReady(formId: string, source: Source): Promise<void> {
    const { file, kind: wanted, controller } = source;
    const { signal } = controller;
    const tools = await loadTools();
    const prepared = await tools.prepareFile(file, null);
    if (signal.aborted) return;
    if (prepared.status === 'refused') return changeFile(formId, source, { status: { state: 'refused', refusal: prepared.refusal } });
    const { blob, kind, mimeType, filename, width, height, durationMs, thumbnail, converted, isStilled } = prepared;
    const picture = thumbnail ?? (kind === 'image' ? blob : null);
    changeFile(formId, source, { kind, mimeType, filename, bytes: blob.size, converted, isStilled, durationMs, preview: picture && tools.show(picture) });
    if (kind !== wanted) return changeFile(formId, source, { status: { state: 'other_kind', is: kind } });
    const onProgress = (done: number): void => changeFile(formId, source, { status: { state: 'uploading', done, total: blob.size } });
    onProgress(0);
    const staged = await tools.uploadFile({ client, blob, filename, width, height, durationMs, signal, onProgress });
    if (signal.aborted) return;
    if (staged.kind === null) return changeFile(formId, source, { status: { state: 'refused', refusal: tools.refusalOf(staged) } });
    if (staged.kind !== wanted) return changeFile(formId, source, { status: { state: 'other_kind', is: staged.kind } });
    if (thumbnail) await tools.keepThumbnail(client, staged.sha256, thumbnail);
    changeFile(formId, source, { sha256: staged.sha256, bytes: staged.bytes, filename: staged.filename, status: { state: 'ready' } });
  }

  function release(formId: string): void {
    sources.get(formId)?.controller.abort();
    sources.delete(formId);
    const preview = formOf(formId).file?.preview ?? null;
    if (preview !== null) void forgetAddress(preview);
  }

  const forgetAddress = async (address: string): Promise<void> => (await loadTools()).forget(address);

  // What could not be handed over goes on by itself when the engine is there again.
  changes.subscribe(({ session }) => {
    if (!session) return;
    for (const [formId, { file }] of Object.entries(store.getState().forms)) if (file?.status.state === 'waiting') store.getState().retryFile(formId);
  });
  return store;
}
