/** Shows the engine's notices where nothing around the window does, and follows a click on one wherever it was shown. */
import { useEffect, useRef } from 'react';
import type { NoticeEvent } from '../../contract/entities.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useClient, useFrom, useStores } from '../ui/app-context.tsx';
import { drawBadge } from './badge.ts';
import { createBeep } from './beep.ts';
import { noticeBody, noticeTitle } from './notice-text.ts';
import { createPermissionCheck } from './permission.ts';

const RETRY_MS = 1_000;
const ICON_SIZE = 64;

export function Notices(): null {
  const { t, format } = useTexts();
  const client = useClient();
  const { conversation, link, session, toasts, view } = useStores();
  const isUp = useFrom('link', ({ status }) => status === 'up');
  const needsMe = useFrom('session', ({ counts }) => counts?.needsMe ?? 0);
  // A change of language is no reason to listen anew.
  const texts = useRef({ t, format });
  useEffect(() => {
    texts.current = { t, format };
  }, [t, format]);
  useEffect(() => drawBadge(document, needsMe, ICON_SIZE), [needsMe]);

  useEffect(() => {
    if (!isUp) return;
    const shown = new Map<string, Notification>();
    const beep = createBeep();
    const mayNotify = createPermissionCheck(window);
    const stop = new AbortController();
    let isStopped = false;

    const openConversation = (id: string, messageId: string | null = null): void => {
      view.getState().goTo('inbox');
      if (messageId === null) conversation.getState().open(id);
      else void conversation.getState().openAt(id, messageId);
      window.focus();
    };
    const take = (event: NoticeEvent): void => {
      switch (event.t) {
        case 'open':
          return openConversation(event.conversationId, event.messageId);
        case 'link_refused':
          return void toasts.getState().say(`link.${event.reason}`, { tone: 'failure' });
        case 'clear':
          shown.get(event.conversationId)?.close();
          shown.delete(event.conversationId);
          return;
        case 'show': {
          if (session.getState().session?.showsNotices === false) return;
          const { notice, isSilent } = event;
          const id = notice.conversationId;
          if (!isSilent) beep.play();
          if (!mayNotify()) return;
          // The same tag takes the place of what was shown of this conversation before.
          const notification = new Notification(noticeTitle(notice, texts.current.t), { body: noticeBody(notice, texts.current.t, texts.current.format), tag: id, silent: true });
          notification.addEventListener('click', () => {
            openConversation(id);
            notification.close();
          });
          shown.set(id, notification);
        }
      }
    };
    const listen = async (): Promise<void> => {
      while (!isStopped) {
        try {
          for await (const event of await client.events.notices(undefined, { signal: stop.signal })) take(event);
        } catch {
          // The line broke: with the next one it is listened to again.
        }
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    };
    void listen();
    return () => {
      isStopped = true;
      // A line that broke has ended the call with it, and takes no word that it is over.
      if (link.getState().status === 'up') stop.abort();
      beep.close();
      for (const notification of shown.values()) notification.close();
    };
  }, [client, conversation, link, session, toasts, view, isUp]);
  return null;
}
