import { useTexts } from '../i18n/use-texts.tsx';
import { useFrom } from '../ui/app-context.tsx';
import styles from './first-sync.module.css';

/** Further behind than this is a first sync (or a long absence) and worth a progress bar. */
const FAR_BEHIND = 1_000;
const SKELETON_ROWS = 12;

export const useIsFirstSync = (): boolean => useFrom('session', ({ sync }) => sync?.state === 'installing' || (sync?.state === 'catching_up' && sync.head - sync.cursor >= FAR_BEHIND));

/** How far the history has come; rows that are already there can be worked with. */
export function FirstSync({ hasRows }: { hasRows: boolean }) {
  const { t, format } = useTexts();
  const cursor = useFrom('session', ({ sync }) => sync?.cursor ?? 0);
  const head = useFrom('session', ({ sync }) => sync?.head ?? 0);
  return (
    <>
      <div className={styles['sync']}>
        <p className={styles['title']}>
          {t('inbox.firstSync.title')}
          <span className="tabular">{t('inbox.firstSync.progress', { cursor: format.number(cursor), head: format.number(head) })}</span>
        </p>
        <progress className={styles['bar']} {...(cursor > 0 && { value: cursor })} max={Math.max(head, 1)} aria-label={t('inbox.firstSync.title')} />
        {hasRows && <p>{t('inbox.firstSync.hint')}</p>}
      </div>
      {!hasRows && (
        <div className={styles['skeletons']} aria-hidden="true">
          {Array.from({ length: SKELETON_ROWS }, (_, index) => (
            <div key={index} className={styles['skeleton']} />
          ))}
        </div>
      )}
    </>
  );
}
