/**
 * The rows of the inbox. Invariant: while the pointer or the keyboard is in the list, nothing changes its place; what
 * is new waits behind a pill, which stands above the list and covers no row.
 */
import { useCallback, useEffect, useImperativeHandle, useLayoutEffect, useRef, type KeyboardEvent, type MouseEvent, type Ref } from 'react';
import { VList, type VListHandle } from 'virtua';
import { useTexts } from '../i18n/use-texts.tsx';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { useRowHeight } from '../ui/use-row-height.ts';
import { ConversationRow } from './conversation-row.tsx';
import { EmptyList } from './empty-list.tsx';
import { FirstSync, useIsFirstSync } from './first-sync.tsx';
import type { InboxFilter } from '../store/inbox-filter.ts';
import type { Hold } from './use-hold.ts';
import { useRowFocus } from './use-row-focus.ts';
import styles from './conversation-list.module.css';

/** A page takes a few milliseconds; whoever flings the list should not see its end. */
const LOAD_WITHIN_ROWS = 60;

export type ListHandle = { toTop(): void };
type Props = {
  ref: Ref<ListHandle>;
  hold: Hold;
  /** A search whose first row should take the focus as soon as it is shown. */
  goTo: InboxFilter | null;
  onArrived(): void;
};

export function ConversationList({ ref, hold, goTo, onArrived }: Props) {
  const { t } = useTexts();
  const { inbox, selection, conversation, view } = useStores();
  const rows = useFrom('inbox', (state) => state.rows);
  const filter = useFrom('inbox', (state) => state.rowsFilter);
  const openId = useFrom('conversation', (state) => state.openId);
  const picked = useFrom('selection', (state) => state.ids);
  const list = useRef<VListHandle>(null);
  const frame = useRef<HTMLDivElement>(null);
  const { focusIndex, setFocusIndex, shiftFocus, focusRow, refocus } = useRowFocus({ frame, list });
  const isFirstSync = useIsFirstSync();
  const hasRows = rows !== null && rows.length > 0;
  const hasMore = useFrom('inbox', (state) => state.hasMore);
  const hasPrevious = useFrom('inbox', (state) => state.hasPrevious);
  const shiftedBy = useFrom('inbox', (state) => state.shiftedBy);
  // A list that became shorter keeps a row for the Tab key.
  const tabStop = Math.min(focusIndex, (rows?.length ?? 1) - 1);
  const rowHeight = useRowHeight('--row-height');

  useImperativeHandle(ref, () => ({ toTop: () => list.current?.scrollTo(0) }), []);

  // Another view or search begins at its top; a search that is over, at the conversation that was opened from it.
  const filterBefore = useRef(filter);
  useLayoutEffect(() => {
    const isSearchOver = filterBefore.current.search !== '' && filter.search === '';
    filterBefore.current = filter;
    const openAt = isSearchOver ? (inbox.getState().rows?.findIndex((row) => row.id === conversation.getState().openId) ?? -1) : -1;
    if (openAt === -1) list.current?.scrollTo(0);
    else list.current?.scrollToIndex(openAt, { align: 'center' });
    setFocusIndex(Math.max(0, openAt));
  }, [filter, inbox, conversation, setFocusIndex]);

  // The row that has the focus keeps it, whatever comes or goes above it.
  useLayoutEffect(() => {
    if (shiftedBy !== 0) shiftFocus(shiftedBy);
  }, [rows, shiftedBy, shiftFocus]);

  useEffect(() => {
    const handle = list.current;
    if (handle && rows !== null) inbox.getState().trim(handle.findItemIndex(handle.scrollOffset));
  }, [rows, inbox]);

  // The row that had the focus is gone (archived, closed): the keyboard goes on with the one that took its place.
  useEffect(() => {
    if (hold.loseFocus(frame.current)) refocus();
  });

  useEffect(() => {
    if (goTo === null || goTo !== filter) return;
    onArrived();
    focusRow(0);
  }, [goTo, filter, focusRow, onArrived]);

  const pick = useCallback(
    (id: string, event: MouseEvent) => {
      event.stopPropagation();
      if (event.shiftKey) selection.getState().extendTo(id, conversation.getState().openId);
      else selection.getState().toggle(id);
    },
    [selection, conversation],
  );

  /** By pointer: what is typed next is meant for the customer, not for the list. */
  const open = useCallback(
    (id: string, event: MouseEvent) => {
      if (event.shiftKey || event.ctrlKey || event.metaKey) return pick(id, event);
      conversation.getState().open(id);
      view.getState().focusPane('composer', id);
    },
    [conversation, view, pick],
  );

  /** By keyboard: single letters go on being commands until R. */
  function read(id: string): void {
    conversation.getState().open(id);
    view.getState().focusPane('thread', id);
  }

  /** One less than fits, so that the last one seen is seen again. */
  const rowsInView = (): number => Math.max(1, Math.floor((list.current?.viewportSize ?? 0) / rowHeight) - 1);

  /** Of the whole list, not of what is loaded. */
  async function goToEnd(end: 'start' | 'end'): Promise<void> {
    if (await inbox.getState().loadEnd(end)) focusRow(end === 'start' ? 0 : Infinity);
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const id = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-id]')?.dataset['id'] : undefined;
    if (event.key === 'ArrowDown') focusRow(focusIndex + 1);
    else if (event.key === 'ArrowUp') focusRow(focusIndex - 1);
    else if (event.key === 'PageDown') focusRow(focusIndex + rowsInView());
    else if (event.key === 'PageUp') focusRow(focusIndex - rowsInView());
    else if (event.key === 'Home') void goToEnd('start');
    else if (event.key === 'End') void goToEnd('end');
    else if (event.key === 'Enter' && id !== undefined) read(id);
    else if (event.key === ' ' && id !== undefined) conversation.getState().open(id);
    else return;
    event.preventDefault();
  }

  const onScroll = useCallback(
    (offset: number) => {
      const handle = list.current;
      if (!handle) return;
      const { hasMore, hasPrevious, loadMore, loadPrevious } = inbox.getState();
      if (hasMore && offset + handle.viewportSize > handle.scrollSize - LOAD_WITHIN_ROWS * rowHeight) loadMore();
      if (hasPrevious && offset < LOAD_WITHIN_ROWS * rowHeight) loadPrevious();
    },
    [inbox, rowHeight],
  );

  return (
    <div className={styles['frame']} ref={frame} {...hold.list}>
      {isFirstSync && <FirstSync hasRows={hasRows} />}
      {rows !== null && !hasRows && !isFirstSync && <EmptyList />}
      {hasRows && (
        <VList
          key={rowHeight}
          ref={list}
          className={styles['list']}
          role="listbox"
          aria-label={t('inbox.label')}
          data={rows}
          itemSize={rowHeight}
          keepMounted={[tabStop]}
          shift={shiftedBy !== 0}
          onScroll={onScroll}
          onKeyDown={onKeyDown}
        >
          {(row, index) => (
            <ConversationRow
              key={row.id}
              row={row}
              index={index}
              isOpen={row.id === openId}
              isPicked={picked.size === 0 ? null : picked.has(row.id)}
              isTabStop={index === tabStop}
              place={hasPrevious ? undefined : index + 1}
              setSize={hasMore || hasPrevious ? -1 : rows.length}
              onClick={open}
              onPick={pick}
              onFocus={setFocusIndex}
            />
          )}
        </VList>
      )}
    </div>
  );
}
