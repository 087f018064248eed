/** Single keys of the requests, by the same rules as those of the inbox: not in a text, a dialog or a menu, and none with Ctrl or Alt. */
import { useEffect, useMemo } from 'react';
import { createGoKeys } from '../shell/go-keys.ts';
import { isInOverlay, isInText } from '../shell/key-targets.ts';
import { areRequestsOn } from '../store/session-store.ts';
import { useStores } from '../ui/app-context.tsx';

/** Only these go on while they are held down. */
const WALKS: ReadonlySet<string> = new Set(['j', 'k']);

export function useRequestKeys({ onNew }: { onNew(): void }): void {
  const stores = useStores();
  const { goCommandOf } = useMemo(() => createGoKeys(stores), [stores]);
  useEffect(() => {
    const { view, requests, request, session, toasts } = stores;

    function step(by: 1 | -1): void {
      const { requestId } = view.getState();
      if (requestId === null) return view.getState().stepRow(by);
      const rows = requests.getState().rows ?? [];
      const next = rows[rows.findIndex(({ id }) => id === requestId) + by];
      if (next && rows.some(({ id }) => id === requestId)) view.getState().showRequest(next.id);
    }

    function copyReference(): void {
      const focusedId = document.activeElement?.getAttribute('data-id');
      const row = view.getState().requestId === null ? requests.getState().rows?.find(({ id }) => id === focusedId) : request.getState().request;
      if (row?.reference) void navigator.clipboard.writeText(row.reference).then(() => toasts.getState().say('action.copied'));
    }

    function stepBack(): void {
      if (view.getState().requestId !== null) view.getState().showRequest(null);
      else if (requests.getState().filter.search !== '') requests.getState().setFilter({ search: '' });
    }

    function commandOf(key: string): (() => void) | null {
      switch (key) {
        case 'j':
          return () => step(1);
        case 'k':
          return () => step(-1);
        case 'n':
          return areRequestsOn(session.getState()) ? onNew : null;
        case '/':
          return () => {
            if (view.getState().requestId !== null) view.getState().showRequest(null);
            view.getState().focusSearch();
          };
        case '.':
          return copyReference;
        case '?':
          return () => view.getState().showDialog('shortcuts');
        case 'escape':
          return stepBack;
        default:
          return null;
      }
    }

    function onKeyDown(event: KeyboardEvent): void {
      if (event.isComposing || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || isInOverlay(event.target)) return;
      if (isInText(event.target)) {
        // Out of the text first: the next one goes back.
        if (event.key === 'Escape') (event.target as HTMLElement).blur();
        return;
      }
      const letter = event.key.toLowerCase();
      const run = goCommandOf(event) ?? commandOf(letter);
      if (!run || (event.repeat && !WALKS.has(letter))) return;
      event.preventDefault();
      run();
    }

    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [stores, goCommandOf, onNew]);
}
