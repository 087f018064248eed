/**
 * Threads that are painted at once when they are opened: those that were open, and those that may be next. What is
 * painted is read anew all the same, so nothing here has to be right, only likely. Invariant: what was read ahead goes
 * as soon as it has changed, for nobody is there to see it change.
 */
import type { Change } from '../../contract/entities.ts';
import { comeBackTo, type OpenThread } from './open-thread.ts';

const LEFT_MAX = 20;
const AHEAD_MAX = 4;

export type WarmThreads = {
  has(id: string): boolean;
  /** As it is to be painted; null: nothing is known of it. */
  find(id: string): OpenThread | null;
  /** It is on screen. */
  keep(thread: OpenThread): void;
  /** Read although nobody has opened it. */
  keepAhead(thread: OpenThread): void;
  /** Erased. */
  forget(id: string): void;
  /** What was read ahead of these is no longer so. */
  noteChange(ids: Change['conversations']): void;
};

export function createWarmThreads(): WarmThreads {
  const left = new Map<string, OpenThread>();
  const ahead = new Map<string, OpenThread>();
  const put = (map: Map<string, OpenThread>, thread: OpenThread, max: number): void => {
    const { id } = thread.conversation;
    map.delete(id);
    map.set(id, thread);
    for (const oldest of [...map.keys()].slice(0, -max)) map.delete(oldest);
  };
  const isOf = ({ conversation }: OpenThread, ids: readonly string[]): boolean => ids.includes(conversation.id) || conversation.otherConversations.some(({ id }) => ids.includes(id));
  return {
    has: (id) => left.has(id) || ahead.has(id),
    find: (id) => {
      const thread = left.get(id);
      return ahead.get(id) ?? (thread ? comeBackTo(thread) : null);
    },
    keep: (thread) => {
      ahead.delete(thread.conversation.id);
      put(left, thread, LEFT_MAX);
    },
    keepAhead: (thread) => put(ahead, thread, AHEAD_MAX),
    forget: (id) => {
      left.delete(id);
      ahead.delete(id);
    },
    noteChange: (ids) => {
      for (const [id, thread] of ahead) if (ids === 'all' || isOf(thread, ids)) ahead.delete(id);
    },
  };
}
