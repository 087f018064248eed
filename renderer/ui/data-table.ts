/** A table of figures as it is shown and as it leaves in a file: one description for both. */
export type DataCell = { /** In a file, and what sorting goes by; null: there is none. */ raw: string | number | null; text: string; /** What the pointer is told besides. */ hint?: string };
export type DataColumn = { name: string; /** In a file, with its unit. */ csvName?: string; hint?: string };
/** The first cell of a row names it. */
export type DataRow = { key: string; cells: readonly DataCell[] };
export type DataTable = { title: string; columns: readonly DataColumn[]; rows: readonly DataRow[] };
export type DataSort = { column: number; isDown: boolean };

/** Names by the alphabet, figures by size; what is missing stands last either way. */
export function sortRows(rows: readonly DataRow[], { column, isDown }: DataSort, locale: string): readonly DataRow[] {
  const collator = new Intl.Collator(locale, { numeric: true });
  return rows.toSorted((a, b) => {
    const [one, other] = [a.cells[column]?.raw ?? null, b.cells[column]?.raw ?? null];
    if (one === null || other === null) return Number(one === null) - Number(other === null);
    const order = typeof one === 'number' && typeof other === 'number' ? one - other : collator.compare(String(one), String(other));
    return isDown ? -order : order;
  });
}

export const csvRows = ({ columns, rows }: DataTable): (string | number | null)[][] => [columns.map(({ name, csvName }) => csvName ?? name), ...rows.map(({ cells }) => cells.map(({ raw }) => raw))];
