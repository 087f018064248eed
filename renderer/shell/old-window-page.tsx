/** The page of a window whose program was started anew. With a lock only the program keeps what is typed: what it never got is here alone, to be copied. */
import { useState } from 'react';
import { useTexts } from '../i18n/use-texts.tsx';
import type { DraftsState } from '../store/drafts-store.ts';
import { useFrom } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { RefusedPage } from './page.tsx';
import styles from './page.module.css';

export function OldWindowPage() {
  const { t } = useTexts();
  const isLockOn = useFrom('lock', (lock) => lock.isOn);
  const drafts = useFrom('drafts', (state) => state.drafts);
  if (!isLockOn) return <RefusedPage />;
  const unsaved = listUnsaved(drafts);
  if (unsaved.length === 0) return <RefusedPage kept={t('page.refusedLocked')} />;
  return (
    <RefusedPage kept={t('page.refusedUnsaved')}>
      {unsaved.map(({ conversationId, text }) => (
        <Unsaved key={conversationId} text={text} />
      ))}
    </RefusedPage>
  );
}

function Unsaved({ text }: { text: string }) {
  const { t } = useTexts();
  const [isCopied, setCopied] = useState(false);
  return (
    <div className={styles['unsaved']}>
      <p>{text}</p>
      <Button onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}>{t(isCopied ? 'action.copied' : 'action.copyText')}</Button>
    </div>
  );
}

/** What was typed or sent, and the engine never took. */
const listUnsaved = (drafts: DraftsState['drafts']): { conversationId: string; text: string }[] =>
  Object.entries(drafts)
    .map(([conversationId, { text, attempts, isSaved }]) => ({
      conversationId,
      text: [...attempts.map((attempt) => attempt.text), ...(isSaved ? [] : [text])].filter((part) => part.trim() !== '').join('\n\n'),
    }))
    .filter(({ text }) => text !== '');
