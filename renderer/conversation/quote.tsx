/** What a message answers; leads there. */
import type { Message } from '../../contract/entities.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { thumbnailOf } from '../media/message-file.ts';
import { shownPart } from '../store/open-thread.ts';
import { useFrom } from '../ui/app-context.tsx';
import { ContentIcon } from './content-icon.tsx';
import { kindLabel, previewWords } from './content-text.ts';
import { useThreadActions } from './thread-actions.tsx';
import styles from './quote.module.css';

type Quoted = NonNullable<Message['quoted']>;

export function Quote({ quoted, contactName }: { quoted: Quoted; contactName: string }) {
  const { t } = useTexts();
  const { jumpTo } = useThreadActions();
  const { id, content } = quoted;
  if (id === null || content === null) {
    return (
      <blockquote className={styles['quote']} data-missing="">
        {content ? <Words quoted={quoted} contactName={contactName} /> : null}
        <span className={styles['words']}>{t('message.quoteMissing')}</span>
      </blockquote>
    );
  }
  return (
    <blockquote>
      <button type="button" className={styles['quote']} data-main="" title={t('message.quoteJump')} onClick={() => jumpTo(id)}>
        <Words quoted={quoted} contactName={contactName} />
        <Thumbnail id={id} content={content} />
      </button>
    </blockquote>
  );
}

function Words({ quoted: { direction, author, content }, contactName }: { quoted: Quoted; contactName: string }) {
  const { t } = useTexts();
  const who = direction === null ? null : direction === 'in' ? contactName : author?.isMe ? t('thread.you') : (author?.name ?? t('thread.quotedYou'));
  const words = content && previewWords(content, t);
  return (
    <span className={styles['said']}>
      {who !== null && <bdi className={styles['who']}>{who}</bdi>}
      {content && (
        <span className={styles['words']} dir="auto">
          <ContentIcon content={content} size={13} label={words === null ? null : kindLabel(content, t)} />
          {words ?? kindLabel(content, t)}
        </span>
      )}
    </span>
  );
}

/** Of a picture that the thread holds: whether there is a small one is known only of those. */
function Thumbnail({ id, content }: { id: string; content: NonNullable<Quoted['content']> }) {
  const src = useFrom('conversation', ({ thread }) => thumbnailOf(content, (thread && shownPart(thread).messages.find((message) => message.id === id)?.file) ?? null));
  return src === null ? null : <img className={styles['thumbnail']} src={src} alt="" decoding="async" />;
}
