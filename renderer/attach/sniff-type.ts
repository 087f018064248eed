/** The type of a file by its bytes; what a name or a web page says of it does not count. */
const HEAD_BYTES = 4096;

/** @returns a MIME type; `text/plain` for text; empty for what nobody recognises. */
export async function sniffType(file: Blob): Promise<string> {
  const { fileTypeFromBlob } = await import('file-type');
  const found = await fileTypeFromBlob(file);
  if (found) return found.mime;
  return isText(new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer())) ? 'text/plain' : '';
}

/** UTF-8 or a Latin code page: no control characters but those that stand in texts. */
export function isText(head: Uint8Array): boolean {
  return head.length > 0 && head.every((byte) => byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d || byte === 0x0c);
}
