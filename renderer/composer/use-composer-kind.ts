/** What stands at the foot of a conversation. Invariant: only `reply` sends anything to the customer. */
import { isWriteEnd, type WriteEnd } from '../../contract/rules/sync-end.ts';
import { useServiceWindow } from '../conversation/window-pill.tsx';
import type { OpenThread } from '../store/conversation-store.ts';
import { NO_DRAFT } from '../store/drafts-store.ts';
import { useFrom } from '../ui/app-context.tsx';

export type ComposerKind = { kind: 'sync_ended'; state: WriteEnd } | { kind: 'note' | 'conversation_closed' | 'blocked' | 'window_closed' | 'reply' };

export function useComposerKind({ conversation: { id, status, contact, window: serviceWindow } }: OpenThread): ComposerKind {
  const { state: window } = useServiceWindow(serviceWindow.closesAt);
  const syncEnd = useFrom('session', ({ sync }) => (sync && isWriteEnd(sync.state) ? sync.state : null));
  const mode = useFrom('drafts', (state) => (state.drafts[id] ?? NO_DRAFT).mode);
  // First of all: nothing else on this desktop can help.
  if (syncEnd) return { kind: 'sync_ended', state: syncEnd };
  if (contact.isBlocked && mode !== 'note' && status !== 'closed') return { kind: 'blocked' };
  if (mode === 'note') return { kind: 'note' };
  if (status === 'closed') return { kind: 'conversation_closed' };
  return { kind: window === 'closed' || window === 'none' ? 'window_closed' : 'reply' };
}
