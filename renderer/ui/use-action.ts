import { useState } from 'react';
import { failureCodeOf, type FailureCode } from '../store/failure.ts';
import { useStores } from './app-context.tsx';

/** What an op's outcome means to who asked for it; null: it came about. */
const REFUSALS: Partial<Record<string, FailureCode>> = { forbidden: 'FORBIDDEN', superseded: 'CHANGED_MEANWHILE', target_missing: 'NOT_FOUND' };

export type Action = {
  isBusy: boolean;
  /** Why the last one did not come about. */
  failure: FailureCode | null;
  /** Runs one call at a time. @returns whether it came about. */
  run(task: () => Promise<unknown>): Promise<boolean>;
  forget(): void;
};

/** A call to the engine from a button or a form. `quiet`: the screen says itself why it failed; otherwise a toast does. */
export function useAction({ isQuiet = false }: { isQuiet?: boolean } = {}): Action {
  const { toasts } = useStores();
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<FailureCode | null>(null);
  const end = (code: FailureCode | null): boolean => {
    setFailure(code);
    if (code !== null && !isQuiet) toasts.getState().fail(code);
    return code === null;
  };
  return {
    isBusy,
    failure,
    run: async (task) => {
      if (isBusy) return false;
      setBusy(true);
      try {
        return end(refusalOf(await task()));
      } catch (error) {
        return end(failureCodeOf(error));
      } finally {
        setBusy(false);
      }
    },
    forget: () => setFailure(null),
  };
}

const refusalOf = (answer: unknown): FailureCode | null =>
  typeof answer === 'object' && answer !== null && 'outcome' in answer && typeof answer.outcome === 'string' ? (REFUSALS[answer.outcome] ?? null) : null;
