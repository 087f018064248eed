/**
 * Invite codes and device tokens. Invariant: only their SHA-256 is stored; both hold at least 128 random bits, so a plain
 * hash cannot be searched. Codes use Crockford's base32 (no I, L, O, U), so they survive being read out and typed.
 */
import { hash } from 'node:crypto';
import type { RelayPorts } from './system-ports.ts';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CODE_LENGTH = 28; // 140 bits
const GROUP = /.{4}(?=.)/g;

/** For example `7ZQ4-0M9K-…`, seven groups of four. */
export function makeInviteCode({ randomBytes }: Pick<RelayPorts, 'randomBytes'>): string {
  const code = [...randomBytes(CODE_LENGTH)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
  return code.replace(GROUP, '$&-');
}

/** The same for every way of typing one code: case, spaces and dashes do not matter, O is 0, I and L are 1. */
export function hashInviteCode(typed: string): Buffer {
  const code = typed
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
  return hash('sha256', code, 'buffer');
}

export const makeDeviceToken = ({ randomBytes }: Pick<RelayPorts, 'randomBytes'>): string => randomBytes(32).toString('base64url');
export const hashDeviceToken = (token: string): Buffer => hash('sha256', token, 'buffer');
