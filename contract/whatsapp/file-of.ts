import type { Media, MessageContent } from './message-content.ts';

/** The file that a message carries; null: none. Apart from the schemas, which the window does not need at its start. */
export const fileOf = (content: MessageContent): Media | null => ('media' in content ? (content.media ?? null) : null);
