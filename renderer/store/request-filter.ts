/** What the table of service requests is narrowed to, and how the choice outlives a reload. */
import { REQUEST_STATUSES, type RequestStatus } from '../../contract/requests/request-rules.ts';
import type { RequestFilter } from '../../contract/work-entities.ts';
import type { TabStorage } from './remember-open.ts';

export const NO_REQUEST_FILTER: RequestFilter = {
  search: '',
  statuses: [],
  serviceType: null,
  vendorId: null,
  customerId: null,
  requestedFrom: null,
  requestedTo: null,
  hasOpenEvents: false,
  isUnlinked: false,
  sort: 'newest',
};

/** The same rows in the same order, whichever way the filter was put together. */
export const isSameFilter = (a: RequestFilter, b: RequestFilter): boolean => keyOf(a) === keyOf(b);
const keyOf = (filter: RequestFilter): string => JSON.stringify([...FIELDS.map((field) => filter[field]), filter.statuses.toSorted()]);
const FIELDS = ['search', 'serviceType', 'vendorId', 'customerId', 'requestedFrom', 'requestedTo', 'hasOpenEvents', 'isUnlinked', 'sort'] as const;

/** Whether it leaves anything out. */
export const isNarrow = (filter: RequestFilter): boolean => !isSameFilter({ ...filter, sort: 'newest' }, NO_REQUEST_FILTER);

export const toggleStatus = ({ statuses }: RequestFilter, status: RequestStatus): RequestStatus[] =>
  statuses.includes(status) ? statuses.filter((one) => one !== status) : REQUEST_STATUSES.filter((one) => one === status || statuses.includes(one));

const STORAGE_KEY = 'bandeja.request-filter';

/** Without the search, which was for one moment. */
export const writeRequestFilter = (storage: TabStorage, { search: _, ...filter }: RequestFilter): void => storage.setItem(STORAGE_KEY, JSON.stringify(filter));

/** Anything else that may stand there counts as no filter. */
export function readRequestFilter(storage: TabStorage): RequestFilter {
  try {
    const kept = JSON.parse(storage.getItem(STORAGE_KEY) ?? '') as Record<keyof RequestFilter, unknown>;
    const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
    return {
      ...NO_REQUEST_FILTER,
      statuses: Array.isArray(kept.statuses) ? REQUEST_STATUSES.filter((status) => (kept.statuses as unknown[]).includes(status)) : [],
      serviceType: text(kept.serviceType),
      vendorId: text(kept.vendorId),
      customerId: text(kept.customerId),
      requestedFrom: text(kept.requestedFrom),
      requestedTo: text(kept.requestedTo),
      hasOpenEvents: kept.hasOpenEvents === true,
      isUnlinked: kept.isUnlinked === true,
      sort: kept.sort === 'requested_date' || kept.sort === 'updated' ? kept.sort : 'newest',
    };
  } catch {
    return NO_REQUEST_FILTER;
  }
}
