import { useState } from 'react';
import type { AiFailure } from '../../contract/ai/ai-views.ts';
import type { EngineOutputs } from '../rpc/engine-client.ts';
import { useClient, useStores } from '../ui/app-context.tsx';
import { useAction } from '../ui/use-action.ts';

export type Summary = Extract<EngineOutputs['ai']['summarize'], { status: 'ok' }>;

/** A summary of a conversation, made when `make` is called. */
export function useSummary(conversationId: string): { isBusy: boolean; failure: AiFailure | null; summary: Summary | null; make(): Promise<Summary | null> } {
  const client = useClient();
  const { ai } = useStores();
  const { isBusy, run } = useAction();
  const [made, setMade] = useState<{ summary: Summary | null; failure: AiFailure | null }>({ summary: null, failure: null });
  return {
    isBusy,
    ...made,
    make: async () => {
      let summary: Summary | null = null;
      await run(async () => {
        const answer = await client.ai.summarize({ conversationId });
        if (answer.status === 'ok') summary = answer;
        setMade(answer.status === 'ok' ? { summary: answer, failure: null } : { summary: null, failure: answer.failure });
        ai.getState().refresh();
      });
      return summary;
    },
  };
}
