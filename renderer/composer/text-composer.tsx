/**
 * The box. Invariants: a reply leaves only with what its agent has really seen (`seenThrough`), and what the guard stopped
 * leaves only after they were shown what came; a note never leaves the team.
 */
import { BookmarkPlus, CornerUpLeft, EllipsisVertical, History, LayoutTemplate, MessageSquareQuote, PencilLine, SendHorizontal, StickyNote, TriangleAlert, X } from 'lucide-react';
import { lazy, Suspense, useCallback, useEffect, useId, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';
import { NOTE_BODY_MAX, TEXT_BODY_MAX } from '../../contract/limits.ts';
import { ComposerAiMenu } from '../ai/composer-ai-menu.tsx';
import { FindingMarks } from '../ai/finding-marks.tsx';
import { useSendAsked } from '../ai/use-send-asked.ts';
import { AttachBar } from '../attach/attach-bar.tsx';
import { Tray } from '../attach/tray.tsx';
import { useColleagues } from '../conversation/colleagues.tsx';
import { usePaneFocus } from '../conversation/use-pane-focus.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import type { OpenThread } from '../store/open-thread.ts';
import { findCaptioned, hasLink } from '../store/draft-messages.ts';
import { NO_DRAFT, type DraftMode } from '../store/drafts-store.ts';
import { areKindsOn, isWorkOn } from '../store/session-store.ts';
import { areAllReady } from '../store/tray-store.ts';
import { useOpenTemplates } from '../templates/use-open-templates.ts';
import { useCommands, useFrom, usePresenceReporter, useStores } from '../ui/app-context.tsx';
import { Button, IconButton, MenuButton } from '../ui/button.tsx';
import { modKey } from '../ui/keys.ts';
import { Menu } from '../ui/menu.tsx';
import { EmojiButton } from '../emoji/emoji-button.tsx';
import { findGaps } from './canned-replies.ts';
import { GuardBar } from './guard-bar.tsx';
import { mentionedIn } from './mentions.ts';
import { SuggestionList } from './suggestion-list.tsx';
import { useSuggestions } from './use-suggestions.ts';
import { useKeyNames } from '../commands/use-commands.ts';
import styles from './composer.module.css';

const VoiceRecorder = lazy(() => import('../attach/voice-recorder.tsx').then((module) => ({ default: module.VoiceRecorder })));
const CannedDialog = lazy(() => import('../team/canned-dialog.tsx').then((module) => ({ default: module.CannedDialog })));

/** From this many characters before the end on, the composer counts those that are left. */
const COUNT_WITHIN = 400;
/** An Enter sooner than this after the question appeared was not an answer to it. */
const ASKED_AT_LEAST_MS = 500;

export function TextComposer({ thread, mode }: { thread: OpenThread; mode: DraftMode }) {
  const { t } = useTexts();
  const { conversation: open, drafts, draftDesk, team, toasts, tray } = useStores();
  const { sendDraft, saveNote } = useCommands();
  const sendAsked = useSendAsked(thread);
  const presence = usePresenceReporter();
  const { id, contact } = thread.conversation;
  const draft = useFrom('drafts', (state) => state.drafts[id] ?? NO_DRAFT);
  const sendKey = useFrom('preferences', (state) => state.sendKey);
  const box = useRef<HTMLTextAreaElement>(null);
  const [isSavingCanned, setSavingCanned] = useState(false);
  /** The text of which its agent knows that something in it is not filled in. */
  const [warned, setWarned] = useState<string | null>(null);
  const suggestionsId = useId();

  const isNote = mode === 'note';
  const { quoted, text, aiDraftId } = draft;
  /** Of words that began as a draft by AI. */
  const checked = useFrom('draftDesk', (state) => (aiDraftId === null ? undefined : state.checked[aiDraftId]));
  /** A question about this very text stands above the box. */
  const asked = useFrom('draftDesk', (state) => (state.asked[id]?.from === 'composer' && state.asked[id].text === text ? state.asked[id] : null));
  const files = isNote ? NO_FILES : draft.files;
  const areFilesReady = useFrom('tray', ({ entries }) => areAllReady(files, entries));
  const max = isNote ? NOTE_BODY_MAX : TEXT_BODY_MAX;
  const left = max - text.length;
  const isSendable = (text.trim() !== '' || files.length > 0) && left >= 0 && areFilesReady;
  const areTemplatesOn = useFrom('session', isWorkOn);
  const openTemplates = useOpenTemplates();
  const [isRecording, setRecording] = useState(false);
  const record = useCallback(() => setRecording(true), []);
  /** The voice note that was sent, while the engine takes it. It leaves alone: whoever writes or adds files meanwhile sends all of it themselves. */
  const [leaving, setLeaving] = useState(false);
  const gaps = isNote ? [] : findGaps(text);
  const askedAt = useAskedAt(asked ?? thread.moved?.seenThrough ?? null);
  const suggestions = useSuggestions({ thread, mode, text, box, onReplace: changeText });

  // A draft that was there before is gone on with, not written in front of.
  useEffect(() => box.current?.setSelectionRange(box.current.value.length, box.current.value.length), []);
  usePaneFocus('composer', id, box);

  useEffect(() => {
    if (isNote) setRecording(false);
  }, [isNote]);

  const sendNow = useRef(send);
  useEffect(() => {
    sendNow.current = send;
  });
  useEffect(() => {
    if (!leaving) return;
    const isAlone = files.length <= 1 && text.trim() === '';
    if (isAlone && !areFilesReady) return;
    setLeaving(false);
    if (isAlone && files.length === 1) sendNow.current();
  }, [leaving, areFilesReady, files.length, text]);

  function endRecording(file: File | null): void {
    setRecording(false);
    if (file) {
      // Alone it was meant to go at once; with others its agent still looks at all of it.
      setLeaving(files.length === 0 && text.trim() === '');
      tray.getState().addVoiceNote(id, file);
    }
    requestAnimationFrame(() => box.current?.focus());
  }

  function changeText(next: string): void {
    // Whoever begins to write has read what is in view; what comes from now on may go unnoticed.
    if (text === '' && next !== '') open.getState().lookAgain();
    drafts.getState().setText(id, next);
    if (isNote) return;
    if (asked) draftDesk.getState().ask(id, null);
    if (aiDraftId !== null && next.trim() !== '') draftDesk.getState().check(aiDraftId, next);
    if (next === '') presence.stoppedTyping();
    else presence.typed(!isNote);
  }

  function send(): void {
    if (!isSendable) return;
    if (isNote) void saveNote(id, mentionedIn(text, team.getState().directory?.members ?? []));
    else if (thread.moved) sendAnyway();
    else if (asked) {
      if (performance.now() - askedAt.current >= ASKED_AT_LEAST_MS) sendAsked(asked);
    } else if (gaps.length > 0 && warned !== text) setWarned(text);
    else {
      open.getState().glance();
      leave(open.getState().thread?.seenThrough ?? thread.seenThrough);
    }
    box.current?.focus();
  }

  function sendAnyway(): void {
    if (!isSendable || performance.now() - askedAt.current < ASKED_AT_LEAST_MS) return;
    const seenThrough = open.getState().acceptMoved();
    if (seenThrough !== null) leave(seenThrough);
  }

  function leave(seenThrough: number): void {
    presence.stoppedTyping();
    void sendDraft(id, seenThrough);
  }

  function onCaptionKey(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return event.stopPropagation();
    if (event.key === 'Escape') {
      event.stopPropagation();
      box.current?.focus();
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      if (!event.repeat) send();
    }
  }

  function onKeyDown(event: KeyboardEvent): void {
    // These keys belong to the input method: they pick or give up what it offers.
    if (event.nativeEvent.isComposing) return event.stopPropagation();
    if (suggestions.onKeyDown(event)) return;
    if (event.key === 'Escape' && quoted) {
      event.stopPropagation();
      drafts.getState().setQuoted(id, null);
      return;
    }
    if (event.key !== 'Enter') return;
    const isSend = sendKey === 'enter' ? !event.shiftKey : event.ctrlKey || event.metaKey;
    if (!isSend) return;
    event.preventDefault();
    if (!event.repeat) send();
  }

  return (
    <div className={styles['composer']}>
      {suggestions.items.length > 0 && <SuggestionList id={suggestionsId} {...suggestions} />}
      <div className={styles['box']} data-mode={mode}>
        {thread.moved && !isNote && (
          <GuardBar
            thread={thread}
            onSend={() => {
              sendAnyway();
              box.current?.focus();
            }}
            onReview={() => {
              open.getState().dismissMoved();
              box.current?.focus();
            }}
          />
        )}
        <Modes
          mode={mode}
          onChange={(next) => {
            drafts.getState().setMode(id, next);
            box.current?.focus();
          }}
        />
        {quoted && (
          <div className={styles['quote']}>
            <CornerUpLeft size={15} aria-hidden="true" />
            <div className={styles['quote-text']}>
              <span>{t('composer.quoting', { name: quoted.direction === 'in' ? contact.name : t('composer.ownTeam') })}</span>
              <p>{quoted.text}</p>
            </div>
            <IconButton label={t('action.cancelQuote')} keys="Esc" side="top" onClick={() => drafts.getState().setQuoted(id, null)}>
              <X size={15} />
            </IconButton>
          </div>
        )}
        {files.length > 0 && <Tray conversationId={id} files={files} text={text} onKeyDown={onCaptionKey} />}
        {isRecording && !isNote && (
          <Suspense>
            <VoiceRecorder conversationId={id} isAlone={files.length === 0 && text.trim() === ''} onEnd={endRecording} />
          </Suspense>
        )}
        <div className={styles['field']} hidden={isRecording && !isNote}>
          {gaps.length > 0 && <GapMarks text={text} gaps={gaps} box={box} />}
          {!isNote && gaps.length === 0 && checked?.text === text && <FindingMarks text={text} findings={checked.findings} box={box} className={styles['marks']} />}
          <textarea
            ref={box}
            className={styles['text']}
            rows={1}
            dir="auto"
            value={text}
            placeholder={t(isNote ? 'internal.placeholder' : 'composer.placeholder')}
            aria-label={t(isNote ? 'internal.label' : 'composer.label', { name: contact.name })}
            aria-invalid={left < 0}
            aria-autocomplete="list"
            aria-controls={suggestions.items.length > 0 ? suggestionsId : undefined}
            aria-activedescendant={suggestions.items.length > 0 ? `${suggestionsId}-${suggestions.at}` : undefined}
            onChange={(event) => changeText(event.target.value)}
            onSelect={suggestions.onSelect}
            onBlur={suggestions.close}
            data-composer-text
            onKeyDown={onKeyDown}
          />
        </div>
        {!isNote && <Warnings thread={thread} gaps={gaps} isWarned={warned === text} />}
        {!isNote && files.length === 0 && hasLink(text) && <PreviewSwitch conversationId={id} />}
        <div className={styles['foot']} hidden={isRecording && !isNote}>
          {!isNote && <AttachBar thread={thread} onRecord={record} />}
          {files.length > 0 && left >= 0 ? <FilesHint conversationId={id} isLeaving={leaving} /> : <Hint isNote={isNote} left={left} />}
          <div className={styles['buttons']}>
            {!isNote && areTemplatesOn && (
              <IconButton label={t('templatePicker.open')} command="template" side="top" data-tour="template" onClick={() => openTemplates()}>
                <LayoutTemplate size={16} />
              </IconButton>
            )}
            <EmojiButton onPick={suggestions.insert} />
            {!isNote && <ComposerAiMenu conversationId={id} text={text} aiDraftId={aiDraftId} />}
            {!isNote && (
              <Menu
                trigger={
                  <MenuButton label={t('saved.menu')}>
                    <EllipsisVertical size={16} />
                  </MenuButton>
                }
                entries={[
                  { label: t('saved.insert'), icon: <MessageSquareQuote size={15} />, keys: '/', run: suggestions.openCanned },
                  { label: t('saved.save'), icon: <BookmarkPlus size={15} />, isDisabled: text.trim() === '', run: () => setSavingCanned(true) },
                ]}
              />
            )}
            <Button look="primary" icon={isNote ? <StickyNote size={15} /> : <SendHorizontal size={15} />} aria-disabled={!isSendable} onClick={send}>
              {t(isNote ? 'internal.save' : 'action.send')}
            </Button>
          </div>
        </div>
      </div>
      {isSavingCanned && (
        <Suspense>
          <CannedDialog reply={null} text={text} onSaved={(shortcut) => toasts.getState().say('saved.done', { values: { name: '', what: shortcut } })} onClose={() => setSavingCanned(false)} />
        </Suspense>
      )}
    </div>
  );
}

/** Since when a question is on screen; null: there is none. */
function useAskedAt(question: unknown) {
  const askedAt = useRef(Infinity);
  useEffect(() => {
    askedAt.current = question === null ? Infinity : performance.now();
  }, [question]);
  return askedAt;
}

function Modes({ mode, onChange }: { mode: DraftMode; onChange(mode: DraftMode): void }) {
  const { t } = useTexts();
  const { ariaOf, keysOf } = useKeyNames();
  const noteKeys = keysOf('writeNote');
  return (
    <div className={styles['modes']} role="group" aria-label={t('internal.modes')}>
      {(['reply', 'note'] as const).map((each) => (
        <button
          key={each}
          type="button"
          aria-pressed={each === mode}
          {...(each === 'note' && { 'aria-keyshortcuts': ariaOf('writeNote'), title: noteKeys === undefined ? t('internal.write') : `${t('internal.write')} (${noteKeys})` })}
          onClick={() => onChange(each)}
        >
          {t(each === 'note' ? 'internal.mode' : 'internal.replyMode')}
        </button>
      ))}
    </div>
  );
}

const NO_FILES: readonly never[] = [];

/** Where the text goes, or why nothing goes yet. */
function FilesHint({ conversationId, isLeaving }: { conversationId: string; isLeaving: boolean }) {
  const { t } = useTexts();
  const { text, files } = useFrom('drafts', (state) => state.drafts[conversationId] ?? NO_DRAFT);
  const entries = useFrom('tray', (state) => state.entries);
  const hasRefused = files.some(({ id }) => ['refused', 'failed'].includes(entries[id]?.status.state ?? ''));
  const captioned = findCaptioned(text, files);
  const hint = hasRefused
    ? t('compose.files.hasRefused')
    : !areAllReady(files, entries)
      ? t(isLeaving ? 'compose.files.sendsAlone' : 'compose.files.notReady')
      : text.trim() === ''
        ? ''
        : captioned
          ? t('compose.files.textUnder', { name: captioned.filename })
          : t('compose.files.textBefore');
  return (
    <p className={styles['hint']} role="status">
      {hint}
    </p>
  );
}

/** Whether WhatsApp shows a card for the link in the text. */
function PreviewSwitch({ conversationId }: { conversationId: string }) {
  const { t } = useTexts();
  const { drafts } = useStores();
  const isOff = useFrom('drafts', (state) => (state.drafts[conversationId] ?? NO_DRAFT).isPreviewOff);
  const areOn = useFrom('session', areKindsOn);
  if (!areOn) return null;
  return (
    <label className={styles['preview']}>
      <input type="checkbox" checked={!isOff} onChange={(event) => drafts.getState().setPreviewOff(conversationId, !event.target.checked)} />
      {t('compose.preview')}
    </label>
  );
}

function Hint({ isNote, left }: { isNote: boolean; left: number }) {
  const { t, format } = useTexts();
  const sendKey = useFrom('preferences', (state) => state.sendKey);
  return (
    <p className={styles['hint']}>
      {left < 0 ? (
        <span className={styles['over']} role="alert">
          {t(isNote ? 'internal.tooLong' : 'composer.tooLong', { count: -left, over: format.number(-left) })}
        </span>
      ) : left <= COUNT_WITHIN ? (
        <span className="tabular">{t('composer.left', { left: format.number(left) })}</span>
      ) : isNote ? (
        t('internal.hint', { key: sendKey === 'enter' ? 'Enter' : `${modKey()}+Enter` })
      ) : sendKey === 'enter' ? (
        t('composer.hintEnter')
      ) : (
        t('composer.hintModEnter', { mod: modKey() })
      )}
    </p>
  );
}

/** What its agent should know before a reply leaves; none of it stops them. */
function Warnings({ thread, gaps, isWarned }: { thread: OpenThread; gaps: readonly string[]; isWarned: boolean }) {
  const { t } = useTexts();
  const { id, lastInboundAt } = thread.conversation;
  const { text, updatedAt } = useFrom('drafts', (state) => state.drafts[id] ?? NO_DRAFT);
  const writers = useColleagues(id)?.filter(({ activity }) => activity === 'writing') ?? [];
  if (text === '') return null;
  const isOld = updatedAt !== null && lastInboundAt !== null && lastInboundAt > updatedAt;
  return (
    <div className={styles['warnings']} role="status">
      {writers.length > 0 && (
        <p data-tone="amber">
          <PencilLine size={14} aria-hidden="true" />
          {t('colleagues.alsoWriting', { who: writers.map(({ agent }) => agent.name).join(', ') })}
        </p>
      )}
      {isOld && thread.moved === null && (
        <p>
          <History size={14} aria-hidden="true" />
          {t('guard.oldDraft')}
        </p>
      )}
      {gaps.length > 0 && (
        <p data-tone="amber">
          <TriangleAlert size={14} aria-hidden="true" />
          {t('saved.unresolved', { count: gaps.length, list: gaps.join(', ') })} {isWarned && <strong>{t('saved.unresolvedAgain')}</strong>}
        </p>
      )}
    </div>
  );
}

/** Marks behind the text: a box of plain text cannot colour its own. */
function GapMarks({ text, gaps, box }: { text: string; gaps: readonly string[]; box: { current: HTMLTextAreaElement | null } }) {
  const marks = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const field = box.current;
    const follow = (): void => {
      if (marks.current && field) marks.current.scrollTop = field.scrollTop;
    };
    follow();
    field?.addEventListener('scroll', follow);
    return () => field?.removeEventListener('scroll', follow);
  }, [text, box]);
  return (
    <div ref={marks} className={styles['marks']} aria-hidden="true">
      {splitAt(text, gaps).map((part, index) => (gaps.includes(part) ? <mark key={index}>{part}</mark> : part))}{' '}
    </div>
  );
}

function splitAt(text: string, gaps: readonly string[]): string[] {
  return gaps.reduce<string[]>((parts, gap) => parts.flatMap((part) => (gaps.includes(part) ? [part] : part.split(gap).flatMap((piece, index) => (index === 0 ? [piece] : [gap, piece])))), [text]);
}
