/** What may be appended to a log that has a key, the same for every store. Invariant: once there is a key, nothing that is not sealed gets in. */
import { isSealed, readEpoch } from '../../contract/sealing/sealed-body.ts';
import { KeyMovedError, type WebhookAppend } from './interface.ts';

/** @param newest epoch of the log; 0: it has no key. @throws KeyMovedError */
export function requireNewestKey(items: readonly WebhookAppend[], newest: number): void {
  if (items.some(({ body }) => (readEpoch(body) ?? 0) !== newest)) throw new KeyMovedError();
}

/** Whether an op may come in with this body: sealed to the newest key, or to the one before, because it may have been on its way. */
export function isOpenKey(body: string, newest: number): boolean {
  if (newest === 0) return !isSealed(body);
  const epoch = readEpoch(body);
  return epoch !== null && (epoch === newest || epoch === newest - 1);
}
