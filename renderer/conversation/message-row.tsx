import { EllipsisVertical, Paperclip, Reply, SmilePlus } from 'lucide-react';
import { memo, use, type MouseEvent } from 'react';
import type { Message } from '../../contract/entities.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { shownReference } from '../links/request-chip.tsx';
import { useStores } from '../ui/app-context.tsx';
import { cx } from '../ui/cx.ts';
import { MessageContentView } from './content/message-content.tsx';
import { DeliveryDetails } from './delivery-details.tsx';
import { AiMark, EditedMark, LateMark, MessageMarks } from './message-marks.tsx';
import { MessageNotice } from './message-notice.tsx';
import { Quote } from './quote.tsx';
import { canReact } from './reaction-text.ts';
import { Reactions } from './reactions.tsx';
import { systemLine } from './system-line.ts';
import { ThreadPaintedContext, useThreadActions } from './thread-actions.tsx';
import { DaySeparator, Separator } from './thread-separator.tsx';
import type { MessageThreadRow } from './thread-layout.ts';
import styles from './message-row.module.css';

type Props = MessageThreadRow & {
  isStart: boolean;
  /** The guard stopped a reply because of it. */
  isMoved: boolean;
  contactName: string;
  unreadCount: number;
  /** Whether it is among the chosen messages; undefined: none is being chosen, or not here. */
  isPicked?: boolean | undefined;
};

/** One row of the thread: the separators that begin with it, and its bubble. */
export const MessageRow = memo(function MessageRow({ message, startsDay, startsConversation, startsUnread, startsGroup, endsGroup, isStart, isMoved, contactName, unreadCount, isPicked }: Props) {
  const { t } = useTexts();
  const { direction, author, origin, ai } = message;
  const isAutomatic = ai?.isAutomatic ?? false;
  const who =
    direction === 'in'
      ? contactName
      : isAutomatic
        ? t('message.ai.automatic')
        : author?.isMe
          ? t('thread.you')
          : (author?.name ?? (origin === 'phone_app' ? t('message.fromPhone') : t('thread.otherTool')));
  const line = systemLine(message, who, t);
  return (
    <div className={cx(styles['row'], startsGroup && styles['apart'])} data-picked={isPicked}>
      {isPicked !== undefined && <span className={styles['check']} role="checkbox" tabIndex={-1} aria-checked={isPicked} aria-label={t('picked.check')} />}
      {isStart && <p className={styles['start']}>{t('thread.start')}</p>}
      {startsDay && <DaySeparator at={message.sentAt} />}
      {startsConversation && <Separator>{t('thread.conversationBreak')}</Separator>}
      {startsUnread && <Separator look="unread">{t('thread.unreadBreak', { count: unreadCount })}</Separator>}
      {line === null ? (
        <Bubble
          message={message}
          who={who}
          contactName={contactName}
          hasAuthorLine={startsGroup && direction === 'out' && !author?.isMe && !isAutomatic && origin !== 'phone_app'}
          endsGroup={endsGroup}
          isMoved={isMoved}
        />
      ) : (
        <Line message={message} text={line} />
      )}
    </div>
  );
});

/** As wide as `.tools button`. */
const TOOL_PX = 26;

type BubbleProps = { message: Message; who: string; contactName: string; hasAuthorLine: boolean; endsGroup: boolean; isMoved: boolean };

function Bubble({ message, who, contactName, hasAuthorLine, endsGroup, isMoved }: BubbleProps) {
  const { delivery, content, file } = message;
  const { isReadOnly = false } = useThreadActions();
  const isBare = content.kind === 'sticker' && file?.state === 'here' && message.quoted === null;
  return (
    <article
      className={styles['message']}
      data-message-id={message.id}
      data-direction={message.direction}
      data-kind={content.kind}
      data-delivery={delivery ?? undefined}
      data-automatic={message.ai?.isAutomatic || undefined}
      data-last={endsGroup || undefined}
      data-moved={isMoved || undefined}
      tabIndex={-1}
    >
      {hasAuthorLine && (
        <p className={styles['author']}>
          <bdi>{who}</bdi>
        </p>
      )}
      <div className={styles['line']}>
        <div className={styles['bubble']} data-look={isBare ? 'bare' : undefined}>
          {!hasAuthorLine && <span className={cx('visually-hidden', styles['spoken'])}>{who}: </span>}
          <MessageMarks message={message} />
          {message.quoted && <Quote quoted={message.quoted} contactName={contactName} />}
          <MessageContentView message={message} who={who} />
          {message.requests.length > 0 && <RequestMarks requests={message.requests} />}
          <Meta message={message} />
        </div>
        {!isReadOnly && <Tools message={message} />}
      </div>
      <Reactions message={message} contactName={contactName} />
      {delivery && !isReadOnly && <MessageNotice message={message} />}
    </article>
  );
}

function RequestMarks({ requests }: Pick<Message, 'requests'>) {
  const { t } = useTexts();
  const { view } = useStores();
  return (
    <div className={styles['requests']}>
      {requests.map(({ id, reference }) => {
        const name = shownReference(reference, t);
        return (
          <button
            key={id}
            type="button"
            tabIndex={-1}
            title={t('picked.inRequest', { reference: name })}
            aria-label={t('picked.inRequest', { reference: name })}
            onClick={() => view.getState().showRequest(id)}
          >
            <Paperclip size={11} aria-hidden="true" />
            {name}
          </button>
        );
      })}
    </div>
  );
}

function Meta({ message }: { message: Message }) {
  const { format } = useTexts();
  const { id, sentAt, receivedAt, isLate, delivery, timeline } = message;
  return (
    <span className={styles['meta']}>
      <AiMark message={message} />
      <EditedMark message={message} />
      <time className="tabular" dateTime={new Date(sentAt).toISOString()} title={format.exact(sentAt)}>
        {format.clock(sentAt)}
      </time>
      {isLate && <LateMark sentAt={sentAt} receivedAt={receivedAt} />}
      {delivery && <DeliveryDetails messageId={id} delivery={delivery} timeline={timeline} />}
    </span>
  );
}

/** For the pointer; the keyboard has R, + and the menu key on the message itself. Nobody can press them before they have seen the message: it is painted first. */
function Tools({ message }: { message: Message }) {
  const { t } = useTexts();
  const { reply, react } = useThreadActions();
  const isPainted = use(ThreadPaintedContext);
  if (!isPainted) return <div className={styles['tools']} style={{ width: (canReact(message) ? 3 : 2) * TOOL_PX, height: TOOL_PX }} />;
  return (
    <div className={styles['tools']}>
      <button type="button" tabIndex={-1} aria-label={t('action.reply')} title={t('action.reply')} onClick={() => reply(message)}>
        <Reply size={15} />
      </button>
      {canReact(message) && (
        <button type="button" tabIndex={-1} aria-label={t('message.react')} title={t('message.react')} onClick={(event) => react(message, event.currentTarget)}>
          <SmilePlus size={15} />
        </button>
      )}
      <button type="button" tabIndex={-1} aria-label={t('message.more')} title={t('message.more')} onClick={openMenu}>
        <EllipsisVertical size={15} />
      </button>
    </div>
  );
}

/** There is one menu for the whole thread, which the other mouse button opens too. */
function openMenu(event: MouseEvent<HTMLElement>): void {
  const { left, bottom } = event.currentTarget.getBoundingClientRect();
  document.getSelection()?.removeAllRanges();
  event.currentTarget.dispatchEvent(new window.MouseEvent('contextmenu', { bubbles: true, cancelable: true, clientX: left, clientY: bottom }));
}

function Line({ message, text }: { message: Message; text: string }) {
  const { format } = useTexts();
  return (
    <article className={styles['system']} data-message-id={message.id} data-kind={message.content.kind} tabIndex={-1}>
      <p>
        <bdi>{text}</bdi>
        <time className="tabular" dateTime={new Date(message.sentAt).toISOString()} title={format.exact(message.sentAt)}>
          {format.clock(message.sentAt)}
        </time>
      </p>
      {message.delivery && <MessageNotice message={message} />}
    </article>
  );
}
