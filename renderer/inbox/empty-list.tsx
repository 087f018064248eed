import { useTexts } from '../i18n/use-texts.tsx';
import type { Translate } from '../i18n/i18n.ts';
import type { InboxFilter } from '../store/inbox-filter.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import styles from './empty-list.module.css';

/** Why the list is empty, and the one thing to do about it. */
export function EmptyList() {
  const { t } = useTexts();
  const { inbox } = useStores();
  const filter = useFrom('inbox', (state) => state.rowsFilter);
  const isDemo = useFrom('session', ({ session }) => session?.isDemo ?? false);
  const label = useFrom('team', ({ directory }) => directory?.labels.find(({ id }) => id === filter.labelId)?.name ?? null);
  const { text, action } = explainEmpty(filter, label, isDemo, t);
  return (
    <div className={styles['empty']} role="status">
      <p>{text}</p>
      {action && <Button onClick={() => inbox.getState().setFilter(action.set)}>{action.label}</Button>}
    </div>
  );
}

type Explanation = { text: string; action: { label: string; set: Partial<InboxFilter> } | null };

/** The narrowest condition first: it is most likely the reason. */
function explainEmpty({ status, whose, unread, labelId, request, folder, search }: InboxFilter, label: string | null, isDemo: boolean, t: Translate): Explanation {
  if (search !== '') {
    const view = (folder === null ? t(`nav.${status}`) : t(`filter.folder.${folder}`)).toLocaleLowerCase();
    return { text: t('inbox.empty.search', { search, view }), action: { label: t('inbox.empty.clearSearch'), set: { search: '' } } };
  }
  if (unread) return { text: t('inbox.empty.unread'), action: { label: t('inbox.empty.showAll'), set: { unread: false } } };
  if (labelId !== null) return { text: t('filter.empty.label', { label: label ?? '' }), action: { label: t('filter.empty.showAll'), set: { labelId: null, whose: 'anybody' } } };
  if (request !== null)
    return { text: t(request === 'unlinked' ? 'requestLinks.filter.emptyUnlinked' : 'requestLinks.filter.empty'), action: { label: t('filter.empty.showAll'), set: { request: null } } };
  if (whose === 'me' && folder === null && status === 'active') return { text: t('filter.empty.me'), action: { label: t('filter.empty.showUnassigned'), set: { whose: 'nobody' } } };
  if (whose !== 'anybody') return { text: t(`filter.empty.${whose}`), action: { label: t('filter.empty.showAll'), set: { whose: 'anybody' } } };
  if (folder !== null) return { text: t(`filter.empty.${folder}`), action: { label: t('filter.empty.showInbox'), set: { folder: null } } };
  if (status === 'active') return { text: t(isDemo ? 'inbox.empty.activeDemo' : 'inbox.empty.active'), action: null };
  return { text: t(`inbox.empty.${status}`), action: { label: t('inbox.empty.showActive'), set: { status: 'active' } } };
}
