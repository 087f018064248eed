/**
 * The composer of one conversation. Bound to it: the text, the quote and what is sent always belong to `conversation.id`.
 * Where free text cannot be sent it becomes the choice of a template, or a calm panel that says why; the draft stays, and notes can
 * still be written.
 * Invariant: whether a text goes to the customer or to the team is changed by its agent and by nobody else.
 */
import { useCallback, useMemo, useState } from 'react';
import type { Offered } from '../commands/command-desk.ts';
import { useConversationOffer } from '../commands/use-commands.ts';
import type { OpenThread } from '../store/open-thread.ts';
import { isWorkOn } from '../store/session-store.ts';
import { isAtWork, NO_PICKER } from '../store/template-picker-store.ts';
import { TemplatePicker } from '../templates/template-picker.tsx';
import { useOpenTemplates } from '../templates/use-open-templates.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { BlockedContact, ClosedConversation, ClosedWindow, SyncEnded } from './composer-panels.tsx';
import { TextComposer } from './text-composer.tsx';
import { useComposerKind } from './use-composer-kind.ts';
import styles from './composer.module.css';

export function Composer({ thread }: { thread: OpenThread }) {
  const { conversation, drafts, view, templatePicker } = useStores();
  const { id } = thread.conversation;
  const composer = useComposerKind(thread);
  const areTemplatesOn = useFrom('session', isWorkOn);
  const isPicking = useFrom('templatePicker', ({ pickers }) => isAtWork(pickers[id] ?? NO_PICKER));
  const openTemplates = useOpenTemplates();
  const [kinds, setKinds] = useState({ now: composer.kind, before: composer.kind });
  if (kinds.now !== composer.kind) setKinds({ now: composer.kind, before: kinds.now });

  const writeNote = useCallback((): void => {
    templatePicker.getState().close(id);
    drafts.getState().setMode(id, 'note');
    view.getState().focusComposer();
  }, [drafts, view, templatePicker, id]);
  const offered = useMemo((): Offered => ({ writeNote, template: () => openTemplates(), goUnread: () => void conversation.getState().jumpToUnread() }), [conversation, writeNote, openTemplates]);
  useConversationOffer(id, offered);

  switch (composer.kind) {
    case 'sync_ended':
      return <SyncEnded thread={thread} state={composer.state} />;
    case 'note':
      return <TextComposer thread={thread} mode="note" />;
    case 'conversation_closed':
      return <ClosedConversation thread={thread} onWriteNote={writeNote} />;
    case 'blocked':
      return <BlockedContact thread={thread} onWriteNote={writeNote} />;
    case 'template':
      return areTemplatesOn ? (
        <div className={styles['composer']}>
          <TemplatePicker thread={thread} wasWriting={kinds.before === 'reply' && !isPicking} onWriteNote={writeNote} />
        </div>
      ) : (
        <ClosedWindow thread={thread} onWriteNote={writeNote} />
      );
    case 'reply':
      return <TextComposer thread={thread} mode="reply" />;
  }
}
