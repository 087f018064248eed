/**
 * What the relay writes about members and devices: it is the authority on who belongs to the workspace (decision 0002),
 * so these are its entries and not ops. Invariants: what an agent held when they left goes back to everybody; what a
 * desktop without access had not sent is failed, because it is the only one that would have sent it.
 */
import type { StateTx } from '../state.ts';
import type { RelayEvent } from '../wire.ts';
import { assertNever } from '../app-error.ts';
import { OWN_ERROR } from '../whatsapp/error-codes.ts';
import { advanceDelivery } from './message-ops.ts';

/** @param receivedAt relay time of the entry, ms. */
export function applyMemberEvent(tx: StateTx, event: RelayEvent, receivedAt: number): void {
  switch (event.type) {
    case 'device.enrolled': {
      const known = tx.get('agent', [event.agentId]);
      // A further desktop of somebody who is here already changes neither name nor role.
      if (!known || known.is_removed) tx.put('agent', { id: event.agentId, name: event.agentName, role: event.role, is_removed: 0 });
      tx.put('device', { id: event.deviceId, agent_id: event.agentId, revoked: 0, name: event.deviceName ?? '', public_key: event.publicKey ?? null });
      return;
    }
    case 'device.revoked': {
      const device = tx.get('device', [event.deviceId]);
      tx.put('device', { id: event.deviceId, agent_id: event.agentId, name: device?.name ?? '', public_key: device?.public_key ?? null, revoked: 1 });
      tx.delete('device_grant', [event.deviceId]);
      failUnsent(tx, event.deviceId, receivedAt);
      return;
    }
    case 'member.changed': {
      const agent = tx.get('agent', [event.agentId]);
      if (!agent) return;
      tx.put('agent', { ...agent, name: event.name ?? agent.name, role: event.role ?? agent.role, is_removed: event.isRemoved ? 1 : 0 });
      if (event.isRemoved) releaseEverything(tx, event.agentId);
      return;
    }
    default:
      assertNever(event);
  }
}

function releaseEverything(tx: StateTx, agentId: string): void {
  for (const conversation of tx.list('conversation_by_assignee', [agentId])) if (conversation.status !== 'closed') tx.put('conversation', { ...conversation, assignee_id: null });
  for (const { team_id } of tx.list('team_member_by_agent', [agentId])) tx.delete('team_member', [team_id, agentId]);
}

/** One whose call was made and whose answer nobody recorded may have reached the customer: then Meta's `delivered` or `read` still beats this. */
function failUnsent(tx: StateTx, deviceId: string, receivedAt: number): void {
  const error = { code: OWN_ERROR.deviceRevoked, title: 'desktop revoked', detail: null };
  for (const message of tx.list('unsent_message_by_device', [deviceId])) advanceDelivery(tx, message, { status: 'failed', at: receivedAt, error, wamid: null, pricing: null });
}
