import type { Conversation } from '../../contract/entities.ts';

/** A closed conversation with a newer one stays closed: of one person at most the newest is open. */
export const findNewer = (conversation: Conversation): Conversation['otherConversations'][number] | undefined =>
  conversation.status === 'closed' ? conversation.otherConversations.find((other) => other.status !== 'closed') : undefined;
