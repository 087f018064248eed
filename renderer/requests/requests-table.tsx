/** The rows of the table. Invariant: while the pointer or the keyboard is in it, nothing changes its place. */
import { ArrowDown, BellRing, Clock } from 'lucide-react';
import { memo, useCallback, useEffect, useImperativeHandle, useLayoutEffect, useRef, useState, type KeyboardEvent, type Ref, type RefObject } from 'react';
import { VList, type VListHandle } from 'virtua';
import { isEnded } from '../../contract/requests/request-rules.ts';
import type { RequestFilter, RequestSummary } from '../../contract/work-entities.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import type { Hold } from '../inbox/use-hold.ts';
import { toMinute } from '../store/clock-store.ts';
import { isNarrow } from '../store/request-filter.ts';
import { noFilterKeepingSort } from '../store/requests-store.ts';
import { areRequestsOn } from '../store/session-store.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { useRowHeight } from '../ui/use-row-height.ts';
import type { RequestsDialog } from './requests-place.tsx';
import { StatusPill } from './status-pill.tsx';
import styles from './requests-table.module.css';

const LOAD_WITHIN_ROWS = 15;
const MOUNTED_WITHIN_FRAMES = 10;

export type TableHandle = { toTop(): void; focusFirst(): void };
type Column = 'reference' | 'status' | 'serviceType' | 'customer' | 'vendor' | 'requestedDate' | 'approvedDate' | 'openEvents' | 'updated';
const COLUMNS: readonly { column: Column; sort?: RequestFilter['sort'] }[] = [
  { column: 'reference', sort: 'newest' },
  { column: 'status' },
  { column: 'serviceType' },
  { column: 'customer' },
  { column: 'vendor' },
  { column: 'requestedDate', sort: 'requested_date' },
  { column: 'approvedDate' },
  { column: 'openEvents' },
  { column: 'updated', sort: 'updated' },
];

type Props = { ref: Ref<TableHandle>; hold: Hold; lastId: RefObject<string | null>; onDialog(dialog: RequestsDialog): void };

export function RequestsTable({ ref, hold, lastId, onDialog }: Props) {
  const { t } = useTexts();
  const { requests, view } = useStores();
  const rows = useFrom('requests', (state) => state.rows);
  const filter = useFrom('requests', (state) => state.rowsFilter);
  const total = useFrom('requests', (state) => state.total);
  const list = useRef<VListHandle>(null);
  const frame = useRef<HTMLDivElement>(null);
  const [focusIndex, setFocusIndex] = useState(0);
  const hasRows = rows !== null && rows.length > 0;
  const tabStop = Math.min(focusIndex, (rows?.length ?? 1) - 1);
  const rowHeight = useRowHeight('--table-row-height');

  const focusRow = useCallback(
    (index: number) => {
      const count = requests.getState().rows?.length ?? 0;
      if (count === 0) return;
      const target = Math.max(0, Math.min(index, count - 1));
      setFocusIndex(target);
      list.current?.scrollToIndex(target, { align: 'nearest' });
      // At once, so that the next key finds it there; a row far away has to be mounted first, and those of a table that has just come are hidden until they are measured.
      const focus = (framesLeft: number): void => {
        const row = frame.current?.querySelector<HTMLElement>(`[data-index="${target}"]`);
        row?.focus({ preventScroll: true });
        if ((!row || document.activeElement !== row) && framesLeft > 0) requestAnimationFrame(() => focus(framesLeft - 1));
      };
      focus(MOUNTED_WITHIN_FRAMES);
    },
    [requests],
  );
  useImperativeHandle(ref, () => ({ toTop: () => list.current?.scrollTo(0), focusFirst: () => focusRow(0) }), [focusRow]);

  // Another view or search begins at its top.
  const filterBefore = useRef(filter);
  useLayoutEffect(() => {
    if (filterBefore.current === filter) return;
    filterBefore.current = filter;
    list.current?.scrollTo(0);
    setFocusIndex(0);
  }, [filter]);

  // Back from the page of one: at its row.
  const hasArrived = useRef(false);
  useEffect(() => {
    if (hasArrived.current || !hasRows) return;
    hasArrived.current = true;
    const at = requests.getState().rows?.findIndex(({ id }) => id === lastId.current) ?? -1;
    if (at !== -1) focusRow(at);
  }, [hasRows, requests, lastId, focusRow]);

  // The row that had the focus is gone: the keyboard goes on with the one that took its place.
  useEffect(() => {
    if (hold.loseFocus(frame.current)) focusRow(focusIndex);
  });

  const step = useFrom('view', (state) => state.rowStep);
  const stepBefore = useRef(step);
  useEffect(() => {
    if (step === stepBefore.current) return;
    stepBefore.current = step;
    const focused = frame.current?.querySelector<HTMLElement>('[data-index]:focus')?.dataset['index'];
    focusRow(focused === undefined ? focusIndex : Number(focused) + step.by);
  }, [step, focusRow, focusIndex]);

  const open = useCallback((id: string) => view.getState().showRequest(id), [view]);
  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const id = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-id]')?.dataset['id'] : undefined;
    if (event.key === 'ArrowDown') focusRow(focusIndex + 1);
    else if (event.key === 'ArrowUp') focusRow(focusIndex - 1);
    else if (event.key === 'Home') focusRow(0);
    else if (event.key === 'End') focusRow(Infinity);
    else if ((event.key === 'Enter' || event.key === ' ') && id !== undefined) open(id);
    else return;
    event.preventDefault();
  }
  const onScroll = useCallback(
    (offset: number) => {
      const handle = list.current;
      if (handle && offset + handle.viewportSize > handle.scrollSize - LOAD_WITHIN_ROWS * rowHeight && requests.getState().hasMore) requests.getState().loadMore();
    },
    [requests, rowHeight],
  );

  return (
    <div className={styles['frame']} ref={frame} {...hold.list}>
      {rows !== null && !hasRows ? (
        <Empty onDialog={onDialog} />
      ) : (
        <div className={styles['table']} role="grid" aria-label={t('requests.table.label')} aria-rowcount={total + 1} aria-colcount={COLUMNS.length}>
          <div className={cx(styles['row'], styles['head'])} role="row" aria-rowindex={1}>
            {COLUMNS.map(({ column, sort }) => (
              <HeadCell key={column} column={column} sort={sort ?? null} />
            ))}
          </div>
          {hasRows && (
            <VList key={rowHeight} ref={list} className={styles['list']} data={rows} itemSize={rowHeight} keepMounted={[tabStop]} onScroll={onScroll} onKeyDown={onKeyDown}>
              {(row, index) => <RequestRow key={row.id} row={row} index={index} isTabStop={index === tabStop} onOpen={open} onFocus={setFocusIndex} />}
            </VList>
          )}
        </div>
      )}
    </div>
  );
}

function HeadCell({ column, sort }: { column: Column; sort: RequestFilter['sort'] | null }) {
  const { t } = useTexts();
  const { requests } = useStores();
  const isSorted = useFrom('requests', (state) => state.filter.sort === sort);
  const name = t(`requests.column.${column}`);
  return (
    <div className={styles['headCell']} role="columnheader" data-column={column} {...(sort !== null && { 'aria-sort': isSorted ? 'descending' : 'none' })}>
      {sort === null ? (
        name
      ) : (
        <button type="button" className={styles['sort']} data-on={isSorted || undefined} title={t('requests.table.sortBy', { what: name })} onClick={() => requests.getState().setFilter({ sort })}>
          {name}
          {isSorted && <ArrowDown size={12} strokeWidth={2.25} aria-hidden="true" />}
        </button>
      )}
    </div>
  );
}

type RowProps = { row: RequestSummary; index: number; isTabStop: boolean; onOpen(id: string): void; onFocus(index: number): void };

const RequestRow = memo(function RequestRow({ row, index, isTabStop, onOpen, onFocus }: RowProps) {
  const { t, format } = useTexts();
  const now = useFrom('clock', toMinute);
  const { id, status, serviceType, customerName, customer, vendor, requestedDate, approvedDate, openEvents, updatedAt } = row;
  return (
    <div
      className={cx(styles['row'], styles['body'])}
      role="row"
      aria-rowindex={index + 2}
      data-id={id}
      data-index={index}
      data-ended={isEnded(status) || undefined}
      tabIndex={isTabStop ? 0 : -1}
      onClick={() => onOpen(id)}
      onFocus={() => onFocus(index)}
    >
      <div role="gridcell" className={cx(styles['cell'], styles['reference'])}>
        <Reference request={row} />
      </div>
      <div role="gridcell" className={styles['cell']}>
        <StatusPill status={status} isShort />
      </div>
      <Text text={serviceType} />
      <Text text={customerName || customer?.name || ''} isStrong />
      <Text text={vendor?.name ?? ''} />
      <Day day={requestedDate} />
      <Day day={approvedDate} />
      <div role="gridcell" className={cx(styles['cell'], styles['number'])}>
        {openEvents > 0 && (
          <span className={styles['events']} title={t('requests.table.openEvents', { count: openEvents })}>
            <BellRing size={13} aria-hidden="true" />
            <span aria-hidden="true">{format.number(openEvents)}</span>
            <span className="visually-hidden">{t('requests.table.openEvents', { count: openEvents })}</span>
          </span>
        )}
      </div>
      <div role="gridcell" className={cx(styles['cell'], styles['number'])}>
        <time dateTime={new Date(updatedAt).toISOString()} title={format.exact(updatedAt)}>
          {format.relative(updatedAt, now)}
        </time>
      </div>
    </div>
  );
});

function Reference({ request: { reference, isPending } }: { request: RequestSummary }) {
  const { t } = useTexts();
  return (
    <>
      <bdi className={styles['text']} title={reference === '' ? t('requests.noNumberHint') : reference}>
        {reference === '' ? <span className={styles['none']}>{t('requests.noNumber')}</span> : reference}
      </bdi>
      {isPending && (
        <span className={styles['pending']} role="img" aria-label={t('requests.pending')} title={t('requests.pendingHint')}>
          <Clock size={12} />
        </span>
      )}
    </>
  );
}

const Text = ({ text, isStrong = false }: { text: string; isStrong?: boolean }) => (
  <div role="gridcell" className={cx(styles['cell'], isStrong && styles['strong'])}>
    <bdi className={styles['text']} title={text}>
      {text === '' ? <span className={styles['none']}>–</span> : text}
    </bdi>
  </div>
);

function Day({ day }: { day: string | null }) {
  const { format } = useTexts();
  return (
    <div role="gridcell" className={cx(styles['cell'], styles['day'])}>
      {day === null ? <span className={styles['none']}>–</span> : <time dateTime={day}>{format.calendarDay(day)}</time>}
    </div>
  );
}

/** Why there is nothing, and what to do about it. */
function Empty({ onDialog }: { onDialog(dialog: RequestsDialog): void }) {
  const { t } = useTexts();
  const { requests } = useStores();
  const filter = useFrom('requests', (state) => state.rowsFilter);
  const areOn = useFrom('session', areRequestsOn);
  const { search } = filter;
  const isOnlySearch = search !== '' && !isNarrow({ ...filter, search: '' });
  return (
    <div className={styles['empty']} role="status">
      {isOnlySearch ? (
        <>
          <p>{t('requests.empty.search', { search })}</p>
          <Button onClick={() => requests.getState().setFilter({ search: '' })}>{t('requests.empty.clearSearch')}</Button>
        </>
      ) : isNarrow(filter) ? (
        <>
          <p>{t('requests.empty.filter')}</p>
          <Button onClick={() => requests.getState().setFilter(noFilterKeepingSort(filter))}>{t('requests.empty.clear')}</Button>
        </>
      ) : (
        <>
          <p>{t(areOn ? 'requests.empty.all' : 'requests.table.update')}</p>
          {areOn && (
            <span className={styles['emptyActions']}>
              <Button look="primary" onClick={() => onDialog('new')}>
                {t('requests.table.new')}
              </Button>
              <Button onClick={() => onDialog('import')}>{t('requests.table.import')}</Button>
            </span>
          )}
        </>
      )}
    </div>
  );
}
