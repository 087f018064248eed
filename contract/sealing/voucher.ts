/**
 * The team's word that a device has a certain public key. Invariant: only who has an epoch's secret can give it, so a relay that puts a key of its own in
 * a device's place, or makes a device of its own, is given nothing; it counts for its epoch only, so that whoever was shut out vouches for nobody.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { EpochKeys } from './key-ring.ts';

export type VouchedDevice = { deviceId: string; publicKey: string };

/** base64url. */
export const writeVoucher = ({ voucher }: Pick<EpochKeys, 'voucher'>, { deviceId, publicKey }: VouchedDevice): string =>
  createHmac('sha256', voucher)
    .update(JSON.stringify(['device', deviceId, publicKey]))
    .digest('base64url');

export function isVouchedFor(keys: Pick<EpochKeys, 'voucher'>, device: VouchedDevice, voucher: string): boolean {
  const [right, given] = [Buffer.from(writeVoucher(keys, device)), Buffer.from(voucher)];
  return right.length === given.length && timingSafeEqual(right, given);
}
