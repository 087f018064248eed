/** A message in plain words, for previews, quotes and announcements. */
import { assertNever } from '../../contract/app-error.ts';
import type { MessageContent } from '../../contract/whatsapp/message-content.ts';
import type { Translate } from '../i18n/i18n.ts';
import { parseMarkup, plainText } from './markup.ts';

/** Words of Meta's that a placeholder (`other`) can be named by. */
export const KNOWN_TYPES = [
  'image',
  'video',
  'audio',
  'voice',
  'sticker',
  'document',
  'location',
  'reaction',
  'button',
  'interactive',
  'order',
  'template',
  'system',
  'edit',
  'revoke',
  'unsupported',
] as const;
type KnownType = (typeof KNOWN_TYPES)[number];

const isKnownType = (type: string): type is KnownType => (KNOWN_TYPES as readonly string[]).includes(type);

/** What kind of message a placeholder stands for. */
export const typeLabel = (type: string, t: Translate): string => (isKnownType(type) ? t(`content.${type}`) : t('content.unknown', { type }));

/** What kind of message it is; a text needs no name. */
export function kindLabel(content: MessageContent, t: Translate): string {
  switch (content.kind) {
    case 'text':
      return '';
    case 'audio':
      return t(content.isVoice ? 'content.voice' : 'content.audio');
    case 'contacts':
      return t('content.contacts', { count: content.contacts.length });
    case 'interactive':
      return t(`content.sent.${content.interactive.type}`);
    case 'other':
      return typeLabel(content.type, t);
    case 'system':
      return content.event === 'other' ? t('content.system') : t(`content.notice.${content.event}`);
    case 'image':
    case 'video':
    case 'document':
    case 'sticker':
    case 'location':
    case 'template':
    case 'choice':
    case 'flow_reply':
    case 'order':
    case 'reaction':
    case 'edit':
    case 'revoke':
      return t(`content.${content.kind}`);
    default:
      return assertNever(content);
  }
}

/** What the Cloud API leaves out, by Meta's words for it (`unsupported.type`). */
const LEFT_OUT = ['poll_creation', 'poll_update', 'edit', 'pin', 'video_note', 'view_once'] as const;

/** What can be said of a message that cannot be shown. */
export function otherText({ type, text }: Extract<MessageContent, { kind: 'other' }>, t: Translate): string | null {
  const known = type === 'unsupported' ? LEFT_OUT.find((word) => word === text) : undefined;
  return known ? t(`message.unsupported.${known}`) : text;
}

/** Longer than any place that shows it. */
const PREVIEW_MAX = 300;
const flatten = (text: string): string => plainText(parseMarkup(text.slice(0, PREVIEW_MAX))).replaceAll(/\s+/g, ' ');

/** The words that say most about it in one line: what somebody wrote, chose or sent. Null: its name has to do. */
export function previewWords(content: MessageContent, t: Translate): string | null {
  const words = collectWords(content, t);
  return words === null || words.trim() === '' ? null : flatten(words);
}

function collectWords(content: MessageContent, t: Translate): string | null {
  switch (content.kind) {
    case 'text':
      return content.text;
    case 'other':
      return otherText(content, t);
    // What WhatsApp writes of those that are known is English, and no more than their name says.
    case 'system':
      return content.event === 'other' ? content.text : null;
    case 'image':
    case 'video':
      return content.caption;
    case 'document':
      return content.caption ?? content.filename;
    case 'location':
      return content.name ?? content.address;
    case 'contacts':
      return content.contacts.map(({ name }) => name).join(', ');
    case 'interactive':
      return content.interactive.body;
    case 'template':
      return content.body;
    case 'choice':
      return content.title;
    case 'flow_reply':
      return content.text ?? content.name;
    case 'order':
      return content.text;
    case 'reaction':
      return content.emoji;
    case 'edit':
      return collectWords(content.content, t);
    case 'audio':
    case 'sticker':
    case 'revoke':
      return null;
    default:
      return assertNever(content);
  }
}

/** Their words are the message itself: what kind it is says its mark, where there is one. */
const SPEAKS_FOR_ITSELF: ReadonlySet<MessageContent['kind']> = new Set(['text', 'choice']);

export function contentText(content: MessageContent, t: Translate): string {
  const words = previewWords(content, t);
  if (words === null) return kindLabel(content, t);
  return SPEAKS_FOR_ITSELF.has(content.kind) ? words : `${kindLabel(content, t)}: ${words}`;
}
