/** Reads a `multipart/form-data` body (RFC 7578) that is in memory already: enough for a media upload. */
export type Part = { name: string; filename: string | null; contentType: string | null; bytes: Buffer };

/** @returns the parts, or null if the body is not well formed. */
export function readMultipart(body: Buffer, contentType: string): Part[] | null {
  const boundary = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  if (!boundary) return null;
  const delimiter = Buffer.from(`\r\n--${boundary[1] ?? boundary[2] ?? ''}`);
  // The first delimiter has no line break before it: give it one, so that all look alike.
  const whole = Buffer.concat([Buffer.from('\r\n'), body]);
  const parts: Part[] = [];
  let start = whole.indexOf(delimiter);
  while (start !== -1) {
    const from = start + delimiter.length;
    if (whole.subarray(from, from + 2).toString('latin1') === '--') return parts;
    const end = whole.indexOf(delimiter, from);
    const headersEnd = whole.indexOf('\r\n\r\n', from);
    if (end === -1 || headersEnd === -1 || headersEnd > end) return null;
    const headers = whole.subarray(from, headersEnd).toString('utf8');
    const name = /content-disposition:[^\r\n]*?[;\s]name="([^"]*)"/i.exec(headers)?.[1];
    if (name === undefined) return null;
    parts.push({
      name,
      filename: /content-disposition:[^\r\n]*filename="([^"]*)"/i.exec(headers)?.[1] ?? null,
      contentType: /content-type:\s*([^\r\n]+)/i.exec(headers)?.[1]?.trim() ?? null,
      bytes: whole.subarray(headersEnd + 4, end),
    });
    start = end;
  }
  return null;
}
