/** Statements over members, teams, labels, canned replies, settings and notes. */
import type Database from 'better-sqlite3';
import type { LabelColor } from '../../../contract/rules/label-colors.ts';
import type { Role } from '../../../contract/wire.ts';

export type MemberView = { id: string; name: string; role: Role; isRemoved: 0 | 1; open: number };
export type NoteView = {
  id: string;
  conversationId: string;
  body: string;
  mentions: string;
  authorId: string;
  authorName: string | null;
  seq: number;
  createdAt: number;
  editedAt: number | null;
  deletedBy: string | null;
  deleterName: string | null;
};

export function createTeamQueries(db: Database.Database) {
  const members = db.prepare(
    `SELECT g.id, g.name, g.role, g.is_removed AS isRemoved,
       (SELECT count(*) FROM conversation c WHERE c.assignee_id = g.id AND c.status = 'active' AND (c.snoozed_until IS NULL OR c.snoozed_until <= @now)) AS open
     FROM agent g ORDER BY g.name, g.id`,
  );
  const teams = db.prepare('SELECT id, name FROM team WHERE is_deleted = 0 ORDER BY name, id');
  const teamMembers = db.prepare('SELECT team_id AS teamId, agent_id AS agentId FROM team_member ORDER BY team_id, agent_id');
  const labels = db.prepare('SELECT id, name, color FROM label WHERE is_deleted = 0 ORDER BY name, id');
  const canned = db.prepare('SELECT id, shortcut, body, owner_id IS NOT NULL AS isPersonal FROM canned_reply WHERE is_deleted = 0 AND (owner_id IS NULL OR owner_id = +?) ORDER BY shortcut, id');
  const settings = db.prepare('SELECT key, value FROM workspace_setting');
  const noteColumns = `n.id, n.conversation_id AS conversationId, n.body, n.mentions, n.author_id AS authorId, g.name AS authorName, n.seq, n.created_at AS createdAt, n.edited_at AS editedAt,
    n.deleted_by AS deletedBy, x.name AS deleterName FROM note n LEFT JOIN agent g ON g.id = n.author_id LEFT JOIN agent x ON x.id = n.deleted_by`;
  const notes = db.prepare(`SELECT ${noteColumns} WHERE n.contact_id = +? ORDER BY n.seq, n.id`);
  const note = db.prepare(`SELECT ${noteColumns} WHERE n.id = +?`);

  return {
    /** Those who left too. `open`: active conversations of theirs that are not snoozed at `now` (relay time, ms). */
    listMembers: (now: number) => members.all({ now }) as MemberView[],
    listTeams: () => teams.all() as { id: string; name: string }[],
    listTeamMembers: () => teamMembers.all() as { teamId: string; agentId: string }[],
    listLabels: () => labels.all() as { id: string; name: string; color: LabelColor }[],
    /** The team's, and those of one agent. */
    listCanned: (agentId: string) => canned.all(agentId) as { id: string; shortcut: string; body: string; isPersonal: 0 | 1 }[],
    listSettings: () => settings.all() as { key: string; value: string }[],
    /** Of a person, in the order of the log: clocks of desktops differ. */
    listNotes: (contactId: string) => notes.all(contactId) as NoteView[],
    findNote: (id: string) => note.get(id) as NoteView | undefined,
  };
}
export type TeamQueries = ReturnType<typeof createTeamQueries>;
