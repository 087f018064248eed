import { ListFilter, Search, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTexts } from '../i18n/use-texts.tsx';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { ConversationList } from './conversation-list.tsx';
import styles from './inbox-pane.module.css';

const SEARCH_AFTER_MS = 90;

export function InboxPane() {
  const { t, format } = useTexts();
  const { inbox } = useStores();
  const { status, unread } = useFrom('inbox', (state) => state.filter);
  const counts = useFrom('session', (state) => state.counts);
  return (
    <section className={styles['pane']} aria-label={t('inbox.label')}>
      <header className={styles['header']}>
        <h1 className={styles['title']}>
          {t(`nav.${status}`)}
          {counts && <span className={styles['count']}>{format.number(counts[status])}</span>}
        </h1>
        <button type="button" className={styles['filter']} aria-pressed={unread} onClick={() => inbox.getState().setFilter({ unread: !unread })}>
          <ListFilter size={14} />
          {t('inbox.unreadOnly')}
        </button>
      </header>
      <SearchBox />
      <ConversationList />
    </section>
  );
}

function SearchBox() {
  const { t } = useTexts();
  const { inbox, view } = useStores();
  const search = useFrom('inbox', (state) => state.filter.search);
  const focusRequest = useFrom('view', (state) => state.searchFocus);
  const [typed, setTyped] = useState(search);
  const [shownSearch, setShownSearch] = useState(search);
  const box = useRef<HTMLInputElement>(null);

  // The filter was changed elsewhere (an empty list's button): follow it.
  if (search !== shownSearch) {
    setShownSearch(search);
    setTyped(search);
  }

  useEffect(() => {
    if (focusRequest > 0) box.current?.select();
  }, [focusRequest]);

  useEffect(() => {
    if (typed === search) return;
    const timer = setTimeout(() => inbox.getState().setFilter({ search: typed.trim() }), SEARCH_AFTER_MS);
    return () => clearTimeout(timer);
  }, [typed, search, inbox]);

  return (
    <div className={styles['search']} role="search">
      <Search size={15} aria-hidden="true" />
      <input
        ref={box}
        value={typed}
        placeholder={t('inbox.search')}
        aria-label={t('inbox.search')}
        aria-keyshortcuts="/"
        spellCheck={false}
        maxLength={100}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            event.stopPropagation();
            if (typed === '') box.current?.blur();
            else setTyped('');
          }
          if (event.key === 'ArrowDown' || event.key === 'Enter') {
            event.preventDefault();
            view.getState().stepRow(1);
          }
        }}
      />
      {typed === '' ? (
        <kbd className={styles['key']}>/</kbd>
      ) : (
        <button type="button" className={styles['clear']} aria-label={t('inbox.clearSearch')} onClick={() => setTyped('')}>
          <X size={14} />
        </button>
      )}
    </div>
  );
}
