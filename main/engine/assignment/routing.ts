/**
 * Gives conversations that nobody has to whoever is present, in turn, where the team has that switched on. Every live desktop may; the
 * first claim in the log counts (`conversation.route`) and the others lose without a word. Invariants: nothing is claimed from rows
 * that are behind the log, while a claim of our own is on its way, or while it is not known who is there; the desktops take their
 * time one after the other, so that normally one of them writes.
 */
import { AppError } from '../../../contract/app-error.ts';
import { errorText, type Log } from '../../../contract/log.ts';
import { typeLevel } from '../../../contract/ops/op.ts';
import type { WorkspaceSettings } from '../../../contract/rules/workspace-settings.ts';
import type { AssignmentQueries, RoutableView } from '../db/assignment-queries.ts';
import type { SyncQueries } from '../db/sync-queries.ts';
import type { TeamQueries } from '../db/team-queries.ts';
import type { Replica } from '../sync/replica.ts';
import type { Presence } from '../team/presence.ts';
import { takeTurns } from './turns.ts';

/** After a change, in which more may come. */
const QUIET_MS = 100;
/** Each desktop waits so much longer than the one before it. */
const STEP_MS = 2_000;
/** Conversations given out in one go. */
const AT_ONCE = 50;

type Deps = {
  queries: AssignmentQueries;
  team: Pick<TeamQueries, 'listMembers'>;
  replica: Pick<Replica, 'state' | 'applyLocal' | 'transact'>;
  sync: Pick<SyncQueries, 'readMeta'>;
  presence: Pick<Presence, 'presentAgents' | 'connectedDevices'>;
  readSetting: () => WorkspaceSettings['routing'];
  /** The automatic mode may answer it, or will hand it over: giving it to somebody would come in between. */
  isLeftToAuto: (conversationId: string) => boolean;
  /** The rows are those of the whole log, as far as this desktop knows. */
  isUpToDate: () => boolean;
  /** Lets sync know that something is to be pushed. */
  nudge: () => void;
  /** Relay time, ms. */
  now: () => number;
  log: Log;
};
export type Routing = { /** Something changed. */ look(): void; stop(): void };

export function createRouting({ queries, team, replica, sync, presence, readSetting, isLeftToAuto, isUpToDate, nudge, now, log }: Deps): Routing {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  /** Since when (relay time) a conversation could have been given to somebody. */
  let since = new Map<string, number>();

  const schedule = (ms: number): void => {
    if (!isStopped) timer ??= setTimeout(work, ms);
  };
  const work = (): void => {
    timer = undefined;
    try {
      claim();
    } catch (error) {
      // The next change tries again.
      if (!(error instanceof AppError)) log('error', 'routing.failed', { error: errorText(error) });
    }
  };

  const mayClaim = (): boolean => readSetting().isOn && isUpToDate() && sync.readMeta().writeLevel >= typeLevel('conversation.route') && !queries.isClaiming();

  const plan = (present: ReadonlySet<string>): { conversationId: string; to: string }[] => {
    const candidates = team.listMembers(now()).flatMap(({ id, open, isRemoved }) => (isRemoved || !present.has(id) ? [] : [{ id, open, lastRouted: queries.findLastRouted(id) }]));
    const { capacity } = readSetting();
    if (!candidates.some(({ open }) => open < capacity)) return [];
    return takeTurns(
      queries
        .listRoutable(now(), AT_ONCE)
        .filter(({ id }) => !isLeftToAuto(id))
        .map(({ id, teamId }) => ({ id, memberIds: membersOf(teamId) })),
      candidates,
      capacity,
    );
  };
  /** A team without members is nobody, so then it is everybody's. */
  const membersOf = (teamId: RoutableView['teamId']): string[] | null => {
    const members = teamId === null ? [] : replica.state.list('team_member_by_team', [teamId]).flatMap((member) => ('agent_id' in member ? [member.agent_id] : []));
    return members.length === 0 ? null : members;
  };

  const claim = (): void => {
    const present = presence.presentAgents();
    const devices = presence.connectedDevices();
    const place = devices?.indexOf(sync.readMeta().deviceId ?? '') ?? -1;
    if (present === null || place < 0 || !mayClaim()) return;
    const planned = plan(present);
    const at = now();
    since = new Map(planned.map(({ conversationId }) => [conversationId, since.get(conversationId) ?? at]));
    const isDue = ({ conversationId }: { conversationId: string }): boolean => at - (since.get(conversationId) ?? at) >= place * STEP_MS;
    const due = planned.filter(isDue);
    if (due.length > 0) {
      replica.transact(() => {
        for (const args of due) replica.applyLocal({ type: 'conversation.route', args });
      });
      nudge();
    } else if (planned.length > 0) schedule(STEP_MS);
  };

  return {
    look: () => schedule(QUIET_MS),
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
