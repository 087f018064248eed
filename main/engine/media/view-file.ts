/** Where the file of a message is, for screens. */
import type { FileState } from '../../../contract/entities.ts';
import { fileOf } from '../../../contract/whatsapp/file-of.ts';
import type { Media, MessageContent } from '../../../contract/whatsapp/message-content.ts';
import type { JobQueries } from '../db/job-queries.ts';
import type { MediaQueries } from '../db/media-queries.ts';
import type { MediaProgress } from './media-progress.ts';

/** What a file is known by until it is here: Meta's id, or its hash where it did not come from Meta. Null: by nothing, so it will never come. */
export const fileKey = (media: Media): string | null => media.id ?? media.sha256;

/** Shape of `viewMessage`'s part about files: null for a message without one. */
export type ViewFile = (messageId: string, content: MessageContent) => FileState | null;

export function createFileView({ queries, jobs, progress }: { queries: MediaQueries; jobs: Pick<JobQueries, 'find'>; progress: MediaProgress }): ViewFile {
  return (messageId, content) => {
    const media = fileOf(content);
    if (!media) return null;
    const file = media.sha256 === null ? undefined : queries.find(media.sha256);
    const key = fileKey(media);
    const underWay = progress.read(messageId) ?? (key === null ? null : progress.read(key));
    if (file) return { state: 'here', bytes: file.bytes, hasThumbnail: file.hasThumbnail, progress: underWay };
    const trouble = key === null ? 'expired' : queries.findTrouble(key);
    if (trouble) return { state: trouble, bytes: null, hasThumbnail: false, progress: null };
    const isRunning = key !== null && jobs.find('media.fetch', key)?.state === 'running';
    return { state: isRunning ? 'fetching' : 'waiting', bytes: null, hasThumbnail: false, progress: underWay };
  };
}
