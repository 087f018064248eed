/** What can be done with a message of the thread. One stable object for all rows, so that a new action paints none of them anew. */
import { createContext, use } from 'react';
import type { Message } from '../../contract/entities.ts';

export type ThreadActions = {
  /** A thread beside something else: it is read there, and acted on where it is open. */
  isReadOnly?: boolean;
  reply(message: Message): void;
  /** `anchor`: beside which it opens. */
  react(message: Message, anchor: HTMLElement): void;
  showVersions(message: Message, anchor: HTMLElement): void;
  jumpTo(messageId: string): void;
  view(message: Message): void;
  showRaw(message: Message): void;
  /** The way to another day. @param at the one that is looked at. */
  pickDay?(at: number, anchor: HTMLElement): void;
};

export const ThreadActionsContext = createContext<ThreadActions | null>(null);

export function useThreadActions(): ThreadActions {
  const actions = use(ThreadActionsContext);
  if (!actions) throw new Error('ThreadActionsContext is missing');
  return actions;
}

/** Whether the thread has been painted: what nobody can use before that is mounted afterwards. */
export const ThreadPaintedContext = createContext(true);
