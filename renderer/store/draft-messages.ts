/**
 * Which messages a draft becomes. Invariant: as people know it from WhatsApp, the text goes under the first file that takes a caption
 * and has none of its own; where there is no such file, or the text is too long for one, it goes before the files as its own message.
 */
import * as z from 'zod/mini';
import type { ComposedContent } from '../../contract/api.ts';
import type { DraftFile } from '../../contract/entities.ts';
import { CAPTION_MAX } from '../../contract/limits.ts';

/** A file of a draft. `id`: of its place in the tray. `sha256` null: the engine does not have it yet, so it cannot be sent or kept. */
export type DraftItem = Omit<DraftFile, 'sha256'> & { id: string; sha256: string | null };
/** As the window's storage gives it back. */
export const draftItemSchema: z.ZodMiniType<DraftItem> = z.object({
  id: z.string(),
  sha256: z.nullable(z.string()),
  kind: z.enum(['image', 'video', 'audio', 'document', 'sticker']),
  filename: z.string(),
  mimeType: z.string(),
  bytes: z.number(),
  caption: z.string(),
  isVoice: z.boolean(),
});
/** One message of a draft: what is in the box, a file, or a file with what is in the box under it. */
export type DraftMessage = { text: string; file: DraftItem | null };

export const takesCaption = ({ kind }: Pick<DraftItem, 'kind'>): boolean => kind === 'image' || kind === 'video' || kind === 'document';

/** The file that the text of the box goes under; null: it is a message of its own. */
export function findCaptioned(text: string, files: readonly DraftItem[]): DraftItem | null {
  if (text.trim() === '' || text.length > CAPTION_MAX) return null;
  return files.find((file) => takesCaption(file) && file.caption === '') ?? null;
}

/** In the order in which they go. */
export function planMessages(text: string, files: readonly DraftItem[]): DraftMessage[] {
  const captioned = findCaptioned(text, files);
  const ofFiles = files.map((file) => ({ text: file === captioned ? text : '', file }));
  return text.trim() === '' || captioned ? ofFiles : [{ text, file: null }, ...ofFiles];
}

/** @param message its file, if any, is with the engine. */
export function contentOf({ text, file }: DraftMessage, hasPreview: boolean): ComposedContent {
  if (!file) return { kind: 'text', text, ...(hasPreview && { hasPreview }) };
  if (file.sha256 === null) throw new Error('a file that the engine does not have cannot be sent');
  const { kind, sha256, filename, isVoice } = file;
  const caption = file.caption || text || null;
  switch (kind) {
    case 'image':
    case 'video':
      return { kind, sha256, caption };
    case 'document':
      return { kind, sha256, filename, caption };
    case 'audio':
      return { kind, sha256, isVoice };
    case 'sticker':
      return { kind, sha256 };
  }
}

/** WhatsApp shows a card for the first link of a text. */
export const hasLink = (text: string): boolean => /https?:\/\/[^\s]+\.[^\s]+/i.test(text);
