/** Who should take a conversation: whoever knows the person and the kind of service, has time and is there. A sum that can be said in words. */
import { SUGGESTED_MAX } from '../../../contract/limits.ts';
import type { AssigneeSuggestion } from '../../../contract/work-entities.ts';
import type { Conversations } from '../conversations/conversations.ts';
import { viewAgent } from '../conversations/views.ts';
import type { AssignmentQueries } from '../db/assignment-queries.ts';
import type { ContactQueries } from '../db/contact-queries.ts';
import type { TeamQueries } from '../db/team-queries.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** An answer counts one point, after so long half a one; so many count at most. */
const FADES_AFTER_MS = 90 * DAY_MS;
const ANSWERS_MAX = 10;
/** A request of the same kind counts half a point, so many at most. */
const REQUESTS_MAX = 10;
/** An open conversation costs a quarter of a point, so many at most; not to be there costs more than knowing the person well brings. */
const OPEN_MAX = 20;
const ABSENT_COSTS = 12;

type Deps = {
  queries: AssignmentQueries;
  contacts: Pick<ContactQueries, 'findRoot' | 'listBelow'>;
  team: Pick<TeamQueries, 'listMembers'>;
  conversations: Pick<Conversations, 'find'>;
  /** Agents who are connected and have the program before them; null: unknown, this desktop is offline. */
  presentAgents: () => ReadonlySet<string> | null;
  /** Relay time, ms. */
  now: () => number;
  myId: () => string;
};
export type Suggestions = ReturnType<typeof createSuggestions>;

export function createSuggestions({ queries, contacts, team, conversations, presentAgents, now, myId }: Deps) {
  return {
    /** Best first, at most SUGGESTED_MAX; reasons that speak for somebody come before their load. @throws AppError NOT_FOUND. */
    suggest: ({ conversationId }: { conversationId: string }): AssigneeSuggestion[] => {
      const { contactId } = conversations.find(conversationId);
      const identities = contacts.listBelow(contacts.findRoot(contactId)).map(({ id }) => id);
      const answers = new Map(queries.listAnswers(identities).map((row) => [row.agentId, row]));
      const handled = queries.listServiceTypes(conversationId, identities).flatMap((type) => queries.listHandled(type, conversationId));
      const present = presentAgents();
      const at = now();
      const suggestions = team.listMembers(at).flatMap(({ id, name, open, isRemoved }): AssigneeSuggestion[] => {
        if (isRemoved) return [];
        const answered = answers.get(id);
        const services = handled.filter(({ agentId }) => agentId === id).toSorted((a, b) => b.count - a.count);
        const isPresent = present && present.has(id);
        return [
          {
            agent: viewAgent(id, name, myId()),
            score: scoreOf({ answers: answered?.count ?? 0, age: answered ? at - answered.lastAt : 0, requests: services.reduce((sum, { count }) => sum + count, 0), open, isPresent }),
            reasons: [
              ...(answered ? [{ kind: 'answered_contact' as const, count: answered.count, lastAt: answered.lastAt }] : []),
              ...services.map(({ serviceType, count }) => ({ kind: 'handled_service' as const, serviceType, count })),
              { kind: 'load' as const, open },
            ],
            isPresent,
          },
        ];
      });
      return suggestions.toSorted((a, b) => b.score - a.score || (a.agent.name < b.agent.name ? -1 : 1)).slice(0, SUGGESTED_MAX);
    },
  };
}

type Known = { answers: number; /** Since the last answer, ms. */ age: number; requests: number; open: number; isPresent: boolean | null };

/** Points: for knowing the person, for the kind of service, against a full desk and an empty chair. */
export function scoreOf({ answers, age, requests, open, isPresent }: Known): number {
  const familiar = Math.min(answers, ANSWERS_MAX) * 0.5 ** (Math.max(0, age) / FADES_AFTER_MS);
  return familiar + Math.min(requests, REQUESTS_MAX) * 0.5 - Math.min(open, OPEN_MAX) * 0.25 - (isPresent === false ? ABSENT_COSTS : 0);
}
