/**
 * Single keys, only while the focus is not in a text and no dialog or menu is open. Modified keys belong to the system,
 * except Shift where it names another command.
 */
import { useEffect } from 'react';
import type { ConversationSummary } from '../../contract/entities.ts';
import { useCommands, useStores } from '../ui/app-context.tsx';

/** Only these go on while they are held down: a held E would empty the inbox. */
const WALKS: ReadonlySet<string> = new Set(['j', 'k', 'arrowdown', 'arrowup']);

/** `data-takes-letters`: stands in the place of a text that cannot be written; what is typed there was meant for that. */
const isInText = (target: EventTarget | null): boolean => target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select, [data-takes-letters]'));
const isInOverlay = (target: EventTarget | null): boolean => target instanceof Element && target.closest('[role="dialog"], [role="menu"]') !== null;

export function useShortcuts({ togglePanel }: { togglePanel(): void }): void {
  const { inbox, conversation, view } = useStores();
  const { setStatus, setStatusOfRow } = useCommands();

  useEffect(() => {
    function rowUnderKeyboard(): ConversationSummary | undefined {
      const focusedId = document.activeElement?.getAttribute('data-id');
      return focusedId ? inbox.getState().rows?.find((candidate) => candidate.id === focusedId) : undefined;
    }

    /** The row under the keyboard, else the open conversation. */
    function changeStatus(to: 'archived' | 'closed'): void {
      const row = rowUnderKeyboard();
      const open = conversation.getState().thread?.conversation;
      if (row && row.id !== open?.id) {
        if (row.status !== to && row.status !== 'closed') void setStatusOfRow(row, to);
      } else if (open && open.status !== to && open.status !== 'closed') void setStatus(open, to);
    }

    /** To the same one: what is typed next must never reach another customer than the one that E would archive. */
    function reply(): void {
      const row = rowUnderKeyboard();
      if (row) conversation.getState().open(row.id);
      view.getState().focusComposer();
    }

    function stepBack(): void {
      if (view.getState().isPanelOverlayOpen) view.getState().setPanelOverlay(false);
      else conversation.getState().open(null);
    }

    function onKeyDown(event: KeyboardEvent): void {
      if (event.isComposing || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isInOverlay(event.target)) return;
      if (isInText(event.target)) {
        if (event.key === 'Escape') (event.target as HTMLElement).blur();
        return;
      }
      const run = commandOf(event);
      if (!run || (event.repeat && !WALKS.has(event.key.toLowerCase()))) return;
      event.preventDefault();
      run();
    }

    function commandOf({ key, shiftKey, target }: KeyboardEvent): (() => void) | null {
      switch (key.toLowerCase()) {
        case 'j':
          return () => view.getState().stepRow(1);
        case 'k':
          return () => view.getState().stepRow(-1);
        // Whatever has the focus scrolls or walks with the arrows itself.
        case 'arrowdown':
          return target === document.body ? () => view.getState().stepRow(1) : null;
        case 'arrowup':
          return target === document.body ? () => view.getState().stepRow(-1) : null;
        case 'r':
          return reply;
        case 'e':
          return () => changeStatus(shiftKey ? 'closed' : 'archived');
        case 'i':
          return togglePanel;
        case '/':
          return () => view.getState().focusSearch();
        case '?':
          return () => view.getState().showDialog('shortcuts');
        case 'escape':
          return stepBack;
        default:
          return null;
      }
    }

    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [inbox, conversation, view, setStatus, setStatusOfRow, togglePanel]);
}
