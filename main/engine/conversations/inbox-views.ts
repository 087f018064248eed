/** The views of the list that the agent keeps on this desktop, and how many conversations each shows. */
import { z } from 'zod';
import { inboxViewSchema, type InboxView } from '../../../contract/entities.ts';
import { toQuery } from '../../../contract/rules/inbox-filter.ts';
import type { ConversationListQueries } from '../db/conversation-list-queries.ts';
import type { SettingQueries } from '../db/setting-queries.ts';
import type { ChangeCollector } from '../sync/change-collector.ts';

type Deps = { lists: Pick<ConversationListQueries, 'count'>; settings: SettingQueries; changes: Pick<ChangeCollector, 'noteSession' | 'publish'>; myId: () => string };
export type InboxViews = ReturnType<typeof createInboxViews>;

export function createInboxViews({ lists, settings, changes, myId }: Deps) {
  const views = (): InboxView[] => settings.read('inboxViews', z.array(inboxViewSchema)) ?? [];
  return {
    views,
    setViews: (kept: InboxView[]): void => {
      settings.write('inboxViews', kept);
      changes.noteSession();
      changes.publish();
    },
    /** Up to `VIEW_COUNT_MAX` each. */
    counts: (): { id: string; count: number }[] => {
      const me = myId();
      return views().map(({ id, filter }) => ({ id, count: lists.count(toQuery(filter), me) }));
    },
  };
}
