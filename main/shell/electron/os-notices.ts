/**
 * The engine's notices as notifications of the operating system. Invariant: one per conversation, and a newer one takes
 * its place; whatever is shown can be taken back, because it is kept until it is gone (Electron forgets the others); what
 * customers write is text, never markup.
 */
import { Notification } from 'electron';
import type { NoticeEvent, Preferences } from '../../../contract/entities.ts';
import { wordNotice } from './notice-text.ts';

/** Systems drop older ones themselves; so do we. */
const SHOWN_MAX = 50;

export type OsNotices = { take(event: NoticeEvent, language: Preferences['language']): void };
type Deps = {
  platform: NodeJS.Platform;
  /** Of the system, for an agent who has chosen no language. */
  locale: () => string;
  /** The agent clicked a notice: brings the window to the front. */
  onOpen(conversationId: string): void;
  /** Where the system lets people answer in the notice itself (macOS, Windows). */
  onReply(conversationId: string, text: string): void;
};

export function createOsNotices({ platform, locale, onOpen, onReply }: Deps): OsNotices {
  const shown = new Map<string, Notification>();

  const close = (conversationId: string): void => {
    const notification = shown.get(conversationId);
    shown.delete(conversationId);
    notification?.close();
  };

  return {
    take: (event, language) => {
      if (event.t === 'clear') return close(event.conversationId);
      if (event.t !== 'show' || !Notification.isSupported()) return;
      const { conversationId } = event.notice;
      const { title, body, replyPlaceholder, mayReply } = wordNotice(event.notice, language, locale());
      close(conversationId);
      const notification = new Notification({ title, body: platform === 'linux' ? escapeMarkup(body) : body, silent: event.isSilent, hasReply: mayReply, replyPlaceholder });
      notification.on('click', () => onOpen(conversationId));
      notification.on('reply', ({ reply }) => {
        if (reply.trim() !== '') onReply(conversationId, reply);
      });
      // Closed by the agent; one that was replaced says so later than its successor was shown.
      notification.on('close', () => {
        if (shown.get(conversationId) === notification) shown.delete(conversationId);
      });
      shown.set(conversationId, notification);
      for (const oldest of shown.keys()) {
        if (shown.size <= SHOWN_MAX) break;
        close(oldest);
      }
      notification.show();
    },
  };
}

/** On Linux the body may hold markup, also links (Desktop Notifications Specification, "Markup"), and Electron passes it on as it is. */
const escapeMarkup = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
