/**
 * The focus of one part of the open conversation. Invariant: what takes the place of a part that had the focus (the
 * closed window instead of the composer, a thread that is read anew) takes the focus too: falling to the page, the next
 * letters of what is being typed would run as shortcuts.
 */
import { useEffect, useLayoutEffect, type RefObject } from 'react';
import { useFrom, useStores } from '../ui/app-context.tsx';
import type { Pane } from '../store/view-store.ts';

const itself = (part: HTMLElement): HTMLElement => part;

/** @param part may also hold other things that can have the focus. @param findTarget what in it takes the focus; always the same function. */
export function usePaneFocus(pane: Pane, conversationId: string, part: RefObject<HTMLElement | null>, findTarget: (part: HTMLElement) => HTMLElement = itself): void {
  const { conversation, view } = useStores();
  const request = useFrom('view', (state) => state.paneFocus);

  useEffect(() => {
    if (part.current && view.getState().takeFocus(pane, conversationId)) findTarget(part.current).focus({ preventScroll: pane === 'thread' });
  }, [request, view, pane, conversationId, part, findTarget]);

  useLayoutEffect(() => {
    const node = part.current;
    return () => {
      const isStillOpen = conversation.getState().openId === conversationId;
      if (isStillOpen && node?.contains(document.activeElement)) view.getState().focusPane(pane, conversationId);
    };
  }, [conversation, view, pane, conversationId, part]);
}
