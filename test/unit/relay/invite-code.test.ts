import { expect, test } from 'vitest';
import { hashInviteCode, makeDeviceToken, makeInviteCode } from '../../../webhook-relay/invite-code.ts';
import { systemPorts } from '../../../webhook-relay/system-ports.ts';

test('a code has seven groups of four readable characters and at least 128 bits', () => {
  const code = makeInviteCode(systemPorts);
  expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}$/);
  expect(28 * 5).toBeGreaterThanOrEqual(128);
  expect(makeInviteCode(systemPorts)).not.toBe(code);
});

test('a code is understood however it was typed', () => {
  const code = '0123-4567-89AB-CDEF-GHJK-MNPQ-RST1';
  const same = (typed: string): boolean => hashInviteCode(typed).equals(hashInviteCode(code));
  expect(same(' o123 4567 89ab cdef ghjk mnpq rstl ')).toBe(true);
  expect(same('O1234567\n89AB–CDEF_GHJK.MNPQ RSTI')).toBe(true);
  expect(same('0123-4567-89AB-CDEF-GHJK-MNPQ-RST2')).toBe(false);
});

test('a device token has 256 bits', () => {
  expect(Buffer.from(makeDeviceToken(systemPorts), 'base64url')).toHaveLength(32);
});
