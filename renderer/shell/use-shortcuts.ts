/**
 * Single keys, only while the focus is not in a text and no dialog or menu is open. Modified keys belong to the system,
 * except Shift where it names another command, and Ctrl (Cmd) for undoing, for picking all rows and, also in a text, for searching. Picked rows come first:
 * with some of them a key means all of them; else the row under the keyboard, else the open conversation.
 */
import { useEffect, useMemo } from 'react';
import type { ConversationSummary } from '../../contract/entities.ts';
import { areKindsOn, isTriageOn } from '../store/session-store.ts';
import type { HeaderMenu } from '../store/view-store.ts';
import { useCommands, useStores } from '../ui/app-context.tsx';
import { leaveText } from '../ui/return-focus.ts';
import { createGoKeys } from './go-keys.ts';
import { isInOverlay, isInText } from './key-targets.ts';

/** Only these go on while they are held down: a held E would empty the inbox. */
const WALKS: ReadonlySet<string> = new Set(['j', 'k', 'arrowdown', 'arrowup']);

export function useShortcuts({ togglePanel }: { togglePanel(): void }): void {
  const stores = useStores();
  const { inbox, selection, session, team, conversation, view, search, find } = stores;
  const { setStatus, setStatusOfRow, assign, bulk, undoLast } = useCommands();
  const { goCommandOf } = useMemo(() => createGoKeys(stores), [stores]);

  useEffect(() => {
    const rowOf = (id: string | null | undefined): ConversationSummary | undefined => (id ? inbox.getState().rows?.find((candidate) => candidate.id === id) : undefined);
    const rowUnderKeyboard = (): ConversationSummary | undefined => rowOf(document.activeElement?.getAttribute('data-id'));
    const isPicking = (): boolean => selection.getState().ids.size > 0;
    const target = (): ConversationSummary | undefined => rowUnderKeyboard() ?? conversation.getState().thread?.conversation;

    function changeStatus(to: 'archived' | 'closed'): void {
      if (isPicking()) return void bulk({ kind: 'status', to });
      const row = rowUnderKeyboard();
      const open = conversation.getState().thread?.conversation;
      if (row && row.id !== open?.id) {
        if (row.status !== to && row.status !== 'closed') void setStatusOfRow(row, to);
      } else if (open) {
        // Of the two the row is what its agent points at; the thread may hear of the last change a moment later.
        const { status } = row ?? open;
        if (status !== to && status !== 'closed') void setStatus({ ...open, status }, to);
      }
    }

    function takeIt(): void {
      if (!isTriageOn(session.getState())) return;
      const me = team.getState().directory?.members.find(({ isMe }) => isMe);
      if (!me) return;
      if (isPicking()) return void bulk({ kind: 'assign', to: me.id });
      const row = target();
      if (row && !row.assignee?.isMe) void assign(row, me);
    }

    /** That of all picked rows, or of the conversation, which is opened for it. */
    function openMenu(menu: HeaderMenu): void {
      if (!isTriageOn(session.getState())) return;
      if (isPicking()) return selection.getState().setMenu(menu);
      const row = target();
      if (!row) return;
      conversation.getState().open(row.id);
      view.getState().setMenu(menu);
    }

    function pick(): void {
      const row = rowUnderKeyboard() ?? rowOf(conversation.getState().openId);
      if (row) selection.getState().toggle(row.id);
    }

    /** To the same one: what is typed next must never reach another customer than the one that E would archive. */
    function reply(): void {
      const row = rowUnderKeyboard();
      if (row) conversation.getState().open(row.id);
      view.getState().focusComposer();
    }

    /** Within the open conversation from inside it, and from there on or with Shift over everything. */
    function openSearch({ shiftKey, target }: KeyboardEvent): void {
      const isWithin = conversation.getState().thread !== null && target instanceof Element && target.closest('main') !== null;
      const isFinding = target instanceof Element && target.closest('[role="search"]') !== null;
      if (isWithin && !isFinding && !shiftKey) return find.getState().open();
      // What was typed to find somebody, or in the thread, goes on as a search.
      const typed = isFinding && target instanceof HTMLInputElement ? target.value.trim() : undefined;
      if (isWithin) find.getState().close();
      search.getState().open(typed);
    }

    function stepBack(): void {
      if (isPicking()) return selection.getState().clear();
      if (view.getState().isPanelOverlayOpen) view.getState().setPanelOverlay(false);
      else conversation.getState().open(null);
    }

    function onKeyDown(event: KeyboardEvent): void {
      if (event.isComposing || event.defaultPrevented || event.altKey || isInOverlay(event.target)) return;
      if (isFind(event)) {
        event.preventDefault();
        return openSearch(event);
      }
      if (isInText(event.target)) {
        if (event.key === 'Escape' && !event.ctrlKey && !event.metaKey) leaveText(event.target as HTMLElement);
        return;
      }
      const run = event.ctrlKey || event.metaKey ? modifiedCommandOf(event) : (goCommandOf(event) ?? commandOf(event));
      if (!run || (event.repeat && !WALKS.has(event.key.toLowerCase()))) return;
      event.preventDefault();
      run();
    }

    function modifiedCommandOf({ key, shiftKey, target }: KeyboardEvent): (() => void) | null {
      if (shiftKey) return null;
      if (key.toLowerCase() === 'z') return () => void undoLast();
      // Elsewhere it marks text, to copy it.
      const isInList = target === document.body || (target instanceof Element && target.closest('[role="listbox"]') !== null);
      return key.toLowerCase() === 'a' && (isInList || isPicking()) ? () => selection.getState().selectAll() : null;
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
        case 'a':
          return () => openMenu('assign');
        case 'l':
          return () => openMenu('labels');
        case 'z':
          return () => openMenu('snooze');
        case 'm':
          return takeIt;
        case 'x':
          return pick;
        case 'c':
          return areKindsOn(session.getState()) ? () => view.getState().showDialog('direct') : null;
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
  }, [goCommandOf, inbox, selection, session, team, conversation, view, search, find, setStatus, setStatusOfRow, assign, bulk, undoLast, togglePanel]);
}

const isFind = ({ key, ctrlKey, metaKey }: KeyboardEvent): boolean => key.toLowerCase() === 'f' && (ctrlKey || metaKey);
