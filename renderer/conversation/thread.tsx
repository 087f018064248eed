/** The person's whole history as one scroll, over all their conversations. */
import { wordsOf } from '../../contract/whatsapp/content-words.ts';
import { ArrowDown, Copy, Reply, Route } from 'lucide-react';
import { useCallback, useMemo, useState, type MouseEvent } from 'react';
import { Virtualizer } from 'virtua';
import type { Message } from '../../contract/entities.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import type { OpenThread } from '../store/conversation-store.ts';
import { toMinute } from '../store/clock-store.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { ContextMenuArea, type MenuEntry } from '../ui/menu.tsx';
import { contentText } from './content-text.ts';
import { MessageRow } from './message-row.tsx';
import { NoteRow } from './note-row.tsx';
import { layoutThread } from './thread-layout.ts';
import { useMessageFocus } from './use-message-focus.ts';
import { usePaneFocus } from './use-pane-focus.ts';
import { useThreadScroll } from './use-thread-scroll.ts';
import styles from './thread.module.css';

export function Thread({ thread }: { thread: OpenThread }) {
  const { t, format } = useTexts();
  const { drafts, view } = useStores();
  const { conversation, messages, notes, firstUnreadId, unreadAtOpening, olderCursor, moved } = thread;
  const isLoadingOlder = useFrom('conversation', (state) => state.isLoadingOlder);
  const rows = useMemo(() => layoutThread(messages, { firstUnreadId, dayNumber: format.dayNumber, notes, hasAll: olderCursor === null }), [messages, notes, firstUnreadId, olderCursor, format]);
  const { scroller, list, isPrepend, onScroll, onScrollEnd, onResize, toBottom, isAway, newBelow, dayAbove, isMoving } = useThreadScroll(thread, rows);
  usePaneFocus('thread', conversation.id, scroller);

  const reply = useCallback(
    (message: Message) => {
      drafts.getState().setMode(conversation.id, 'reply');
      drafts.getState().setQuoted(conversation.id, { id: message.id, direction: message.direction, text: contentText(message.content, t) });
      view.getState().focusComposer();
    },
    [drafts, view, conversation.id, t],
  );
  const focus = useMessageFocus({ scroller, list, rows, onReply: reply, onEscape: () => view.getState().focusComposer() });

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
        { label: t('action.copyText'), icon: <Copy size={15} />, isDisabled: wordsOf(menuMessage.content) === null, run: () => void navigator.clipboard.writeText(wordsOf(menuMessage.content) ?? '') },
        ...(menuMessage.direction === 'out' ? [{ label: t('diagnostics.story.open'), icon: <Route size={15} />, run: () => view.getState().showStory(menuMessage.id) }] : []),
      ]
    : [];

  return (
    <div className={styles['thread']}>
      <ContextMenuArea entries={menu} onOpenChange={(isOpen) => !isOpen && setMenuMessage(null)}>
        <div
          className={styles['scroller']}
          ref={scroller}
          role="log"
          aria-live="off"
          aria-label={t('thread.label', { name: conversation.contact.name })}
          tabIndex={0}
          onContextMenuCapture={pickMenuMessage}
          onKeyDown={focus.onKeyDown}
        >
          <div className={styles['spring']} />
          <Virtualizer ref={list} data={rows} shift={isPrepend} scrollRef={scroller} onScroll={onScroll} onScrollEnd={onScrollEnd} onResize={onResize} keepMounted={focus.keepMounted} bufferSize={400}>
            {(row, index) => {
              const isStart = index === 0 && olderCursor === null;
              return row.kind === 'note' ? (
                <NoteRow key={row.id} {...row} isStart={isStart} />
              ) : (
                <MessageRow
                  key={row.id}
                  {...row}
                  isStart={isStart}
                  isMoved={moved?.ids.includes(row.id) ?? false}
                  contactName={conversation.contact.name}
                  unreadCount={unreadAtOpening}
                  onReply={reply}
                />
              );
            }}
          </Virtualizer>
          <div className={styles['foot']} />
        </div>
      </ContextMenuArea>
      {dayAbove !== null && <FloatingDay at={dayAbove} isShown={isMoving && isAway} />}
      {isLoadingOlder && (
        <p className={styles['loading']} role="status">
          {t('thread.loadingOlder')}
        </p>
      )}
      {isAway && (
        <div className={styles['below']}>
          <button type="button" className={styles['latest']} aria-label={newBelow > 0 ? t('thread.newBelow', { count: newBelow }) : t('thread.latest')} onClick={toBottom}>
            <ArrowDown size={16} />
            {newBelow > 0 && <span>{t('thread.newBelow', { count: newBelow })}</span>}
          </button>
        </div>
      )}
      <Announcer messages={messages} name={conversation.contact.name} />
    </div>
  );
}

function FloatingDay({ at, isShown }: { at: number; isShown: boolean }) {
  const { format } = useTexts();
  const now = useFrom('clock', toMinute);
  return (
    <div className={styles['day']} data-shown={isShown || undefined} aria-hidden="true">
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
