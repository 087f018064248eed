/**
 * The composer of one conversation. Bound to it: the text, the quote and what is sent always belong to `conversation.id`.
 * Where free text cannot be sent it becomes a calm panel that says why; the draft stays, and notes can still be written.
 * Invariant: whether a text goes to the customer or to the team is changed by its agent and by nobody else.
 */
import { useMemo } from 'react';
import { useConversationKeys } from '../conversation/use-conversation-keys.ts';
import type { OpenThread } from '../store/conversation-store.ts';
import { useStores } from '../ui/app-context.tsx';
import { BlockedContact, ClosedConversation, ClosedWindow, SyncEnded } from './composer-panels.tsx';
import { TextComposer } from './text-composer.tsx';
import { useComposerKind } from './use-composer-kind.ts';

export function Composer({ thread }: { thread: OpenThread }) {
  const { drafts, view } = useStores();
  const { id } = thread.conversation;
  const composer = useComposerKind(thread);

  const keys = useMemo(() => {
    const writeNote = (): void => {
      drafts.getState().setMode(id, 'note');
      view.getState().focusComposer();
    };
    return { n: writeNote };
  }, [drafts, view, id]);
  useConversationKeys(id, keys);

  switch (composer.kind) {
    case 'sync_ended':
      return <SyncEnded thread={thread} state={composer.state} />;
    case 'note':
      return <TextComposer thread={thread} mode="note" />;
    case 'conversation_closed':
      return <ClosedConversation thread={thread} onWriteNote={keys.n} />;
    case 'blocked':
      return <BlockedContact thread={thread} onWriteNote={keys.n} />;
    case 'window_closed':
      return <ClosedWindow thread={thread} onWriteNote={keys.n} />;
    case 'reply':
      return <TextComposer thread={thread} mode="reply" />;
  }
}
