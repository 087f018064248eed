/** The account's templates as this desktop knows them. Read when a screen first asks, and again whenever they change. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { TemplateList } from '../../contract/work-entities.ts';
import type { ChangeFeed } from '../rpc/change-feed.ts';
import type { EngineClient } from '../rpc/engine-client.ts';
import { createCoalesced } from './serial.ts';
import { reuse } from './share.ts';

export type TemplatesState = {
  /** Null until it was read. */
  list: TemplateList | null;
  /** A screen shows them. */
  load(): void;
  /** What the engine has just answered. */
  take(list: TemplateList): void;
};

export function createTemplatesStore({ client, changes, report }: { client: EngineClient; changes: ChangeFeed; report(error: unknown): void }): StoreApi<TemplatesState> {
  let isWanted = false;
  const store = createStore<TemplatesState>((set) => ({
    list: null,
    load: () => {
      if (isWanted) return;
      isWanted = true;
      void refresh().catch(report);
    },
    take: (fresh) => set(({ list }) => ({ list: reuse(list, fresh) })),
  }));
  const refresh = createCoalesced(async () => store.getState().take(await client.templates.list()));
  changes.subscribe((change) => {
    if (isWanted && change.templates) void refresh().catch(report);
  });
  return store;
}
