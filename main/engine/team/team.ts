/** What the team shares besides conversations: members with their load, teams, labels, canned replies, settings; and the leads' board. */
import { parseJson } from '../../../contract/json.ts';
import type { BoardRow, Directory, Member } from '../../../contract/entities.ts';
import { SERVICE_WINDOW_GUARD_MS, SERVICE_WINDOW_MS } from '../../../contract/limits.ts';
import type { OpBody } from '../../../contract/ops/op.ts';
import { AppError } from '../../../contract/app-error.ts';
import { readActor } from '../../../contract/ops/actor.ts';
import { mayLead } from '../../../contract/rules/rights.ts';
import { findHoursProblems } from '../../../contract/rules/hours-problems.ts';
import type { LabelColor } from '../../../contract/rules/label-colors.ts';
import { DEFAULT_WORKSPACE_SETTINGS, workspaceSettingSchema, workspaceSettingsSchema, type WorkspaceSetting, type WorkspaceSettings } from '../../../contract/rules/workspace-settings.ts';
import { judgeLocal, type OpVerdict } from '../conversations/triage.ts';
import { viewAgent } from '../conversations/views.ts';
import { withConfirmedAuto } from '../ai/auto-confirmation.ts';
import type { ConversationQueries } from '../db/conversation-queries.ts';
import type { TeamQueries } from '../db/team-queries.ts';
import type { Ids } from '../ports.ts';
import type { Replica } from '../sync/replica.ts';

type Deps = {
  queries: TeamQueries;
  conversations: ConversationQueries;
  replica: Replica;
  ids: Ids;
  now: () => number;
  myId: () => string;
};
type FieldChange<T extends string> = { from: T; to: T } | undefined;
export type Team = ReturnType<typeof createTeam>;

export function createTeam({ queries, conversations, replica, ids, now, myId }: Deps) {
  const judge = (op: OpBody): OpVerdict => judgeLocal(replica, op);

  const readSettings = (): WorkspaceSettings => {
    // A key of the future, or a value that this version does not understand, leaves the default.
    const rows = queries.listSettings().flatMap(({ key, value }) => {
      const setting = workspaceSettingSchema.safeParse({ key, value: parseJson(value) });
      return setting.success ? [[setting.data.key, setting.data.value] as const] : [];
    });
    return workspaceSettingsSchema.parse({ ...DEFAULT_WORKSPACE_SETTINGS, ...Object.fromEntries(rows) });
  };

  const listMembers = (): { members: Member[]; former: Directory['formerMembers'] } => {
    const me = myId();
    const memberships = queries.listTeamMembers();
    const rows = queries.listMembers(now());
    return {
      members: rows
        .filter(({ isRemoved }) => !isRemoved)
        .map(({ id, name, role, open }) => ({
          ...viewAgent(id, name, me),
          role,
          open,
          teamIds: memberships.filter(({ agentId }) => agentId === id).map(({ teamId }) => teamId),
        })),
      former: rows.filter(({ isRemoved }) => isRemoved).map(({ id, name }) => viewAgent(id, name, me)),
    };
  };

  return {
    readSettings,

    directory: (): Directory => {
      const { members, former } = listMembers();
      const memberships = queries.listTeamMembers();
      return {
        members,
        formerMembers: former,
        teams: queries.listTeams().map((team) => ({ ...team, memberIds: memberships.filter(({ teamId }) => teamId === team.id).map(({ agentId }) => agentId) })),
        labels: queries.listLabels(),
        canned: queries.listCanned(myId()).map((canned) => ({ ...canned, isPersonal: canned.isPersonal === 1 })),
        settings: readSettings(),
      };
    },

    /** Everybody, whether they hold something or not, and first what nobody holds. @throws AppError FORBIDDEN for agents. */
    board: (): BoardRow[] => {
      if (!mayLead(readActor(replica.state, myId()))) throw new AppError('FORBIDDEN', 'the board is for leads and admins');
      const windowLength = SERVICE_WINDOW_MS - SERVICE_WINDOW_GUARD_MS;
      const held = new Map(conversations.board(now() - windowLength).map((row) => [row.assigneeId, row]));
      const toRow = (agent: Member | null): BoardRow => {
        const row = held.get(agent?.id ?? null);
        return {
          agent,
          open: row?.open ?? 0,
          waiting: row?.waiting ?? 0,
          oldestWaitingSince: row?.oldestWaitingSince ?? null,
          windowClosesAt: row?.windowOpenedAt == null ? null : row.windowOpenedAt + SERVICE_WINDOW_MS,
        };
      };
      return [toRow(null), ...listMembers().members.map(toRow)];
    },

    addLabel: ({ name, color }: { name: string; color: LabelColor }) => {
      const id = ids.next();
      return { id, ...judge({ type: 'label.add', args: { labelId: id, name, color } }) };
    },
    changeLabel: ({ labelId, name, color }: { labelId: string; name?: FieldChange<string>; color?: FieldChange<LabelColor> }) =>
      judge({ type: 'label.change', args: { labelId, changes: { name, color } } }),
    removeLabel: ({ labelId }: { labelId: string }) => judge({ type: 'label.delete', args: { labelId } }),

    addTeam: ({ name }: { name: string }) => {
      const id = ids.next();
      return { id, ...judge({ type: 'team.add', args: { teamId: id, name } }) };
    },
    renameTeam: ({ teamId, from, to }: { teamId: string; from: string; to: string }) => judge({ type: 'team.rename', args: { teamId, from, to } }),
    setTeamMember: ({ teamId, agentId, isMember }: { teamId: string; agentId: string; isMember: boolean }) => judge({ type: 'team.member', args: { teamId, agentId, isMember } }),
    removeTeam: ({ teamId }: { teamId: string }) => judge({ type: 'team.delete', args: { teamId } }),

    addCanned: ({ isPersonal, shortcut, body }: { isPersonal: boolean; shortcut: string; body: string }) => {
      const id = ids.next();
      return { id, ...judge({ type: 'canned.add', args: { cannedId: id, isPersonal, shortcut, body } }) };
    },
    changeCanned: ({ cannedId, shortcut, body }: { cannedId: string; shortcut?: FieldChange<string>; body?: FieldChange<string> }) =>
      judge({ type: 'canned.change', args: { cannedId, changes: { shortcut, body } } }),
    removeCanned: ({ cannedId }: { cannedId: string }) => judge({ type: 'canned.delete', args: { cannedId } }),

    /** @throws AppError HOURS_INVALID: other desktops could not count with them. */
    setSetting: ({ from, to }: { from: WorkspaceSetting; to: WorkspaceSetting }) => {
      if (to.key === 'businessHours' && findHoursProblems(to.value).length > 0) throw new AppError('HOURS_INVALID', JSON.stringify(findHoursProblems(to.value)));
      return judge({ type: 'setting.set', args: { from, to: to.key === 'ai' ? { ...to, value: withConfirmedAuto(to.value) } : to } });
    },
  };
}
