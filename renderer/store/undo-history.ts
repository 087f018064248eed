/**
 * Taking changes back: from their notice, or one after the other, newest first (Ctrl+Z). Invariant: each is taken back at
 * most once, and one that was refused says why.
 */
import type { StoreApi } from 'zustand/vanilla';
import type { EngineClient } from '../rpc/engine-client.ts';
import type { ToastState, ToastText, ToastValues } from './toast-store.ts';

/** What was done, as the end of the text that said so. */
const UNDONE = ['assigned', 'taken', 'released', 'teamSet', 'teamCleared', 'snoozed', 'broughtBack', 'labelOn', 'labelOff', 'active', 'archived', 'closed'] as const;
type Undone = (typeof UNDONE)[number];

/** What is said of an undo. */
export type UndoText = `undo.done.${Undone | 'other'}` | `undo.${'doneMany' | 'refused' | 'refusedMany' | 'overruled' | 'customerWrote' | 'nothing'}`;

/** The one conversation that was changed. */
export type UndoTarget = { id: string; name: string };
export type UndoHistory = {
  /** Says what was done, with the way back. @param target null: many, or none. */
  sayDone(text: ToastText, values: ToastValues, opIds: readonly string[], target: UndoTarget | null): void;
  undoLast(): Promise<void>;
};

/** `onDone`: a conversation was changed, so it may no longer belong where it is shown. `onUndone`: it may belong there again. */
type Deps = {
  now(): number;
  client: EngineClient;
  toasts: StoreApi<ToastState>;
  onDone(conversationId: string): void;
  onUndone(): Promise<void>;
  attempt(task: () => Promise<unknown>): Promise<boolean>;
};
type Done = { opIds: readonly string[]; target: UndoTarget | null; toastId: number; undone: Undone | 'other'; values: ToastValues; at: number };

/** How far back it goes. */
const REMEMBERED = 50;
/** Ctrl+Z is for what was just done: what is longer ago happened elsewhere, and nobody has it in mind. Ms. */
const WITHIN_MS = 2 * 60_000;

export function createUndoHistory({ now, client, toasts, onDone, onUndone, attempt }: Deps): UndoHistory {
  let history: readonly Done[] = [];
  const say = (text: ToastText, values: ToastValues): void => void toasts.getState().say(text, { values });

  async function undo(entry: Done): Promise<void> {
    if (!history.includes(entry)) return;
    history = history.filter((other) => other !== entry);
    toasts.getState().dismiss(entry.toastId);
    await attempt(async () => {
      const { undone, refused } = await client.ops.undo({ opIds: [...entry.opIds] });
      if (undone > 0) await onUndone();
      if (entry.target === null) say(undone > 0 ? 'undo.doneMany' : 'undo.refusedMany', undone > 0 ? { name: '', count: undone, refused } : { name: '', count: refused });
      else if (refused === 0) say(`undo.done.${entry.undone}`, entry.values);
      else await sayWhyNot(entry.target);
    });
  }

  /** Both the refused undo and what stands in its way are in the conversation's activity, newest first. */
  async function sayWhyNot({ id, name }: UndoTarget): Promise<void> {
    const { activity } = await client.conversations.get({ conversationId: id, messages: 0 });
    const refused = activity.find(({ actor, outcome }) => actor.isMe && outcome !== 'applied');
    const winner = activity.find(({ actor, type, outcome }) => !actor.isMe && outcome === 'applied' && type === refused?.type);
    if (refused?.detail['reason'] === 'customer_wrote') say('undo.customerWrote', { name });
    else if (refused?.detail['reason'] === 'newer_conversation') say('status.newerConversation', { name });
    else if (winner) say('undo.overruled', { name, who: winner.actor.name });
    else say('undo.refused', { name });
  }

  return {
    sayDone: (text, values, opIds, target) => {
      if (target) onDone(target.id);
      if (opIds.length === 0) return say(text, values);
      const toastId = toasts.getState().say(text, { values, action: { label: 'action.undo', run: () => void undo(entry) } });
      const entry: Done = { opIds, target, toastId, undone: UNDONE.find((one) => text.endsWith(`.${one}`)) ?? 'other', values, at: now() };
      history = [...history, entry].slice(-REMEMBERED);
    },
    undoLast: async () => {
      const last = history.at(-1);
      if (last && now() - last.at < WITHIN_MS) await undo(last);
      else say('undo.nothing', { name: '' });
    },
  };
}
