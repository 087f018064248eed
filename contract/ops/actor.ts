import type { Actor } from '../rules/rights.ts';
import type { StateTx } from '../state.ts';

/** The author of an op as of this point of the log; null if they are no member (any more). */
export function readActor(tx: Pick<StateTx, 'get'>, actorId: string): Actor {
  const agent = tx.get('agent', [actorId]);
  return agent && !agent.is_removed ? { id: agent.id, role: agent.role } : null;
}
