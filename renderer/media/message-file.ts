/** The file of a message, and what it is called when it is saved. */
import type { FileState, Message } from '../../contract/entities.ts';
import { uploadNameOf } from '../../contract/whatsapp/media-types.ts';
import { fileOf } from '../../contract/whatsapp/file-of.ts';
import type { MessageContent } from '../../contract/whatsapp/message-content.ts';
import { mediaUrl } from './media-url.ts';

/** Addresses of a file that is on this computer; null: it is not. */
export function addressesOf(message: Message): { url: string; thumbnail: string | null } | null {
  const { content, file } = message;
  const sha256 = fileOf(content)?.sha256 ?? null;
  if (sha256 === null || file?.state !== 'here') return null;
  return { url: mediaUrl(sha256), thumbnail: thumbnailOf(content, file) };
}

/** The small picture; null where there is none. It may be here before the file is. */
export function thumbnailOf(content: MessageContent, file: FileState | null): string | null {
  const sha256 = fileOf(content)?.sha256 ?? null;
  return sha256 !== null && file?.hasThumbnail === true ? mediaUrl(sha256, { thumbnail: true }) : null;
}

/** @param label what kind of file it is, in words. */
export function saveUrlOf(message: Message, label: string): string | null {
  const { content, file } = message;
  const sha256 = fileOf(content)?.sha256 ?? null;
  return sha256 !== null && file?.state === 'here' ? mediaUrl(sha256, { downloadAs: saveNameOf(message, label) }) : null;
}

/** Its own name, else one that says what it is and when it came: `Foto 2026-11-22 14.05.jpg`. */
export function saveNameOf({ content, sentAt }: Message, label: string): string {
  if (content.kind === 'document' && content.filename !== null) return content.filename;
  const media = fileOf(content);
  const extension = media ? uploadNameOf(media.mimeType).split('.').at(-1) : 'bin';
  return `${label} ${toLocalTime(sentAt)}.${extension}`;
}

const two = (value: number): string => String(value).padStart(2, '0');
function toLocalTime(at: number): string {
  const time = new Date(at);
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${two(time.getHours())}.${two(time.getMinutes())}`;
}
