/**
 * Messages of the open thread that were chosen to do something with them, and what is being done. Invariant: they belong to the thread that is open;
 * another conversation begins with none.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Message } from '../../contract/entities.ts';
import { PICKED_MAX } from '../../contract/limits.ts';
import type { ConversationState } from './conversation-store.ts';
import type { ToastState } from './toast-store.ts';

export type PickedText = 'picked.full' | 'picked.copied' | 'picked.noteDone' | 'picked.attached' | 'picked.attachedAlready' | 'picked.detached' | 'forward.full' | 'forward.done';
export type PickedSheet = { kind: 'forward' | 'note' | 'attach'; messages: readonly Message[] };

export type PickedState = {
  /** By id, as they were when they were chosen. */
  messages: ReadonlyMap<string, Message>;
  sheet: PickedSheet | null;
  toggle(message: Message): void;
  /** All from the one that was chosen last to this one. @param shown the thread, in reading order. */
  extendTo(message: Message, shown: readonly Message[]): void;
  clear(): void;
  /** In reading order. */
  open(sheet: PickedSheet): void;
  /** @param isDone what was wanted came about: nothing stays chosen. */
  close(isDone: boolean): void;
};

export function createPickedStore({ conversation, toasts }: { conversation: StoreApi<ConversationState>; toasts: StoreApi<ToastState> }): StoreApi<PickedState> {
  let anchorId: string | null = null;
  const store = createStore<PickedState>((set, get) => {
    const pick = (messages: readonly Message[]): void => {
      const all = new Map([...get().messages, ...messages.map((message) => [message.id, message] as const)]);
      if (all.size > PICKED_MAX) return void toasts.getState().say('picked.full', { values: { name: '', count: PICKED_MAX } });
      set({ messages: all });
    };
    return {
      messages: new Map(),
      sheet: null,
      toggle: (message) => {
        if (!isPickable(message)) return;
        anchorId = message.id;
        if (!get().messages.has(message.id)) return pick([message]);
        set({ messages: new Map([...get().messages].filter(([id]) => id !== message.id)) });
      },
      extendTo: (message, shown) => {
        const at = shown.findIndex(({ id }) => id === message.id);
        const from = shown.findIndex(({ id }) => id === anchorId);
        if (at === -1) return;
        if (from === -1) anchorId = message.id;
        const [first, last] = from === -1 ? [at, at] : [Math.min(at, from), Math.max(at, from)];
        pick(shown.slice(first, last + 1).filter(isPickable));
      },
      clear: () => {
        anchorId = null;
        set({ messages: new Map(), sheet: null });
      },
      open: (sheet) => set({ sheet }),
      close: (isDone) => (isDone ? get().clear() : set({ sheet: null })),
    };
  });
  conversation.subscribe(({ openId }, before) => {
    if (openId !== before.openId) store.getState().clear();
  });
  return store;
}

/** What somebody said; what WhatsApp told, or was done to a message that is not here, is nothing to pass on. */
export const isPickable = ({ content }: Message): boolean => content.kind !== 'system' && content.kind !== 'reaction' && content.kind !== 'revoke' && content.kind !== 'edit';

/** In reading order. */
export const pickedOf = ({ messages }: Pick<PickedState, 'messages'>): Message[] => [...messages.values()].toSorted((a, b) => a.sentAt - b.sentAt || (a.inboundNo ?? 0) - (b.inboundNo ?? 0));
