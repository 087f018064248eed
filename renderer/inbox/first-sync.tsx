import { useTexts } from '../i18n/use-texts.tsx';
import { useFrom } from '../ui/app-context.tsx';
import styles from './first-sync.module.css';

/** Further behind than this is a first sync (or a long absence) and worth a progress bar. */
const FAR_BEHIND = 1_000;
const SKELETON_ROWS = 8;

export function FirstSync({ hasRows }: { hasRows: boolean }) {
  const { t, format } = useTexts();
  const sync = useFrom('session', (state) => state.sync);
  if (sync?.state !== 'catching_up' || sync.head - sync.cursor < FAR_BEHIND) return null;
  return (
    <>
      <div className={styles['sync']}>
        <p className={styles['title']}>
          {t('inbox.firstSync.title')}
          <span className="tabular">{t('inbox.firstSync.progress', { cursor: format.number(sync.cursor), head: format.number(sync.head) })}</span>
        </p>
        <progress className={styles['bar']} value={sync.cursor} max={sync.head} aria-label={t('inbox.firstSync.title')} />
        {hasRows && <p>{t('inbox.firstSync.hint')}</p>}
      </div>
      {!hasRows && Array.from({ length: SKELETON_ROWS }, (_, index) => <div key={index} className={styles['skeleton']} aria-hidden="true" />)}
    </>
  );
}
