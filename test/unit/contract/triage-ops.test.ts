/** Whose a conversation is, its team, snooze and labels: who may, from what to what, and what becomes of it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTeamLog } from './log-writer.ts';

let team: ReturnType<typeof createTeamLog>;
beforeEach(() => {
  team = createTeamLog();
});
afterEach(() => {
  team.close();
});

const conversation = () => team.tx.get('conversation', [team.conversationId]);
const assign = (who: string, from: string | null, to: string | null, note?: { noteId: string; body: string }) =>
  team.op(who, { type: 'conversation.assign', args: { conversationId: team.conversationId, from, to, ...(note ? { note } : {}) } });
const chooseTeam = (who: string, from: string | null, to: string | null) => team.op(who, { type: 'conversation.team', args: { conversationId: team.conversationId, from, to } });
const snooze = (who: string, from: number | null, to: number | null, seenThrough = team.head()) =>
  team.op(who, { type: 'conversation.snooze', args: { conversationId: team.conversationId, from, to, seenThrough } });
const label = (who: string, labelId: string, isOn: boolean) => team.op(who, { type: 'conversation.label', args: { conversationId: team.conversationId, labelId, isOn } });
const setStatus = (who: string, from: 'active' | 'archived' | 'closed', to: 'active' | 'archived' | 'closed') =>
  team.op(who, { type: 'conversation.status', args: { conversationId: team.conversationId, from, to, seenThrough: team.head() } });

describe('assigning', () => {
  it.each([
    // Leads and admins give anything to anybody.
    { who: 'ana', now: null, from: null, to: 'bo', outcome: 'applied' },
    { who: 'leo', now: null, from: null, to: 'bo', outcome: 'applied' },
    { who: 'leo', now: 'bo', from: 'bo', to: 'cy', outcome: 'applied' },
    { who: 'leo', now: 'bo', from: 'bo', to: null, outcome: 'applied' },
    // Agents take for themselves, and release or transfer what is theirs.
    { who: 'bo', now: null, from: null, to: 'bo', outcome: 'applied' },
    { who: 'bo', now: 'cy', from: 'cy', to: 'bo', outcome: 'applied' },
    { who: 'bo', now: 'bo', from: 'bo', to: null, outcome: 'applied' },
    { who: 'bo', now: 'bo', from: 'bo', to: 'cy', outcome: 'applied' },
    { who: 'bo', now: null, from: null, to: 'cy', outcome: 'forbidden' },
    { who: 'bo', now: 'cy', from: 'cy', to: null, outcome: 'forbidden' },
    { who: 'bo', now: 'cy', from: 'cy', to: 'leo', outcome: 'forbidden' },
    // To say that something is theirs does not make it so.
    { who: 'bo', now: 'cy', from: 'bo', to: null, outcome: 'superseded' },
    // Nobody who never was here gives anything, and nobody who has left gets anything.
    { who: 'nobody', now: null, from: null, to: 'nobody', outcome: 'forbidden' },
    { who: 'leo', now: null, from: null, to: 'gil', outcome: 'target_missing' },
    { who: 'leo', now: null, from: null, to: 'nobody', outcome: 'target_missing' },
    // The guard.
    { who: 'leo', now: 'bo', from: null, to: 'cy', outcome: 'superseded' },
    { who: 'leo', now: 'bo', from: null, to: 'bo', outcome: 'merged' },
    { who: 'leo', now: null, from: 'bo', to: null, outcome: 'merged' },
    // Nothing was to change.
    { who: 'bo', now: null, from: null, to: null, outcome: 'merged' },
    { who: 'leo', now: 'bo', from: 'bo', to: 'bo', outcome: 'merged' },
    { who: 'leo', now: 'bo', from: null, to: null, outcome: 'merged' },
  ])('$who, who saw $from, gives what is with $now to $to: $outcome', ({ who, now, from, to, outcome }) => {
    if (now !== null) assign('ana', null, now);
    expect(assign(who, from, to)).toEqual({ outcome, detail: { from, to, was: now }, conversationId: team.conversationId, changed: outcome === 'applied' ? ['conversation'] : [] });
    expect(conversation()?.assignee_id).toBe(outcome === 'applied' ? to : now);
  });

  it('takes a chain of offline moves as one: when the first is too late, so is the second', () => {
    assign('ana', null, 'cy');
    expect(assign('leo', null, 'bo').outcome).toBe('superseded');
    expect(assign('leo', 'bo', 'leo').outcome).toBe('superseded');
    expect(conversation()?.assignee_id).toBe('cy');
  });

  it('judges the role as of its place in the log', () => {
    expect(assign('bo', null, 'cy').outcome).toBe('forbidden');
    team.relay({ type: 'member.changed', agentId: 'bo', by: 'ana', role: 'lead', isRemoved: false });
    expect(assign('bo', null, 'cy').outcome).toBe('applied');
    team.relay({ type: 'member.changed', agentId: 'bo', by: 'ana', role: 'agent', isRemoved: false });
    expect(assign('bo', 'cy', null).outcome).toBe('forbidden');
  });

  it('names a conversation that does not exist', () => {
    expect(team.op('leo', { type: 'conversation.assign', args: { conversationId: 'c_99', from: null, to: 'bo' } })).toEqual({
      outcome: 'target_missing',
      detail: {},
      conversationId: null,
      changed: [],
    });
  });

  describe('with a note', () => {
    const note = { noteId: 'n1', body: 'paga hoy' };

    it('writes it for the one who gets the conversation', () => {
      assign('bo', null, 'bo');
      expect(assign('bo', 'bo', 'cy', note)).toEqual({
        outcome: 'applied',
        detail: { from: 'bo', to: 'cy', was: 'bo', noteId: 'n1' },
        conversationId: team.conversationId,
        changed: ['conversation', 'note'],
      });
      expect(team.tx.get('note', ['n1'])).toMatchObject({ conversation_id: team.conversationId, body: 'paga hoy', mentions: '["cy"]', author_id: 'bo', seq: team.head(), deleted_by: null });
    });

    it('writes it also when somebody else had the same idea', () => {
      assign('ana', null, 'cy');
      expect(assign('leo', null, 'cy', note)).toMatchObject({ outcome: 'merged', changed: ['note'] });
    });

    it('mentions nobody when the conversation goes to nobody', () => {
      assign('ana', null, 'cy');
      assign('cy', 'cy', null, note);
      expect(team.tx.get('note', ['n1'])?.mentions).toBe('[]');
    });

    it.each([
      { who: 'leo', from: null, to: 'cy', outcome: 'superseded' },
      { who: 'cy', from: 'bo', to: 'leo', outcome: 'forbidden' },
      { who: 'leo', from: 'bo', to: 'gil', outcome: 'target_missing' },
    ])('gives its words back to the author when the transfer is $outcome', ({ who, from, to, outcome }) => {
      assign('ana', null, 'bo');
      expect(assign(who, from, to, note)).toEqual({ outcome, detail: { from, to, was: 'bo', note: 'paga hoy' }, conversationId: team.conversationId, changed: [] });
    });
  });
});

describe('handing to a team', () => {
  beforeEach(() => {
    for (const teamId of ['sales', 'repairs', 'old']) team.op('leo', { type: 'team.add', args: { teamId, name: teamId } });
    team.op('leo', { type: 'team.delete', args: { teamId: 'old' } });
  });

  it.each([
    { who: 'leo', holder: 'cy', now: null, from: null, to: 'sales', outcome: 'applied' },
    { who: 'bo', holder: null, now: null, from: null, to: 'sales', outcome: 'applied' },
    { who: 'bo', holder: 'bo', now: 'sales', from: 'sales', to: null, outcome: 'applied' },
    { who: 'bo', holder: 'cy', now: null, from: null, to: 'sales', outcome: 'forbidden' },
    { who: 'leo', holder: null, now: 'repairs', from: null, to: 'sales', outcome: 'superseded' },
    { who: 'leo', holder: null, now: 'sales', from: null, to: 'sales', outcome: 'merged' },
    { who: 'leo', holder: null, now: null, from: null, to: 'old', outcome: 'target_missing' },
    { who: 'leo', holder: null, now: null, from: null, to: 'none', outcome: 'target_missing' },
  ])('$who, who saw $from, hands what is with $holder and $now to $to: $outcome', ({ who, holder, now, from, to, outcome }) => {
    if (holder !== null) assign('ana', null, holder);
    if (now !== null) chooseTeam('ana', null, now);
    expect(chooseTeam(who, from, to)).toEqual({ outcome, detail: { from, to, was: now }, conversationId: team.conversationId, changed: outcome === 'applied' ? ['conversation'] : [] });
    expect(conversation()?.team_id).toBe(outcome === 'applied' ? to : now);
  });
});

describe('snoozing', () => {
  const MONDAY = Date.UTC(2026, 10, 23, 8);
  const TUESDAY = Date.UTC(2026, 10, 24, 8);

  it.each([
    { now: null, from: null, to: MONDAY, outcome: 'applied' },
    { now: MONDAY, from: MONDAY, to: TUESDAY, outcome: 'applied' },
    { now: MONDAY, from: MONDAY, to: null, outcome: 'applied' },
    { now: MONDAY, from: null, to: MONDAY, outcome: 'merged' },
    { now: MONDAY, from: null, to: TUESDAY, outcome: 'superseded' },
  ])('what sleeps until $now, seen as $from, until $to: $outcome', ({ now, from, to, outcome }) => {
    if (now !== null) snooze('cy', null, now);
    expect(snooze('bo', from, to)).toEqual({ outcome, detail: { from, to, was: now }, conversationId: team.conversationId, changed: outcome === 'applied' ? ['conversation'] : [] });
    expect(conversation()?.snoozed_until).toBe(outcome === 'applied' ? to : now);
  });

  it('does not put to sleep what its author has not read (I9)', () => {
    const seen = team.head();
    team.customerWrites();
    expect(snooze('bo', null, MONDAY, seen)).toEqual({
      outcome: 'superseded',
      detail: { from: null, to: MONDAY, was: null, reason: 'customer_wrote' },
      conversationId: team.conversationId,
      changed: [],
    });
  });

  it('ends with the next message of the customer', () => {
    snooze('bo', null, MONDAY);
    team.customerWrites();
    expect(conversation()?.snoozed_until).toBeNull();
    expect(snooze('bo', MONDAY, null, 0).outcome, 'to wake up what is awake').toBe('merged');
  });

  it.each(['archived', 'closed'] as const)('is for active conversations, not for %s ones, and ends when they become so', (to) => {
    snooze('bo', null, MONDAY);
    setStatus('bo', 'active', to);
    expect(conversation()?.snoozed_until).toBeNull();
    expect(snooze('bo', null, TUESDAY)).toMatchObject({ outcome: 'superseded', detail: { reason: 'not_active' }, changed: [] });
  });
});

describe('labels on a conversation', () => {
  beforeEach(() => {
    for (const labelId of ['vip', 'old']) team.op('leo', { type: 'label.add', args: { labelId, name: labelId, color: 'red' } });
    team.op('leo', { type: 'label.delete', args: { labelId: 'old' } });
  });

  it('are put on and taken off by anybody; the last one in the log counts', () => {
    expect(label('bo', 'vip', true)).toEqual({ outcome: 'applied', detail: { labelId: 'vip', isOn: true }, conversationId: team.conversationId, changed: ['conversation_label'] });
    expect(label('cy', 'vip', true)).toMatchObject({ outcome: 'merged', changed: [] });
    expect(label('cy', 'vip', false)).toMatchObject({ outcome: 'applied', changed: ['conversation_label'] });
    expect(label('bo', 'vip', false)).toMatchObject({ outcome: 'merged', changed: [] });
  });

  it.each([
    { what: 'a deleted label', labelId: 'old' },
    { what: 'a label that never was', labelId: 'none' },
  ])('$what is not put on', ({ labelId }) => {
    expect(label('bo', labelId, true)).toMatchObject({ outcome: 'target_missing', detail: { labelId, isOn: true }, changed: [] });
  });
});
