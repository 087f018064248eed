/**
 * Reactions, edits and revokes: messages about another one, their target. Invariants: whatever came first, target or what
 * is about it, the rows end the same; only the same side of the same contact edits or takes back what it wrote; what a
 * message was before is never lost (`original_content`, and the edits themselves).
 */
import type { MessageRow, StateTx } from '../state.ts';
import { fileOf } from './file-of.ts';
import type { MessageContent, PlainContent } from './message-content.ts';

const readContent = (json: string): MessageContent => JSON.parse(json) as MessageContent;

const ABOUT: ReadonlySet<MessageContent['kind']> = new Set<MessageContent['kind']>(['reaction', 'edit', 'revoke']);
/** Shown on another message, and nothing that waits for an answer. */
export const isAboutAnother = ({ kind }: MessageContent): boolean => ABOUT.has(kind);

/** Whether a reaction, edit or revoke may be about this message at all. */
export function mayBeAbout(target: MessageRow, about: MessageRow): boolean {
  if (target.target_wamid !== null || target.contact_id !== about.contact_id || target.id === about.id) return false;
  return readContent(about.content).kind === 'reaction' || target.direction === about.direction;
}

/** The message that this one is about, if it is known. */
export const findTarget = (tx: StateTx, about: MessageRow): MessageRow | undefined =>
  about.target_wamid === null ? undefined : tx.list('message_by_wamid', [about.target_wamid]).find((target) => mayBeAbout(target, about));

/** Edits of one message in the order in which they count: by Meta's timestamp, of the same second by wamid. */
export const inOrder = (a: { sent_at: number; wamid: string | null }, b: { sent_at: number; wamid: string | null }): number =>
  a.sent_at - b.sent_at || ((a.wamid ?? '') < (b.wamid ?? '') ? -1 : (a.wamid ?? '') > (b.wamid ?? '') ? 1 : 0);

/** A message's content after an edit. Captions are edited without their file, and a file is not lost for not being named again. */
export function applyEdit(before: PlainContent, edit: PlainContent): PlainContent {
  if ((before.kind === 'image' || before.kind === 'video' || before.kind === 'document') && edit.kind === 'text') return { ...before, caption: edit.text };
  const kept = fileOf(before);
  const told = fileOf(edit);
  if (!kept || !told || told.sha256 !== null || !('media' in edit)) return edit;
  return told.id === null || told.id === kept.id ? { ...edit, media: kept } : edit;
}

/** Brings a message to where everything that is known about it puts it. Call it when it gets its wamid, and when something about it came. */
export function settleTarget(tx: StateTx, target: MessageRow): void {
  if (target.wamid === null || target.target_wamid !== null) return;
  const abouts = tx.list('message_by_target', [target.wamid]).filter((about) => mayBeAbout(target, about));
  if (abouts.length === 0) return;
  // What stood somewhere while its target was not known stands with it.
  for (const about of abouts) if (about.conversation_id !== target.conversation_id) tx.put('message', { ...about, conversation_id: target.conversation_id });
  const next = { ...target };
  const base = target.original_content ?? target.content;
  let content = readContent(base) as PlainContent;
  for (const about of abouts.toSorted(inOrder)) {
    const told = readContent(about.content);
    if (told.kind === 'revoke') next.revoked_at = Math.min(next.revoked_at ?? about.sent_at, about.sent_at);
    if (told.kind !== 'edit') continue;
    content = applyEdit(content, told.content);
    next.content = JSON.stringify(content);
    next.original_content = base;
    next.edited_at = about.sent_at;
  }
  if (next.content !== target.content || next.original_content !== target.original_content || next.edited_at !== target.edited_at || next.revoked_at !== target.revoked_at) tx.put('message', next);
}
