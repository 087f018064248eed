import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { writeDocument } from '../../authorisation/document.ts';

it('docs/authorisation.md says what the tests hold (else: npm run authorisation -- --write)', () => {
  expect(readFileSync(path.resolve(import.meta.dirname, '../../../docs/authorisation.md'), 'utf8')).toBe(writeDocument());
});
