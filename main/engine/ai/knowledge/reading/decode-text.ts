/** Bytes of a text file as text: UTF-8, UTF-16 with its mark, else as old Windows programs write. Null: these are no letters. */
export function decodeText(bytes: Uint8Array): string | null {
  const [first, second] = bytes;
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  const text = isUtf16 ? new TextDecoder(first === 0xff ? 'utf-16le' : 'utf-16be').decode(bytes) : (decodeStrictly(bytes) ?? new TextDecoder('windows-1252').decode(bytes));
  // A zero in a text means that it is none.
  if (text.includes('\u0000')) return null;
  return text;
}

function decodeStrictly(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
