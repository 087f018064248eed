import { ListChecks, MessageSquareReply } from 'lucide-react';
import { useTexts } from '../../i18n/use-texts.tsx';
import type { ContentOf } from './message-content.tsx';
import styles from './choice-content.module.css';

/** What the customer chose; what it answers stands above it as a quote. */
export function ChoiceContent({ content: { source, title, description } }: { content: ContentOf<'choice'> }) {
  const { t } = useTexts();
  const isRow = source === 'list_row';
  const Icon = isRow ? ListChecks : MessageSquareReply;
  return (
    <div className={styles['choice']}>
      <p className={styles['label']}>
        <Icon size={13} aria-hidden="true" />
        {t(isRow ? 'message.choseRow' : 'message.choseButton')}
      </p>
      <p dir="auto" className={styles['title']}>
        {title}
      </p>
      {description !== null && (
        <p dir="auto" className={styles['description']}>
          {description}
        </p>
      )}
    </div>
  );
}
