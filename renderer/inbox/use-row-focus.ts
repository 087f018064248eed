/** The keyboard in the list: one row is the tab stop, arrows (and J, K from anywhere) walk. */
import { useCallback, useEffect, useRef, useState, type RefObject } from 'react';
import type { VListHandle } from 'virtua';
import { useFrom, useStores } from '../ui/app-context.tsx';

const MOUNTED_WITHIN_FRAMES = 10;

type Deps = { frame: RefObject<HTMLElement | null>; list: RefObject<VListHandle | null> };

export type RowFocus = {
  focusIndex: number;
  setFocusIndex(index: number): void;
  /** As many rows have come above the list's first one (negative: gone from there). */
  shiftFocus(by: number): void;
  focusRow(index: number): void;
  /** To the row in the place of the one that had the focus and is gone. */
  refocus(): void;
};

export function useRowFocus({ frame, list }: Deps): RowFocus {
  const { inbox, conversation } = useStores();
  const [focusIndex, setFocusIndex] = useState(0);

  /** The row that is to have the focus as soon as it is mounted: it stays mounted as the tab stop. */
  const wanted = useRef<number | null>(null);

  /** A step past what is loaded goes on from the row `from` to `to`, as soon as the next page is there. */
  const ahead = useRef<{ from: number; to: number } | null>(null);

  const shiftFocus = useCallback((by: number) => {
    if (wanted.current !== null) wanted.current += by;
    if (ahead.current !== null) ahead.current = { from: ahead.current.from + by, to: ahead.current.to + by };
    setFocusIndex((index) => Math.max(0, index + by));
  }, []);

  /** At once, so that the next key finds it there; a row far away, or of another stretch of the list, has to be mounted first. */
  const focusWanted = useCallback((): void => {
    const attempt = (frames: number): void => {
      if (wanted.current === null) return;
      const row = frame.current?.querySelector<HTMLElement>(`[data-index="${wanted.current}"]`);
      row?.focus({ preventScroll: true });
      // One that has just been mounted is hidden until it is measured, and takes no focus.
      if (row && row === document.activeElement) wanted.current = null;
      else if (frames > 0) requestAnimationFrame(() => attempt(frames - 1));
      else wanted.current = null;
    };
    attempt(MOUNTED_WITHIN_FRAMES);
  }, [frame]);

  const focusRow = useCallback(
    (index: number) => {
      const { rows, hasMore, hasPrevious, loadMore, loadPrevious } = inbox.getState();
      const count = rows?.length ?? 0;
      if (count === 0) return;
      const target = Math.max(0, Math.min(index, count - 1));
      const isBelow = index > target && hasMore;
      const isAbove = index < target && hasPrevious;
      ahead.current = isBelow || isAbove ? { from: target, to: index } : null;
      if (isBelow) loadMore();
      else if (isAbove) loadPrevious();
      setFocusIndex(target);
      list.current?.scrollToIndex(target, { align: 'nearest' });
      wanted.current = target;
      focusWanted();
    },
    [inbox, focusWanted, list],
  );

  const refocus = useCallback(() => {
    if (wanted.current === null) focusRow(focusIndex);
  }, [focusRow, focusIndex]);

  const rows = useFrom('inbox', (state) => state.rows);
  useEffect(() => {
    if (ahead.current === null) return;
    const { from, to } = ahead.current;
    // Whoever has gone elsewhere meanwhile is not called back.
    if (wanted.current === from || frame.current?.querySelector(`[data-index="${from}"]`) === document.activeElement) focusRow(to);
    else ahead.current = null;
  }, [rows, focusRow, frame]);

  const step = useFrom('view', (state) => state.rowStep);
  // What was asked of another list, before this one came, is none of its business.
  const obeyed = useRef(step);
  useEffect(() => {
    if (step === obeyed.current) return;
    obeyed.current = step;
    const focused = frame.current?.querySelector<HTMLElement>('[data-index]:focus')?.dataset['index'];
    if (focused !== undefined) return focusRow(Number(focused) + step.by);
    // From outside, walking begins at the open conversation.
    const openAt = inbox.getState().rows?.findIndex((row) => row.id === conversation.getState().openId) ?? -1;
    focusRow(openAt === -1 ? 0 : openAt + step.by);
  }, [step, focusRow, inbox, conversation, frame]);

  return { focusIndex, setFocusIndex, shiftFocus, focusRow, refocus };
}
