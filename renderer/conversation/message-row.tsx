import { Box, Contact, FileText, Headphones, History, Image, Info, MapPin, MessageSquareReply, Pencil, Reply, Smile, Sticker, Trash2, Video } from 'lucide-react';
import { memo } from 'react';
import type { Message } from '../../contract/entities.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { cx } from '../ui/cx.ts';
import { Tooltip } from '../ui/tooltip.tsx';
import { contentText, isKnownType, typeLabel, type KnownType } from './content-text.ts';
import { wordsOf } from '../../contract/whatsapp/content-words.ts';
import { DeliveryDetails } from './delivery-details.tsx';
import { FormattedText } from './formatted-text.tsx';
import { MessageNotice } from './message-notice.tsx';
import { DaySeparator, Separator } from './thread-separator.tsx';
import type { MessageThreadRow } from './thread-layout.ts';
import styles from './message-row.module.css';

type Props = MessageThreadRow & {
  isStart: boolean;
  /** The guard stopped a reply because of it. */
  isMoved: boolean;
  contactName: string;
  unreadCount: number;
  onReply(message: Message): void;
};

/** One row of the thread: the separators that begin with it, and its bubble. */
export const MessageRow = memo(function MessageRow({
  message,
  startsDay,
  startsConversation,
  startsUnread,
  startsGroup,
  endsGroup,
  isLate,
  isStart,
  isMoved,
  contactName,
  unreadCount,
  onReply,
}: Props) {
  const { t, format } = useTexts();
  const { direction, delivery, author } = message;
  const hasAuthorLine = startsGroup && direction === 'out' && !author?.isMe;
  const authorName = direction === 'in' ? contactName : author?.isMe ? t('thread.you') : (author?.name ?? t('thread.otherTool'));
  return (
    <div className={cx(styles['row'], startsGroup && styles['apart'])}>
      {isStart && <p className={styles['start']}>{t('thread.start')}</p>}
      {startsDay && <DaySeparator at={message.sentAt} />}
      {startsConversation && <Separator>{t('thread.conversationBreak')}</Separator>}
      {startsUnread && <Separator look="unread">{t('thread.unreadBreak', { count: unreadCount })}</Separator>}
      <article
        className={styles['message']}
        data-message-id={message.id}
        data-direction={direction}
        data-delivery={delivery ?? undefined}
        data-last={endsGroup || undefined}
        data-moved={isMoved || undefined}
        tabIndex={-1}
      >
        {hasAuthorLine && <p className={styles['author']}>{authorName}</p>}
        <div className={styles['line']}>
          <div className={styles['bubble']}>
            {!hasAuthorLine && <span className={cx('visually-hidden', styles['spoken'])}>{authorName}: </span>}
            {message.quoted && <Quote quoted={message.quoted} contactName={contactName} />}
            <Content content={message.content} />
            <span className={styles['meta']}>
              {isLate && <LateMark receivedAt={message.receivedAt} />}
              <time className="tabular" dateTime={new Date(message.sentAt).toISOString()} title={format.exact(message.sentAt)}>
                {format.clock(message.sentAt)}
              </time>
              {delivery && <DeliveryDetails messageId={message.id} delivery={delivery} timeline={message.timeline} />}
            </span>
          </div>
          <button type="button" className={styles['reply']} tabIndex={-1} aria-label={t('action.reply')} title={t('action.reply')} onClick={() => onReply(message)}>
            <Reply size={15} />
          </button>
        </div>
        {delivery && <MessageNotice message={message} />}
      </article>
    </div>
  );
});

function LateMark({ receivedAt }: { receivedAt: number }) {
  const { t, format } = useTexts();
  const label = t('thread.lateArrival', { at: format.short(receivedAt) });
  return (
    <Tooltip side="top" content={label}>
      <span className={styles['late']} role="img" aria-label={label}>
        <History size={12} strokeWidth={2} />
      </span>
    </Tooltip>
  );
}

function Quote({ quoted, contactName }: { quoted: NonNullable<Message['quoted']>; contactName: string }) {
  const { t } = useTexts();

  return (
    <blockquote className={styles['quote']}>
      {quoted.direction && <span className={styles['quoted-name']}>{quoted.direction === 'in' ? contactName : t('thread.quotedYou')}</span>}
      <span className={styles['quoted-text']}>{quoted.content ? contentText(quoted.content, t) : t('thread.quotedMissing')}</span>
    </blockquote>
  );
}

const ICONS: Record<KnownType, typeof Image> = {
  image: Image,
  video: Video,
  audio: Headphones,
  voice: Headphones,
  sticker: Sticker,
  document: FileText,
  location: MapPin,
  contacts: Contact,
  reaction: Smile,
  button: MessageSquareReply,
  interactive: MessageSquareReply,
  order: Box,
  template: FileText,
  system: Info,
  edit: Pencil,
  revoke: Trash2,
  unsupported: Info,
};
/** Their words are the message itself, so nothing is missing when only they are shown. */
const COMPLETE_IN_TEXT: ReadonlySet<string> = new Set(['button', 'interactive', 'reaction', 'system', 'edit', 'revoke', 'unsupported']);

function Content({ content }: { content: Message['content'] }) {
  const { t } = useTexts();
  if (content.kind === 'text') return <FormattedText text={content.text} />;
  const type = content.kind === 'other' ? content.type : content.kind;
  const words = wordsOf(content);
  const Icon = isKnownType(type) ? ICONS[type] : Info;
  return (
    <div className={styles['placeholder']}>
      <span className={styles['placeholder-icon']}>
        <Icon size={18} strokeWidth={1.75} aria-hidden="true" />
      </span>
      <div className={styles['placeholder-text']}>
        <span className={styles['placeholder-label']}>{typeLabel(type, t)}</span>
        {words !== null && <FormattedText text={words} />}
        {!COMPLETE_IN_TEXT.has(type) && <span className={styles['placeholder-hint']}>{t('content.notShown')}</span>}
      </div>
    </div>
  );
}
