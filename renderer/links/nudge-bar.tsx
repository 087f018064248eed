/**
 * The question before a conversation without a request is answered or ended, although one fits. One key links, one goes on without;
 * Escape goes back with nothing done. What was asked is not asked again (`links-store.ts`).
 */
import { Link2 } from 'lucide-react';
import { useEffect, useRef, type KeyboardEvent } from 'react';
import { useTexts } from '../i18n/use-texts.tsx';
import type { Nudge } from '../store/links-store.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { shownReference } from './request-chip.tsx';
import { useKeyNames } from '../commands/use-commands.ts';
import { KeyName } from '../ui/key-name.tsx';
import { returnFocus } from '../ui/return-focus.ts';
import styles from './nudge-bar.module.css';

export function NudgeBar({ conversationId }: { conversationId: string }) {
  const nudge = useFrom('links', (state) => (state.nudge?.conversationId === conversationId ? state.nudge : null));
  return nudge && <Question nudge={nudge} />;
}

function Question({ nudge: { intent, suggestion } }: { nudge: Nudge }) {
  const { t } = useTexts();
  const { links, view } = useStores();
  const { isKey } = useKeyNames();
  const link = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    link.current?.focus();
    // It may also go without an answer, when a colleague has linked the request.
    return () => returnFocus(before);
  }, []);
  const reference = shownReference(suggestion.request.reference, t);

  function answer(how: 'link' | 'without' | 'back'): void {
    links.getState().answer(how);
    if (intent === 'reply' || how === 'back') view.getState().focusComposer();
  }
  function onKeyDown(event: KeyboardEvent): void {
    const { nativeEvent } = event;
    // The Enter that sent the reply may still be held down.
    if (event.key === 'Enter' && event.repeat) event.preventDefault();
    const how = isKey('linkRequest', nativeEvent) ? 'link' : isKey('withoutRequest', nativeEvent) ? 'without' : isKey('back', nativeEvent) ? 'back' : null;
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
        <Button ref={link} look="primary" command="linkRequest" onClick={() => answer('link')}>
          {t(`requestLinks.nudge.link.${intent}`)} <KeyName command="linkRequest" />
        </Button>
        <Button command="withoutRequest" onClick={() => answer('without')}>
          {t(`requestLinks.nudge.without.${intent}`)} <KeyName command="withoutRequest" />
        </Button>
        <Button look="quiet" command="back" onClick={() => answer('back')}>
          {t('requestLinks.nudge.back')} <kbd>Esc</kbd>
        </Button>
      </div>
    </div>
  );
}
