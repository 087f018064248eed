/** Tells colleagues what I look at and whether I write. Best effort: what cannot be told is forgotten. */
import type { PresenceEntry } from '../../contract/entities.ts';
import type { ChangeFeed } from '../rpc/change-feed.ts';
import type { EngineClient } from '../rpc/engine-client.ts';

type Activity = PresenceEntry['activity'];

/** Whoever pauses longer than this is not writing any more. */
export const WRITING_FOR_MS = 5_000;

export type PresenceReporter = {
  /** The open conversation, and whether the agent has it before them (the window is in front). */
  look(conversationId: string | null, isAttentive: boolean): void;
  /** A key was pressed in the composer of the conversation that is looked at; `isReply`: what is written is for the customer. */
  typed(isReply: boolean): void;
  /** What was being written is sent or given up. */
  stoppedTyping(): void;
};

export function createPresenceReporter({ client, changes }: { client: Pick<EngineClient, 'presence'>; changes: Pick<ChangeFeed, 'subscribe'> }): PresenceReporter {
  let at: { conversationId: string | null; isAttentive: boolean } = { conversationId: null, isAttentive: false };
  let writing: ReturnType<typeof setTimeout> | undefined;
  let isReply = false;
  let told = '';

  function tell(): void {
    const activity: Activity = !at.isAttentive ? 'away' : writing !== undefined && at.conversationId !== null ? 'writing' : 'viewing';
    const isForCustomer = activity === 'writing' && isReply;
    const key = `${activity} ${isForCustomer} ${at.conversationId}`;
    if (key === told) return;
    told = key;
    void client.presence.set({ conversationId: at.conversationId, activity, isReply: isForCustomer }).catch(() => undefined);
  }

  function stopWriting(): void {
    clearTimeout(writing);
    writing = undefined;
  }

  // Another engine answers now, and knows nothing of this window.
  changes.subscribe(({ session }) => {
    if (!session || told === '') return;
    told = '';
    tell();
  });

  return {
    look: (conversationId, isAttentive) => {
      if (conversationId !== at.conversationId || !isAttentive) stopWriting();
      at = { conversationId, isAttentive };
      tell();
    },
    typed: (forCustomer) => {
      clearTimeout(writing);
      isReply = forCustomer;
      writing = setTimeout(() => {
        writing = undefined;
        tell();
      }, WRITING_FOR_MS);
      tell();
    },
    stoppedTyping: () => {
      stopWriting();
      tell();
    },
  };
}
