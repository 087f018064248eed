/**
 * Keeps the list still while somebody points at it. Rows take their new contents in place; arrivals, departures and
 * moves wait, and are counted.
 */
type Row = { id: string };

/**
 * @returns the shown order with fresh contents, and how many conversations are new to the list or have moved up.
 */
export function holdRows<T extends Row>(shown: readonly T[], fresh: readonly T[]): { rows: T[]; waiting: number } {
  const freshById = new Map(fresh.map((row) => [row.id, row]));
  const shownAt = new Map(shown.map((row, index) => [row.id, index]));
  const rows = shown.map((row) => freshById.get(row.id) ?? row);
  // Rows that fell below the part that was fetched again are not news, so only what stands higher than before counts.
  const waiting = fresh.slice(0, shown.length).filter((row, index) => index < (shownAt.get(row.id) ?? Infinity)).length;
  return { rows, waiting };
}

/** `fresh` with the row `id` kept where it is shown, if the fresh list has lost it. */
export function keepRow<T extends Row>(shown: readonly T[], fresh: readonly T[], id: string | null): readonly T[] {
  const at = shown.findIndex((row) => row.id === id);
  const kept = shown[at];
  if (!kept || fresh.some((row) => row.id === id)) return fresh;
  return [...fresh.slice(0, at), kept, ...fresh.slice(at)];
}
