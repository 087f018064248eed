import { CircleAlert, Clock, CloudOff } from 'lucide-react';
import type { Message } from '../../contract/entities.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { reactionState, reactionText } from './reaction-text.ts';
import { useThreadActions } from './thread-actions.tsx';
import { useLine } from './ticks.tsx';
import styles from './reactions.module.css';

/** On the lower edge of the bubble: whoever presses them sees who it was, and can change theirs. */
export function Reactions({ message, contactName }: { message: Message; contactName: string }) {
  const { t, format } = useTexts();
  const line = useLine();
  const { react } = useThreadActions();
  if (message.reactions.length === 0) return null;
  const words = message.reactions.map((reaction) => reactionText(reaction, { name: contactName, line, t, format }));
  return (
    <button
      type="button"
      className={styles['reactions']}
      title={words.join('\n')}
      aria-label={`${t('message.reactions')}: ${words.join('; ')}`}
      onClick={(event) => react(message, event.currentTarget)}
    >
      {message.reactions.map((reaction) => {
        const state = reactionState(reaction);
        return (
          <span key={reaction.messageId} className={styles['reaction']} data-state={state} aria-hidden="true">
            {reaction.emoji}
            {state === 'failed' && <CircleAlert size={12} strokeWidth={2.25} />}
            {state === 'sending' && <Clock size={11} strokeWidth={2} />}
            {state === 'waiting' && (line === 'up' ? <Clock size={11} strokeWidth={2} /> : <CloudOff size={12} strokeWidth={2} />)}
          </span>
        );
      })}
    </button>
  );
}
