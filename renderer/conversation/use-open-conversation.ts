import { useStores } from '../ui/app-context.tsx';

/** From any page to a conversation, at a message of it if there is one. It may be open already: then only the page changes. */
export function useOpenConversation(): (conversationId: string, messageId?: string | null) => void {
  const { conversation, view } = useStores();
  return (conversationId, messageId = null) => {
    view.getState().goTo('inbox');
    if (messageId === null) conversation.getState().open(conversationId);
    else void conversation.getState().openAt(conversationId, messageId);
  };
}
