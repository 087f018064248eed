import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FILENAME_MAX } from '../../../contract/limits.ts';
import { safeFilename } from '../../../contract/rules/safe-filename.ts';

it.each([
  ['factura.pdf', 'factura.pdf'],
  ['Año nuevo – cotización (2).pdf', 'Año nuevo – cotización (2).pdf'],
  ['../../etc/passwd', 'passwd'],
  ['C:\\Users\\x\\nota.txt', 'nota.txt'],
  ['..', null],
  ['', null],
  ['\u0000\u202e', null],
  ['.htaccess', 'htaccess'],
  ['factura\u202efdp.exe', 'facturafdp.exe'],
  ['a\u0000b\r\nc.txt', 'abc.txt'],
  ['CON', '_CON'],
  ['nul.tar.gz', '_nul.tar.gz'],
  ['com1.txt', '_com1.txt'],
  ['console.log', 'console.log'],
  ['que? "dijo" <a|b>:*.txt', 'que_ _dijo_ _a_b___.txt'],
  ['punto final. . ', 'punto final'],
  ['👨‍👩‍👧.png', '👨‍👩‍👧.png'],
])('%j becomes %j', (given, expected) => expect(safeFilename(given)).toBe(expected));

it('a long name is cut before its extension, never inside a character', () => {
  const long = safeFilename(`${'a'.repeat(300)}.docx`);
  expect(long).toMatch(/^a+\.docx$/);
  expect(long).toHaveLength(FILENAME_MAX);
  expect(safeFilename(`${'😀'.repeat(300)}.png`)).toMatch(/^(😀)+\.png$/u);
  expect(safeFilename('x'.repeat(400))).toHaveLength(FILENAME_MAX);
});

it('a name of a million characters takes no time, wherever its dots and spaces are', () => {
  const dots = '.'.repeat(500_000);
  expect(safeFilename(`a${dots}b${dots}.pdf`)).toBe('a.pdf');
  expect(safeFilename(`a${' .'.repeat(500_000)}`)).toBe('a');
}, 2_000);

it('whatever comes in, what comes out is safe, and stays as it is when it is made safe again (seed 21)', () => {
  const nameArb = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 400 }),
    fc.array(fc.constantFrom('..', '/', '\\', 'CON', '.', ' ', '\u202e', 'é', '😀', 'nul.x', 'a'), { maxLength: 150 }).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(nameArb, (given) => {
      const name = safeFilename(given);
      if (name === null) return;
      expect(name).toMatch(/^[^/\\<>:"|?*\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]+$/u);
      expect(name.length).toBeLessThanOrEqual(FILENAME_MAX);
      expect(name.isWellFormed()).toBe(true);
      expect(name).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)|^[. ]|[. ]$/i);
      expect(safeFilename(name)).toBe(name);
    }),
    { seed: 21, numRuns: 2_000 },
  );
});
