/** What the text of every statement has to keep to. */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');

test('no limit is a bare bound value: SQLite would compile the statement anew at every run (docs/decisions/0007)', () => {
  const sources = globSync(['contract/**/*.ts', 'main/**/*.ts', 'webhook-relay/**/*.ts'], { cwd: ROOT }).map((file) => ({ file, text: readFileSync(path.join(ROOT, file), 'utf8') }));
  expect(sources.filter(({ text }) => /\b(?:LIMIT|OFFSET) [?@:]/.test(text)).map(({ file }) => file)).toEqual([]);
  // The rule meets the statements that it is about.
  expect(sources.filter(({ text }) => /\bLIMIT \+[?@]/.test(text)).length).toBeGreaterThan(10);
});
