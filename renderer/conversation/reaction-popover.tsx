/** Who reacted to a message, and one's own reaction: put, changed, taken back. */
import { Plus } from 'lucide-react';
import { lazy, Suspense, useRef, useState, type FormEvent, type KeyboardEvent } from 'react';
import type { Message } from '../../contract/entities.ts';
import { EMOJI_MAX } from '../../contract/limits.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { AnchoredPopover } from '../ui/anchored-popover.tsx';
import { useCommands } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { useFocusOnMount } from '../ui/use-focus-on-mount.ts';
import { isOneEmoji } from './markup.ts';
import { canReact, reactionState, reactionText, USUAL_EMOJI } from './reaction-text.ts';
import { useLine } from './ticks.tsx';
import styles from './reaction-popover.module.css';

const EmojiPicker = lazy(() => import('../emoji/emoji-picker.tsx').then((module) => ({ default: module.EmojiPicker })));

type Props = { message: Message; anchor: HTMLElement; contactName: string; onClose(): void };

export function ReactionPopover({ message, anchor, contactName, onClose }: Props) {
  const { t, format } = useTexts();
  const line = useLine();
  return (
    <AnchoredPopover anchor={anchor} label={t('message.reactions')} onClose={onClose}>
      <div className={styles['reactions']}>
        {message.reactions.length > 0 && (
          <ul className={styles['there']}>
            {message.reactions.map((reaction) => (
              <li key={reaction.messageId} data-state={reactionState(reaction)}>
                {reactionText(reaction, { name: contactName, line, t, format })}
              </li>
            ))}
          </ul>
        )}
        {canReact(message) && <OwnReaction message={message} onClose={onClose} />}
      </div>
    </AnchoredPopover>
  );
}

function OwnReaction({ message, onClose }: { message: Message; onClose(): void }) {
  const { t } = useTexts();
  const { react, unreact } = useCommands();
  const own = message.reactions.find(({ direction }) => direction === 'out') ?? null;
  const [typed, setTyped] = useState('');
  const [isWrong, setWrong] = useState(false);
  const [hasMore, setMore] = useState(false);
  const first = useRef<HTMLButtonElement>(null);
  useFocusOnMount(first);

  function set(emoji: string): void {
    onClose();
    // One that did not arrive is put once more by choosing it again.
    void (emoji === own?.emoji && reactionState(own) !== 'failed' ? unreact(message) : react(message, emoji));
  }
  function submit(event: FormEvent): void {
    event.preventDefault();
    const emoji = typed.trim();
    if (isOneEmoji(emoji)) set(emoji);
    else setWrong(true);
  }
  function walk(event: KeyboardEvent<HTMLDivElement>): void {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const buttons = [...event.currentTarget.querySelectorAll('button')];
    const at = buttons.findIndex((button) => button === document.activeElement);
    if (step === 0 || at === -1) return;
    event.preventDefault();
    buttons[(at + step + buttons.length) % buttons.length]?.focus();
  }

  if (hasMore) {
    return (
      <Suspense fallback={null}>
        <EmojiPicker onPick={set} />
      </Suspense>
    );
  }
  return (
    <>
      <div className={styles['usual']} role="group" aria-label={t('message.react')} onKeyDown={walk}>
        {USUAL_EMOJI.map((emoji, index) => (
          <button key={emoji} {...(index === 0 && { ref: first })} type="button" aria-pressed={emoji === own?.emoji} aria-label={t('message.reactWith', { emoji })} onClick={() => set(emoji)}>
            {emoji}
          </button>
        ))}
        <button type="button" aria-label={t('message.reactMore')} title={t('message.reactMore')} onClick={() => setMore(true)}>
          <Plus size={16} />
        </button>
      </div>
      <form className={styles['other']} onSubmit={submit}>
        <input
          value={typed}
          maxLength={EMOJI_MAX}
          aria-label={t('message.reactOther')}
          placeholder={t('message.reactOtherHint')}
          aria-invalid={isWrong}
          onChange={(event) => {
            setTyped(event.target.value);
            setWrong(false);
          }}
          onKeyDown={(event) => event.key === 'Escape' && onClose()}
        />
        <Button submits disabled={typed.trim() === ''}>
          {t('message.reactSet')}
        </Button>
      </form>
      {isWrong && (
        <p className={styles['wrong']} role="alert">
          {t('message.reactNoEmoji')}
        </p>
      )}
      {own !== null && (
        <Button
          look="quiet"
          onClick={() => {
            onClose();
            void unreact(message);
          }}
        >
          {t('message.reactRemove')}
        </Button>
      )}
    </>
  );
}
