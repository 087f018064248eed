/** An internal note that quotes what was said. In a dialog and not in the composer: what stands there may be meant for the customer. */
import { useRef, useState, type KeyboardEvent } from 'react';
import { NOTE_BODY_MAX } from '../../contract/limits.ts';
import { mentionedIn } from '../composer/mentions.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useClient, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { useAction } from '../ui/use-action.ts';
import { useFocusOnMount } from '../ui/use-focus-on-mount.ts';
import { textOf } from './copy-messages.ts';
import type { SheetProps } from './sheet-props.ts';
import { usePickedWords } from './use-picked-words.ts';
import styles from './sheets.module.css';

export function NoteDialog({ messages, conversationId, onClose }: SheetProps) {
  const { t, format } = useTexts();
  const { team, toasts, conversation } = useStores();
  const client = useClient();
  const { words } = usePickedWords();
  const [text, setText] = useState(() =>
    `${messages.map((message) => `> ${t('picked.noteLine', { who: words.whoOf(message), at: format.short(message.sentAt), text: textOf(message, t).replaceAll('\n', '\n> ') })}`).join('\n')}\n\n`.slice(
      0,
      NOTE_BODY_MAX,
    ),
  );
  const box = useRef<HTMLTextAreaElement>(null);
  useFocusOnMount(box);
  const { run, isBusy } = useAction();
  const isEmpty = text.trim() === '';

  async function save(): Promise<void> {
    if (isEmpty) return;
    await run(async () => {
      await client.notes.add({ conversationId, body: text.trim(), mentions: mentionedIn(text, team.getState().directory?.members ?? []) });
      toasts.getState().say('picked.noteDone');
      conversation.getState().refresh();
      onClose(true);
    });
  }
  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.nativeEvent.isComposing) return;
    event.preventDefault();
    void save();
  }
  return (
    <Dialog title={t('picked.noteTitle')} onClose={() => onClose(false)}>
      <div className={styles['note']}>
        <textarea ref={box} rows={10} dir="auto" value={text} maxLength={NOTE_BODY_MAX} aria-label={t('picked.noteTitle')} onChange={(event) => setText(event.target.value)} onKeyDown={onKeyDown} />
        <p className={styles['hint']}>{t('picked.noteHint')}</p>
      </div>
      <footer className={styles['foot']}>
        <Button onClick={() => onClose(false)}>{t('action.cancel')}</Button>
        <Button look="primary" disabled={isEmpty || isBusy} onClick={() => void save()}>
          {t('internal.save')}
        </Button>
      </footer>
    </Dialog>
  );
}
