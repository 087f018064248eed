/** What the window loads before it shows anything: the static imports of `main.tsx`, without types. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const IMPORT = /^(?:import|export) (?!type )(?:[^'";]*? from )?'([^']+)';/gm;

/** Files of ours below `entry`, and the packages that they import. */
function listLoaded(entry: string): { files: Set<string>; packages: Set<string> } {
  const files = new Set<string>();
  const packages = new Set<string>();
  const visit = (file: string): void => {
    if (files.has(file)) return;
    files.add(file);
    for (const [, from = ''] of readFileSync(path.join(ROOT, file), 'utf8').matchAll(IMPORT)) {
      if (!from.startsWith('.')) packages.add(from);
      else if (/\.tsx?$/.test(from)) visit(path.join(path.dirname(file), from));
    }
  };
  visit(entry);
  return { files, packages };
}

const { files, packages } = listLoaded('renderer/main.tsx');

test('it loads neither schemas nor what converts files', () => {
  expect(packages).toContain('react-dom/client');
  for (const heavy of ['zod', 'mediabunny', 'file-type', 'libphonenumber-js', '@orpc/contract']) expect(packages, heavy).not.toContain(heavy);
});

test('dialogs, the recorder and the viewer come when they are opened', () => {
  expect(files).toContain('renderer/shell/workspace.tsx');
  const late = [...files].filter((file) => /(^|-)(dialog|recorder|viewer)\.tsx?$/.test(path.basename(file)) && file !== 'renderer/ui/dialog.tsx');
  expect(late).toEqual([]);
});
