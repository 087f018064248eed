/** One result: a person, or what was written, with the words that were found marked. */
import { StickyNote } from 'lucide-react';
import type { SearchHit, Snippet } from '../../contract/entities.ts';
import { contentText } from '../conversation/content-text.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { toMinute } from '../store/clock-store.ts';
import type { SearchAnswer } from '../store/search-store.ts';
import { useFrom } from '../ui/app-context.tsx';
import { Avatar } from '../ui/avatar.tsx';
import styles from './hit-row.module.css';

export function PersonRow({ person: { contact, status, snippet } }: { person: SearchAnswer['people'][number] }) {
  const { t } = useTexts();
  const isNameMarked = snippet.map(({ text }) => text).join('') === contact.name;
  return (
    <div className={styles['person']}>
      <Avatar id={contact.id} name={contact.name} size={32} />
      <div className={styles['lines']}>
        <div className={styles['line']}>
          <bdi className={styles['name']}>{isNameMarked ? <Marked snippet={snippet} /> : contact.name}</bdi>
          {status !== 'active' && <span className={styles['status']}>{t(status === 'archived' ? 'search.statusArchived' : 'search.statusClosed')}</span>}
        </div>
        <span className={styles['second']}>{isNameMarked ? (contact.phone ?? (contact.username === null ? '' : `@${contact.username}`)) : <Marked snippet={snippet} />}</span>
      </div>
    </div>
  );
}

export function HitRow({ hit: { kind, contact, direction, author, at, content, snippet } }: { hit: SearchHit }) {
  const { t, format } = useTexts();
  const now = useFrom('clock', toMinute);
  const who = author?.isMe ? t('search.you') : (author?.name ?? t('search.otherTool'));
  return (
    <div className={styles['lines']}>
      <div className={styles['line']}>
        <bdi className={styles['name']}>{contact.name}</bdi>
        <time className={styles['time']} dateTime={new Date(at).toISOString()} title={format.exact(at)}>
          {format.relative(at, now)}
        </time>
      </div>
      <p className={styles['text']} dir="auto">
        {kind === 'note' && (
          <span className={styles['note']}>
            <StickyNote size={12} aria-hidden="true" />
            {t('search.noteBy', { who })}:{' '}
          </span>
        )}
        {direction === 'out' && <span className={styles['who']}>{who}: </span>}
        {snippet.length > 0 ? <Marked snippet={snippet} /> : content && contentText(content, t)}
      </p>
    </div>
  );
}

const Marked = ({ snippet }: { snippet: Snippet }) => snippet.map(({ text, isMatch }, index) => (isMatch ? <mark key={index}>{text}</mark> : <span key={index}>{text}</span>));
