import { expect, test } from 'vitest';
import { readLaunchOptions } from '../../../main/shell/electron/launch-options.ts';

const DEFAULTS = { workspaceDir: '/user/workspace', demoDir: '/user/demo' };
const read = (...args: string[]) => readLaunchOptions(args, {}, DEFAULTS);

test('opened by a click it takes the workspace of its own folder', () => {
  expect(read()).toMatchObject({ dir: '/user/workspace', demo: null, workspace: { dataDir: '/user/workspace', join: null } });
});

test('the demo has a folder of its own and can be reset; a workspace cannot', () => {
  expect(read('--demo', '--reset')).toMatchObject({ dir: '/user/demo', demo: { colleague: null, isReset: true } });
  expect(read('--demo', '--data-dir', '/other')).toMatchObject({ dir: '/other' });
  expect(() => read('--reset')).toThrow('--reset is for the demo');
});

test('a colleague is found by name, with or without accents', () => {
  for (const name of ['bo', 'BO', 'Bo Ramírez', 'bo ramirez']) expect(read('--demo', '--as', name)).toMatchObject({ dir: '/user/demo', demo: { colleague: { slug: 'bo' }, isReset: false } });
  expect(() => read('--demo', '--as', 'ana')).toThrow("--as must name one of the demo's colleagues");
  expect(() => read('--as', 'bo')).toThrow('--as is for the demo');
  expect(() => read('--demo', '--as', 'bo', '--reset')).toThrow('--reset would take the demo away');
});

test("Chromium's switches and a path of the system do not matter", () => {
  expect(read('/path/to/app', '--no-sandbox', '--disable-gpu', '-psn_0_123', '--data-dir=/data', '--api-port', '0')).toMatchObject({ dir: '/data', workspace: { api: { port: 0, token: null } } });
});

test('wrong values are refused', () => {
  expect(() => read('--invite', 'CODE')).toThrow('belong together');
});
