/** What of a mistyped recovery code can be told by looking at it: its check is of the whole, so which character is another one nobody knows. */

const GROUPS = 14;
const GROUP_CHARS = 4;
const WANTED = GROUPS * GROUP_CHARS;

/** `group`: this one (from 1) has another length, or a character that no code has. `length`: characters in all. Null: nothing that can be seen. */
export type CodeProblem = { kind: 'group'; no: number; group: string } | { kind: 'length'; found: number; wanted: number } | null;

/** @param typed as `main/engine/keys/recovery-code.ts` reads it: case, spaces and dashes do not matter, O is 0, I and L are 1. */
export function findCodeProblem(typed: string): CodeProblem {
  const groups = typed
    .toUpperCase()
    .split(/[^0-9A-Z]+/)
    .filter((group) => group !== '');
  // U is the one letter that stands for nothing. Who types without gaps has no groups that could be named.
  const wrong = groups.length === 1 ? -1 : groups.findIndex((group) => group.length !== GROUP_CHARS || group.includes('U'));
  if (wrong >= 0) return { kind: 'group', no: wrong + 1, group: groups[wrong] ?? '' };
  const found = groups.join('').length;
  return found === WANTED ? null : { kind: 'length', found, wanted: WANTED };
}
