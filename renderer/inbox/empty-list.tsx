import { useTexts } from '../i18n/use-texts.tsx';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import styles from './empty-list.module.css';

/** Why the list is empty, and the one thing to do about it. */
export function EmptyList() {
  const { t } = useTexts();
  const { inbox } = useStores();
  const { status, unread, search } = useFrom('inbox', (state) => state.rowsFilter);
  const isDemo = useFrom('session', ({ session }) => session?.isDemo ?? false);
  const set = inbox.getState().setFilter;

  const { text, action } =
    search !== ''
      ? { text: t('inbox.empty.search', { search, view: t(`nav.${status}`).toLocaleLowerCase() }), action: <Button onClick={() => set({ search: '' })}>{t('inbox.empty.clearSearch')}</Button> }
      : unread
        ? { text: t('inbox.empty.unread'), action: <Button onClick={() => set({ unread: false })}>{t('inbox.empty.showAll')}</Button> }
        : status === 'active'
          ? { text: t(isDemo ? 'inbox.empty.activeDemo' : 'inbox.empty.active'), action: null }
          : { text: t(`inbox.empty.${status}`), action: <Button onClick={() => set({ status: 'active' })}>{t('inbox.empty.showActive')}</Button> };

  return (
    <div className={styles['empty']} role="status">
      <p>{text}</p>
      {action}
    </div>
  );
}
