/**
 * The reducer: one entry of the log, or one pending op, becomes rows. Pure over `(StateTx, entry)`, the same on every
 * desktop. Every op gets exactly one outcome, stored in `activity`. It never throws for domain reasons; an op of a
 * version this program does not know stops the fold (`UpdateNeededError`) instead of being skipped.
 */
import { assertNever } from './app-error.ts';
import { reduceBudget, reduceErase, reduceHandoff, reduceReview, reduceRun, reduceStop, reduceSummary } from './ops/ai-ops.ts';
import { reduceApprove, reduceClaim, reduceConversationMode, reduceDraftDiscard, reduceDraftEdit, reducePropose, reduceStopAuto } from './ops/draft-ops.ts';
import { reduceGapClose, reduceKbChange, reduceKbDecide, reduceKbPart, reduceKbQuestion, reduceKbSave } from './ops/knowledge-ops.ts';
import { reduceConversationStart, reduceConversationStatus, reduceReadAdvance } from './ops/conversation-ops.ts';
import { reduceContactAdd, reduceContactAttribute, reduceContactChange, reduceContactMerge, reduceContactPhone } from './ops/contact-ops.ts';
import { reduceKeyAdmit, reduceKeyRecover, reduceKeySheet } from './ops/key-ops.ts';
import { applyMemberEvent } from './ops/member-events.ts';
import { reduceConfirm, reduceDiscard, reduceMedia, reduceQueue, reduceResult } from './ops/message-ops.ts';
import { buryMade, isAboutErased, namesErasedRequest, reduceContactErase, reduceRetention, withoutWords } from './ops/erase-ops.ts';
import { reduceNoteAdd, reduceNoteDelete, reduceNoteEdit } from './ops/note-ops.ts';
import { knownOpVersion, opBodySchema, type OpBody, type ReducerOp } from './ops/op.ts';
import type { OpResult } from './ops/op-result.ts';
import { reduceRequestAdd, reduceRequestAttach, reduceRequestChange, reduceRequestDismiss, reduceRequestImport, reduceRequestLink, reduceRequestNotify } from './ops/request-ops.ts';
import {
  reduceCannedAdd,
  reduceCannedChange,
  reduceCannedDelete,
  reduceGrant,
  reduceLabelAdd,
  reduceLabelChange,
  reduceLabelDelete,
  reduceSetting,
  reduceTeamAdd,
  reduceTeamDelete,
  reduceTeamMember,
  reduceTeamRename,
} from './ops/team-ops.ts';
import { reduceAssign, reduceConversationLabel, reduceRoute, reduceSnooze, reduceTeamChoice } from './ops/triage-ops.ts';
import type { Outcome, StateTx } from './state.ts';
import { reduceWebhook } from './whatsapp/reduce-webhook.ts';
import { webhookItemSchema } from './whatsapp/webhook-item.ts';
import type { WebhookResult } from './whatsapp/webhook-result.ts';
import { relayEventSchema, type LogEntry } from './wire.ts';
import { parseJson } from './json.ts';

export class UpdateNeededError extends Error {
  readonly seq: number;
  constructor(seq: number, what: string) {
    super(`entry ${seq} needs a newer version of this program: ${what}`);
    this.name = 'UpdateNeededError';
    this.seq = seq;
  }
}

/** Header of an op, confirmed or pending (`seq` = PENDING_SEQ). */
export type OpHeader = { seq: number; receivedAt: number; opId: string; actorId: string; deviceId: string; deviceSeq: number; occurredAt: number; v: number };
export type ApplyResult = { kind: 'op'; outcome: Outcome; op: OpBody | null } | ({ kind: 'webhook' } & WebhookResult) | { kind: 'relay' };

export function applyLogEntry(tx: StateTx, entry: LogEntry): ApplyResult {
  switch (entry.kind) {
    case 'op': {
      const { outcome, op } = applyOp(tx, entry, entry.body);
      return { kind: 'op', outcome, op };
    }
    case 'webhook': {
      const item = webhookItemSchema.safeParse(parseJson(entry.body));
      return { kind: 'webhook', ...(item.success ? reduceWebhook(tx, entry, item.data) : { outcome: 'unrecognised' as const, messageId: null }) };
    }
    case 'relay': {
      applyRelayEvent(tx, entry);
      return { kind: 'relay' };
    }
    default:
      return assertNever(entry);
  }
}

/** Runs one op and stores its outcome. An op with a body that fits no schema changes nothing and is `forbidden`. */
export function applyOp(tx: StateTx, header: OpHeader, body: string): { outcome: Outcome; op: OpBody | null } {
  const json = parseJson(body);
  const type = typeof json === 'object' && json !== null && 'type' in json && typeof json.type === 'string' ? json.type : '';
  if (type !== '' && header.v > knownOpVersion(type)) throw new UpdateNeededError(header.seq, `${type} v${header.v}`);
  const parsed = opBodySchema.safeParse(json);
  const result: OpResult = parsed.success ? reduceOp(tx, header, parsed.data) : { outcome: 'forbidden', conversationId: null, detail: { reason: 'malformed' } };
  tx.put('activity', {
    op_id: header.opId,
    seq: header.seq,
    actor_id: header.actorId,
    device_id: header.deviceId,
    type,
    conversation_id: result.conversationId,
    outcome: result.outcome,
    detail: JSON.stringify(parsed.success && result.outcome !== 'applied' && namesErasedRequest(tx, parsed.data) ? withoutWords(result.detail ?? {}) : (result.detail ?? {})),
    occurred_at: header.occurredAt,
  });
  return { outcome: result.outcome, op: parsed.success ? parsed.data : null };
}

function reduceOp(tx: StateTx, header: OpHeader, op: OpBody): OpResult {
  // Whoever has left does nothing any more. What became of a call to Meta is a fact and not an intent.
  if (op.type !== 'message.result' && tx.get('agent', [header.actorId])?.is_removed === 1) return { outcome: 'forbidden', conversationId: null, detail: { reason: 'left' } };
  // Written before its author had heard of it: nothing of it comes about, and no word of it stays.
  if (isAboutErased(tx, op)) {
    buryMade(tx, header.seq, op);
    return { outcome: 'target_missing', conversationId: null, detail: withoutWords(op.args) };
  }
  const withHeader = <T extends OpBody>(body: T): ReducerOp<T['type']> => ({ ...header, ...body }) as unknown as ReducerOp<T['type']>;
  switch (op.type) {
    case 'message.queue':
      return reduceQueue(tx, withHeader(op));
    case 'message.confirm':
      return reduceConfirm(tx, withHeader(op));
    case 'message.discard':
      return reduceDiscard(tx, withHeader(op));
    case 'message.result':
      return reduceResult(tx, withHeader(op));
    case 'message.media':
      return reduceMedia(tx, withHeader(op));
    case 'conversation.start':
      return reduceConversationStart(tx, withHeader(op));
    case 'read.advance':
      return reduceReadAdvance(tx, withHeader(op));
    case 'conversation.status':
      return reduceConversationStatus(tx, withHeader(op));
    case 'conversation.assign':
      return reduceAssign(tx, withHeader(op));
    case 'conversation.team':
      return reduceTeamChoice(tx, withHeader(op));
    case 'conversation.snooze':
      return reduceSnooze(tx, withHeader(op));
    case 'conversation.label':
      return reduceConversationLabel(tx, withHeader(op));
    case 'note.add':
      return reduceNoteAdd(tx, withHeader(op));
    case 'note.edit':
      return reduceNoteEdit(tx, withHeader(op));
    case 'note.delete':
      return reduceNoteDelete(tx, withHeader(op));
    case 'label.add':
      return reduceLabelAdd(tx, withHeader(op));
    case 'label.change':
      return reduceLabelChange(tx, withHeader(op));
    case 'label.delete':
      return reduceLabelDelete(tx, withHeader(op));
    case 'team.add':
      return reduceTeamAdd(tx, withHeader(op));
    case 'team.rename':
      return reduceTeamRename(tx, withHeader(op));
    case 'team.member':
      return reduceTeamMember(tx, withHeader(op));
    case 'team.delete':
      return reduceTeamDelete(tx, withHeader(op));
    case 'canned.add':
      return reduceCannedAdd(tx, withHeader(op));
    case 'canned.change':
      return reduceCannedChange(tx, withHeader(op));
    case 'canned.delete':
      return reduceCannedDelete(tx, withHeader(op));
    case 'setting.set':
      return reduceSetting(tx, withHeader(op));
    case 'device.grant':
      return reduceGrant(tx, withHeader(op));
    case 'key.sheet':
      return reduceKeySheet(tx, withHeader(op));
    case 'key.recover':
      return reduceKeyRecover(tx, withHeader(op));
    case 'key.admit':
      return reduceKeyAdmit(tx, withHeader(op));
    case 'request.add':
      return reduceRequestAdd(tx, withHeader(op));
    case 'request.import':
      return reduceRequestImport(tx, withHeader(op));
    case 'request.change':
      return reduceRequestChange(tx, withHeader(op));
    case 'request.link':
      return reduceRequestLink(tx, withHeader(op));
    case 'request.attach':
      return reduceRequestAttach(tx, withHeader(op));
    case 'request.notify':
      return reduceRequestNotify(tx, withHeader(op));
    case 'request.dismiss':
      return reduceRequestDismiss(tx, withHeader(op));
    case 'contact.add':
      return reduceContactAdd(tx, withHeader(op));
    case 'contact.change':
      return reduceContactChange(tx, withHeader(op));
    case 'contact.phone':
      return reduceContactPhone(tx, withHeader(op));
    case 'contact.attribute':
      return reduceContactAttribute(tx, withHeader(op));
    case 'contact.merge':
      return reduceContactMerge(tx, withHeader(op));
    case 'conversation.route':
      return reduceRoute(tx, withHeader(op));
    case 'conversation.ai':
      return reduceConversationMode(tx, withHeader(op));
    case 'draft.claim':
      return reduceClaim(tx, withHeader(op));
    case 'draft.propose':
      return reducePropose(tx, withHeader(op));
    case 'draft.edit':
      return reduceDraftEdit(tx, withHeader(op));
    case 'draft.stop_auto':
      return reduceStopAuto(tx, withHeader(op));
    case 'draft.approve':
      return reduceApprove(tx, withHeader(op));
    case 'draft.discard':
      return reduceDraftDiscard(tx, withHeader(op));
    case 'ai.run':
      return reduceRun(tx, withHeader(op));
    case 'ai.summary':
      return reduceSummary(tx, withHeader(op));
    case 'ai.handoff':
      return reduceHandoff(tx, withHeader(op));
    case 'ai.review':
      return reduceReview(tx, withHeader(op));
    case 'ai.stop':
      return reduceStop(tx, withHeader(op));
    case 'ai.budget':
      return reduceBudget(tx, withHeader(op));
    case 'ai.erase':
      return reduceErase(tx, withHeader(op));
    case 'kb.part':
      return reduceKbPart(tx, withHeader(op));
    case 'kb.save':
      return reduceKbSave(tx, withHeader(op));
    case 'kb.change':
      return reduceKbChange(tx, withHeader(op));
    case 'kb.question':
      return reduceKbQuestion(tx, withHeader(op));
    case 'kb.decide':
      return reduceKbDecide(tx, withHeader(op));
    case 'gap.close':
      return reduceGapClose(tx, withHeader(op));
    case 'contact.erase':
      return reduceContactErase(tx, withHeader(op));
    case 'retention.apply':
      return reduceRetention(tx, withHeader(op));
    default:
      return assertNever(op);
  }
}

/** A damaged event changes nothing; one of a kind that is not known yet stops the fold, like an op of the future. */
function applyRelayEvent(tx: StateTx, { seq, receivedAt, body }: LogEntry): void {
  const parsed = relayEventSchema.safeParse(parseJson(body));
  if (!parsed.success) {
    if (parsed.error.issues.some((issue) => issue.code === 'invalid_union' && issue.path.join() === 'type')) throw new UpdateNeededError(seq, 'an event of the relay');
    return;
  }
  applyMemberEvent(tx, parsed.data, receivedAt);
}
