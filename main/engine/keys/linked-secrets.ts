/**
 * The secret of each epoch hangs on the one of the next, sealed, at the relay: who has the newest one has all of them. Invariant: a secret counts only if
 * the public key that its epoch was announced with is made from it, so a relay cannot slip one in.
 */
import { deriveEpochKeys, derivePublicKey, type RingSecrets } from '../../../contract/sealing/key-ring.ts';
import type { WorkspaceKeys } from '../../../contract/wire-http.ts';
import { openText, sealText } from './sealed-text.ts';

const PURPOSE = 'previous secret 1';

/** @param previous secret of the epoch before `epoch`, whose own is `secret`; both base64url. */
export const linkSecret = (previous: string, secret: string, epoch: number): string => sealText(previous, Buffer.from(secret, 'base64url'), PURPOSE, [String(epoch)]);

/** @param newest secret of the newest epoch. @returns all of them, in order; null: it is not that one, or the relay's links do not lead back to the first. */
export async function openLinks(newest: string, epochs: WorkspaceKeys['epochs']): Promise<RingSecrets | null> {
  const secrets: string[] = [];
  let secret: string | null = newest;
  // A chain that begins later would give another ring than the rest of the team has.
  if (epochs.some(({ epoch }, index) => epoch !== index + 1)) return null;
  for (const { epoch, publicKey, previous } of epochs.toReversed()) {
    if (secret === null || (await derivePublicKey(deriveEpochKeys(epoch, secret))) !== publicKey) return null;
    secrets.unshift(secret);
    secret = previous === null ? null : openText(previous, Buffer.from(secret, 'base64url'), PURPOSE, [String(epoch)]);
    if (secret !== null && Buffer.from(secret, 'base64url').length !== Buffer.from(newest, 'base64url').length) return null;
  }
  return secrets.length === 0 ? null : secrets;
}
