/** Everybody the team knows, by name; found by whatever is known of them. */
import { Ban, Search, UserPlus, X } from 'lucide-react';
import { useRef, useState, type KeyboardEvent } from 'react';
import { VList, type VListHandle } from 'virtua';
import type { ContactListRow } from '../../contract/work-entities.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { IconButton } from '../ui/button.tsx';
import { AddContact } from './add-contact.tsx';
import styles from './contact-list.module.css';

const ROLES = ['anybody', 'customer', 'vendor'] as const;
const LOAD_WITHIN_PX = 600;

export function ContactList() {
  const { t } = useTexts();
  const { contacts } = useStores();
  const { search, role } = useFrom('contacts', (state) => state.filter);
  const [isAdding, setAdding] = useState(false);
  const box = useRef<HTMLElement>(null);

  function onKeyDown(event: KeyboardEvent): void {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const rows = [...(box.current?.querySelectorAll<HTMLElement>('[data-contact]') ?? [])];
    const at = rows.indexOf(document.activeElement as HTMLElement);
    const next = at === -1 ? (step === 1 ? rows[0] : undefined) : rows[at + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }

  return (
    <section ref={box} className={styles['pane']} aria-label={t('contacts.list')} onKeyDown={onKeyDown}>
      <header className={styles['header']}>
        <h1 className={styles['title']}>{t('contacts.title')}</h1>
        <IconButton label={t('contacts.add')} onClick={() => setAdding(true)}>
          <UserPlus size={17} />
        </IconButton>
      </header>
      <div className={styles['search']}>
        <Search size={14} aria-hidden="true" />
        <input
          type="text"
          value={search}
          maxLength={200}
          spellCheck={false}
          autoComplete="off"
          placeholder={t('contacts.search')}
          aria-label={t('contacts.search')}
          onChange={(event) => contacts.getState().setFilter({ search: event.target.value })}
        />
        {search !== '' && (
          <button type="button" aria-label={t('contacts.clearSearch')} onClick={() => contacts.getState().setFilter({ search: '' })}>
            <X size={14} />
          </button>
        )}
      </div>
      <div className={styles['roles']} role="group" aria-label={t('contacts.role')}>
        {ROLES.map((one) => (
          <button key={one} type="button" aria-pressed={one === role} onClick={() => contacts.getState().setFilter({ role: one })}>
            {t(`contacts.${one}`)}
          </button>
        ))}
      </div>
      <Rows />
      {isAdding && <AddContact onClose={() => setAdding(false)} />}
    </section>
  );
}

function Rows() {
  const { t } = useTexts();
  const { contacts } = useStores();
  const rows = useFrom('contacts', (state) => state.rows);
  const { search, role } = useFrom('contacts', (state) => state.filter);
  const chosen = useFrom('view', (state) => state.contactId);
  const list = useRef<VListHandle>(null);
  const onScroll = (): void => {
    const handle = list.current;
    if (handle && handle.scrollSize - handle.viewportSize - handle.scrollOffset < LOAD_WITHIN_PX) contacts.getState().loadMore();
  };
  if (rows === null) return null;
  if (rows.length === 0) {
    return (
      <p className={styles['empty']} role="status">
        {search.trim() !== '' ? t('contacts.noMatch', { text: search.trim() }) : t(role === 'vendor' ? 'contacts.noneVendor' : 'contacts.none')}
      </p>
    );
  }
  return (
    <VList ref={list} className={styles['rows']} onScroll={onScroll}>
      {rows.map((row) => (
        <RowButton key={row.id} row={row} isChosen={row.id === chosen} />
      ))}
    </VList>
  );
}

function RowButton({ row, isChosen }: { row: ContactListRow; isChosen: boolean }) {
  const { t } = useTexts();
  const { view } = useStores();
  const second = [row.phone ?? (row.username === null ? null : `@${row.username}`), row.company].filter((part) => part !== null && part !== row.name);
  return (
    <button type="button" className={styles['row']} data-contact={row.id} aria-current={isChosen || undefined} onClick={() => view.getState().showContact(row.id)}>
      <Avatar id={row.id} name={row.name} size={32} />
      <span className={styles['who']}>
        <span className={styles['line']}>
          <bdi className={styles['name']}>{row.name}</bdi>
          {row.isBlocked && <Ban className={styles['blocked']} size={13} role="img" aria-label={t('contacts.blocked')} />}
          {row.isVendor && <span className={styles['vendor']}>{t('contacts.isVendor')}</span>}
        </span>
        <span className={styles['second']}>{[...second, ...row.serviceTypes, ...(row.openRequests > 0 ? [t('contacts.requests', { count: row.openRequests })] : [])].join(' · ')}</span>
      </span>
    </button>
  );
}
