/** The row under a bubble that needs a word or a decision: what happened, whether the text is safe, what can be done. */
import type { ReactNode } from 'react';
import type { Message } from '../../contract/entities.ts';
import { UNCERTAIN_ASK_AFTER_MS } from '../../contract/limits.ts';
import { statusOf, useNextStep, useStepAction } from '../diagnostics/use-next-step.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { isWorkOn } from '../store/session-store.ts';
import { missedWindow, useOpenTemplates } from '../templates/use-open-templates.ts';
import { useCommands, useFrom } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { explainError, isKnownError } from './failure-text.ts';
import { useServiceWindow } from './window-pill.tsx';
import { useKeyNames } from '../commands/use-commands.ts';
import styles from './message-notice.module.css';

export function MessageNotice({ message }: { message: Message }) {
  const { t } = useTexts();
  const commands = useCommands();
  // Whoever decides here has the notice itself on screen, which says that there is something newer.
  const seenThrough = useFrom('conversation', (state) => state.thread?.conversation.seenThrough ?? 0);
  const isConversationClosed = useFrom('conversation', ({ thread }) => thread !== null && statusOf(message.conversationId, thread.conversation) === 'closed');

  switch (message.delivery) {
    case 'failed':
      return <FailedNotice message={message} />;
    case 'uncertain':
      return <UncertainNotice message={message} />;
    case 'held':
    case 'needs_confirmation':
      return (
        <Notice>
          <p>{t(message.delivery === 'needs_confirmation' ? 'notice.needsConfirmation' : isConversationClosed ? 'notice.heldClosed' : 'notice.held')}</p>
          <Decisions message={message}>
            <Button onClick={() => void commands.confirm(message, seenThrough)}>{t('action.sendAnyway')}</Button>
            <Button look="quiet" onClick={() => void commands.discard(message)}>
              {t('action.discard')}
            </Button>
          </Decisions>
        </Notice>
      );
    case 'delivered':
    case 'read':
    case 'played':
      return (
        message.error && (
          <Notice>
            <p>{t('notice.deliveredDespite')}</p>
            <StoryButton messageId={message.id} />
          </Notice>
        )
      );
    case 'waiting':
    case 'queued':
      return <WaitingNotice message={message} />;
    default:
      return null;
  }
}

/** What waits to leave into a window that has closed meanwhile: it would fail, so a template is offered before it does. */
function WaitingNotice({ message }: { message: Message }) {
  const { t } = useTexts();
  const { keysOf } = useKeyNames();
  const commands = useCommands();
  const openTemplates = useOpenTemplates();
  const isOn = useFrom('session', isWorkOn);
  const { state } = useServiceWindow(useFrom('conversation', ({ thread }) => thread?.conversation.window.closesAt ?? null));
  if (!isOn || !missedWindow(message, state === 'open' || state === 'closing')) return null;
  return (
    <Notice>
      <p>{t('templatePicker.missed')}</p>
      <Decisions message={message}>
        <Button command="template" title={keysOf('template')} onClick={() => openTemplates(message)}>
          {t('templatePicker.sendAs')}
        </Button>
        <Button look="quiet" onClick={() => void commands.discard(message)}>
          {t('action.discard')}
        </Button>
      </Decisions>
    </Notice>
  );
}

function FailedNotice({ message }: { message: Message }) {
  const { t, format } = useTexts();
  const { keysOf } = useKeyNames();
  const commands = useCommands();
  const step = useNextStep(message);
  const action = useStepAction(message, step);
  const { error } = message;
  const { what, cause } = explainError(error?.code ?? null, t);
  return (
    <Notice tone="failure">
      <p>
        <strong>{t('notice.failed')}</strong> {what} {error && !isKnownError(error.code) ? (error.detail ?? error.title) : cause}
      </p>
      <p>
        {t(`diagnostics.step.${step.kind}`, { at: step.until === null ? '' : format.short(step.until) })} {t('notice.failedSafe')}
      </p>
      <Decisions message={message}>
        {action && (
          <Button onClick={action.run} disabled={action.hint !== undefined} title={action.hint ?? (action.command && keysOf(action.command))} command={action.command}>
            {action.label}
          </Button>
        )}
        {step.canRetry && step.kind !== 'retry' && <Button onClick={() => void commands.retry(message)}>{t('action.retry')}</Button>}
        <Button look="quiet" onClick={() => void commands.discard(message)}>
          {t('action.discard')}
        </Button>
      </Decisions>
    </Notice>
  );
}

function StoryButton({ messageId }: { messageId: string }) {
  const { t } = useTexts();
  const showStory = useFrom('view', (view) => view.showStory);
  return (
    <Button look="quiet" onClick={() => showStory(messageId)}>
      {t('diagnostics.story.open')}
    </Button>
  );
}

const Notice = ({ tone = 'neutral', children }: { tone?: 'neutral' | 'failure' | 'doubt'; children: ReactNode }) => (
  <div className={styles['notice']} data-tone={tone}>
    {children}
  </div>
);

/** A status usually settles it within seconds, so the agent is asked only after a while. */
function UncertainNotice({ message }: { message: Message }) {
  const { t } = useTexts();
  const { settle } = useCommands();
  const isOverdue = useFrom('clock', ({ now }) => now - message.sentAt > UNCERTAIN_ASK_AFTER_MS);
  if (!isOverdue) {
    return (
      <Notice tone="doubt">
        <p>
          <strong>{t('delivery.uncertain')}.</strong> {t('notice.uncertain')}
        </p>
        <StoryButton messageId={message.id} />
      </Notice>
    );
  }
  return (
    <Notice tone="doubt">
      <p>
        <strong>{t('delivery.uncertain')}.</strong> {t('notice.uncertainAsk')}
      </p>
      <Decisions message={message}>
        <Button onClick={() => void settle(message, 'not_sent')}>{t('action.markNotSent')}</Button>
        <Button look="quiet" onClick={() => void settle(message, 'resend')}>
          {t('action.sendAgain')}
        </Button>
      </Decisions>
    </Notice>
  );
}

/** Only its author decides about a message; the others are told who. */
function Decisions({ message, children }: { message: Message; children: ReactNode }) {
  const { t } = useTexts();
  const isMine = !message.author || message.author.isMe;
  return (
    <>
      {!isMine && <p>{t('notice.authorDecides', { name: message.author?.name })}</p>}
      <div className={styles['decisions']}>
        {isMine && children}
        <StoryButton messageId={message.id} />
      </div>
    </>
  );
}
