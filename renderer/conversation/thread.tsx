/**
 * The person's whole history as one scroll. Invariants: it starts at the first unread message or at the bottom; older
 * messages are added above and newer ones below without moving what is being read; it follows the bottom only while
 * the bottom is in view.
 */
import { ArrowDown, Copy, Reply } from 'lucide-react';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type MouseEvent } from 'react';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import type { Message } from '../../contract/entities.ts';
import { useTexts } from '../i18n/use-texts.ts';
import type { OpenThread } from '../store/conversation-store.ts';
import { toMinute } from '../store/clock-store.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { ContextMenuArea, type MenuEntry } from '../ui/menu.tsx';
import { contentText } from './content-text.ts';
import { MessageRow } from './message-row.tsx';
import { layoutThread } from './thread-layout.ts';
import { useMessageFocus } from './use-message-focus.ts';
import { useSeen } from './use-seen.ts';
import styles from './thread.module.css';

/** Nearer to an end than this counts as being there. */
const BOTTOM_SLACK_PX = 32;
const LOAD_OLDER_WITHIN_PX = 900;
/** Room below the last bubble (`.foot`). */
const FOOT_PX = 14;
/** What stays in view above the first unread message. */
const ABOVE_UNREAD_PX = 56;
/** By then the rows of the first paint have their real heights. */
const MEASURED_WITHIN_MS = 100;

export function Thread({ thread }: { thread: OpenThread }) {
  const { t, format } = useTexts();
  const { conversation: store, drafts, view } = useStores();
  const { conversation, messages, firstUnreadId, olderCursor } = thread;
  const isLoadingOlder = useFrom('conversation', (state) => state.isLoadingOlder);
  const rows = useMemo(() => layoutThread(messages, { firstUnreadId, dayNumber: format.dayNumber }), [messages, firstUnreadId, format]);
  const [unreadAtOpening] = useState(conversation.unread);

  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  const isAtBottom = useRef(true);
  const [isAway, setAway] = useState(false);
  const [dayAbove, setDayAbove] = useState<number | null>(null);
  const lastId = messages.at(-1)?.id ?? null;
  /** Up to where the agent has been at the bottom. */
  const [reachedId, setReachedId] = useState(() => (firstUnreadId === null ? lastId : idBefore(messages, firstUnreadId)));
  const seen = useSeen(isAtBottom);

  const toBottom = useCallback(() => {
    const size = list.current ? store.getState().thread?.messages.length : 0;
    if (size) list.current?.scrollToIndex(size - 1, { align: 'end', offset: FOOT_PX });
  }, [store]);

  const isPrepend = useIsPrepend(messages);

  const measure = useCallback(() => {
    const handle = list.current;
    if (!handle) return;
    isAtBottom.current = handle.scrollSize - handle.viewportSize - handle.scrollOffset < BOTTOM_SLACK_PX;
    setAway(!isAtBottom.current);
    if (!isAtBottom.current) return;
    setReachedId(store.getState().thread?.messages.at(-1)?.id ?? null);
    seen();
  }, [store, seen]);

  // Where reading begins: once, before the first paint.
  const hasStarted = useRef(false);
  useLayoutEffect(() => {
    if (hasStarted.current || rows.length === 0) return;
    hasStarted.current = true;
    const unreadAt = rows.findIndex((row) => row.startsUnread);
    if (unreadAt === -1) return toBottom();
    isAtBottom.current = false;
    list.current?.scrollToIndex(unreadAt, { align: 'start', offset: -ABOVE_UNREAD_PX });
  }, [rows, toBottom]);

  useLayoutEffect(() => {
    if (!isAtBottom.current) return;
    toBottom();
    setReachedId(lastId);
    seen();
  }, [lastId, thread, toBottom, seen]);

  const onScroll = useCallback(
    (offset: number) => {
      const handle = list.current;
      if (!handle) return;
      measure();
      if (offset < LOAD_OLDER_WITHIN_PX) store.getState().loadOlder();
      const top = handle.findItemIndex(offset);
      const row = rows[top];
      const isOwnSeparatorVisible = row?.startsDay === true && offset - handle.getItemOffset(top) < 24;
      setDayAbove(row && !isOwnSeparatorVisible && offset > 0 ? row.message.sentAt : null);
    },
    [rows, store, measure],
  );
  const onResize = useCallback(() => {
    if (isAtBottom.current) toBottom();
  }, [toBottom]);

  // A thread that fits the window never scrolls, so nothing else would tell that its bottom is in view.
  useEffect(() => {
    const timer = setTimeout(() => {
      if (!isAtBottom.current) measure();
    }, MEASURED_WITHIN_MS);
    return () => clearTimeout(timer);
  }, [rows, measure]);

  // A first page that does not fill the window asks for more by itself.
  useEffect(() => {
    const handle = list.current;
    if (handle && olderCursor !== null && handle.scrollSize < handle.viewportSize + LOAD_OLDER_WITHIN_PX) store.getState().loadOlder();
  }, [rows, olderCursor, store]);

  const reply = useCallback(
    (message: Message) => {
      drafts.getState().setQuoted(conversation.id, message.id);
      view.getState().focusComposer();
    },
    [drafts, view, conversation.id],
  );
  const focus = useMessageFocus({ scroller, list, messages, onReply: reply, onEscape: () => view.getState().focusComposer() });

  const [menuMessage, setMenuMessage] = useState<Message | null>(null);
  const pickMenuMessage = (event: MouseEvent): void => {
    const id = (event.target as Element).closest('[data-message-id]')?.getAttribute('data-message-id');
    const message = messages.find((candidate) => candidate.id === id) ?? null;
    // Selected text and the space between bubbles keep the system's own menu.
    if (!message || !document.getSelection()?.isCollapsed) event.stopPropagation();
    setMenuMessage(message);
  };
  const menu: MenuEntry[] = menuMessage
    ? [
        { label: t('action.reply'), icon: <Reply size={15} />, keys: 'R', run: () => reply(menuMessage) },
        { label: t('action.copyText'), icon: <Copy size={15} />, isDisabled: menuMessage.content.text === null, run: () => void navigator.clipboard.writeText(menuMessage.content.text ?? '') },
      ]
    : [];

  const below = isAway ? countInboundAfter(messages, reachedId) : 0;

  return (
    <div className={styles['thread']}>
      <ContextMenuArea entries={menu} onOpenChange={(isOpen) => !isOpen && setMenuMessage(null)}>
        <div className={styles['scroller']} ref={scroller} role="log" aria-live="off" aria-label={t('thread.label', { name: conversation.contact.name })} tabIndex={0} onContextMenuCapture={pickMenuMessage} onKeyDown={focus.onKeyDown}>
          <div className={styles['spring']} />
          <Virtualizer ref={list} data={rows} shift={isPrepend} scrollRef={scroller} onScroll={onScroll} onResize={onResize} keepMounted={focus.keepMounted} bufferSize={400}>
            {(row, index) => <MessageRow key={row.message.id} {...row} isStart={index === 0 && olderCursor === null} contactName={conversation.contact.name} unreadCount={unreadAtOpening} onReply={reply} />}
          </Virtualizer>
          <div className={styles['foot']} />
        </div>
      </ContextMenuArea>
      {dayAbove !== null && <FloatingDay at={dayAbove} />}
      {isLoadingOlder && (
        <p className={styles['loading']} role="status">
          {t('thread.loadingOlder')}
        </p>
      )}
      {isAway && (
        <button type="button" className={styles['latest']} aria-label={below > 0 ? t('thread.newBelow', { count: below }) : t('thread.latest')} onClick={toBottom}>
          <ArrowDown size={16} />
          {below > 0 && <span>{t('thread.newBelow', { count: below })}</span>}
        </button>
      )}
      <Announcer messages={messages} name={conversation.contact.name} />
    </div>
  );
}

function FloatingDay({ at }: { at: number }) {
  const { format } = useTexts();
  const now = useFrom('clock', toMinute);
  return (
    <div className={styles['day']} aria-hidden="true">
      {format.day(at, now)}
    </div>
  );
}

/** Reads new messages of the customer out, politely; what was there on opening stays silent. */
function Announcer({ messages, name }: { messages: readonly Message[]; name: string }) {
  const { t } = useTexts();
  const [lastIdAtOpening] = useState(messages.at(-1)?.id);
  const last = messages.at(-1);
  const isNew = last !== undefined && last.id !== lastIdAtOpening && last.direction === 'in';
  return (
    <p className="visually-hidden" aria-live="polite">
      {isNew ? t('thread.announceNew', { name, text: contentText(last.content, t) }) : ''}
    </p>
  );
}

/** True in the one render in which messages were added above the ones that were there. */
function useIsPrepend(messages: readonly Message[]): boolean {
  const [previous, setPrevious] = useState({ messages, isPrepend: false });
  if (previous.messages !== messages) {
    const firstId = previous.messages[0]?.id;
    const isPrepend = firstId !== undefined && firstId !== messages[0]?.id && messages.some((message) => message.id === firstId);
    setPrevious({ messages, isPrepend });
    return isPrepend;
  }
  return previous.isPrepend;
}

const idBefore = (messages: readonly Message[], id: string): string | null => messages[messages.findIndex((message) => message.id === id) - 1]?.id ?? null;

function countInboundAfter(messages: readonly Message[], id: string | null): number {
  const at = messages.findLastIndex((message) => message.id === id);
  return messages.slice(at + 1).filter((message) => message.direction === 'in').length;
}
