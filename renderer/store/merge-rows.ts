/**
 * Takes conversations that changed into the loaded part of a list without reading it again.
 * Invariant: the result is what the engine would answer for the same filter between the same edges; a row beyond an edge
 * is left for the page that will bring it.
 */
import type { ConversationSummary } from '../../contract/entities.ts';

/** The first and the last loaded row as they were when their pages came; null: the list is loaded to that end. */
export type Edges = { top: ConversationSummary | null; bottom: ConversationSummary | null };

/**
 * @param belongs whether a row answers the filter.
 * @param compare the order of the list.
 * @returns the rows, and which of those that changed stand above the loaded part.
 */
export function mergeRows(
  loaded: readonly ConversationSummary[],
  changed: readonly ConversationSummary[],
  changedIds: ReadonlySet<string>,
  belongs: (row: ConversationSummary) => boolean,
  compare: (a: ConversationSummary, b: ConversationSummary) => number,
  { top, bottom }: Edges,
): { rows: ConversationSummary[]; above: ConversationSummary[] } {
  const found = changed.filter((row) => belongs(row) && (bottom === null || compare(row, bottom) <= 0));
  const above = top === null ? [] : found.filter((row) => compare(row, top) < 0);
  const arrivals = top === null ? found : found.filter((row) => compare(row, top) >= 0);
  return { rows: [...loaded.filter((row) => !changedIds.has(row.id)), ...arrivals].toSorted(compare), above };
}
