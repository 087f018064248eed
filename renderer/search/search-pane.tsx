/** Search over everything, in the place of the list and beside the conversation. The keyboard stays in the field; the arrows walk through the results. */
import { ArrowLeft, CircleHelp, Search, X } from 'lucide-react';
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { readDeepLink } from '../../contract/rules/deep-link.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import type { SearchAnswer } from '../store/search-store.ts';
import { useFollowLink } from '../shell/use-follow-link.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { useReturnFocus } from '../ui/use-return-focus.ts';
import { HitRow, PersonRow } from './hit-row.tsx';
import { OperatorHelp } from './operator-help.tsx';
import { useAskAgain } from './use-ask-again.ts';
import styles from './search-pane.module.css';

const ASK_AFTER_MS = 110;
const PEOPLE_FIRST = 5;

/** One thing to open. `id` is that of its row. */
type Result = { id: string } & ({ kind: 'person'; person: SearchAnswer['people'][number] } | { kind: 'more_people'; count: number } | { kind: 'hit'; hit: SearchAnswer['hits'][number] });

export function SearchPane() {
  const { t } = useTexts();
  const { search, conversation } = useStores();
  const { text, sort, answer, isStale, failure, isLoadingMore } = useFrom('search', (state) => state);
  const [isHelpOpen, setHelpOpen] = useState(false);
  const [showsAllPeople, setShowsAllPeople] = useState(false);
  const listId = useId();
  const results = useMemo(() => listResults(answer, showsAllPeople), [answer, showsAllPeople]);
  const [activeId, setActiveId] = useState<string | null>(null);
  const active = results.find(({ id }) => id === activeId) ?? null;

  useReturnFocus();
  useAskAgain(answer?.isIndexing ?? false, answer, search.getState().refresh);
  useEffect(() => setShowsAllPeople(false), [text]);

  function open(result: Result): void {
    setActiveId(result.id);
    if (result.kind === 'more_people') setShowsAllPeople(true);
    else if (result.kind === 'person') conversation.getState().open(result.person.id);
    else void conversation.getState().openAt(result.hit.conversationId, result.hit.id);
  }
  function step(by: number): void {
    const at = results.findIndex(({ id }) => id === active?.id);
    const next = results[at === -1 ? (by > 0 ? 0 : results.length - 1) : Math.min(results.length - 1, Math.max(0, at + by))];
    if (!next) return;
    setActiveId(next.id);
    document.getElementById(optionId(listId, next.id))?.scrollIntoView({ block: 'nearest' });
    if (next === results.at(-1)) search.getState().loadMore();
  }
  function onKeyDown(event: KeyboardEvent<HTMLInputElement>): void {
    if (event.nativeEvent.isComposing) return;
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
    const by = steps[event.key];
    if (by !== undefined) step(by);
    else if (event.key === 'Enter') {
      const chosen = active ?? results[0];
      if (chosen && !isStale) open(chosen);
    } else if (event.key === 'Escape') search.getState().close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  const group = (name: string, shown: Result[]) =>
    shown.length > 0 && (
      <div role="group" aria-label={name}>
        <h3 className={styles['group']} aria-hidden="true">
          {name}
        </h3>
        {shown.map((result) => (
          <div key={result.id} id={optionId(listId, result.id)} className={styles['option']} role="option" aria-selected={result.id === active?.id} tabIndex={-1} onClick={() => open(result)}>
            {result.kind === 'person' && <PersonRow person={result.person} />}
            {result.kind === 'hit' && <HitRow hit={result.hit} />}
            {result.kind === 'more_people' && <span className={styles['people']}>{t('search.morePeople', { count: result.count })}</span>}
          </div>
        ))}
      </div>
    );

  return (
    <section className={styles['pane']} aria-label={t('search.title')}>
      <header className={styles['header']}>
        <IconButton label={t('search.close')} keys="Esc" onClick={() => search.getState().close()}>
          <ArrowLeft size={17} />
        </IconButton>
        <h1 className={styles['title']}>{t('search.title')}</h1>
        <IconButton label={t('search.help')} isOn={isHelpOpen} onClick={() => setHelpOpen(!isHelpOpen)}>
          <CircleHelp size={17} />
        </IconButton>
      </header>
      <Field listId={listId} activeId={active && optionId(listId, active.id)} onKeyDown={onKeyDown} />
      {answer && (
        <div className={styles['sort']} role="group" aria-label={t('search.sort')}>
          {(['rank', 'date'] as const).map((order) => (
            <button key={order} type="button" aria-pressed={sort === order} onClick={() => search.getState().setSort(order)}>
              {t(order === 'rank' ? 'search.sortRank' : 'search.sortDate')}
            </button>
          ))}
        </div>
      )}
      {answer?.isIndexing && (
        <p className={styles['note']} role="status">
          {t('search.indexing')}
        </p>
      )}
      {answer && answer.unknown.length > 0 && <p className={styles['note']}>{t('search.unknown', { what: answer.unknown.join(' ') })}</p>}
      <div className={styles['scroller']}>
        {failure && <p className={styles['none']}>{t(`failure.${failure}`)}</p>}
        {(isHelpOpen || text.trim() === '') && (
          <OperatorHelp
            onUse={(example) => {
              setHelpOpen(false);
              search.getState().setText(`${text.trim()} ${example}`.trim());
              search.getState().open();
            }}
          />
        )}
        {answer && results.length === 0 && !answer.isIndexing && (
          <div className={styles['none']} role="status">
            <p>{t('search.none', { text: text.trim() })}</p>
            <p className={styles['hint']}>{t('search.noneHint')}</p>
          </div>
        )}
        <div id={listId} role="listbox" aria-label={t('search.results')}>
          {group(
            t('search.people'),
            results.filter(({ kind }) => kind !== 'hit'),
          )}
          {group(
            t('search.messages'),
            results.filter((result) => result.kind === 'hit' && result.hit.kind === 'message'),
          )}
          {group(
            t('search.notes'),
            results.filter((result) => result.kind === 'hit' && result.hit.kind === 'note'),
          )}
        </div>
        {answer?.nextCursor && (
          <div className={styles['more']}>
            <Button disabled={isLoadingMore} onClick={() => search.getState().loadMore()}>
              {t(isLoadingMore ? 'search.loadingMore' : 'search.more')}
            </Button>
          </div>
        )}
      </div>
      <p className="visually-hidden" aria-live="polite">
        {answer && t('search.found', { count: results.length })}
      </p>
    </section>
  );
}

type FieldProps = { listId: string; activeId: string | null; onKeyDown(event: KeyboardEvent<HTMLInputElement>): void };

function Field({ listId, activeId, onKeyDown }: FieldProps) {
  const { t } = useTexts();
  const { search } = useStores();
  const follow = useFollowLink();
  const text = useFrom('search', (state) => state.text);
  const focus = useFrom('search', (state) => state.focus);
  const [typed, setTyped] = useState(text);
  const [shownText, setShownText] = useState(text);
  const box = useRef<HTMLInputElement>(null);

  // An example was taken over.
  if (text !== shownText) {
    setShownText(text);
    setTyped(text);
  }
  useEffect(() => box.current?.select(), [focus]);
  useEffect(() => {
    if (typed === text) return;
    const timer = setTimeout(() => search.getState().setText(typed), ASK_AFTER_MS);
    return () => clearTimeout(timer);
  }, [typed, text, search]);

  return (
    <div className={styles['field']} role="search" aria-label={t('search.title')}>
      <Search size={15} aria-hidden="true" />
      <input
        ref={box}
        role="combobox"
        aria-expanded="true"
        aria-controls={listId}
        aria-autocomplete="list"
        {...(activeId !== null && { 'aria-activedescendant': activeId })}
        value={typed}
        placeholder={t('search.field')}
        aria-label={t('search.field')}
        spellCheck={false}
        maxLength={500}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          // What is typed counts before what is done with it.
          if (event.key === 'Enter' && readDeepLink(typed)) {
            search.getState().close();
            return follow(typed);
          }
          if (event.key === 'Enter' && typed !== text) return search.getState().setText(typed);
          onKeyDown(event);
        }}
      />
      {typed !== '' && (
        <button
          type="button"
          aria-label={t('search.clear')}
          onClick={() => {
            setTyped('');
            box.current?.focus();
          }}
        >
          <X size={14} />
        </button>
      )}
    </div>
  );
}

const optionId = (listId: string, id: string): string => `${listId}-${id}`;

function listResults(answer: SearchAnswer | null, showsAllPeople: boolean): Result[] {
  if (!answer) return [];
  const people = showsAllPeople ? answer.people : answer.people.slice(0, PEOPLE_FIRST);
  // In the order in which they stand on the screen.
  const hits = [...answer.hits.filter(({ kind }) => kind === 'message'), ...answer.hits.filter(({ kind }) => kind === 'note')];
  const rest = answer.people.length - people.length;
  return [
    ...people.map((person) => ({ id: `person-${person.id}`, kind: 'person' as const, person })),
    ...(rest > 0 ? [{ id: 'more-people', kind: 'more_people' as const, count: rest }] : []),
    ...hits.map((hit) => ({ id: `hit-${hit.id}`, kind: 'hit' as const, hit })),
  ];
}
