import { ArrowUp, ListFilter, MessageSquarePlus, Search, TextSearch, X } from 'lucide-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useTexts } from '../i18n/use-texts.tsx';
import { areKindsOn } from '../store/session-store.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { IconButton } from '../ui/button.tsx';
import { leaveText } from '../ui/return-focus.ts';
import type { InboxFilter } from '../store/inbox-filter.ts';
import { BulkBar } from './bulk-bar.tsx';
import { ConversationList, type ListHandle } from './conversation-list.tsx';
import { FilterMenu, FilterChips } from './filter-menu.tsx';
import { InboxViews } from './inbox-views.tsx';
import { useHold } from './use-hold.ts';
import { WhoseTabs } from './whose-tabs.tsx';
import { useKeyNames } from '../commands/use-commands.ts';
import { KeyName } from '../ui/key-name.tsx';
import shared from '../ui/chip.module.css';
import { cx } from '../ui/cx.ts';
import styles from './inbox-pane.module.css';

const SEARCH_AFTER_MS = 90;

export function InboxPane() {
  const { t } = useTexts();
  const isPicking = useFrom('selection', ({ ids }) => ids.size > 0);
  const [goTo, setGoTo] = useState<InboxFilter | null>(null);
  const forget = useCallback(() => setGoTo(null), []);
  const list = useRef<ListHandle>(null);
  const { inbox } = useStores();
  const hold = useHold(inbox.getState().hold);
  return (
    <section className={styles['pane']} aria-label={t('inbox.label')} {...hold.pane}>
      <header className={styles['header']}>{isPicking ? <PickingHead /> : <Title onNews={() => list.current?.toTop()} />}</header>
      <InboxViews />
      <WhoseTabs />
      <SearchBox onGoTo={setGoTo} />
      <FilterChips />
      <ConversationList ref={list} hold={hold} goTo={goTo} onArrived={forget} />
    </section>
  );
}

/** What is done with the picked ones stands in the place of the title, which is only heard then. */
function PickingHead() {
  const { t } = useTexts();
  return (
    <>
      <h1 className="visually-hidden">{t('inbox.label')}</h1>
      <BulkBar />
    </>
  );
}

function Title({ onNews }: { onNews(): void }) {
  const { t, format } = useTexts();
  const { inbox } = useStores();
  const { status, unread, folder } = useFrom('inbox', (state) => state.filter);
  const counts = useFrom('session', (state) => state.counts);
  const waiting = useFrom('inbox', (state) => state.waiting);
  return (
    <>
      <h1 className={styles['title']}>
        {folder === null ? t(`nav.${status}`) : t(`filter.folder.${folder}`)}
        {counts && <span className={styles['count']}>{format.number(counts[folder ?? status])}</span>}
      </h1>
      {waiting > 0 && (
        <button
          type="button"
          className={styles['news']}
          onClick={() => {
            inbox.getState().showWaiting();
            onNews();
          }}
        >
          <ArrowUp size={14} />
          {t('inbox.news', { count: waiting })}
        </button>
      )}
      <button type="button" className={cx(shared['chip'], styles['filter'])} aria-pressed={unread} onClick={() => inbox.getState().setFilter({ unread: !unread })}>
        <ListFilter size={14} />
        <span>{t('inbox.unreadOnly')}</span>
      </button>
      <FilterMenu />
      <NewConversation />
    </>
  );
}

function NewConversation() {
  const { t } = useTexts();
  const areOn = useFrom('session', areKindsOn);
  const show = useFrom('view', (state) => state.showDialog);
  if (!areOn) return null;
  return (
    <IconButton label={t('compose.direct.open')} command="direct" onClick={() => show('direct')}>
      <MessageSquarePlus size={17} />
    </IconButton>
  );
}

/** @param props.onGoTo from the box into its answer; null when the search goes on. */
function SearchBox({ onGoTo }: { onGoTo(filter: InboxFilter | null): void }) {
  const { t } = useTexts();
  const { ariaOf } = useKeyNames();
  const { inbox, view, search: everywhere } = useStores();
  const search = useFrom('inbox', (state) => state.filter.search);
  const focusRequest = useFrom('view', (state) => state.searchFocus);
  const [typed, setTyped] = useState(search);
  const [shownSearch, setShownSearch] = useState(search);
  const wanted = typed.trim();
  const box = useRef<HTMLInputElement>(null);

  // The filter was changed elsewhere (an empty list's button): follow it.
  if (search !== shownSearch) {
    setShownSearch(search);
    if (search !== wanted) setTyped(search);
  }

  useEffect(() => {
    if (focusRequest > 0 && view.getState().takeFocus('search')) box.current?.select();
  }, [focusRequest, view]);

  useEffect(() => {
    if (wanted === search) return;
    const timer = setTimeout(() => inbox.getState().setFilter({ search: wanted }), SEARCH_AFTER_MS);
    return () => clearTimeout(timer);
  }, [wanted, search, inbox]);

  /** To the first row of what was typed, never to one of the rows that stand there until it has been found. */
  function goToRows(): void {
    if (wanted !== inbox.getState().filter.search) inbox.getState().setFilter({ search: wanted });
    onGoTo(inbox.getState().filter);
  }

  return (
    <div className={styles['search']} role="search">
      <Search size={15} aria-hidden="true" />
      <input
        ref={box}
        value={typed}
        placeholder={t('inbox.search')}
        aria-label={t('inbox.search')}
        aria-keyshortcuts={ariaOf('filter')}
        spellCheck={false}
        maxLength={100}
        onChange={(event) => {
          setTyped(event.target.value);
          onGoTo(null);
        }}
        onBlur={() => onGoTo(null)}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === 'Escape') {
            event.stopPropagation();
            if (typed === '') leaveText(event.currentTarget);
            else setTyped('');
          }
          if (event.key === 'ArrowDown' || event.key === 'Enter') {
            event.preventDefault();
            goToRows();
          }
        }}
      />
      {typed === '' ? (
        <KeyName command="filter" className={styles['key']} />
      ) : (
        <button type="button" className={styles['clear']} aria-label={t('inbox.clearSearch')} onClick={() => setTyped('')}>
          <X size={14} />
        </button>
      )}
      <IconButton label={t('search.everywhere')} command="find" onClick={() => everywhere.getState().open(wanted)}>
        <TextSearch size={16} />
      </IconButton>
    </div>
  );
}
