/** What separates the cells of a file: whatever its first line has most of, outside quotation marks. A comma, where it has none. */
const DELIMITERS = [',', ';', '\t'] as const;

export function findDelimiter(text: string): (typeof DELIMITERS)[number] {
  const counts = new Map<string, number>();
  let isQuoted = false;
  for (const character of text) {
    if (character === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (character === '\n' || character === '\r')) break;
    else if (!isQuoted) counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  return DELIMITERS.toSorted((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0))[0] ?? ',';
}
