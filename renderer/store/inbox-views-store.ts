/**
 * The views of the list that the agent keeps on this desktop, with what each shows now. Invariant: a change of them begins at what the
 * engine keeps, so that two windows do not overwrite each other; however many changes come, they are counted once at a time, and not at once again.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { InboxView } from '../../contract/entities.ts';
import { INBOX_VIEWS_MAX } from '../../contract/rules/inbox-filter.ts';
import { hasConversationChange, type ChangeFeed } from '../rpc/change-feed.ts';
import type { EngineClient } from '../rpc/engine-client.ts';
import { changeView, moveView, saveView } from './edit-views.ts';
import { isSameFilter, type InboxFilter } from './inbox-filter.ts';
import type { InboxState } from './inbox-store.ts';
import { createCoalesced, createSerial } from './serial.ts';
import { reuse } from './share.ts';
import type { ToastState } from './toast-store.ts';

export type InboxViewsState = {
  views: readonly InboxView[];
  /** By id, up to `VIEW_COUNT_MAX`; none while it is not known. */
  counts: Readonly<Record<string, number>>;
  /** The present filter and order. */
  save(name: string): Promise<void>;
  replace(id: string): Promise<void>;
  rename(id: string, name: string): Promise<void>;
  move(id: string, by: -1 | 1): Promise<void>;
  /** With a way back. */
  remove(id: string): Promise<void>;
};

type Deps = {
  client: EngineClient;
  changes: ChangeFeed;
  inbox: StoreApi<InboxState>;
  toasts: StoreApi<ToastState>;
  newId(): string;
  /** Passes before they are counted again. */
  pause(): Promise<void>;
  report(error: unknown): void;
  reportAction(error: unknown): void;
};

/** The view that shows exactly this. */
export const inboxViewOf = (views: readonly InboxView[], filter: InboxFilter): InboxView | null => views.find((view) => isSameFilter(view.filter, filter)) ?? null;

export function createInboxViewsStore({ client, changes, inbox, toasts, newId, pause, report, reportAction }: Deps): StoreApi<InboxViewsState> {
  const inOrder = createSerial();
  const present = (): InboxView['filter'] => ({ ...inbox.getState().filter, search: '' });
  const store = createStore<InboxViewsState>(() => ({
    views: [],
    counts: {},
    save: (name) => change((views) => saveView(views, { id: newId(), name, filter: present() }).slice(0, INBOX_VIEWS_MAX)),
    replace: (id) => change((views) => changeView(views, id, { filter: present() })),
    rename: (id, name) => change((views) => changeView(views, id, { name })),
    move: (id, by) => change((views) => moveView(views, id, by)),
    remove: async (id) => {
      const at = store.getState().views.findIndex((view) => view.id === id);
      const view = store.getState().views[at];
      if (!view) return;
      await change((views) => views.filter((other) => other.id !== id));
      const restore = (): void => {
        toasts.getState().dismiss(toast);
        void change((views) => (views.some((other) => other.id === id) ? views : views.toSpliced(at, 0, view)));
      };
      const toast = toasts.getState().say('savedViews.removed', { values: { name: view.name }, action: { label: 'action.undo', run: restore } });
    },
  }));

  async function change(edit: (views: readonly InboxView[]) => readonly InboxView[]): Promise<void> {
    await inOrder(async () => {
      const views = edit(await client.conversations.views());
      await client.conversations.setViews({ views: [...views] });
      store.setState((state) => ({ views: reuse(state.views, views) }));
    }).catch(reportAction);
  }

  const readViews = createCoalesced(() =>
    inOrder(async () => {
      const views = await client.conversations.views();
      store.setState((state) => ({ views: reuse(state.views, views) }));
    }),
  );
  const count = createCoalesced(async () => {
    if (store.getState().views.length === 0) return;
    const counts = Object.fromEntries((await client.conversations.viewCounts()).map(({ id, count }) => [id, count]));
    store.setState((state) => ({ counts: reuse(state.counts, counts) }));
    await pause();
  });

  store.subscribe(({ views }, before) => {
    if (views !== before.views) void count().catch(report);
  });
  changes.subscribe((change) => {
    if (change.session) void readViews().catch(report);
    if (hasConversationChange(change)) void count().catch(report);
  });
  return store;
}
