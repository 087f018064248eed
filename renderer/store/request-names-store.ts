/** What people call service requests, for screens that know only their ids. Read when one is first shown, and again when requests change. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ChangeFeed } from '../rpc/change-feed.ts';
import type { EngineClient } from '../rpc/engine-client.ts';
import { createCoalesced } from './serial.ts';

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
      void read(requestId);
    },
  }));

  async function read(requestId: string): Promise<void> {
    // A mark without a name says less, and nothing wrong.
    const request = await client.requests.get({ requestId }).catch(() => null);
    if (request && store.getState().names[requestId] !== request.reference) store.setState(({ names }) => ({ names: { ...names, [requestId]: request.reference } }));
  }

  // A number comes with the team's log, an outside one may be given late. One after the other: an import tells of changes many times over.
  const readAll = createCoalesced(async () => {
    for (const requestId of wanted) await read(requestId);
  });
  changes.subscribe(({ requests }) => {
    if (requests) void readAll();
  });
  return store;
}
