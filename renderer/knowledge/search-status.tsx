import { useTexts } from '../i18n/use-texts.tsx';
import { useFrom } from '../ui/app-context.tsx';
import styles from './search-status.module.css';

/** Whether what is there can be found already: passages, and where there are embeddings, how many of them have theirs. */
export function SearchStatus() {
  const { t, format } = useTexts();
  const status = useFrom('knowledge', (state) => state.status);
  const { isOn, done, of } = status?.embeddings ?? { isOn: false, done: 0, of: 0 };
  return (
    <div className={styles['status']} role="group" aria-label={t('knowledge.status.label')}>
      <span role="status">
        {status === null || (status.passages === 0 && !status.isIndexing) ? '\u00a0' : status.isIndexing ? t('knowledge.status.indexing') : t('knowledge.status.ready', { count: status.passages })}
      </span>
      {isOn && (
        <span className={styles['embeddings']}>
          {done < of ? t('knowledge.status.embeddings', { done: format.number(done), of: format.number(of) }) : t('knowledge.status.embeddingsDone')}
          {done < of && <progress value={done} max={of} aria-label={t('knowledge.status.embeddings', { done: format.number(done), of: format.number(of) })} />}
        </span>
      )}
    </div>
  );
}
