/** What people call service requests, for screens that know only their ids. Read when one is first shown, and again when requests change. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ChangeFeed } from '../rpc/change-feed.ts';
import type { EngineClient } from '../rpc/engine-client.ts';

export type RequestNamesState = {
  /** By id; empty: it has no number yet, or is not known here. */
  names: Readonly<Record<string, string>>;
  /** A screen shows it. */
  want(requestId: string): void;
};

export function createRequestNamesStore({ client, changes }: { client: Pick<EngineClient, 'requests'>; changes: Pick<ChangeFeed, 'subscribe'> }): StoreApi<RequestNamesState> {
  const wanted = new Set<string>();
  const store = createStore<RequestNamesState>(() => ({
    names: {},
    want: (requestId) => {
      if (wanted.has(requestId)) return;
      wanted.add(requestId);
      read(requestId);
    },
  }));

  function read(requestId: string): void {
    client.requests.get({ requestId }).then(
      ({ reference }) => store.getState().names[requestId] !== reference && store.setState(({ names }) => ({ names: { ...names, [requestId]: reference } })),
      // A mark without a name says less, and nothing wrong.
      () => undefined,
    );
  }

  changes.subscribe(({ requests }) => {
    // Only what has no number yet gets another name by itself; an outside one may be given late.
    if (requests) for (const requestId of wanted) read(requestId);
  });
  return store;
}
