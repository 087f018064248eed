/**
 * The composer of one conversation. Bound to it: the text, the quote and what is sent always belong to `conversation.id`.
 * Where free text cannot be sent it becomes a calm panel that says why; the draft stays, and notes can still be written.
 * Invariant: whether a text goes to the customer or to the team is changed by its agent and by nobody else.
 */
import { useMemo } from 'react';
import { isWriteEnd } from '../../contract/rules/sync-end.ts';
import { useConversationKeys } from '../conversation/use-conversation-keys.ts';
import { useServiceWindow } from '../conversation/window-pill.tsx';
import type { OpenThread } from '../store/conversation-store.ts';
import { NO_DRAFT } from '../store/drafts-store.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { ClosedConversation, ClosedWindow, SyncEnded } from './composer-panels.tsx';
import { TextComposer } from './text-composer.tsx';

export function Composer({ thread }: { thread: OpenThread }) {
  const { drafts, view } = useStores();
  const { id, status, window: serviceWindow } = thread.conversation;
  const { state: window } = useServiceWindow(serviceWindow.closesAt);
  const syncEnd = useFrom('session', ({ sync }) => (sync && isWriteEnd(sync.state) ? sync.state : null));
  const mode = useFrom('drafts', (state) => (state.drafts[id] ?? NO_DRAFT).mode);

  const keys = useMemo(() => {
    const writeNote = (): void => {
      drafts.getState().setMode(id, 'note');
      view.getState().focusComposer();
    };
    return { n: writeNote };
  }, [drafts, view, id]);
  useConversationKeys(id, keys);

  // First of all: nothing else on this desktop can help.
  if (syncEnd) return <SyncEnded thread={thread} state={syncEnd} />;
  if (mode === 'note') return <TextComposer thread={thread} mode="note" />;
  if (status === 'closed') return <ClosedConversation thread={thread} onWriteNote={keys.n} />;
  if (window === 'closed' || window === 'none') return <ClosedWindow thread={thread} onWriteNote={keys.n} />;
  return <TextComposer thread={thread} mode="reply" />;
}
