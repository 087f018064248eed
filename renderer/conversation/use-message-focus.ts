/**
 * Walking through messages and notes with the arrow keys: R replies to the focused message, + reacts to it, Enter does what it is
 * there for (open, play, go to what it quotes), End goes to the newest one. Escape goes back to the composer; from the thread itself it goes to the open row.
 */
import { useState, type KeyboardEvent, type RefObject } from 'react';
import type { VirtualizerHandle } from 'virtua';
import type { Message } from '../../contract/entities.ts';
import type { ThreadRow } from './thread-layout.ts';
import { useKeyNames } from '../commands/use-commands.ts';

const MOUNTED_WITHIN_FRAMES = 20;

type Deps = {
  scroller: RefObject<HTMLDivElement | null>;
  list: RefObject<VirtualizerHandle | null>;
  rows: readonly ThreadRow[];
  onReply(message: Message): void;
  onReact(message: Message, element: HTMLElement): void;
  onEscape(): void;
  /** To the newest message. */
  onEnd(): void;
  /** Choosing several: one, all up to it, none any more, all that are chosen onto the clipboard. */
  picking: { isOn: boolean; toggle(message: Message): void; extendTo(message: Message): void; stop(): void; copy(): void };
};

export function useMessageFocus({ scroller, list, rows, onReply, onReact, onEscape, onEnd, picking }: Deps): {
  keepMounted: number[];
  onKeyDown(event: KeyboardEvent): void;
  /** Once it is in view. */ focusRow(id: string): void;
} {
  const { isKey } = useKeyNames();
  const [focusedId, setFocusedId] = useState<string | null>(null);
  function focusAt(index: number): void {
    const row = rows[index];
    if (!row) return;
    setFocusedId(row.id);
    list.current?.scrollToIndex(index, { align: 'nearest' });
    focusWhenMounted(row.id, MOUNTED_WITHIN_FRAMES);
  }

  /** The row may have to be mounted first, and measured: until then it is hidden and takes no focus. In a thread that has just been opened that takes some frames. */
  function focusWhenMounted(id: string, framesLeft: number): void {
    requestAnimationFrame(() => {
      const element = scroller.current?.querySelector<HTMLElement>(`[data-message-id="${CSS.escape(id)}"]`);
      element?.focus({ preventScroll: true });
      if (framesLeft > 0 && (!element || document.activeElement !== element)) focusWhenMounted(id, framesLeft - 1);
    });
  }

  /** From a message the focus goes along, where it would be out of view; from the thread itself it stays. */
  function toNewest(): void {
    if (document.activeElement !== scroller.current) scroller.current?.focus({ preventScroll: true });
    onEnd();
  }

  function focusRow(id: string): void {
    setFocusedId(id);
    focusWhenMounted(id, MOUNTED_WITHIN_FRAMES);
  }

  function onKeyDown(event: KeyboardEvent): void {
    const targetId = (event.target as Element).getAttribute('data-message-id');
    const onMessage = targetId !== null;
    // A click moves the focus too, so the element that has it says which message is meant.
    const at = rows.findIndex((row) => row.id === targetId);
    if ((!onMessage && event.target !== scroller.current) || event.altKey) return;
    if (event.ctrlKey || event.metaKey) {
      if (!picking.isOn || event.key.toLowerCase() !== 'c' || document.getSelection()?.isCollapsed === false) return;
      event.preventDefault();
      return picking.copy();
    }
    const { nativeEvent } = event;
    const focused = onMessage ? rows[at] : undefined;
    const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    if (step !== 0 && event.shiftKey && focused) {
      if (focused.kind === 'message' && !picking.isOn) picking.toggle(focused.message);
      const next = findMessage(rows, at, step);
      if (next !== -1) {
        const row = rows[next];
        if (row?.kind === 'message') picking.extendTo(row.message);
        focusAt(next);
      }
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    if (event.key === 'ArrowUp') focusAt(onMessage ? at - 1 : rows.length - 1);
    else if (event.key === 'ArrowDown') focusAt(onMessage ? at + 1 : rows.length - 1);
    else if (event.key === 'End' && !event.shiftKey) toNewest();
    else if (focused?.kind === 'message' && isKey('reply', nativeEvent)) onReply(focused.message);
    // What cannot be chosen itself takes the key too: else it would choose the conversation in the list, unseen.
    else if (focused && (isKey('pick', nativeEvent) || (picking.isOn && event.key === ' '))) {
      if (focused.kind === 'message') picking.toggle(focused.message);
    } else if (picking.isOn && event.key === 'Escape') picking.stop();
    else if (focused?.kind === 'message' && isKey('react', nativeEvent)) onReact(focused.message, event.target as HTMLElement);
    else if (focused?.kind === 'message' && event.key === 'Enter') (event.target as Element).querySelector<HTMLElement>('[data-main]')?.click();
    else if (focused && event.key === 'Escape') onEscape();
    else if (event.key !== 'Escape' || !focusOpenRow()) return;
    event.preventDefault();
    event.stopPropagation();
  }

  const keptAt = rows.findIndex((row) => row.id === focusedId);
  return { keepMounted: keptAt === -1 ? [] : [keptAt], onKeyDown, focusRow };
}

/** @returns false where there is no list beside the thread. */
function focusOpenRow(): boolean {
  const row = document.querySelector<HTMLElement>('[role="option"][aria-selected="true"]');
  row?.focus();
  return row !== null;
}

/** The next row with a message, that way; -1: none. */
function findMessage(rows: readonly ThreadRow[], from: number, step: 1 | -1): number {
  for (let at = from + step; at >= 0 && at < rows.length; at += step) if (rows[at]?.kind === 'message') return at;
  return -1;
}
