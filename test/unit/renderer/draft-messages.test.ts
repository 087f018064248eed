/** Which messages text and files become. */
import { expect, test } from 'vitest';
import { CAPTION_MAX } from '../../../contract/limits.ts';
import { contentOf, hasLink, planMessages, type DraftItem } from '../../../renderer/store/draft-messages.ts';

const item = (id: string, patch: Partial<DraftItem> = {}): DraftItem => ({
  id,
  sha256: id,
  kind: 'image',
  filename: `${id}.jpg`,
  mimeType: 'image/jpeg',
  bytes: 1,
  caption: '',
  isVoice: false,
  ...patch,
});
const plan = (text: string, ...files: DraftItem[]): string[] => planMessages(text, files).map((message) => `${message.file?.id ?? '-'}:${message.text}`);

test('the text goes under the first file that takes one and has none', () => {
  expect(plan('Mire', item('a'), item('b'))).toEqual(['a:Mire', 'b:']);
  expect(plan('Mire', item('voz', { kind: 'audio', isVoice: true }), item('b', { caption: 'propio' }), item('c', { kind: 'document' }))).toEqual(['voz:', 'b:', 'c:Mire']);
});

test('otherwise it goes before them, as its own message', () => {
  expect(plan('Escuche', item('voz', { kind: 'audio' }), item('s', { kind: 'sticker' }))).toEqual(['-:Escuche', 'voz:', 's:']);
  expect(plan('Mire', item('a', { caption: 'propio' }))).toEqual(['-:Mire', 'a:']);
  const long = 'x'.repeat(CAPTION_MAX + 1);
  expect(plan(long, item('a'))).toEqual([`-:${long}`, 'a:']);
  expect(plan('  ', item('a'))).toEqual(['a:']);
  expect(plan('Hola')).toEqual(['-:Hola']);
});

test('a message of each kind', () => {
  expect(contentOf({ text: 'Mire', file: item('a') }, false)).toEqual({ kind: 'image', sha256: 'a', caption: 'Mire' });
  expect(contentOf({ text: '', file: item('a', { kind: 'video', caption: 'propio' }) }, false)).toEqual({ kind: 'video', sha256: 'a', caption: 'propio' });
  expect(contentOf({ text: '', file: item('a', { kind: 'document', filename: 'Factura.pdf' }) }, false)).toEqual({ kind: 'document', sha256: 'a', filename: 'Factura.pdf', caption: null });
  expect(contentOf({ text: '', file: item('a', { kind: 'audio', isVoice: true }) }, false)).toEqual({ kind: 'audio', sha256: 'a', isVoice: true });
  expect(contentOf({ text: '', file: item('a', { kind: 'sticker' }) }, false)).toEqual({ kind: 'sticker', sha256: 'a' });
  expect(contentOf({ text: 'https://a.gt', file: null }, true)).toEqual({ kind: 'text', text: 'https://a.gt', hasPreview: true });
  expect(() => contentOf({ text: '', file: item('a', { sha256: null }) }, false)).toThrow();
});

test('what counts as a link', () => {
  expect(['https://a.gt', 'mire http://a.gt/x aquí'].map(hasLink)).toEqual([true, true]);
  expect(['a.gt', 'https://', 'hola'].map(hasLink)).toEqual([false, false, false]);
});
