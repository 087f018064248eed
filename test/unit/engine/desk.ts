/**
 * One agent's desktop without relay and window: the real replica and features over a real SQLite file, beside a log that
 * the test writes (`test/unit/contract/log-writer.ts`). Its clock stands still until the test moves it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createSuggestions } from '../../../main/engine/assignment/suggest.ts';
import { createContacts } from '../../../main/engine/contacts/contacts.ts';
import { createConflicts } from '../../../main/engine/conversations/conflicts.ts';
import { createConversations } from '../../../main/engine/conversations/conversations.ts';
import { createDrafts } from '../../../main/engine/conversations/drafts.ts';
import { createTriage } from '../../../main/engine/conversations/triage.ts';
import { createAssignmentQueries } from '../../../main/engine/db/assignment-queries.ts';
import { createContactQueries } from '../../../main/engine/db/contact-queries.ts';
import { createShownIn } from '../../../main/engine/db/shown-in-queries.ts';
import { createConversationListQueries } from '../../../main/engine/db/conversation-list-queries.ts';
import { createConversationQueries } from '../../../main/engine/db/conversation-queries.ts';
import { createDraftQueries } from '../../../main/engine/db/draft-queries.ts';
import { createMessageQueries } from '../../../main/engine/db/message-queries.ts';
import { openDatabase } from '../../../main/engine/db/open-database.ts';
import { createSearchQueries } from '../../../main/engine/db/search-queries.ts';
import { createSyncQueries } from '../../../main/engine/db/sync-queries.ts';
import { createTeamQueries } from '../../../main/engine/db/team-queries.ts';
import { createHours } from '../../../main/engine/hours/hours.ts';
import { createSearch } from '../../../main/engine/search/search.ts';
import { createSearchFollower } from '../../../main/engine/search/search-follower.ts';
import { createSearchIndex } from '../../../main/engine/search/search-index.ts';
import { createChangeCollector } from '../../../main/engine/sync/change-collector.ts';
import { createReplica } from '../../../main/engine/sync/replica.ts';
import { createNotes } from '../../../main/engine/team/notes.ts';
import { createTeam } from '../../../main/engine/team/team.ts';
import { AT, createTeamLog } from '../contract/log-writer.ts';

export { AT, ROSA } from '../contract/log-writer.ts';
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

export type Desk = ReturnType<typeof openDesk>;

function openDesk(log: ReturnType<typeof createTeamLog>, agentId: string, file: string) {
  const db = openDatabase(file);
  const sync = createSyncQueries(db);
  if (sync.readMeta().deviceId === null) sync.enroll('http://127.0.0.1', 'log', `desk-${agentId}`, agentId);
  let at = AT + MINUTE;
  // Later ids sort after earlier ones, as UUIDv7 do, also after the file was opened again.
  const opened = sync.readMeta().nextDeviceSeq;
  let counter = 0;
  const ids = { next: () => `${agentId}-${String(opened).padStart(4, '0')}-${String((counter += 1)).padStart(4, '0')}` };
  const now = (): number => at;
  const myId = (): string => agentId;
  const contacts = createContactQueries(db);
  const changes = createChangeCollector(createShownIn(db));
  const searchQueries = createSearchQueries(db);
  const replica = createReplica({
    db,
    queries: sync,
    clock: { now },
    ids,
    changes,
    search: createSearchFollower(searchQueries),
    onConfirmed: (confirmed) => drafts.noteConfirmed(confirmed),
    onReceived: () => undefined,
  });
  const conversationQueries = createConversationQueries(db, now);
  const teamQueries = createTeamQueries(db);
  const draftQueries = createDraftQueries(db);
  const conversations = createConversations({
    hours: createHours(replica.state),
    queries: conversationQueries,
    lists: createConversationListQueries(db, now),
    messages: createMessageQueries(db),
    contacts,
    sync,
    replica,
    now,
    myId,
  });
  const searchIndex = createSearchIndex({ queries: searchQueries, transact: (work) => db.transaction(work).immediate(), isBusy: () => false, log: () => undefined });
  const drafts = createDrafts({ isEnrolled: () => true, queries: draftQueries, replica, changes, now });
  const search = createSearch({ queries: searchQueries, index: searchIndex, conversations, now, myId });
  const assignment = createAssignmentQueries(db);
  const present = { agents: null as ReadonlySet<string> | null };
  const pull = (): void => void replica.receive(log.log);

  return {
    db,
    sync,
    replica,
    changes,
    searchQueries,
    searchIndex,
    search,
    contacts: createContacts({ queries: contacts, replica, findPeople: search.findPeople, conversations, listRequests: () => [], readOwnNumber: () => '+502 2334 4550', ids }),
    assignment,
    /** Who is connected, as the relay says. */
    present,
    suggestions: createSuggestions({ queries: assignment, contacts, team: teamQueries, conversations, presentAgents: () => present.agents, now, myId }),
    conversations,
    triage: createTriage({ conversations, replica, sync, ids, now, myId }),
    conflicts: createConflicts({ queries: conversationQueries, contacts, drafts: draftQueries, replica, sync, changes, ids, now, myId }),
    drafts,
    notes: createNotes({ queries: teamQueries, conversations, replica, ids, myId }),
    team: createTeam({ queries: teamQueries, conversations: conversationQueries, replica, ids, now, myId }),
    now,
    advanceClock: (ms: number) => {
      at += ms;
    },
    pull,
    /** What is pending comes into the log, and back. */
    deliver: (): void => {
      log.push(agentId, sync.listPending(0, 1_000));
      pull();
    },
    close: (): void => {
      searchIndex.stop();
      db.close();
    },
  };
}

/** The log of a team (`createTeamLog`) and desktops that follow it. */
export function createOffice() {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'bandeja-office-'));
  const log = createTeamLog();
  const open = new Set<Desk>();
  return {
    log,
    /** The desktop of an agent, with everything that is in the log so far; the same file each time. */
    openDesk: (agentId: string): Desk => {
      const desk = openDesk(log, agentId, path.join(dir, `${agentId}.db`));
      desk.pull();
      open.add(desk);
      return desk;
    },
    close: () => {
      for (const desk of open) if (desk.db.open) desk.close();
      log.close();
      rmSync(dir, { recursive: true });
    },
  };
}
