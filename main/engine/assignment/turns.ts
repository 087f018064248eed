/**
 * Whose turn it is. Pure: whoever knows the same rows and the same people chooses the same. Invariants: the turn goes to
 * whoever was given one longest ago; it passes whoever is not present or has as much as they may have.
 */

/** `lastRouted`: place in the log of the last turn they took; 0: none. `open`: conversations that are theirs. */
export type Candidate = { id: string; lastRouted: number; open: number };
/** `memberIds`: the people of the team that it is handed to; null: anybody's. */
export type Unassigned = { id: string; memberIds: readonly string[] | null };

/** @param unassigned the first one is served first. @param present nobody else is chosen. */
export function takeTurns(unassigned: readonly Unassigned[], present: readonly Candidate[], capacity: number): { conversationId: string; to: string }[] {
  const line = present.map((candidate) => ({ ...candidate })).toSorted((a, b) => a.lastRouted - b.lastRouted || (a.id < b.id ? -1 : 1));
  const given: { conversationId: string; to: string }[] = [];
  for (const { id, memberIds } of unassigned) {
    const at = line.findIndex((candidate) => candidate.open < capacity && (memberIds === null || memberIds.includes(candidate.id)));
    const [next] = at < 0 ? [] : line.splice(at, 1);
    if (!next) continue;
    given.push({ conversationId: id, to: next.id });
    line.push({ ...next, open: next.open + 1 });
  }
  return given;
}
