/**
 * Keeps the list still while somebody points at it. Rows take their new contents in place; arrivals, departures and
 * moves wait, and are counted.
 */
type Row = { id: string };

/**
 * @param left the present contents of rows that no longer belong to the fresh list.
 * @returns the shown order with fresh contents, and how many conversations are new to the list or have moved up.
 */
export function holdRows<T extends Row>(shown: readonly T[], fresh: readonly T[], left: ReadonlyMap<string, T> = new Map()): { rows: T[]; waiting: number } {
  const freshById = new Map(fresh.map((row) => [row.id, row]));
  const shownAt = new Map(shown.map((row, index) => [row.id, index]));
  const rows = shown.map((row) => freshById.get(row.id) ?? left.get(row.id) ?? row);
  // Rows that fell below the part that was fetched again are not news, so only what stands higher than before counts.
  const waiting = fresh.slice(0, shown.length).filter((row, index) => index < (shownAt.get(row.id) ?? Infinity)).length;
  return { rows, waiting };
}

/** `fresh` with the row `kept`, if it has lost it, where that row is shown. */
export function keepRow<T extends Row>(shown: readonly T[], fresh: readonly T[], kept: T | null): readonly T[] {
  const at = kept ? shown.findIndex((row) => row.id === kept.id) : -1;
  if (!kept || at === -1 || fresh.some((row) => row.id === kept.id)) return fresh;
  return [...fresh.slice(0, at), kept, ...fresh.slice(at)];
}
