/** What leads and admins see before somebody, or something, is erased, and what was. */
import { z } from 'zod';
import { AppError } from '../../../contract/app-error.ts';
import { parseJson } from '../../../contract/json.ts';
import { readActor } from '../../../contract/ops/actor.ts';
import { listIdentities } from '../../../contract/ops/ai-ops.ts';
import { rootOf } from '../../../contract/ops/contact-ops.ts';
import type { ErasedPerson, PersonToErase } from '../../../contract/privacy-api.ts';
import { mayAdminister } from '../../../contract/rules/rights.ts';
import { judgeLocal, type OpVerdict } from '../conversations/triage.ts';
import type { PrivacyQueries } from '../db/privacy-queries.ts';
import type { Replica } from '../sync/replica.ts';
import type { Erasure } from './erasure.ts';
import type { Retention } from './retention.ts';

const ERASED_MAX = 200;
const countsSchema = z.object({ people: z.number().default(1), conversations: z.number().default(0), messages: z.number().default(0), notes: z.number().default(0), requests: z.number().default(0) });

type Deps = {
  queries: PrivacyQueries;
  replica: Replica;
  erasure: Pick<Erasure, 'left'>;
  retention: Pick<Retention, 'boundary'>;
  nameOf: (contactId: string) => string;
  myId: () => string;
};
export type Privacy = ReturnType<typeof createPrivacy>;

export function createPrivacy({ queries, replica, erasure, retention, nameOf, myId }: Deps) {
  const { state } = replica;
  return {
    /** @throws AppError NOT_FOUND */
    personToErase: ({ contactId }: { contactId: string }): PersonToErase => {
      if (!state.get('contact', [contactId])) throw new AppError('NOT_FOUND', `no contact ${contactId}`);
      const root = rootOf(state, contactId);
      const ids = listIdentities(state, root);
      return { name: nameOf(root), others: ids.length - 1, ...queries.countPerson(ids) };
    },
    erase: ({ contactId }: { contactId: string }): OpVerdict => judgeLocal(replica, { type: 'contact.erase', args: { contactId } }),
    erased: (): { items: ErasedPerson[]; left: { isHere: boolean; isAtRelay: boolean } } => ({
      items: queries
        .listErased(ERASED_MAX)
        .map(({ opId, agentName, at, detail, seq }) => ({ opId, by: agentName, at, isPending: seq === Number.MAX_SAFE_INTEGER, ...countsSchema.parse(parseJson(detail)) })),
      left: erasure.left(),
    }),
    /** @throws AppError FORBIDDEN for who may not set it. */
    retentionPreview: ({ months }: { months: number }) => {
      if (!mayAdminister(readActor(state, myId()))) throw new AppError('FORBIDDEN', 'how long things are kept is for admins');
      return queries.countPast(retention.boundary(months));
    },
  };
}
