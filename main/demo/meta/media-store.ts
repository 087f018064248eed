/** Uploaded and sample media, in memory. A download address lives 5 minutes, as Meta's does; a new one is given for the asking. */
import { createHash } from 'node:crypto';
import type { MediaKind } from '../../../contract/whatsapp/message-content.ts';
import { createNumericId, type Random } from './random.ts';

const ADDRESS_LIFE_MS = 5 * 60 * 1000;

/** `kind`: as which it can be sent; null: as none, because its bytes are not of its type. */
export type Media = { id: string; mimeType: string; bytes: Buffer; kind: MediaKind | null };

export type MediaStore = {
  /** `kind` is needed for what is uploaded; what customers send is sent by nobody else. */
  add(mimeType: string, bytes: Buffer, kind?: MediaKind | null): Media;
  find(id: string): Media | null;
  /** What a webhook says of it beside the id; null if there is no such media. Digest in base64 here, in hexadecimal in `describe`: so does Meta. */
  announce(id: string, baseUrl: string): { url: string; mime_type: string; sha256: string } | null;
  /** Answer of `GET /{media id}`, or null if there is no such media. */
  describe(id: string, baseUrl: string): Record<string, unknown> | null;
  /** The bytes behind a download address; null if it is unknown or too old. */
  open(id: string, expires: number): Media | null;
  remove(id: string): boolean;
};

export const MEDIA_PATH = '/lookaside';

export function createMediaStore(deps: { now: () => number; random: Random }): MediaStore {
  const media = new Map<string, Media>();
  const addressOf = (id: string, baseUrl: string): string | null => (media.has(id) ? `${baseUrl}${MEDIA_PATH}/${id}?expires=${deps.now() + ADDRESS_LIFE_MS}` : null);
  return {
    add: (mimeType, bytes, kind = null) => {
      const added = { id: createNumericId(deps.random), mimeType, bytes, kind };
      media.set(added.id, added);
      return added;
    },
    find: (id) => media.get(id) ?? null,
    announce: (id, baseUrl) => {
      const found = media.get(id);
      const url = addressOf(id, baseUrl);
      return found && url !== null ? { url, mime_type: found.mimeType, sha256: createHash('sha256').update(found.bytes).digest('base64') } : null;
    },
    describe: (id, baseUrl) => {
      const found = media.get(id);
      if (!found) return null;
      return {
        messaging_product: 'whatsapp',
        url: addressOf(id, baseUrl),
        mime_type: found.mimeType,
        sha256: createHash('sha256').update(found.bytes).digest('hex'),
        file_size: found.bytes.length,
        id,
      };
    },
    open: (id, expires) => (expires >= deps.now() ? (media.get(id) ?? null) : null),
    remove: (id) => media.delete(id),
  };
}
