/** Files on their way in: how far each is, and for one that could not be read, why and what to do. */
import { CircleAlert, CircleCheck, FileText, LoaderCircle, X } from 'lucide-react';
import { KB_FILE_PROBLEMS } from '../../contract/ai/ai-words.ts';
import { KB_MAX } from '../../contract/limits.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import type { KnowledgeFile } from '../store/knowledge-files-store.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import styles from './files-tray.module.css';

export function FilesTray() {
  const { t } = useTexts();
  const { knowledgeFiles } = useStores();
  const files = useFrom('knowledgeFiles', (state) => state.files);
  if (files.length === 0) return null;
  const done = files.filter(({ state }) => state === 'done').length;
  const failed = files.filter(({ state }) => state === 'failed').length;
  return (
    <section className={styles['tray']} aria-label={t('knowledge.files.label')}>
      <header className={styles['head']}>
        <span role="status">
          {t('knowledge.files.summary', { done, count: files.length })}
          {failed > 0 && ` · ${t('knowledge.files.problems', { count: failed })}`}
        </span>
        {done > 0 && (
          <Button look="quiet" onClick={() => knowledgeFiles.getState().clearDone()}>
            {t('knowledge.files.clear')}
          </Button>
        )}
      </header>
      <ul className={styles['files']} aria-label={t('knowledge.files.label')}>
        {files.map((file) => (
          <FileRow key={file.id} file={file} />
        ))}
      </ul>
    </section>
  );
}

/** Problems with words of their own; for the rest there is one that fits all. */
const EXPLAINED = [...KB_FILE_PROBLEMS, 'FORBIDDEN', 'CHANGED_MEANWHILE', 'ENGINE_AWAY', 'TOO_MANY_REQUESTS', 'DISK_FULL', 'FILE_GONE'] as const;
const ICONS = { waiting: FileText, sending: LoaderCircle, reading: LoaderCircle, done: CircleCheck, failed: CircleAlert } as const;

function FileRow({ file }: { file: KnowledgeFile }) {
  const { t } = useTexts();
  const { knowledge, knowledgeFiles } = useStores();
  const Icon = ICONS[file.state];
  const { articleId } = file;
  const mayRetry = file.state === 'failed' && !(KB_FILE_PROBLEMS as readonly (string | null)[]).includes(file.problem);
  const isEnded = file.state === 'done' || file.state === 'failed';
  return (
    <li className={styles['file']} data-state={file.state}>
      <Icon size={15} className={styles['icon']} aria-hidden="true" />
      <div className={styles['lines']}>
        <bdi className={styles['name']} title={file.path}>
          {file.path}
        </bdi>
        <p className={styles['state']}>
          <StateText file={file} />
        </p>
        {file.state === 'sending' && <progress value={file.sent} max={file.bytes} aria-label={file.path} />}
      </div>
      {articleId !== null && (
        <Button look="quiet" onClick={() => knowledge.getState().open({ kind: 'article', articleId, revisionId: null, passageId: null })}>
          {t('knowledge.files.open')}
        </Button>
      )}
      {mayRetry && (
        <Button look="quiet" onClick={() => knowledgeFiles.getState().retry(file.id)}>
          {t('knowledge.files.retry')}
        </Button>
      )}
      <IconButton label={t(isEnded ? 'knowledge.files.remove' : 'knowledge.files.stop', { name: file.path })} side="left" onClick={() => knowledgeFiles.getState().remove(file.id)}>
        <X size={14} />
      </IconButton>
    </li>
  );
}

function StateText({ file }: { file: KnowledgeFile }) {
  const { t, format } = useTexts();
  const article = useFrom('knowledge', ({ articles }) => articles?.find(({ articleId }) => articleId === file.articleId));
  switch (file.state) {
    case 'waiting':
      return t('knowledge.files.waiting');
    case 'sending':
      return t('knowledge.files.sending', { percent: format.number(Math.floor((100 * file.sent) / Math.max(1, file.bytes))) });
    case 'reading':
      return t('knowledge.files.reading');
    case 'failed':
      return t(`knowledge.files.problem.${EXPLAINED.find((problem) => problem === file.problem) ?? 'other'}`, { size: format.bytes(KB_MAX.fileBytes) });
    case 'done':
      if (file.isKnown) return t('knowledge.files.known');
      if (article && article.revisionNo > 1) return t('knowledge.files.next', { no: article.revisionNo });
      return t(article?.state === 'pending' ? 'knowledge.files.donePending' : 'knowledge.files.done');
  }
}
