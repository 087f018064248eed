/** Finding within the open thread: Enter goes to the next older match, Shift+Enter back, Escape ends it. */
import { ChevronDown, ChevronUp, Search, X } from 'lucide-react';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useTexts } from '../i18n/use-texts.tsx';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { IconButton } from '../ui/button.tsx';
import styles from './find-bar.module.css';

const ASK_AFTER_MS = 150;

export function FindBar() {
  const { t, format } = useTexts();
  const { find, view } = useStores();
  const { text, focus, at, total, hitIds, nextCursor } = useFrom('find', (state) => state);
  const [typed, setTyped] = useState(text);
  const box = useRef<HTMLInputElement>(null);

  useEffect(() => box.current?.select(), [focus]);
  useEffect(() => {
    if (typed === text) return;
    const timer = setTimeout(() => find.getState().setText(typed), ASK_AFTER_MS);
    return () => clearTimeout(timer);
  }, [typed, text, find]);

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
    at === null
      ? text.trim() === ''
        ? ''
        : t('search.findNone')
      : t(total === null && nextCursor !== null ? 'search.findPlaceOpen' : 'search.findPlace', { at: format.number(at + 1), total: known });
  return (
    <div className={styles['bar']} role="search" aria-label={t('search.find')} onKeyDown={onKeyDown}>
      <Search size={15} aria-hidden="true" />
      <input ref={box} value={typed} placeholder={t('search.find')} aria-label={t('search.find')} spellCheck={false} maxLength={500} onChange={(event) => setTyped(event.target.value)} />
      <span className={styles['place']} role="status">
        {place}
      </span>
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
