/** The keyboard in the list: one row is the tab stop, arrows (and J, K from anywhere) walk. */
import { useCallback, useEffect, useState, type RefObject } from 'react';
import type { VListHandle } from 'virtua';
import { useFrom, useStores } from '../ui/app-context.tsx';

type Deps = { frame: RefObject<HTMLElement | null>; list: RefObject<VListHandle | null> };

export function useRowFocus({ frame, list }: Deps): { focusIndex: number; setFocusIndex(index: number): void; focusRow(index: number): void } {
  const { inbox, conversation } = useStores();
  const [focusIndex, setFocusIndex] = useState(0);

  const focusRow = useCallback(
    (index: number) => {
      const count = inbox.getState().rows?.length ?? 0;
      if (count === 0) return;
      const target = Math.max(0, Math.min(index, count - 1));
      setFocusIndex(target);
      list.current?.scrollToIndex(target, { align: 'nearest' });
      const focus = (): boolean => {
        const row = frame.current?.querySelector<HTMLElement>(`[data-index="${target}"]`);
        row?.focus({ preventScroll: true });
        return row !== null && row !== undefined;
      };
      // At once, so that the next key finds it there; a row far away has to be mounted first.
      if (!focus()) requestAnimationFrame(focus);
    },
    [inbox, frame, list],
  );

  const step = useFrom('view', (state) => state.rowStep);
  useEffect(() => {
    if (step.by === 0) return;
    const focused = frame.current?.querySelector<HTMLElement>('[data-index]:focus')?.dataset['index'];
    if (focused !== undefined) return focusRow(Number(focused) + step.by);
    // From outside, walking begins at the open conversation.
    const openAt = inbox.getState().rows?.findIndex((row) => row.id === conversation.getState().openId) ?? -1;
    focusRow(openAt === -1 ? 0 : openAt + step.by);
  }, [step, focusRow, inbox, conversation, frame]);

  return { focusIndex, setFocusIndex, focusRow };
}
