/**
 * Files on their way into a draft: made ready in the window, handed to the engine in pieces. The list itself, with order, captions and
 * what the engine has of each, stands in the draft (`drafts-store.ts`); here is what only this window knows of them.
 * Invariants: one file at a time is made ready, so that a dozen large photos do not fill the memory; a file that was taken away leaves
 * nothing behind, in the window or with the engine; what could not be handed over goes on by itself when the engine is there again.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ComposedContent } from '../../contract/api.ts';
import { DRAFT_FILES_MAX, FILENAME_MAX } from '../../contract/limits.ts';
import type { MediaKind } from '../../contract/whatsapp/message-content.ts';
import type { CardForms } from '../attach/card-forms.ts';
import type { FileRefusal, Preparation, PreparedFile } from '../attach/prepare-file.ts';
import type { ChangeFeed } from '../rpc/change-feed.ts';
import type { EngineClient } from '../rpc/engine-client.ts';
import type { DraftItem } from './draft-messages.ts';
import type { DraftsState } from './drafts-store.ts';
import { failureCodeOf, type FailureCode } from './failure.ts';
import { createSerial } from './serial.ts';

/** `waiting`: for the engine, which is away. `failed`: its agent can try again. Numbers are bytes. */
export type TrayStatus =
  | { state: 'preparing' }
  | { state: 'uploading'; done: number; total: number }
  | { state: 'ready' }
  | { state: 'waiting' }
  | { state: 'failed'; code: FailureCode }
  | { state: 'refused'; refusal: FileRefusal };
/** `converted`: from this MIME type. `preview`: address of a picture or a recording in this window. */
export type TrayEntry = {
  conversationId: string;
  status: TrayStatus;
  converted: string | null;
  isStilled: boolean;
  otherKinds: readonly MediaKind[];
  durationMs: number | null;
  preview: string | null;
};

export type TrayState = {
  /** By the id of the draft's file; one without an entry was with the engine before this window was opened. */
  entries: Readonly<Record<string, TrayEntry>>;
  /** Cards that were begun and not sent, by conversation, for as long as the window is open. */
  forms: Readonly<Record<string, Partial<CardForms>>>;
  keepForm<K extends keyof CardForms>(conversationId: string, kind: K, form: CardForms[K] | undefined): void;
  /** The message id of a card, for every attempt until `keepForm` forgets it, also over a closed dialog: what was taken and not answered is not sent again. Another content is another message. */
  cardIdOf(conversationId: string, kind: keyof CardForms, content: ComposedContent): string;
  /** `as`: what they are to be sent as; null: what they are. @returns how many had no room. */
  add(conversationId: string, files: readonly File[], as: MediaKind | null): number;
  /** A voice note that its agent has listened to. */
  addVoiceNote(conversationId: string, file: File): void;
  remove(id: string): void;
  retry(id: string): void;
  changeKind(id: string, kind: MediaKind): void;
};

type Deps = {
  client: Pick<EngineClient, 'media'>;
  drafts: StoreApi<DraftsState>;
  changes: Pick<ChangeFeed, 'subscribe'>;
  newId(): string;
  /** Loaded when the first file comes: what converts and measures is no part of the window's start. */
  loadTools(): Promise<TrayTools>;
};
export type TrayTools = {
  prepareFile(file: File, wanted: MediaKind | null): Promise<Preparation>;
  uploadFile: typeof import('../attach/upload-file.ts').uploadFile;
  refusalOf: typeof import('../attach/prepare-file.ts').refusalOf;
  keepThumbnail: typeof import('../media/thumbnails.ts').keepThumbnail;
  /** An address for a picture of the file, until `forget`. */
  show(blob: Blob): string;
  forget(address: string): void;
};

export function createTrayStore({ client, drafts, changes, newId, loadTools }: Deps): StoreApi<TrayState> {
  const oneByOne = createSerial();
  /** What a file was chosen as, for trying again and for other kinds; and the way to stop it. */
  const sources = new Map<string, { file: File; as: MediaKind | null; isVoice: boolean; controller: AbortController }>();
  /** Of cards that were tried and not taken, by conversation and kind, then by content. */
  const cardIds = new Map<string, Map<string, string>>();

  const store = createStore<TrayState>(() => ({
    entries: {},
    forms: {},
    keepForm: (conversationId, kind, form) => {
      if (form === undefined) cardIds.delete(`${conversationId} ${kind}`);
      store.setState(({ forms }) => ({ forms: { ...forms, [conversationId]: { ...forms[conversationId], [kind]: form } } }));
    },
    cardIdOf: (conversationId, kind, content) => {
      const key = `${conversationId} ${kind}`;
      const ids = cardIds.get(key) ?? new Map<string, string>();
      cardIds.set(key, ids);
      const json = JSON.stringify(content);
      const id = ids.get(json) ?? newId();
      ids.set(json, id);
      return id;
    },
    add: (conversationId, files, as) => {
      const room = Math.max(0, DRAFT_FILES_MAX - (drafts.getState().drafts[conversationId]?.files.length ?? 0));
      for (const file of files.slice(0, room)) take(conversationId, file, as, false);
      return Math.max(0, files.length - room);
    },
    addVoiceNote: (conversationId, file) => take(conversationId, file, 'audio', true),
    remove: (id) => {
      const { conversationId } = findItem(id) ?? {};
      if (conversationId !== undefined) drafts.getState().changeFiles(conversationId, (files) => files.filter((file) => file.id !== id));
    },
    retry: (id) => {
      const source = sources.get(id);
      if (source) start(id, source.as);
    },
    changeKind: (id, kind) => {
      const source = sources.get(id);
      if (source) start(id, kind);
    },
  }));

  function findItem(id: string): { conversationId: string; item: DraftItem } | null {
    for (const [conversationId, { files }] of Object.entries(drafts.getState().drafts)) {
      const item = files.find((file) => file.id === id);
      if (item) return { conversationId, item };
    }
    return null;
  }

  function take(conversationId: string, file: File, as: MediaKind | null, isVoice: boolean): void {
    const id = newId();
    sources.set(id, { file, as, isVoice, controller: new AbortController() });
    const item: DraftItem = { id, sha256: null, kind: as ?? guessKind(file.type), filename: file.name.slice(0, FILENAME_MAX), mimeType: file.type, bytes: file.size, caption: '', isVoice };
    // Before the draft knows it: what no draft knows is forgotten.
    put(id, { conversationId, status: { state: 'preparing' }, converted: null, isStilled: false, otherKinds: [], durationMs: null, preview: null });
    drafts.getState().changeFiles(conversationId, (files) => [...files, item]);
    start(id, as);
  }

  function start(id: string, as: MediaKind | null): void {
    const before = sources.get(id);
    const entry = store.getState().entries[id];
    if (!before || !entry) return;
    before.controller.abort();
    const source = { ...before, as, controller: new AbortController() };
    sources.set(id, source);
    put(id, { ...entry, status: { state: 'preparing' } });
    void oneByOne(() => makeReady(id, source)).catch((error: unknown) => fail(id, source.controller.signal, error));
  }

  async function makeReady(id: string, { file, as, isVoice, controller: { signal } }: NonNullable<ReturnType<typeof sources.get>>): Promise<void> {
    if (signal.aborted) return;
    const tools = await loadTools();
    const prepared = await tools.prepareFile(file, as);
    if (signal.aborted) return;
    if (prepared.status === 'refused') return change(id, { status: { state: 'refused', refusal: prepared.refusal } });
    const { blob, kind, mimeType, filename, width, height, durationMs, thumbnail, converted, isStilled, otherKinds } = prepared;
    const status = (done: number): TrayStatus => ({ state: 'uploading', done, total: blob.size });
    change(id, { converted, isStilled, otherKinds: isVoice ? [] : otherKinds, durationMs, preview: previewOf(tools, prepared), status: status(0) });
    // Until the engine has these bytes it would send others.
    changeItem(id, { sha256: null, kind, mimeType, filename: filename.slice(0, FILENAME_MAX), bytes: blob.size });
    const staged = await tools.uploadFile({ client, blob, filename, width, height, durationMs, signal, onProgress: (done) => !signal.aborted && change(id, { status: status(done) }) });
    if (signal.aborted) return;
    if (staged.kind === null) return change(id, { status: { state: 'refused', refusal: tools.refusalOf(staged) } });
    // A small picture is a convenience: without it the file is sent all the same.
    if (thumbnail) await tools.keepThumbnail(client, staged.sha256, thumbnail);
    if (signal.aborted) return;
    change(id, { status: { state: 'ready' } });
    changeItem(id, { sha256: staged.sha256, mimeType: staged.mimeType, bytes: staged.bytes, filename: staged.filename });
  }

  function previewOf(tools: TrayTools, { kind, blob, thumbnail }: PreparedFile): string | null {
    const picture = kind === 'audio' ? blob : (thumbnail ?? (kind === 'image' || kind === 'sticker' ? blob : null));
    return picture && tools.show(picture);
  }

  function fail(id: string, signal: AbortSignal, error: unknown): void {
    if (signal.aborted) return;
    const code = failureCodeOf(error);
    change(id, { status: code === 'ENGINE_AWAY' ? { state: 'waiting' } : { state: 'failed', code } });
  }

  function put(id: string, entry: TrayEntry): void {
    store.setState(({ entries }) => ({ entries: { ...entries, [id]: entry } }));
  }

  function change(id: string, patch: Partial<TrayEntry>): void {
    const entry = store.getState().entries[id];
    if (!entry) {
      if (patch.preview) void forget(patch.preview);
      return;
    }
    if (patch.preview !== undefined && entry.preview !== null && patch.preview !== entry.preview) void forget(entry.preview);
    put(id, { ...entry, ...patch });
  }

  function changeItem(id: string, patch: Partial<DraftItem>): void {
    const found = findItem(id);
    if (found) drafts.getState().changeFiles(found.conversationId, (files) => files.map((file) => (file.id === id ? { ...file, ...patch } : file)));
  }

  const forget = async (address: string): Promise<void> => (await loadTools()).forget(address);

  // What is in no draft and on no way to the engine is gone.
  drafts.subscribe(({ drafts: all }) => {
    const { entries } = store.getState();
    const ids = Object.keys(entries);
    if (ids.length === 0) return;
    const kept = new Set(Object.values(all).flatMap(({ files, attempts }) => [...files.map(({ id }) => id), ...attempts.map(({ file }) => file?.id)]));
    const gone = ids.filter((id) => !kept.has(id));
    if (gone.length === 0) return;
    for (const id of gone) {
      sources.get(id)?.controller.abort();
      sources.delete(id);
      const { preview } = entries[id]!;
      if (preview !== null) void forget(preview);
    }
    store.setState({ entries: Object.fromEntries(Object.entries(entries).filter(([id]) => !gone.includes(id))) });
  });

  changes.subscribe(({ session }) => {
    if (!session) return;
    for (const [id, { status }] of Object.entries(store.getState().entries)) if (status.state === 'waiting') store.getState().retry(id);
  });
  return store;
}

/** Until its bytes have been looked at. */
function guessKind(type: string): MediaKind {
  const kind = type.split('/', 1)[0];
  return kind === 'image' || kind === 'video' || kind === 'audio' ? kind : 'document';
}

/** Whether all files of a draft can go now. */
export const areAllReady = (files: readonly DraftItem[], entries: TrayState['entries']): boolean =>
  files.every(({ id, sha256 }) => sha256 !== null && (entries[id]?.status.state ?? 'ready') === 'ready');
