/**
 * What two people compare when a desktop waits for the team's key: a number made from the waiting desktop's public key and the workspace's first and newest
 * one. Invariants: it is computed on both sides from what each of them has, never sent; so the relay can neither put a key of its own in the desktop's
 * place nor keys of its own in the workspace's. Whoever carries both sides' words can choose a key for each of them, and so looks for any two that give
 * the same number: of 32 digits (106 bits) that takes 2^53 tries, each of which costs a run of scrypt.
 */
import { scryptSync } from 'node:crypto';

const GROUPS = 8;
const GROUP_DIGITS = 4;
/** 4 MB, about 10 ms a code: an admin's desktop may have to show hundreds of them after the relay has lost who has the key. */
const COST = { N: 4_096, r: 8, p: 1 };
/** Codes are asked for again with every look at the devices. */
const KEPT_MAX = 10_000;
const kept = new Map<string, string>();

/** `firstKey`, `newestKey`: public keys of the workspace's first and newest epoch, base64url. */
export type CodeSubject = { logId: string; deviceId: string; firstKey: string; newestKey: string };

/** For example `0412 9983 1045 2280 7716 3920 0081 4475`. @param publicKey of the device, base64url. */
export function makeDeviceCode(publicKey: string, { logId, deviceId, firstKey, newestKey }: CodeSubject): string {
  const subject = JSON.stringify([publicKey, firstKey, newestKey, logId, deviceId]);
  const known = kept.get(subject);
  if (known !== undefined) return known;
  if (kept.size >= KEPT_MAX) kept.clear();
  const hash = scryptSync(subject, 'bandeja device code 3', 32, COST);
  const digits = BigInt(`0x${hash.toString('hex')}`) % 10n ** BigInt(GROUPS * GROUP_DIGITS);
  const code = digits
    .toString()
    .padStart(GROUPS * GROUP_DIGITS, '0')
    .replace(/\d{4}(?=\d)/g, '$& ');
  kept.set(subject, code);
  return code;
}
