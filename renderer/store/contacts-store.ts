/**
 * The list of people and the page of one of them. Reads only while the place is shown. Invariants: what is shown is of the last
 * question asked (search, role, person), never of one before it; what was typed of a person and not saved stays while the window is open.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ContactDetails, ContactListRow } from '../../contract/work-entities.ts';
import { hasConversationChange, type ChangeFeed } from '../rpc/change-feed.ts';
import type { Typed } from '../contacts/use-profile.ts';
import type { EngineClient } from '../rpc/engine-client.ts';
import { failureCodeOf, type FailureCode } from './failure.ts';
import { createCoalesced } from './serial.ts';
import { reuse, reuseList } from './share.ts';

export type ContactFilter = { search: string; role: 'anybody' | 'customer' | 'vendor' };
/** A person with those who may be the same. `failure`: why there is none. */
export type Person = { id: string; details: ContactDetails | null; duplicates: readonly ContactListRow[]; failure: FailureCode | null };
export type ContactsState = {
  isShown: boolean;
  filter: ContactFilter;
  /** Null until the first page has come. */
  rows: readonly ContactListRow[] | null;
  hasMore: boolean;
  person: Person | null;
  /** Of profiles, by person; without what is saved. */
  typed: Readonly<Record<string, Typed>>;
  changeTyped(contactId: string, change: (before: Typed) => Typed): void;
  show(isShown: boolean): void;
  setFilter(change: Partial<ContactFilter>): void;
  loadMore(): void;
  open(contactId: string | null): void;
  /** After something was changed here: the engine's own answer is on the way, this does not wait for it. */
  refresh(): Promise<void>;
};

const PAGE = 50;
/** The contract's largest page. */
const PAGE_MAX = 200;

type Deps = { client: EngineClient; changes: ChangeFeed; report(error: unknown): void };

export function createContactsStore({ client, changes, report }: Deps): StoreApi<ContactsState> {
  let wanted = PAGE;
  const store = createStore<ContactsState>((set, get) => ({
    isShown: false,
    filter: { search: '', role: 'anybody' },
    rows: null,
    hasMore: false,
    person: null,
    typed: {},
    changeTyped: (contactId, change) =>
      set(({ typed: { [contactId]: before = {}, ...others } }) => {
        const after = change(before);
        return { typed: Object.keys(after).length === 0 ? others : { ...others, [contactId]: after } };
      }),
    show: (isShown) => {
      if (isShown === get().isShown) return;
      set({ isShown });
      if (isShown) refreshAll();
    },
    setFilter: (change) => {
      wanted = PAGE;
      set(({ filter }) => ({ filter: { ...filter, ...change } }));
      refreshList();
    },
    loadMore: () => {
      const { rows, hasMore } = get();
      if (!hasMore || rows === null || wanted > rows.length) return;
      wanted = rows.length + PAGE;
      refreshList();
    },
    open: (contactId) => {
      if (contactId === (get().person?.id ?? null)) return;
      set({ person: contactId === null ? null : { id: contactId, details: null, duplicates: [], failure: null } });
      refreshPerson();
    },
    refresh: async () => {
      await Promise.all([readList(), readPerson()]);
    },
  }));

  const readPages = async ({ search, role }: ContactFilter): Promise<{ rows: ContactListRow[]; hasMore: boolean }> => {
    const rows: ContactListRow[] = [];
    let cursor: string | undefined;
    do {
      const page = await client.contacts.list({ search, role, limit: Math.min(PAGE_MAX, wanted - rows.length), ...(cursor === undefined ? {} : { cursor }) });
      rows.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined && rows.length < wanted);
    return { rows, hasMore: cursor !== undefined };
  };
  const readList = createCoalesced(async () => {
    const { isShown, filter } = store.getState();
    if (!isShown) return;
    const { rows, hasMore } = await readPages(filter);
    store.setState((state) => (state.filter === filter ? { rows: reuseList(state.rows ?? [], rows), hasMore } : {}));
  });
  const readPerson = createCoalesced(async () => {
    const { isShown, person } = store.getState();
    if (!isShown || person === null) return;
    const { id } = person;
    const put = (fresh: Omit<Person, 'id'>): void => store.setState((state) => (state.person?.id === id ? { person: reuse(state.person, { id, ...fresh }) } : {}));
    try {
      const [details, duplicates] = await Promise.all([client.contacts.get({ contactId: id }), client.contacts.duplicates({ contactId: id })]);
      put({ details, duplicates, failure: null });
    } catch (error) {
      const failure = failureCodeOf(error);
      // Without the engine what is shown stays; it is read again when it is back.
      if (failure === 'ENGINE_AWAY') throw error;
      put({ details: null, duplicates: [], failure });
    }
  });
  const refreshList = (): void => void readList().catch(report);
  const refreshPerson = (): void => void readPerson().catch(report);
  const refreshAll = (): void => {
    refreshList();
    refreshPerson();
  };

  changes.subscribe((change) => {
    if (!store.getState().isShown) return;
    if (change.contacts || change.requests) refreshList();
    if (change.contacts || change.requests || hasConversationChange(change)) refreshPerson();
  });
  return store;
}
