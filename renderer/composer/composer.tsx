/**
 * The composer of one conversation. Bound to it: the text, the quote and what is sent always belong to `conversation.id`.
 * Where free text cannot be sent it becomes a calm panel that says why; the draft stays.
 */
import { CircleAlert, CornerUpLeft, Hourglass, Lock, SendHorizontal, X } from 'lucide-react';
import { useEffect, useId, useRef, type KeyboardEvent, type ReactNode } from 'react';
import { TEXT_BODY_MAX } from '../../contract/limits.ts';
import { isSyncEnd, type SyncEnd } from '../../contract/rules/sync-end.ts';
import type { OpenThread } from '../store/conversation-store.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { findNewer } from '../conversation/newer-conversation.ts';
import { usePaneFocus } from '../conversation/use-pane-focus.ts';
import { useServiceWindow } from '../conversation/window-pill.tsx';
import { NO_DRAFT } from '../store/drafts-store.ts';
import { useCommands, useFrom, useStores } from '../ui/app-context.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { modKey } from '../ui/keys.ts';
import styles from './composer.module.css';

/** From here on the composer counts the characters that are left. */
const COUNT_FROM = TEXT_BODY_MAX - 400;

export function Composer({ thread }: { thread: OpenThread }) {
  const { conversation } = thread;
  const { state: window } = useServiceWindow(conversation.window.closesAt);
  const syncEnd = useFrom('session', ({ sync }) => (sync && isSyncEnd(sync.state) ? sync.state : null));
  // First of all: nothing else on this desktop can help.
  if (syncEnd) return <SyncEnded thread={thread} state={syncEnd} />;
  if (conversation.status === 'closed') return <ClosedConversation thread={thread} />;
  if (window === 'closed' || window === 'none') return <ClosedWindow thread={thread} />;
  return <TextComposer thread={thread} />;
}

function TextComposer({ thread }: { thread: OpenThread }) {
  const { t, format } = useTexts();
  const { conversation: open, drafts } = useStores();
  const { sendDraft } = useCommands();
  const { id, contact } = thread.conversation;
  const draft = useFrom('drafts', (state) => state.drafts[id] ?? NO_DRAFT);
  const sendKey = useFrom('preferences', (state) => state.sendKey);
  const box = useRef<HTMLTextAreaElement>(null);

  const { quoted } = draft;
  const left = TEXT_BODY_MAX - draft.text.length;
  const isSendable = draft.text.trim() !== '' && left >= 0;

  // A draft that was there before is gone on with, not written in front of.
  useEffect(() => box.current?.setSelectionRange(box.current.value.length, box.current.value.length), []);
  usePaneFocus('composer', id, box);

  function send(): void {
    if (!isSendable) return;
    open.getState().lookAgain();
    void sendDraft(id, open.getState().thread?.seenThrough ?? thread.seenThrough);
    box.current?.focus();
  }

  function onKeyDown(event: KeyboardEvent): void {
    // These keys belong to the input method: they pick or give up what it offers.
    if (event.nativeEvent.isComposing) return event.stopPropagation();
    if (event.key === 'Escape' && quoted) {
      event.stopPropagation();
      drafts.getState().setQuoted(id, null);
      return;
    }
    if (event.key !== 'Enter') return;
    const isSend = sendKey === 'enter' ? !event.shiftKey : event.ctrlKey || event.metaKey;
    if (!isSend) return;
    event.preventDefault();
    send();
  }

  return (
    <div className={styles['composer']}>
      <div className={styles['box']}>
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
        <textarea
          ref={box}
          className={styles['text']}
          rows={1}
          dir="auto"
          value={draft.text}
          placeholder={t('composer.placeholder')}
          aria-label={t('composer.label', { name: contact.name })}
          aria-invalid={left < 0}
          onChange={(event) => drafts.getState().setText(id, event.target.value)}
          onKeyDown={onKeyDown}
        />
        <div className={styles['foot']}>
          <p className={styles['hint']}>
            {left < 0 ? (
              <span className={styles['over']} role="alert">
                {t('composer.tooLong', { count: -left, over: format.number(-left) })}
              </span>
            ) : draft.text.length >= COUNT_FROM ? (
              <span className="tabular">{t('composer.left', { left: format.number(left) })}</span>
            ) : sendKey === 'enter' ? (
              t('composer.hintEnter')
            ) : (
              t('composer.hintModEnter', { mod: modKey() })
            )}
          </p>
          <Button look="primary" icon={<SendHorizontal size={15} />} aria-disabled={!isSendable} onClick={send}>
            {t('action.send')}
          </Button>
        </div>
      </div>
    </div>
  );
}

function SyncEnded({ thread, state }: { thread: OpenThread; state: SyncEnd }) {
  const { t } = useTexts();
  return (
    <Panel thread={thread} icon={<CircleAlert size={18} strokeWidth={1.75} />} title={t('composer.syncEnded')}>
      {t(`strip.${state}`)}
    </Panel>
  );
}

function ClosedWindow({ thread }: { thread: OpenThread }) {
  const { t, format } = useTexts();
  const { window, contact } = thread.conversation;
  return (
    <Panel thread={thread} icon={<Hourglass size={18} strokeWidth={1.75} />} title={t('composer.closedWindow.title')}>
      {window.closesAt === null ? t('composer.closedWindow.none', { name: contact.name }) : t('composer.closedWindow.text', { at: format.short(window.closesAt), name: contact.name })}
    </Panel>
  );
}

function ClosedConversation({ thread }: { thread: OpenThread }) {
  const { t } = useTexts();
  const { setStatus } = useCommands();
  const open = useFrom('conversation', (state) => state.open);
  const { conversation } = thread;
  const newer = findNewer(conversation);
  const name = conversation.contact.name;
  return (
    <Panel
      thread={thread}
      icon={<Lock size={18} strokeWidth={1.75} />}
      title={t('composer.closedConversation.title')}
      action={
        newer ? (
          <Button onClick={() => open(newer.id)}>{t(newer.status === 'active' ? 'action.openNewer' : 'action.openNewest')}</Button>
        ) : (
          <Button onClick={() => void setStatus(conversation, 'active')}>{t('action.reopen')}</Button>
        )
      }
    >
      {newer ? t('composer.closedConversation.newer', { name }) : t('composer.closedConversation.text', { name })}
    </Panel>
  );
}

/** In the place of the box: it takes the focus as the box would, and so is read out. */
function Panel({ thread, icon, title, action, children }: { thread: OpenThread; icon: ReactNode; title: string; action?: ReactNode; children: ReactNode }) {
  const { t } = useTexts();
  const { id } = thread.conversation;
  const draft = useFrom('drafts', (state) => state.drafts[id]?.text ?? '');
  const panel = useRef<HTMLElement>(null);
  const reasonId = useId();
  usePaneFocus('composer', id, panel);

  return (
    <div className={styles['composer']}>
      <section ref={panel} className={styles['panel']} tabIndex={-1} data-takes-letters aria-label={title} aria-describedby={reasonId}>
        <span className={styles['panel-icon']}>{icon}</span>
        <div className={styles['panel-text']}>
          <h3>{title}</h3>
          <p id={reasonId}>{children}</p>
          {draft.trim() !== '' && (
            <p className={styles['kept']}>
              {t('composer.closedWindow.draft')}: <q>{draft}</q>
            </p>
          )}
        </div>
        {action}
      </section>
    </div>
  );
}
