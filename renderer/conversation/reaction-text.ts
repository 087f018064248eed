/** Reactions in words, and which messages can have one. */
import type { Message, Reaction } from '../../contract/entities.ts';
import { assertNever } from '../../contract/app-error.ts';
import type { Formats } from '../i18n/format.ts';
import type { Translate } from '../i18n/i18n.ts';
import { explainError } from './failure-text.ts';
import type { Line } from './ticks.tsx';

export const USUAL_EMOJI = ['👍', '❤️', '😂', '😮', '😢', '🙏'] as const;

export type ReactionState = 'there' | 'sending' | 'waiting' | 'failed';

export function reactionState({ delivery }: Reaction): ReactionState {
  switch (delivery) {
    case null:
    case 'sent':
    case 'delivered':
    case 'read':
    case 'played':
      return 'there';
    case 'failed':
    case 'discarded':
      return 'failed';
    case 'waiting':
      return 'waiting';
    case 'queued':
    case 'sending':
    case 'uncertain':
    case 'held':
    case 'needs_confirmation':
      return 'sending';
    default:
      return assertNever(delivery);
  }
}

/** Who, when, and how it stands. @param context.name the customer's. */
export function reactionText(reaction: Reaction, { name, line, t, format }: { name: string; line: Line; t: Translate; format: Formats }): string {
  const who = reaction.direction === 'in' ? name : reaction.author?.isMe ? t('thread.you') : (reaction.author?.name ?? t('message.fromPhone'));
  const base = t('message.reactionBy', { emoji: reaction.emoji, who, at: format.short(reaction.at) });
  switch (reactionState(reaction)) {
    case 'there':
      return base;
    case 'waiting':
      return `${base} · ${t(line === 'up' ? 'message.reactionSending' : 'message.reactionPending')}`;
    case 'sending':
      return `${base} · ${t('message.reactionSending')}`;
    case 'failed':
      return `${base} · ${t('message.reactionFailed', { why: reaction.error ? explainError(reaction.error.code, t).what : t('delivery.failed') })}`;
  }
}

/** WhatsApp knows it, and it is no notice: what has not left has no id to react to. */
export function canReact({ content, revokedAt, direction, delivery }: Message): boolean {
  if (revokedAt !== null || content.kind === 'revoke' || content.kind === 'system' || content.kind === 'reaction') return false;
  return direction === 'in' || delivery === null || delivery === 'sent' || delivery === 'delivered' || delivery === 'read' || delivery === 'played';
}
