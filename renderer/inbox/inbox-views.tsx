/** The agent's own views of the list, with what each shows, and the folders that everybody has. */
import { AlarmClock, MessageSquareWarning, PenLine } from 'lucide-react';
import { FOLDERS, INBOX_VIEWS_MAX, VIEW_COUNT_MAX, VIEW_NAME_MAX } from '../../contract/rules/inbox-filter.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { isSameFilter, NO_FILTER } from '../store/inbox-filter.ts';
import { inboxViewOf } from '../store/inbox-views-store.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { SavedViews } from '../ui/saved-views.tsx';
import styles from './inbox-views.module.css';

const ICONS = { snoozed: AlarmClock, drafts: PenLine, trouble: MessageSquareWarning } as const;

export function InboxViews() {
  const { t, format } = useTexts();
  const { inbox, inboxViews } = useStores();
  const views = useFrom('inboxViews', (state) => state.views);
  const counts = useFrom('inboxViews', (state) => state.counts);
  const filter = useFrom('inbox', (state) => state.filter);
  const current = inboxViewOf(views, filter);
  const isAll = isSameFilter(filter, NO_FILTER);
  const { save, replace, rename, move, remove } = inboxViews.getState();
  const written = Object.fromEntries(Object.entries(counts).map(([id, count]) => [id, count < VIEW_COUNT_MAX ? format.number(count) : `${format.number(VIEW_COUNT_MAX - 1)}+`]));
  return (
    <SavedViews
      className={styles['views'] ?? ''}
      views={views}
      counts={written}
      currentId={current?.id ?? null}
      isAll={isAll}
      canSave={current === null && !isAll && views.length < INBOX_VIEWS_MAX}
      nameMax={VIEW_NAME_MAX}
      saveText={t('savedViews.inboxText')}
      actions={{ show: (id) => inbox.getState().setFilter({ ...(views.find((view) => view.id === id)?.filter ?? NO_FILTER), search: filter.search }), save, replace, rename, move, remove }}
    >
      <Folders />
    </SavedViews>
  );
}

/** Always there, so that nothing moves when one fills. */
function Folders() {
  const { t, format } = useTexts();
  const { inbox } = useStores();
  const current = useFrom('inbox', (state) => state.filter.folder);
  const counts = useFrom('session', (state) => state.counts);
  return (
    <div className={styles['folders']} role="group" aria-label={t('filter.folders')}>
      {FOLDERS.map((folder) => {
        const Icon = ICONS[folder];
        const count = counts?.[folder] ?? 0;
        const label = t('filter.folderCount', { folder: t(`filter.folder.${folder}`), number: format.number(count) });
        return (
          <button
            key={folder}
            type="button"
            className={styles['folder']}
            aria-pressed={current === folder}
            aria-label={label}
            title={label}
            data-has={count > 0 || undefined}
            data-folder={folder}
            onClick={() => inbox.getState().setFilter({ ...NO_FILTER, folder: current === folder ? null : folder })}
          >
            <Icon size={14} aria-hidden="true" />
            {count > 0 && <span>{count > 99 ? '99+' : format.number(count)}</span>}
          </button>
        );
      })}
    </div>
  );
}
