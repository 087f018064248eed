/** The row under a bubble that needs a word or a decision: what happened, whether the text is safe, what can be done. */
import type { ReactNode } from 'react';
import type { Conversation, Message } from '../../contract/entities.ts';
import { UNCERTAIN_ASK_AFTER_MS } from '../../contract/limits.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useCommands, useFrom } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { explainError, isWorthRetrying } from './failure-text.ts';
import { useServiceWindow } from './window-pill.tsx';
import styles from './message-notice.module.css';

export function MessageNotice({ message }: { message: Message }) {
  const { t } = useTexts();
  const commands = useCommands();
  // Whoever decides here has the notice itself on screen, which says that there is something newer.
  const seenThrough = useFrom('conversation', (state) => state.thread?.conversation.seenThrough ?? 0);
  const isConversationClosed = useFrom('conversation', ({ thread }) => thread !== null && statusOf(message.conversationId, thread.conversation) === 'closed');
  const hasCustomerWritten = useFrom('conversation', ({ thread }) => (thread?.conversation.lastInboundAt ?? 0) > message.sentAt);
  const closesAt = useFrom('conversation', ({ thread }) => thread?.conversation.window.closesAt ?? null);
  const { state: window } = useServiceWindow(closesAt);
  const canSendNow = !isConversationClosed && (window === 'open' || window === 'closing');
  const { error } = message;

  switch (message.delivery) {
    case 'failed':
      return (
        <Notice tone="failure">
          <p>
            <strong>{t('notice.failed')}</strong> {error ? explainError(error.code, t) : ''} {t('notice.failedSafe')}
          </p>
          <Decisions message={message}>
            {isWorthRetrying(error?.code, hasCustomerWritten) && canSendNow && <Button onClick={() => void commands.retry(message)}>{t('action.retry')}</Button>}
            <Button look="quiet" onClick={() => void commands.discard(message)}>
              {t('action.discard')}
            </Button>
          </Decisions>
          {error && <ErrorDetails error={error} />}
        </Notice>
      );
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
        error && (
          <Notice>
            <p>{t('notice.deliveredDespite')}</p>
            <ErrorDetails error={error} />
          </Notice>
        )
      );
    default:
      return null;
  }
}

const statusOf = (id: string, open: Conversation): Conversation['status'] | undefined => (open.id === id ? open.status : open.otherConversations.find((other) => other.id === id)?.status);

const Notice = ({ tone = 'neutral', children }: { tone?: 'neutral' | 'failure'; children: ReactNode }) => (
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
      <Notice>
        <p>
          <strong>{t('delivery.uncertain')}.</strong> {t('notice.uncertain')}
        </p>
      </Notice>
    );
  }
  return (
    <Notice>
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

/** Meta's own words, for whoever has to look further. */
function ErrorDetails({ error: { code, title, detail } }: { error: NonNullable<Message['error']> }) {
  const { t } = useTexts();
  // Codes below zero are our own: there is nothing of Meta's to show.
  if (code < 0) return null;
  return (
    <details className={styles['details']}>
      <summary>{t('notice.details')}</summary>
      <p>
        {t('notice.code', { code })} · {detail ?? title}
      </p>
    </details>
  );
}

/** Only its author decides about a message; the others are told who. */
function Decisions({ message, children }: { message: Message; children: ReactNode }) {
  const { t } = useTexts();
  if (!message.author || message.author.isMe) return <div className={styles['decisions']}>{children}</div>;
  return <p>{t('notice.authorDecides', { name: message.author.name })}</p>;
}
