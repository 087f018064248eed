/** Tables that leave as files. */

/** Rows as a CSV that spreadsheets open by double click: with the UTF-8 mark, and quotes where they are needed. Null: an empty cell. */
export function writeCsv(rows: readonly (readonly (string | number | null)[])[]): string {
  const cell = (value: string | number | null): string => {
    const text = String(value ?? '');
    // A spreadsheet would run what begins like a formula; a number of ours is none.
    const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",;\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return `\uFEFF${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}

export const csvFile = (rows: Parameters<typeof writeCsv>[0]): Blob => new Blob([writeCsv(rows)], { type: 'text/csv;charset=utf-8' });
