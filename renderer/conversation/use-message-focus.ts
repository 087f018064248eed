/** Walking through messages with the arrow keys: R replies to the focused one, Escape goes back to the composer; from the thread itself it goes to the open row. */
import { useState, type KeyboardEvent, type RefObject } from 'react';
import type { VirtualizerHandle } from 'virtua';
import type { Message } from '../../contract/entities.ts';

type Deps = {
  scroller: RefObject<HTMLDivElement | null>;
  list: RefObject<VirtualizerHandle | null>;
  messages: readonly Message[];
  onReply(message: Message): void;
  onEscape(): void;
};

export function useMessageFocus({ scroller, list, messages, onReply, onEscape }: Deps): { keepMounted: number[]; onKeyDown(event: KeyboardEvent): void } {
  const [focusedId, setFocusedId] = useState<string | null>(null);
  function focusAt(index: number): void {
    const message = messages[index];
    if (!message) return;
    setFocusedId(message.id);
    list.current?.scrollToIndex(index, { align: 'nearest' });
    // The row may have to be mounted first.
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-message-id="${CSS.escape(message.id)}"]`)?.focus({ preventScroll: true }));
  }

  function onKeyDown(event: KeyboardEvent): void {
    const targetId = (event.target as Element).getAttribute('data-message-id');
    const onMessage = targetId !== null;
    // A click moves the focus too, so the element that has it says which message is meant.
    const at = messages.findIndex((message) => message.id === targetId);
    if ((!onMessage && event.target !== scroller.current) || event.ctrlKey || event.metaKey || event.altKey) return;
    const focused = onMessage ? messages[at] : undefined;
    if (event.key === 'ArrowUp') focusAt(onMessage ? at - 1 : messages.length - 1);
    else if (event.key === 'ArrowDown') focusAt(onMessage ? at + 1 : messages.length - 1);
    else if (focused && event.key.toLowerCase() === 'r') onReply(focused);
    else if (focused && event.key === 'Escape') onEscape();
    else if (event.key !== 'Escape' || !focusOpenRow()) return;
    event.preventDefault();
    event.stopPropagation();
  }

  const keptAt = messages.findIndex((message) => message.id === focusedId);
  return { keepMounted: keptAt === -1 ? [] : [keptAt], onKeyDown };
}

/** @returns false where there is no list beside the thread. */
function focusOpenRow(): boolean {
  const row = document.querySelector<HTMLElement>('[role="option"][aria-selected="true"]');
  row?.focus();
  return row !== null;
}
