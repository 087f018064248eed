/** In the composer: a draft for this conversation, or the words in the box said otherwise. */
import { Eye, ListRestart, Sparkles } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTexts } from '../i18n/use-texts.tsx';
import { useStores } from '../ui/app-context.tsx';
import { MenuButton } from '../ui/button.tsx';
import { Menu } from '../ui/menu.tsx';
import { rewriteEntries } from './rewrite-entries.tsx';

const PreviewDialog = lazy(() => import('./preview-dialog.tsx').then((module) => ({ default: module.PreviewDialog })));

export function ComposerAiMenu({ conversationId, text, aiDraftId }: { conversationId: string; text: string; aiDraftId: string | null }) {
  const { t } = useTexts();
  const { ai, draftDesk } = useStores();
  const [isPreviewing, setPreviewing] = useState(false);
  const hasText = text.trim() !== '';
  return (
    <>
      <Menu
        trigger={
          <MenuButton label={t('ai.menu.label')} command="takeDraft">
            <Sparkles size={16} />
          </MenuButton>
        }
        entries={[
          { label: t('ai.card.propose'), icon: <Sparkles size={15} />, command: 'takeDraft', run: () => ai.getState().request(conversationId) },
          { label: t('ai.instruction.open'), icon: <ListRestart size={15} />, run: () => draftDesk.getState().showField({ conversationId, what: 'instruction' }) },
          ...(hasText ? rewriteEntries(t, draftDesk.getState(), conversationId, { target: 'composer', draftId: aiDraftId, text }) : []),
          { label: t('ai.preview.open'), icon: <Eye size={15} />, run: () => setPreviewing(true) },
        ]}
      />
      {isPreviewing && (
        <Suspense fallback={null}>
          <PreviewDialog conversationId={conversationId} onClose={() => setPreviewing(false)} />
        </Suspense>
      )}
    </>
  );
}
