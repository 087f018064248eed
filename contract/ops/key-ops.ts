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

/** Of a desktop that was shut out before the relay was restored. Who was, each desktop knows for itself (`main/engine/db/device-queries.ts`). */
export function reduceKeyAdmit(tx: StateTx, op: ReducerOp<'key.admit'>): OpResult {
  if (!mayAdminister(readActor(tx, op.actorId))) return { outcome: 'forbidden', conversationId: null, detail: op.args };
  const device = tx.get('device', [op.args.deviceId]);
  return { outcome: device && device.revoked === 0 ? 'applied' : 'target_missing', conversationId: null, detail: op.args };
}
