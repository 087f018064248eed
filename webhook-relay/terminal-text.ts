/** How the command line says things. Invariant: names come from desktops, and on a terminal their control characters could hide lines or write others; here they cannot. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export const nameForTerminal = (name: string): string => name.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u{FFFD}');

/** Of a desktop, as its people know it. */
export const desktopName = ({ agentName, name }: { agentName: string; name: string }): string => `${nameForTerminal(agentName)} (${nameForTerminal(name)})`;

/** @param at ms. @returns for example `2 hours ago, 2027-01-31 14:05 UTC`; seconds are of no interest. */
export const describeTime = (at: number, now: number): string => `${describeDistance(at - now)}, ${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

function describeDistance(ms: number): string {
  const size = Math.abs(ms);
  if (size < MINUTE_MS) return 'just now';
  const [unit, unitMs] = size < HOUR_MS ? (['minute', MINUTE_MS] as const) : size < DAY_MS ? (['hour', HOUR_MS] as const) : (['day', DAY_MS] as const);
  // What is to come is rounded, so that an invite of seven days does not say six.
  const count = ms < 0 ? Math.floor(size / unitMs) : Math.round(size / unitMs);
  const amount = `${count} ${unit}${count === 1 ? '' : 's'}`;
  return ms < 0 ? `${amount} ago` : `in ${amount}`;
}

export const describeBytes = (bytes: number): string => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`);

export const describeCount = (count: number, one: string, several = `${one}s`): string => `${count} ${count === 1 ? one : several}`;

/** `a, b and c`, at most some of them by name. */
export function listOf(names: readonly string[], max = 5): string {
  const shown = names.length > max ? [...names.slice(0, max), `${names.length - max} more`] : names;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

/** What a reader takes for letters. */
const widthOf = (text: string): number => Array.from(new Intl.Segmenter().segment(text)).length;

/** Columns as wide as what is in them; the last one is not filled up. */
export function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => widthOf(row[column] ?? ''))));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell))))
      .join('  ')
      .trimEnd(),
  );
}
