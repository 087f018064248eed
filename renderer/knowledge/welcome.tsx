import { BookOpenText, FilePlus2, FolderPlus, PenLine } from 'lucide-react';
import { KB_MAX } from '../../contract/limits.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { Button } from '../ui/button.tsx';
import { chooseKnowledgeFiles } from './pick-knowledge-files.ts';
import { useAddKnowledgeFiles } from './use-add-knowledge-files.ts';
import { useWriteArticle } from './use-write-article.ts';
import styles from './welcome.module.css';

/** Of a knowledge base without anything in it: what it is for, and the ways to begin. */
export function Welcome() {
  const { t, format } = useTexts();
  const write = useWriteArticle();
  const addFiles = useAddKnowledgeFiles();
  return (
    <div className={styles['welcome']}>
      <div className={styles['card']}>
        <BookOpenText size={30} strokeWidth={1.5} aria-hidden="true" />
        <h2>{t('knowledge.empty.title')}</h2>
        <p>{t('knowledge.empty.text')}</p>
        <p className={styles['kinds']}>{t('knowledge.empty.kinds', { size: format.bytes(KB_MAX.fileBytes) })}</p>
        <div className={styles['ways']}>
          <Button icon={<FolderPlus size={15} />} onClick={() => chooseKnowledgeFiles('folder', addFiles)}>
            {t('knowledge.chooseFolder')}
          </Button>
          <Button icon={<FilePlus2 size={15} />} onClick={() => chooseKnowledgeFiles('files', addFiles)}>
            {t('knowledge.chooseFiles')}
          </Button>
          <Button icon={<PenLine size={15} />} onClick={() => write()}>
            {t('knowledge.write')}
          </Button>
        </div>
      </div>
    </div>
  );
}
