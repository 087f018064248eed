/** What a local store is asked, whichever it is. Each adapter is what a developer who knows that store would write on a good day: indexes where it has them, batches where it takes them. */

/** Finished rows: nothing has to be understood, and nothing came twice. Times in ms. */
export type PeerConversation = { id: string; name: string; isActive: boolean; lastAt: number; lastText: string };
export type PeerMessage = { id: string; conversationId: string; at: number; isOut: boolean; text: string };
export type PeerData = { conversations: PeerConversation[]; messages: PeerMessage[] };

export type PeerStore = {
  load(data: PeerData): Promise<void>;
  /** The 50 active conversations with the newest messages. @returns their ids. */
  list(): Promise<string[]>;
  /** The newest 50 messages of a conversation. @returns their ids. */
  open(conversationId: string): Promise<string[]>;
  /** The newest 20 messages with a word. @returns their ids. */
  search(word: string): Promise<string[]>;
  /** Everything is on disk, and opening the folder again gives it back. */
  close(): Promise<void>;
  /** New messages, with their conversations as they are afterwards; all of them or none, if it can do that. */
  apply(data: PeerData): Promise<void>;
};

/** `search`: how it finds words. */
type Peer = { title: string; search: 'index' | 'scan'; keeps: 'on disk' | 'in memory, written as one file' };
export const PEERS = {
  nodeSqlite: { title: 'node:sqlite', search: 'index', keeps: 'on disk' },
  pglite: { title: 'PGlite', search: 'index', keeps: 'on disk' },
  tinybase: { title: 'TinyBase', search: 'scan', keeps: 'in memory, written as one file' },
} satisfies Record<string, Peer>;
export type PeerName = keyof typeof PEERS;

export const PAGE = 50;
export const FOUND = 20;

/** Whether a text holds a word, for stores without an index of words. */
export const createWordTest = (word: string): ((text: string) => boolean) => {
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])${word}(?![\\p{L}\\p{N}])`, 'iu');
  return (text) => pattern.test(text);
};
