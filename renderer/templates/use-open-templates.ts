/** The way to a template: for a text of ours that could not leave the best one at once, else the list. */
import { useCallback } from 'react';
import type { Message } from '../../contract/entities.ts';
import { SERVICE_WINDOW_MS } from '../../contract/limits.ts';
import { isWindowOpen } from '../../contract/rules/service-window.ts';
import { wordsOf } from '../../contract/whatsapp/content-words.ts';
import { OWN_ERROR } from '../../contract/whatsapp/error-codes.ts';
import { shownPart } from '../store/open-thread.ts';
import { isWorkOn } from '../store/session-store.ts';
import { useStores } from '../ui/app-context.tsx';

/** Meta: more than 24 hours have passed since the customer last wrote. */
const REENGAGEMENT = 131047;

/** Free text of mine that failed because the window was closed, or waits to leave into one that is. */
export function missedWindow({ direction, author, delivery, error, content }: Message, isOpen: boolean): boolean {
  if (direction !== 'out' || author?.isMe === false || content.kind === 'template' || content.kind === 'reaction') return false;
  if (delivery === 'failed') return error?.code === OWN_ERROR.windowClosed || error?.code === REENGAGEMENT;
  return !isOpen && (delivery === 'waiting' || delivery === 'queued');
}

/**
 * @returns opens it in the open conversation, or in that of `message`, whose words are kept beside it. Without one: for the message
 * that has the focus, else the newest one, if that could not leave.
 */
export function useOpenTemplates(): (message?: Message) => void {
  const { session, clock, conversation, templatePicker, view } = useStores();
  return useCallback(
    (message) => {
      if (!isWorkOn(session.getState())) return;
      const { thread } = conversation.getState();
      const open = thread?.conversation;
      // The thread holds all conversations of its person: what is sent goes into the open one.
      const isShown = open !== undefined && (message === undefined || message.conversationId === open.id || open.otherConversations.some(({ id }) => id === message.conversationId));
      const id = isShown ? open.id : message?.conversationId;
      if (id === undefined) return;
      const lost = message ?? (thread && findLost());
      if (lost) void templatePicker.getState().openFor(id, { messageId: lost.id, text: wordsOf(lost.content) ?? '', isWaiting: lost.delivery !== 'failed' });
      else templatePicker.getState().open(id);
      view.getState().showStory(null);
      if (!isShown) conversation.getState().open(id);
      view.getState().focusPane('composer', id);

      function findLost(): Message | undefined {
        const now = clock.getState().now + (session.getState().session?.clockOffset ?? 0);
        const closesAt = open?.window.closesAt ?? null;
        const { messages } = shownPart(thread!);
        const focusedId = document.activeElement?.getAttribute('data-message-id');
        const meant = messages.find((one) => one.id === focusedId) ?? messages.at(-1);
        return meant && missedWindow(meant, isWindowOpen(closesAt === null ? null : closesAt - SERVICE_WINDOW_MS, now)) ? meant : undefined;
      }
    },
    [session, clock, conversation, templatePicker, view],
  );
}
