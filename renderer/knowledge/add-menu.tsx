import { FilePlus2, FolderPlus, PenLine, Plus } from 'lucide-react';
import { useTexts } from '../i18n/use-texts.tsx';
import { Button } from '../ui/button.tsx';
import { Menu } from '../ui/menu.tsx';
import { chooseKnowledgeFiles } from './pick-knowledge-files.ts';
import { useAddKnowledgeFiles } from './use-add-knowledge-files.ts';
import { useWriteArticle } from './use-write-article.ts';

export function AddMenu() {
  const { t } = useTexts();
  const write = useWriteArticle();
  const addFiles = useAddKnowledgeFiles();
  return (
    <Menu
      trigger={
        <Button look="primary" icon={<Plus size={16} />}>
          {t('knowledge.add')}
        </Button>
      }
      entries={[
        { label: t('knowledge.write'), icon: <PenLine size={15} />, command: 'newArticle', run: () => write() },
        { label: t('knowledge.chooseFiles'), icon: <FilePlus2 size={15} />, run: () => chooseKnowledgeFiles('files', addFiles) },
        { label: t('knowledge.chooseFolder'), icon: <FolderPlus size={15} />, run: () => chooseKnowledgeFiles('folder', addFiles) },
      ]}
    />
  );
}
