/** What the engine finds for the palette: people with their conversations, and service requests; without a text, what was open last. */
import { useEffect, useState } from 'react';
import type { ConversationSummary } from '../../contract/entities.ts';
import type { RequestSummary } from '../../contract/work-entities.ts';
import { areRequestsOn } from '../store/session-store.ts';
import { useClient, useStores } from '../ui/app-context.tsx';

export type Found = { text: string; conversations: readonly ConversationSummary[]; requests: readonly RequestSummary[]; hasFailed: boolean };

const SHOWN = 6;

/** @returns the answer for another text until that for this one is there; null: none yet. */
export function useFound(text: string): Found | null {
  const client = useClient();
  const { recents, session, conversation } = useStores();
  const [found, setFound] = useState<Found | null>(null);
  useEffect(() => {
    let isCurrent = true;
    const ids = recents.getState().ids;
    /** What was open last first; what is open now is no place to go. */
    const byRecent = (rows: readonly ConversationSummary[]): ConversationSummary[] => {
      const at = (id: string): number => (ids.includes(id) ? ids.indexOf(id) : ids.length);
      return rows.toSorted((a, b) => at(a.id) - at(b.id)).slice(0, SHOWN);
    };
    const others = ids.filter((id) => id !== conversation.getState().openId).slice(0, SHOWN);
    const people = text === '' ? client.conversations.byIds({ ids: [...others] }) : client.search.query({ text, limit: 1 }).then((answer) => answer.people);
    const requests = text === '' || !areRequestsOn(session.getState()) ? Promise.resolve([]) : client.requests.list({ search: text, limit: SHOWN }).then(({ items }) => items);
    void Promise.allSettled([people, requests]).then(([one, two]) => {
      if (!isCurrent) return;
      setFound({
        text,
        conversations: one.status === 'fulfilled' ? byRecent(one.value) : [],
        requests: two.status === 'fulfilled' ? two.value : [],
        hasFailed: one.status === 'rejected' || two.status === 'rejected',
      });
    });
    return () => {
      isCurrent = false;
    };
  }, [text, client, recents, session, conversation]);
  return found;
}
