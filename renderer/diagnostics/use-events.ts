/**
 * The raw events that match, page by page. A search on a long log answers in pieces (`diagnostics.events`): it goes on by itself until
 * a page is full or somebody stops it. Invariant: what is shown is of the last question asked, never of one before it.
 */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { RawEvent } from '../../contract/entities.ts';
import type { EngineClient } from '../rpc/engine-client.ts';
import { failureCodeOf, type FailureCode } from '../store/failure.ts';
import { useClient } from '../ui/app-context.tsx';

const PAGE = 50;
const TYPING_PAUSE_MS = 250;

export type EventQuery = { search: string; outcome: RawEvent['outcome'] | null };
export type EventsState = {
  items: readonly RawEvent[];
  /** Where to go on; null: that was all. */
  next: number | null;
  isSearching: boolean;
  failure: FailureCode | null;
};
const NOTHING: EventsState = { items: [], next: null, isSearching: true, failure: null };

export function useEvents({ search, outcome }: EventQuery): EventsState & { more(): void; stop(): void } {
  const client = useClient();
  const [state, setState] = useState<EventsState>(NOTHING);
  const asked = useRef<AbortController | null>(null);

  const load = useCallback(
    (before: readonly RawEvent[], from: number | null) => {
      asked.current?.abort();
      const question = new AbortController();
      asked.current = question;
      collect(client, { search, outcome }, before, from, question.signal, setState).catch((error: unknown) => {
        if (!question.signal.aborted) setState((now) => ({ ...now, isSearching: false, failure: failureCodeOf(error) }));
      });
    },
    [client, search, outcome],
  );
  useEffect(() => {
    const timer = setTimeout(() => load([], null), search === '' ? 0 : TYPING_PAUSE_MS);
    return () => {
      clearTimeout(timer);
      asked.current?.abort();
    };
  }, [load, search]);

  return {
    ...state,
    more: () => load(state.items, state.next),
    stop: () => {
      asked.current?.abort();
      setState((now) => ({ ...now, isSearching: false }));
    },
  };
}

async function collect(
  client: EngineClient,
  { search, outcome }: EventQuery,
  shown: readonly RawEvent[],
  from: number | null,
  signal: AbortSignal,
  setState: (state: EventsState) => void,
): Promise<void> {
  let items = shown;
  let next = from;
  setState({ items, next, isSearching: true, failure: null });
  for (;;) {
    const page = await client.diagnostics.events({ search, limit: PAGE, ...(outcome === null ? {} : { outcome }), ...(next === null ? {} : { before: next }) });
    if (signal.aborted) return;
    items = [...items, ...page.items];
    next = page.nextBefore;
    const isDone = next === null || items.length - shown.length >= PAGE;
    setState({ items, next, isSearching: !isDone, failure: null });
    if (isDone) return;
  }
}
