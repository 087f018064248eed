/** The table of all requests, with what it is narrowed to. */
import { ArrowUp, Download, FileUp, Plus, Search, X } from 'lucide-react';
import { useEffect, useRef, useState, type RefObject } from 'react';
import { useTexts } from '../i18n/use-texts.tsx';
import { useHold } from '../inbox/use-hold.ts';
import { areRequestsOn } from '../store/session-store.ts';
import { useClient, useFrom, useStores } from '../ui/app-context.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { useAction } from '../ui/use-action.ts';
import type { RequestsDialog } from './requests-place.tsx';
import { RequestsFilters } from './requests-filters.tsx';
import { RequestsTable, type TableHandle } from './requests-table.tsx';
import { RequestViews } from './saved-views.tsx';
import { saveFile } from '../ui/save-file.ts';
import { useKeyNames } from '../commands/use-commands.ts';
import styles from './requests-page.module.css';

const SEARCH_AFTER_MS = 90;

export function RequestsPage({ lastId, onDialog }: { lastId: RefObject<string | null>; onDialog(dialog: RequestsDialog): void }) {
  const { t } = useTexts();
  const { requests } = useStores();
  const hold = useHold(requests.getState().hold);
  const table = useRef<TableHandle>(null);
  return (
    <main className={styles['page']} aria-label={t('requests.title')} {...hold.pane}>
      <Header onDialog={onDialog} onNews={() => table.current?.toTop()} onGoToRows={() => table.current?.focusFirst()} />
      <RequestViews />
      <RequestsFilters />
      <RequestsTable ref={table} hold={hold} lastId={lastId} onDialog={onDialog} />
    </main>
  );
}

function Header({ onDialog, onNews, onGoToRows }: { onDialog(dialog: RequestsDialog): void; onNews(): void; onGoToRows(): void }) {
  const { t, format } = useTexts();
  const { keysOf } = useKeyNames();
  const { requests, toasts } = useStores();
  const client = useClient();
  const { isBusy, run } = useAction();
  const total = useFrom('requests', (state) => (state.rows === null ? null : state.total));
  const waiting = useFrom('requests', (state) => state.waiting);
  const areOn = useFrom('session', areRequestsOn);
  const exportThem = (): void =>
    void run(async () => {
      const { filename, csv } = await client.requests.export(requests.getState().filter);
      saveFile(filename, new Blob([csv], { type: 'text/csv;charset=utf-8' }));
      toasts.getState().say('requests.table.exported', { values: { name: '', count: requests.getState().total } });
    });
  return (
    <header className={styles['header']}>
      <h1 className={styles['title']}>
        {t('requests.title')}
        {total !== null && (
          <span className={styles['count']} role="status" aria-label={t('requests.table.found', { count: total })}>
            {format.number(total)}
          </span>
        )}
      </h1>
      {waiting > 0 && (
        <button
          type="button"
          className={styles['news']}
          onClick={() => {
            requests.getState().showWaiting();
            onNews();
          }}
        >
          <ArrowUp size={14} />
          {t('requests.table.news', { count: waiting })}
        </button>
      )}
      <SearchBox onGoToRows={onGoToRows} />
      <IconButton label={t('requests.table.import')} aria-disabled={!areOn} onClick={() => areOn && onDialog('import')}>
        <FileUp size={17} />
      </IconButton>
      <IconButton label={t('requests.table.export')} aria-disabled={isBusy} onClick={exportThem}>
        <Download size={17} />
      </IconButton>
      <Button
        look="primary"
        icon={<Plus size={16} />}
        command="newRequest"
        aria-disabled={!areOn}
        title={areOn ? keysOf('newRequest') : t('requests.table.update')}
        onClick={() => areOn && onDialog('new')}
      >
        {t('requests.table.new')}
      </Button>
    </header>
  );
}

function SearchBox({ onGoToRows }: { onGoToRows(): void }) {
  const { t } = useTexts();
  const { ariaOf } = useKeyNames();
  const { requests, view } = useStores();
  const search = useFrom('requests', (state) => state.filter.search);
  const focusRequest = useFrom('view', (state) => state.searchFocus);
  const [typed, setTyped] = useState(search);
  const [shownSearch, setShownSearch] = useState(search);
  const wanted = typed.trim();
  const box = useRef<HTMLInputElement>(null);

  // The filter was changed elsewhere (a view, an empty table's button): follow it.
  if (search !== shownSearch) {
    setShownSearch(search);
    if (search !== wanted) setTyped(search);
  }
  useEffect(() => {
    if (focusRequest > 0 && view.getState().takeFocus('search')) box.current?.select();
  }, [focusRequest, view]);
  useEffect(() => {
    if (wanted === search) return;
    const timer = setTimeout(() => requests.getState().setFilter({ search: wanted }), SEARCH_AFTER_MS);
    return () => clearTimeout(timer);
  }, [wanted, search, requests]);

  return (
    <div className={styles['search']} role="search">
      <Search size={15} aria-hidden="true" />
      <input
        ref={box}
        value={typed}
        placeholder={t('requests.table.search')}
        aria-label={t('requests.table.search')}
        aria-keyshortcuts={ariaOf('filter')}
        spellCheck={false}
        maxLength={200}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === 'Escape') {
            event.preventDefault();
            if (typed === '') event.currentTarget.blur();
            else setTyped('');
          }
          if (event.key === 'ArrowDown' || event.key === 'Enter') {
            event.preventDefault();
            onGoToRows();
          }
        }}
      />
      {typed === '' ? (
        <kbd className={styles['key']}>/</kbd>
      ) : (
        <button type="button" className={styles['clear']} aria-label={t('requests.table.clearSearch')} onClick={() => setTyped('')}>
          <X size={14} />
        </button>
      )}
    </div>
  );
}
