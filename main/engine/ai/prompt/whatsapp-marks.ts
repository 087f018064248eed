/** What models write as markdown, as WhatsApp shows it. */

const URL_OR = String.raw`(https?:\/\/[^\s*~]+)|`;
const keepUrls = (text: string, pattern: string, to: (...groups: string[]) => string): string =>
  text.replaceAll(new RegExp(URL_OR + pattern, 'gu'), (found: string, url: string | undefined, ...groups: string[]) => (url === undefined ? to(...groups) : found));

/** `**bold**` → `*bold*`, `~~gone~~` → `~gone~`, headings as bold lines, `[text](link)` → `text: link`. Links stay as they are. */
export function toWhatsAppMarks(markdown: string): string {
  const linked = markdown.replaceAll(/!?\[([^[\]\n]{0,200})\]\(((?:https?:\/\/|mailto:|tel:)[^\s()]{1,2000})\)/g, (_, text: string, url: string) => {
    const target = url.replace(/^(?:mailto:|tel:)/, '');
    return text === '' || text === target ? target : `${text}: ${target}`;
  });
  const lines = linked
    .replaceAll(/<br ?\/?>/gi, '\n')
    .replaceAll(/^[ \t]*(?:-{3,}|\*{3,}|_{3,})[ \t]*$/gm, '')
    .replaceAll(/^[ \t]*#{1,6}[ \t]+(.+?)(?<![ \t#])[ \t]*#*$/gm, (_, title: string) => `*${title.replaceAll('*', '')}*`)
    .replaceAll(/^([ \t]*)[*+•][ \t]+/gm, '$1- ');
  const marked = keepUrls(
    keepUrls(lines, String.raw`\*{2,}`, () => '*'),
    String.raw`~{2,}`,
    () => '~',
  );
  return keepUrls(marked, String.raw`(?<![\p{L}\p{N}_])__(?=\S)([^\n]+?)(?<=\S)__(?![\p{L}\p{N}_])`, (text) => `*${text}*`).replaceAll(/\n{3,}/g, '\n\n');
}
