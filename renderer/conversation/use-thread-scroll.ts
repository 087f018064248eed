/**
 * Where the thread stands. Invariants: reading begins at the first unread message or at the bottom, or where the reader
 * asked to go; what is added above
 * or below never moves what is being read; the bottom is followed only while it is in view, and then also through a
 * change of the window's size.
 */
import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import type { VirtualizerHandle } from 'virtua';
import type { Message } from '../../contract/entities.ts';
import { shownPart, type OpenThread } from '../store/open-thread.ts';
import { useStores } from '../ui/app-context.tsx';
import { isAnswered, type EventsThreadRow, type ThreadRow } from './thread-layout.ts';
import { useSeen } from './use-seen.ts';

/** Nearer to the bottom than this counts as being there. */
const BOTTOM_SLACK_PX = 32;
const LOAD_MORE_WITHIN_PX = 900;
/** Room below the last bubble (`.foot`). */
const FOOT_PX = 14;
/** What the way down takes from the messages while it is there (`.below`). */
const BELOW_PX = 40;
/** What stays in view above the first unread message. */
const ABOVE_UNREAD_PX = 56;
/** A bubble whose edge alone is out of view has been read. */
const IN_VIEW_SLACK_PX = 8;
/** By then rows that were just mounted or squeezed have their real heights. */
const SETTLED_AFTER_MS = 300;

export type ThreadScroll = {
  scroller: RefObject<HTMLDivElement | null>;
  list: RefObject<VirtualizerHandle | null>;
  /** For the virtualizer: true in the one render in which messages were added above. */
  isPrepend: boolean;
  onScroll(offset: number): void;
  onScrollEnd(): void;
  onResize(): void;
  /** To the newest message, from wherever the reader is. */
  toEnd(): void;
  /** The newest message is out of view. */
  isAway: boolean;
  /** Unread messages of the customer further down than has been in view. */
  newBelow: number;
  /** When the topmost message was written, unless its own day separator is in view. */
  dayAbove: number | null;
  /** It is being scrolled, away from the end. */
  isMoving: boolean;
  /** The first unread message is further up than what is in view. */
  isUnreadAbove: boolean;
};

export function useThreadScroll(thread: OpenThread, rows: readonly ThreadRow[]): ThreadScroll {
  const { messages, unseen, moved, target, firstUnreadId } = thread;
  const { messages: shown, olderCursor } = shownPart(thread);
  const hasEnd = thread.passage === null;
  const { conversation: store } = useStores();
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  const isAtBottom = useRef(hasEnd);
  /** While the window changes its size, being pushed off the bottom is not the reader's wish. */
  const settledAt = useRef(0);
  const [isAway, setAway] = useState(false);
  const [isMoving, setMoving] = useState(false);
  const [dayAbove, setDayAbove] = useState<number | null>(null);
  const [topIndex, setTopIndex] = useState(0);
  const lastId = messages.at(-1)?.id ?? null;
  // Taking it by answering is told after the answer.
  const lastRow = rows.findLast((row) => row.kind !== 'events');
  /** The last message that has been in view. */
  const [reachedId, setReachedId] = useState(() => (unseen[0] === undefined ? lastId : idBefore(messages, unseen[0])));
  const seen = useSeen(isAtBottom);
  const isPrepend = useIsPrepend(shown);

  const rowCount = useRef(rows.length);
  useLayoutEffect(() => {
    rowCount.current = rows.length;
  }, [rows]);
  const toBottom = useCallback(() => {
    if (rowCount.current > 0) list.current?.scrollToIndex(rowCount.current - 1, { align: 'end', offset: FOOT_PX });
  }, []);

  const noteReached = useCallback(() => {
    const handle = list.current;
    if (!handle || handle.viewportSize === 0) return;
    const end = handle.scrollOffset + handle.viewportSize + IN_VIEW_SLACK_PX;
    const at = handle.findItemIndex(end);
    const row = rows.slice(0, handle.getItemOffset(at) + handle.getItemSize(at) <= end ? at + 1 : at).findLast((candidate) => candidate.kind === 'message');
    if (row) setReachedId((id) => furtherDown(messages, id, row.id));
  }, [rows, messages]);

  const measure = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    noteReached();
    const isInView = hasEnd && isBottomInView(element);
    if (!isInView && isAtBottom.current && performance.now() < settledAt.current) return toBottom();
    isAtBottom.current = isInView;
    setAway(!isInView);
    if (!isInView) return;
    setReachedId(store.getState().thread?.messages.at(-1)?.id ?? null);
    seen();
  }, [store, seen, toBottom, noteReached, hasEnd]);

  useEffect(() => store.getState().watchBottom(() => scroller.current !== null && isBottomInView(scroller.current) && document.visibilityState === 'visible'), [store]);

  // Where reading begins: once, before the first paint.
  const hasStarted = useRef(false);
  useLayoutEffect(() => {
    if (hasStarted.current || rows.length === 0) return;
    hasStarted.current = true;
    if (target?.id) return;
    const unreadAt = target ? -1 : rows.findIndex((row) => row.startsUnread);
    if (unreadAt === -1) return toBottom();
    isAtBottom.current = false;
    list.current?.scrollToIndex(unreadAt, { align: 'start', offset: -ABOVE_UNREAD_PX });
  }, [rows, target, toBottom]);

  // Where the reader asked to go: once for each time they ask.
  const reachedTarget = useRef<OpenThread['target']>(null);
  useLayoutEffect(() => {
    const index = target?.id && reachedTarget.current !== target ? rows.findIndex((row) => row.id === target.id) : -1;
    if (index === -1) return;
    reachedTarget.current = target;
    isAtBottom.current = false;
    list.current?.scrollToIndex(index, { align: 'center' });
  }, [rows, target]);

  // Whoever sends wants to see it, wherever they were reading.
  const lastOwnId = hasEnd && lastRow && isMine(lastRow) ? lastRow.id : null;
  const [atOpening, setAtOpening] = useState({ hasEnd, lastOwnId });
  // A passage has grown down to the newest messages: what stands there is no news.
  if (hasEnd !== atOpening.hasEnd) setAtOpening({ hasEnd, lastOwnId });
  useLayoutEffect(() => {
    if (lastOwnId === null || lastOwnId === atOpening.lastOwnId) return;
    isAtBottom.current = true;
    setAway(false);
  }, [lastOwnId, atOpening]);

  useLayoutEffect(() => {
    if (!isAtBottom.current) return;
    toBottom();
    setReachedId(lastId);
    seen();
  }, [lastId, lastOwnId, rows, toBottom, seen]);

  // The guard stopped a reply: what it was stopped for is brought into view.
  const movedId = moved?.ids.find((id) => rows.some((row) => row.id === id)) ?? null;
  useEffect(() => {
    const index = movedId === null ? -1 : rows.findIndex((row) => row.id === movedId);
    if (index !== -1) list.current?.scrollToIndex(index, { align: 'nearest' });
    // Once for each question, not with each change of the thread.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [movedId]);

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    /** Told by the observer's first call: asking here would lay the page out twice. */
    let height: number | null = null;
    let width: number | null = null;
    const observer = new ResizeObserver(() => {
      // The way down came or went: the reader is where they want to be.
      const isOwnDoing = height !== null && element.clientWidth === width && Math.abs(element.clientHeight - height) === BELOW_PX;
      height = element.clientHeight;
      width = element.clientWidth;
      if (isOwnDoing) return;
      settledAt.current = performance.now() + SETTLED_AFTER_MS;
      if (isAtBottom.current) toBottom();
      clearTimeout(timer);
      timer = setTimeout(measure, SETTLED_AFTER_MS);
    });
    observer.observe(element);
    return () => {
      clearTimeout(timer);
      observer.disconnect();
    };
  }, [measure, toBottom]);

  // A thread that fits the window never scrolls, so nothing else would tell that its bottom is in view.
  useEffect(() => {
    const timer = setTimeout(() => {
      if (!isAtBottom.current) measure();
    }, SETTLED_AFTER_MS);
    return () => clearTimeout(timer);
  }, [rows, measure]);

  // A first page that does not fill the window asks for more by itself.
  useEffect(() => {
    const handle = list.current;
    if (!handle || handle.scrollSize >= handle.viewportSize + LOAD_MORE_WITHIN_PX) return;
    if (olderCursor !== null) store.getState().loadOlder();
    store.getState().loadNewer();
  }, [rows, olderCursor, store]);

  const onScroll = useCallback(
    (offset: number) => {
      const handle = list.current;
      if (!handle) return;
      measure();
      // At the end it is the thread that moves, not its reader.
      if (!isAtBottom.current) setMoving(true);
      if (offset < LOAD_MORE_WITHIN_PX) store.getState().loadOlder();
      if (handle.scrollSize - handle.viewportSize - offset < LOAD_MORE_WITHIN_PX) store.getState().loadNewer();
      const top = handle.findItemIndex(offset);
      const row = rows[top];
      const isOwnSeparatorVisible = row?.startsDay === true && offset - handle.getItemOffset(top) < 24;
      setDayAbove(row && !isOwnSeparatorVisible && offset > 0 ? row.at : null);
      setTopIndex(top);
    },
    [rows, store, measure],
  );
  const onScrollEnd = useCallback(() => {
    setMoving(false);
    // Rows that came into being on the way have got their heights.
    noteReached();
  }, [noteReached]);
  const onResize = useCallback(() => {
    if (isAtBottom.current) toBottom();
  }, [toBottom]);

  const toEnd = useCallback(() => {
    if (!hasEnd) return store.getState().goToEnd();
    // Rows that get their heights meanwhile push the bottom away: it is followed from now on.
    isAtBottom.current = true;
    settledAt.current = performance.now() + SETTLED_AFTER_MS;
    toBottom();
    measure();
  }, [hasEnd, store, toBottom, measure]);

  const isAwayFromEnd = isAway || !hasEnd;
  const unreadAt = firstUnreadId === null ? -1 : rows.findIndex((row) => row.id === firstUnreadId);
  // Not loaded it is above what was read, unless another passage is shown, of which nobody knows.
  const isUnreadAbove = firstUnreadId !== null && !isAnswered(messages, firstUnreadId) && (unreadAt === -1 ? hasEnd : unreadAt < topIndex);
  return {
    scroller,
    list,
    isPrepend,
    onScroll,
    onScrollEnd,
    onResize,
    toEnd,
    isAway: isAwayFromEnd,
    newBelow: isAwayFromEnd ? countInboundAfter(messages, reachedId) : 0,
    dayAbove,
    isMoving,
    isUnreadAbove,
  };
}

const isMine = (row: Exclude<ThreadRow, EventsThreadRow>): boolean => (row.kind === 'note' ? row.note.author.isMe : (row.message.author?.isMe ?? false));

const isBottomInView = (element: HTMLElement): boolean => element.scrollHeight - element.clientHeight - element.scrollTop < BOTTOM_SLACK_PX;

function useIsPrepend(messages: readonly Message[]): boolean {
  const [previous, setPrevious] = useState({ messages, isPrepend: false });
  if (previous.messages === messages) return previous.isPrepend;
  const firstId = previous.messages[0]?.id;
  const isPrepend = firstId !== undefined && firstId !== messages[0]?.id && messages.some((message) => message.id === firstId);
  setPrevious({ messages, isPrepend });
  return isPrepend;
}

/** Of two messages the one that stands lower. */
function furtherDown(messages: readonly Message[], id: string | null, otherId: string): string {
  const last = messages.findLast((message) => message.id === id || message.id === otherId);
  return last?.id ?? otherId;
}

const idBefore = (messages: readonly Message[], id: string): string | null => messages[messages.findIndex((message) => message.id === id) - 1]?.id ?? null;

function countInboundAfter(messages: readonly Message[], id: string | null): number {
  const at = messages.findLastIndex((message) => message.id === id);
  return messages.slice(at + 1).filter((message) => message.direction === 'in').length;
}
