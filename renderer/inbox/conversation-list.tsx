/**
 * The rows of the inbox. Invariant: while the pointer or the keyboard is in the list, nothing changes its place; what
 * is new waits behind a pill.
 */
import { ArrowUp } from 'lucide-react';
import { useCallback, useEffect, useLayoutEffect, useRef, type KeyboardEvent } from 'react';
import { VList, type VListHandle } from 'virtua';
import { useTexts } from '../i18n/use-texts.tsx';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { ConversationRow, ROW_HEIGHT } from './conversation-row.tsx';
import { EmptyList } from './empty-list.tsx';
import { FirstSync, useIsFirstSync } from './first-sync.tsx';
import { useHold } from './use-hold.ts';
import { useRowFocus } from './use-row-focus.ts';
import styles from './conversation-list.module.css';

const LOAD_WITHIN_ROWS = 15;

export function ConversationList() {
  const { t } = useTexts();
  const { inbox, conversation, view } = useStores();
  const rows = useFrom('inbox', (state) => state.rows);
  const filter = useFrom('inbox', (state) => state.rowsFilter);
  const waiting = useFrom('inbox', (state) => state.waiting);
  const openId = useFrom('conversation', (state) => state.openId);
  const list = useRef<VListHandle>(null);
  const frame = useRef<HTMLDivElement>(null);
  const { focusIndex, setFocusIndex, focusRow } = useRowFocus({ frame, list });
  const hold = useHold(frame);
  const isFirstSync = useIsFirstSync();
  const hasRows = rows !== null && rows.length > 0;

  // Another view or search begins at its top.
  useLayoutEffect(() => {
    list.current?.scrollTo(0);
    setFocusIndex(0);
  }, [filter, setFocusIndex]);

  // The row that had the focus is gone (archived, closed): the keyboard goes on with the one that took its place.
  useEffect(() => {
    if (hold.loseFocus()) focusRow(focusIndex);
  });

  const open = useCallback((id: string) => conversation.getState().open(id), [conversation]);

  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const row = rows?.[focusIndex];
    if (event.key === 'ArrowDown') focusRow(focusIndex + 1);
    else if (event.key === 'ArrowUp') focusRow(focusIndex - 1);
    else if (event.key === 'Home') focusRow(0);
    else if (event.key === 'End') focusRow(Infinity);
    else if ((event.key === 'Enter' || event.key === ' ') && row) {
      open(row.id);
      if (event.key === 'Enter') view.getState().focusComposer();
    } else return;
    event.preventDefault();
  }

  const onScroll = useCallback(
    (offset: number) => {
      const handle = list.current;
      if (handle && offset + handle.viewportSize > handle.scrollSize - LOAD_WITHIN_ROWS * ROW_HEIGHT && inbox.getState().hasMore) inbox.getState().loadMore();
    },
    [inbox],
  );

  return (
    <div className={styles['frame']} ref={frame} {...hold.handlers}>
      {isFirstSync && <FirstSync hasRows={hasRows} />}
      {waiting > 0 && (
        <button
          type="button"
          className={styles['news']}
          onClick={() => {
            inbox.getState().showWaiting();
            list.current?.scrollTo(0);
          }}
        >
          <ArrowUp size={14} />
          {t('inbox.news', { count: waiting })}
        </button>
      )}
      {rows !== null && !hasRows && !isFirstSync && <EmptyList />}
      {hasRows && (
        <VList
          ref={list}
          className={styles['list']}
          role="listbox"
          aria-label={t('inbox.label')}
          data={rows}
          itemSize={ROW_HEIGHT}
          keepMounted={[Math.min(focusIndex, rows.length - 1)]}
          onScroll={onScroll}
          onKeyDown={onKeyDown}
        >
          {(row, index) => <ConversationRow key={row.id} row={row} index={index} isOpen={row.id === openId} isTabStop={index === focusIndex} onOpen={open} onFocus={setFocusIndex} />}
        </VList>
      )}
    </div>
  );
}
