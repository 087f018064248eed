/**
 * Keeps the list still while somebody points at it. Rows take their new contents in place; arrivals, departures and
 * moves wait, and are counted. What comes below all that is shown moves nothing, and joins.
 */
type Row = { id: string };

/**
 * @param left the present contents of rows that no longer belong to the fresh list.
 * @returns the shown order with fresh contents and what is new below it, and how many conversations are new above or between, or have moved up.
 */
export function holdRows<T extends Row>(shown: readonly T[], fresh: readonly T[], left: ReadonlyMap<string, T> = new Map()): { rows: T[]; waiting: number } {
  const freshById = new Map(fresh.map((row) => [row.id, row]));
  const shownAt = new Map(shown.map((row, index) => [row.id, index]));
  const rows = shown.map((row) => freshById.get(row.id) ?? left.get(row.id) ?? row);
  const last = fresh.findLastIndex((row) => shownAt.has(row.id));
  const between = last === -1 ? fresh : fresh.slice(0, last);
  // A row that only made room for others is no news, so only what stands higher than before counts.
  const waiting = between.filter((row, index) => index < (shownAt.get(row.id) ?? Infinity)).length;
  return { rows: [...rows, ...(last === -1 ? [] : fresh.slice(last + 1))], waiting };
}

/** `fresh` with the row `kept`, if it has lost it, where that row is shown. */
export function keepRow<T extends Row>(shown: readonly T[], fresh: readonly T[], kept: T | null): readonly T[] {
  const at = kept ? shown.findIndex((row) => row.id === kept.id) : -1;
  if (!kept || at === -1 || fresh.some((row) => row.id === kept.id)) return fresh;
  return [...fresh.slice(0, at), kept, ...fresh.slice(at)];
}
