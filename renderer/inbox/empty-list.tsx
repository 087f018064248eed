import type { SyncState } from '../../contract/entities.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import type { Translate } from '../i18n/i18n.ts';
import type { InboxFilter } from '../store/inbox-filter.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { nameOfWhose } from './filter-menu.tsx';
import styles from './empty-list.module.css';

/** Why the list is empty, and the one thing to do about it. */
export function EmptyList() {
  const { t } = useTexts();
  const { inbox, view } = useStores();
  const filter = useFrom('inbox', (state) => state.rowsFilter);
  const isDemo = useFrom('session', ({ session }) => session?.isDemo ?? false);
  const label = useFrom('team', ({ directory }) => directory?.labels.find(({ id }) => id === filter.labelId)?.name ?? null);
  const whose = useFrom('team', ({ directory }) => nameOfWhose(filter.whose, directory));
  const isOffline = useFrom('session', ({ sync }) => sync !== null && OFFLINE.has(sync.state));
  const { text, action } = explainEmpty(filter, { label, whose, isDemo, isOffline }, t);
  const run = (): void => (action?.set ? inbox.getState().setFilter(action.set) : view.getState().goTo('diagnostics'));
  return (
    <div className={styles['empty']} role="status">
      <p>{text}</p>
      {action && <Button onClick={run}>{action.label}</Button>}
    </div>
  );
}

const OFFLINE: ReadonlySet<SyncState['state']> = new Set(['offline', 'connecting', 'waiting_for_key', 'stopped', 'revoked', 'forked', 'wrong_log', 'update_needed']);

/** `set` null: to where the connection is looked at. */
type Explanation = { text: string; action: { label: string; set: Partial<InboxFilter> | null } | null };
type Known = { label: string | null; whose: string | null; isDemo: boolean; isOffline: boolean };

/** The narrowest condition first: it is most likely the reason. */
function explainEmpty(filter: InboxFilter, { label, whose: whoseName, isDemo, isOffline }: Known, t: Translate): Explanation {
  const { status, whose, unread, waiting, role, labelId, request, requestId, folder, search } = filter;
  const showAll = (set: Partial<InboxFilter>): Explanation['action'] => ({ label: t('filter.empty.showAll'), set });
  if (search !== '') {
    const view = (folder === null ? t(`nav.${status}`) : t(`filter.folder.${folder}`)).toLocaleLowerCase();
    return { text: t('inbox.empty.search', { search, view }), action: { label: t('inbox.empty.clearSearch'), set: { search: '' } } };
  }
  if (requestId !== null) return { text: t('filter.empty.ofRequest'), action: showAll({ requestId: null }) };
  if (unread) return { text: t('inbox.empty.unread'), action: { label: t('inbox.empty.showAll'), set: { unread: false } } };
  if (labelId !== null) return { text: t('filter.empty.label', { label: label ?? '' }), action: showAll({ labelId: null, whose: 'anybody' }) };
  if (request !== null) return { text: t(request === 'unlinked' ? 'requestLinks.filter.emptyUnlinked' : 'requestLinks.filter.empty'), action: showAll({ request: null }) };
  if (waiting) return { text: t('filter.empty.waiting'), action: showAll({ waiting: false }) };
  if (role !== null) return { text: t(`filter.empty.role.${role}`), action: showAll({ role: null }) };
  if (typeof whose === 'object') return { text: t('filter.empty.somebody', { name: whoseName ?? '' }), action: showAll({ whose: 'anybody' }) };
  if (whose === 'me' && folder === null && status === 'active') return { text: t('filter.empty.me'), action: { label: t('filter.empty.showUnassigned'), set: { whose: 'nobody' } } };
  if (whose !== 'anybody') return { text: t(`filter.empty.${whose}`), action: showAll({ whose: 'anybody' }) };
  if (folder !== null) return { text: t(`filter.empty.${folder}`), action: { label: t('filter.empty.showInbox'), set: { folder: null } } };
  if (status === 'active' && isOffline) return { text: t('filter.empty.offline'), action: { label: t('filter.empty.diagnose'), set: null } };
  if (status === 'active') return { text: t(isDemo ? 'inbox.empty.activeDemo' : 'inbox.empty.active'), action: null };
  return { text: t(`inbox.empty.${status}`), action: { label: t('inbox.empty.showActive'), set: { status: 'active' } } };
}
