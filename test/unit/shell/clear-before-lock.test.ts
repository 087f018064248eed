import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { clearBeforeLock } from '../../../main/shell/clear-before-lock.ts';

const log = (): void => expect.unreachable('nothing fails here');
let folder = '';
const keep = (name: string): void => {
  mkdirSync(path.join(folder, 'Local Storage'), { recursive: true });
  writeFileSync(path.join(folder, 'Local Storage', name), 'typed');
};
const list = (): string[] => readdirSync(folder, { recursive: true }).map(String).toSorted();
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'bandeja-clear-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('what the window kept goes at the first start with the lock on, and not again', () => {
  keep('before');
  writeFileSync(path.join(folder, 'SingletonLock'), '');
  clearBeforeLock(folder, false, log);
  expect(list()).toEqual(['Local Storage', path.join('Local Storage', 'before'), 'SingletonLock']);
  clearBeforeLock(folder, true, log);
  expect(list()).toEqual(['SingletonLock', 'cleared-for-lock']);
  keep('since');
  clearBeforeLock(folder, true, log);
  expect(list()).toContain(path.join('Local Storage', 'since'));
});

test('after the lock was off it goes once more', () => {
  clearBeforeLock(folder, true, log);
  clearBeforeLock(folder, false, log);
  keep('meanwhile');
  clearBeforeLock(folder, true, log);
  expect(list()).toEqual(['cleared-for-lock']);
});
