/** How much is compacted at once and what is remembered of it, the same for every store. */

/** Meta delivers again for 7 days (Cloud API, Webhooks); the rest is margin. */
export const DEDUPE_KEPT_MS = 30 * 24 * 60 * 60 * 1000;
/** Entries of one transaction: webhooks wait meanwhile. */
export const ENTRIES_AT_ONCE = 2_000;
