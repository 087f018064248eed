/** The person's whole history as one scroll, over all their conversations. */
import { wordsOf } from '../../contract/whatsapp/content-words.ts';
import { ArrowDown, ArrowUp, BookOpenText, Braces, CircleHelp, Copy, Download, FolderPlus, Forward, Link, Reply, Route, SmilePlus, SquareCheck, StickyNote } from 'lucide-react';
import { lazy, Suspense, useDeferredValue, useMemo, useState, type MouseEvent } from 'react';
import { Virtualizer } from 'virtua';
import type { Message } from '../../contract/entities.ts';
import { useKeyNames } from '../commands/use-commands.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { shownPart, type OpenThread } from '../store/open-thread.ts';
import { toMinute } from '../store/clock-store.ts';
import { useCopyLink } from '../shell/use-copy-link.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { ContextMenuArea, type MenuEntry } from '../ui/menu.tsx';
import { saveUrlOf } from '../media/message-file.ts';
import { contentText, kindLabel } from './content-text.ts';
import { DatePopover } from './date-popover.tsx';
import { EventsRow } from './events-row.tsx';
import { MessageRow } from './message-row.tsx';
import { NoteRow } from './note-row.tsx';
import { canReact } from './reaction-text.ts';
import { isPickable, pickedOf } from '../store/picked-store.ts';
import { canAttachMessages, isTriageOn } from '../store/session-store.ts';
import { usePickedWords } from '../picked/use-picked-words.ts';
import { ReactionPopover } from './reaction-popover.tsx';
import { useRowHeights, type RowHeights } from './row-heights.ts';
import { ThreadActionsContext, ThreadPaintedContext, type ThreadActions } from './thread-actions.tsx';
import { layoutThread } from './thread-layout.ts';
import { useMessageFocus } from './use-message-focus.ts';
import { useFoundMarks } from './use-found-marks.ts';
import { useJumpMark } from './use-jump-mark.ts';
import { usePaneFocus } from './use-pane-focus.ts';
import { useThreadScroll } from './use-thread-scroll.ts';
import { VersionsPopover } from './versions-popover.tsx';
import styles from './thread.module.css';

const WhyDialog = lazy(() => import('../ai/why-dialog.tsx').then((module) => ({ default: module.WhyDialog })));
const RawEventDialog = lazy(() => import('./raw-event-dialog.tsx').then((module) => ({ default: module.RawEventDialog })));

/** Mounted above and below what is seen, px. */
const MOUNTED_BEYOND_PX = 400;

/** What is open beside a message. */
type Beside = { kind: 'reactions' | 'versions'; messageId: string; anchor: HTMLElement };

export function Thread({ thread, heights }: { thread: OpenThread; heights: RowHeights }) {
  const { t, format } = useTexts();
  const { ariaOf, keysOf } = useKeyNames();
  const { conversation: store, drafts, view, knowledgeOpen, picked: pickedStore } = useStores();
  const { conversation, notes, events, firstUnreadId, unreadAtOpening, moved } = thread;
  const { messages, olderCursor } = shownPart(thread);
  const hasEnd = thread.passage === null;
  const isLoadingOlder = useFrom('conversation', (state) => state.isLoadingOlder);
  const showsEvents = useFrom('preferences', (state) => state.showsEvents);
  const rows = useMemo(
    () => layoutThread(messages, { firstUnreadId, dayNumber: format.dayNumber, notes, events: showsEvents ? events : [], hasAll: olderCursor === null, hasEnd }),
    [messages, notes, events, showsEvents, firstUnreadId, olderCursor, hasEnd, format],
  );
  const { scroller, list, isPrepend, onScroll, onScrollEnd, onResize, toEnd, isAway, newBelow, dayAbove, isMoving, isUnreadAbove } = useThreadScroll(thread, rows);
  usePaneFocus('thread', conversation.id, scroller);
  const cache = useRowHeights(heights, conversation.id, rows, list);
  // First what is seen.
  const isPainted = useDeferredValue(true, false);

  const [beside, setBeside] = useState<Beside | null>(null);
  const [pickingDay, setPickingDay] = useState<{ at: number; anchor: HTMLElement } | null>(null);
  const [rawId, setRawId] = useState<string | null>(null);
  const [whyRunId, setWhyRunId] = useState<string | null>(null);
  const actions = useMemo<ThreadActions>(
    () => ({
      reply: (message) => {
        drafts.getState().setMode(conversation.id, 'reply');
        drafts.getState().setQuoted(conversation.id, { id: message.id, direction: message.direction, text: contentText(message.content, t) });
        view.getState().focusComposer();
      },
      react: (message, anchor) => (canReact(message) || message.reactions.length > 0) && setBeside({ kind: 'reactions', messageId: message.id, anchor }),
      showVersions: (message, anchor) => setBeside({ kind: 'versions', messageId: message.id, anchor }),
      jumpTo: (messageId) => void store.getState().jumpTo(messageId),
      view: (message) => view.getState().showPicture(message),
      showRaw: (message) => setRawId(message.id),
      pickDay: (at, anchor) => setPickingDay({ at, anchor }),
    }),
    [store, drafts, view, conversation.id, t],
  );
  const pickedMessages = useFrom('picked', (state) => state.messages);
  const isPicking = pickedMessages.size > 0;
  const { copy } = usePickedWords();
  const hasNotes = useFrom('session', isTriageOn);
  const canAttach = useFrom('session', canAttachMessages);
  const focus = useMessageFocus({
    scroller,
    list,
    rows,
    onReply: actions.reply,
    onReact: actions.react,
    onEscape: () => view.getState().focusComposer(),
    onEnd: toEnd,
    picking: {
      isOn: isPicking,
      toggle: pickedStore.getState().toggle,
      extendTo: (message) => pickedStore.getState().extendTo(message, messages),
      stop: pickedStore.getState().clear,
      copy: () => copy(pickedOf(pickedStore.getState())),
    },
  });
  /** While messages are chosen, a press on one chooses it and does nothing else; with Shift all up to it, also to begin with. */
  const pickAt = (event: MouseEvent): void => {
    const id = (event.target as Element).closest('[data-row]')?.getAttribute('data-row');
    const message = messages.find((candidate) => candidate.id === id);
    if (!message || !isPicking) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.shiftKey) {
      document.getSelection()?.removeAllRanges();
      pickedStore.getState().extendTo(message, messages);
    } else pickedStore.getState().toggle(message);
  };
  useFoundMarks(scroller);
  const markedId = useJumpMark(thread.target, rows, focus.focusRow);
  const besideMessage = beside && messages.find((message) => message.id === beside.messageId);

  const copyLink = useCopyLink();
  const [menuMessage, setMenuMessage] = useState<Message | null>(null);
  const pickMenuMessage = (event: MouseEvent): void => {
    const id = (event.target as Element).closest('[data-message-id]')?.getAttribute('data-message-id');
    const message = messages.find((candidate) => candidate.id === id) ?? null;
    // Selected text and the space between bubbles keep the system's own menu.
    if (!message || !document.getSelection()?.isCollapsed) event.stopPropagation();
    setMenuMessage(message);
  };
  const menu = menuMessage ? menuOf(menuMessage) : [];
  function menuOf(message: Message): MenuEntry[] {
    const words = wordsOf(message.content);
    const { ai } = message;
    const save = saveUrlOf(message, kindLabel(message.content, t));
    const element = (): HTMLElement | null => scroller.current?.querySelector<HTMLElement>(`[data-message-id="${CSS.escape(message.id)}"]`) ?? null;
    return [
      { label: t('action.reply'), icon: <Reply size={15} />, command: 'reply' as const, run: () => actions.reply(message) },
      ...(canReact(message)
        ? [
            {
              label: t('message.react'),
              icon: <SmilePlus size={15} />,
              command: 'react' as const,
              run: () => {
                const anchor = element();
                if (anchor) actions.react(message, anchor);
              },
            },
          ]
        : []),
      { label: t('action.copyText'), icon: <Copy size={15} />, isDisabled: words === null, run: () => copy([message]) },
      ...(isPickable(message)
        ? [
            { label: t('picked.forward'), icon: <Forward size={15} />, run: () => pickedStore.getState().open({ kind: 'forward', messages: [message] }) },
            ...(hasNotes ? [{ label: t('picked.note'), icon: <StickyNote size={15} />, run: () => pickedStore.getState().open({ kind: 'note', messages: [message] }) }] : []),
            ...(canAttach ? [{ label: t('picked.attach'), icon: <FolderPlus size={15} />, run: () => pickedStore.getState().open({ kind: 'attach', messages: [message] }) }] : []),
            {
              label: t('picked.select'),
              icon: <SquareCheck size={15} />,
              command: 'pick' as const,
              run: () => {
                pickedStore.getState().toggle(message);
                focus.focusRow(message.id);
              },
            },
          ]
        : []),
      ...(save === null ? [] : [{ label: t('message.save'), icon: <Download size={15} />, run: () => saveFile(save) }]),
      ...(message.direction === 'out' ? [{ label: t('diagnostics.story.open'), icon: <Route size={15} />, run: () => view.getState().showStory(message.id) }] : []),
      ...(ai === null ? [] : [{ label: t('ai.why.open'), icon: <CircleHelp size={15} />, run: () => setWhyRunId(ai.runId) }]),
      ...(message.direction === 'out' && words !== null ? [{ label: t('knowledge.action'), icon: <BookOpenText size={15} />, run: () => learnFrom(message, words) }] : []),
      ...(copyLink ? [{ label: t('action.copyLink'), icon: <Link size={15} />, run: () => copyLink(message.conversationId, message.id) }] : []),
      { label: t('message.rawEvent'), icon: <Braces size={15} />, run: () => setRawId(message.id) },
    ];
  }

  /** With what the customer had asked: the last words of theirs before it. */
  function learnFrom(message: Message, answer: string): void {
    const asked = messages.slice(0, messages.indexOf(message)).findLast(({ direction, content }) => direction === 'in' && wordsOf(content) !== null);
    knowledgeOpen.getState().keepLearned({ question: asked ? (wordsOf(asked.content) ?? '') : '', answer, draftId: message.ai?.draftId ?? null });
  }

  return (
    <ThreadActionsContext value={actions}>
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
            data-picking={isPicking || undefined}
            onKeyDown={focus.onKeyDown}
            onClickCapture={pickAt}
          >
            <div className={styles['spring']} />
            {rows.length === 0 && <p className={styles['empty']}>{t('thread.empty')}</p>}
            <ThreadPaintedContext value={isPainted}>
              <Virtualizer
                ref={list}
                data={rows}
                shift={isPrepend}
                scrollRef={scroller}
                onScroll={onScroll}
                onScrollEnd={onScrollEnd}
                onResize={onResize}
                keepMounted={focus.keepMounted}
                bufferSize={isPainted ? MOUNTED_BEYOND_PX : 0}
                cache={cache}
              >
                {(row, index) => {
                  const isStart = index === 0 && olderCursor === null;
                  return (
                    <div key={row.id} className={styles['spot']} data-row={row.id} data-marked={row.id === markedId || undefined}>
                      {row.kind === 'events' ? (
                        <EventsRow {...row} isStart={isStart} />
                      ) : row.kind === 'note' ? (
                        <NoteRow {...row} isStart={isStart} />
                      ) : (
                        <MessageRow
                          {...row}
                          isStart={isStart}
                          isMoved={moved?.ids.includes(row.id) ?? false}
                          contactName={conversation.contact.name}
                          unreadCount={unreadAtOpening}
                          isPicked={isPicking && isPickable(row.message) ? pickedMessages.has(row.id) : undefined}
                        />
                      )}
                    </div>
                  );
                }}
              </Virtualizer>
            </ThreadPaintedContext>
            <div className={styles['foot']} />
          </div>
        </ContextMenuArea>
        {dayAbove !== null && <FloatingDay at={dayAbove} isShown={isMoving && isAway} onPick={(anchor) => setPickingDay({ at: dayAbove, anchor })} />}
        {isUnreadAbove && (
          <button type="button" className={styles['unread']} aria-keyshortcuts={ariaOf('goUnread')} title={keysOf('goUnread')} onClick={() => void store.getState().jumpToUnread()}>
            <ArrowUp size={14} aria-hidden="true" />
            {t('jump.unread', { count: unreadAtOpening })}
          </button>
        )}
        {isLoadingOlder && (
          <p className={styles['loading']} role="status">
            {t('thread.loadingOlder')}
          </p>
        )}
        {isAway && (
          <div className={styles['below']}>
            <button type="button" className={styles['latest']} aria-label={newBelow > 0 ? t('thread.newBelow', { count: newBelow }) : t('thread.latest')} onClick={toEnd}>
              <ArrowDown size={16} />
              {newBelow > 0 && <span>{t('thread.newBelow', { count: newBelow })}</span>}
            </button>
          </div>
        )}
        <Announcer messages={thread.messages} name={conversation.contact.name} />
        {beside && besideMessage && beside.kind === 'reactions' && (
          <ReactionPopover message={besideMessage} anchor={beside.anchor} contactName={conversation.contact.name} onClose={() => setBeside(null)} />
        )}
        {pickingDay && <DatePopover {...pickingDay} onClose={() => setPickingDay(null)} />}
        {beside && besideMessage && beside.kind === 'versions' && <VersionsPopover message={besideMessage} anchor={beside.anchor} onClose={() => setBeside(null)} />}
        {whyRunId !== null && (
          <Suspense fallback={null}>
            <WhyDialog runId={whyRunId} onClose={() => setWhyRunId(null)} />
          </Suspense>
        )}
        {rawId !== null && (
          <Suspense fallback={null}>
            <RawEventDialog messageId={rawId} onClose={() => setRawId(null)} />
          </Suspense>
        )}
      </div>
    </ThreadActionsContext>
  );
}

/** The address itself says that it is to be saved, and under which name. */
function saveFile(url: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = '';
  link.click();
}

function FloatingDay({ at, isShown, onPick }: { at: number; isShown: boolean; onPick(anchor: HTMLElement): void }) {
  const { t, format } = useTexts();
  const now = useFrom('clock', toMinute);
  return (
    <button type="button" className={styles['day']} data-shown={isShown || undefined} tabIndex={-1} aria-hidden="true" title={t('jump.date')} onClick={(event) => onPick(event.currentTarget)}>
      {format.day(at, now)}
    </button>
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
