/** What Meta last said of number, account and templates: the newest of each kind, worst first. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AccountEvent } from '../../contract/entities.ts';
import { isAccountWide } from '../../contract/whatsapp/error-codes.ts';
import type { ChangeFeed } from '../rpc/change-feed.ts';
import type { EngineClient } from '../rpc/engine-client.ts';
import { createCoalesced } from './serial.ts';
import { reuseList } from './share.ts';

export type AccountState = { events: readonly AccountEvent[] | null };

export function createAccountStore({ client, changes, report }: { client: EngineClient; changes: ChangeFeed; report(error: unknown): void }): StoreApi<AccountState> {
  const store = createStore<AccountState>(() => ({ events: null }));
  const refresh = createCoalesced(async () => {
    const fresh = await client.diagnostics.account();
    store.setState(({ events }) => ({ events: reuseList(events ?? [], fresh) }));
  });
  changes.subscribe((change) => {
    if (change.account) void refresh().catch(report);
  });
  return store;
}

/** Fields that say how number and account stand; the others are about templates and people, or (`errors`) about one moment that is over. */
const OF_THE_ACCOUNT: ReadonlySet<string> = new Set([
  'account_update',
  'account_alerts',
  'account_review_update',
  'phone_number_quality_update',
  'phone_number_name_update',
  'business_capability_update',
  'security',
]);

/** What everybody has to know of: nothing or little can be sent. A single failure that says nothing of the account passes by itself, and nothing would ever take it back. */
export const findAccountProblem = ({ events }: AccountState): AccountEvent | null =>
  events?.find(({ field, event, severity }) => severity === 'error' && (OF_THE_ACCOUNT.has(field) || (field === 'errors' && isAccountWide(Number(event))))) ?? null;
