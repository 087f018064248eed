import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { makeDeviceCode } from '../../../main/engine/keys/device-code.ts';
import { readRecoveryCode, writeRecoveryCode } from '../../../main/engine/keys/recovery-code.ts';
import { openText, sealText } from '../../../main/engine/keys/sealed-text.ts';

describe('the code that two people compare', () => {
  const WHERE = { logId: 'log-1', deviceId: 'dev-1', firstKey: 'f'.repeat(43), newestKey: 'n'.repeat(43) };
  test('is eight groups of digits, and another one for another key, device, log or workspace', () => {
    const code = makeDeviceCode('a'.repeat(43), WHERE);
    expect(code).toMatch(/^\d{4}( \d{4}){7}$/);
    expect(makeDeviceCode('a'.repeat(43), { ...WHERE })).toBe(code);
    const others = [
      makeDeviceCode('b'.repeat(43), WHERE),
      makeDeviceCode('a'.repeat(43), { ...WHERE, deviceId: 'dev-2' }),
      makeDeviceCode('a'.repeat(43), { ...WHERE, logId: 'log-2' }),
      makeDeviceCode('a'.repeat(43), { ...WHERE, firstKey: 'g'.repeat(43) }),
      makeDeviceCode('a'.repeat(43), { ...WHERE, newestKey: 'g'.repeat(43) }),
    ];
    expect(new Set([code, ...others]).size).toBe(6);
  });
});

describe('a recovery code', () => {
  test('comes back as the secret that was written, however it is typed (200 secrets, and the ends of their range)', () => {
    for (const secret of [Buffer.alloc(32), Buffer.alloc(32, 0xff), ...Array.from({ length: 200 }, () => randomBytes(32))]) {
      const code = writeRecoveryCode(secret);
      expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){13}$/);
      expect(readRecoveryCode(code)?.equals(secret)).toBe(true);
      expect(readRecoveryCode(`  ${code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')}\n`)?.equals(secret)).toBe(true);
    }
  });

  test('with any one character mistyped, or two that changed places, is none', () => {
    const code = writeRecoveryCode(Buffer.from(Array.from({ length: 32 }, (_, n) => n * 7 + 3)));
    for (let at = 0; at < code.length; at += 1) {
      if (code[at] === '-') continue;
      const wrong = code.slice(0, at) + (code[at] === '7' ? '8' : '7') + code.slice(at + 1);
      expect(readRecoveryCode(wrong), `character ${at}`).toBeNull();
      const next = code[at + 1];
      if (next === undefined || next === '-' || next === code[at]) continue;
      expect(readRecoveryCode(code.slice(0, at) + next + code[at]! + code.slice(at + 2)), `characters ${at}, ${at + 1}`).toBeNull();
    }
  });

  test.each(['', 'hola', 'ABCD-'.repeat(14), 'U'.repeat(56), 'Z'.repeat(56), '0'.repeat(5_000)])('is not seen in %j', (typed) => {
    expect(readRecoveryCode(typed)).toBeNull();
  });
});

describe('a sealed text', () => {
  const secret = randomBytes(32);
  test('opens with its secret, purpose and place, and with no other', () => {
    const sealed = sealText('{"rosa":1}', secret, 'invite 1', ['log-1']);
    expect(openText(sealed, secret, 'invite 1', ['log-1'])).toBe('{"rosa":1}');
    expect(sealText('{"rosa":1}', secret, 'invite 1', ['log-1'])).not.toBe(sealed);
    expect(openText(sealed, randomBytes(32), 'invite 1', ['log-1'])).toBeNull();
    expect(openText(sealed, secret, 'invite 2', ['log-1'])).toBeNull();
    expect(openText(sealed, secret, 'invite 1', ['log-2'])).toBeNull();
    expect(openText(`${sealed.slice(0, -2)}AA`, secret, 'invite 1', ['log-1'])).toBeNull();
    expect(openText('', secret, 'invite 1', ['log-1'])).toBeNull();
  });
});
