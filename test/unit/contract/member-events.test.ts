/** Who joins, changes and leaves: the relay's entries about members and devices. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OpBody } from '../../../contract/ops/op.ts';
import { applyLogEntry } from '../../../contract/reduce.ts';
import { LOOKUPS } from '../../../contract/state.ts';
import { OWN_ERROR } from '../../../contract/whatsapp/error-codes.ts';
import { AT, createTeamLog, ROSA } from './log-writer.ts';

let team: ReturnType<typeof createTeamLog>;
beforeEach(() => {
  team = createTeamLog();
});
afterEach(() => {
  team.close();
});

const agent = (id: string) => team.tx.get('agent', [id]);
const leave = (agentId: string) => team.relay({ type: 'member.changed', agentId, by: 'ana', isRemoved: true });

describe('joining', () => {
  it('a further desktop changes neither name nor role of its agent', () => {
    team.relay({ type: 'device.enrolled', deviceId: 'laptop', agentId: 'bo', agentName: 'Roberto', role: 'admin', deviceName: 'Portátil', publicKey: 'k'.repeat(43) });
    expect(agent('bo')).toEqual({ id: 'bo', name: 'bo', role: 'agent', is_removed: 0 });
    expect(team.tx.get('device', ['laptop'])).toEqual({ id: 'laptop', agent_id: 'bo', revoked: 0, name: 'Portátil', public_key: 'k'.repeat(43) });
  });

  it('somebody who had left comes back with the role of the new invite', () => {
    team.relay({ type: 'device.enrolled', deviceId: 'desk-2', agentId: 'gil', agentName: 'Gil', role: 'lead' });
    expect(agent('gil')).toEqual({ id: 'gil', name: 'Gil', role: 'lead', is_removed: 0 });
  });

  it('a revoked desktop keeps its name', () => {
    team.relay({ type: 'device.enrolled', deviceId: 'laptop', agentId: 'bo', agentName: 'bo', role: 'agent', deviceName: 'Portátil' });
    team.relay({ type: 'device.revoked', deviceId: 'laptop', agentId: 'bo', by: null });
    expect(team.tx.get('device', ['laptop'])).toMatchObject({ name: 'Portátil', revoked: 1 });
  });
});

describe('a desktop that loses its access', () => {
  const queue = (messageId: string, seenThrough = team.head()) =>
    team.op('bo', { type: 'message.queue', args: { messageId, conversationId: team.conversationId, seenThrough, content: { kind: 'text', text: messageId } } });
  const message = (id: string) => team.tx.get('message', [id]);
  const revoke = (deviceId: string) => team.relay({ type: 'device.revoked', deviceId, agentId: deviceId.replace('desk-', ''), by: 'ana' });

  it('fails what it had not sent, and nothing else', () => {
    const before = team.head();
    queue('sent');
    team.op('bo', { type: 'message.result', args: { messageId: 'sent', wamid: 'wamid.sent' } });
    queue('given up');
    team.op('bo', { type: 'message.discard', args: { messageId: 'given up' } });
    queue('unsent');
    team.op('cy', { type: 'message.queue', args: { messageId: 'of another', conversationId: team.conversationId, seenThrough: team.head(), content: { kind: 'text', text: 'yo' } } });
    queue('held', before);
    revoke('desk-bo');
    expect(message('unsent')).toMatchObject({ status: 'failed', error: JSON.stringify({ code: OWN_ERROR.deviceRevoked, title: 'desktop revoked', detail: null }) });
    expect(team.tx.get('message_status', ['unsent', 'failed'])?.at).toBe(AT + (team.head() - 1) * 1_000);
    expect(message('sent')).toMatchObject({ status: 'sent', error: null });
    expect(message('given up')).toMatchObject({ status: 'queued', hold: 'discarded' });
    expect(message('held')).toMatchObject({ status: 'queued', hold: 'held' });
    expect(message('of another')).toMatchObject({ status: 'queued', error: null });
  });

  it('leaves the last word to Meta about one that had gone out after all', () => {
    queue('lost answer');
    revoke('desk-bo');
    const status = { id: 'wamid.lost', status: 'delivered', timestamp: String(AT / 1_000), recipient_id: ROSA, biz_opaque_callback_data: 'lost answer' };
    const body = JSON.stringify({ item: 'status', field: 'messages', wabaId: '1', metadata: { phone_number_id: '2' }, payload: status });
    applyLogEntry(team.tx, { kind: 'webhook', seq: team.head() + 1, receivedAt: AT, body });
    expect(message('lost answer')).toMatchObject({ status: 'delivered', wamid: 'wamid.lost' });
  });

  it('is found without reading the messages of years', () => {
    const { table, columns, where } = LOOKUPS.unsent_message_by_device;
    const plan = team.db.prepare(`EXPLAIN QUERY PLAN SELECT * FROM ${table} WHERE ${columns[0]} = +? AND ${where} ORDER BY id`).all('desk-bo') as { detail: string }[];
    expect(plan[0]?.detail).toContain('USING INDEX message_unsent');
  });
});

describe('changing', () => {
  it.each([
    { what: 'the role', change: { role: 'lead' as const }, expected: { name: 'bo', role: 'lead' } },
    { what: 'the name', change: { name: 'Roberto' }, expected: { name: 'Roberto', role: 'agent' } },
    { what: 'both', change: { name: 'Roberto', role: 'admin' as const }, expected: { name: 'Roberto', role: 'admin' } },
  ])('$what leaves the rest as it was', ({ change, expected }) => {
    team.relay({ type: 'member.changed', agentId: 'bo', by: 'ana', isRemoved: false, ...change });
    expect(agent('bo')).toEqual({ id: 'bo', is_removed: 0, ...expected });
  });

  it('of somebody unknown changes nothing', () => {
    leave('nobody');
    expect(agent('nobody')).toBeUndefined();
  });
});

describe('leaving', () => {
  it('keeps the name and gives what they held back to everybody', () => {
    team.op('leo', { type: 'team.add', args: { teamId: 't1', name: 'Ventas' } });
    team.op('leo', { type: 'team.member', args: { teamId: 't1', agentId: 'bo', isMember: true } });
    team.op('leo', { type: 'team.member', args: { teamId: 't1', agentId: 'cy', isMember: true } });
    const other = `c_${team.customerWrites({ from: '50255559999' })}`;
    for (const [conversationId, to] of [
      [team.conversationId, 'bo'],
      [other, 'cy'],
    ] as const)
      team.op('leo', { type: 'conversation.assign', args: { conversationId, from: null, to } });
    leave('bo');
    expect(agent('bo')).toMatchObject({ name: 'bo', is_removed: 1 });
    expect(team.tx.get('conversation', [team.conversationId])?.assignee_id).toBeNull();
    expect(team.tx.get('conversation', [other])?.assignee_id, 'what others hold stays with them').toBe('cy');
    expect(team.tx.list('team_member_by_team', ['t1'])).toEqual([{ team_id: 't1', agent_id: 'cy' }]);
  });

  it.each([
    { type: 'message.queue', args: { messageId: 'x', conversationId: 'c_7', seenThrough: 99, content: { kind: 'text', text: 'va' } } },
    { type: 'conversation.status', args: { conversationId: 'c_7', from: 'active', to: 'closed', seenThrough: 99 } },
    { type: 'read.advance', args: { conversationId: 'c_7', throughMessageId: 'm_7' } },
    { type: 'conversation.assign', args: { conversationId: 'c_7', from: null, to: 'gil' } },
    { type: 'conversation.team', args: { conversationId: 'c_7', from: null, to: null } },
    { type: 'conversation.snooze', args: { conversationId: 'c_7', from: null, to: 1, seenThrough: 99 } },
    { type: 'conversation.label', args: { conversationId: 'c_7', labelId: 'l1', isOn: true } },
    { type: 'note.add', args: { noteId: 'n1', conversationId: 'c_7', body: 'adiós', mentions: [] } },
  ] satisfies OpBody[])('ends every right: $type is forbidden (I10)', (body) => {
    expect(team.conversationId).toBe('c_7');
    team.op('leo', { type: 'label.add', args: { labelId: 'l1', name: 'Pago', color: 'red' } });
    expect(team.op('gil', body)).toMatchObject({ outcome: 'forbidden', changed: [] });
  });

  it('does not undo what they sent: the answer of Meta still counts', () => {
    team.op('bo', { type: 'message.queue', args: { messageId: 'out', conversationId: team.conversationId, seenThrough: team.head(), content: { kind: 'text', text: 'va' } } });
    leave('bo');
    expect(team.op('bo', { type: 'message.result', args: { messageId: 'out', wamid: 'wamid.out' } })).toMatchObject({ outcome: 'applied' });
    expect(team.tx.get('message', ['out'])?.status).toBe('sent');
  });
});
