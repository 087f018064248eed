import { useEffect } from 'react';
import { NO_PROPOSALS, scopeKey, type ProposalScope, type ShownProposal } from '../store/proposals-store.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';

/** What is proposed there, kept up to date while it is shown. */
export function useProposals(scope: ProposalScope): readonly ShownProposal[] {
  const { proposals, templates } = useStores();
  const key = scopeKey(scope);
  const { kind } = scope;
  const id = scope.kind === 'all' ? '' : scope.id;
  useEffect(() => {
    // Why one cannot be sent stands in the list of templates.
    templates.getState().load();
    return proposals.getState().follow(kind === 'all' ? { kind } : { kind, id });
  }, [proposals, templates, kind, id]);
  return useFrom('proposals', ({ lists }) => lists[key] ?? NO_PROPOSALS);
}
