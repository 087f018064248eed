/**
 * Who may do what. The reducer asks here in log order (an op counts with the role its author had at that point of the
 * log), and so do the screens, which do not offer what would be refused.
 */
import type { Role } from '../wire.ts';

/** Null: not a member (any more). */
export type Actor = { id: string; role: Role } | null;

const isLead = (actor: Actor): boolean => actor !== null && actor.role !== 'agent';

/** Labels, teams, the team's canned replies, and what belongs to others. */
export const mayLead = isLead;

/** Members, devices, invites, the number and workspace settings. */
export const mayAdminister = (actor: Actor): boolean => actor?.role === 'admin';

/** Leads assign anybody. Agents take what they want for themselves, and release or transfer what is theirs. */
export const mayAssign = (actor: Actor, from: string | null, to: string | null): boolean => isLead(actor) || (actor !== null && (to === actor.id || from === actor.id));

/** Leads choose any team. Agents hand on what is theirs or nobody's. */
export const mayChooseTeam = (actor: Actor, assigneeId: string | null): boolean => isLead(actor) || (actor !== null && (assigneeId === null || assigneeId === actor.id));

/** A note, or a personal canned reply: its author, or a lead. */
export const mayChangeNote = (actor: Actor, authorId: string): boolean => isLead(actor) || actor?.id === authorId;

export const mayChangeCanned = (actor: Actor, ownerId: string | null): boolean => (ownerId === null ? isLead(actor) : actor?.id === ownerId);
