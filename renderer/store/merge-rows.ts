/**
 * Takes conversations that changed into the loaded part of a list without reading it again.
 * Invariant: the result is what the engine would answer for the same filter down to the same edge; a row below the edge
 * is left for the next page.
 */
import type { ConversationSummary } from '../../contract/entities.ts';

/**
 * @param belongs whether a row answers the filter.
 * @param edge the last row as it was when its page came, null if the list is loaded to its end.
 */
export function mergeRows(
  loaded: readonly ConversationSummary[],
  changed: readonly ConversationSummary[],
  changedIds: ReadonlySet<string>,
  belongs: (row: ConversationSummary) => boolean,
  edge: ConversationSummary | null,
): ConversationSummary[] {
  const arrivals = changed.filter((row) => belongs(row) && (edge === null || compareRows(row, edge) <= 0));
  return [...loaded.filter((row) => !changedIds.has(row.id)), ...arrivals].toSorted(compareRows);
}

/** The engine's order: newest first, then by id backwards. What the relay has not confirmed stands above everything. */
function compareRows(a: ConversationSummary, b: ConversationSummary): number {
  const difference = sortTime(b) - sortTime(a);
  if (difference !== 0 && !Number.isNaN(difference)) return difference;
  return a.id < b.id ? 1 : a.id > b.id ? -1 : 0;
}

const sortTime = ({ lastMessage }: ConversationSummary): number => (lastMessage === null ? 0 : lastMessage.delivery === 'waiting' ? Infinity : lastMessage.at);
