/**
 * "While you were offline": what this desktop's agent did and the team's log judged otherwise, until they do it again or
 * let it go. Invariant: an entry leaves the list only by their own decision; to do it again is a new op from what stands now.
 */
import { z } from 'zod';
import { AppError } from '../../../contract/app-error.ts';
import type { Conflict } from '../../../contract/entities.ts';
import { parseJson } from '../../../contract/json.ts';
import { readActor } from '../../../contract/ops/actor.ts';
import { rootOf } from '../../../contract/ops/contact-ops.ts';
import { readConversationAi } from '../../../contract/ops/draft-events.ts';
import { toColumn } from '../../../contract/ops/field-changes.ts';
import { opBodySchema, type OpBody } from '../../../contract/ops/op.ts';
import { mayBecome, REQUEST_ROLES, type RequestStatus } from '../../../contract/requests/request-rules.ts';
import { mayAdminister, mayAssign, mayChangeCanned, mayChangeNote, mayChooseTeam, mayLead } from '../../../contract/rules/rights.ts';
import type { ContactQueries } from '../db/contact-queries.ts';
import type { ActivityView, ConflictView, ConversationQueries } from '../db/conversation-queries.ts';
import type { DraftQueries } from '../db/draft-queries.ts';
import type { SyncQueries } from '../db/sync-queries.ts';
import type { Ids } from '../ports.ts';
import { referenceOf } from '../../../contract/requests/request-rules.ts';
import type { ChangeCollector } from '../sync/change-collector.ts';
import type { Replica } from '../sync/replica.ts';
import { judgeLocal, type OpVerdict } from './triage.ts';
import { createPhoneFormatter, nameOf, viewActivity, viewAgent } from './views.ts';

const targetSchema = z.object({
  to: z.unknown().optional(),
  reason: z.string().optional(),
  note: z.string().optional(),
  noteId: z.string().optional(),
  messageId: z.string().optional(),
  key: z.string().optional(),
  teamId: z.string().optional(),
  contactId: z.string().optional(),
  requestId: z.string().optional(),
  role: z.enum(REQUEST_ROLES).optional(),
});
const winnerSchema = z.object({ to: z.unknown() });
const loserSchema = z.object({ was: z.unknown(), reason: z.undefined().optional() });
const heldSchema = z.object({ reason: z.literal('answered_by_other') });
const lostSchema = z.object({
  labelId: z.string().optional(),
  cannedId: z.string().optional(),
  contactId: z.string().optional(),
  requestId: z.string().optional(),
  lost: z.record(z.string(), z.object({ to: z.unknown(), was: z.unknown(), reason: z.string().optional() })),
});
const aboutSchema = z.object({ contactId: z.string().optional(), requestId: z.string().optional() });
const requestOpSchema = z.object({
  requestId: z.string(),
  eventId: z.string().optional(),
  role: z.string().optional(),
  to: z.unknown().optional(),
  was: z.unknown().optional(),
  changes: z.record(z.string(), z.object({ to: z.unknown() })).optional(),
  lost: z.record(z.string(), z.object({ was: z.unknown(), reason: z.string().optional() })).optional(),
});

type Deps = {
  queries: ConversationQueries;
  contacts: Pick<ContactQueries, 'findPerson'>;
  drafts: DraftQueries;
  replica: Replica;
  sync: SyncQueries;
  changes: ChangeCollector;
  ids: Ids;
  now: () => number;
  myId: () => string;
};
export type Conflicts = ReturnType<typeof createConflicts>;

export function createConflicts({ queries, contacts, drafts, replica, sync, changes, ids, now, myId }: Deps) {
  const toPhone = createPhoneFormatter();
  const deviceId = (): string => sync.readMeta().deviceId ?? '';
  const listViews = (): ConflictView[] => queries.listConflicts(myId(), deviceId());

  /** The intent again, with what stands now as `from`; null where it has come about meanwhile, or cannot. */
  const plan = (type: string, conversationId: string | null, detailJson: string): OpBody | null => {
    const args = planArgs(type, conversationId, parseJson(detailJson));
    const parsed = args && opBodySchema.safeParse({ type: args.type ?? type, args: args.args });
    return parsed?.success && isAllowed(parsed.data) ? parsed.data : null;
  };

  /** Whether the team's rules would let me do it as things stand: what is offered must not be refused. */
  const isAllowed = (op: OpBody): boolean => {
    const { state } = replica;
    const me = readActor(state, myId());
    switch (op.type) {
      case 'conversation.assign':
        return mayAssign(me, op.args.from, op.args.to) && (op.args.to === null || readActor(state, op.args.to) !== null);
      case 'conversation.team':
        return mayChooseTeam(me, state.get('conversation', [op.args.conversationId])?.assignee_id ?? null) && (op.args.to === null || state.get('team', [op.args.to])?.is_deleted === 0);
      case 'conversation.status':
        return op.args.from !== 'closed' || !hasOpenSibling(op.args.conversationId);
      case 'note.edit':
        return mayChangeNote(me, state.get('note', [op.args.noteId])?.author_id ?? '');
      case 'conversation.ai':
        return op.args.to !== 'auto' || mayLead(me);
      case 'label.change':
      case 'contact.merge':
      case 'team.rename':
        return mayLead(me);
      case 'canned.change':
        return mayChangeCanned(me, state.get('canned_reply', [op.args.cannedId])?.owner_id ?? null);
      case 'setting.set':
        return mayAdminister(me);
      default:
        return true;
    }
  };

  const hasOpenSibling = (conversationId: string): boolean => {
    const row = replica.state.get('conversation', [conversationId]);
    return row !== undefined && replica.state.list('conversation_by_contact', [row.contact_id, row.phone_number_id]).some(({ id, status }) => id !== conversationId && status !== 'closed');
  };

  const planArgs = (type: string, conversationId: string | null, detail: unknown): { type?: string; args: object } | null => {
    const target = targetSchema.safeParse(detail);
    const conversation = conversationId === null ? undefined : replica.state.get('conversation', [conversationId]);
    const seenThrough = sync.readMeta().cursor;
    // Nobody puts away what they have not read, not with one key either.
    const readThrough = conversationId === null ? 0 : (replica.state.get('read_position', [myId(), conversationId])?.seq ?? 0);
    const hasUnread = target.success && target.data.reason === 'customer_wrote' && (conversation?.last_inbound_seq ?? 0) > readThrough;
    if (type === 'label.change' || type === 'canned.change' || type === 'contact.change' || type === 'request.change') return planFields(type, detail);
    if (!target.success) return null;
    const { to } = target.data;
    switch (type) {
      case 'conversation.assign':
        if (!conversation || conversation.assignee_id === to) return null;
        return { args: { conversationId, from: conversation.assignee_id, to, ...(target.data.note === undefined ? {} : { note: { noteId: ids.next(), body: target.data.note } }) } };
      case 'conversation.team':
        return conversation && conversation.team_id !== to ? { args: { conversationId, from: conversation.team_id, to } } : null;
      case 'conversation.snooze':
        if (!conversation || conversation.status !== 'active' || conversation.snoozed_until === to || (typeof to === 'number' && to <= now())) return null;
        return to !== null && hasUnread ? null : { args: { conversationId, from: conversation.snoozed_until, to, seenThrough } };
      case 'conversation.status':
        if (to !== 'active' && hasUnread) return null;
        return conversation && conversation.status !== to ? { args: { conversationId, from: conversation.status, to, seenThrough } } : null;
      case 'note.edit': {
        const note = replica.state.get('note', [target.data.noteId ?? '']);
        return note && note.deleted_by === null && note.body !== to ? { args: { noteId: note.id, from: note.body, to, mentions: parseJson(note.mentions) } } : null;
      }
      case 'message.queue':
      case 'draft.approve': {
        const message = replica.state.get('message', [target.data.messageId ?? '']);
        return message?.hold === 'held' ? { type: 'message.confirm', args: { messageId: message.id, seenThrough } } : null;
      }
      case 'conversation.ai': {
        const mode = readConversationAi(replica.state, conversationId ?? '').mode;
        return conversation && mode !== to ? { args: { conversationId, from: mode, to } } : null;
      }
      case 'team.rename': {
        const team = replica.state.get('team', [target.data.teamId ?? '']);
        return team && !team.is_deleted && team.name !== to ? { args: { teamId: team.id, from: team.name, to } } : null;
      }
      case 'contact.attribute': {
        const { contactId = '', key = '' } = target.data;
        const value = replica.state.get('contact_attribute', [contactId, key])?.value ?? null;
        return replica.state.get('contact', [contactId]) && value !== to ? { args: { contactId, key, from: value, to } } : null;
      }
      case 'contact.merge': {
        const contact = replica.state.get('contact', [target.data.contactId ?? '']);
        const isRound = typeof to === 'string' && contact !== undefined && rootOf(replica.state, to) === rootOf(replica.state, contact.id);
        return contact && contact.merged_into !== to && !isRound ? { args: { contactId: contact.id, from: contact.merged_into, to } } : null;
      }
      case 'request.link': {
        const { requestId = '', role = 'customer' } = target.data;
        const linked = replica.state.get('request_link', [requestId, role])?.conversation_id ?? null;
        return linked === to ? null : { args: { requestId, role, from: linked, to } };
      }
      case 'setting.set': {
        const key = target.data.key ?? '';
        const current = replica.state.get('workspace_setting', [key]);
        return current && current.value !== JSON.stringify(to) ? { args: { from: { key, value: parseJson(current.value) }, to: { key, value: to } } } : null;
      }
      default:
        return null;
    }
  };

  const planFields = (type: 'label.change' | 'canned.change' | 'contact.change' | 'request.change', detail: unknown): { args: object } | null => {
    const parsed = lostSchema.safeParse(detail);
    if (!parsed.success) return null;
    const { labelId = '', cannedId = '', contactId = '', requestId = '', lost } = parsed.data;
    const { state } = replica;
    const found = {
      'label.change': { row: state.get('label', [labelId]), of: { labelId } },
      'canned.change': { row: state.get('canned_reply', [cannedId]), of: { cannedId } },
      'contact.change': { row: state.get('contact', [contactId]), of: { contactId } },
      'request.change': { row: state.get('service_request', [requestId]), of: { requestId } },
    }[type];
    if (!found.row || ('is_deleted' in found.row && found.row.is_deleted)) return null;
    const current = new Map<string, unknown>(Object.entries(found.row));
    const mayStand = (field: string, to: unknown): boolean => {
      if (type !== 'request.change') return true;
      if (field === 'externalId') return typeof to !== 'string' || state.list('request_by_external_id', [to]).length === 0;
      return field !== 'status' || mayBecome(current.get('status') as RequestStatus, to as RequestStatus);
    };
    const open = Object.entries(lost).filter(([field, { to }]) => current.get(toColumn(field)) !== to && mayStand(field, to));
    const changes = Object.fromEntries(open.map(([field, { to }]) => [field, { from: current.get(toColumn(field)), to }]));
    return Object.keys(changes).length === 0 ? null : { args: { ...found.of, changes } };
  };

  /** The op that made what stood in the way of mine. None where no op did: the customer wrote, a colleague left, a team was deleted. */
  const findWinner = (row: ConflictView): Pick<ActivityView, 'actorId' | 'actorName' | 'occurredAt' | 'detail'> | undefined => {
    if (row.outcome === 'held') return findAnswer(row);
    if (row.type.startsWith('request.')) return findRequestWinner(row);
    const mine = loserSchema.safeParse(parseJson(row.detail));
    if (row.outcome !== 'superseded' || row.conversationId === null || !mine.success) return undefined;
    const last = queries.findWinner(row.conversationId, row.type, row);
    const theirs = last && winnerSchema.safeParse(parseJson(last.detail));
    return theirs?.success && theirs.data.to === mine.data.was ? last : undefined;
  };

  /** What made a request other than I saw it: a value of a field that I lost, another link, the event decided. */
  const findRequestWinner = (row: ConflictView): ActivityView | undefined => {
    const mine = requestOpSchema.safeParse(parseJson(row.detail));
    if (!mine.success || row.outcome === 'target_missing') return undefined;
    const { requestId, eventId, role, was, lost = {} } = mine.data;
    return queries.listRequestOps(requestId, row).find((op) => {
      const theirs = requestOpSchema.safeParse(parseJson(op.detail)).data;
      if (!theirs) return false;
      switch (row.type) {
        case 'request.change':
          return Object.entries(lost).some(([field, value]) => value.reason === undefined && theirs.changes?.[field] !== undefined && theirs.changes[field].to === value.was);
        case 'request.link':
          return op.type === row.type && theirs.role === role && theirs.to === was;
        case 'request.add':
          return op.type === row.type;
        default:
          return (op.type === 'request.notify' || op.type === 'request.dismiss') && theirs.eventId === eventId;
      }
    });
  };

  /** The reply for which mine is held. None where another tool sent it, or where the conversation was closed. */
  const findAnswer = ({ conversationId, detail, seq }: ConflictView) => {
    if (conversationId === null || !heldSchema.safeParse(parseJson(detail)).success) return undefined;
    const answer = queries.findAnswerOfOthers(conversationId, myId(), seq);
    return answer && answer.actorId !== null ? { ...answer, actorId: answer.actorId } : undefined;
  };

  const aboutOf = ({ detail }: ConflictView): string | null => {
    const about = aboutSchema.safeParse(parseJson(detail));
    const request = about.success && about.data.requestId !== undefined ? replica.state.get('service_request', [about.data.requestId]) : undefined;
    if (request) return [referenceOf(request), request.customer_name].filter((part) => part !== '').join(' · ');
    const person = about.success && about.data.contactId !== undefined ? contacts.findPerson(about.data.contactId) : undefined;
    return person ? nameOf(person, toPhone) : null;
  };

  const viewConflict = (row: ConflictView): Conflict => {
    const me = myId();
    const winner = findWinner(row);
    return {
      ...viewActivity(row, me),
      conversation: row.conversationId === null ? null : { id: row.conversationId, name: nameOf(row, toPhone) },
      about: aboutOf(row),
      winner: winner ? { actor: viewAgent(winner.actorId, winner.actorName, me), occurredAt: winner.occurredAt, detail: parseJson(winner.detail) as Record<string, unknown> } : null,
      canReapply: plan(row.type, row.conversationId, row.detail) !== null,
    };
  };

  const settle = (opIds: string[]): void => {
    drafts.settleConflicts(opIds);
    changes.noteConflicts();
    changes.noteSync();
  };

  return {
    list: (): Conflict[] => listViews().map(viewConflict),
    count: (): number => queries.countConflicts(myId(), deviceId()),

    reapply: ({ opId }: { opId: string }): OpVerdict =>
      replica.transact(() => {
        const activity = replica.state.get('activity', [opId]);
        if (!activity) throw new AppError('NOT_FOUND', `no op ${opId}`);
        if (activity.actor_id !== myId()) throw new AppError('FORBIDDEN', 'only its author does an op again');
        const op = plan(activity.type, activity.conversation_id, activity.detail);
        if (!op) throw new AppError('NOT_ALLOWED_NOW', 'it stands already, or can no longer be done');
        const verdict = judgeLocal(replica, op);
        // The new op stands for itself, also when it is refused. The entry of a held message lasts as long as it is held: the log may hold it again.
        settle(op.type === 'message.confirm' ? [] : [opId]);
        return verdict;
      }),

    dismiss: ({ opIds, andOlder }: { opIds: string[]; andOlder: boolean }): { left: number } => {
      replica.transact(() => settle(andOlder ? [...opIds, ...queries.listOlderConflicts(myId(), deviceId(), opIds.at(-1) ?? '')] : opIds));
      return { left: queries.countConflicts(myId(), deviceId()) };
    },
  };
}
