/** The rows beside the open one are read ahead when the window has nothing better to do: J, K and archiving with the next then open what is there. */
import type { StoreApi } from 'zustand/vanilla';
import type { ConversationState } from './conversation-store.ts';
import type { InboxState } from './inbox-store.ts';

type Deps = {
  conversation: StoreApi<ConversationState>;
  inbox: Pick<StoreApi<InboxState>, 'getState'>;
  /** @returns the way to call it off. */
  whenIdle(callback: () => void): () => void;
};

export function readNeighboursAhead({ conversation, inbox, whenIdle }: Deps): void {
  let readFor: string | null = null;
  let callOff = (): void => undefined;
  conversation.subscribe(({ openId, thread, readAhead }) => {
    if (openId !== readFor) {
      callOff();
      readFor = null;
    }
    if (openId === null || thread === null || readFor !== null) return;
    readFor = openId;
    callOff = whenIdle(() => void readAhead(findNeighbours(inbox.getState(), openId)));
  });
}

/** The next one first: most people work downwards. */
function findNeighbours({ rows }: InboxState, openId: string): string[] {
  const at = rows?.findIndex(({ id }) => id === openId) ?? -1;
  return at === -1 ? [] : [rows?.[at + 1], rows?.[at - 1]].flatMap((row) => row?.id ?? []);
}
