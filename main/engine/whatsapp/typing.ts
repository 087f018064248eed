/**
 * Shows the customer that somebody writes to them. Invariants: never a job, because late it would be a lie; only by the agent's settings,
 * because WhatsApp marks their messages as read with it; at most once per TYPING_EVERY_MS in a conversation.
 */
import type { Preferences } from '../../../contract/entities.ts';
import { errorText, type Log } from '../../../contract/log.ts';
import type { StateTx } from '../../../contract/state.ts';
import { isWindowOpen } from '../../../contract/rules/service-window.ts';
import type { GraphClient } from './graph-client.ts';
import type { WhatsappHealth } from './health.ts';

/** WhatsApp ends what it shows after 25 s, or with our next message (Cloud API, "Typing indicators"). */
export const TYPING_EVERY_MS = 20_000;
const TIMEOUT_MS = 10_000;

type Deps = {
  state: Pick<StateTx, 'get'>;
  graph: Pick<GraphClient, 'markRead'>;
  health: Pick<WhatsappHealth, 'read'>;
  readPreferences: () => Preferences;
  /** Relay time, ms. */
  now: () => number;
  log: Log;
};

export type Typing = {
  /** The conversation to whose customer the agent is writing at the moment; null: to nobody. */
  note(conversationId: string | null): void;
  stop(): void;
};

export function createTyping({ state, graph, health, readPreferences, now, log }: Deps): Typing {
  const shownAt = new Map<string, number>();
  const abort = new AbortController();
  let timer: NodeJS.Timeout | undefined;

  /** The message under which it is shown: the customer's last one, which an open window says is younger than the 30 days that Meta wants. */
  const findTarget = (conversationId: string): { phoneNumberId: string; wamid: string } | null => {
    const { showsTyping, readReceipts } = readPreferences();
    const { whatsapp } = health.read();
    if (!showsTyping || readReceipts === 'never' || whatsapp === 'not_configured' || whatsapp === 'blocked') return null;
    const conversation = state.get('conversation', [conversationId]);
    if (!conversation || conversation.last_inbound_wamid === null || !isWindowOpen(conversation.last_inbound_at, now())) return null;
    return { phoneNumberId: conversation.phone_number_id, wamid: conversation.last_inbound_wamid };
  };

  const show = (conversationId: string): void => {
    timer = setTimeout(() => show(conversationId), TYPING_EVERY_MS);
    const target = findTarget(conversationId);
    if (!target) return;
    shownAt.set(conversationId, now());
    graph.markRead(target.phoneNumberId, target.wamid, AbortSignal.any([abort.signal, AbortSignal.timeout(TIMEOUT_MS)]), true).catch((error: unknown) => {
      log('warn', 'typing.failed', { error: errorText(error) });
    });
  };

  return {
    note: (conversationId) => {
      clearTimeout(timer);
      for (const [id, at] of shownAt) if (Math.abs(now() - at) >= TYPING_EVERY_MS) shownAt.delete(id);
      if (conversationId === null) return;
      const last = shownAt.get(conversationId);
      if (last === undefined) show(conversationId);
      else timer = setTimeout(() => show(conversationId), TYPING_EVERY_MS - (now() - last));
    },
    stop: () => {
      clearTimeout(timer);
      abort.abort();
    },
  };
}
