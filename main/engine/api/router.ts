/** Implements the contract: each procedure calls one function of a feature. No logic of its own. */
import { implement } from '@orpc/server';
import { contract } from '../../../contract/api.ts';
import { AppError } from '../../../contract/app-error.ts';
import type { Preferences, Session, SyncState } from '../../../contract/entities.ts';
import type { Conversations } from '../conversations/conversations.ts';
import type { Messages } from '../messages/messages.ts';
import type { ChangeCollector } from '../sync/change-collector.ts';

export type Features = {
  conversations: Conversations;
  messages: Messages;
  changes: ChangeCollector;
  readSession: () => Session;
  readSync: () => SyncState;
  readPreferences: () => Preferences;
  setPreferences: (change: { [K in keyof Preferences]?: Preferences[K] | undefined }) => Preferences;
  /** Lets sync and outbox know that there may be new work. */
  nudge: () => void;
  /** Runs a query in one read transaction: one snapshot, and one lock instead of one a statement. */
  read: <T>(query: () => T) => T;
};

export type EngineRouter = ReturnType<typeof createRouter>;

export function createRouter(features: Features) {
  const { conversations, messages, changes } = features;
  const os = implement(contract).use(async ({ next, errors }) => {
    try {
      return await next();
    } catch (error) {
      if (error instanceof AppError) throw errors[error.code]({ message: error.message });
      throw error;
    }
  });
  /** Runs a command and wakes up what acts on it. */
  const act = <T>(result: T): T => {
    features.nudge();
    return result;
  };

  return os.router({
    session: {
      get: os.session.get.handler(() => features.readSession()),
      sync: os.session.sync.handler(() => features.readSync()),
    },
    preferences: {
      get: os.preferences.get.handler(() => features.readPreferences()),
      set: os.preferences.set.handler(({ input }) => features.setPreferences(input)),
    },
    conversations: {
      list: os.conversations.list.handler(({ input }) => features.read(() => conversations.list(input))),
      byIds: os.conversations.byIds.handler(({ input }) => conversations.byIds(input.ids)),
      counts: os.conversations.counts.handler(() => features.read(() => conversations.counts())),
      get: os.conversations.get.handler(({ input }) =>
        features.read(() => {
          const page = input.messages === 0 ? { items: [], nextCursor: null } : messages.page({ conversationId: input.conversationId, limit: input.messages });
          return { ...conversations.get(input.conversationId), messages: page.items, messagesCursor: page.nextCursor };
        }),
      ),
      markRead: os.conversations.markRead.handler(({ input }) => act(conversations.markRead(input))),
      setStatus: os.conversations.setStatus.handler(({ input }) => act(conversations.setStatus(input))),
    },
    messages: {
      page: os.messages.page.handler(({ input }) => features.read(() => messages.page(input))),
      sendText: os.messages.sendText.handler(({ input }) => act(messages.sendText(input))),
      confirm: os.messages.confirm.handler(({ input }) => act(messages.confirm(input))),
      discard: os.messages.discard.handler(({ input }) => act(messages.discard(input))),
      retry: os.messages.retry.handler(({ input }) => act(messages.retry(input))),
      settle: os.messages.settle.handler(({ input }) => act(messages.settle(input))),
    },
    events: {
      watch: os.events.watch.handler(({ signal }) => changes.watch(signal)),
    },
  });
}
