/** The question before a reply that was written without knowing what came meanwhile. Asked once; the new part stands in the thread above. */
import { ShieldAlert } from 'lucide-react';
import { useTexts } from '../i18n/use-texts.tsx';
import type { OpenThread } from '../store/open-thread.ts';
import { Button } from '../ui/button.tsx';
import styles from './guard-bar.module.css';

export function GuardBar({ thread, onSend, onReview }: { thread: OpenThread; onSend(): void; onReview(): void }) {
  const { t } = useTexts();
  const { messages, moved, conversation } = thread;
  const news = messages.filter((message) => moved?.ids.includes(message.id));
  const hasInbound = news.some((message) => message.direction === 'in');
  const colleague = news.findLast((message) => message.direction === 'out')?.author?.name;
  const text =
    colleague !== undefined ? t(hasInbound ? 'guard.both' : 'guard.colleague', { name: colleague }) : hasInbound ? t('guard.customer', { name: conversation.contact.name }) : t('guard.other');
  const isShown = moved !== null && moved.seenThrough !== null;
  return (
    <div className={styles['bar']} role="alert">
      <ShieldAlert size={16} aria-hidden="true" />
      <p>
        <strong>{isShown ? text : t('guard.reading')}</strong> {t('guard.safe')}
      </p>
      <div className={styles['decisions']}>
        <Button aria-disabled={!isShown} onClick={onSend}>
          {t('guard.send')}
        </Button>
        <Button look="quiet" onClick={onReview}>
          {t('guard.review')}
        </Button>
      </div>
    </div>
  );
}
