const HEAD_END = Buffer.from('\r\n\r\n');

/** Whether an HTTP answer is 200, or null while it is not complete. There is never more than one under way. */
export function readAnswer(bytes: Buffer): boolean | null {
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd < 0) return null;
  const head = bytes.toString('latin1', 0, headEnd);
  const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
  if (length === undefined) throw new Error('an answer without a length');
  return bytes.length < headEnd + HEAD_END.length + Number(length) ? null : head.startsWith('HTTP/1.1 200');
}
