/** What is told across the thread instead of in a bubble: notices of WhatsApp, and what was done to a message that is not here. */
import type { Message } from '../../contract/entities.ts';
import type { Translate } from '../i18n/i18n.ts';

/** Null: it belongs into a bubble. @param who did it, in words. */
export function systemLine({ content, revokedAt }: Message, who: string, t: Translate): string | null {
  switch (content.kind) {
    case 'system': {
      const { event, from, to, text } = content;
      const base = event === 'other' && text !== null ? text : t(`message.system.${event}`, { name: who });
      const change = changeText(from, to, t);
      return change === null ? base : `${base}: ${change}`;
    }
    case 'reaction':
      return content.emoji === '' ? t('message.reactionRemovedUnknown', { name: who }) : t('message.reactedUnknown', { name: who, emoji: content.emoji });
    case 'revoke':
      return revokedAt === null ? t('message.revokedUnknown', { name: who }) : null;
    default:
      return null;
  }
}

function changeText(from: string | null, to: string | null, t: Translate): string | null {
  if (from !== null && to !== null) return t('message.changedFromTo', { from: readable(from), to: readable(to) });
  if (to !== null) return t('message.changedTo', { to: readable(to) });
  return from === null ? null : t('message.changedFrom', { from: readable(from) });
}

/** WhatsApp writes numbers as bare digits. */
const readable = (identifier: string): string => (/^\d{7,15}$/.test(identifier) ? `+${identifier}` : identifier);
