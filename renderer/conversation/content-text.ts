/** A message in plain words, for previews, quotes and announcements. */
import { wordsOf } from '../../contract/whatsapp/content-words.ts';
import type { MessageContent } from '../../contract/whatsapp/message-content.ts';
import type { Translate } from '../i18n/i18n.ts';
import { parseMarkup, plainText } from './markup.ts';

export const KNOWN_TYPES = [
  'image',
  'video',
  'audio',
  'voice',
  'sticker',
  'document',
  'location',
  'contacts',
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
export type KnownType = (typeof KNOWN_TYPES)[number];

export const isKnownType = (type: string): type is KnownType => (KNOWN_TYPES as readonly string[]).includes(type);

/** What kind of message a placeholder stands for. */
export const typeLabel = (type: string, t: Translate): string => (isKnownType(type) ? t(`content.${type}`) : t('content.unknown', { type }));

export function contentText(content: MessageContent, t: Translate): string {
  if (content.kind === 'text') return plainText(parseMarkup(content.text.slice(0, 300))).replaceAll(/\s+/g, ' ');
  const label = typeLabel(content.kind === 'other' ? content.type : content.kind, t);
  const words = wordsOf(content);
  return words === null ? label : `${label}: ${words}`;
}
