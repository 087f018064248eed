/** How long a device counts as being here, the same for every store. */

/** A desktop that was silent for longer keeps nobody from writing newer ops; it has to update before it reads on. */
export const WRITE_LEVEL_MS = 30 * 24 * 60 * 60 * 1000;
/** A hello writes only what is news: after a broken line everybody says it at once, and each write waits for the disk. */
export const SEEN_LATELY_MS = 60 * 60 * 1000;
