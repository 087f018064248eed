/** The list under somebody's pointer: a row that slips away under a click opens the wrong customer. */
import { expect, test } from 'vitest';
import { holdRows, keepRow } from '../../../renderer/store/hold-rows.ts';

const row = (id: string, note = '') => ({ id, note });
const ids = (rows: readonly { id: string }[]): string => rows.map(({ id }) => id).join('');

test('a held list keeps its order and takes the new contents', () => {
  const held = holdRows([row('a'), row('b'), row('c')], [row('c', 'new'), row('a'), row('b')]);
  expect(ids(held.rows)).toBe('abc');
  expect(held.rows[2]).toEqual(row('c', 'new'));
  expect(held.waiting).toBe(1);
});

test('what is new waits outside, what has left stays in view', () => {
  const held = holdRows([row('a'), row('b')], [row('x'), row('a')]);
  expect(ids(held.rows)).toBe('ab');
  expect(held.waiting).toBe(1);
});

test('what has left and stays in view shows what it is now', () => {
  expect(holdRows([row('a'), row('b', 'unread')], [row('a')], new Map([['b', row('b', 'read')]])).rows[1]).toEqual(row('b', 'read'));
});

test('nothing waits when nothing moved', () => {
  expect(holdRows([row('a'), row('b')], [row('a', 'x'), row('b')]).waiting).toBe(0);
});

test('what comes below all that is shown moves nothing and joins', () => {
  const held = holdRows([row('a'), row('b')], [row('b', 'moved'), row('x'), row('a'), row('y'), row('z')]);
  expect(ids(held.rows)).toBe('abyz');
  expect(held.waiting, 'b and x').toBe(2);
  expect(ids(holdRows([row('a'), row('b')], [row('a'), row('y')]).rows), 'below a row that has left, too').toBe('aby');
});

test('where nothing of what is shown is left, all that is new waits', () => {
  expect(holdRows([row('a')], [row('x'), row('y')])).toEqual({ rows: [row('a')], waiting: 2 });
});

test('each of many that come above is counted', () => {
  expect(holdRows([row('a')], [row('x'), row('y'), row('z'), row('a')]).waiting).toBe(3);
});

test('the open conversation stays in a list of unread ones after it was read', () => {
  expect(ids(keepRow([row('a'), row('b'), row('c')], [row('a'), row('c')], row('b', 'read')))).toBe('abc');
  expect(keepRow([row('b')], [], row('b', 'read'))[0]).toEqual(row('b', 'read'));
  expect(ids(keepRow([row('a')], [row('c')], null))).toBe('c');
  expect(ids(keepRow([row('a'), row('b')], [row('b'), row('a')], row('b')))).toBe('ba');
  // It was not in this list.
  expect(ids(keepRow([row('a')], [row('a')], row('b')))).toBe('a');
});
