/**
 * Commands of triage: whose a conversation is, its status, when it comes back, what is stuck on it; for one or for many;
 * and taking them back. Invariant: each is an op that carries what its author saw, so an undo or a bulk action loses
 * to a colleague like any other.
 */
import { z } from 'zod';
import { AppError } from '../../../contract/app-error.ts';
import type { Agent } from '../../../contract/entities.ts';
import { parseJson } from '../../../contract/json.ts';
import { opBodySchema, type OpBody } from '../../../contract/ops/op.ts';
import { mayBecome, REQUEST_ROLES, type RequestStatus } from '../../../contract/requests/request-rules.ts';
import type { ActivityRow, ConversationRow, ConversationStatus, Outcome } from '../../../contract/state.ts';
import { inboundMessageId } from '../../../contract/whatsapp/webhook-result.ts';
import type { SyncQueries } from '../db/sync-queries.ts';
import type { Ids } from '../ports.ts';
import type { Replica } from '../sync/replica.ts';
import type { Conversations } from './conversations.ts';
import { viewAgent } from './views.ts';

const reasonSchema = z.object({ reason: z.enum(['customer_wrote', 'newer_conversation', 'not_active', 'deleted']) });
const changeSchema = z.object({ from: z.string().nullable(), to: z.string().nullable() });
const snoozeSchema = z.object({ from: z.number().nullable(), to: z.number().nullable() });
const statusSchema = z.object({ from: z.enum(['active', 'archived', 'closed']), to: z.enum(['active', 'archived', 'closed']) });
const labelSchema = z.object({ labelId: z.string(), isOn: z.boolean() });
const noteSchema = z.object({ noteId: z.string() });
const linkSchema = z.object({ requestId: z.string(), role: z.enum(REQUEST_ROLES), from: z.string().nullable(), to: z.string().nullable() });
const requestChangeSchema = z.object({ requestId: z.string(), changes: z.record(z.string(), z.object({ from: z.unknown(), to: z.unknown() })) });

export type OpVerdict = { opId: string; outcome: Outcome; reason: z.infer<typeof reasonSchema>['reason'] | null };
export type BulkAction =
  | { kind: 'assign' | 'team'; to: string | null }
  | { kind: 'label'; labelId: string; isOn: boolean }
  | { kind: 'status'; to: ConversationStatus }
  | { kind: 'snooze'; until: number | null }
  | { kind: 'read' };

/** Records an op and says what became of it. */
export function judgeLocal(replica: Replica, op: OpBody): OpVerdict {
  const { opId, outcome } = replica.applyLocal(op);
  const detail = reasonSchema.safeParse(parseJson(replica.state.get('activity', [opId])?.detail ?? '{}'));
  return { opId, outcome, reason: detail.success ? detail.data.reason : null };
}

type Deps = { conversations: Conversations; replica: Replica; sync: SyncQueries; ids: Ids; /** Relay time, ms. */ now: () => number; myId: () => string };
export type Triage = ReturnType<typeof createTriage>;

export function createTriage({ conversations, replica, sync, ids, now, myId }: Deps) {
  const judge = (op: OpBody): OpVerdict => judgeLocal(replica, op);

  const rowOf = (conversationId: string): ConversationRow => {
    const row = replica.state.get('conversation', [conversationId]);
    if (!row) throw new AppError('NOT_FOUND', `no conversation ${conversationId}`);
    return row;
  };

  const assigneeOf = (conversationId: string): Agent | null => {
    const { assignee_id: id } = rowOf(conversationId);
    return id === null ? null : viewAgent(id, replica.state.get('agent', [id])?.name ?? null, myId());
  };

  /** The op of a bulk action on one conversation, from what stands now; null where there is nothing to do. */
  const planBulk = (row: ConversationRow, action: BulkAction): OpBody | null => {
    const { id: conversationId } = row;
    const seenThrough = sync.readMeta().cursor;
    switch (action.kind) {
      case 'assign':
        return row.assignee_id === action.to ? null : { type: 'conversation.assign', args: { conversationId, from: row.assignee_id, to: action.to } };
      case 'team':
        return row.team_id === action.to ? null : { type: 'conversation.team', args: { conversationId, from: row.team_id, to: action.to } };
      case 'label':
        return (replica.state.get('conversation_label', [conversationId, action.labelId]) !== undefined) === action.isOn
          ? null
          : { type: 'conversation.label', args: { conversationId, labelId: action.labelId, isOn: action.isOn } };
      case 'status':
        return row.status === action.to ? null : { type: 'conversation.status', args: { conversationId, from: row.status, to: action.to, seenThrough } };
      case 'snooze':
        return row.snoozed_until === action.until ? null : { type: 'conversation.snooze', args: { conversationId, from: row.snoozed_until, to: action.until, seenThrough } };
      case 'read': {
        const position = replica.state.get('read_position', [myId(), conversationId]);
        if (row.last_inbound_seq === 0 || (position && position.seq >= row.last_inbound_seq)) return null;
        return { type: 'read.advance', args: { conversationId, throughMessageId: inboundMessageId(row.last_inbound_seq) } };
      }
    }
  };

  /** The op that takes back what an applied op of mine did; null where none can. */
  const planUndo = (activity: ActivityRow): OpBody | null => {
    const { conversation_id: conversationId, type } = activity;
    const detail = parseJson(activity.detail);
    if (type === 'request.change' || type === 'request.link') return planRequestUndo(type, detail);
    if (conversationId === null) return null;
    // What the customer wrote since is not what its author wants out of sight.
    const seenThrough = Math.min(activity.seq, sync.readMeta().cursor);
    switch (type) {
      case 'conversation.assign':
      case 'conversation.team': {
        const change = changeSchema.safeParse(detail);
        return change.success ? { type, args: { conversationId, from: change.data.to, to: change.data.from } } : null;
      }
      case 'conversation.snooze': {
        const change = snoozeSchema.safeParse(detail);
        return change.success ? { type, args: { conversationId, from: change.data.to, to: change.data.from, seenThrough } } : null;
      }
      case 'conversation.status': {
        const change = statusSchema.safeParse(detail);
        return change.success ? { type, args: { conversationId, from: change.data.to, to: change.data.from, seenThrough } } : null;
      }
      case 'conversation.label': {
        const label = labelSchema.safeParse(detail);
        return label.success ? { type, args: { conversationId, labelId: label.data.labelId, isOn: !label.data.isOn } } : null;
      }
      case 'note.add': {
        const note = noteSchema.safeParse(detail);
        return note.success ? { type: 'note.delete', args: { noteId: note.data.noteId } } : null;
      }
      default:
        return null;
    }
  };

  const planRequestUndo = (type: 'request.change' | 'request.link', detail: unknown): OpBody | null => {
    if (type === 'request.link') {
      const link = linkSchema.safeParse(detail);
      return link.success ? { type, args: { ...link.data, from: link.data.to, to: link.data.from } } : null;
    }
    const change = requestChangeSchema.safeParse(detail);
    if (!change.success) return null;
    const { requestId, changes } = change.data;
    // Some steps have no way back: then a person takes the next one.
    const status = changes['status'];
    if (status && !mayBecome(status.to as RequestStatus, status.from as RequestStatus)) return null;
    const parsed = opBodySchema.safeParse({ type, args: { requestId, changes: Object.fromEntries(Object.entries(changes).map(([field, { from, to }]) => [field, { from: to, to: from }])) } });
    return parsed.success ? parsed.data : null;
  };

  const readUndoable = (opId: string): ActivityRow => {
    const activity = replica.state.get('activity', [opId]);
    if (!activity) throw new AppError('NOT_FOUND', `no op ${opId}`);
    if (activity.actor_id !== myId()) throw new AppError('FORBIDDEN', 'only its author takes an op back');
    return activity;
  };

  return {
    setStatus: ({ conversationId, from, to, seenThrough }: { conversationId: string; from: ConversationStatus; to: ConversationStatus; seenThrough: number }) => {
      conversations.find(conversationId);
      const verdict = judge({ type: 'conversation.status', args: { conversationId, from, to, seenThrough } });
      return { ...verdict, status: rowOf(conversationId).status };
    },

    assign: ({ conversationId, from, to, note }: { conversationId: string; from: string | null; to: string | null; note?: string | undefined }) => {
      rowOf(conversationId);
      const verdict = judge({ type: 'conversation.assign', args: { conversationId, from, to, ...(note === undefined ? {} : { note: { noteId: ids.next(), body: note } }) } });
      return { ...verdict, assignee: assigneeOf(conversationId) };
    },

    setTeam: ({ conversationId, from, to }: { conversationId: string; from: string | null; to: string | null }): OpVerdict => {
      rowOf(conversationId);
      return judge({ type: 'conversation.team', args: { conversationId, from, to } });
    },

    snooze: ({ conversationId, from, until, seenThrough }: { conversationId: string; from: number | null; until: number | null; seenThrough: number }): OpVerdict => {
      const { snoozed_until: stored } = rowOf(conversationId);
      // A snooze that is over still stands in the row until something changes it; screens show it as none.
      const over = stored !== null && stored <= now() ? stored : null;
      return judge({ type: 'conversation.snooze', args: { conversationId, from: from ?? over, to: until, seenThrough } });
    },

    setLabel: ({ conversationId, labelId, isOn }: { conversationId: string; labelId: string; isOn: boolean }): OpVerdict => {
      rowOf(conversationId);
      return judge({ type: 'conversation.label', args: { conversationId, labelId, isOn } });
    },

    bulk: ({ conversationIds, action }: { conversationIds: string[]; action: BulkAction }): { opIds: string[]; changed: number; refused: number } =>
      replica.transact(() => {
        const opIds: string[] = [];
        let refused = 0;
        for (const id of new Set(conversationIds)) {
          const row = replica.state.get('conversation', [id]);
          const op = row && planBulk(row, action);
          if (!op) continue;
          const { opId, outcome } = replica.applyLocal(op);
          if (outcome === 'applied') opIds.push(opId);
          else refused += 1;
        }
        return { opIds, changed: opIds.length, refused };
      }),

    undo: ({ opIds }: { opIds: string[] }): { undone: number; refused: number } =>
      replica.transact(() => {
        let undone = 0;
        let refused = 0;
        // Newest first: of two changes to one conversation the later one goes back before the earlier one.
        for (const activity of opIds.map(readUndoable).toReversed()) {
          const op = activity.outcome === 'applied' ? planUndo(activity) : null;
          const outcome = op && replica.applyLocal(op).outcome;
          // `merged`: somebody has taken it back already.
          if (outcome === 'applied' || outcome === 'merged') undone += 1;
          else refused += 1;
        }
        return { undone, refused };
      }),
  };
}
