import { expect, test } from 'vitest';
import { mediaUrl } from '../../../renderer/media/media-url.ts';

const SHA = 'a'.repeat(64);

test('an address is relative, and a name in it stays one name', () => {
  expect(mediaUrl(SHA)).toBe(`./media/-/${SHA}`);
  expect(mediaUrl(SHA, { thumbnail: true })).toBe(`./media/-/${SHA}?thumbnail`);
  const url = new URL(mediaUrl(SHA, { downloadAs: 'a&b=c #1?ñ.pdf' }), 'http://127.0.0.1/');
  expect(url.searchParams.get('download')).toBe('a&b=c #1?ñ.pdf');
});
