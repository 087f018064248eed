import { useCallback, useEffect, useState } from 'react';
import type { ConnectionCheck } from '../../contract/entities.ts';
import { failureCodeOf, type FailureCode } from '../store/failure.ts';
import { useClient } from '../ui/app-context.tsx';

export type DoctorState = { checks: ReadonlyMap<ConnectionCheck['id'], ConnectionCheck>; isRunning: boolean; at: number | null; failure: FailureCode | null };

/** Looks as soon as it is shown, and again when asked to; leaving the page ends it. */
export function useConnectionDoctor(now: () => number): DoctorState & { run(): void } {
  const client = useClient();
  const [round, setRound] = useState(0);
  const [state, setState] = useState<DoctorState>({ checks: new Map(), isRunning: true, at: null, failure: null });
  useEffect(() => {
    const left = new AbortController();
    const look = async (): Promise<void> => {
      setState({ checks: new Map(), isRunning: true, at: null, failure: null });
      for await (const check of await client.diagnostics.connection(undefined, { signal: left.signal })) {
        if (left.signal.aborted) return;
        setState((before) => ({ ...before, checks: new Map([...before.checks, [check.id, check]]) }));
      }
      if (!left.signal.aborted) setState((before) => ({ ...before, isRunning: false, at: now() }));
    };
    look().catch((error: unknown) => {
      if (!left.signal.aborted) setState((before) => ({ ...before, isRunning: false, failure: failureCodeOf(error) }));
    });
    return () => left.abort();
  }, [client, round, now]);
  return { ...state, run: useCallback(() => setRound((before) => before + 1), []) };
}
