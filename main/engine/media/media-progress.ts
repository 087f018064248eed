/**
 * How far files are that are under way, for screens. In memory only: what counts is on disk. Invariant: one file under way makes
 * at most four changes a second, and its end is always told.
 */
const TELL_EVERY_MS = 250;

export type Progress = { done: number; total: number | null };
export type MediaProgress = {
  /** @param key of the file (`fileKey`), or of the message that is being sent. */
  note(key: string, conversationId: string, progress: Progress): void;
  end(key: string, conversationId: string): void;
  read(key: string): Progress | null;
  stop(): void;
};

/** @param tell that what a conversation shows has changed. */
export function createMediaProgress(tell: (conversationId: string) => void): MediaProgress {
  const underWay = new Map<string, { progress: Progress; timer: NodeJS.Timeout | null; isNews: boolean }>();
  const tellPaced = (key: string, conversationId: string): void => {
    const entry = underWay.get(key);
    if (!entry) return;
    if (entry.timer) {
      entry.isNews = true;
      return;
    }
    entry.isNews = false;
    entry.timer = setTimeout(() => {
      entry.timer = null;
      if (entry.isNews) tellPaced(key, conversationId);
    }, TELL_EVERY_MS);
    tell(conversationId);
  };
  return {
    note: (key, conversationId, progress) => {
      const entry = underWay.get(key);
      if (entry) entry.progress = progress;
      else underWay.set(key, { progress, timer: null, isNews: false });
      tellPaced(key, conversationId);
    },
    end: (key, conversationId) => {
      const entry = underWay.get(key);
      if (!entry) return;
      clearTimeout(entry.timer ?? undefined);
      underWay.delete(key);
      tell(conversationId);
    },
    read: (key) => underWay.get(key)?.progress ?? null,
    stop: () => {
      for (const { timer } of underWay.values()) clearTimeout(timer ?? undefined);
      underWay.clear();
    },
  };
}
