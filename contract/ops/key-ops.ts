/** What is kept of the workspace's key in the log, for every admin to see. Invariant: which key, never the key: nothing here opens anything. Who and when is what every op says. */
import { mayAdminister } from '../rules/rights.ts';
import type { StateTx } from '../state.ts';
import { readActor } from './actor.ts';
import type { OpResult } from './op-result.ts';
import type { ReducerOp } from './op.ts';

export function reduceKeySheet(tx: StateTx, op: ReducerOp<'key.sheet'>): OpResult {
  return { outcome: mayAdminister(readActor(tx, op.actorId)) ? 'applied' : 'forbidden', conversationId: null, detail: op.args };
}

/** Of the desktop that wrote it, which nobody else can say it of. Once for each key: saying it again is no news, and makes the list of them no longer. */
export function reduceKeyRecover(tx: StateTx, op: ReducerOp<'key.recover'>): OpResult {
  const isKnown = tx.list('key_recover_by_device', [op.deviceId, op.args.epoch]).length > 0;
  return { outcome: isKnown ? 'duplicate' : 'applied', conversationId: null, detail: op.args };
}
