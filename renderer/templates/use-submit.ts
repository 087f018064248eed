import { useState } from 'react';
import type { SubmitResult, TemplateRefusal } from '../../contract/work-entities.ts';
import { useStores } from '../ui/app-context.tsx';
import { useAction } from '../ui/use-action.ts';

/** Why Meta did not take it; `unreachable`: nobody knows whether it has. */
export type SubmitProblem = { kind: 'refused'; refusal: TemplateRefusal } | { kind: 'unreachable'; detail: string };

/** A call that changes templates at Meta, one at a time, and what Meta said to it. `said`: once it came about. */
export function useSubmit(said: 'templates.submitted' | 'templates.removed' = 'templates.submitted'): {
  isBusy: boolean;
  problem: SubmitProblem | null;
  submit(task: () => Promise<SubmitResult>): Promise<Extract<SubmitResult, { status: 'submitted' }> | null>;
  forget(): void;
} {
  const { toasts } = useStores();
  const { isBusy, run } = useAction();
  const [problem, setProblem] = useState<SubmitProblem | null>(null);
  return {
    isBusy,
    problem,
    forget: () => setProblem(null),
    submit: async (task) => {
      const answers: SubmitResult[] = [];
      if (!(await run(async () => void answers.push(await task())))) return null;
      const [result] = answers;
      if (result?.status === 'submitted') {
        setProblem(null);
        toasts.getState().say(said);
        return result;
      }
      if (result?.status === 'refused') setProblem({ kind: 'refused', refusal: result.refusal });
      if (result?.status === 'unreachable') setProblem({ kind: 'unreachable', detail: result.detail });
      return null;
    },
  };
}
