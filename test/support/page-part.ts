/** Pages of the documentation that are partly written by commands: each owns what stands between its two marks, and nothing else. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '../..');
export const PERFORMANCE_PAGE = path.join(ROOT, 'docs/performance.md');

/** `name`: of the command. */
const marksOf = (name: string): [string, string] => [`<!-- by npm run ${name} -->`, `<!-- end of what npm run ${name} writes -->`];

/** @returns what stands between the marks. @throws if they are not there, once each and in order. */
export function readPart(page: string, name: string): string {
  const { from, to } = findPart(page, name);
  return page.slice(from, to).trim();
}

/** @returns the page with other words between the marks. @throws as `readPart` */
export function replacePart(page: string, name: string, text: string): string {
  const { from, to } = findPart(page, name);
  return `${page.slice(0, from)}\n\n${text.trim()}\n\n${page.slice(to)}`;
}

/** Reads the file, lets its part be made anew from what it was, and writes it. */
export function rewritePart(file: string, name: string, make: (before: string) => string): void {
  const page = readFileSync(file, 'utf8');
  writeFileSync(file, replacePart(page, name, make(readPart(page, name))));
}

function findPart(page: string, name: string): { from: number; to: number } {
  const [begin, end] = marksOf(name);
  const [from, to] = [page.indexOf(begin) + begin.length, page.indexOf(end)];
  if (page.split(begin).length !== 2 || page.split(end).length !== 2 || to < from) throw new Error(`the page needs "${begin}" and, below it, "${end}", once each`);
  return { from, to };
}
