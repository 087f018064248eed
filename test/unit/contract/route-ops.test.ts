/** The claim of automatic assignment: when it counts, when it loses, and that it never takes anything from anybody. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTeamLog } from './log-writer.ts';

let team: ReturnType<typeof createTeamLog>;
beforeEach(() => {
  team = createTeamLog();
  setRouting(true);
});
afterEach(() => team.close());

const OFF = { isOn: false, capacity: 20 };
const setRouting = (isOn: boolean) => team.op('ana', { type: 'setting.set', args: { from: { key: 'routing', value: { ...OFF, isOn: !isOn } }, to: { key: 'routing', value: { ...OFF, isOn } } } });
const route = (who: string, to: string, conversationId = team.conversationId) => team.op(who, { type: 'conversation.route', args: { conversationId, to } });
const assign = (who: string, from: string | null, to: string | null) => team.op(who, { type: 'conversation.assign', args: { conversationId: team.conversationId, from, to } });
const assignee = () => team.tx.get('conversation', [team.conversationId])?.assignee_id;

describe('a claim', () => {
  it('counts if it is the first: any desktop may say it of anybody, and nothing else changes', () => {
    expect(route('bo', 'cy')).toEqual({ outcome: 'applied', conversationId: team.conversationId, detail: { from: null, to: 'cy', was: null }, changed: ['conversation'] });
    expect(assignee()).toBe('cy');
  });

  it.each(['bo', 'cy'])('loses against one that came before, also for the same person (%s)', (to) => {
    route('bo', 'cy');
    expect(route('cy', to)).toMatchObject({ outcome: 'superseded', changed: [], detail: { to, was: 'cy' } });
    expect(assignee()).toBe('cy');
  });

  it('loses against whoever took it or was given it by hand', () => {
    assign('bo', null, 'bo');
    expect(route('cy', 'cy').outcome).toBe('superseded');
    expect(assignee()).toBe('bo');
  });

  it('counts again once it is nobody’s again', () => {
    route('bo', 'cy');
    assign('cy', 'cy', null);
    expect(route('bo', 'bo').outcome).toBe('applied');
  });

  it.each(['archived', 'closed'] as const)('is for active conversations: not for one that is %s', (to) => {
    team.op('leo', { type: 'conversation.status', args: { conversationId: team.conversationId, from: 'active', to, seenThrough: team.head() } });
    expect(route('bo', 'cy')).toMatchObject({ outcome: 'superseded', changed: [] });
  });

  it('finds nobody who left or never was here, and no conversation that is not there', () => {
    expect(route('bo', 'gil')).toMatchObject({ outcome: 'target_missing', changed: [] });
    expect(route('bo', 'eva')).toMatchObject({ outcome: 'target_missing', changed: [] });
    expect(route('bo', 'cy', 'c_999')).toMatchObject({ outcome: 'target_missing', conversationId: null, changed: [] });
    expect(route('gil', 'cy')).toMatchObject({ outcome: 'forbidden', changed: [] });
  });

  it('is void while the team has it switched off', () => {
    setRouting(false);
    expect(route('bo', 'cy')).toMatchObject({ outcome: 'forbidden', changed: [] });
    expect(assignee()).toBeNull();
  });

  it('gives what somebody left behind to the next one', () => {
    route('bo', 'cy');
    team.relay({ type: 'member.changed', agentId: 'cy', by: 'ana', isRemoved: true });
    expect(assignee()).toBeNull();
    expect(route('bo', 'bo').outcome).toBe('applied');
  });
});
