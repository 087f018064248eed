/** Statuses of a conversation, reading, and how long the customer has been waiting. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConversationRow, ConversationStatus } from '../../../contract/state.ts';
import { AT, createTeamLog } from './log-writer.ts';

let team: ReturnType<typeof createTeamLog>;
beforeEach(() => {
  team = createTeamLog();
});
afterEach(() => {
  team.close();
});

const row = (id = team.conversationId) => team.tx.get('conversation', [id]);
const setStatus = (who: string, from: ConversationStatus, to: ConversationStatus, { seenThrough = team.head(), id = team.conversationId } = {}) =>
  team.op(who, { type: 'conversation.status', args: { conversationId: id, from, to, seenThrough } });
const queue = (who: string, messageId: string, seenThrough = team.head()) =>
  team.op(who, { type: 'message.queue', args: { messageId, conversationId: team.conversationId, seenThrough, content: { kind: 'text', text: 'va' } } });
const conversations = () => team.db.prepare('SELECT * FROM conversation ORDER BY created_seq').all() as ConversationRow[];

describe('statuses', () => {
  it.each([
    { now: 'active', from: 'active', to: 'archived', outcome: 'applied' },
    { now: 'active', from: 'active', to: 'closed', outcome: 'applied' },
    { now: 'archived', from: 'archived', to: 'active', outcome: 'applied' },
    { now: 'closed', from: 'closed', to: 'active', outcome: 'applied' },
    { now: 'archived', from: 'active', to: 'archived', outcome: 'merged' },
    { now: 'archived', from: 'active', to: 'closed', outcome: 'superseded' },
    { now: 'closed', from: 'active', to: 'archived', outcome: 'superseded' },
  ] as const)('$now, seen as $from, to $to: $outcome', ({ now, from, to, outcome }) => {
    if (now !== 'active') setStatus('cy', 'active', now);
    expect(setStatus('bo', from, to)).toEqual({
      outcome,
      detail: { from, to, was: now, at: expect.any(Number) },
      conversationId: team.conversationId,
      changed: outcome === 'applied' ? ['conversation'] : [],
    });
    expect(row()?.status).toBe(outcome === 'applied' ? to : now);
  });

  it.each(['archived', 'closed'] as const)('does not put a message out of sight that its author had not seen: to %s (I9)', (to) => {
    const seenThrough = team.head();
    team.customerWrites();
    expect(setStatus('bo', 'active', to, { seenThrough })).toEqual({
      outcome: 'superseded',
      detail: { from: 'active', to, was: 'active', at: expect.any(Number), reason: 'customer_wrote' },
      conversationId: team.conversationId,
      changed: [],
    });
  });

  it('archived reopens with the next message of the customer', () => {
    setStatus('bo', 'active', 'archived');
    team.customerWrites();
    expect(conversations()).toMatchObject([{ id: team.conversationId, status: 'active', inbound_count: 2 }]);
  });

  it('closed never does: the next message starts a new conversation of the same contact, which belongs to nobody', () => {
    team.op('bo', { type: 'conversation.assign', args: { conversationId: team.conversationId, from: null, to: 'bo' } });
    setStatus('bo', 'active', 'closed');
    const seq = team.customerWrites();
    expect(conversations()).toMatchObject([
      { id: team.conversationId, status: 'closed', inbound_count: 1, assignee_id: 'bo' },
      { id: `c_${seq}`, status: 'active', inbound_count: 1, assignee_id: null, contact_id: row()?.contact_id },
    ]);
    expect(setStatus('bo', 'closed', 'active')).toMatchObject({ outcome: 'superseded', detail: { reason: 'newer_conversation' }, changed: [] });
    setStatus('bo', 'active', 'closed', { id: `c_${seq}` });
    expect(setStatus('bo', 'closed', 'active').outcome, 'once the newer one is closed too').toBe('applied');
  });

  it('what is opened again belongs to nobody if its owner has left meanwhile', () => {
    team.op('bo', { type: 'conversation.assign', args: { conversationId: team.conversationId, from: null, to: 'bo' } });
    setStatus('bo', 'active', 'closed');
    team.relay({ type: 'member.changed', agentId: 'bo', by: 'ana', isRemoved: true });
    setStatus('leo', 'closed', 'active');
    expect(row()).toMatchObject({ status: 'active', assignee_id: null });
  });
});

it('a reply whose conversation is not there gives its words back', () => {
  const args = { messageId: 'm1', conversationId: 'c_99', seenThrough: 0, content: { kind: 'text' as const, text: 'Mañana a las 9' } };
  expect(team.op('bo', { type: 'message.queue', args })).toEqual({ outcome: 'target_missing', detail: { text: 'Mañana a las 9' }, conversationId: null, changed: [] });
});

describe('waiting since', () => {
  const SECOND = 1_000;
  it('is when the oldest message came that nobody has answered', () => {
    expect(row()?.waiting_since).toBe(AT + 6 * SECOND);
    team.customerWrites({ sentAt: AT + 60 * SECOND });
    expect(row()?.waiting_since, 'the first one counts').toBe(AT + 6 * SECOND);
    team.customerWrites({ sentAt: AT + 3 * SECOND });
    expect(row()?.waiting_since, 'by the time it was written, not by when it came').toBe(AT + 3 * SECOND);
  });

  it('ends with an answer, and begins again with the next message', () => {
    queue('bo', 'm1');
    expect(row()?.waiting_since).toBeNull();
    team.customerWrites({ sentAt: AT + 60 * SECOND });
    expect(row()?.waiting_since).toBe(AT + 60 * SECOND);
  });

  it('goes on while an answer is held, and ends when its author confirms it', () => {
    const seen = team.head();
    queue('bo', 'm1');
    team.customerWrites({ sentAt: AT + 60 * SECOND });
    expect(queue('cy', 'm2', seen).outcome).toBe('held');
    expect(row()?.waiting_since).toBe(AT + 60 * SECOND);
    team.op('cy', { type: 'message.confirm', args: { messageId: 'm2', seenThrough: team.head() } });
    expect(row()?.waiting_since).toBeNull();
  });

  it.each(['archived', 'closed'] as const)('goes on when it was %s and somebody takes that back', (to) => {
    const since = row()?.waiting_since;
    setStatus('bo', 'active', to);
    setStatus('bo', to, 'active');
    expect(row()).toMatchObject({ status: 'active', waiting_since: since });
  });

  it.each([
    ['text', AT + 60 * SECOND],
    ['system', null],
  ])('begins anew when the customer brings back what was archived, with a message of type %s', (type, since) => {
    setStatus('bo', 'active', 'archived');
    team.customerWrites({ sentAt: AT + 60 * SECOND, type });
    expect(row()).toMatchObject({ status: 'active', waiting_since: since });
  });

  it.each(['system', 'edit', 'revoke'])('does not begin with a notice of type %s', (type) => {
    queue('bo', 'm1');
    team.customerWrites({ type });
    expect(row()?.waiting_since).toBeNull();
  });
});

describe('reading', () => {
  it('is everybody’s own, and reading on never takes it back', () => {
    const first = `m_${team.head()}`;
    const second = `m_${team.customerWrites()}`;
    const read = (who: string, throughMessageId: string) => team.op(who, { type: 'read.advance', args: { conversationId: team.conversationId, throughMessageId } });
    expect(read('bo', second)).toMatchObject({ outcome: 'applied', changed: ['read_position'] });
    expect(read('bo', first)).toMatchObject({ outcome: 'merged', changed: [] });
    expect(read('bo', 'm_99')).toMatchObject({ outcome: 'target_missing', changed: [] });
    expect(team.tx.get('read_position', ['bo', team.conversationId])).toMatchObject({ inbound_no: 2 });
    expect(team.tx.get('read_position', ['cy', team.conversationId])).toBeUndefined();
  });

  it('goes back to before a message when its reader says so, and the later word in the log stands', () => {
    const first = `m_${team.head()}`;
    const second = `m_${team.customerWrites()}`;
    const read = (throughMessageId: string, isUnread?: true) => team.op('bo', { type: 'read.advance', args: { conversationId: team.conversationId, throughMessageId, ...(isUnread && { isUnread }) } });
    const readCount = () => team.tx.get('read_position', ['bo', team.conversationId])?.inbound_no;
    expect(read(second, true)).toMatchObject({ outcome: 'merged', changed: [] });
    read(second);
    expect(read(second, true)).toMatchObject({ outcome: 'applied', changed: ['read_position'] });
    expect(readCount()).toBe(1);
    expect(read(second, true)).toMatchObject({ outcome: 'merged' });
    read(second);
    expect(readCount()).toBe(2);
    expect(read(first, true)).toMatchObject({ outcome: 'applied' });
    expect(readCount()).toBe(0);
    expect(read('m_99', true)).toMatchObject({ outcome: 'target_missing' });
  });
});
