/** What the proof of the sealed log looks with: if it overlooked a form, that proof would prove nothing. */
import { expect, test } from 'vitest';
import { findPlain } from '../../support/find-plain.ts';

const NAME = 'Rosalía Xitumul';

test.each<[string, Buffer]>([
  ['UTF-8', Buffer.from(`{"name":"${NAME}"}`)],
  ['UTF-16', Buffer.from(`x${NAME}`, 'utf16le')],
  ['UTF-16 with its bytes swapped', Buffer.from(`${NAME}x`, 'utf16le').swap16()],
  ...['', 'a', 'ab', 'abc'].map((before): [string, Buffer] => [`base64 after ${before.length} bytes`, Buffer.from(Buffer.from(`${before}${NAME} and more`).toString('base64'))]),
  ...['', 'a', 'ab'].map((before): [string, Buffer] => [`base64url after ${before.length} bytes`, Buffer.from(Buffer.from(`${before}${NAME} and more`).toString('base64url'))]),
  ['hex', Buffer.from(Buffer.from(`x${NAME}`).toString('hex'))],
  ['percent', Buffer.from(encodeURIComponent(`?name=${NAME}`))],
  ['JSON escapes', Buffer.from(String.raw`"Rosal\u00eda Xitumul"`)],
])('finds a name in %s', (_form, bytes) => {
  expect(findPlain(bytes, [NAME])).not.toEqual([]);
});

test('finds nothing where nothing is', () => {
  expect(findPlain(Buffer.from('Rosalia Xitumul, Rosa, Xitumul'), [NAME])).toEqual([]);
});
