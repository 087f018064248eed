/**
 * Which conversations the list shows, and in which order. Invariant: `belongs` and `compareRows` answer as the engine does for the
 * same filter, but for what only the engine can answer (`isForEngine`).
 */
import { REQUEST_FILTERS, type RequestLinkFilter } from '../../contract/requests/request-rules.ts';
import { CONTACT_ROLES, FOLDERS, LIST_SORTS, NO_FILTER, placeOf, type InboxFilter, type ListSort } from '../../contract/rules/inbox-filter.ts';
import type { ConversationSummary } from '../../contract/entities.ts';
import type { TabStorage } from './remember-open.ts';

export { NO_FILTER, toQuery, type InboxFilter, type Whose } from '../../contract/rules/inbox-filter.ts';

/** Whether a name or a number matches a search, and every request that a conversation is linked to, no row says. */
export const isForEngine = ({ search, requestId }: InboxFilter): boolean => search !== '' || requestId !== null;

/** The filter after a change of it: a folder is left by choosing a status, and belongs to the active ones. */
export function changeFilter(filter: InboxFilter, patch: Partial<InboxFilter>): InboxFilter {
  if (patch.folder) return { ...filter, ...patch, status: 'active' };
  return { ...filter, ...patch, ...(patch.status !== undefined && patch.folder === undefined && { folder: null }) };
}

export function belongs(row: ConversationSummary, filter: InboxFilter, myTeamIds: ReadonlySet<string>): boolean {
  return (
    isInFolder(row, filter) &&
    (!filter.unread || row.unread > 0) &&
    (!filter.waiting || row.waitingSince !== null) &&
    (filter.role === null || row.role === filter.role) &&
    (filter.labelId === null || row.labels.some(({ id }) => id === filter.labelId)) &&
    isAbout(row, filter.request) &&
    isOf(row, filter.whose, myTeamIds)
  );
}

function isInFolder(row: ConversationSummary, { folder, status }: InboxFilter): boolean {
  if (folder === 'drafts') return row.draft !== null;
  if (folder === 'trouble') return row.hasHeld || row.hasFailed;
  return row.status === status && (row.snoozedUntil !== null) === (folder === 'snoozed');
}

function isAbout({ request }: ConversationSummary, filter: RequestLinkFilter | null): boolean {
  if (filter === null) return true;
  if (filter === 'linked' || filter === 'unlinked') return (request !== null) === (filter === 'linked');
  return request?.status === filter;
}

function isOf({ assignee, team }: ConversationSummary, whose: InboxFilter['whose'], myTeamIds: ReadonlySet<string>): boolean {
  if (typeof whose === 'object') return 'agentId' in whose ? assignee?.id === whose.agentId : team?.id === whose.teamId;
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

/** Negative: `a` stands above `b`. Windows are as open as they were when the rows were read. */
export function compareRows(a: ConversationSummary, b: ConversationSummary, sort: ListSort): number {
  const [first, second] = [placeOf(a, sort), placeOf(b, sort)];
  if (first.part !== second.part) return first.part - second.part;
  const difference = first.key - second.key || (first.id < second.id ? -1 : first.id > second.id ? 1 : 0);
  return first.isDescending ? -difference : difference;
}

/** The same rows in the same order, whichever way the filter was put together. A search is part of no view. */
export const isSameFilter = (a: InboxFilter, b: InboxFilter): boolean => keyOf(a) === keyOf(b);
const keyOf = (filter: InboxFilter): string => JSON.stringify((Object.keys(NO_FILTER) as (keyof InboxFilter)[]).filter((key) => key !== 'search').map((key) => filter[key]));

const STORAGE_KEY = 'bandeja.filter';

/** The filter comes back after a reload, without the search, which was for one moment. */
export const writeFilter = (storage: TabStorage, { search: _, ...filter }: InboxFilter): void => storage.setItem(STORAGE_KEY, JSON.stringify(filter));

/** Anything else that may stand there counts as no filter. */
export function readFilter(storage: TabStorage): InboxFilter {
  try {
    const kept = JSON.parse(storage.getItem(STORAGE_KEY) ?? '') as Record<keyof InboxFilter, unknown>;
    const { status, whose, unread, waiting, role, labelId, request, requestId, folder, sort } = kept;
    return {
      ...NO_FILTER,
      ...(isOneOf(status, ['active', 'archived', 'closed']) && { status }),
      ...(isWhose(whose) && { whose }),
      ...(typeof unread === 'boolean' && { unread }),
      ...(typeof waiting === 'boolean' && { waiting }),
      ...(isOneOf(role, CONTACT_ROLES) && { role }),
      ...(typeof labelId === 'string' && { labelId }),
      ...(isOneOf(request, REQUEST_FILTERS) && { request }),
      ...(typeof requestId === 'string' && { requestId }),
      ...(isOneOf(folder, FOLDERS) && { folder }),
      ...(isOneOf(sort, LIST_SORTS) && { sort }),
    };
  } catch {
    return NO_FILTER;
  }
}

const isOneOf = <T extends string>(value: unknown, known: readonly T[]): value is T => known.some((one) => one === value);

function isWhose(value: unknown): value is InboxFilter['whose'] {
  if (typeof value !== 'object' || value === null) return isOneOf(value, ['me', 'my_teams', 'nobody', 'anybody']);
  return ('agentId' in value && typeof value.agentId === 'string') || ('teamId' in value && typeof value.teamId === 'string');
}
