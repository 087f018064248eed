/**
 * The question before a conversation without a request is answered or ended, although one fits. One key links, one goes on without;
 * Escape goes back with nothing done. What was asked is not asked again (`links-store.ts`).
 */
import { Link2 } from 'lucide-react';
import { useEffect, useRef, type KeyboardEvent } from 'react';
import { useTexts } from '../i18n/use-texts.tsx';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { shownReference } from './request-chip.tsx';
import styles from './nudge-bar.module.css';

export function NudgeBar({ conversationId }: { conversationId: string }) {
  const { t } = useTexts();
  const { links, view } = useStores();
  const nudge = useFrom('links', (state) => (state.nudge?.conversationId === conversationId ? state.nudge : null));
  const link = useRef<HTMLButtonElement>(null);
  const isAsked = nudge !== null;
  useEffect(() => {
    if (isAsked) link.current?.focus();
  }, [isAsked]);
  if (!nudge) return null;
  const { intent, suggestion } = nudge;
  const reference = shownReference(suggestion.request.reference, t);

  function answer(how: 'link' | 'without' | 'back'): void {
    links.getState().answer(how);
    if (intent === 'reply' || how === 'back') view.getState().focusComposer();
  }
  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toLowerCase();
    // The Enter that sent the reply may still be held down.
    if (key === 'enter' && event.repeat) event.preventDefault();
    const how = key === 'i' ? 'link' : key === 's' ? 'without' : key === 'escape' ? 'back' : null;
    if (how === null) return;
    event.preventDefault();
    event.stopPropagation();
    if (!event.repeat) answer(how);
  }
  return (
    <div className={styles['bar']} role="alertdialog" aria-label={t('requestLinks.nudge.label')} data-takes-letters onKeyDown={onKeyDown}>
      <Link2 size={16} aria-hidden="true" />
      <p>
        {t('requestLinks.nudge.text', { reference, reason: t(`requestLinks.reason.${suggestion.reason}`, { reference }) })} <strong>{t('requestLinks.nudge.question')}</strong>
      </p>
      <div className={styles['decisions']}>
        <Button ref={link} look="primary" aria-keyshortcuts="I" onClick={() => answer('link')}>
          {t(`requestLinks.nudge.link.${intent}`)} <kbd>I</kbd>
        </Button>
        <Button aria-keyshortcuts="S" onClick={() => answer('without')}>
          {t(`requestLinks.nudge.without.${intent}`)} <kbd>S</kbd>
        </Button>
        <Button look="quiet" aria-keyshortcuts="Escape" onClick={() => answer('back')}>
          {t('requestLinks.nudge.back')} <kbd>Esc</kbd>
        </Button>
      </div>
    </div>
  );
}
