/** Marks the message or note that the reader jumped to, for a moment, and gives it the focus if it was asked for. */
import { useEffect, useRef, useState } from 'react';
import type { OpenThread } from '../store/open-thread.ts';
import type { ThreadRow } from './thread-layout.ts';

const MARKED_MS = 2_500;

/** @returns the row to mark. */
export function useJumpMark(target: OpenThread['target'], rows: readonly ThreadRow[], focusRow: (id: string) => void): string | null {
  const [markedId, setMarkedId] = useState<string | null>(null);
  const obeyed = useRef<OpenThread['target']>(null);
  useEffect(() => {
    if (!target?.id || obeyed.current === target || !rows.some((row) => row.id === target.id)) return;
    obeyed.current = target;
    setMarkedId(target.id);
    if (target.takesFocus) focusRow(target.id);
  }, [target, rows, focusRow]);
  useEffect(() => {
    if (markedId === null) return;
    const timer = setTimeout(() => setMarkedId(null), MARKED_MS);
    return () => clearTimeout(timer);
  }, [markedId, target]);
  return markedId;
}
