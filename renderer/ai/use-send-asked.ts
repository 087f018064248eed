import { useCallback } from 'react';
import type { OpenThread } from '../store/open-thread.ts';
import { acceptedAfter, type Asked } from '../store/draft-desk-store.ts';
import { useCommands, useStores } from '../ui/app-context.tsx';

/** Sends what its agent was asked about, with their yes. */
export function useSendAsked({ conversation: { id }, seenThrough }: Pick<OpenThread, 'conversation' | 'seenThrough'>): (asked: Asked) => void {
  const { conversation, draftDesk } = useStores();
  const { sendDraft } = useCommands();
  return useCallback(
    (asked) => {
      conversation.getState().glance();
      const accepted = acceptedAfter(asked);
      if (asked.from === 'composer') void sendDraft(id, conversation.getState().thread?.seenThrough ?? seenThrough, accepted);
      else void draftDesk.getState().send({ draftId: asked.draftId, conversationId: id }, asked.text, accepted);
    },
    [conversation, draftDesk, sendDraft, id, seenThrough],
  );
}
