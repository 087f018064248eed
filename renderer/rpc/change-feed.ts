/**
 * What changed in the engine, at most once per frame (`createPace`). Invariant: whoever subscribes misses nothing: the watch is
 * open before the first `EVERYTHING` is told, and every new line to the engine begins with `EVERYTHING` again.
 */
import type { Change } from '../../contract/entities.ts';
import { joinChanges } from '../../contract/rules/join-changes.ts';
import type { EngineClient } from './engine-client.ts';
import type { EngineLink } from './engine-link.ts';

export type ChangeListener = (change: Change) => void;
export type ChangeFeed = { subscribe(listener: ChangeListener): () => void; start(): void };

export const EVERYTHING: Change = {
  conversations: 'all',
  sync: true,
  session: true,
  directory: true,
  presence: true,
  conflicts: true,
  account: true,
  templates: true,
  requests: true,
  contacts: true,
  ai: true,
  knowledge: true,
};
const REWATCH_AFTER_MS = 250;
const PAUSE_BEHIND_MS = 250;
const PAUSE_FLOOD_MS = 80;
/** So many changes may follow each other at once. */
const FLOOD_FROM = 4;

export const hasConversationChange = (change: Change): boolean => change.conversations === 'all' || change.conversations.length > 0;

/**
 * With the next frame; but while one thing comes after the other only a dozen times a second, which is as fast as anybody reads and leaves the
 * window to whoever types, and while a long history comes in only a few times.
 */
export function createPace(deps: { nextFrame(callback: () => void): void; isBehind(): boolean }): (callback: () => void) => void {
  let dueAt = -Infinity;
  return (callback) => {
    const now = performance.now();
    // What one message brings about is no flood.
    dueAt = Math.max(dueAt, now - FLOOD_FROM * PAUSE_FLOOD_MS);
    if (deps.isBehind()) setTimeout(callback, PAUSE_BEHIND_MS);
    else if (now >= dueAt) deps.nextFrame(callback);
    else setTimeout(callback, dueAt - now);
    dueAt += PAUSE_FLOOD_MS;
  };
}

/** @param deps.nextFrame calls back before the next paint, and soon also when the window is hidden. */
export function createChangeFeed(deps: { client: EngineClient; link: EngineLink; nextFrame(callback: () => void): void }): ChangeFeed {
  const listeners = new Set<ChangeListener>();
  let collected: Change | null = null;

  function tell(change: Change): void {
    if (collected) {
      collected = joinChanges(collected, change);
      return;
    }
    collected = change;
    deps.nextFrame(() => {
      const told = collected ?? EVERYTHING;
      collected = null;
      for (const listener of listeners) listener(told);
    });
  }

  async function watch(): Promise<void> {
    while (deps.link.state.getState().status === 'up') {
      try {
        const changes = await deps.client.events.watch();
        tell(EVERYTHING);
        for await (const change of changes) tell(change);
      } catch {
        // The line broke: the link reconnects and a new watch begins.
      }
      await new Promise((resolve) => setTimeout(resolve, REWATCH_AFTER_MS));
    }
  }

  return {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start: () => {
      let isWatching = false;
      const watchOnce = (): void => {
        if (isWatching || deps.link.state.getState().status !== 'up') return;
        isWatching = true;
        void watch().finally(() => {
          isWatching = false;
          watchOnce();
        });
      };
      deps.link.state.subscribe(watchOnce);
      watchOnce();
    },
  };
}
