/**
 * Messages as they go into other programs: as plain text with WhatsApp's own marks, so that pasted into a chat they look as they did, and as HTML for
 * documents and mail. One message is its words alone; of several each has when and by whom.
 */
import type { Message } from '../../contract/entities.ts';
import { contentText } from '../conversation/content-text.ts';
import { parseMarkup, type MarkupNode } from '../conversation/markup.ts';
import { wordsOf } from '../../contract/whatsapp/content-words.ts';
import type { Formats } from '../i18n/format.ts';
import type { Translate } from '../i18n/i18n.ts';

export type Copied = { text: string; html: string };
type Words = { t: Translate; format: Pick<Formats, 'short'>; /** Who wrote it. */ whoOf(message: Message): string };

export function copyOf(messages: readonly Message[], words: Words): Copied {
  const [only] = messages;
  if (only && messages.length === 1) {
    const text = textOf(only, words.t);
    return { text, html: `<p>${toHtml(parseMarkup(text))}</p>` };
  }
  return {
    text: messages.map((message) => lineOf(message, words)).join('\n'),
    html: messages.map((message) => htmlLine(message, words)).join('\n'),
  };
}

/** What it says, with its marks; what it is, where it has no words. */
export const textOf = ({ content }: Message, t: Translate): string => (content.kind === 'text' ? content.text : (wordsOf(content) ?? contentText(content, t)));

export const lineOf = (message: Message, { t, format, whoOf }: Words): string => t('picked.line', { at: format.short(message.sentAt), who: whoOf(message), text: textOf(message, t) });

const htmlLine = (message: Message, { t, format, whoOf }: Words): string =>
  `<p>[${escape(format.short(message.sentAt))}] <strong>${escape(whoOf(message))}:</strong> ${toHtml(parseMarkup(textOf(message, t)))}</p>`;

const TAGS = { bold: 'strong', italic: 'em', strike: 's' } as const;

function toHtml(nodes: readonly MarkupNode[]): string {
  return nodes
    .map((node) => {
      switch (node.type) {
        case 'text':
          return escape(node.text).replaceAll('\n', '<br>');
        case 'bold':
        case 'italic':
        case 'strike':
          return `<${TAGS[node.type]}>${toHtml(node.children)}</${TAGS[node.type]}>`;
        case 'code':
          return `<code>${escape(node.text)}</code>`;
        case 'block':
          return `<pre>${escape(node.text)}</pre>`;
        case 'link':
          return `<a href="${escape(node.href)}">${escape(node.text)}</a>`;
      }
    })
    .join('');
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (char) => ESCAPES[char] ?? char);

/** @returns when the clipboard has it. */
export const writeClipboard = ({ text, html }: Copied): Promise<void> =>
  navigator.clipboard.write([new ClipboardItem({ 'text/plain': new Blob([text], { type: 'text/plain' }), 'text/html': new Blob([html], { type: 'text/html' }) })]);
