import { useEffect, useState } from 'react';
import type { ContactListRow } from '../../contract/work-entities.ts';
import { failureCodeOf } from '../store/failure.ts';
import { useClient, useStores } from '../ui/app-context.tsx';

const SEARCH_AFTER_MS = 120;
const FOUND_MAX = 60;

/** Contacts as their name or number is typed; those found before stay (`isStale`) until the answer is there. `isOn`: only while somebody looks. */
export function useFoundContacts({ search, role, isOn }: { search: string; role: 'anybody' | 'customer' | 'vendor'; isOn: boolean }): { found: readonly ContactListRow[] | null; isStale: boolean } {
  const client = useClient();
  const { toasts } = useStores();
  const [answer, setAnswer] = useState<{ wanted: string; items: readonly ContactListRow[] } | null>(null);
  const wanted = search.trim();
  useEffect(() => {
    if (!isOn) return;
    let isOver = false;
    const timer = setTimeout(
      () => {
        void client.contacts
          .list({ search: wanted, role, limit: FOUND_MAX })
          .then(({ items }) => {
            if (!isOver) setAnswer({ wanted, items });
          })
          .catch((error: unknown) => {
            if (!isOver) toasts.getState().fail(failureCodeOf(error));
          });
      },
      wanted === '' ? 0 : SEARCH_AFTER_MS,
    );
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [client, toasts, wanted, role, isOn]);
  return { found: answer?.items ?? null, isStale: answer?.wanted !== wanted };
}
