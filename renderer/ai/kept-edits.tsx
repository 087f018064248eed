/** Words that their agent had put in the place of a draft which cannot be changed in a card any more: not lost with it. */
import { X } from 'lucide-react';
import { useTexts } from '../i18n/use-texts.tsx';
import { keptEditsOf } from '../store/draft-desk-store.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import styles from './draft-card.module.css';

/** @param shownId the draft in the card, if there is one. */
export function KeptEdits({ conversationId, shownId }: { conversationId: string; shownId: string | null }) {
  const { t } = useTexts();
  const { draftDesk } = useStores();
  const state = useFrom('draftDesk', (desk) => desk);
  return keptEditsOf(state, conversationId, shownId).map(({ draftId, text }) => (
    <div key={draftId} className={styles['kept']}>
      <p>
        {t('ai.over.keptEdit')} <q>{text}</q>
      </p>
      {/* As their agent's own: that draft is over. */}
      <Button look="quiet" onClick={() => draftDesk.getState().take(conversationId, text, null)}>
        {t('ai.card.take')}
      </Button>
      <IconButton label={t('ai.card.dismiss')} side="top" onClick={() => draftDesk.getState().dropEdit(draftId)}>
        <X size={14} />
      </IconButton>
    </div>
  ));
}
