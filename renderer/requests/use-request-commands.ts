/** What the commands of the requests do: in their table, and on the page of one. */
import { useMemo } from 'react';
import type { Offered } from '../commands/command-desk.ts';
import { useOffer } from '../commands/use-commands.ts';
import { areRequestsOn } from '../store/session-store.ts';
import { useStores } from '../ui/app-context.tsx';

export function useRequestCommands({ onNew }: { onNew(): void }): void {
  const { view, requests, request, session, toasts } = useStores();
  const offered = useMemo((): Offered => {
    function step(by: 1 | -1): void {
      const { requestId } = view.getState();
      if (requestId === null) return view.getState().stepRow(by);
      const rows = requests.getState().rows ?? [];
      const next = rows[rows.findIndex(({ id }) => id === requestId) + by];
      if (next && rows.some(({ id }) => id === requestId)) view.getState().showRequest(next.id);
    }
    const reference = (): string | undefined => {
      const focusedId = document.activeElement?.getAttribute('data-id');
      return (view.getState().requestId === null ? requests.getState().rows?.find(({ id }) => id === focusedId) : request.getState().request)?.reference;
    };
    function stepBack(): void {
      if (view.getState().requestId !== null) view.getState().showRequest(null);
      else if (requests.getState().filter.search !== '') requests.getState().setFilter({ search: '' });
    }
    const isLetter = (key: string | null): boolean => !key?.startsWith('arrow');
    return {
      next: { can: isLetter, run: () => step(1) },
      previous: { can: isLetter, run: () => step(-1) },
      newRequest: { can: () => areRequestsOn(session.getState()), run: onNew },
      filter: () => {
        if (view.getState().requestId !== null) view.getState().showRequest(null);
        view.getState().focusSearch();
      },
      copyReference: { can: () => Boolean(reference()), run: () => void navigator.clipboard.writeText(reference() ?? '').then(() => toasts.getState().say('action.copied')) },
      // Out of the text first: the next one goes back.
      back: { run: stepBack, leaveText: (text) => text.blur() },
    };
  }, [view, requests, request, session, toasts, onNew]);
  useOffer(offered);
}
