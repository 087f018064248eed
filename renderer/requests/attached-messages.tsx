/** Messages that show what was agreed: who said it and when, the way to where it was said, and out again. */
import { MessageSquareText, X } from 'lucide-react';
import type { AttachedMessage, ServiceRequest } from '../../contract/work-entities.ts';
import { contentText } from '../conversation/content-text.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { toMinute } from '../store/clock-store.ts';
import { canAttachMessages } from '../store/session-store.ts';
import { useClient, useFrom, useStores } from '../ui/app-context.tsx';
import { IconButton } from '../ui/button.tsx';
import { useAction } from '../ui/use-action.ts';
import styles from './attached-messages.module.css';

export function AttachedMessages({ request: { id, reference, messages } }: { request: ServiceRequest }) {
  const { t, format } = useTexts();
  const { conversation, view, toasts } = useStores();
  const client = useClient();
  const now = useFrom('clock', toMinute);
  const canDetach = useFrom('session', canAttachMessages);
  const { run } = useAction();
  if (messages.length === 0) return <p className={styles['none']}>{t('requests.attached.none')}</p>;
  const open = ({ conversationId, messageId }: AttachedMessage): void => {
    void conversation.getState().openAt(conversationId, messageId);
    view.getState().goTo('inbox');
  };
  const setAttached = (messageId: string, isOn: boolean): void =>
    void run(async () => {
      const verdict = await client.requests.attach({ requestId: id, messageIds: [messageId], isOn });
      if (verdict.outcome === 'applied' && !isOn)
        toasts.getState().say('picked.detached', { values: { name: '', what: reference }, action: { label: 'action.undo', run: () => setAttached(messageId, true) } });
      return verdict;
    });
  return (
    <ul className={styles['messages']}>
      {messages.map((message) => (
        <li key={message.messageId} className={styles['message']} data-direction={message.direction}>
          <p className={styles['who']}>
            <bdi>{message.direction === 'in' ? message.contact.name : message.author?.isMe ? t('thread.you') : (message.author?.name ?? t('thread.otherTool'))}</bdi>
            <time title={format.exact(message.sentAt)}>{format.relative(message.sentAt, now)}</time>
            <span className={styles['tools']}>
              <IconButton label={t('requests.attached.open')} side="top" onClick={() => open(message)}>
                <MessageSquareText size={14} />
              </IconButton>
              {canDetach && (
                <IconButton label={t('requests.attached.detach')} side="top" onClick={() => setAttached(message.messageId, false)}>
                  <X size={14} />
                </IconButton>
              )}
            </span>
          </p>
          <p className={styles['words']} dir="auto" title={t('requests.attached.by', { who: message.attachedBy.name, at: format.short(message.attachedAt) })}>
            {contentText(message.content, t)}
          </p>
          {message.isPending && <p className={styles['none']}>{t('requests.pending')}</p>}
        </li>
      ))}
    </ul>
  );
}
