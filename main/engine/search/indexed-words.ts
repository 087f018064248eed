/** What the index is given of a message, a note or a person. */
import { foldText } from '../../../contract/rules/fold-text.ts';
import { wordsOf } from '../../../contract/whatsapp/content-words.ts';
import type { MessageContent } from '../../../contract/whatsapp/message-content.ts';
import { readContent } from '../conversations/views.ts';
import type { MessageSource, NoteSource, PersonSource, PersonWords } from '../db/search-queries.ts';
import { agentMark, contactMark, HAS_MARK, MARK, withoutMarks } from './marks.ts';

const LINK = /https?:\/\/|\bwww\./i;

/** Null: nothing to find. A reaction is told by its message; a revoked message by nobody. */
export function indexedMessage({ content: json, direction, contactId, actorId, revokedAt }: MessageSource): string | null {
  const content = readContent(json);
  if (revokedAt !== null || content.kind === 'reaction' || content.kind === 'revoke') return null;
  const words = wordsOf(content);
  const marks = [MARK.message, MARK[direction], contactMark(contactId), ...(actorId === null ? [] : [agentMark(actorId)]), ...marksOf(content, words)];
  return `${withoutMarks(words ?? '')} ${marks.join(' ')}`;
}

export function indexedNote({ body, contactId, authorId, deletedBy }: NoteSource): string | null {
  if (deletedBy !== null) return null;
  const marks = [MARK.note, contactMark(contactId), agentMark(authorId), ...(LINK.test(body) ? [HAS_MARK.link] : [])];
  return `${withoutMarks(body)} ${marks.join(' ')}`;
}

/** Names to find by word, numbers to find by any part, and what of both the list of conversations finds by any part. */
export const indexedPerson = ({ words, listed, identifiers }: PersonSource): PersonWords => ({
  names: withoutMarks(words),
  pieces: foldText(listed),
  numbers: identifiers.filter((value) => /^\d{5,}$/.test(value)).join(' '),
});

function marksOf(content: MessageContent, words: string | null): string[] {
  const link = (words !== null && LINK.test(words)) || (content.kind === 'interactive' && content.interactive.type === 'cta_url') ? [HAS_MARK.link] : [];
  switch (content.kind) {
    case 'template':
      return link;
    case 'image':
    case 'sticker':
      return [HAS_MARK.file, HAS_MARK.photo, ...link];
    case 'video':
      return [HAS_MARK.file, HAS_MARK.video, ...link];
    case 'audio':
      return [HAS_MARK.file, HAS_MARK.audio, ...link];
    case 'document':
      return [HAS_MARK.file, HAS_MARK.document, ...link];
    case 'edit':
      return marksOf(content.content, words);
    case 'text':
    case 'location':
    case 'contacts':
    case 'interactive':
    case 'choice':
    case 'flow_reply':
    case 'order':
    case 'reaction':
    case 'system':
    case 'other':
    case 'revoke':
      return link;
  }
}
