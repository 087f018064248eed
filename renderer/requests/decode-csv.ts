/** The text of a CSV file: UTF-8 (with or without its mark), UTF-16 with one, else Windows-1252, which spreadsheets here write. */
export function decodeCsv(bytes: ArrayBuffer): string {
  const [first, second] = new Uint8Array(bytes.slice(0, 2));
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** In pieces that the contract takes, none of which ends within a character. */
export function splitText(text: string, max: number): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length;) {
    const end = Math.min(at + max, text.length);
    const isWithin = end < text.length && /[\uD800-\uDBFF]/.test(text[end - 1] ?? '');
    pieces.push(text.slice(at, isWithin ? end - 1 : end));
    at = isWithin ? end - 1 : end;
  }
  return pieces.length === 0 ? [''] : pieces;
}
