/**
 * Hands notices to whoever listens. Invariants: for each listener and conversation only the newest event waits, so that
 * a window that does not keep up costs nothing; a click waits for the window that it opens.
 */
import type { NoticeEvent } from '../../../contract/entities.ts';
import { joinEvents } from './notice-rules.ts';

/** Events that wait for one listener; the oldest go first. */
const WAITING_MAX = 200;

export function createNoticeFeed() {
  const listeners = new Set<(event: NoticeEvent) => void>();
  let unopened: NoticeEvent | null = null;
  return {
    push: (event: NoticeEvent): void => {
      if (listeners.size === 0 && isAsked(event)) unopened = event;
      for (const listener of listeners) listener(event);
    },
    /** Listens from the call on, until `signal` aborts. */
    watch: (signal: AbortSignal | undefined): AsyncGenerator<NoticeEvent> => {
      const waiting = new Map<string, NoticeEvent>();
      let wake: (() => void) | null = null;
      const take = (event: NoticeEvent): void => {
        const { key, value } = keyed(event);
        const before = waiting.get(key);
        waiting.delete(key);
        waiting.set(key, before ? joinEvents(before, value) : value);
        for (const oldest of waiting.keys()) {
          if (waiting.size <= WAITING_MAX) break;
          waiting.delete(oldest);
        }
        wake?.();
      };
      if (unopened) take(unopened);
      unopened = null;
      listeners.add(take);
      const stop = (): void => {
        listeners.delete(take);
        wake?.();
      };
      signal?.addEventListener('abort', stop);
      const iterate = async function* (): AsyncGenerator<NoticeEvent> {
        try {
          while (!signal?.aborted) {
            for (const [key, event] of waiting) {
              waiting.delete(key);
              yield event;
            }
            if (waiting.size > 0 || signal?.aborted) continue;
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
            wake = null;
          }
        } finally {
          stop();
          signal?.removeEventListener('abort', stop);
        }
      };
      return iterate();
    },
  };
}

/** A click is no news about a conversation: neither takes the other's place. */
const keyed = (event: NoticeEvent): { key: string; value: NoticeEvent } => {
  if (isAsked(event)) return { key: 'asked', value: event };
  return { key: `about ${event.t === 'show' ? event.notice.conversationId : event.conversationId}`, value: event };
};

/** Where the agent wants to go: the last one counts. */
const isAsked = (event: NoticeEvent): event is Extract<NoticeEvent, { t: 'open' | 'link_refused' }> => event.t === 'open' || event.t === 'link_refused';
