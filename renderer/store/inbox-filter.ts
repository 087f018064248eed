/**
 * Which conversations the list shows. Invariant: `belongs` answers as the engine does for the same filter, but for a
 * search, which only the engine can answer.
 */
import { REQUEST_FILTERS, type RequestLinkFilter } from '../../contract/requests/request-rules.ts';
import type { ConversationStatus } from '../../contract/state.ts';
import type { ConversationSummary } from '../../contract/entities.ts';
import type { TabStorage } from './remember-open.ts';

export type Whose = 'me' | 'my_teams' | 'nobody' | 'anybody';
export type InboxFilter = {
  status: ConversationStatus;
  whose: Whose;
  unread: boolean;
  labelId: string | null;
  /** By the request that a row shows. */
  request: RequestLinkFilter | null;
  /** A folder beside the status: what is out of sight until later, or what I have begun to write (wherever it is). */
  folder: 'snoozed' | 'drafts' | null;
  search: string;
};

export const NO_FILTER: InboxFilter = { status: 'active', whose: 'anybody', unread: false, labelId: null, request: null, folder: null, search: '' };

/** What the list shows for the filter, as the engine is asked for it. */
export const toQuery = ({ status, whose, unread, labelId, request, folder, search }: InboxFilter) => ({
  status,
  assignee: whose,
  unread,
  search,
  snoozed: folder === 'snoozed' ? ('only' as const) : ('no' as const),
  hasDraft: folder === 'drafts',
  ...(labelId !== null && { labelId }),
  ...(request !== null && { request }),
});

/** The filter after a change of it: a folder is left by choosing a status, and belongs to the active ones. */
export function changeFilter(filter: InboxFilter, patch: Partial<InboxFilter>): InboxFilter {
  if (patch.folder) return { ...filter, ...patch, status: 'active' };
  return { ...filter, ...patch, ...(patch.status !== undefined && patch.folder === undefined && { folder: null }) };
}

export function belongs(row: ConversationSummary, filter: InboxFilter, myTeamIds: ReadonlySet<string>): boolean {
  const isInFolder = filter.folder === 'drafts' ? row.draft !== null : row.status === filter.status && (row.snoozedUntil !== null) === (filter.folder === 'snoozed');
  const hasLabel = filter.labelId === null || row.labels.some(({ id }) => id === filter.labelId);
  return isInFolder && (!filter.unread || row.unread > 0) && hasLabel && isAbout(row, filter.request) && isOf(row, filter.whose, myTeamIds);
}

function isAbout({ request }: ConversationSummary, filter: RequestLinkFilter | null): boolean {
  if (filter === null) return true;
  if (filter === 'linked' || filter === 'unlinked') return (request !== null) === (filter === 'linked');
  return request?.status === filter;
}

function isOf({ assignee, team }: ConversationSummary, whose: Whose, myTeamIds: ReadonlySet<string>): boolean {
  switch (whose) {
    case 'me':
      return assignee?.isMe === true;
    case 'my_teams':
      return team !== null && myTeamIds.has(team.id);
    case 'nobody':
      return assignee === null;
    case 'anybody':
      return true;
  }
}

const STORAGE_KEY = 'bandeja.filter';

/** The filter comes back after a reload, without the search, which was for one moment. */
export const writeFilter = (storage: TabStorage, { search: _, ...filter }: InboxFilter): void => storage.setItem(STORAGE_KEY, JSON.stringify(filter));

/** Anything else that may stand there counts as no filter. */
export function readFilter(storage: TabStorage): InboxFilter {
  try {
    const { status, whose, unread, labelId, request, folder } = JSON.parse(storage.getItem(STORAGE_KEY) ?? '') as Record<keyof InboxFilter, unknown>;
    return {
      ...NO_FILTER,
      ...(isOneOf(status, ['active', 'archived', 'closed']) && { status }),
      ...(isOneOf(whose, ['me', 'my_teams', 'nobody', 'anybody']) && { whose }),
      ...(typeof unread === 'boolean' && { unread }),
      ...(typeof labelId === 'string' && { labelId }),
      ...(isOneOf(request, REQUEST_FILTERS) && { request }),
      ...(isOneOf(folder, ['snoozed', 'drafts']) && { folder }),
    };
  } catch {
    return NO_FILTER;
  }
}

const isOneOf = <T extends string>(value: unknown, known: readonly T[]): value is T => known.some((one) => one === value);
