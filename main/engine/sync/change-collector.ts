/**
 * Gathers what a transaction touched and tells subscribers after the commit. Screens refetch; rows never travel here.
 */
import type { Change } from '../../../contract/entities.ts';
import { joinChanges } from '../../../contract/rules/join-changes.ts';
import type { TableName } from '../../../contract/state.ts';
import type { ShownIn } from '../db/shown-in-queries.ts';

/** More conversations than this in one change are announced as `all`. */
const MANY = 200;

type Row = Record<string, string | number | null>;

export type ChangeCollector = {
  noteWrite(table: TableName, row: Row): void;
  noteConversation(id: string): void;
  noteSync(): void;
  noteSession(): void;
  noteDirectory(): void;
  notePresence(): void;
  noteConflicts(): void;
  noteTemplates(): void;
  noteRequests(): void;
  noteAi(): void;
  noteKnowledge(): void;
  publish(): void;
  forget(): void;
  /** Changes from now on until `signal` aborts; several that nobody has taken yet are joined into one. */
  watch(signal: AbortSignal | undefined): AsyncGenerator<Change>;
  /** Called after every published change. Returns the way to stop. */
  listen(listener: (change: Change) => void): () => void;
};

type Flags = Omit<Change, 'conversations'>;
type Draft = { conversations: Set<string> | 'all'; flags: Flags };
const NO_FLAGS: Flags = {
  sync: false,
  session: false,
  directory: false,
  presence: false,
  conflicts: false,
  account: false,
  templates: false,
  requests: false,
  contacts: false,
  ai: false,
  knowledge: false,
};
const emptyDraft = (): Draft => ({ conversations: new Set(), flags: { ...NO_FLAGS } });

export function createChangeCollector(shownIn: ShownIn): ChangeCollector {
  let draft = emptyDraft();
  const contacts = new Set<string>();
  const requests = new Set<string>();
  const listeners = new Set<(change: Change) => void>();

  const noteConversation = (id: string): void => {
    if (draft.conversations === 'all') return;
    draft.conversations.add(id);
    if (draft.conversations.size > MANY) draft.conversations = 'all';
  };

  const noteShownIn = (ids: Set<string>, list: (id: string) => string[]): void => {
    for (const id of ids) {
      if (draft.conversations === 'all') break;
      for (const conversationId of list(id)) noteConversation(conversationId);
    }
    ids.clear();
  };

  const noteWrite = (table: TableName, row: Row): void => {
    switch (table) {
      case 'conversation':
        noteConversation(String(row['id']));
        return;
      case 'message':
        noteConversation(String(row['conversation_id']));
        // What a customer writes opens the window of all their conversations.
        if (row['direction'] === 'in') contacts.add(String(row['contact_id']));
        return;
      case 'read_position':
      case 'note':
      case 'conversation_label':
        if (row['conversation_id'] !== null) noteConversation(String(row['conversation_id']));
        return;
      case 'activity':
        if (row['conversation_id'] !== null) noteConversation(String(row['conversation_id']));
        // A request shows its history, with what did not come about.
        if (String(row['type']).startsWith('request.')) draft.flags.requests = true;
        // Whatever is decided about a held message ends its entry.
        if ((row['outcome'] !== 'applied' && row['outcome'] !== 'merged') || row['type'] === 'message.confirm' || row['type'] === 'message.discard') draft.flags.conflicts = true;
        return;
      case 'contact':
        contacts.add(String(row['id']));
        draft.flags.contacts = true;
        return;
      case 'contact_attribute':
        draft.flags.contacts = true;
        return;
      case 'request_link':
        noteConversation(String(row['conversation_id']));
        draft.flags.requests = true;
        return;
      case 'request_message':
        noteConversation(String(row['conversation_id']));
        draft.flags.requests = true;
        return;
      case 'service_request':
        requests.add(String(row['id']));
        draft.flags.requests = true;
        return;
      case 'request_event':
        requests.add(String(row['request_id']));
        draft.flags.requests = true;
        return;
      case 'agent':
        draft.conversations = 'all';
        draft.flags.session = true;
        draft.flags.directory = true;
        return;
      case 'team':
      case 'label':
        draft.conversations = 'all';
        draft.flags.directory = true;
        return;
      case 'team_member':
      case 'canned_reply':
      case 'device':
      case 'device_grant':
        draft.flags.directory = true;
        return;
      case 'account_event':
        draft.flags.account = true;
        return;
      case 'workspace_setting':
        draft.flags.directory = true;
        draft.flags.session = true;
        // Until when everybody is to be answered is another moment now.
        if (row['key'] === 'businessHours' || row['key'] === 'responseTarget') draft.conversations = 'all';
        return;
      case 'contact_identifier':
        contacts.add(String(row['contact_id']));
        draft.flags.contacts = true;
        return;
      case 'conversation_ai':
      case 'ai_draft':
      case 'conversation_summary':
        noteConversation(String(row['conversation_id']));
        draft.flags.ai = true;
        return;
      case 'ai_run':
      case 'ai_review':
      case 'ai_budget':
        draft.flags.ai = true;
        return;
      case 'kb_article':
      case 'kb_question':
      case 'kb_gap':
        draft.flags.knowledge = true;
        return;
      // Written together with a row of the kinds above (a status with its message), or not shown.
      case 'message_status':
      case 'parked_status':
      case 'counter':
      case 'kb_part':
        return;
    }
  };

  const take = (): Change | null => {
    noteShownIn(contacts, shownIn.contact);
    noteShownIn(requests, shownIn.request);
    const { conversations, flags } = draft;
    if (conversations !== 'all' && conversations.size === 0 && !Object.values(flags).includes(true)) return null;
    draft = emptyDraft();
    return { conversations: conversations === 'all' ? 'all' : [...conversations], ...flags };
  };

  const listen: ChangeCollector['listen'] = (listener) => {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  };

  return {
    noteWrite,
    noteConversation,
    noteSync: () => {
      draft.flags.sync = true;
    },
    noteSession: () => {
      draft.flags.session = true;
    },
    noteDirectory: () => {
      draft.flags.directory = true;
    },
    notePresence: () => {
      draft.flags.presence = true;
    },
    noteConflicts: () => {
      draft.flags.conflicts = true;
    },
    noteRequests: () => {
      draft.flags.requests = true;
    },
    noteAi: () => {
      draft.flags.ai = true;
    },
    noteKnowledge: () => {
      draft.flags.knowledge = true;
    },
    noteTemplates: () => {
      draft.flags.templates = true;
    },
    publish: () => {
      const change = take();
      if (change) for (const listener of listeners) listener(change);
    },
    forget: () => {
      draft = emptyDraft();
      contacts.clear();
      requests.clear();
    },
    listen,
    watch: (signal) => {
      // Listens from the call on, not from the first look: nothing between the two is missed.
      let waiting: Change | null = null;
      let wake: (() => void) | null = null;
      const stop = listen((change) => {
        waiting = waiting ? joinChanges(waiting, change) : change;
        wake?.();
      });
      const onAbort = (): void => {
        stop();
        wake?.();
      };
      signal?.addEventListener('abort', onAbort);
      const iterate = async function* (): AsyncGenerator<Change> {
        try {
          while (!signal?.aborted) {
            if (waiting === null) {
              await new Promise<void>((resolve) => {
                wake = resolve;
              });
              wake = null;
            }
            const change: Change | null = waiting;
            waiting = null;
            if (change) yield change;
          }
        } finally {
          stop();
          signal?.removeEventListener('abort', onAbort);
        }
      };
      return iterate();
    },
  };
}
