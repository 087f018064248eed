import { memo } from 'react';
import type { ConversationSummary } from '../../contract/entities.ts';
import { contentText } from '../conversation/content-text.ts';
import { Ticks } from '../conversation/ticks.tsx';
import { useServiceWindow } from '../conversation/window-pill.tsx';
import { useTexts } from '../i18n/use-texts.tsx';
import type { Translate } from '../i18n/i18n.ts';
import { toMinute } from '../store/clock-store.ts';
import { useFrom } from '../ui/app-context.tsx';
import { Avatar } from '../ui/avatar.tsx';
import styles from './conversation-row.module.css';

type Props = { row: ConversationSummary; index: number; isOpen: boolean; isTabStop: boolean; setSize: number; onOpen(id: string): void; onFocus(index: number): void };

export const ConversationRow = memo(function ConversationRow({ row, index, isOpen, isTabStop, setSize, onOpen, onFocus }: Props) {
  const { t, format } = useTexts();
  const now = useFrom('clock', toMinute);
  const draft = useFrom('drafts', (state) => (isOpen ? '' : (state.drafts[row.id]?.text.trim() ?? '')));
  const { contact, lastMessage, unread } = row;
  return (
    <div
      className={styles['row']}
      role="option"
      aria-selected={isOpen}
      aria-posinset={index + 1}
      aria-setsize={setSize}
      data-index={index}
      data-id={row.id}
      data-unread={unread > 0 || undefined}
      tabIndex={isTabStop ? 0 : -1}
      onClick={() => onOpen(row.id)}
      onFocus={() => onFocus(index)}
    >
      <Avatar id={contact.id} name={contact.name} />
      <div className={styles['lines']}>
        <div className={styles['line']}>
          <bdi className={styles['name']}>{contact.name}</bdi>
          <WindowDot window={row.window} />
          {lastMessage && (
            <time className={styles['time']} dateTime={new Date(lastMessage.at).toISOString()} title={format.exact(lastMessage.at)}>
              {format.relative(lastMessage.at, now)}
            </time>
          )}
        </div>
        <div className={styles['line']}>
          {draft === '' ? (
            <>
              {lastMessage?.delivery && <Ticks delivery={lastMessage.delivery} size={14} />}
              <span className={styles['preview']} dir="auto">
                {lastMessage ? previewOf(lastMessage, t) : t('inbox.noMessages')}
              </span>
            </>
          ) : (
            <span className={styles['preview']}>
              <span className={styles['draft']}>{t('inbox.draft')}</span> {draft}
            </span>
          )}
          {unread > 0 && (
            <span className={styles['unread']} aria-label={t('inbox.unread', { count: unread })}>
              {unread > 99 ? '99+' : unread}
            </span>
          )}
        </div>
      </div>
    </div>
  );
});

function previewOf({ direction, author, content }: NonNullable<ConversationSummary['lastMessage']>, t: Translate): string {
  const text = contentText(content, t);
  if (direction === 'in') return text;
  const who = author?.isMe ? t('inbox.you') : author?.name;
  return who === undefined ? text : `${who}: ${text}`;
}

function WindowDot({ window }: { window: ConversationSummary['window'] }) {
  const { t, format } = useTexts();
  const { state, tone, leftMs } = useServiceWindow(window.closesAt);
  const label = t(`window.${state}`, { left: format.left(leftMs) });
  return <span className={styles['dot']} data-tone={tone} role="img" aria-label={label} title={label} />;
}
