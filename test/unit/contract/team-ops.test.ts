/** Labels, teams, canned replies, settings and the number handed to a new desktop. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OpBody } from '../../../contract/ops/op.ts';
import { createTeamLog } from './log-writer.ts';

let team: ReturnType<typeof createTeamLog>;
beforeEach(() => {
  team = createTeamLog();
});
afterEach(() => {
  team.close();
});

const addLabel = (labelId: string, name = 'Pago') => team.op('leo', { type: 'label.add', args: { labelId, name, color: 'red' } });
const addTeam = (teamId: string) => team.op('leo', { type: 'team.add', args: { teamId, name: 'Ventas' } });
const join = (teamId: string, agentId: string, isMember = true, who = 'leo') => team.op(who, { type: 'team.member', args: { teamId, agentId, isMember } });
const addCanned = (who: string, cannedId: string, isPersonal: boolean) => team.op(who, { type: 'canned.add', args: { cannedId, isPersonal, shortcut: 'hola', body: 'Buenos días' } });
const setName = (who: string, from: string, to: string) => team.op(who, { type: 'setting.set', args: { from: { key: 'name', value: from }, to: { key: 'name', value: to } } });

/** Who may do it, and that whoever may not leaves every row as it was (I10). */
const RIGHTS: { what: string; body: OpBody; allowed: string[] }[] = [
  { what: 'add a label', body: { type: 'label.add', args: { labelId: 'l9', name: 'Nuevo', color: 'blue' } }, allowed: ['ana', 'leo'] },
  { what: 'rename a label', body: { type: 'label.change', args: { labelId: 'l1', changes: { name: { from: 'Pago', to: 'Cobro' } } } }, allowed: ['ana', 'leo'] },
  { what: 'delete a label', body: { type: 'label.delete', args: { labelId: 'l1' } }, allowed: ['ana', 'leo'] },
  { what: 'add a team', body: { type: 'team.add', args: { teamId: 't9', name: 'Nuevo' } }, allowed: ['ana', 'leo'] },
  { what: 'rename a team', body: { type: 'team.rename', args: { teamId: 't1', from: 'Ventas', to: 'Taller' } }, allowed: ['ana', 'leo'] },
  { what: 'put somebody into a team', body: { type: 'team.member', args: { teamId: 't1', agentId: 'bo', isMember: true } }, allowed: ['ana', 'leo'] },
  { what: 'delete a team', body: { type: 'team.delete', args: { teamId: 't1' } }, allowed: ['ana', 'leo'] },
  { what: 'add a canned reply of the team', body: { type: 'canned.add', args: { cannedId: 'k9', isPersonal: false, shortcut: 'x', body: 'y' } }, allowed: ['ana', 'leo'] },
  { what: 'add one of their own', body: { type: 'canned.add', args: { cannedId: 'k9', isPersonal: true, shortcut: 'x', body: 'y' } }, allowed: ['ana', 'leo', 'bo', 'cy'] },
  { what: 'change one of the team', body: { type: 'canned.change', args: { cannedId: 'k-team', changes: { body: { from: 'Buenos días', to: 'Hola' } } } }, allowed: ['ana', 'leo'] },
  { what: 'change the one of bo', body: { type: 'canned.change', args: { cannedId: 'k-bo', changes: { body: { from: 'Buenos días', to: 'Hola' } } } }, allowed: ['bo'] },
  { what: 'delete the one of bo', body: { type: 'canned.delete', args: { cannedId: 'k-bo' } }, allowed: ['bo'] },
  { what: 'change a setting', body: { type: 'setting.set', args: { from: { key: 'assignOnReply', value: true }, to: { key: 'assignOnReply', value: false } } }, allowed: ['ana'] },
  { what: 'hand over the number', body: { type: 'device.grant', args: { deviceId: 'desk-bo', sealed: 'abc' } }, allowed: ['ana'] },
];

describe('rights', () => {
  it.each(
    RIGHTS.flatMap(({ what, body, allowed }) =>
      ['ana', 'leo', 'bo', 'cy', 'gil', 'nobody'].map((who) => ({ who, what, body, verb: allowed.includes(who) ? 'may' : 'may not', isAllowed: allowed.includes(who) })),
    ),
  )('$who $verb $what', ({ who, body, isAllowed }) => {
    addLabel('l1');
    addTeam('t1');
    addCanned('leo', 'k-team', false);
    addCanned('bo', 'k-bo', true);
    const judged = team.op(who, body);
    expect(judged.outcome).toBe(isAllowed ? 'applied' : 'forbidden');
    if (isAllowed) expect(judged.changed).not.toEqual([]);
    else expect(judged.changed).toEqual([]);
  });
});

describe('labels', () => {
  it('are added once', () => {
    expect(addLabel('l1')).toEqual({ outcome: 'applied', detail: { labelId: 'l1', name: 'Pago' }, conversationId: null, changed: ['label'] });
    expect(addLabel('l1', 'Otro')).toMatchObject({ outcome: 'duplicate', changed: [] });
  });

  it.each([
    { what: 'both fields', changes: { name: { from: 'Pago', to: 'Cobro' }, color: { from: 'red', to: 'blue' } }, outcome: 'applied', lost: {}, name: 'Cobro', color: 'blue' },
    {
      what: 'one that lost and one that applies',
      changes: { name: { from: 'Vieja', to: 'Cobro' }, color: { from: 'red', to: 'blue' } },
      outcome: 'partial',
      lost: { name: { to: 'Cobro', was: 'Pago' } },
      name: 'Pago',
      color: 'blue',
    },
    { what: 'one that lost', changes: { name: { from: 'Vieja', to: 'Cobro' } }, outcome: 'superseded', lost: { name: { to: 'Cobro', was: 'Pago' } }, name: 'Pago', color: 'red' },
    {
      what: 'one that stands already and one that applies',
      changes: { name: { from: 'Vieja', to: 'Pago' }, color: { from: 'red', to: 'blue' } },
      outcome: 'applied',
      lost: {},
      name: 'Pago',
      color: 'blue',
    },
    { what: 'one that stands already', changes: { name: { from: 'Vieja', to: 'Pago' } }, outcome: 'merged', lost: {}, name: 'Pago', color: 'red' },
    {
      what: 'one that stands already and one that lost',
      changes: { name: { from: 'Vieja', to: 'Pago' }, color: { from: 'teal', to: 'blue' } },
      outcome: 'partial',
      lost: { color: { to: 'blue', was: 'red' } },
      name: 'Pago',
      color: 'red',
    },
    { what: 'nothing', changes: {}, outcome: 'merged', lost: {}, name: 'Pago', color: 'red' },
  ] as const)('change field by field: $what is $outcome', ({ changes, outcome, lost, name, color }) => {
    addLabel('l1');
    expect(team.op('leo', { type: 'label.change', args: { labelId: 'l1', changes } })).toMatchObject({ outcome, detail: { labelId: 'l1', changes, lost } });
    expect(team.tx.get('label', ['l1'])).toEqual({ id: 'l1', name, color, is_deleted: 0 });
  });

  it('disappear from every conversation when deleted, and stay deleted', () => {
    addLabel('l1');
    team.op('bo', { type: 'conversation.label', args: { conversationId: team.conversationId, labelId: 'l1', isOn: true } });
    expect(team.op('leo', { type: 'label.delete', args: { labelId: 'l1' } })).toEqual({
      outcome: 'applied',
      detail: { labelId: 'l1', name: 'Pago' },
      conversationId: null,
      changed: ['conversation_label', 'label'],
    });
    expect(team.op('leo', { type: 'label.delete', args: { labelId: 'l1' } })).toMatchObject({ outcome: 'merged', changed: [] });
    expect(addLabel('l1')).toMatchObject({ outcome: 'duplicate', changed: [] });
    expect(team.op('leo', { type: 'label.change', args: { labelId: 'l1', changes: { name: { from: 'Pago', to: 'X' } } } })).toMatchObject({
      outcome: 'target_missing',
      detail: { labelId: 'l1', name: 'Pago' },
      changed: [],
    });
    expect(team.op('leo', { type: 'label.delete', args: { labelId: 'l9' } })).toMatchObject({ outcome: 'target_missing', changed: [] });
  });
});

describe('teams', () => {
  it.each([
    { from: 'Ventas', to: 'Taller', outcome: 'applied' },
    { from: 'Viejo', to: 'Ventas', outcome: 'merged' },
    { from: 'Viejo', to: 'Taller', outcome: 'superseded' },
  ])('renamed from $from to $to: $outcome', ({ from, to, outcome }) => {
    addTeam('t1');
    expect(team.op('leo', { type: 'team.rename', args: { teamId: 't1', from, to } })).toEqual({
      outcome,
      detail: { teamId: 't1', from, to, was: 'Ventas' },
      conversationId: null,
      changed: outcome === 'applied' ? ['team'] : [],
    });
  });

  it('have members who are here', () => {
    addTeam('t1');
    expect(join('t1', 'bo')).toEqual({ outcome: 'applied', detail: { teamId: 't1', agentId: 'bo', isMember: true }, conversationId: null, changed: ['team_member'] });
    expect(join('t1', 'bo')).toMatchObject({ outcome: 'merged', changed: [] });
    expect(join('t1', 'gil')).toMatchObject({ outcome: 'target_missing', changed: [] });
    expect(join('t1', 'nobody')).toMatchObject({ outcome: 'target_missing', changed: [] });
    expect(join('t9', 'bo')).toMatchObject({ outcome: 'target_missing', changed: [] });
    expect(join('t1', 'bo', false)).toMatchObject({ outcome: 'applied', changed: ['team_member'] });
    expect(join('t1', 'bo', false)).toMatchObject({ outcome: 'merged', changed: [] });
  });

  it('let go of members and conversations when deleted, and stay deleted', () => {
    addTeam('t1');
    join('t1', 'bo');
    team.op('leo', { type: 'conversation.team', args: { conversationId: team.conversationId, from: null, to: 't1' } });
    expect(team.op('leo', { type: 'team.delete', args: { teamId: 't1' } })).toEqual({
      outcome: 'applied',
      detail: { teamId: 't1', name: 'Ventas' },
      conversationId: null,
      changed: ['conversation', 'team', 'team_member'],
    });
    expect(team.tx.get('conversation', [team.conversationId])?.team_id).toBeNull();
    expect(team.op('leo', { type: 'team.delete', args: { teamId: 't1' } })).toMatchObject({ outcome: 'merged', changed: [] });
    expect(addTeam('t1')).toMatchObject({ outcome: 'duplicate', changed: [] });
    expect(join('t1', 'bo')).toMatchObject({ outcome: 'target_missing', changed: [] });
    expect(team.op('leo', { type: 'team.rename', args: { teamId: 't1', from: 'Ventas', to: 'X' } })).toMatchObject({ outcome: 'target_missing', detail: { teamId: 't1', to: 'X' }, changed: [] });
    expect(team.op('leo', { type: 'team.delete', args: { teamId: 't9' } })).toMatchObject({ outcome: 'target_missing', changed: [] });
  });
});

describe('canned replies', () => {
  it('belong to the team or to their author', () => {
    expect(addCanned('leo', 'k1', false)).toEqual({ outcome: 'applied', detail: { cannedId: 'k1', shortcut: 'hola' }, conversationId: null, changed: ['canned_reply'] });
    addCanned('bo', 'k2', true);
    expect(team.tx.get('canned_reply', ['k1'])).toEqual({ id: 'k1', owner_id: null, shortcut: 'hola', body: 'Buenos días', is_deleted: 0 });
    expect(team.tx.get('canned_reply', ['k2'])?.owner_id).toBe('bo');
    expect(addCanned('leo', 'k1', false)).toMatchObject({ outcome: 'duplicate', changed: [] });
  });

  it('change field by field, and the words that lost are kept', () => {
    addCanned('bo', 'k1', true);
    const changes = { shortcut: { from: 'hola', to: 'buenas' }, body: { from: 'Otra', to: 'Buenas tardes' } };
    expect(team.op('bo', { type: 'canned.change', args: { cannedId: 'k1', changes } })).toMatchObject({ outcome: 'partial', detail: { lost: { body: { to: 'Buenas tardes', was: 'Buenos días' } } } });
    expect(team.tx.get('canned_reply', ['k1'])).toMatchObject({ shortcut: 'buenas', body: 'Buenos días' });
  });

  it('are emptied when deleted, and stay deleted', () => {
    addCanned('bo', 'k1', true);
    expect(team.op('bo', { type: 'canned.delete', args: { cannedId: 'k1' } })).toEqual({
      outcome: 'applied',
      detail: { cannedId: 'k1', shortcut: 'hola' },
      conversationId: null,
      changed: ['canned_reply'],
    });
    expect(team.tx.get('canned_reply', ['k1'])).toMatchObject({ body: '', is_deleted: 1 });
    expect(team.op('bo', { type: 'canned.delete', args: { cannedId: 'k1' } })).toMatchObject({ outcome: 'merged', changed: [] });
    const changes = { body: { from: 'Buenos días', to: 'X' } };
    expect(team.op('bo', { type: 'canned.change', args: { cannedId: 'k1', changes } })).toMatchObject({ outcome: 'target_missing', detail: { changes }, changed: [] });
    expect(team.op('bo', { type: 'canned.delete', args: { cannedId: 'k9' } })).toMatchObject({ outcome: 'target_missing', changed: [] });
  });
});

describe('settings', () => {
  it('are guarded, the first time against the default of their author', () => {
    expect(setName('ana', '', 'Taller Sol')).toEqual({ outcome: 'applied', detail: { key: 'name', from: '', to: 'Taller Sol' }, conversationId: null, changed: ['workspace_setting'] });
    expect(setName('ana', '', 'Taller Sol')).toMatchObject({ outcome: 'merged', changed: [] });
    expect(setName('ana', '', 'Taller Luna')).toMatchObject({ outcome: 'superseded', detail: { to: 'Taller Luna', was: 'Taller Sol' }, changed: [] });
    expect(setName('ana', 'Taller Sol', 'Taller Luna')).toMatchObject({ outcome: 'applied' });
    expect(team.tx.get('workspace_setting', ['name'])).toEqual({ key: 'name', value: '"Taller Luna"' });
  });
});

describe('handing over the number', () => {
  const grant = (deviceId: string, sealed: string) => team.op('ana', { type: 'device.grant', args: { deviceId, sealed } });

  it('keeps the newest for each desktop, and takes it from one that is revoked', () => {
    expect(grant('desk-bo', 'first')).toEqual({ outcome: 'applied', detail: { deviceId: 'desk-bo' }, conversationId: null, changed: ['device_grant'] });
    grant('desk-bo', 'second');
    expect(team.tx.get('device_grant', ['desk-bo'])).toEqual({ device_id: 'desk-bo', seq: team.head(), sealed: 'second' });
    team.relay({ type: 'device.revoked', deviceId: 'desk-bo', agentId: 'bo', by: 'ana' });
    expect(team.tx.get('device_grant', ['desk-bo'])).toBeUndefined();
    expect(grant('desk-bo', 'third')).toMatchObject({ outcome: 'target_missing', changed: [] });
    expect(grant('desk-x', 'third')).toMatchObject({ outcome: 'target_missing', changed: [] });
  });

  it('never puts the sealed text into the activity, which lasts for ever', () => {
    grant('desk-bo', 'sealed-text');
    expect(team.db.prepare("SELECT count(*) FROM activity WHERE detail LIKE '%sealed-text%'").pluck().get()).toBe(0);
  });
});
