/** The words in a message, for searching, previews and notices: what somebody wrote or chose, never what a program says about it. */
import type { Interactive, MessageContent } from './message-content.ts';

/** Null for a message without words. */
export function wordsOf(content: MessageContent): string | null {
  const text = collectWords(content)
    .filter((part) => part !== null && part !== '')
    .join('\n');
  return text === '' ? null : text;
}

function collectWords(content: MessageContent): (string | null)[] {
  switch (content.kind) {
    case 'text':
      return [content.text];
    case 'image':
    case 'video':
      return [content.caption];
    case 'document':
      return [content.caption, content.filename];
    case 'location':
      return [content.name, content.address];
    case 'contacts':
      return content.contacts.flatMap(({ name, organization, phones }) => [name, organization, ...phones.map(({ phone }) => phone)]);
    case 'interactive':
      return interactiveWords(content.interactive);
    case 'template':
      return [content.header?.format === 'TEXT' ? content.header.text : null, content.body, content.footer, ...content.buttons.map(({ text }) => text)];
    case 'choice':
      return [content.title, content.description];
    case 'flow_reply':
      return [content.text, ...(content.fields ?? []).map(({ key, value }) => `${key}: ${value}`)];
    case 'order':
      return [content.text];
    case 'reaction':
      return [content.emoji];
    case 'edit':
      return collectWords(content.content);
    case 'system':
    case 'other':
      return [content.text];
    case 'audio':
    case 'sticker':
    case 'revoke':
      return [];
  }
}

function interactiveWords(interactive: Interactive): (string | null)[] {
  const { body } = interactive;
  switch (interactive.type) {
    case 'button':
      return [interactive.header, body, interactive.footer, ...interactive.buttons.map(({ title }) => title)];
    case 'list':
      return [interactive.header, body, interactive.footer, ...interactive.sections.flatMap(({ title, rows }) => [title, ...rows.flatMap((row) => [row.title, row.description])])];
    case 'cta_url':
      return [interactive.header, body, interactive.footer, interactive.button, interactive.url];
    case 'location_request_message':
      return [body];
  }
}
