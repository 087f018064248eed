/**
 * How high the rows of threads were when they were last shown, so that going back to one paints at once and where it
 * was: a row of unknown height stays hidden until it is measured, and moves those around it then. A hint, no truth: each
 * row is measured all the same.
 */
import { useLayoutEffect, useRef, useState, type RefObject } from 'react';
import type { CacheSnapshot, VirtualizerHandle } from 'virtua';

type Rows = readonly { id: string }[];
type Known = { rowIds: readonly string[]; heights: CacheSnapshot };

export type RowHeights = {
  remember(conversationId: string, rows: Rows, heights: CacheSnapshot): void;
  /** What is known of them, if the thread still begins with the rows that were measured. */
  find(conversationId: string, rows: Rows): CacheSnapshot;
};

/** As many as there are warm threads. */
const THREADS_MAX = 20;
/** A bubble of a line or two, px: what is mounted at first should be about what is seen. */
const TYPICAL_PX = 60;

export function createRowHeights(): RowHeights {
  const known = new Map<string, Known>();
  return {
    remember: (conversationId, rows, heights) => {
      known.delete(conversationId);
      known.set(conversationId, { rowIds: rows.map(({ id }) => id), heights });
      for (const oldest of [...known.keys()].slice(0, -THREADS_MAX)) known.delete(oldest);
    },
    find: (conversationId, rows) => {
      const found = known.get(conversationId);
      return found?.rowIds.every((id, index) => rows[index]?.id === id) ? found.heights : [[], TYPICAL_PX];
    },
  };
}

/** Remembers them when the thread goes. @returns what was known of them when it came, for the virtualizer. */
export function useRowHeights(heights: RowHeights, conversationId: string, rows: Rows, list: RefObject<VirtualizerHandle | null>): CacheSnapshot {
  const [known] = useState(() => heights.find(conversationId, rows));
  const shown = useRef(rows);
  useLayoutEffect(() => {
    shown.current = rows;
  }, [rows]);
  useLayoutEffect(() => {
    const handle = list.current;
    return () => {
      if (handle) heights.remember(conversationId, shown.current, handle.cache);
    };
  }, [heights, conversationId, list]);
  return known;
}
