import type { Change } from '../entities.ts';

/** Two changes as one. */
export const joinChanges = (a: Change, b: Change): Change => ({
  conversations: joinConversations(a.conversations, b.conversations),
  sync: a.sync || b.sync,
  session: a.session || b.session,
  directory: a.directory || b.directory,
  presence: a.presence || b.presence,
  conflicts: a.conflicts || b.conflicts,
  account: a.account || b.account,
  templates: a.templates || b.templates,
  requests: a.requests || b.requests,
  contacts: a.contacts || b.contacts,
  ai: a.ai || b.ai,
  knowledge: a.knowledge || b.knowledge,
});

export const joinConversations = (a: Change['conversations'], b: Change['conversations']): Change['conversations'] => (a === 'all' || b === 'all' ? 'all' : [...new Set([...a, ...b])]);
