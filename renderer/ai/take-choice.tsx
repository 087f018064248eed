/** The composer has a text of its own: only its agent says what becomes of it. */
import { useEffect, useRef } from 'react';
import { useTexts } from '../i18n/use-texts.tsx';
import type { DraftDeskState } from '../store/draft-desk-store.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import styles from './draft-card.module.css';

export function TakeChoice({ choosing: { conversationId, text, draftId } }: { choosing: NonNullable<DraftDeskState['choosing']> }) {
  const { t } = useTexts();
  const { draftDesk, view } = useStores();
  /** A note is for the team: none of it goes to the customer with the draft. */
  const isNote = useFrom('drafts', ({ drafts }) => drafts[conversationId]?.mode === 'note');
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.querySelector('button')?.focus(), []);
  const answer = (how: 'replace' | 'append'): void => void draftDesk.getState().take(conversationId, text, draftId, how);
  const cancel = (): void => {
    draftDesk.getState().cancelTaking();
    view.getState().focusComposer();
  };
  return (
    <div
      ref={box}
      className={styles['choice']}
      role="group"
      aria-label={t('ai.take.title')}
      data-takes-letters
      data-takes-escape
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        cancel();
      }}
    >
      <p>{t('ai.take.title')}</p>
      {!isNote && <Button onClick={() => answer('append')}>{t('ai.take.append')}</Button>}
      <Button onClick={() => answer('replace')}>{t('ai.take.replace')}</Button>
      <Button look="quiet" onClick={cancel}>
        {t('action.cancel')} <kbd>Esc</kbd>
      </Button>
    </div>
  );
}
