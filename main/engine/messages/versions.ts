/** Earlier texts of a message. Who may see them is judged by the caller. */
import { applyEdit, inOrder } from '../../../contract/whatsapp/about-message.ts';
import type { MessageContent, PlainContent } from '../../../contract/whatsapp/message-content.ts';
import { readContent } from '../conversations/views.ts';
import type { MessageView, VersionsView } from '../db/message-queries.ts';

/** `at`: since when it was so, ms. */
export type MessageVersion = { at: number; content: MessageContent };

/** @param abouts reactions, edits and revokes of the message. What it is now is no version, unless it was revoked. */
export function listVersions(row: VersionsView, abouts: readonly MessageView[]): MessageVersion[] {
  let content = readContent(row.original_content ?? row.content) as PlainContent;
  const versions: MessageVersion[] = [{ at: row.sent_at, content }];
  const edits = row.original_content === null ? [] : abouts.filter(({ direction }) => direction === row.direction);
  for (const edit of edits.map((about) => ({ ...about, sent_at: about.sentAt })).toSorted(inOrder)) {
    const told = readContent(edit.content);
    if (told.kind !== 'edit') continue;
    content = applyEdit(content, told.content);
    versions.push({ at: edit.sentAt, content });
  }
  return row.revoked_at === null ? versions.slice(0, -1) : versions;
}
