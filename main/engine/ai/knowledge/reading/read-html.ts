/**
 * HTML as Markdown: headings, lists, tables, questions with answers. Invariant: nothing that a reader of the page does not see gets
 * through (scripts, styles, comments, hidden elements), for what is hidden in a document is written for the machine that reads it.
 */
import { Parser } from 'htmlparser2';

const DROPPED = new Set([
  'script', 'style', 'template', 'noscript', 'iframe', 'object', 'embed', 'svg', 'math', 'canvas', 'audio', 'video', 'nav', 'form', 'select', 'button', 'input', 'textarea', 'head', 'title', 'datalist', 'dialog',
]); // prettier-ignore
const VOID = new Set(['area', 'base', 'br', 'col', 'embed', 'hr', 'img', 'input', 'link', 'meta', 'source', 'track', 'wbr']);
const BLOCKS = new Set([
  'p',
  'div',
  'section',
  'article',
  'main',
  'header',
  'footer',
  'aside',
  'blockquote',
  'ul',
  'ol',
  'dl',
  'pre',
  'figure',
  'figcaption',
  'address',
  'details',
  'hr',
  'body',
  'fieldset',
  'center',
]);
const HIDDEN_STYLE =
  /(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0(?:\.0+)?(?:\s|;|$)|font-size\s*:\s*0(?:\.0+)?(?:px|pt|em|rem|%)?(?:\s|;|$)|(?:^|;)\s*(?:max-)?(?:height|width)\s*:\s*0(?:px)?(?:\s|;|$)|text-indent\s*:\s*-\d{3,}|(?:left|top)\s*:\s*-\d{3,}|mso-hide\s*:\s*all)/i;
/** Nested deeper, it is no page but an attack. */
const DEPTH_MAX = 500;

export type ReadText = { title: string | null; text: string };

export function readHtml(html: string): ReadText {
  const lines: string[] = [];
  let line = '';
  let title = '';
  let isInTitle = false;
  const open: { name: string; isHidden: boolean }[] = [];
  let hiddenDepth = 0;
  let row: string[] | null = null;
  let tableRows = 0;
  const lists: { isOrdered: boolean; count: number }[] = [];
  let prefix = '';

  const flush = (isParagraph = true): void => {
    const text = line.replace(/[ \t\n\f\r]+/g, ' ').trim();
    line = '';
    if (text === '') return;
    lines.push(prefix + escapeMark(text, prefix), ...(isParagraph && prefix === '' ? [''] : []));
    prefix = '';
  };
  const endTable = (): void => {
    if (tableRows > 0) lines.push('');
    tableRows = 0;
  };

  const begin = (name: string): void => {
    const heading = /^h([1-6])$/.exec(name);
    if (heading) {
      flush();
      lines.push('');
      prefix = `${'#'.repeat(Number(heading[1]))} `;
    } else if (name === 'br') {
      if (row) line += ' ';
      else flush(false);
    } else if (name === 'ul' || name === 'ol') {
      flush(false);
      lists.push({ isOrdered: name === 'ol', count: 0 });
    } else if (name === 'li') {
      flush(false);
      const list = lists.at(-1);
      if (list) list.count += 1;
      prefix = list?.isOrdered ? `${list.count}. ` : '- ';
    } else if (name === 'table') {
      flush();
      endTable();
    } else if (name === 'tr') row = [];
    else if (name === 'td' || name === 'th') line = '';
    else if (name === 'dt' || name === 'summary') {
      flush();
      prefix = 'P: ';
    } else if (name === 'dd') {
      flush(false);
      prefix = 'R: ';
    } else if (BLOCKS.has(name) && !row && prefix === '') flush();
  };
  const end = (name: string): void => {
    if (/^h[1-6]$/.test(name)) {
      flush(false);
      prefix = '';
      lines.push('');
    } else if ((name === 'td' || name === 'th') && row) {
      row.push(line.replace(/\s+/g, ' ').trim().replaceAll('|', '/'));
      line = '';
    } else if (name === 'tr' && row) {
      if (row.some((cell) => cell !== '')) {
        lines.push(`| ${row.join(' | ')} |`);
        if (tableRows === 0) lines.push(`|${' --- |'.repeat(row.length)}`);
        tableRows += 1;
      }
      row = null;
    } else if (name === 'table') {
      row = null;
      endTable();
    } else if (name === 'ul' || name === 'ol') {
      flush(false);
      prefix = '';
      lists.pop();
      if (lists.length === 0) lines.push('');
    } else if (name === 'li' || name === 'dt' || name === 'summary') {
      flush(false);
      prefix = '';
    } else if (name === 'dd') {
      flush(false);
      lines.push('');
    } else if (BLOCKS.has(name) && !row) flush();
  };

  const parser = new Parser(
    {
      onopentag: (name, attributes) => {
        if (name === 'title' && title === '') isInTitle = true;
        const isHidden = DROPPED.has(name) || 'hidden' in attributes || attributes['aria-hidden'] === 'true' || attributes['type'] === 'hidden' || HIDDEN_STYLE.test(attributes['style'] ?? '');
        if (!VOID.has(name)) {
          if (open.length >= DEPTH_MAX) return parser.pause();
          open.push({ name, isHidden });
          if (isHidden) hiddenDepth += 1;
        }
        if (hiddenDepth === 0 && !isHidden) begin(name);
      },
      ontext: (text) => {
        if (isInTitle) title += text;
        if (hiddenDepth === 0) line += text;
      },
      onclosetag: (name) => {
        if (name === 'title') isInTitle = false;
        if (VOID.has(name)) return;
        const wasShown = hiddenDepth === 0;
        if (open.pop()?.isHidden) hiddenDepth -= 1;
        if (wasShown) end(name);
      },
    },
    { decodeEntities: true, lowerCaseTags: true, lowerCaseAttributeNames: true },
  );
  parser.write(html);
  parser.end();
  flush();
  return { title: title.replace(/\s+/g, ' ').trim() || null, text: lines.join('\n') };
}

/** What is only text must not become a heading or a table. */
const escapeMark = (text: string, prefix: string): string => (prefix === '' ? text.replace(/^(#{1,6} |\|)/, ' $1') : text);
