/**
 * What the list of conversations is narrowed to and how it is ordered: what window and engine share, without schemas, which the window's
 * start must not load. Invariant: `placeOf` orders rows as the engine's statements do.
 */
import { SERVICE_WINDOW_MS } from '../limits.ts';
import type { RequestLinkFilter } from '../requests/request-rules.ts';
import type { ConversationStatus } from '../state.ts';
import type { ServiceWindow } from './service-window.ts';

/**
 * `newest`: by the last message. `waiting`: who has waited longest for an answer first, then the rest, newest first.
 * `window`: the service window that closes first, then the rest, newest first.
 */
export const LIST_SORTS = ['newest', 'waiting', 'window'] as const;
export type ListSort = (typeof LIST_SORTS)[number];
/** A vendor is who is kept as one, or was linked to a request as one; anybody else is a customer. */
export const CONTACT_ROLES = ['customer', 'vendor'] as const;
export type ContactRole = (typeof CONTACT_ROLES)[number];
/** `failed`: active, and what we wrote last was not delivered. `held`: a message of mine waits for my decision. */
export const TROUBLES = ['failed', 'held', 'any'] as const;
export type Trouble = (typeof TROUBLES)[number];
export const FOLDERS = ['snoozed', 'drafts', 'trouble'] as const;

/** Minus its time: the key of a row that does not wait, so that these come after all that do, newest first. */
export const NOT_WAITING_AFTER = Number.MAX_SAFE_INTEGER;
/** Views are counted up to here: beyond it nobody reads the figure. */
export const VIEW_COUNT_MAX = 1_000;
export const INBOX_VIEWS_MAX = 30;
export const VIEW_NAME_MAX = 60;

export type Whose = 'me' | 'my_teams' | 'nobody' | 'anybody';
export type InboxFilter = {
  status: ConversationStatus;
  whose: Whose | { agentId: string } | { teamId: string };
  unread: boolean;
  /** Those that wait for us. */
  waiting: boolean;
  role: ContactRole | null;
  labelId: string | null;
  /** By the request that a row shows. */
  request: RequestLinkFilter | null;
  /** Those of one service request. */
  requestId: string | null;
  /** Beside the status: what is out of sight until later; what I have begun to write, or what did not arrive (wherever it is). */
  folder: (typeof FOLDERS)[number] | null;
  search: string;
  sort: ListSort;
};

export const NO_FILTER: InboxFilter = {
  status: 'active',
  whose: 'anybody',
  unread: false,
  waiting: false,
  role: null,
  labelId: null,
  request: null,
  requestId: null,
  folder: null,
  search: '',
  sort: 'newest',
};

/** What the list shows for the filter, as `conversations.list` is asked for it. */
export const toQuery = ({ status, whose, unread, waiting, role, labelId, request, requestId, folder, search, sort }: InboxFilter) => ({
  status,
  assignee: whose,
  unread,
  waiting,
  search,
  sort,
  snoozed: folder === 'snoozed' ? ('only' as const) : ('no' as const),
  hasDraft: folder === 'drafts',
  ...(folder === 'trouble' && { trouble: 'any' as const }),
  ...(role !== null && { role }),
  ...(labelId !== null && { labelId }),
  ...(request !== null && { request }),
  ...(requestId !== null && { requestId }),
});

type Placed = { id: string; sortAt: number; waitingSince: number | null; window: ServiceWindow };
/** Where a row stands: in a part of the order, by its key there, then by its id. `isDescending`: of key and id. */
export type ListPlace = { part: 0 | 1; key: number; id: string; isDescending: boolean };

export function placeOf({ id, sortAt, waitingSince, window }: Placed, sort: ListSort): ListPlace {
  switch (sort) {
    case 'newest':
      return { part: 0, key: sortAt, id, isDescending: true };
    case 'waiting':
      return { part: 0, key: waitingSince ?? NOT_WAITING_AFTER - sortAt, id, isDescending: false };
    case 'window': {
      const isOpen = window.closesAt !== null && (window.state === 'open' || window.state === 'closing');
      return isOpen ? { part: 0, key: (window.closesAt ?? 0) - SERVICE_WINDOW_MS, id, isDescending: false } : { part: 1, key: sortAt, id, isDescending: true };
    }
  }
}

/** A `cursor` of `conversations.list`: the page behind this row, or before it. `isWithTies`: from the first row on that has its key. */
export function cursorOf(row: Placed, sort: ListSort, isWithTies = false): string {
  const { part, key, id, isDescending } = placeOf(row, sort);
  const from = !isWithTies ? id : isDescending ? '\u{10FFFF}' : '';
  return JSON.stringify(part === 0 ? [key, from] : [key, from, part]);
}
