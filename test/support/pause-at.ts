/**
 * Preloaded into a program that a test kills: at the step that PAUSE_AT names the program says so on stderr and never gets
 * further. Steps: `before` or `after`, `fetch` or `rename`, and a pattern of the address (with its method) or the new name:
 * `after fetch ^PUT .*\/api\/blobs\/`.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

export const PAUSED = 'paused here';

const [when, what, ...pattern] = (process.env['PAUSE_AT'] ?? '').split(' ');
const isStep = (about: string): boolean => new RegExp(pattern.join(' ')).test(about);
const stay = (): Promise<never> => {
  process.stderr.write(`${PAUSED}\n`);
  return new Promise(() => undefined);
};

if (what === 'rename') {
  const { rename } = fs.promises;
  fs.promises.rename = async (from, to) => {
    if (!isStep(String(to))) return rename(from, to);
    if (when === 'after') await rename(from, to);
    await stay();
  };
  syncBuiltinESMExports();
}
if (what === 'fetch') {
  const { fetch } = globalThis;
  globalThis.fetch = async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    if (!isStep(`${init?.method ?? 'GET'} ${url}`)) return fetch(input, init);
    if (when === 'after') await fetch(input, init);
    return stay();
  };
}
