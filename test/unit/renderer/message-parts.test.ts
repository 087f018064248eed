/** The decisions behind how messages look: sizes, names, sums, addresses and lines across the thread. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Message } from '../../../contract/entities.ts';
import type { MessageContent } from '../../../contract/whatsapp/message-content.ts';
import { documentType } from '../../../renderer/conversation/content/document-type.ts';
import { orderTotal } from '../../../renderer/conversation/content/order-total.ts';
import { pictureBox } from '../../../renderer/conversation/content/picture-box.ts';
import { coordinatesText, webLink } from '../../../renderer/conversation/content/place-links.ts';
import { formatJson } from '../../../renderer/conversation/format-json.ts';
import { isOneEmoji } from '../../../renderer/conversation/markup.ts';
import { systemLine } from '../../../renderer/conversation/system-line.ts';
import { TEXTS } from '../../support/texts.ts';
import { saveNameOf } from '../../../renderer/media/message-file.ts';
import { groupByMonth } from '../../../renderer/side-panel/group-by-month.ts';
import { makeMessage } from './fixtures.ts';

const { t } = TEXTS.es;
const media = { id: '1', sha256: null, mimeType: 'image/jpeg', bytes: null, width: null, height: null, durationMs: null };

test('a picture has its box before it is there: its own proportions, never a thread of a line nor a wall', () => {
  expect(pictureBox({ width: 640, height: 480 })).toEqual({ width: 320, height: 240 });
  expect(pictureBox({ width: 1000, height: 20_000 })).toEqual({ width: 160, height: 360 });
  expect(pictureBox({ width: 20_000, height: 100 })).toEqual({ width: 320, height: 120 });
  expect(pictureBox({ width: null, height: null })).toEqual(pictureBox({ width: 5, height: null }));
});

test.each([
  ['application/pdf', 'x.exe', { name: 'PDF', look: 'text' }],
  ['application/octet-stream', 'plan.XLSX', { name: 'XLSX', look: 'table' }],
  ['image/tiff', null, { name: '', look: 'image' }],
  ['application/octet-stream', 'sin.extensionlarga', { name: '', look: 'other' }],
  ['constructor', 'a.constructor', { name: '', look: 'other' }],
  ['toString', 'a.valueOf', { name: '', look: 'other' }],
] as const)('a document of type %s named %s', (mimeType, name, expected) => expect(documentType(mimeType, name)).toEqual(expected));

describe('what an order costs', () => {
  const item = { productId: 'a', quantity: 2, price: 10.5, currency: 'GTQ' };
  test('is the sum', () => expect(orderTotal([item, { ...item, quantity: 1 }])).toEqual({ amount: 31.5, currency: 'GTQ' }));
  test('is not told where something is missing or currencies differ', () => {
    expect(orderTotal([])).toBeNull();
    expect(orderTotal([item, { ...item, price: null }])).toBeNull();
    expect(orderTotal([item, { ...item, quantity: null }])).toBeNull();
    expect(orderTotal([item, { ...item, currency: 'USD' }])).toBeNull();
  });
});

test('an address of a customer leads to the web or nowhere', () => {
  expect(webLink(' https://ejemplo.gt/a b ')).toBe('https://ejemplo.gt/a%20b');
  for (const url of ['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'ejemplo.gt', '', null]) expect(webLink(url)).toBeNull();
});

test('coordinates are written so that every map understands them', () => expect(coordinatesText(14.634916, -90.5069)).toBe('14.63492, -90.50690'));

describe('the original event with a line for each value', () => {
  test('keeps ids that are no numbers of ours, the order of keys and what is in strings', () => {
    const text = '{"b":12345678901234567890,"2":"a, {b: [c]} \\" \\\\","1":[],"o":{},"l":[1,true,null]}';
    const formatted = formatJson(text);
    expect(formatted).toContain('12345678901234567890');
    expect(formatted.replaceAll(/\n\s*/g, '').replaceAll('": ', '":')).toBe(text);
    expect(formatted.split('\n')).toHaveLength(11);
    expect(formatted).toContain('"1": [],');
  });
  test('differs from what the language itself writes only where that would lose something', () => {
    const property = fc.property(fc.json(), fc.nat(3), (json, indent) => {
      const value: unknown = JSON.parse(json);
      expect(formatJson(JSON.stringify(value, null, indent))).toBe(JSON.stringify(value, null, 2));
    });
    fc.assert(property, { seed: 41, numRuns: 300 });
  });
  test('an import of history does not hold up the window, nor a very long text, nor very deep lists', () => {
    const history = JSON.stringify({ history: Array.from({ length: 20_000 }, (_, id) => ({ id, from: { all: [] }, text: { body: 'hola' } })) });
    const began = performance.now();
    expect(formatJson(history).length).toBeGreaterThan(history.length);
    expect(formatJson(JSON.stringify('x'.repeat(10_000_000)))).toHaveLength(10_000_002);
    expect(formatJson(`${'['.repeat(3_000)}${']'.repeat(3_000)}`).length).toBeLessThan(1_000_000);
    // A minute and more, were the cost not linear.
    expect(performance.now() - began).toBeLessThan(5_000);
  });
  test('leaves what is no JSON as it is', () => expect(formatJson('{"a": ')).toBe('{"a": '));
});

test.each(['👍', '❤️', '👍🏽', '🇬🇹', '1️⃣', '👨‍👩‍👧', '❤️‍🔥', '🏴󠁧󠁢󠁳󠁣󠁴󠁿'])('%s is one emoji', (emoji) => expect(isOneEmoji(emoji)).toBe(true));
test.each(['', 'a', '1', '👍👍', '👍 ', 'hola 👍', '#'])('%j is no emoji', (text) => expect(isOneEmoji(text)).toBe(false));

describe('a line across the thread', () => {
  const line = (content: MessageContent, patch: Partial<Message> = {}): string | null => systemLine(makeMessage({ id: '1', content, ...patch }), 'Rosa', t);
  const changed = { kind: 'system', event: 'number_changed', text: 'User Rosa changed' } as const;
  test('says from which number to which', () => {
    expect(line({ ...changed, from: '50255550000', to: '50255559999' })).toBe('Rosa cambió de número: +50255550000 → +50255559999');
    expect(line({ ...changed, from: null, to: 'GT.2091' })).toBe('Rosa cambió de número: ahora es GT.2091');
    expect(line({ ...changed, from: null, to: null })).toBe('Rosa cambió de número');
  });
  test('says what WhatsApp says where it is none of the known notices', () => expect(line({ kind: 'system', event: 'other', text: 'Something', from: null, to: null })).toBe('Something'));
  test('tells of a reaction and a deletion whose message is not here, and leaves a message that was deleted in its bubble', () => {
    expect(line({ kind: 'reaction', emoji: '👍' })).toContain('👍');
    expect(line({ kind: 'reaction', emoji: '' })).toContain('quitó');
    expect(line({ kind: 'revoke' })).toContain('no está aquí');
    expect(line({ kind: 'revoke' }, { revokedAt: 5 })).toBeNull();
  });
});

test('a file is saved under its own name, else under one that says what it is, with the ending of its type', () => {
  const sentAt = new Date(2026, 10, 22, 14, 5).getTime();
  expect(saveNameOf(makeMessage({ id: '1', sentAt, content: { kind: 'image', media, caption: null } }), 'Foto')).toBe('Foto 2026-11-22 14.05.jpg');
  expect(saveNameOf(makeMessage({ id: '1', sentAt, content: { kind: 'document', media, filename: 'a.pdf', caption: null } }), 'Documento')).toBe('a.pdf');
});

test('files stand under their month, so many side by side, and none is lost', () => {
  const at = (day: number): number => Date.UTC(2026, 10, day);
  const months = (time: number): string => (time >= at(1) ? 'noviembre' : 'octubre');
  const messages = [5, 4, 3, 2, -1].map((day) => makeMessage({ id: String(day), sentAt: at(day) }));
  const rows = groupByMonth(messages, 3, months).map((row) => (row.kind === 'month' ? row.month : row.items.map(({ id }) => id)));
  expect(rows).toEqual(['noviembre', ['5', '4', '3'], ['2'], 'octubre', ['-1']]);
});
