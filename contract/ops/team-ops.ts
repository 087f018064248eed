/**
 * What a team keeps for itself: labels, teams, canned replies, settings, and the number handed to a new desktop.
 * Invariants: deleted rows stay as tombstones, so nothing that comes late brings them back; each field of a change is
 * guarded on its own, and the outcome is `partial` when they differ.
 */
import { judgeGuard } from '../rules/guard.ts';
import { mayAdminister, mayChangeCanned, mayLead } from '../rules/rights.ts';
import { readActor } from './actor.ts';
import { stopAllCounting } from './draft-events.ts';
import { isAutomatic } from './draft-ops.ts';
import { judgeFields } from './field-changes.ts';
import type { Outcome, StateTx } from '../state.ts';
import type { ReducerOp } from './op.ts';
import type { OpResult } from './op-result.ts';

const result = (outcome: Outcome, detail: Record<string, unknown>): OpResult => ({ outcome, conversationId: null, detail });

export function reduceLabelAdd(tx: StateTx, op: ReducerOp<'label.add'>): OpResult {
  const { labelId, name, color } = op.args;
  if (!mayLead(readActor(tx, op.actorId))) return result('forbidden', { labelId, name });
  if (tx.get('label', [labelId])) return result('duplicate', { labelId, name });
  tx.put('label', { id: labelId, name, color, is_deleted: 0 });
  return result('applied', { labelId, name });
}

export function reduceLabelChange(tx: StateTx, op: ReducerOp<'label.change'>): OpResult {
  const { labelId, changes } = op.args;
  const label = tx.get('label', [labelId]);
  if (!label) return result('target_missing', { labelId });
  if (!mayLead(readActor(tx, op.actorId))) return result('forbidden', { labelId, changes });
  if (label.is_deleted) return result('target_missing', { labelId, name: label.name });
  const { outcome, next, lost } = judgeFields(label, changes);
  if (next !== label) tx.put('label', next);
  return result(outcome, { labelId, changes, lost });
}

export function reduceLabelDelete(tx: StateTx, op: ReducerOp<'label.delete'>): OpResult {
  const label = tx.get('label', [op.args.labelId]);
  if (!label) return result('target_missing', op.args);
  const detail = { labelId: label.id, name: label.name };
  if (!mayLead(readActor(tx, op.actorId))) return result('forbidden', detail);
  if (label.is_deleted) return result('merged', detail);
  tx.put('label', { ...label, is_deleted: 1 });
  for (const link of tx.list('conversation_label_by_label', [label.id])) tx.delete('conversation_label', [link.conversation_id, link.label_id]);
  return result('applied', detail);
}

export function reduceTeamAdd(tx: StateTx, op: ReducerOp<'team.add'>): OpResult {
  const { teamId, name } = op.args;
  if (!mayLead(readActor(tx, op.actorId))) return result('forbidden', { teamId, name });
  if (tx.get('team', [teamId])) return result('duplicate', { teamId, name });
  tx.put('team', { id: teamId, name, is_deleted: 0 });
  return result('applied', { teamId, name });
}

export function reduceTeamRename(tx: StateTx, op: ReducerOp<'team.rename'>): OpResult {
  const { teamId, from, to } = op.args;
  const team = tx.get('team', [teamId]);
  if (!team || team.is_deleted) return result('target_missing', { teamId, to });
  const detail = { teamId, from, to, was: team.name };
  if (!mayLead(readActor(tx, op.actorId))) return result('forbidden', detail);
  const verdict = judgeGuard(team.name, from, to);
  if (verdict === 'applied') tx.put('team', { ...team, name: to });
  return result(verdict, detail);
}

export function reduceTeamMember(tx: StateTx, op: ReducerOp<'team.member'>): OpResult {
  const { teamId, agentId, isMember } = op.args;
  const team = tx.get('team', [teamId]);
  const agent = tx.get('agent', [agentId]);
  if (!mayLead(readActor(tx, op.actorId))) return result('forbidden', op.args);
  if (!team || team.is_deleted || !agent || agent.is_removed) return result('target_missing', op.args);
  if ((tx.get('team_member', [teamId, agentId]) !== undefined) === isMember) return result('merged', op.args);
  if (isMember) tx.put('team_member', { team_id: teamId, agent_id: agentId });
  else tx.delete('team_member', [teamId, agentId]);
  return result('applied', op.args);
}

export function reduceTeamDelete(tx: StateTx, op: ReducerOp<'team.delete'>): OpResult {
  const team = tx.get('team', [op.args.teamId]);
  if (!team) return result('target_missing', op.args);
  const detail = { teamId: team.id, name: team.name };
  if (!mayLead(readActor(tx, op.actorId))) return result('forbidden', detail);
  if (team.is_deleted) return result('merged', detail);
  tx.put('team', { ...team, is_deleted: 1 });
  for (const { team_id, agent_id } of tx.list('team_member_by_team', [team.id])) tx.delete('team_member', [team_id, agent_id]);
  for (const conversation of tx.list('conversation_by_team', [team.id])) tx.put('conversation', { ...conversation, team_id: null });
  return result('applied', detail);
}

export function reduceCannedAdd(tx: StateTx, op: ReducerOp<'canned.add'>): OpResult {
  const { cannedId, isPersonal, shortcut, body } = op.args;
  const ownerId = isPersonal ? op.actorId : null;
  if (!mayChangeCanned(readActor(tx, op.actorId), ownerId)) return result('forbidden', { cannedId, shortcut, body });
  if (tx.get('canned_reply', [cannedId])) return result('duplicate', { cannedId, shortcut });
  tx.put('canned_reply', { id: cannedId, owner_id: ownerId, shortcut, body, is_deleted: 0 });
  return result('applied', { cannedId, shortcut });
}

export function reduceCannedChange(tx: StateTx, op: ReducerOp<'canned.change'>): OpResult {
  const { cannedId, changes } = op.args;
  const canned = tx.get('canned_reply', [cannedId]);
  if (!canned) return result('target_missing', { cannedId, changes });
  if (!mayChangeCanned(readActor(tx, op.actorId), canned.owner_id)) return result('forbidden', { cannedId, changes });
  if (canned.is_deleted) return result('target_missing', { cannedId, shortcut: canned.shortcut, changes });
  const { outcome, next, lost } = judgeFields(canned, changes);
  if (next !== canned) tx.put('canned_reply', next);
  return result(outcome, { cannedId, lost });
}

export function reduceCannedDelete(tx: StateTx, op: ReducerOp<'canned.delete'>): OpResult {
  const canned = tx.get('canned_reply', [op.args.cannedId]);
  if (!canned) return result('target_missing', op.args);
  const detail = { cannedId: canned.id, shortcut: canned.shortcut };
  if (!mayChangeCanned(readActor(tx, op.actorId), canned.owner_id)) return result('forbidden', detail);
  if (canned.is_deleted) return result('merged', detail);
  tx.put('canned_reply', { ...canned, body: '', is_deleted: 1 });
  return result('applied', detail);
}

export function reduceSetting(tx: StateTx, op: ReducerOp<'setting.set'>): OpResult {
  const { from, to } = op.args;
  const detail = { key: to.key, from: from.value, to: to.value };
  if (!mayAdminister(readActor(tx, op.actorId))) return result('forbidden', detail);
  // A setting that was never set has whatever default its author's program gave it.
  const current = tx.get('workspace_setting', [to.key])?.value ?? JSON.stringify(from.value);
  const verdict = judgeGuard(current, JSON.stringify(from.value), JSON.stringify(to.value));
  if (verdict === 'applied') tx.put('workspace_setting', { key: to.key, value: JSON.stringify(to.value) });
  if (verdict === 'applied' && to.key === 'ai') {
    // What the settings do not let leave any more does not go on when they are changed back.
    stopAllCounting(tx, (draft) => {
      const conversation = tx.get('conversation', [draft.conversation_id]);
      return conversation !== undefined && isAutomatic(tx, conversation);
    });
  }
  return result(verdict, verdict === 'superseded' ? { ...detail, was: JSON.parse(current) as unknown } : detail);
}

export function reduceGrant(tx: StateTx, op: ReducerOp<'device.grant'>): OpResult {
  const { deviceId, sealed } = op.args;
  const device = tx.get('device', [deviceId]);
  if (!mayAdminister(readActor(tx, op.actorId))) return result('forbidden', { deviceId });
  if (!device || device.revoked) return result('target_missing', { deviceId });
  tx.put('device_grant', { device_id: deviceId, seq: op.seq, sealed });
  return result('applied', { deviceId });
}
