/** A browser that blocks storage, or a full disk, must not keep the inbox from opening. */
import { expect, test } from 'vitest';
import { readPaneSizes, writePaneSizes } from '../../../renderer/shell/pane-sizes.ts';
import { findWindowStorage } from '../../../renderer/shell/window-storage.ts';

test('storage that throws reads as empty and forgets', () => {
  const storage = findWindowStorage(() => {
    throw new DOMException('blocked', 'SecurityError');
  });
  writePaneSizes(storage, { list: 400, panel: 300 });
  expect(readPaneSizes(storage)).toEqual({ list: 360, panel: 304 });
  expect(storage.length).toBe(0);
  storage.removeItem('x');
});
