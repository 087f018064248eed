/** Finding within the open thread: Enter goes to the next older match, Shift+Enter back, Escape ends it. */
import { CalendarDays, ChevronDown, ChevronUp, Search, X } from 'lucide-react';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useTexts } from '../i18n/use-texts.tsx';
import { useAskAgain } from '../search/use-ask-again.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { IconButton } from '../ui/button.tsx';
import { DatePopover } from './date-popover.tsx';
import styles from './find-bar.module.css';

const ASK_AFTER_MS = 150;

export function FindBar() {
  const { t, format } = useTexts();
  const { find, view, clock } = useStores();
  const dateButton = useRef<HTMLButtonElement>(null);
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);

  const { text, focus, at, total, hitIds, nextCursor, isAnswered, isIndexing, isForDate, refresh } = useFrom('find', (state) => state);
  useEffect(() => setAnchor(isForDate ? dateButton.current : null), [isForDate]);
  const [typed, setTyped] = useState(text);
  const box = useRef<HTMLInputElement>(null);

  useEffect(() => box.current?.select(), [focus]);
  useEffect(() => {
    if (typed === text) return;
    const timer = setTimeout(() => find.getState().setText(typed), ASK_AFTER_MS);
    return () => clearTimeout(timer);
  }, [typed, text, find]);

  useAskAgain(isIndexing, hitIds, refresh);

  function close(): void {
    find.getState().close();
    view.getState().focusComposer();
  }
  function onKeyDown(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') close();
    else if (event.key === 'Enter') {
      if (typed === text) find.getState().step(event.shiftKey ? -1 : 1);
      else find.getState().setText(typed);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  const known = format.number(total ?? hitIds.length);
  const place =
    at === null ? (isAnswered ? t('search.findNone') : '') : t(total === null && nextCursor !== null ? 'search.findPlaceOpen' : 'search.findPlace', { at: format.number(at + 1), total: known });
  return (
    <div className={styles['bar']} role="search" aria-label={t('search.find')} onKeyDown={onKeyDown}>
      <Search size={15} aria-hidden="true" />
      <input ref={box} value={typed} placeholder={t('search.find')} aria-label={t('search.find')} spellCheck={false} maxLength={500} onChange={(event) => setTyped(event.target.value)} />
      <span className={styles['place']} role="status">
        {place}
      </span>
      <IconButton ref={dateButton} label={t('jump.date')} aria-haspopup="dialog" onClick={() => find.getState().setForDate(true)}>
        <CalendarDays size={16} />
      </IconButton>
      {anchor && <DatePopover at={clock.getState().now} anchor={anchor} onClose={() => find.getState().setForDate(false)} />}
      <IconButton label={t('search.findOlder')} keys="Enter" disabled={at === null} onClick={() => find.getState().step(1)}>
        <ChevronUp size={16} />
      </IconButton>
      <IconButton label={t('search.findNewer')} keys="⇧Enter" disabled={at === null} onClick={() => find.getState().step(-1)}>
        <ChevronDown size={16} />
      </IconButton>
      <IconButton label={t('search.findClose')} keys="Esc" onClick={close}>
        <X size={16} />
      </IconButton>
    </div>
  );
}
