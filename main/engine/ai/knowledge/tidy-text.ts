/** A text from outside as the knowledge base keeps it: one kind of line end, no control characters and none that nobody sees, at most one empty line. */
export const tidyText = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\r\n?|\u2028|\u2029|\f|\v/g, '\n')
    .replace(/(?![\t\n])\p{Cc}|[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu, '')
    .normalize('NFC')
    // From where blanks begin, or a long run of them would be read again from each.
    .replace(/(?<![ \t\u00a0])[ \t\u00a0]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
