/** Pictures that have to be drawn anew are recognised by their first bytes, whole or cut off. */
import { expect, test } from 'vitest';
import { readPictureHead } from '../../../renderer/attach/picture-head.ts';

const bytes = (...parts: (number | string)[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? Array.from(part, (letter) => letter.charCodeAt(0)) : [part])));
const FRAME = (depth: number, channels: number): number[] => [0xff, 0xc0, 0, 11, depth, 0, 9, 0, 9, channels, 1, 0x11, 0];
/** An Exif part with one entry, orientation, in either order of bytes. */
const EXIF = (orientation: number, isLittle: boolean): (number | string)[] => {
  const short = (value: number): number[] => (isLittle ? [value, 0] : [0, value]);
  const long = (value: number): number[] => (isLittle ? [value, 0, 0, 0] : [0, 0, 0, value]);
  const entry = [...(isLittle ? [0x12, 0x01] : [0x01, 0x12]), ...short(3), ...long(1), ...short(orientation), 0, 0];
  const tiff = [...(isLittle ? ['II'] : ['MM']), ...short(42), ...long(8), ...short(1), ...entry, ...long(0)];
  return [0xff, 0xe1, 0, 2 + 6 + 26, 'Exif', 0, 0, ...tiff];
};
const jpeg = (...parts: (number | string)[]): Uint8Array => bytes(0xff, 0xd8, ...parts);

test.each([true, false])('the orientation in Exif, little-endian %s', (isLittle) => {
  expect(readPictureHead(jpeg(...EXIF(6, isLittle), ...FRAME(8, 3)), 'image/jpeg')).toEqual({ orientation: 6, isPlainRgb: true });
});

test('channels and depth of a JPEG', () => {
  expect(readPictureHead(jpeg(...FRAME(8, 3)), 'image/jpeg')).toEqual({ orientation: 1, isPlainRgb: true });
  expect(readPictureHead(jpeg(...FRAME(8, 4)), 'image/jpeg').isPlainRgb).toBe(false);
  expect(readPictureHead(jpeg(...FRAME(12, 3)), 'image/jpeg').isPlainRgb).toBe(false);
});

test('colour type and depth of a PNG', () => {
  const png = (depth: number, type: number): Uint8Array => bytes(0x89, 'PNG\r\n', 0x1a, '\n', 0, 0, 0, 13, 'IHDR', 0, 0, 0, 9, 0, 0, 0, 9, depth, type, 0, 0, 0);
  expect([png(8, 2), png(8, 6), png(16, 6), png(8, 3), png(8, 0)].map((head) => readPictureHead(head, 'image/png').isPlainRgb)).toEqual([true, true, false, false, false]);
});

test('a head that is cut off or nonsense says nothing, and breaks nothing', () => {
  const whole = jpeg(...EXIF(8, true), ...FRAME(8, 3));
  for (let length = 0; length < whole.length; length++) expect(() => readPictureHead(whole.subarray(0, length), 'image/jpeg')).not.toThrow();
  expect(readPictureHead(bytes(0, 0, 0), 'image/png')).toEqual({ orientation: 1, isPlainRgb: null });
  expect(readPictureHead(jpeg(...EXIF(9, true), ...FRAME(8, 3)), 'image/jpeg').orientation).toBe(1);
});
