import { workspaceOf, writeDeepLink } from '../../contract/rules/deep-link.ts';
import { useFrom } from '../ui/app-context.tsx';

/** Copies a link that opens the conversation, at one of its messages, on every desktop of the team; null before this one belongs to it. */
export function useCopyLink(): ((conversationId: string, messageId?: string) => void) | null {
  const logId = useFrom('session', ({ sync }) => sync?.logId ?? null);
  const say = useFrom('toasts', (state) => state.say);
  if (logId === null) return null;
  return (conversationId, messageId) => {
    const link = writeDeepLink({ workspace: workspaceOf(logId), conversationId, messageId: messageId ?? null });
    void navigator.clipboard.writeText(link).then(() => say('action.linkCopied'));
  };
}
