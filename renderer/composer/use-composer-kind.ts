/** What stands at the foot of a conversation. Invariant: only `reply` and `template` send anything to the customer. */
import { isWriteEnd, type WriteEnd } from '../../contract/rules/sync-end.ts';
import { useServiceWindow } from '../conversation/window-pill.tsx';
import type { OpenThread } from '../store/open-thread.ts';
import { NO_DRAFT } from '../store/drafts-store.ts';
import { isAtWork, NO_PICKER } from '../store/template-picker-store.ts';
import { useFrom } from '../ui/app-context.tsx';

export type ComposerKind = { kind: 'sync_ended'; state: WriteEnd } | { kind: 'note' | 'conversation_closed' | 'blocked' | 'template' | 'reply' };

export function useComposerKind({ conversation: { id, status, contact, window: serviceWindow } }: OpenThread): ComposerKind {
  const { state: window } = useServiceWindow(serviceWindow.closesAt);
  const syncEnd = useFrom('session', ({ sync }) => (sync && isWriteEnd(sync.state) ? sync.state : null));
  const isPicking = useFrom('templatePicker', ({ pickers }) => isAtWork(pickers[id] ?? NO_PICKER));
  const mode = useFrom('drafts', (state) => (state.drafts[id] ?? NO_DRAFT).mode);
  // First of all: nothing else on this desktop can help.
  if (syncEnd) return { kind: 'sync_ended', state: syncEnd };
  if (contact.isBlocked && mode !== 'note' && status !== 'closed') return { kind: 'blocked' };
  if (isPicking && status !== 'closed') return { kind: 'template' };
  if (mode === 'note') return { kind: 'note' };
  if (status === 'closed') return { kind: 'conversation_closed' };
  return { kind: window === 'closed' || window === 'none' ? 'template' : 'reply' };
}
