/**
 * What the inbox's commands do. Picked rows come first: with some of them a key means all of them; else the row under the keyboard, else
 * the open conversation.
 */
import { useMemo } from 'react';
import type { ConversationSummary } from '../../contract/entities.ts';
import type { CommandHandler, Offered } from '../commands/command-desk.ts';
import { useOffer } from '../commands/use-commands.ts';
import type { BulkAction } from '../store/bulk-commands.ts';
import { areKindsOn, isTriageOn, isUnreadOn } from '../store/session-store.ts';
import type { HeaderMenu } from '../store/view-store.ts';
import { useCommands, useStores } from '../ui/app-context.tsx';
import { leaveText, returnFocus } from '../ui/return-focus.ts';

export function useInboxCommands({ togglePanel }: { togglePanel(): void }): void {
  const { inbox, selection, session, team, conversation, drafts, view, search, find, picked, toasts } = useStores();
  const { setStatus, setStatusOfRow, markUnread, assign, bulk, undoLast } = useCommands();

  const offered = useMemo((): Offered => {
    const rowOf = (id: string | null | undefined): ConversationSummary | undefined => (id ? inbox.getState().rows?.find((candidate) => candidate.id === id) : undefined);
    const rowUnderKeyboard = (): ConversationSummary | undefined => rowOf(document.activeElement?.getAttribute('data-id'));
    const isPicking = (): boolean => selection.getState().ids.size > 0;
    const openOne = () => conversation.getState().thread?.conversation;
    const target = (): ConversationSummary | undefined => rowUnderKeyboard() ?? openOne();
    const hasTarget = (): boolean => isPicking() || target() !== undefined;
    const isOnPage = (): boolean => document.activeElement === null || document.activeElement === document.body;

    function changeStatus(to: 'archived' | 'closed', onDone?: () => void): void {
      const row = rowUnderKeyboard();
      const open = openOne();
      if (row && row.id !== open?.id) {
        if (row.status !== to && row.status !== 'closed') void setStatusOfRow(row, to, onDone);
      } else if (open) {
        // Of the two the row is what its agent points at; the thread may hear of the last change a moment later.
        const { status } = row ?? open;
        if (status !== to && status !== 'closed') void setStatus({ ...open, status }, to, onDone);
      }
    }
    /** The bar for all of them goes with what was picked, and a button of it may have had the keyboard. */
    const actOnPicked = (action: BulkAction): void => void bulk(action).then(() => returnFocus(null));
    const end = (to: 'archived' | 'closed'): void => (isPicking() ? actOnPicked({ kind: 'status', to }) : changeStatus(to));

    /** Which one comes next is known before this one leaves the list. What was ended already is only left. */
    function resolveNext(): void {
      const meant = target();
      if (!meant) return;
      const rows = inbox.getState().rows ?? [];
      const at = rows.findIndex(({ id }) => id === meant.id);
      const next = (at === -1 ? rows[0] : (rows[at + 1] ?? rows[at - 1]))?.id ?? null;
      const { openId } = conversation.getState();
      const goOn = (): void => {
        // Whoever has gone elsewhere until the engine answered is at work there.
        if (conversation.getState().openId !== openId) return;
        conversation.getState().open(next);
        if (next !== null) view.getState().focusPane('thread', next);
      };
      if (meant.status === 'active') changeStatus('archived', goOn);
      else goOn();
    }

    function takeIt(): void {
      const me = team.getState().directory?.members.find(({ isMe }) => isMe);
      if (!me) return;
      if (isPicking()) return actOnPicked({ kind: 'assign', to: me.id });
      const row = target();
      if (row && !row.assignee?.isMe) void assign(row, me);
    }

    /** That of all picked rows, or of the conversation, which is opened for it. A request is linked to one at a time. */
    const menuOf = (menu: HeaderMenu): CommandHandler => ({
      can: () => (menu === 'request' ? !isPicking() && target() !== undefined : hasTarget() && isTriageOn(session.getState())),
      run: () => {
        if (isPicking()) return selection.getState().setMenu(menu);
        const row = target();
        if (!row) return;
        conversation.getState().open(row.id);
        view.getState().setMenu(menu);
      },
    });

    /** What stays open is read again at once: its reader goes back to the list. */
    function setUnread(): void {
      const row = target();
      if (!row) return;
      if (row.id === conversation.getState().openId) {
        conversation.getState().open(null);
        document.querySelector<HTMLElement>(`[role="option"][data-id="${CSS.escape(row.id)}"]`)?.focus();
      }
      void markUnread(row.id);
    }

    function pick(): void {
      const row = rowUnderKeyboard() ?? rowOf(conversation.getState().openId);
      if (row) selection.getState().toggle(row.id);
    }

    /** To the same one: what is typed next must never reach another customer than the one that E would archive. */
    function reply(): void {
      const row = rowUnderKeyboard();
      if (row) conversation.getState().open(row.id);
      const { openId } = conversation.getState();
      const draft = openId === null ? undefined : drafts.getState().drafts[openId];
      // What was begun for the team is never turned into something for the customer.
      if (openId !== null && draft?.mode === 'note' && draft.text === '') drafts.getState().setMode(openId, 'reply');
      view.getState().focusComposer();
    }

    /** Within the open conversation from inside it, and from there on or `isAll` over everything. */
    function openSearch(isAll: boolean): void {
      const at = document.activeElement;
      const isWithin = conversation.getState().thread !== null && at?.closest('main') != null;
      const isFinding = at?.closest('[role="search"]') != null;
      if (isWithin && !isFinding && !isAll) return find.getState().open();
      // What was typed to find somebody, or in the thread, goes on as a search.
      const typed = isFinding && at instanceof HTMLInputElement ? at.value.trim() : undefined;
      if (isWithin) find.getState().close();
      search.getState().open(typed);
    }

    /** From a draft by AI back to where answers are written; else the conversation would be closed under it. */
    function stepBack(): void {
      if (document.activeElement?.closest('[data-draft-card]') != null) return view.getState().focusComposer();
      if (picked.getState().messages.size > 0) return picked.getState().clear();
      if (isPicking()) return selection.getState().clear();
      if (view.getState().isPanelOverlayOpen) view.getState().setPanelOverlay(false);
      else conversation.getState().open(null);
    }

    function copyReference(): void {
      const reference = target()?.request?.reference;
      if (reference) void navigator.clipboard.writeText(reference).then(() => toasts.getState().say('action.copied'));
    }

    // Whatever has the focus scrolls or walks with the arrows itself.
    const walk = (by: 1 | -1): CommandHandler => ({ can: (key) => !key?.startsWith('arrow') || isOnPage(), run: () => view.getState().stepRow(by) });
    return {
      next: walk(1),
      previous: walk(-1),
      filter: () => view.getState().focusSearch(),
      direct: { can: () => areKindsOn(session.getState()), run: () => view.getState().showDialog('direct') },
      searchAll: () => openSearch(true),
      find: () => openSearch(false),
      pick: { can: () => (rowUnderKeyboard() ?? rowOf(conversation.getState().openId)) !== undefined, run: pick },
      // Elsewhere its key marks text, to copy it.
      pickAll: { can: (key) => key === null || isOnPage() || isPicking() || document.activeElement?.closest('[role="listbox"]') != null, run: () => selection.getState().selectAll() },
      markUnread: { can: () => !isPicking() && isUnreadOn(session.getState()) && target() !== undefined, run: setUnread },
      reply: { can: () => target() !== undefined, run: reply },
      archive: { can: hasTarget, run: () => end('archived') },
      close: { can: hasTarget, run: () => end('closed') },
      resolveNext: { can: () => !isPicking() && target() !== undefined, run: resolveNext },
      take: { can: () => hasTarget() && isTriageOn(session.getState()), run: takeIt },
      assign: menuOf('assign'),
      labels: menuOf('labels'),
      snooze: menuOf('snooze'),
      linkRequest: menuOf('request'),
      copyReference: { can: () => Boolean(target()?.request?.reference), run: copyReference },
      panel: { can: () => conversation.getState().openId !== null, run: togglePanel },
      undo: () => void undoLast(),
      back: { run: stepBack, leaveText },
    };
  }, [inbox, selection, session, team, conversation, drafts, view, search, find, picked, toasts, setStatus, setStatusOfRow, markUnread, assign, bulk, undoLast, togglePanel]);
  useOffer(offered);
}
