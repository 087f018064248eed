/**
 * Unsent text and files, by conversation. They belong to the engine, which keeps them in this desktop's database; what the engine
 * has not taken yet, and what only a window knows (quote, draft by AI, attempts), stands in the window's storage meanwhile.
 * Invariants: what was typed, and each file that the engine has, is in the storage or with the engine at any moment, so that a switch,
 * a reload, a restart or a crash of either loses nothing; from the first attempt to send a message until the engine has taken it, it
 * goes out under one message id, so that repeating it after a lost answer cannot send it twice (another text, or a file under
 * another caption, is another message); what is sent while others are on their way goes to the engine after them, and not at all if
 * one of them comes back.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { DraftFile } from '../../contract/entities.ts';
import type { ChangeFeed } from '../rpc/change-feed.ts';
import type { EngineClient } from '../rpc/engine-client.ts';
import { contentOf, draftItemSchema, hasLink, planMessages, type DraftItem, type DraftMessage } from './draft-messages.ts';
import { createSerial } from './serial.ts';

/** A quoted message as it was shown: it need not be loaded any more when the reply leaves. */
export type Quoted = { id: string; direction: 'in' | 'out'; text: string };
export type Attempt = DraftMessage & {
  messageId: string;
  hasPreview: boolean;
  quoted: Quoted | null;
  /** Log position that its author had seen. */
  seenThrough: number;
  /** The draft by AI that it began from, if it goes as a text. */
  aiDraftId: string | null;
};
/** To the customer, or to the team. Only the agent changes it. */
export type DraftMode = 'reply' | 'note';
export type Draft = {
  text: string;
  mode: DraftMode;
  quoted: Quoted | null;
  /** The draft by AI that the text began from; an emptied box has none. */
  aiDraftId: string | null;
  /** In the order in which they will go; with a reply only. */
  files: readonly DraftItem[];
  /** Its agent wants no card for the link in the text. */
  isPreviewOff: boolean;
  /** What was sent, in order, until the engine has taken it. */
  attempts: readonly Attempt[];
  /** The attempts are on their way to the engine; otherwise they have come back, and text and files began as theirs. */
  isSending: boolean;
  /** The engine holds this text and mode. */
  isSaved: boolean;
  /** It holds these files, as far as it has their bytes. */
  areFilesSaved: boolean;
  /** When it was last typed in; null: never. */
  updatedAt: number | null;
};

export type DraftsState = {
  drafts: Readonly<Record<string, Draft>>;
  /** Reads what the engine holds; what was typed before the answer stands behind it. */
  load(conversationId: string): void;
  setText(conversationId: string, text: string): void;
  setMode(conversationId: string, mode: DraftMode): void;
  setQuoted(conversationId: string, quoted: Quoted | null): void;
  /** Its text began from that draft by AI. */
  setAiDraft(conversationId: string, aiDraftId: string | null): void;
  setPreviewOff(conversationId: string, isPreviewOff: boolean): void;
  changeFiles(conversationId: string, change: (files: readonly DraftItem[]) => readonly DraftItem[]): void;
  /** Everything that the engine does not hold yet is given to it now. */
  flush(): void;
  /**
   * Takes text, quote and files out of the draft, to send them; every file is with the engine. `canPreview`: all desktops of the team know
   * messages with link previews. @returns what to give to the engine now; null while something is on its way.
   */
  beginSend(conversationId: string, seenThrough: number, canPreview: boolean): Attempt | null;
  /** The engine has answered to the first attempt. Not taken: all of them come back, before what was typed meanwhile. @returns what to give to it next. */
  endSend(conversationId: string, isTaken: boolean): Attempt | null;
};

export type DraftStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

const PREFIX = 'bandeja.draft.';
/** A pause in typing this long gives the text to the engine. */
const SAVE_AFTER_MS = 300;
export const NO_DRAFT: Draft = {
  text: '',
  mode: 'reply',
  quoted: null,
  aiDraftId: null,
  files: [],
  isPreviewOff: false,
  attempts: [],
  isSending: false,
  isSaved: true,
  areFilesSaved: true,
  updatedAt: null,
};

type Deps = { client: Pick<EngineClient, 'drafts'>; changes: Pick<ChangeFeed, 'subscribe'>; storage: DraftStorage; newId(): string; now(): number };

export function createDraftsStore({ client, changes, storage, newId, now }: Deps): StoreApi<DraftsState> {
  const inOrder = createSerial();
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Asked for and not answered yet, also where asking failed. `before`: as it stood then; what was not touched since an answer may replace. */
  const loading = new Map<string, { before: Draft; typedOver: boolean; filesTouched: boolean }>();

  const store = createStore<DraftsState>(() => ({
    drafts: readDrafts(storage),
    // Without the engine the window shows what it holds itself, and asks again when it is back.
    load: (conversationId) => void inOrder(() => load(conversationId)).catch(() => undefined),
    setText: (conversationId, text) => {
      // Whoever empties the box gives the attempt up; what is on its way is still waited for.
      const draft = draftOf(conversationId);
      const isGivenUp = text === '' && draft.files.length === 0 && !draft.isSending;
      type(conversationId, { text, ...(isGivenUp && { attempts: [] }), ...(text.trim() === '' && { aiDraftId: null }) });
    },
    setMode: (conversationId, mode) => type(conversationId, { mode, ...(mode === 'note' && { quoted: null }) }),
    setQuoted: (conversationId, quoted) => change(conversationId, { quoted }),
    setAiDraft: (conversationId, aiDraftId) => change(conversationId, { aiDraftId }),
    setPreviewOff: (conversationId, isPreviewOff) => change(conversationId, { isPreviewOff }),
    changeFiles: (conversationId, changeList) => {
      const waiting = loading.get(conversationId);
      if (waiting) waiting.filesTouched = true;
      change(conversationId, { files: changeList(draftOf(conversationId).files), areFilesSaved: false });
      saveSoon();
    },
    flush,
    beginSend: (conversationId, seenThrough, canPreview) => {
      const { text, quoted, aiDraftId, files, isPreviewOff, attempts: before, isSending } = draftOf(conversationId);
      const cameBack = restore({ ...NO_DRAFT, attempts: before });
      const isSame = !isSending && before.length > 0 && cameBack.text === text && cameBack.quoted?.id === quoted?.id && cameBack.aiDraftId === aiDraftId && areSame(cameBack.files, files);
      const again = isSending ? [] : before;
      const planned = planMessages(text, files).map((message, index): Attempt => {
        const earlier = again.find((attempt) => attempt.file !== null && message.file !== null && attempt.text === message.text && areSame([attempt.file], [message.file]));
        return {
          ...message,
          messageId: earlier?.messageId ?? newId(),
          hasPreview: canPreview && !isPreviewOff && message.file === null && hasLink(text),
          quoted: index === 0 ? quoted : null,
          seenThrough,
          aiDraftId: message.file === null ? aiDraftId : null,
        };
      });
      const attempts = isSame ? before.map((attempt) => ({ ...attempt, seenThrough })) : [...(isSending ? before : []), ...planned];
      change(conversationId, { text: '', quoted: null, aiDraftId: null, files: [], isPreviewOff: false, attempts, isSending: true });
      return isSending ? null : (attempts[0] ?? null);
    },
    endSend: (conversationId, isTaken) => {
      const draft = draftOf(conversationId);
      const attempts = draft.attempts.slice(1);
      const hadFile = draft.attempts.some(({ file }) => file !== null);
      const unsaved = { isSaved: false, ...(hadFile && { areFilesSaved: false }) };
      change(conversationId, isTaken ? { ...unsaved, attempts, isSending: attempts.length > 0 } : { ...unsaved, ...restore(draft), isSending: false });
      if (attempts.length === 0 || !isTaken) flush();
      return isTaken ? (attempts[0] ?? null) : null;
    },
  }));

  const draftOf = (conversationId: string): Draft => store.getState().drafts[conversationId] ?? NO_DRAFT;

  function type(conversationId: string, patch: Partial<Draft>): void {
    const waiting = loading.get(conversationId);
    if (waiting) waiting.typedOver = true;
    change(conversationId, { ...patch, isSaved: false, updatedAt: now() });
    saveSoon();
  }

  function saveSoon(): void {
    clearTimeout(timer);
    timer = setTimeout(flush, SAVE_AFTER_MS);
  }

  function change(conversationId: string, patch: Partial<Draft>): void {
    const { [conversationId]: current = NO_DRAFT, ...others } = store.getState().drafts;
    const draft = { ...current, ...patch };
    const hasNothing = draft.text === '' && draft.mode === 'reply' && draft.quoted === null && draft.files.length === 0 && draft.attempts.length === 0;
    const isSaved = draft.isSaved && draft.areFilesSaved;
    const isGone = hasNothing && isSaved;
    store.setState({ drafts: isGone ? others : { ...others, [conversationId]: draft } });
    // The engine keeps files, and text and mode of a text; the rest, and what it has not taken yet, is ours.
    const isWithEngine = isSaved && draft.quoted === null && draft.aiDraftId === null && draft.attempts.length === 0 && (draft.text !== '' || draft.mode === 'reply');
    try {
      if (isGone || isWithEngine) storage.removeItem(PREFIX + conversationId);
      else storage.setItem(PREFIX + conversationId, JSON.stringify({ ...draft, files: draft.files.filter(isWithBytes) }));
    } catch {
      // Storage that is full or blocked: until the engine has it, the draft lives as long as the window.
    }
  }

  async function load(conversationId: string): Promise<void> {
    const draftNow = draftOf(conversationId);
    const waiting = loading.get(conversationId) ?? { before: draftNow, typedOver: !draftNow.isSaved, filesTouched: !draftNow.areFilesSaved };
    const { before } = waiting;
    // What the engine has not taken yet is newer than what it holds.
    if ((!before.isSaved && !before.areFilesSaved) || draftNow.attempts.length > 0) return void loading.delete(conversationId);
    loading.set(conversationId, waiting);
    const held = await client.drafts.get({ conversationId });
    loading.delete(conversationId);
    const draft = draftOf(conversationId);
    if (draft.attempts.length > 0) return;
    const files = takeHeld(before.files, held?.files ?? []);
    if (!waiting.filesTouched) {
      if (!areSame(files, draft.files)) change(conversationId, { files, areFilesSaved: true });
    } else if (before.areFilesSaved) change(conversationId, { files: [...files, ...draft.files.filter(({ id }) => !before.files.some((known) => known.id === id))] });
    if (!before.isSaved) return;
    if (waiting.typedOver) {
      if (held && before.text === '') change(conversationId, { text: held.text + draft.text });
      return;
    }
    if (held) change(conversationId, { text: held.text, mode: held.mode, updatedAt: held.updatedAt, isSaved: true });
    else if (draft.text !== '') change(conversationId, { text: '', aiDraftId: null, isSaved: true });
  }

  function flush(): void {
    clearTimeout(timer);
    for (const conversationId of Object.keys(store.getState().drafts)) {
      // A save that fails loses nothing: the text stays in the window's storage until a line to the engine is there again.
      const { isSaved, areFilesSaved } = draftOf(conversationId);
      if (!isSaved || !areFilesSaved) void inOrder(() => save(conversationId)).catch(() => undefined);
    }
  }

  async function save(conversationId: string): Promise<void> {
    // What it holds and was never shown here is not overwritten.
    if (loading.has(conversationId)) await load(conversationId);
    const draft = draftOf(conversationId);
    // What is on its way may come back.
    const toKeep = (of: Draft): Pick<Draft, 'text' | 'files'> => (of.isSending ? restore(of) : of);
    if (!draft.areFilesSaved) {
      const { files } = toKeep(draft);
      await client.drafts.setFiles({ conversationId, files: files.filter(isWithBytes).map(({ id: _, ...file }) => file) });
      if (areSame(toKeep(draftOf(conversationId)).files, files)) change(conversationId, { areFilesSaved: true });
    }
    if (!draft.isSaved) {
      const { text } = toKeep(draft);
      await client.drafts.set({ conversationId, text, mode: draft.mode });
      const after = draftOf(conversationId);
      if (toKeep(after).text === text && after.mode === draft.mode) change(conversationId, { isSaved: true });
    }
  }

  /** The engine's list, under the ids that the window already has for it, and behind it what the engine does not have yet. */
  function takeHeld(shown: readonly DraftItem[], held: readonly DraftFile[]): DraftItem[] {
    const known = [...shown];
    const items = held.map((file) => {
      const at = known.findIndex((item) => item.sha256 === file.sha256);
      return { ...file, id: at === -1 ? newId() : known.splice(at, 1)[0]!.id };
    });
    return [...items, ...shown.filter((item) => !isWithBytes(item))];
  }

  // A line to the engine is there (again): what it could not be asked is asked, and what it missed goes to it.
  changes.subscribe(({ session }) => {
    if (!session) return;
    for (const conversationId of loading.keys()) store.getState().load(conversationId);
    flush();
  });
  return store;
}

/** What to give to the engine for an attempt. */
export const attemptContent = (attempt: Attempt): ReturnType<typeof contentOf> => contentOf(attempt, attempt.hasPreview);

const isWithBytes = (item: DraftItem): item is DraftItem & { sha256: string } => item.sha256 !== null;

const areSame = (some: readonly DraftItem[], others: readonly DraftItem[]): boolean =>
  some.length === others.length &&
  some.every((item, index) => {
    const other = others[index];
    return other !== undefined && other.sha256 === item.sha256 && other.id === item.id && other.kind === item.kind && other.caption === item.caption && other.filename === item.filename;
  });

function restore({ text, quoted, aiDraftId, files, attempts }: Draft): Pick<Draft, 'text' | 'quoted' | 'aiDraftId' | 'files'> {
  const texts = [...attempts.map((attempt) => attempt.text), text].filter((part) => part !== '');
  return {
    text: texts.join('\n'),
    quoted: quoted ?? attempts.find((attempt) => attempt.quoted)?.quoted ?? null,
    aiDraftId: aiDraftId ?? attempts.find((attempt) => attempt.aiDraftId)?.aiDraftId ?? null,
    files: [...attempts.flatMap(({ file }) => file ?? []), ...files],
  };
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

/** Earlier versions kept the whole draft here: it has no `isSaved`, and so goes to the engine now. */
function parseDraft(json: string | null): Draft | null {
  try {
    const value = JSON.parse(json ?? '') as Unknown<Draft>;
    if (typeof value.text !== 'string') return null;
    const draft: Draft = {
      text: value.text,
      mode: value.mode === 'note' ? 'note' : 'reply',
      quoted: parseQuoted(value.quoted),
      aiDraftId: typeof value.aiDraftId === 'string' ? value.aiDraftId : null,
      files: Array.isArray(value.files) ? value.files.flatMap((file) => parseItem(file) ?? []) : [],
      isPreviewOff: value.isPreviewOff === true,
      attempts: Array.isArray(value.attempts) ? value.attempts.flatMap(parseAttempt) : [],
      isSending: false,
      isSaved: value.isSaved === true,
      areFilesSaved: value.areFilesSaved !== false,
      updatedAt: typeof value.updatedAt === 'number' ? value.updatedAt : null,
    };
    // Sending was cut off by a reload: whether the text has left is not known, so it comes back under its id.
    return value.isSending === true ? { ...draft, ...restore(draft), isSaved: false, areFilesSaved: false } : draft;
  } catch {
    return null;
  }
}

function parseQuoted(value: unknown): Quoted | null {
  const { id, direction, text } = (value ?? {}) as Unknown<Quoted>;
  return typeof id === 'string' && (direction === 'in' || direction === 'out') && typeof text === 'string' ? { id, direction, text } : null;
}

function parseAttempt(value: unknown): Attempt[] {
  const { messageId, text, file, hasPreview, quoted, aiDraftId } = (value ?? {}) as Unknown<Attempt>;
  // What its author had seen is asked again when it is sent again.
  return typeof messageId === 'string' && typeof text === 'string'
    ? [{ messageId, text, file: parseItem(file), hasPreview: hasPreview === true, quoted: parseQuoted(quoted), seenThrough: 0, aiDraftId: typeof aiDraftId === 'string' ? aiDraftId : null }]
    : [];
}

function parseItem(value: unknown): DraftItem | null {
  const item = draftItemSchema.safeParse(value);
  return item.success ? item.data : null;
}
