import { useCallback } from 'react';
import { readDeepLink, workspaceOf } from '../../contract/rules/deep-link.ts';
import { useClient, useFrom, useStores } from '../ui/app-context.tsx';

/** Opens what a link leads to; what leads nowhere here is said. */
export function useFollowLink(): (link: string) => void {
  const client = useClient();
  const { conversation, toasts, view } = useStores();
  const logId = useFrom('session', ({ sync }) => sync?.logId ?? null);
  return useCallback(
    (text) => {
      const link = readDeepLink(text);
      const refuse = (reason: 'not_a_link' | 'other_workspace' | 'unknown'): void => void toasts.getState().say(`link.${reason}`, { tone: 'failure' });
      if (!link) return refuse('not_a_link');
      if (logId === null || link.workspace !== workspaceOf(logId)) return refuse('other_workspace');
      const open = async (): Promise<void> => {
        const [found] = await client.conversations.byIds({ ids: [link.conversationId] });
        if (!found) return refuse('unknown');
        view.getState().goTo('inbox');
        if (link.messageId !== null) return conversation.getState().openAt(link.conversationId, link.messageId);
        conversation.getState().open(link.conversationId);
        view.getState().focusPane('thread', link.conversationId);
      };
      void open().catch(() => refuse('unknown'));
    },
    [client, conversation, toasts, view, logId],
  );
}
