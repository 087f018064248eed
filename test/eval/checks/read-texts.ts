import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const texts = z.record(z.string(), z.array(z.string()));

/** The lists of texts of a fixture, by name. Throws if one is missing. */
export function readTexts<Name extends string>(fixture: string, names: readonly Name[]): Record<Name, string[]> {
  const all = texts.parse(JSON.parse(readFileSync(path.join(import.meta.dirname, '../../fixtures/ai', `${fixture}.json`), 'utf8')));
  return Object.fromEntries(
    names.map((name) => {
      const list = all[name];
      if (list === undefined) throw new Error(`${fixture}.json has no list "${name}"`);
      return [name, list];
    }),
  ) as Record<Name, string[]>;
}
